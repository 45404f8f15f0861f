//! What child and guardian are told, in their own sealed histories.

use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Timestamp;
use crate::id::PersonId;
use crate::inbox::InboxNote;
use crate::person::PersonRow;
use crate::platform::LocalText;
use crate::receipt::InboxEntry;
use crate::service::{Fault, Service};
use crate::verification::request::OpenRequest;

use super::family::ChildHandle;

/// The messages of this folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Note {
    FourteenChild,
    FourteenGuardian,
    EighteenChild,
    EighteenGuardian,
    RevokedChild,
    RevokedGuardian,
    StandingWithdrawn,
}

impl Note {
    /// Topic, title and text in both languages. No name, no date: who reads it knows whose it is.
    fn words(self) -> [&'static str; 5] {
        match self {
            Self::FourteenChild => [
                "guardian_no_longer_needed",
                "你已满14周岁，使用网证不再需要监护人同意",
                "从今天起由你自己决定是否同意核验。监护人之前给平台的长期同意已经失效。监护人也收到了通知。",
                "You are 14: your guardian's consent is no longer needed to use your certificate",
                "From today you decide yourself. Standing consents of your guardians are void. Your guardians were told.",
            ],
            Self::FourteenGuardian => [
                "guardian_no_longer_needed",
                "孩子已满14周岁，使用网证不再需要你同意",
                "从今天起由孩子自己决定是否同意核验。你之前给平台的长期同意已经失效。18周岁之前，换设备、找回时仍由你陪同确认。",
                "Your child is 14: your consent is no longer needed for uses of the certificate",
                "From today the child decides. Your standing consents are void. Until 18 you still confirm a new device or a recovery.",
            ],
            Self::EighteenChild => [
                "guardianship_ended",
                "你已满18周岁，监护关系在本服务中结束",
                "你的网证继续有效，不用重新申领。监护人不再能为你确认任何事。",
                "You are 18: guardianship has ended here",
                "Your certificate goes on as it is. Your guardians can no longer confirm anything for you.",
            ],
            Self::EighteenGuardian => [
                "guardianship_ended",
                "孩子已满18周岁，监护关系在本服务中结束",
                "你不再需要、也不再能为孩子确认任何事。",
                "Your child is 18: guardianship has ended here",
                "You no longer need to confirm anything for the child, and no longer can.",
            ],
            Self::RevokedChild => [
                "guardianship_revoked",
                "一位监护人的监护关系已经不在登记中",
                "这位监护人给平台的长期同意已经失效，今后由其他监护人确认。",
                "The register no longer names one of your guardians",
                "Standing consents of that guardian are void; from now on another guardian confirms.",
            ],
            Self::RevokedGuardian => [
                "guardianship_revoked",
                "登记中不再有你对孩子的监护关系",
                "你给平台的长期同意已经失效，你不能再为这个孩子确认。如有疑问请先向登记机关更正。",
                "The register no longer names you as a guardian of the child",
                "Your standing consents are void and you can no longer confirm for this child. Ask the register if this is wrong.",
            ],
            Self::StandingWithdrawn => [
                "standing_consent_withdrawn",
                "孩子撤回了对一个平台的授权，长期同意随之失效",
                "今后孩子再用该平台，每次都要由监护人同意。可在“我的 · 家庭”查看余下的长期同意。",
                "Your child withdrew from a platform, and the standing consent to it ended",
                "If the child uses it again, a guardian consents each time. See the standing consents that are left under Me, Family.",
            ],
        }
    }
}

impl Service {
    /// A message, sealed to its reader.
    pub(super) fn note_to(&self, person: &PersonRow, note: Note) -> Result<InboxEntry, Fault> {
        let [topic, title_zh, text_zh, title_en, text_en] = note.words();
        let note = InboxNote {
            topic: topic.to_owned(),
            title: LocalText::new(title_zh, title_en),
            text: LocalText::new(text_zh, text_en),
        };
        self.inbox_entry(person, &note, serde_json::json!({}))
    }
}

/// What a guardian decided for a child, for the guardian's own record.
pub(super) struct ChildDecision<'a> {
    /// The child; absent where it holds no 网号 yet.
    pub(super) child: Option<PersonId>,
    /// `王*`.
    pub(super) name: &'a str,
    /// `verification`, `apply`, `recover`, `new_pin`, `notice`.
    pub(super) what: &'static str,
    /// Yes or no.
    pub(super) approved: bool,
    /// Further members, as a receipt names them.
    pub(super) about: serde_json::Value,
}

impl Service {
    /// Puts what a guardian decided into the guardian's own history: nobody else reads it (C1). Event `inbox_note_put`.
    pub(super) async fn note_child_decision(
        &self,
        guardian: &PersonRow,
        decision: ChildDecision<'_>,
    ) -> Result<(), Fault> {
        let handle = decision
            .child
            .map(|child| ChildHandle::of(child, self.keys()));
        let handle = handle.transpose()?.map(|handle| handle.0.to_string());
        let note = serde_json::json!({
            "kind": "child_decision",
            "child": decision.name,
            "handle": handle,
            "what": decision.what,
            "decision": if decision.approved { "approve" } else { "refuse" },
            "about": decision.about,
            "iat": self.now().0,
        });
        let day = self.now().day();
        let (person, key) = (guardian.person, &guardian.history_key);
        let entry = InboxEntry::seal(person, day, &note.to_string(), key, self.random());
        let entry = entry.map_err(|_| Fault::Invariant("a guardian's note does not seal"))?;
        let event = EventDraft::new(AuditEvent::InboxNotePut { person, day }, self.random());
        self.store.put_receipt(entry, event).await?;
        Ok(())
    }
}

/// What a decision about a request is about, in the members of a receipt.
pub(super) fn about_request(open: &OpenRequest) -> serde_json::Value {
    let (platform, scenario) = (&open.platform, open.scenario());
    serde_json::json!({
        "platform": platform.name.text("zh-CN"),
        "host": platform.host,
        "purpose": scenario.purpose.text("zh-CN"),
    })
}

/// The copy of a child's receipt in the guardian's history.
pub(super) fn child_receipt(
    (child, handle): (&str, ChildHandle),
    receipt: Option<&str>,
    now: Timestamp,
) -> String {
    serde_json::json!({
        "kind": "child_receipt",
        "child": child,
        "handle": handle.0.to_string(),
        "receipt": receipt,
        "iat": now.0,
    })
    .to_string()
}

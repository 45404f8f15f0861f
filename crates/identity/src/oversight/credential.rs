//! Suspending, revoking and reinstating a 网证: listed reasons, two persons, notice, appeal (C3).
//!
//! What this cannot do is the point: it touches the credential and nothing else. No platform hears of it, no account at
//! any platform is reached, and no reason on the list is about what somebody said or did online.

use serde::{Deserialize, Serialize};

use super::carry_out::Done;
use super::subject::Subject;
use super::two_persons::NotPossible;
use super::{Act, TwoPersons};
use crate::audit::{AuditEvent, EventDraft};
use crate::inbox::InboxNote;
use crate::platform::LocalText;
use crate::service::{Fault, Service};
use crate::wangzheng::{Suspension, TransitionReason, Transitioned, WangzhengRow, WangzhengState};

/// Why a 网证 is suspended or revoked by staff; there is no other reason (C3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListedReason {
    /// Somebody applied with another person's document.
    Impersonation,
    /// The service made a mistake when it issued.
    IssuedInError,
    /// The device key is in wrong hands, and the person cannot be reached to lock it.
    KeyStolen,
    /// The registry reports the holder's death.
    HolderDied,
}

impl ListedReason {
    /// The list.
    pub const ALL: [Self; 4] = [
        Self::Impersonation,
        Self::IssuedInError,
        Self::KeyStolen,
        Self::HolderDied,
    ];

    /// The name stored and logged.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Impersonation => "impersonation",
            Self::IssuedInError => "issued_in_error",
            Self::KeyStolen => "key_stolen",
            Self::HolderDied => "holder_died",
        }
    }

    /// In words for the person.
    fn words(self) -> LocalText {
        match self {
            Self::Impersonation => LocalText::new(
                "有证据表明申领时冒用了他人的证件",
                "there is evidence that the application used another person's document",
            ),
            Self::IssuedInError => LocalText::new(
                "签发时本服务出现差错",
                "this service made a mistake when it was issued",
            ),
            Self::KeyStolen => LocalText::new(
                "你的设备密钥可能落入他人之手，而我们联系不上你",
                "your device key may be in wrong hands and you could not be reached",
            ),
            Self::HolderDied => LocalText::new(
                "登记机关报告持有人去世",
                "the registry reports the holder's death",
            ),
        }
    }

    /// Why the 网证 is suspended, as its row says it.
    const fn suspension(self) -> Suspension {
        match self {
            Self::Impersonation => Suspension::Impersonation,
            Self::IssuedInError => Suspension::IssuedInError,
            Self::KeyStolen => Suspension::KeyStolen,
            Self::HolderDied => Suspension::HolderDied,
        }
    }

    const fn may_revoke(self) -> bool {
        !matches!(self, Self::KeyStolen)
    }
}

/// The act as the three have it in common.
struct Change<'a> {
    person: &'a Subject,
    by: TransitionReason,
    /// What the event and the person are told.
    reason: &'static str,
    words: LocalText,
}

impl Change<'_> {
    fn of(act: &Act) -> Option<Change<'_>> {
        Some(match act {
            Act::SuspendWangzheng { person, reason, .. } => Change {
                person,
                by: TransitionReason::SuspendedOnReview,
                reason: reason.as_str(),
                words: reason.words(),
            },
            Act::RevokeWangzheng { person, reason, .. } => Change {
                person,
                by: TransitionReason::RevokedOnReview,
                reason: reason.as_str(),
                words: reason.words(),
            },
            Act::ReinstateWangzheng { person, .. } => Change {
                person,
                by: TransitionReason::Reinstated,
                reason: "appeal_upheld",
                words: LocalText::new("你的申诉成立", "your appeal was upheld"),
            },
            _ => return None,
        })
    }

    /// From which state to which; `None`: not possible. What suspends for the document is lifted by a document in force
    /// alone (R15.2), as staff cannot say what the registry does not.
    fn leads_to(&self, row: Option<&WangzhengRow>) -> Option<(WangzhengState, WangzhengState)> {
        let from = row.map_or(WangzhengState::Revoked, |row| row.state);
        let of_document = row
            .and_then(|row| row.suspended_for)
            .is_some_and(Suspension::is_of_document);
        if self.by == TransitionReason::Reinstated && of_document {
            return None;
        }
        Some((from, from.after(self.by)?))
    }

    /// C3: the person is told what, why, and how to appeal.
    fn note(&self, to: WangzhengState) -> InboxNote {
        let (topic, title) = match to {
            WangzhengState::Suspended => (
                "credential_suspended",
                LocalText::new("你的网证已暂停使用", "Your credential is suspended"),
            ),
            WangzhengState::Revoked => (
                "credential_revoked",
                LocalText::new("你的网证已被吊销", "Your credential is revoked"),
            ),
            _ => (
                "credential_reinstated",
                LocalText::new("你的网证已恢复", "Your credential is reinstated"),
            ),
        };
        let appeal = if to == WangzhengState::Locked {
            LocalText::new(
                "它现在处于锁定状态，用口令即可解锁。",
                "It is locked now; unlock it with your 口令.",
            )
        } else {
            LocalText::new(
                "由两名工作人员共同决定。没有通知任何平台，你在各平台的账号不受影响。不服的，可在“我的 · 投诉”提出申诉，或拨打帮助电话。",
                "Two members of staff decided this together. No platform was told, and your accounts are not affected. To appeal, use “Me · Complaints” or call the help line.",
            )
        };
        InboxNote {
            topic: topic.to_owned(),
            title,
            text: LocalText::new(
                &format!("原因：{}。{}", self.words.chinese, appeal.chinese),
                &format!("Reason: {}. {}", self.words.english, appeal.english),
            ),
        }
    }
}

impl Service {
    pub(super) async fn check_credential(
        &self,
        act: &Act,
    ) -> Result<Result<(), NotPossible>, Fault> {
        let wrong = |text| {
            let rule = "C3";
            Ok(Err(NotPossible { rule, text }))
        };
        let order = match act {
            Act::RevokeWangzheng { reason, .. } if !reason.may_revoke() => {
                return wrong("this reason suspends and does not revoke");
            }
            Act::SuspendWangzheng { order, .. }
            | Act::RevokeWangzheng { order, .. }
            | Act::ReinstateWangzheng { order, .. } => order,
            _ => return Err(Fault::Invariant("not an act about a credential")),
        };
        if order.trim().is_empty() || order.chars().count() > 200 {
            return wrong("the number of the case or report is needed");
        }
        let change = Change::of(act).ok_or(Fault::Invariant("not an act about a credential"))?;
        let Some(person) = self.person_of_subject(change.person).await? else {
            return wrong("there is no such person");
        };
        let row = self.store.credential_of(person.person).await?;
        if change.leads_to(row.as_ref()).is_none() {
            return wrong("not possible from the state the credential is in");
        }
        Ok(Ok(()))
    }

    /// Changes the state two persons agreed on and tells the person, in one unit. No signal to any platform (C3).
    /// Event `wangzheng_changed`.
    pub(super) async fn change_credential(&self, two: TwoPersons) -> Result<Done, Fault> {
        let change =
            Change::of(two.act()).ok_or(Fault::Invariant("not an act about a credential"))?;
        let Some(person) = self.person_of_subject(change.person).await? else {
            return Ok(Done("not_found"));
        };
        let row = self.store.credential_of(person.person).await?;
        let Some((from, to)) = change.leads_to(row.as_ref()) else {
            return Ok(Done("not_in_state"));
        };
        let event = AuditEvent::WangzhengChanged {
            person: person.person,
            day: self.now().day(),
            to: to.as_str().to_owned(),
            reason: change.reason.to_owned(),
        };
        let event = EventDraft::new(event, self.random());
        let note = self.inbox_entry(&person, &change.note(to), serde_json::json!({}))?;
        let person = person.person;
        // C3: one way into a suspension, whoever finds the reason.
        let changed = if let Act::SuspendWangzheng { reason, .. } = two.act() {
            let why = reason.suspension();
            self.store
                .suspend_wangzheng(person, why, note, event)
                .await?
        } else {
            let change = (from, to);
            self.store
                .change_wangzheng_and_tell(person, change, note, event)
                .await?
        };
        Ok(match changed {
            Transitioned::Changed => Done("done"),
            Transitioned::NotInState(_) => Done("not_in_state"),
        })
    }
}

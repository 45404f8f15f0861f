//! 撤回 and 要求删除: as easy as giving, for the future, and the platform is told until it confirms (R8.3, R9.2).

use serde::Deserialize;
use serde_json::json;

use crypto::digest::Digest;

use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Timestamp;
use crate::guardianship::consents::{Change, ConsentsOf, ForChildError};
use crate::id::{ClientId, PlatformId};
use crate::person::PersonRow;
use crate::platform::Platform;
use crate::receipt::InboxEntry;
use crate::service::{Fault, Service};
use crate::signal::tracked::{TrackedState, Tracking};
use crate::signal::{Recipients, SignalKind, Told};
use crate::statement::ProvenDevice;

use super::platform::{Matter, PlatformConsent, platform_tag};
use super::{ConsentKind, ConsentRow, Withdrawal};

/// Most trackings of one question.
const MOST_TRACKED: usize = 200;

/// What a device says about consents (`typ: wz-act+jwt`).
#[derive(Debug, Clone, Deserialize)]
pub struct ConsentAct {
    /// Name of the act; the endpoint checks that it is its own.
    pub act: String,
    /// The platform, by one of its apps as the receipt names it, or by its id.
    #[serde(default)]
    pub platform: Option<String>,
    /// Handle of the child whose consent it is, where a guardian acts.
    #[serde(default)]
    pub child: Option<String>,
    /// What to look after.
    #[serde(default)]
    pub tracking: Vec<String>,
    /// The sealed request whose approval is taken back.
    #[serde(default)]
    pub transaction: Option<String>,
    /// The approval that is taken back, as the device signed it.
    #[serde(default)]
    pub approval: Option<String>,
}

/// What was set going at a platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetGoing {
    /// How the device finds it again.
    pub tracking: Tracking,
    /// When the platform's confirmation is due.
    pub due_at: Timestamp,
    /// Standing consents of guardians that ended with it (R5.2).
    pub standing_ended: u32,
}

impl Service {
    /// The platforms behind apps as receipts name them; what nobody knows is left out.
    pub(crate) fn platforms_of(&self, clients: &[String]) -> Vec<PlatformId> {
        clients
            .iter()
            .filter_map(|client| self.platform_named(client))
            .map(|platform| platform.id.clone())
            .collect()
    }

    /// A platform by one of its apps or by its id.
    pub(crate) fn platform_named(&self, name: &str) -> Option<std::sync::Arc<Platform>> {
        let by_client = ClientId::parse(name).and_then(|id| self.client(&id));
        by_client
            .map(|registered| registered.platform)
            .or_else(|| self.platform(&PlatformId::parse(name)?))
    }

    /// Withdraws from a platform; for a child under 14 a guardian does (R9.2). `None`: there is no such platform.
    pub async fn withdraw_from_platform(
        &self,
        proven: &ProvenDevice<ConsentAct>,
    ) -> Result<Option<SetGoing>, ForChildError> {
        let of = self.meant(proven).await?;
        let named = proven.statement().platform.as_deref();
        let Some(platform) = named.and_then(|name| self.platform_named(name)) else {
            return Ok(None);
        };
        Ok(Some(self.withdraw(of.person(), &platform).await?))
    }

    /// Whose consents a device means.
    async fn meant(&self, proven: &ProvenDevice<ConsentAct>) -> Result<ConsentsOf, ForChildError> {
        let child = proven.statement().child.as_deref();
        self.consents_of(proven.view(), child, Change::TakeBack)
            .await
    }

    /// First the platform is told. Then what was consented to ends, and the person has a note by which to follow it; a
    /// guardian's standing consents to it end as well.
    pub(super) async fn withdraw(
        &self,
        person: &PersonRow,
        platform: &Platform,
    ) -> Result<SetGoing, Fault> {
        let mut going = self
            .set_going(person, platform, SignalKind::ConsentWithdrawn)
            .await?;
        let (now, keys) = (self.now(), self.keys());
        let tag = |matter| platform_tag(person.person, &platform.id, matter, keys);
        let tags = platform
            .scenarios
            .iter()
            .map(|scenario| tag(Matter::Scenario(&scenario.id)))
            .collect::<Result<Vec<_>, _>>()?;
        let mark = ConsentRow {
            person: person.person,
            tag: tag(Matter::Whole)?,
            kind: ConsentKind::General,
            // A mark of the whole platform is to no notice.
            notice: Digest([0; 32]),
            given_on: now.day(),
            withdrawn_on: Some(now.day()),
            sealed: PlatformConsent::of(platform, now).seal(person, self)?,
        };
        let entry = self.note(person, platform, "withdrawal", &going)?;
        let withdrawal = Withdrawal { tags, mark, entry };
        let event = self.consent_event(person.person);
        self.store.withdraw_from_platform(withdrawal, event).await?;
        going.standing_ended = self.end_standing_at(person, &platform.id).await?;
        Ok(going)
    }

    /// Asks a platform to delete what it holds (PIPL 47). `None`: there is no such platform.
    pub async fn request_deletion(
        &self,
        proven: &ProvenDevice<ConsentAct>,
    ) -> Result<Option<SetGoing>, ForChildError> {
        let of = self.meant(proven).await?;
        let named = proven.statement().platform.as_deref();
        let Some(platform) = named.and_then(|name| self.platform_named(name)) else {
            return Ok(None);
        };
        let person = of.person();
        let going = self
            .set_going(person, &platform, SignalKind::DeletionRequested)
            .await?;
        let entry = self.note(person, &platform, "deletion_request", &going)?;
        let event = AuditEvent::InboxNotePut {
            person: person.person,
            day: self.now().day(),
        };
        let event = EventDraft::new(event, self.random());
        let put = self.store.put_receipt(entry, event).await;
        put.map_err(Fault::from)?;
        Ok(Some(going))
    }

    /// Where things stand that the device set going, in the order asked for.
    pub async fn look_after(
        &self,
        proven: &ProvenDevice<ConsentAct>,
    ) -> Result<Vec<(String, TrackedState)>, Fault> {
        let mut states = Vec::new();
        for text in proven.statement().tracking.iter().take(MOST_TRACKED) {
            let state = match Tracking::parse(text) {
                Some(tracking) => self.tracked(&tracking).await?,
                None => TrackedState::Unknown,
            };
            states.push((text.clone(), state));
        }
        Ok(states)
    }

    async fn set_going(
        &self,
        person: &PersonRow,
        platform: &Platform,
        kind: SignalKind,
    ) -> Result<SetGoing, Fault> {
        let recipients = Recipients::Named(vec![platform.id.clone()]);
        let told = self.tell(person, kind, recipients).await?;
        match told.as_slice() {
            [
                Told {
                    platform,
                    signal,
                    due_at: Some(due_at),
                },
            ] => Ok(SetGoing {
                tracking: Tracking {
                    platform: platform.clone(),
                    signal: *signal,
                },
                due_at: *due_at,
                standing_ended: 0,
            }),
            _ => Err(Fault::Invariant("a tracked signal is always queued")),
        }
    }

    /// The person's own note: only it ties the person to what the platform was told (C1).
    fn note(
        &self,
        person: &PersonRow,
        platform: &Platform,
        kind: &str,
        going: &SetGoing,
    ) -> Result<InboxEntry, Fault> {
        let note = json!({
            "kind": kind,
            "platform": platform.name.text("zh-CN"),
            "host": platform.host,
            "client": platform.clients.first().map(|client| &client.id),
            "tracking": going.tracking.to_string(),
            "due": going.due_at,
            "iat": self.now(),
        });
        let day = self.now().day();
        InboxEntry::seal(
            person.person,
            day,
            &note.to_string(),
            &person.history_key,
            self.random(),
        )
        .map_err(|_| Fault::Invariant("a note does not seal"))
    }
}

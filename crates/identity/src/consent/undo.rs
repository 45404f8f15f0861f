//! 撤回这次同意: for ten minutes after an approval, from its result page (R9.2, GB/T 37668 on binding submissions).

use jose::jws::Unverified;
use serde::Deserialize;

use crate::audit::{AuditEvent, EventDraft};
use crate::device::DeviceHandle;
use crate::id::OpaqueId;
use crate::service::{Fault, Service};
use crate::statement::ProvenDevice;
use crate::verification::approve::decision_identity;

use super::withdraw::{ConsentAct, SetGoing};

/// What became of taking an approval back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undone {
    /// Nothing is given for it any more, and the platform is told.
    Undone(SetGoing),
    /// Its ten minutes are over; a withdrawal is still possible.
    TooLate,
    /// It is no approval of this person.
    Unknown,
}

/// What counts of an approval here.
#[derive(Deserialize)]
struct Approved {
    iat: i64,
}

impl Service {
    /// Takes an approval back: a code that was not exchanged gives nothing any more, a token that was given is good no
    /// more, and the platform hears that the consent is withdrawn.
    pub async fn undo_approval(&self, proven: &ProvenDevice<ConsentAct>) -> Result<Undone, Fault> {
        let act = proven.statement();
        let (Some(transaction), Some(approval)) = (&act.transaction, &act.approval) else {
            return Ok(Undone::Unknown);
        };
        // 1. Which request, and was this its approval by this person? The identity binds both; what nobody decided
        //    so is revoked in vain, and only in the person's own bucket.
        let Ok(open) = self.open_past_request(transaction) else {
            return Ok(Undone::Unknown);
        };
        let person = &proven.view().person;
        let Some(decided_at) = self.approved_at(approval, person.person)? else {
            return Ok(Undone::Unknown);
        };
        // 2. In time?
        if self.now().0 > decided_at + self.policy.undo_life {
            return Ok(Undone::TooLate);
        }
        // 3. Nothing is given any more.
        let identity = decision_identity(&open.digest, approval);
        let until = open
            .request
            .expires_at
            .max(self.now())
            .plus(self.policy.code_life + self.policy.access_token_life);
        let event = AuditEvent::GrantRevoked {
            person: person.person,
            day: self.now().day(),
        };
        let event = EventDraft::new(event, self.random());
        self.store
            .revoke_grant(person.person, &identity, until, event)
            .await?;
        // 4. The platform is told.
        let going = self.withdraw(person, &open.platform).await?;
        Ok(Undone::Undone(going))
    }

    /// When a device of this person signed an approval, as far as its text says.
    fn approved_at(
        &self,
        approval: &str,
        person: crate::id::PersonId,
    ) -> Result<Option<i64>, Fault> {
        let Ok(unverified) = Unverified::parse(approval) else {
            return Ok(None);
        };
        let handle = unverified.header().kid.as_deref().and_then(OpaqueId::parse);
        let Some(handle) = handle else {
            return Ok(None);
        };
        let (owner, _) = DeviceHandle(handle).open(self.keys())?;
        let claims = unverified.unverified_claims::<Approved>();
        Ok(claims
            .ok()
            .filter(|_| owner == person)
            .map(|approved| approved.iat))
    }
}

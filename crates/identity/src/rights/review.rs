//! New identifiers for one person, decided by two members of staff after a reviewed recovery (R2.3).
//!
//! The person gives the reviewer a *review number*, made by the person's own device: staff never search for people. It
//! leads to the person for those who carry the act out, and to nobody for who reads it.

use crate::audit::{AuditEvent, EventDraft};
use crate::id::{OpaqueId, PersonId};
use crate::oversight::two_persons::NotPossible;
use crate::oversight::{Act, Done, TwoPersons};
use crate::person::{HolderView, PersonRow};
use crate::service::{Fault, Service};
use crate::signal::{Recipients, SignalKind};

use super::note;
use crypto::keystore::SecretName;

const DIVERSIFIER: &[u8] = b"review";

/// A person under review.
struct Reviewed {
    row: PersonRow,
    /// The generation when the number was made.
    generation: u32,
}

impl Service {
    /// A number the person gives to a reviewer: person and generation, sealed. After the identifiers were
    /// renewed it is good for nothing more.
    pub fn review_number(&self, view: &HolderView) -> Result<String, Fault> {
        let mut block = [0; 16];
        block[..12].copy_from_slice(view.person.person.as_bytes());
        block[12..].copy_from_slice(&view.person.generation.to_be_bytes());
        let sealed = self
            .keys()
            .encrypt_block(SecretName::Handle, DIVERSIFIER, block)?;
        Ok(OpaqueId(sealed).to_string())
    }

    async fn reviewed(&self, number: &str) -> Result<Option<Reviewed>, Fault> {
        let Some(number) = OpaqueId::parse(number) else {
            return Ok(None);
        };
        let block = self
            .keys()
            .decrypt_block(SecretName::Handle, DIVERSIFIER, number.0)?;
        let (mut person, mut generation) = ([0; 12], [0; 4]);
        person.copy_from_slice(&block[..12]);
        generation.copy_from_slice(&block[12..]);
        let person = PersonId::from_bytes(person);
        let row = self.store.person(person).await?;
        Ok(row.map(|row| Reviewed {
            row,
            generation: u32::from_be_bytes(generation),
        }))
    }

    /// Whether new identifiers make sense as things stand.
    pub(crate) async fn check_recovery_review(
        &self,
        act: &Act,
    ) -> Result<Result<(), NotPossible>, Fault> {
        let no = |text| Ok(Err(NotPossible { rule: "R2.3", text }));
        let Act::RaiseGeneration { review, .. } = act else {
            return no("not an act about a person's identifiers");
        };
        let Some(reviewed) = self.reviewed(review).await? else {
            return no("there is no such review number");
        };
        if reviewed.generation != reviewed.row.generation {
            return no("the identifiers were renewed since this number was made");
        }
        Ok(Ok(()))
    }

    /// Carries it out; the second time nothing changes.
    pub(crate) async fn raise_reviewed(&self, two: TwoPersons) -> Result<Done, Fault> {
        let Act::RaiseGeneration { review, .. } = two.act() else {
            return Err(Fault::Invariant("not an act about a person's identifiers"));
        };
        match self.reviewed(review).await? {
            Some(reviewed) => self.raise_generation(&reviewed).await,
            None => Ok(Done("gone")),
        }
    }

    /// From now on the person is somebody else to every platform (R2.3); those that receive changes are
    /// told which identifier took the place of which.
    async fn raise_generation(&self, reviewed: &Reviewed) -> Result<Done, Fault> {
        let (person, day) = (reviewed.row.person, self.now().day());
        let from = reviewed.generation;
        let event = EventDraft::new(AuditEvent::GenerationRaised { person, day }, self.random());
        let notice = self.note_entry(&reviewed.row, &note::generation_raised())?;
        self.store
            .raise_generation(person, from, notice, event)
            .await?;
        let row = self.store.person(person).await?;
        let Some(row) = row.filter(|row| row.generation == from.saturating_add(1)) else {
            return Ok(Done("overtaken"));
        };
        // The person's devices may be in other hands: whom to tell is computed, not asked. Told twice is
        // told; a stop in between must not leave a platform without it.
        self.tell_platforms(&row, SignalKind::IdentifierChanged, Recipients::AllStreams)
            .await?;
        Ok(Done("done"))
    }
}

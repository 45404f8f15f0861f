//! Ready-made persons for a measurement: sandbox only, stored in bulk, never through an application.

use crypto::PublicKey;
use crypto::digest::Digest;
use crypto::keystore::SecretName;

use crate::age::AgeGroup;
use crate::audit::{AuditEvent, EventDraft};
use crate::consent::Consent;
use crate::device::{DeviceCurve, DeviceHandle};
use crate::id::{Bucket, PersonId};
use crate::notice::application_notices;
use crate::pin::Pin;
use crate::proofing::ProofingLevel;
use crate::registry::population::SandboxPerson;
use crate::registry::simulator::SandboxOnly;
use crate::service::{Fault, Service};
use crate::wanghao::Wanghao;

use super::NewPerson;
use super::apply::CheckedDocument;
use super::issue::{BoundKeys, Rows, record_of};

/// A person ready for the store.
pub struct Seeded {
    /// Where the rows go.
    pub bucket: Bucket,
    /// The rows.
    pub new: NewPerson,
    /// The event.
    pub event: EventDraft,
    /// Handle of the device.
    pub device: DeviceHandle,
}

impl Service {
    /// Makes the rows an application of `person` would have made. The witness keeps it out of
    /// production.
    pub fn seed_person(
        &self,
        _sandbox: &SandboxOnly,
        person: &SandboxPerson,
        device_key: &PublicKey,
        shared_key: &[u8],
    ) -> Result<Seeded, Fault> {
        let checked = checked(person);
        let holder_digest = self
            .keys()
            .mac(SecretName::Index, &[b"holder", checked.holder().as_bytes()])?;
        let bucket = Bucket::of(&holder_digest);
        let id = PersonId::generate(bucket, self.random());
        let wanghao = Wanghao::generate(self.random());
        let record = record_of(&checked, &wanghao);
        let keys = BoundKeys {
            signing_key: device_key,
            curve: DeviceCurve::P256,
            agreement_key: shared_key,
            history_key: shared_key,
            history_wrap: &[],
            recovery: None,
            device_name: "bench",
        };
        let pin = Pin::choose(&person.pin).map_err(|_| Fault::Invariant("sandbox PIN"))?;
        let rows = Rows {
            person: id,
            holder_digest,
            record: &record,
            pin,
        };
        let new = self.rows(&checked, &keys, rows)?;
        let notices: Vec<Digest> = checked.consents.iter().map(|c| c.notice).collect();
        let event = AuditEvent::PersonApplied {
            person: id,
            day: self.now().day(),
            notices,
        };
        let device = DeviceHandle::of(id, new.device.device, self.keys())?;
        Ok(Seeded {
            bucket,
            new,
            event: EventDraft::new(event, self.random()),
            device,
        })
    }
}

fn checked(person: &SandboxPerson) -> CheckedDocument {
    let document = &person.document;
    CheckedDocument {
        consents: application_notices()
            .iter()
            .map(|n| Consent {
                kind: n.consent,
                notice: n.digest_of(&n.chinese),
            })
            .collect(),
        group: AgeGroup::Adult,
        kind: document.kind(),
        canonical: document.number().canonical().to_owned(),
        holder_reference: Some(
            String::from_utf8_lossy(person.holder_reference.as_bytes()).into_owned(),
        ),
        name: document.holder().as_str().to_owned(),
        birth_date: document.birth_date(),
        valid_until: document.valid_until(),
        nationality: person.nationality.to_owned(),
        sex: Some(person.sex),
        level: ProofingLevel::Document,
    }
}

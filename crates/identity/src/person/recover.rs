//! P-recovery: forgotten 口令, lost device, evicted browser storage, another device. No path is
//! weaker than application: each asks the document again, or a device that is already the person's.

use crypto::digest::{Digest, sha256};
use crypto::keystore::SecretName;
use serde::Deserialize;
use subtle::ConstantTimeEq;

use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Timestamp;
use crate::device::{DeviceAdded, DeviceHandle, DeviceRow};
use crate::guardianship::usage::device_key;
use crate::id::{Bucket, PersonId};
use crate::pin::{ATTEMPTS, Pin, PinRow};
use crate::receipt::InboxEntry;
use crate::registry::HolderReference;
use crate::service::{Fault, Service};
use crate::statement::ProvenDevice;

use super::apply::{ApplyError, ApplyRefused, CheckedDocument, DocumentFields};
use super::issue::{
    BoundKeys, LONGEST_WRAP, NewDevice, data_key_place, pin_place, record_of, record_place,
};
use super::record::DataKey;
use super::{PersonRecord, PersonRow};
use crate::wanghao::Wanghao;

/// Type of a statement by which a known device acts: `wz-act+jwt`.
pub const ACT_TYPE: &str = "wz-act+jwt";

/// What a known device says it does.
#[derive(Clone, Deserialize)]
pub struct Act {
    /// Name of the act; the endpoint checks that it is its own.
    pub act: String,
    /// Handle of the device the act is about, if any.
    #[serde(default)]
    pub device: Option<String>,
    /// base64url of a wrap, for acts that bring one.
    #[serde(default)]
    pub history_wrap: Option<String>,
    /// base64url of a new public history key, 65 bytes, for a history that begins anew.
    #[serde(default)]
    pub history_key: Option<String>,
    /// The 口令, for acts that ask it.
    #[serde(default)]
    pub pin: Option<String>,
    /// Apps to be told of a lock, an unlock or a leave, as the device names them from its own receipts (C1).
    #[serde(default)]
    pub clients: Vec<String>,
    /// The code of a link between two devices.
    #[serde(default)]
    pub link_code: Option<String>,
    /// The notice version the act is about, by its digest: what the person has read.
    #[serde(default)]
    pub notice: Option<Digest>,
    /// Handle of the child the act is about, where a guardian acts.
    #[serde(default)]
    pub child: Option<String>,
    /// Digest of the request a child asks a guardian about.
    #[serde(default)]
    pub transaction: Option<String>,
    /// Which standing consent the act is about.
    #[serde(default)]
    pub standing: Option<String>,
    /// The code another browser shows to a guardian.
    #[serde(default)]
    pub guardian_code: Option<String>,
    /// The code somebody without a reader shows (C8).
    #[serde(default)]
    pub reading_code: Option<String>,
    /// What the person says is right, for a correction (PIPL 46).
    #[serde(default)]
    pub document: Option<DocumentFields>,
    /// Whether the person knows that this device is the last one.
    #[serde(default)]
    pub last_device: bool,
}

/// A device that came by recovery.
pub struct Recovered {
    /// Its handle.
    pub device: DeviceHandle,
    /// The credential bound to it.
    pub credential: String,
    /// The 网号, masked.
    pub wanghao_masked: String,
    /// The history key under the recovery code, when the code was proven.
    pub recovery_wrap: Option<Vec<u8>>,
    /// From when the device works: at once with the code, after the delay without.
    pub active_from: Timestamp,
    /// Public history key, 65 bytes SEC1: some browsers import the private part with it only.
    pub history_key: Vec<u8>,
}

impl Service {
    /// The document again, and a new device (lost device, evicted storage). With the recovery code
    /// at once; without it after the delay, and every other device is told.
    pub async fn recover(
        &self,
        checked: CheckedDocument,
        new: NewDevice<'_>,
        code_proof: Option<&[u8]>,
        guardian: Option<&str>,
    ) -> Result<Recovered, ApplyError> {
        // 1. The new keys, and whose document it is. No path is weaker than application: a minor's guardian has the
        //    same part in it (R4.2, R4.3).
        let proven = self.check_new_device(&new)?;
        let person = self.holder_of(&checked.holder()).await?;
        let guardian = self.guardian_part(&checked, proven.key(), guardian).await?;
        let data_key = self.data_key(&person)?;
        // 2. The recovery code, if shown: compared by digest, in constant time.
        let recovery_wrap = match (code_proof, &person.recovery) {
            (None, _) => None,
            (Some(proof), Some(recovery)) => {
                let shown = sha256(&[proof]);
                if !bool::from(shown.0.ct_eq(&recovery.proof.0)) {
                    return Err(ApplyRefused::RecoveryCodeWrong.into());
                }
                Some(recovery.wrap.clone())
            }
            (Some(_), None) => return Err(ApplyRefused::RecoveryCodeWrong.into()),
        };
        // 3. The device, waiting unless the code vouched for it; the person is told in the same unit.
        let mut row = self.device_row(
            person.person,
            &BoundKeys::of_device(&new, &proven),
            &data_key,
        )?;
        if recovery_wrap.is_none() {
            row.active_from = self.now().plus(self.policy.recovery_delay);
        }
        let active_from = row.active_from;
        let device =
            DeviceHandle::of(person.person, row.device, self.keys()).map_err(Fault::from)?;
        self.add_device_and_tell(&person, row, "recovered").await?;
        self.record_guardian_part(guardian.as_ref(), &person)
            .await?;
        // 4. The credential for it.
        let record = open_record(&person, &data_key)?;
        let wanghao = Wanghao::parse(&record.wanghao).ok_or(Fault::Invariant("wanghao"))?;
        let (valid_until, _) = self.validity(checked.valid_until, self.now().day());
        let credential = self.issue_credential(
            &record_of(&checked, &wanghao),
            &checked.registry_record()?,
            valid_until,
            (proven.key(), proven.curve()),
        )?;
        let wanghao_masked = wanghao.masked();
        Ok(Recovered {
            device,
            credential,
            wanghao_masked,
            recovery_wrap,
            active_from,
            history_key: person.history_key,
        })
    }

    /// Forgotten 口令: a device of the person and the document check again.
    pub async fn replace_pin(
        &self,
        proven: &ProvenDevice<Act>,
        checked: &CheckedDocument,
        chosen: &str,
        guardian: Option<&str>,
    ) -> Result<(), ApplyError> {
        let pin = Pin::choose(chosen).map_err(ApplyRefused::from)?;
        let person = &proven.view().person;
        // The document must be this person's own, not just anybody's.
        if self.holder_of(&checked.holder()).await?.person != person.person {
            return Err(ApplyRefused::Mismatch.into());
        }
        let key = device_key(&proven.view().device)?;
        let guardian = self.guardian_part(checked, &key, guardian).await?;
        let data_key = self.data_key(person)?;
        let digest = pin
            .digest(person.person, self.keys())
            .map_err(Fault::from)?;
        let row = PinRow {
            person: person.person,
            sealed_digest: data_key
                .seal(&pin_place(&person.person), &digest.0, self.random())
                .map_err(|_| Fault::Invariant("seal"))?,
            attempts_left: ATTEMPTS,
            locked_until: None,
            locks: 0,
        };
        let day = self.now().day();
        let event = AuditEvent::PinReplaced {
            person: person.person,
            day,
        };
        let event = EventDraft::new(event, self.random());
        let notice = self.notice_to(person, "pin-replaced")?;
        self.store
            .replace_pin(row, notice, event)
            .await
            .map_err(Fault::from)?;
        self.record_guardian_part(guardian.as_ref(), person).await?;
        Ok(())
    }

    /// Adds a device with its notice to the person (P-recovery: all other devices are told).
    pub(crate) async fn add_device_and_tell(
        &self,
        person: &PersonRow,
        row: DeviceRow,
        change: &str,
    ) -> Result<(), ApplyError> {
        let event = AuditEvent::DeviceChanged {
            person: person.person,
            device: row.device,
            day: self.now().day(),
            change: change.to_owned(),
        };
        let event = EventDraft::new(event, self.random());
        let notice = self.notice_to(person, &format!("device-{change}"))?;
        let added = self
            .store
            .add_device(row, self.policy.most_devices, notice, event)
            .await
            .map_err(Fault::from)?;
        match added {
            DeviceAdded::Added => Ok(()),
            DeviceAdded::TooMany => Err(ApplyRefused::TooManyDevices.into()),
        }
    }

    /// A notice into the person's sealed history.
    pub(crate) fn notice_to(&self, person: &PersonRow, what: &str) -> Result<InboxEntry, Fault> {
        let text = serde_json::json!({ "kind": what, "iat": self.now().0 }).to_string();
        let day = self.now().day();
        InboxEntry::seal(
            person.person,
            day,
            &text,
            &person.history_key,
            self.random(),
        )
        .map_err(|_| Fault::Invariant("a history key does not seal"))
    }

    /// Whether the human of a document holds a 网号 already (R2.3).
    pub async fn already_holds(&self, checked: &CheckedDocument) -> Result<bool, Fault> {
        match self.holder_of(&checked.holder()).await {
            Ok(_) => Ok(true),
            Err(ApplyError::Refused(_)) => Ok(false),
            Err(ApplyError::Fault(fault)) => Err(fault),
        }
    }

    pub(crate) async fn holder_of(
        &self,
        holder: &HolderReference,
    ) -> Result<PersonRow, ApplyError> {
        let digest = self.holder_digest(holder)?;
        let person = self
            .store
            .holder(Bucket::of(&digest), &digest)
            .await
            .map_err(Fault::from)?;
        let person = person.ok_or(ApplyRefused::HoldsNone)?;
        let row = self.store.person(person).await.map_err(Fault::from)?;
        row.ok_or(ApplyRefused::HoldsNone.into())
    }

    /// The keyed digest of a human: one human, one row (R2.3).
    pub(crate) fn holder_digest(&self, holder: &HolderReference) -> Result<Digest, Fault> {
        let parts: [&[u8]; 2] = [b"holder", holder.as_bytes()];
        Ok(self.keys().mac(SecretName::Index, &parts)?)
    }

    /// The data key of a person, for one operation.
    pub(crate) fn data_key(&self, person: &PersonRow) -> Result<DataKey, Fault> {
        let place = data_key_place(person.person);
        Ok(DataKey::from_bytes(
            self.keys().unwrap(&place, &person.wrapped_data_key)?,
        ))
    }

    /// The stored digest of a 口令.
    pub(crate) fn open_pin(&self, person: &PersonRow, row: &PinRow) -> Result<Digest, Fault> {
        let plain = self
            .data_key(person)?
            .open(&pin_place(&person.person), &row.sealed_digest)
            .map_err(|_| Fault::Invariant("a sealed PIN does not open"))?;
        let bytes: [u8; 32] = plain
            .as_slice()
            .try_into()
            .map_err(|_| Fault::Invariant("a sealed PIN"))?;
        Ok(Digest(bytes))
    }
}

/// The sealed record of a person, for one operation.
pub(crate) fn open_record(person: &PersonRow, data_key: &DataKey) -> Result<PersonRecord, Fault> {
    let plain = data_key
        .open(&record_place(&person.person), &person.sealed_record)
        .map_err(|_| Fault::Invariant("a sealed record does not open"))?;
    serde_json::from_slice(&plain).map_err(|_| Fault::Invariant("a sealed record"))
}

/// Whether a wrap a device brings may be stored.
pub(crate) fn wrap_fits(wrap: &[u8]) -> bool {
    (1..=LONGEST_WRAP).contains(&wrap.len())
}

/// The person a statement's device belongs to.
pub(crate) fn person_of<T>(proven: &ProvenDevice<T>) -> PersonId {
    proven.view().person.person
}

//! Erases: by the person's wish at once or after the cooling-off, and the inactive when their notice is over (R9.5).

use jose::jwk::Jwk;

use crypto::PublicKey;
use crypto::digest::Digest;
use crypto::keystore::{KeyStore, SecretName};

use crate::audit::{AuditEvent, EventDraft, Removed, RemovedBy, Sequences};
use crate::clock::{Day, Timestamp};
use crate::device::DeviceRow;
use crate::id::{Bucket, PersonId};
use crate::person::PersonRow;
use crate::person::recover::open_record;
use crate::service::{Fault, Service};
use crate::signal::{Recipients, SignalKind};
use crate::wanghao::Wanghao;

use super::{Erased, Erasure, LeaveReason, LeaveRow};

/// How many of a bucket are erased in one go.
const AT_ONCE: u32 = 64;

impl Service {
    /// Erases a person whose time has come; the day of it, or `None` when it has not come. A crash anywhere leaves
    /// either the person on the way out, to be erased by [`Service::erase_due`], or nobody.
    pub(crate) async fn erase(
        &self,
        person: &PersonRow,
        told: Recipients,
    ) -> Result<Option<Day>, Fault> {
        // 1. What is needed afterwards, while it can still be read.
        let now = self.now();
        let data_key = self.data_key(person)?;
        let wanghao = Wanghao::parse(&open_record(person, &data_key)?.wanghao)
            .ok_or(Fault::Invariant("wanghao"))?
            .digest(self.keys())?;
        let mut devices = vec![erased_person(self.keys(), person.person)?];
        for device in self.store.devices(person.person).await? {
            devices.push(erased_device(self.keys(), &device)?);
        }
        // 2. Platforms hear of it first: a crash after this tells them twice, never not at all.
        self.tell_platforms(person, SignalKind::AccountErased, told)
            .await?;
        // 3. All of the person, in one transaction.
        let erasure = Erasure {
            person: person.person,
            now,
            holder: person.holder,
            devices,
        };
        let event = self.removal(Removed::Events, RemovedBy::Erasure);
        if self.store.erase_person(erasure, event).await? == Erased::NotDue {
            return Ok(None);
        }
        // 4. The number is dead for ever (R2.1). Should the process end before this, it is never given again either.
        let event = AuditEvent::WanghaoEnded { day: now.day() };
        let event = EventDraft::new(event, self.random());
        self.store.end_wanghao(&wanghao, event).await?;
        Ok(Some(now.day()))
    }

    /// Erases everybody whose time has come; how many. The device is not here to name platforms, and nothing was
    /// written down: all that listen are told (C1).
    pub async fn erase_due(&self, now: Timestamp) -> Result<u32, Fault> {
        let mut erased = 0;
        for bucket in (0..Bucket::COUNT).filter_map(Bucket::new) {
            for row in self.store.leaves_due(bucket, now, AT_ONCE).await? {
                erased += u32::from(self.erase_one(&row).await?);
            }
            // Beside the traffic: others get their turn.
            if bucket.number() % 64 == 63 {
                super::breathe().await;
            }
        }
        Ok(erased)
    }

    async fn erase_one(&self, row: &LeaveRow) -> Result<bool, Fault> {
        let Some(person) = self.store.person(row.person).await? else {
            return Ok(false);
        };
        if row.reason == LeaveReason::Inactive && !self.is_inactive(&person).await? {
            self.stay(row).await?;
            return Ok(false);
        }
        Ok(self.erase(&person, Recipients::AllStreams).await?.is_some())
    }

    pub(super) fn removal(&self, what: Removed, why: RemovedBy) -> EventDraft {
        let event = AuditEvent::RowsRemoved {
            day: self.now().day(),
            what,
            why,
            sequences: Sequences::default(),
        };
        EventDraft::new(event, self.random())
    }
}

/// By what a device finds the receipt of its person's erasure again: a keyed digest of its key.
pub(super) fn erased_device(keys: &dyn KeyStore, device: &DeviceRow) -> Result<Digest, Fault> {
    let key = PublicKey::from_sec1(device.curve.curve(), &device.signing_key)
        .map_err(|_| Fault::Invariant("a stored device key is no key"))?;
    erased_key(keys, &key)
}

pub(super) fn erased_key(keys: &dyn KeyStore, key: &PublicKey) -> Result<Digest, Fault> {
    let thumbprint = thumbprint(key)?;
    Ok(keys.mac(SecretName::Tag, &[b"erased-device", thumbprint.as_bytes()])?)
}

/// By what a restore knows somebody who left: nobody without the keys can tell who it was.
pub(super) fn erased_person(keys: &dyn KeyStore, person: PersonId) -> Result<Digest, Fault> {
    Ok(keys.mac(SecretName::Tag, &[b"erased-person", person.as_bytes()])?)
}

/// RFC 7638.
pub(super) fn thumbprint(key: &PublicKey) -> Result<String, Fault> {
    Jwk::public(key, None, None, None)
        .thumbprint()
        .map_err(|_| Fault::Invariant("a device key has no thumbprint"))
}

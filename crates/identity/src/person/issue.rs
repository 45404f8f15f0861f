//! The second step of an application: the device's keys, the 口令, and one unit in the store.

use crypto::digest::{Digest, sha256};
use crypto::keystore::SecretName;
use crypto::{Curve, PublicKey};
use serde::de::IgnoredAny;
use time::Date;

use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Day;
use crate::device::{DeviceCurve, DeviceHandle, DeviceRow};
use crate::id::{Bucket, DeviceId, PersonId};
use crate::pin::{ATTEMPTS, Pin, PinRow};
use crate::service::{Fault, Service};
use crate::statement::ProvenKey;
use crate::wanghao::{Reserved, Wanghao};
use crate::wangzheng::{WangzhengRow, WangzhengState};

use super::apply::{APPLY_TYPE, ApplyError, ApplyRefused, CheckedDocument};
use super::record::DataKey;
use super::{Applied, NewPerson, PersonRecord, PersonRow, RecoveryWrap};

/// Longest wrap of a history key that is stored, in bytes.
pub(super) const LONGEST_WRAP: usize = 512;

/// What a device brings.
pub struct NewDevice<'a> {
    /// The statement signed by the new device key.
    pub statement: &'a str,
    /// Agreement key, 65 bytes SEC1.
    pub agreement_key: Vec<u8>,
    /// Name the person gave the device.
    pub name: String,
    /// The history key wrapped to the device.
    pub history_wrap: Vec<u8>,
}

/// What an applicant brings besides.
pub struct NewHolder<'a> {
    /// The device.
    pub device: NewDevice<'a>,
    /// Public history key, 65 bytes SEC1.
    pub history_key: Vec<u8>,
    /// The history key wrapped to a recovery code, and the proof of the code.
    pub recovery: Option<(Vec<u8>, Vec<u8>)>,
    /// The 口令 chosen.
    pub pin: &'a str,
    /// The guardian's statement, where the applicant is a minor (R4.2, R4.3).
    pub guardian: Option<&'a str>,
}

/// What the person has now.
pub struct Issued {
    /// Handle of the device.
    pub device: DeviceHandle,
    /// The credential with all its disclosures.
    pub credential: String,
    /// The 网号, for the person's eyes.
    pub wanghao: Wanghao,
    /// What the receipt of the application is found by in the log.
    pub commitment: Digest,
}

impl Service {
    /// Makes person, 网号, 网证, device and 口令 in one unit (design §3, Apply).
    pub async fn issue(
        &self,
        checked: CheckedDocument,
        holder: NewHolder<'_>,
    ) -> Result<Issued, ApplyError> {
        Pin::choose(holder.pin).map_err(ApplyRefused::from)?;
        let proven = self.check_new_device(&holder.device)?;
        self.issue_to(checked, holder, proven).await
    }

    /// The same to a device whose statement was checked before.
    pub(super) async fn issue_to(
        &self,
        checked: CheckedDocument,
        holder: NewHolder<'_>,
        proven: ProvenKey<IgnoredAny>,
    ) -> Result<Issued, ApplyError> {
        // 1. The 口令 and the keys in themselves.
        let pin = Pin::choose(holder.pin).map_err(ApplyRefused::from)?;
        check_history(&holder)?;
        // 2. Which human? One human, one 网号 (R2.3).
        let (bucket, holder_digest) = self.new_holder(&checked).await?;
        // 3. A minor does not apply alone (Art. 4(2)–(3), R4.2, R4.3).
        let guardian = self
            .guardian_part(&checked, proven.key(), holder.guardian)
            .await?;
        // 4. A 网号, set aside in its own bucket (R2.1).
        let wanghao = self.reserve_wanghao().await?;
        // 5. One unit.
        let person = PersonId::generate(bucket, self.random());
        let event = EventDraft::new(
            AuditEvent::PersonApplied {
                person,
                day: self.now().day(),
                notices: checked
                    .consents
                    .iter()
                    .map(|consent| consent.notice)
                    .collect(),
            },
            self.random(),
        );
        let commitment = event.commitment();
        let record = record_of(&checked, &wanghao);
        let keys = BoundKeys::of(&holder, &proven);
        let mut new = self.rows(
            &checked,
            &keys,
            Rows {
                person,
                holder_digest,
                record: &record,
                pin,
            },
        )?;
        if let Some(part) = &guardian {
            self.admit_minor(part, checked.group, checked.birth_date, &mut new)
                .await?;
        }
        let device = new.device.device;
        let valid_until = new.wangzheng.valid_until;
        match self
            .store
            .apply(bucket, new, event)
            .await
            .map_err(Fault::from)?
        {
            // R9.3: a counter, of nobody.
            Applied::Applied => self.counts.one(crate::transparency::APPLICATIONS),
            Applied::AlreadyHolds(_) => {
                if let Some(part) = &guardian {
                    self.unlink_guardians(part, person).await?;
                }
                return Err(ApplyRefused::AlreadyHolds.into());
            }
        }
        // 6. The number is the person's for good.
        self.confirm_wanghao(&wanghao).await?;
        // 7. The credential, to the device and nowhere else (R2.2).
        let credential = self.issue_credential(
            &record,
            &checked.registry_record()?,
            valid_until,
            (proven.key(), proven.curve()),
        )?;
        let device = DeviceHandle::of(person, device, self.keys()).map_err(Fault::from)?;
        Ok(Issued {
            device,
            credential,
            wanghao,
            commitment,
        })
    }

    /// The human of a document, who holds no 网号 yet (R2.3).
    async fn new_holder(&self, checked: &CheckedDocument) -> Result<(Bucket, Digest), ApplyError> {
        let holder = checked.holder();
        let digest = self
            .keys()
            .mac(SecretName::Index, &[b"holder", holder.as_bytes()])
            .map_err(Fault::from)?;
        let bucket = Bucket::of(&digest);
        let known = self.store.holder(bucket, &digest).await;
        if known.map_err(Fault::from)?.is_some() {
            return Err(ApplyRefused::AlreadyHolds.into());
        }
        // R2.3: coming back after leaving is limited and counted.
        match self.may_return_from(bucket, &digest).await? {
            None => Ok((bucket, digest)),
            Some(from) => Err(ApplyRefused::ReturnsFrom(from).into()),
        }
    }

    /// The statement of a new device, and its agreement key.
    pub(super) fn check_new_device(
        &self,
        device: &NewDevice<'_>,
    ) -> Result<ProvenKey<IgnoredAny>, ApplyError> {
        let proven = self
            .proven_key::<IgnoredAny>(device.statement, APPLY_TYPE)
            .map_err(ApplyRefused::from)?;
        let agreement = PublicKey::from_sec1(Curve::P256, &device.agreement_key);
        if agreement.is_err()
            || device.history_wrap.len() > LONGEST_WRAP
            || device.name.chars().count() > 40
        {
            return Err(ApplyRefused::DeviceKeys.into());
        }
        Ok(proven)
    }

    /// The row of a new device.
    pub(super) fn device_row(
        &self,
        person: PersonId,
        keys: &BoundKeys<'_>,
        data_key: &DataKey,
    ) -> Result<DeviceRow, Fault> {
        let id = DeviceId::generate(self.random());
        let place: [&[u8]; 3] = [b"device", b"name", person.as_bytes()];
        Ok(DeviceRow {
            person,
            device: id,
            signing_key: keys
                .signing_key
                .to_sec1()
                .map_err(|_| Fault::Invariant("a device key has no point"))?
                .to_vec(),
            curve: keys.curve,
            agreement_key: keys.agreement_key.to_vec(),
            sealed_name: data_key
                .seal(&place, keys.device_name.as_bytes(), self.random())
                .map_err(|_| Fault::Invariant("device name"))?,
            history_wrap: keys.history_wrap.to_vec(),
            added_on: self.now().day(),
            active_from: self.now(),
        })
    }

    pub(crate) async fn reserve_wanghao(&self) -> Result<Wanghao, Fault> {
        let day = self.now().day();
        for _ in 0..8 {
            let wanghao = Wanghao::generate(self.random());
            let digest = wanghao.digest(self.keys())?;
            let event = EventDraft::new(AuditEvent::WanghaoReserved { day }, self.random());
            if self.store.reserve_wanghao(&digest, day, event).await? == Reserved::Reserved {
                return Ok(wanghao);
            }
        }
        Err(Fault::Invariant("eight numbers in a row were in use"))
    }

    pub(crate) async fn confirm_wanghao(&self, wanghao: &Wanghao) -> Result<(), Fault> {
        let digest = wanghao.digest(self.keys())?;
        let event = AuditEvent::WanghaoSettled {
            day: self.now().day(),
        };
        self.store
            .confirm_wanghao(&digest, EventDraft::new(event, self.random()))
            .await?;
        Ok(())
    }

    pub(super) fn rows(
        &self,
        checked: &CheckedDocument,
        keys: &BoundKeys<'_>,
        rows: Rows<'_>,
    ) -> Result<NewPerson, Fault> {
        let Rows {
            person,
            holder_digest,
            record,
            pin,
        } = rows;
        let today = self.now().day();
        let data_key = DataKey::generate(self.random());
        let plain = serde_json::to_vec(record).map_err(|_| Fault::Invariant("record"))?;
        let seal = |place: &[&[u8]], text: &[u8]| {
            data_key
                .seal(place, text, self.random())
                .map_err(|_| Fault::Invariant("seal"))
        };
        let pin_digest = pin.digest(person, self.keys())?;
        Ok(NewPerson {
            person: PersonRow {
                person,
                holder: holder_digest,
                wrapped_data_key: self
                    .keys()
                    .wrap(&data_key_place(person), data_key.as_bytes())?,
                sealed_record: seal(&record_place(&person), &plain)?,
                generation: 0,
                history_key: keys.history_key.to_vec(),
                recovery: keys.recovery.map(|(wrap, proof)| RecoveryWrap {
                    wrap: wrap.clone(),
                    proof: sha256(&[proof]),
                }),
                applied_on: today,
            },
            documents: vec![self.document_digest(checked.kind.as_str(), &checked.canonical)?],
            wangzheng: WangzhengRow {
                person,
                serial: 1,
                state: WangzhengState::Active,
                issued_on: today,
                valid_until: self.validity(checked.valid_until, today).0,
                suspended_for: None,
                locked_under: false,
                restricted_on: None,
                ends_with_document: self.validity(checked.valid_until, today).1,
                document_checked_on: today,
                waiting: None,
            },
            device: self.device_row(person, keys, &data_key)?,
            pin: PinRow {
                person,
                sealed_digest: seal(&pin_place(&person), &pin_digest.0)?,
                attempts_left: ATTEMPTS,
                locked_until: None,
                locks: 0,
            },
            consents: checked
                .consents
                .iter()
                .map(|consent| self.consent_row(person, consent, today))
                .collect::<Result<_, _>>()?,
            minor: None,
        })
    }

    /// As long as policy says, never longer than the document (R2.2, R15.2); and whether it is the
    /// document that ends it.
    pub(crate) fn validity(&self, document: Option<Date>, today: Day) -> (Day, bool) {
        let most = today.plus(self.policy.credential_days);
        match document.map(Day::of) {
            Some(until) if until <= most => (until, true),
            _ => (most, false),
        }
    }

    /// Where a document leads to its person (R2.3, R15.2).
    pub(crate) fn document_digest(&self, kind: &str, canonical: &str) -> Result<Digest, Fault> {
        let parts: [&[u8]; 3] = [b"document", kind.as_bytes(), canonical.as_bytes()];
        Ok(self.keys().mac(SecretName::Index, &parts)?)
    }
}

/// The keys a 网证 is bound to, as they go into rows.
pub(super) struct BoundKeys<'a> {
    pub(super) signing_key: &'a PublicKey,
    pub(super) curve: DeviceCurve,
    pub(super) agreement_key: &'a [u8],
    pub(super) history_key: &'a [u8],
    pub(super) history_wrap: &'a [u8],
    pub(super) recovery: Option<&'a (Vec<u8>, Vec<u8>)>,
    pub(super) device_name: &'a str,
}

impl<'a> BoundKeys<'a> {
    /// Of an applicant.
    fn of(holder: &'a NewHolder<'_>, proven: &'a ProvenKey<IgnoredAny>) -> Self {
        Self {
            history_key: &holder.history_key,
            recovery: holder.recovery.as_ref(),
            ..Self::of_device(&holder.device, proven)
        }
    }

    /// Of a further device: no history key comes with it.
    pub(super) fn of_device(device: &'a NewDevice<'_>, proven: &'a ProvenKey<IgnoredAny>) -> Self {
        Self {
            signing_key: proven.key(),
            curve: proven.curve(),
            agreement_key: &device.agreement_key,
            history_key: &[],
            history_wrap: &device.history_wrap,
            recovery: None,
            device_name: &device.name,
        }
    }
}

/// What [`Service::rows`] needs besides what was checked.
pub(super) struct Rows<'a> {
    pub(super) person: PersonId,
    pub(super) holder_digest: Digest,
    pub(super) record: &'a PersonRecord,
    pub(super) pin: Pin,
}

pub(crate) fn record_of(checked: &CheckedDocument, wanghao: &Wanghao) -> PersonRecord {
    PersonRecord {
        document_kind: checked.kind,
        document_number: checked.canonical.clone(),
        holder_name: checked.name.clone(),
        birth_date: checked.birth_date,
        document_valid_until: checked.valid_until,
        proofing: checked.level,
        wanghao: wanghao.reveal().to_owned(),
    }
}

/// Associated data of a wrapped data key.
pub(crate) fn data_key_place(person: PersonId) -> Vec<u8> {
    [b"person/data-key/".as_slice(), person.as_bytes()].concat()
}

/// Associated data of a sealed record.
pub(crate) fn record_place(person: &PersonId) -> [&[u8]; 3] {
    [b"person", b"record", person.as_bytes()]
}

/// Associated data of a sealed PIN digest.
pub(crate) fn pin_place(person: &PersonId) -> [&[u8]; 3] {
    [b"pin", b"digest", person.as_bytes()]
}

fn check_history(holder: &NewHolder<'_>) -> Result<(), ApplyRefused> {
    let key = PublicKey::from_sec1(Curve::P256, &holder.history_key);
    let wraps_fit = !holder.device.history_wrap.is_empty()
        && holder
            .recovery
            .as_ref()
            .is_none_or(|(wrap, proof)| wrap.len() <= LONGEST_WRAP && proof.len() == 32);
    if key.is_ok() && wraps_fit {
        Ok(())
    } else {
        Err(ApplyRefused::DeviceKeys)
    }
}

//! 暂存的申领: an application while the registry does not answer. It is kept and the person is told; nothing is decided
//! until the registry is asked (R4.1, R15.2: queue and tell, never guess).
//!
//! It belongs to the key of the device that made it: only a statement of that key takes it up again.

use async_trait::async_trait;
use crypto::PublicKey;
use crypto::digest::Digest;
use crypto::keystore::SecretName;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Day;
use crate::consent::Consent;
use crate::id::Bucket;
use crate::proofing::Evidence;
use crate::recheck::Pass;
use crate::service::{Fault, Service};
use crate::store::StoreError;

use super::apply::{APPLY_TYPE, ApplyError, ApplyRefused, DocumentFields};
use super::issue::{Issued, NewHolder};
use super::record::DataKey;

/// Applications kept in one bucket at most: a flood of made-up ones cannot fill the store.
const MOST_KEPT: u32 = 1024;
/// Applications of one bucket looked at in one pass.
const AT_ONCE: u32 = 64;
/// Bytes of a wrapped data key in front of what it opens: nonce, key and tag.
const WRAPPED: usize = 12 + 16 + 16;

/// A kept application, in the bucket of its own digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRow {
    /// Keyed digest of the device's public key.
    pub application: Digest,
    /// Whether the registry has answered since.
    pub answered: bool,
    /// A data key of its own, wrapped, and the application sealed under it.
    pub sealed: Vec<u8>,
    /// Last day.
    pub kept_until: Day,
}

/// Kept applications in the store. All in the bucket of the digest; those past their last day count as absent.
#[async_trait]
pub trait KeptStore: Send + Sync {
    /// Keeps one; again with the same digest replaces its content, and never its last day. `false`: the bucket holds
    /// `most` already. Event outcome `kept` or `full`.
    async fn keep_application(
        &self,
        row: KeptRow,
        most: u32,
        event: EventDraft,
    ) -> Result<bool, StoreError>;
    /// Reads one.
    async fn kept_application(
        &self,
        application: &Digest,
        today: Day,
    ) -> Result<Option<KeptRow>, StoreError>;
    /// Those of a bucket about which the registry has not answered.
    async fn applications_waiting(
        &self,
        bucket: Bucket,
        today: Day,
        limit: u32,
    ) -> Result<Vec<KeptRow>, StoreError>;
    /// The registry answered. `false`: it was taken up meanwhile. Event outcome `answered` or `not_found`.
    async fn answer_application(
        &self,
        application: &Digest,
        sealed: Vec<u8>,
        event: EventDraft,
    ) -> Result<bool, StoreError>;
    /// Deletes one that is settled. Event outcome `taken` or `not_found`.
    async fn take_application(
        &self,
        application: &Digest,
        event: EventDraft,
    ) -> Result<bool, StoreError>;
    /// Deletes those past their last day; how many. No event: nothing of anyone is in it.
    async fn sweep_applications(&self, today: Day) -> Result<u32, StoreError>;
}

/// What an applicant says and shows besides keys and 口令.
#[derive(Clone, Serialize, Deserialize)]
pub struct Presented {
    /// Consents given (R9.2).
    pub consents: Vec<Consent>,
    /// The document as typed.
    pub document: DocumentFields,
    /// The evidence.
    pub evidence: Evidence,
}

/// What is kept: no 口令, no face (P-face), no key of the device.
#[derive(Serialize, Deserialize)]
struct Content {
    presented: Presented,
    /// The rule that refuses it, in the words of the rule; absent: none so far.
    refused: Option<String>,
}

/// What came of an application.
pub enum Applying {
    /// A 网证.
    Issued(Box<Issued>),
    /// The registry does not answer: the application is kept, and nothing was decided.
    Kept {
        /// Last day it is kept.
        until: Day,
    },
}

/// Where a kept application stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeptState {
    /// The registry has not answered yet.
    Waiting,
    /// The registry knows the document; the device can come and finish.
    Ready,
    /// A rule refuses it, with the words of the rule.
    Refused(String),
}

impl Service {
    /// Applies; while the registry does not answer, the application is kept instead (R15.2).
    pub async fn apply_or_keep(
        &self,
        presented: &Presented,
        holder: NewHolder<'_>,
    ) -> Result<Applying, ApplyError> {
        let Presented {
            consents,
            document,
            evidence,
        } = presented;
        match self.check_document(consents, document, evidence).await {
            Ok(checked) => {
                let issued = self.issue(checked, holder).await?;
                Ok(Applying::Issued(Box::new(issued)))
            }
            Err(ApplyError::Refused(ApplyRefused::RegistryUnavailable)) => {
                let proven = self.check_new_device(&holder.device)?;
                self.keep(proven.key(), presented).await
            }
            Err(error) => Err(error),
        }
    }

    /// Goes on with what the same device left here: everything is checked anew, as it is today.
    pub async fn take_up(&self, holder: NewHolder<'_>) -> Result<Applying, ApplyError> {
        // 1. Only the key that applied finds it.
        let proven = self.check_new_device(&holder.device)?;
        let application = self.application_of(proven.key())?;
        let Some((row, content)) = self.kept(&application).await? else {
            return Err(ApplyRefused::Expired.into());
        };
        // 2. Consent, document, registry, age and evidence.
        let Presented {
            consents,
            document,
            evidence,
        } = &content.presented;
        let checked = match self.check_document(consents, document, evidence).await {
            Err(ApplyError::Refused(ApplyRefused::RegistryUnavailable)) => {
                let until = row.kept_until;
                return Ok(Applying::Kept { until });
            }
            Err(ApplyError::Refused(refused)) => {
                self.settle_kept(&application).await?;
                return Err(refused.into());
            }
            checked => checked?,
        };
        // 3. As any other application; a guardian's part or a better 口令 can still come.
        let issued = self.issue_to(checked, holder, proven).await?;
        self.settle_kept(&application).await?;
        Ok(Applying::Issued(Box::new(issued)))
    }

    /// Where the application of a device stands; `None`: none is kept.
    pub async fn kept_state(
        &self,
        statement: &str,
    ) -> Result<Option<(KeptState, Day)>, ApplyError> {
        let proven = self
            .proven_key::<IgnoredAny>(statement, APPLY_TYPE)
            .map_err(ApplyRefused::from)?;
        let application = self.application_of(proven.key())?;
        let kept = self.kept(&application).await?;
        Ok(kept.map(|(row, content)| {
            let state = match content.refused {
                Some(rule) => KeptState::Refused(rule),
                None if row.answered => KeptState::Ready,
                None => KeptState::Waiting,
            };
            (state, row.kept_until)
        }))
    }

    /// Asks the registry about the applications kept in one bucket. Nothing is issued here: that takes the device.
    pub(crate) async fn ask_for_kept(&self, bucket: Bucket, pass: &mut Pass) -> Result<(), Fault> {
        let today = self.now().day();
        let waiting = self
            .store
            .applications_waiting(bucket, today, AT_ONCE)
            .await?;
        for row in waiting {
            pass.looked_at += 1;
            let mut content = self.open_kept(&row)?;
            let Presented {
                consents,
                document,
                evidence,
            } = &content.presented;
            match self.check_document(consents, document, evidence).await {
                Ok(_) => {}
                Err(ApplyError::Refused(ApplyRefused::RegistryUnavailable)) => {
                    pass.unavailable += 1;
                    continue;
                }
                Err(ApplyError::Refused(refused)) => content.refused = Some(refused.to_string()),
                Err(ApplyError::Fault(fault)) => return Err(fault),
            }
            let sealed = self.seal_kept(&row.application, &content)?;
            self.store
                .answer_application(&row.application, sealed, self.kept_event())
                .await?;
        }
        Ok(())
    }

    async fn keep(&self, key: &PublicKey, presented: &Presented) -> Result<Applying, ApplyError> {
        let application = self.application_of(key)?;
        let mut presented = presented.clone();
        // P-face: a face is looked at and gone; who comes back shows it again or goes without.
        presented.evidence.face = None;
        let content = Content {
            presented,
            refused: None,
        };
        let row = KeptRow {
            application,
            answered: false,
            sealed: self.seal_kept(&application, &content)?,
            kept_until: self.now().day().plus(self.policy.kept_application_days),
        };
        let kept = self
            .store
            .keep_application(row, MOST_KEPT, self.kept_event())
            .await
            .map_err(Fault::from)?;
        let row = self.kept(&application).await?.filter(|_| kept);
        match row {
            Some((row, _)) => Ok(Applying::Kept {
                until: row.kept_until,
            }),
            None => Err(ApplyRefused::RegistryUnavailable.into()),
        }
    }

    async fn kept(&self, application: &Digest) -> Result<Option<(KeptRow, Content)>, Fault> {
        let today = self.now().day();
        let Some(row) = self.store.kept_application(application, today).await? else {
            return Ok(None);
        };
        let content = self.open_kept(&row)?;
        Ok(Some((row, content)))
    }

    async fn settle_kept(&self, application: &Digest) -> Result<(), Fault> {
        self.store
            .take_application(application, self.kept_event())
            .await?;
        Ok(())
    }

    fn application_of(&self, key: &PublicKey) -> Result<Digest, Fault> {
        let point = key
            .to_sec1()
            .map_err(|_| Fault::Invariant("a device key has no point"))?;
        let parts: [&[u8]; 2] = [b"kept-application", &point];
        Ok(self.keys().mac(SecretName::Index, &parts)?)
    }

    fn seal_kept(&self, application: &Digest, content: &Content) -> Result<Vec<u8>, Fault> {
        let plain = serde_json::to_vec(content).map_err(|_| Fault::Invariant("an application"))?;
        let plain = Zeroizing::new(plain);
        let key = DataKey::generate(self.random());
        let sealed = key
            .seal(&place(application), &plain, self.random())
            .map_err(|_| Fault::Invariant("seal"))?;
        let mut bytes = self.keys().wrap(&key_place(application), key.as_bytes())?;
        bytes.extend(sealed);
        Ok(bytes)
    }

    fn open_kept(&self, row: &KeptRow) -> Result<Content, Fault> {
        let broken = || Fault::Invariant("a kept application does not open");
        let (wrapped, sealed) = row.sealed.split_at_checked(WRAPPED).ok_or_else(broken)?;
        let key = self.keys().unwrap(&key_place(&row.application), wrapped)?;
        let plain = DataKey::from_bytes(key)
            .open(&place(&row.application), sealed)
            .map_err(|_| broken())?;
        serde_json::from_slice(&plain).map_err(|_| broken())
    }

    fn kept_event(&self) -> EventDraft {
        let day = self.now().day();
        EventDraft::new(AuditEvent::ApplicationKept { day }, self.random())
    }
}

fn place(application: &Digest) -> [&[u8]; 3] {
    [b"kept_application", b"sealed", &application.0]
}

fn key_place(application: &Digest) -> Vec<u8> {
    [b"kept_application/key/".as_slice(), &application.0].concat()
}

//! Changes of state that platforms are told: withdrawal, deletion, lock, a new identifier (R8.3, R9.5).
//!
//! Each platform has an *outbox*: rows in the [`reference_bucket`] of the platform, sealed under a key of that outbox,
//! of one size. A row is about one of the platform's own pairwise ids and names nobody else. Rows become ready at the
//! end of a batch some random time later, so that two platforms that compare notes cannot tell by the moment that the
//! same person acted (C1, C2). How a row travels is the business of the protocol in front.

use std::collections::BTreeSet;

use async_trait::async_trait;
use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::random::{self, Random};
use serde::{Deserialize, Serialize};

use crate::audit::{AuditEvent, EventDraft, reference_bucket};
use crate::clock::Timestamp;
use crate::id::PlatformId;
use crate::person::PersonRow;
use crate::service::{Fault, Service};
use crate::store::StoreError;
use crate::verification::pairwise::PairwiseId;

pub mod deliver;
pub mod evidence;
pub mod outbox;
pub mod tracked;

pub use outbox::{Delivery, Notice, Outbox, Stream, StreamStatus};

/// What a platform is told about one of its own pairwise ids. Only the person's own acts send one (C3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignalKind {
    /// The person withdrew the consent to a disclosure or to the use of a result (R8.3).
    ConsentWithdrawn,
    /// The person asks the platform to delete what it holds (PIPL 47).
    DeletionRequested,
    /// The person left the service (R9.5).
    AccountErased,
    /// A reviewed recovery gave the person a new identifier. Told after the generation rose.
    IdentifierChanged,
    /// The person locked the 网证.
    Locked,
    /// The person unlocked it.
    Unlocked,
}

impl SignalKind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::ConsentWithdrawn,
        Self::DeletionRequested,
        Self::AccountErased,
        Self::IdentifierChanged,
        Self::Locked,
        Self::Unlocked,
    ];

    /// Whether the platform has to carry something out, so that its confirmation is waited for (R8.3, R9.5).
    pub fn is_tracked(self) -> bool {
        matches!(
            self,
            Self::ConsentWithdrawn | Self::DeletionRequested | Self::AccountErased
        )
    }
}

/// Which platforms are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipients {
    /// Those the person's device named from its own receipts (C1).
    Named(Vec<PlatformId>),
    /// Every platform with an active stream: the device is lost and cannot name any.
    AllStreams,
}

/// Names a signal: 128 random bits, known to the platform it is for and to the person's device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SignalId(pub [u8; 16]);

impl SignalId {
    /// A new one.
    pub fn generate(random: &dyn Random) -> Self {
        Self(random::array(random))
    }

    /// Reads the 22 characters of base64url.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 16];
        let decoded = Base64UrlUnpadded::decode(text, &mut bytes).ok()?;
        (decoded.len() == 16).then_some(Self(bytes))
    }
}

impl std::fmt::Display for SignalId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&Base64UrlUnpadded::encode_string(&self.0))
    }
}

/// A row of an outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignalRow {
    /// Whom it is for.
    pub platform: PlatformId,
    /// Which.
    pub signal: SignalId,
    /// What it says, under the key of the outbox; empty once it is settled.
    pub sealed: Vec<u8>,
    /// Goes out from then on.
    pub ready_at: Timestamp,
    /// How often it was tried in vain.
    pub attempts: u32,
    /// When the platform's confirmation is due, where one is waited for.
    pub due_at: Option<Timestamp>,
    /// When the platform confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// Gone after.
    pub expires_at: Timestamp,
}

/// What became of a row on its way into an outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queued {
    /// It waits there.
    Queued,
    /// The platform has not fetched for so long that its outbox is full.
    Full,
}

/// Outboxes in the store. Every row is in the [`reference_bucket`] of its platform.
#[async_trait]
pub trait SignalStore: Send + Sync {
    /// Makes the outbox of a platform; there is one already: that one stays. Event outcome `done` or `known`.
    async fn open_outbox(
        &self,
        platform: &PlatformId,
        wrapped_key: Vec<u8>,
        event: EventDraft,
    ) -> Result<(), StoreError>;
    /// All outboxes.
    async fn outboxes(&self) -> Result<Vec<Outbox>, StoreError>;
    /// Puts a stream in the place of the one named, or of none; `false` when another one is there by now.
    /// Event outcome `done` or `moved`.
    async fn put_stream(
        &self,
        platform: &PlatformId,
        before: Option<&str>,
        stream: Option<Stream>,
        event: EventDraft,
    ) -> Result<bool, StoreError>;
    /// Stores a row, unless `most` wait there and nobody waits for its confirmation. Event outcome `queued` or `full`.
    async fn queue_signal(
        &self,
        row: SignalRow,
        most: u32,
        event: EventDraft,
    ) -> Result<Queued, StoreError>;
    /// Rows that are ready and not settled, the first by id: in no order of time.
    async fn ready_signals(
        &self,
        platform: &PlatformId,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<SignalRow>, StoreError>;
    /// The platform confirms: the content goes, and the whole row where nobody waits for it. Answers how many of them
    /// were open. Event outcome `confirmed` or `unknown`.
    async fn settle_signals(
        &self,
        platform: &PlatformId,
        signals: Vec<SignalId>,
        now: Timestamp,
        event: EventDraft,
    ) -> Result<u32, StoreError>;
    /// A row was tried in vain: one attempt more, ready again later. Event outcome `deferred` or `unknown`.
    async fn defer_signal(
        &self,
        platform: &PlatformId,
        signal: SignalId,
        until: Timestamp,
        event: EventDraft,
    ) -> Result<(), StoreError>;
    /// One row.
    async fn signal(
        &self,
        platform: &PlatformId,
        signal: SignalId,
    ) -> Result<Option<SignalRow>, StoreError>;
    /// Rows whose confirmation is waited for, the first due first.
    async fn unconfirmed_signals(
        &self,
        platform: &PlatformId,
        limit: u32,
    ) -> Result<Vec<SignalRow>, StoreError>;
    /// Deletes what expired before `now`; how many.
    async fn sweep_signals(&self, now: Timestamp) -> Result<u32, StoreError>;
}

/// A signal that was put into an outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Whom.
    pub platform: PlatformId,
    /// Which signal.
    pub signal: SignalId,
    /// When the confirmation is due, where one is waited for.
    pub due_at: Option<Timestamp>,
}

impl Service {
    /// Puts a signal into the outbox of each recipient, to be sent in a shuffled batch. Answers how many.
    ///
    /// C3: this is for the person's own acts. A suspension by an operator or the registry has no kind here.
    pub async fn tell_platforms(
        &self,
        person: &PersonRow,
        kind: SignalKind,
        recipients: Recipients,
    ) -> Result<usize, Fault> {
        Ok(self.tell(person, kind, recipients).await?.len())
    }

    /// The same, and says which signals they are.
    pub async fn tell(
        &self,
        person: &PersonRow,
        kind: SignalKind,
        recipients: Recipients,
    ) -> Result<Vec<Told>, Fault> {
        // 1. Whom. A platform that nobody knows is told nothing.
        let outboxes = self.store.outboxes().await?;
        let named: BTreeSet<PlatformId> = match recipients {
            Recipients::Named(named) => named.into_iter().collect(),
            Recipients::AllStreams => outboxes
                .iter()
                .filter(|outbox| outbox.listens_to(kind))
                .map(|outbox| outbox.platform.clone())
                .collect(),
        };
        let mut told = Vec::new();
        for platform in named {
            let listens = outboxes
                .iter()
                .any(|outbox| outbox.platform == platform && outbox.listens_to(kind));
            // 2. What nobody waits for goes to who listens; what has to be carried out waits until somebody does.
            if self.platform(&platform).is_some() && (listens || kind.is_tracked()) {
                told.extend(self.tell_one(person, kind, platform).await?);
            }
        }
        Ok(told)
    }

    async fn tell_one(
        &self,
        person: &PersonRow,
        kind: SignalKind,
        platform: PlatformId,
    ) -> Result<Option<Told>, Fault> {
        let id = |generation| {
            let sector = platform.as_str().as_bytes();
            PairwiseId::of(person.person, generation, sector, self.keys())
        };
        let changed = kind == SignalKind::IdentifierChanged;
        let before = person.generation.saturating_sub(u32::from(changed));
        let notice = Notice::About {
            kind,
            subject: id(before)?,
            successor: changed.then(|| id(person.generation)).transpose()?,
        };
        let due = kind
            .is_tracked()
            .then(|| self.now().plus(self.policy.signal_due));
        self.put_into_outbox(platform, &notice, self.release_at(), due)
            .await
    }

    /// Seals a notice into an outbox.
    pub(crate) async fn put_into_outbox(
        &self,
        platform: PlatformId,
        notice: &Notice,
        ready_at: Timestamp,
        due_at: Option<Timestamp>,
    ) -> Result<Option<Told>, Fault> {
        let signal = SignalId::generate(self.random());
        let key = self.outbox_key(&platform).await?;
        let dated = outbox::Dated {
            at: ready_at,
            notice: notice.clone(),
        };
        let row = SignalRow {
            sealed: outbox::seal(&dated, &platform, signal, &key, self.random())?,
            platform: platform.clone(),
            signal,
            ready_at,
            attempts: 0,
            due_at,
            confirmed_at: None,
            expires_at: match due_at {
                // What is overdue stays to be seen.
                Some(due_at) => due_at.plus(self.policy.signal_life),
                None => self.now().plus(self.policy.signal_life),
            },
        };
        let event = AuditEvent::SignalQueued {
            platform: platform.clone(),
            day: self.now().day(),
        };
        let event = EventDraft::new(event, self.random());
        let most = self.policy.signal_most;
        let queued = self.store.queue_signal(row, most, event).await?;
        Ok((queued == Queued::Queued).then_some(Told {
            platform,
            signal,
            due_at,
        }))
    }

    /// The end of a batch after a random delay: the moment says nothing of the act (C1).
    fn release_at(&self) -> Timestamp {
        let spread = u64::try_from(self.policy.signal_spread).unwrap_or(0);
        let delay = u64::from_be_bytes(random::array(self.random())) % (spread + 1);
        let at = self.now().0 + i64::try_from(delay).unwrap_or(0);
        let batch = self.policy.signal_batch.max(1);
        Timestamp((at / batch + 1) * batch)
    }
}

/// The event of an outbox that was settled or tried.
pub(crate) fn settled(platform: &PlatformId, service: &Service) -> EventDraft {
    let event = AuditEvent::SignalSettled {
        platform: platform.clone(),
        minute: service.now().minute(),
    };
    EventDraft::new(event, service.random())
}

/// The bucket of an outbox.
pub fn outbox_bucket(platform: &PlatformId) -> crate::id::Bucket {
    reference_bucket(platform.as_str())
}

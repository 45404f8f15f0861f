//! The outbox of a platform: its key, its stream, and what lies sealed in it.

use std::collections::BTreeSet;

use crypto::random::Random;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Timestamp;
use crate::id::{ClientId, PlatformId};
use crate::person::record::DataKey;
use crate::receipt;
use crate::service::{Fault, Service, Suite};
use crate::verification::pairwise::PairwiseId;

use super::{SignalId, SignalKind};

/// Every sealed notice holds this many bytes, so that its kind does not show (C1).
const PADDED: usize = 512;

/// The outbox of one platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outbox {
    /// Whose.
    pub platform: PlatformId,
    /// The key of its rows, wrapped by the key store.
    pub wrapped_key: Vec<u8>,
    /// How the platform receives, once it said so.
    pub stream: Option<Stream>,
}

impl Outbox {
    /// Whether a signal of this kind is wanted there now. A paused stream still collects.
    pub fn listens_to(&self, kind: SignalKind) -> bool {
        self.stream.as_ref().is_some_and(|stream| {
            stream.status != StreamStatus::Disabled && stream.delivers.contains(&kind)
        })
    }
}

/// How a platform receives (Shared Signals: a stream).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stream {
    /// Which.
    pub id: String,
    /// The app that made it: what it receives is made out to it.
    pub client: ClientId,
    /// The algorithms of the issuer it was made at.
    pub suite: Suite,
    /// How it gets there.
    pub delivery: Delivery,
    /// Events it asked for, by their names in the protocol; none: whatever there is.
    pub requested: Option<Vec<String>>,
    /// Kinds it gets.
    pub delivers: BTreeSet<SignalKind>,
    /// Whether it runs.
    pub status: StreamStatus,
    /// Why, in the platform's words.
    pub reason: Option<String>,
    /// What the platform calls it.
    pub description: Option<String>,
}

/// How a signal gets to the platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// The platform fetches.
    Poll,
    /// The service brings it to an address of the platform.
    Push {
        /// Where; a host the platform registered.
        endpoint: String,
        /// What to show there, under the key of the outbox, base64url.
        sealed_authorization: Option<String>,
    },
}

/// Whether a stream runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StreamStatus {
    /// Runs.
    Enabled,
    /// Collects and does not send.
    Paused,
    /// Neither.
    Disabled,
}

/// What a row says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// Something about one of the platform's own pairwise ids, and no other.
    About {
        /// What.
        kind: SignalKind,
        /// Whom.
        subject: PairwiseId,
        /// The identifier from now on, where it changed.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        successor: Option<PairwiseId>,
    },
    /// The platform tries whether its stream works.
    Trial {
        /// Whatever it wants to see again.
        state: Option<String>,
    },
}

/// A notice with its moment.
#[derive(Serialize, Deserialize)]
pub(super) struct Dated {
    pub(super) at: Timestamp,
    pub(super) notice: Notice,
}

/// Seals a notice to its place in its outbox.
pub(super) fn seal(
    dated: &Dated,
    platform: &PlatformId,
    signal: SignalId,
    key: &DataKey,
    random: &dyn Random,
) -> Result<Vec<u8>, Fault> {
    let broken = Fault::Invariant("a notice to a platform does not seal");
    let Ok(text) = serde_json::to_vec(dated) else {
        return Err(broken);
    };
    let Some(padded) = receipt::pad_to(&text, PADDED) else {
        return Err(broken);
    };
    let place = place(platform, &signal);
    key.seal(&place, &padded, random).map_err(|_| broken)
}

/// Opens what [`seal`] made.
pub(super) fn open(
    sealed: &[u8],
    platform: &PlatformId,
    signal: SignalId,
    key: &DataKey,
) -> Result<Dated, Fault> {
    let broken = || Fault::Invariant("a notice to a platform does not open");
    let place = place(platform, &signal);
    let padded = key.open(&place, sealed).map_err(|_| broken())?;
    let text = receipt::unpad(&padded).ok_or_else(broken)?;
    serde_json::from_slice(text).map_err(|_| broken())
}

fn place<'a>(platform: &'a PlatformId, signal: &'a SignalId) -> [&'a [u8]; 3] {
    [b"signal", platform.as_str().as_bytes(), &signal.0]
}

fn authorization_place(platform: &PlatformId) -> [&[u8]; 3] {
    [b"outbox", b"authorization", platform.as_str().as_bytes()]
}

/// What is said of a change to a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamPut {
    /// Done.
    Done,
    /// Another one is there by now.
    Moved,
}

impl Service {
    /// The outbox of a platform; made where there is none.
    pub(crate) async fn outbox(&self, platform: &PlatformId) -> Result<Outbox, Fault> {
        if let Some(found) = self.find_outbox(platform).await? {
            return Ok(found);
        }
        let key = DataKey::generate(self.random());
        let wrapped = self.keys().wrap(&key_place(platform), key.as_bytes())?;
        let event = self.stream_event(platform, "outbox");
        self.store.open_outbox(platform, wrapped, event).await?;
        let found = self.find_outbox(platform).await?;
        found.ok_or(Fault::Invariant("an outbox that was just made"))
    }

    async fn find_outbox(&self, platform: &PlatformId) -> Result<Option<Outbox>, Fault> {
        let outboxes = self.store.outboxes().await?;
        Ok(outboxes
            .into_iter()
            .find(|outbox| outbox.platform == *platform))
    }

    /// The stream of a platform.
    pub async fn stream(&self, platform: &PlatformId) -> Result<Option<Stream>, Fault> {
        let outbox = self.find_outbox(platform).await?;
        Ok(outbox.and_then(|outbox| outbox.stream))
    }

    /// Puts a stream in the place of the one named, or of none.
    pub async fn put_stream(
        &self,
        platform: &PlatformId,
        before: Option<&str>,
        stream: Option<Stream>,
    ) -> Result<StreamPut, Fault> {
        self.outbox(platform).await?;
        let change = match (before, &stream) {
            (None, _) => "created",
            (_, None) => "deleted",
            _ => "changed",
        };
        let event = self.stream_event(platform, change);
        let done = self
            .store
            .put_stream(platform, before, stream, event)
            .await?;
        Ok(if done {
            StreamPut::Done
        } else {
            StreamPut::Moved
        })
    }

    /// What a platform wants to see at its endpoint, sealed under the key of its outbox.
    pub async fn seal_authorization(
        &self,
        platform: &PlatformId,
        authorization: &str,
    ) -> Result<String, Fault> {
        use base64ct::Encoding;
        let key = self.outbox_key(platform).await?;
        let place = authorization_place(platform);
        let sealed = key.seal(&place, authorization.as_bytes(), self.random());
        let sealed = sealed.map_err(|_| Fault::Invariant("an authorization does not seal"))?;
        Ok(base64ct::Base64UrlUnpadded::encode_string(&sealed))
    }

    /// Opens what [`Service::seal_authorization`] made.
    pub(crate) async fn open_authorization(
        &self,
        platform: &PlatformId,
        sealed: &str,
    ) -> Result<Zeroizing<Vec<u8>>, Fault> {
        use base64ct::Encoding;
        let broken = || Fault::Invariant("an authorization does not open");
        let sealed = base64ct::Base64UrlUnpadded::decode_vec(sealed).map_err(|_| broken())?;
        let key = self.outbox_key(platform).await?;
        key.open(&authorization_place(platform), &sealed)
            .map_err(|_| broken())
    }

    pub(crate) async fn outbox_key(&self, platform: &PlatformId) -> Result<DataKey, Fault> {
        let outbox = self.outbox(platform).await?;
        let key = self
            .keys()
            .unwrap(&key_place(platform), &outbox.wrapped_key)?;
        Ok(DataKey::from_bytes(key))
    }

    fn stream_event(&self, platform: &PlatformId, change: &str) -> EventDraft {
        let event = AuditEvent::StreamChanged {
            platform: platform.clone(),
            change: change.to_owned(),
            at: self.now(),
        };
        EventDraft::new(event, self.random())
    }
}

fn key_place(platform: &PlatformId) -> Vec<u8> {
    [b"outbox/key/".as_slice(), platform.as_str().as_bytes()].concat()
}

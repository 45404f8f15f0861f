//! The service: what every rule needs, gathered once. Each noun adds its own steps to it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::SignatureAlgorithm;
use crypto::keystore::{KeyError, KeyStore};
use crypto::random::Random;
use jose::jwe::Encryption;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::age::AgePolicy;
use crate::age::marker::AgeMarkers;
use crate::clock::{Clock, Timestamp};
use crate::complaint::ComplaintPolicy;
use crate::erasure::retention::Periods;
use crate::guardianship::GuardianPolicy;
use crate::handover::guess::Guesses;
use crate::id::{ClientId, PlatformId};
use crate::incident::IncidentPolicy;
use crate::notice::{Editions, Notice};
use crate::oversight::PlatformStanding;
use crate::oversight::counts::PlatformDays;
use crate::platform::{Client, Platform};
use crate::proofing::FaceVerifier;
use crate::registry::Registry;
use crate::replay::SeenOnce;
use crate::store::{Store, StoreError};
use crate::transparency::{Counts, PerMinute};
use crate::verification::backchannel::Pace;

/// Settings of the rules; the defaults are the documentation.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Ages and the day they turn (R4.2–R4.5).
    pub age: AgePolicy,
    /// The age brackets a platform with a registered duty may ask about (R10.1).
    pub age_markers: AgeMarkers,
    /// Complaints and cases (R7.2, R14.1).
    pub complaint: ComplaintPolicy,
    /// Guardians (R4.2, R5.2).
    pub guardian: GuardianPolicy,
    /// Seconds a platform's request waits for the person (FAPI 2.0 §5.3.2.2: less than 600).
    pub request_life: i64,
    /// Seconds a code may be exchanged (RFC 6749 §4.1.2: at most ten minutes; FAPI 2.0: at most 60 s).
    pub code_life: i64,
    /// Seconds an access token is good for.
    pub access_token_life: i64,
    /// Seconds a cross-device session waits, from opening or from the last extension.
    pub cross_device_life: i64,
    /// Days a 网证 is valid, never longer than the document.
    pub credential_days: i32,
    /// Days after which the registry is asked again about a document (R15.2).
    pub recheck_days: i32,
    /// Days an application is kept while the registry does not answer (R15.2).
    pub kept_application_days: i32,
    /// Days within which a complaint about a refused right is answered (PIPL 50).
    pub rights_days: i32,
    /// Devices one person may hold.
    pub most_devices: u32,
    /// Seconds before a recovered device works when no old device and no recovery code vouched for
    /// it (P-recovery).
    pub recovery_delay: i64,
    /// Seconds after which an idle session of staff is over (R12.4).
    pub staff_idle: i64,
    /// Seconds after which any session of staff is over.
    pub staff_longest: i64,
    /// Seconds a proposal waits for its second person.
    pub proposal_life: i64,
    /// Stretch passwords of staff hardly at all. **For tests.**
    pub light_passwords: bool,
    /// Signals to platforms leave at the end of batches of this many seconds (C1).
    pub signal_batch: i64,
    /// A signal waits up to this many seconds before its batch, at random (C1).
    pub signal_spread: i64,
    /// Seconds a platform has to confirm a withdrawal or a deletion (R8.3).
    pub signal_due: i64,
    /// Seconds a signal is kept: from when it is put into the outbox, or from when it is due.
    pub signal_life: i64,
    /// Seconds after the first attempt to bring a signal in vain.
    pub signal_retry: i64,
    /// Most signals that wait for one platform, beside those that must be confirmed.
    pub signal_most: u32,
    /// Seconds an approval can be taken back from its result page.
    pub undo_life: i64,
    /// Requests started by platforms that wait for one person at a time.
    pub most_waiting: u32,
    /// Refusals in [`Policy::refusal_memory`] after which no more are put before the person.
    pub most_refusals: u32,
    /// Seconds a refusal of such a request is remembered.
    pub refusal_memory: i64,
    /// Seconds between a person's wish to leave and the erasure, in which it can be cancelled (R9.5).
    pub leave_cooling_off: i64,
    /// Days somebody who left more than once waits before coming back (R2.3).
    pub reapply_wait: i32,
    /// Months the tombstone of somebody who left is kept (R2.3).
    pub tombstone_months: i32,
    /// Days the key of a back-up of data keys lives: so long an erased person may still be in a back-up (R9.5).
    pub backup_days: i32,
    /// How long what is kept (R9.1).
    pub periods: Periods,
    /// Levels and clocks of incidents (R12.3).
    pub incident: IncidentPolicy,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            age: AgePolicy::default(),
            age_markers: AgeMarkers::default(),
            complaint: ComplaintPolicy::default(),
            guardian: GuardianPolicy::default(),
            request_life: 590,
            code_life: 60,
            access_token_life: 300,
            cross_device_life: 120,
            credential_days: 5 * 365,
            recheck_days: 30,
            kept_application_days: 7,
            rights_days: 15,
            most_devices: 5,
            recovery_delay: 24 * 3600,
            staff_idle: 15 * 60,
            staff_longest: 12 * 3600,
            proposal_life: 72 * 3600,
            light_passwords: false,
            signal_batch: 60,
            signal_spread: 600,
            signal_due: 14 * 86_400,
            signal_life: 14 * 86_400,
            signal_retry: 30,
            signal_most: 100_000,
            undo_life: 600,
            most_waiting: 5,
            most_refusals: 3,
            refusal_memory: 3600,
            leave_cooling_off: 7 * 24 * 3600,
            reapply_wait: 30,
            tombstone_months: 12,
            backup_days: 7,
            periods: Periods::default(),
            incident: IncidentPolicy::default(),
        }
    }
}

/// Which algorithms an answer is signed with: each issuer has one suite (design §4 Algorithms).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Suite {
    /// `<issuer>`: IANA-registered names only.
    International,
    /// `<issuer>/sm`: SM2 throughout (R13.1).
    Commercial,
}

impl Suite {
    /// How what is disclosed is encrypted to a platform, and so the curve of the key it registers (R8.2, R13.1).
    pub fn encryption(self) -> Encryption {
        match self {
            Self::International => Encryption::A256Gcm,
            Self::Commercial => Encryption::Sm4Gcm,
        }
    }

    /// The signature algorithm of receipts and of the default ID token.
    pub fn signature(self) -> SignatureAlgorithm {
        match self {
            Self::International => SignatureAlgorithm::Es256,
            Self::Commercial => SignatureAlgorithm::Sm2Sm3,
        }
    }
}

/// The parts a [`Service`] is made of.
pub struct Parts {
    /// `https://…`, no slash at the end.
    pub issuer: String,
    /// Settings.
    pub policy: Policy,
    /// Rows.
    pub store: Arc<dyn Store>,
    /// Keys.
    pub keys: Arc<dyn KeyStore>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// The outside register of documents.
    pub registry: Arc<dyn Registry>,
    /// The outside comparison of faces; keeps nothing (P-face).
    pub face: Arc<dyn FaceVerifier>,
}

/// The domain at work. Cheap to share behind an `Arc`.
pub struct Service {
    /// `https://…`, no slash at the end.
    pub issuer: String,
    /// Settings.
    pub policy: Policy,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) keys: Arc<dyn KeyStore>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) registry: Arc<dyn Registry>,
    pub(crate) face: Arc<dyn FaceVerifier>,
    pub(crate) statements: SeenOnce,
    pub(crate) guesses: Guesses,
    pub(crate) pace: Pace,
    /// What is counted for the public report (R9.3).
    pub counts: Counts,
    pub(crate) unsigned_complaints: PerMinute,
    pub(crate) platform_days: PlatformDays,
    directory: RwLock<Directory>,
}

/// Reference data held in memory: platforms and notices, re-read by [`Service::reload`].
#[derive(Default)]
struct Directory {
    clients: HashMap<ClientId, (Arc<Platform>, usize)>,
    platforms: HashMap<PlatformId, Arc<Platform>>,
    editions: Editions,
    standings: HashMap<PlatformId, PlatformStanding>,
}

/// The service could not do its work; nothing of a rule.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keys.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// Something stored or made here is not what it should be.
    #[error("broken invariant: {0}")]
    Invariant(&'static str),
}

/// A registered app with its platform.
#[derive(Clone)]
pub struct RegisteredClient {
    /// The platform.
    pub platform: Arc<Platform>,
    position: usize,
}

impl RegisteredClient {
    /// The app.
    pub fn client(&self) -> &Client {
        &self.platform.clients[self.position]
    }
}

impl Service {
    /// A service over its parts. Call [`Service::reload`] before the first request.
    pub fn new(parts: Parts) -> Self {
        Self {
            issuer: parts.issuer,
            policy: parts.policy,
            store: parts.store,
            keys: parts.keys,
            clock: parts.clock,
            random: parts.random,
            registry: parts.registry,
            face: parts.face,
            statements: SeenOnce::new(2 * crate::statement::LEEWAY, 1 << 20),
            guesses: Guesses::default(),
            pace: Pace::default(),
            counts: Counts::default(),
            unsigned_complaints: PerMinute::default(),
            platform_days: PlatformDays::default(),
            directory: RwLock::default(),
        }
    }

    /// Reads platforms and notices anew.
    pub async fn reload(&self) -> Result<(), Fault> {
        let mut directory = Directory {
            editions: Editions::new(self.store.notice_versions().await?),
            ..Directory::default()
        };
        for standing in self.store.standings().await? {
            directory
                .standings
                .insert(standing.platform.clone(), standing);
        }
        for platform in self.store.platforms().await? {
            let platform = Arc::new(platform);
            for (position, client) in platform.clients.iter().enumerate() {
                directory
                    .clients
                    .insert(client.id.clone(), (platform.clone(), position));
            }
            directory.platforms.insert(platform.id.clone(), platform);
        }
        *self
            .directory
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = directory;
        Ok(())
    }

    /// The app of a client id.
    pub fn client(&self, id: &ClientId) -> Option<RegisteredClient> {
        let directory = self
            .directory
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let (platform, position) = directory.clients.get(id)?;
        Some(RegisteredClient {
            platform: platform.clone(),
            position: *position,
        })
    }

    /// The platform of an id.
    pub fn platform(&self, id: &PlatformId) -> Option<Arc<Platform>> {
        let directory = self
            .directory
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        directory.platforms.get(id).cloned()
    }

    /// All platforms, by id.
    pub fn platforms(&self) -> Vec<Arc<Platform>> {
        let directory = self
            .directory
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut platforms: Vec<_> = directory.platforms.values().cloned().collect();
        platforms.sort_by(|one, other| one.id.cmp(&other.id));
        platforms
    }

    /// Where a platform stands.
    pub fn standing(&self, id: &PlatformId) -> PlatformStanding {
        let directory = self
            .directory
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let standing = directory.standings.get(id).cloned();
        standing.unwrap_or_else(|| PlatformStanding::good(id.clone()))
    }

    /// The notices in force today, the service itself first.
    pub fn notices(&self) -> Arc<Vec<Notice>> {
        let today = self.now().day();
        Arc::new(self.editions().in_force(today).cloned().collect())
    }

    /// Every version of every notice.
    pub fn editions(&self) -> Editions {
        let directory = self
            .directory
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        directory.editions.clone()
    }

    /// Seals a short-lived value for its way through somebody else's hands, base64url. The same
    /// value in the same hour gives the same text.
    pub fn seal_value<T: Serialize>(&self, label: &str, value: &T) -> Result<String, Fault> {
        let plain = serde_json::to_vec(value).map_err(|_| Fault::Invariant("sealed value"))?;
        let sealed = self
            .keys()
            .seal(label, self.issuer.as_bytes(), &plain, self.now().0)?;
        Ok(Base64UrlUnpadded::encode_string(&sealed))
    }

    /// Opens what [`Service::seal_value`] made under the same label. `None`: it was not made here,
    /// or too long ago. Lifetimes shorter than the key's are inside the value.
    pub fn open_value<T: DeserializeOwned>(&self, label: &str, text: &str) -> Option<T> {
        let sealed = Base64UrlUnpadded::decode_vec(text).ok()?;
        let issuer = self.issuer.as_bytes();
        let plain = self
            .keys()
            .open(label, issuer, &sealed, self.now().0)
            .ok()?;
        serde_json::from_slice(&plain).ok()
    }

    /// The issuer identifier of a suite: `<issuer>` or `<issuer>/sm` (design §4 Algorithms).
    pub fn issuer_of(&self, suite: Suite) -> Cow<'_, str> {
        match suite {
            Suite::International => Cow::Borrowed(&self.issuer),
            Suite::Commercial => Cow::Owned(format!("{}/sm", self.issuer)),
        }
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Randomness.
    pub fn random(&self) -> &dyn Random {
        self.random.as_ref()
    }

    /// Keys.
    pub fn keys(&self) -> &dyn KeyStore {
        self.keys.as_ref()
    }

    /// Rows.
    pub fn store(&self) -> &dyn Store {
        self.store.as_ref()
    }
}

//! The service: what every rule needs, gathered once. Each noun adds its own steps to it.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::SignatureAlgorithm;
use crypto::keystore::{KeyError, KeyStore};
use crypto::random::Random;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::age::AgePolicy;
use crate::clock::{Clock, Timestamp};
use crate::consent::ConsentKind;
use crate::handover::guess::Guesses;
use crate::id::{ClientId, PlatformId};
use crate::notice::Notice;
use crate::platform::{Client, Platform};
use crate::proofing::FaceVerifier;
use crate::registry::Registry;
use crate::replay::SeenOnce;
use crate::store::{Store, StoreError};

/// Settings of the rules; the defaults are the documentation.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Ages and the day they turn (R4.2–R4.5).
    pub age: AgePolicy,
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
    /// Devices one person may hold.
    pub most_devices: u32,
    /// Seconds before a recovered device works when no old device and no recovery code vouched for
    /// it (P-recovery).
    pub recovery_delay: i64,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            age: AgePolicy::default(),
            request_life: 590,
            code_life: 60,
            access_token_life: 300,
            cross_device_life: 120,
            credential_days: 5 * 365,
            most_devices: 5,
            recovery_delay: 24 * 3600,
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
    directory: RwLock<Directory>,
}

/// Reference data held in memory: platforms and notices, re-read by [`Service::reload`].
#[derive(Default)]
struct Directory {
    clients: HashMap<ClientId, (Arc<Platform>, usize)>,
    platforms: HashMap<PlatformId, Arc<Platform>>,
    notices: Arc<Vec<Notice>>,
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
            directory: RwLock::default(),
        }
    }

    /// Reads platforms and notices anew.
    pub async fn reload(&self) -> Result<(), Fault> {
        let mut notices = self.store.notices().await?;
        // The service itself first, then what needs a consent of its own.
        notices.sort_by_key(|notice| (notice.consent != ConsentKind::General, notice.id.clone()));
        let mut directory = Directory {
            notices: Arc::new(notices),
            ..Directory::default()
        };
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

    /// The notices in force.
    pub fn notices(&self) -> Arc<Vec<Notice>> {
        let directory = self
            .directory
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        directory.notices.clone()
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

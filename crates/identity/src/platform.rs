//! 互联网平台: the relying party, its registered apps and its reviewed scenarios (Art. 7, R5.1).

use std::collections::BTreeSet;

use async_trait::async_trait;
use crypto::digest::Digest;
use jose::jwk::{ENCRYPTION, Jwk, JwkSet};
use serde::{Deserialize, Serialize};

use crate::audit::EventDraft;
use crate::id::{ClientId, PlatformId};
use crate::scenario::Scenario;
use crate::service::Suite;
use crate::store::StoreError;

/// A connected organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Platform {
    /// Which.
    pub id: PlatformId,
    /// Trade name, Chinese and English.
    pub name: LocalText,
    /// Host name shown to the person.
    pub host: String,
    /// The legal entity that processes the result.
    pub operator: String,
    /// How to reach it.
    pub contact: String,
    /// The other lawful ways to register or verify that it declared (R6.2).
    pub alternatives: LocalText,
    /// Its statement of equal service (R7.3).
    pub equal_service: LocalText,
    /// Its apps.
    pub clients: Vec<Client>,
    /// Its scenarios that were reviewed and approved, one by one (R5.1).
    pub scenarios: Vec<Scenario>,
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalText {
    /// zh-CN.
    pub chinese: String,
    /// en.
    pub english: String,
}

impl LocalText {
    /// Both texts.
    pub fn new(chinese: &str, english: &str) -> Self {
        Self {
            chinese: chinese.to_owned(),
            english: english.to_owned(),
        }
    }

    /// The text in a language, Chinese unless English is asked for.
    pub fn text(&self, language: &str) -> &str {
        if language.starts_with("en") {
            &self.english
        } else {
            &self.chinese
        }
    }
}

/// One registered app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// OAuth client id.
    pub id: ClientId,
    /// What it must and may do.
    pub profile: Profile,
    /// Exact redirect URIs.
    pub redirect_uris: BTreeSet<String>,
    /// Keys it signs client assertions with, and those that disclosures are encrypted to (`use: enc`).
    pub keys: JwkSet,
    /// SHA-256 of the secret, `simple` profile only. Never password-hashed: it has 256 random bits.
    pub secret: Option<Digest>,
    /// How its ID tokens are signed at the main issuer.
    pub id_token_algorithm: IdTokenAlgorithm,
}

/// The two profiles of design §5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Production: PAR, `private_key_jwt` with `aud` = issuer.
    Fapi,
    /// Sandbox, result-only scenarios: PAR optional, secret or key.
    Simple,
}

/// ID token signature at the main issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum IdTokenAlgorithm {
    /// ES256.
    #[serde(rename = "ES256")]
    Es256,
    /// RS256, where registered.
    #[serde(rename = "RS256")]
    Rs256,
}

impl Client {
    /// The key that disclosures to this app are encrypted to at the issuer of a suite (R8.2): of the suite's curve,
    /// registered for encryption. Without one nothing but the result leaves.
    pub fn encryption_key(&self, suite: Suite) -> Option<&Jwk> {
        let curve = suite.signature().curve();
        self.keys.keys.iter().find(|key| {
            let algorithm = key.alg.as_deref();
            key.key_use.as_deref() == Some(ENCRYPTION)
                && algorithm.is_none_or(|name| name == suite.encryption().algorithm())
                && key.public_key().is_ok_and(|key| key.curve() == curve)
        })
    }
}

impl Platform {
    /// The sector all its pairwise ids are made in: one platform, one sector (R2.3).
    pub fn sector(&self) -> &[u8] {
        self.id.as_str().as_bytes()
    }

    /// The app of an id.
    pub fn client(&self, id: &ClientId) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == *id)
    }

    /// The scenario used when a request names none.
    pub fn default_scenario(&self) -> Option<&Scenario> {
        self.scenarios.iter().find(|scenario| scenario.default)
    }
}

/// Platforms in the store: a reference table, read whole and cached.
#[async_trait]
pub trait PlatformStore: Send + Sync {
    /// Registers or replaces a platform. Event outcome `done`, in the
    /// [`reference_bucket`](crate::audit::reference_bucket) of its id.
    async fn put_platform(&self, platform: Platform, event: EventDraft) -> Result<(), StoreError>;
    /// All platforms.
    async fn platforms(&self) -> Result<Vec<Platform>, StoreError>;
}

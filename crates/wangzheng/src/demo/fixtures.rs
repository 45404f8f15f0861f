//! `DIR/demo.json`: what scripts, tests and people may know of a demo, keys included. It is kept over restarts.

mod catalogue;
mod staff;

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::{
    CryptoError, Curve, PrivateKey,
    digest::sha256,
    random::{self, Random},
};
use identity::{
    clock::Day,
    id::{ClientId, PlatformId},
    platform::{Client, IdTokenAlgorithm, Platform, Profile},
    registry::population::SandboxPerson,
    service::Suite,
    verification::mode::Mode,
};
use jose::{
    algorithm_name,
    jwk::{ENCRYPTION, Jwk, JwkSet, SIGNATURE},
};
use serde::{Deserialize, Serialize};

use crate::wallet::{
    folder::{self, Person},
    private_file,
    protocol::application::DocumentText,
};
use catalogue::{CATALOGUE, Entry};
use staff::Staff;

/// Where outside clients let their redirects go; nobody listens there.
pub(crate) const OUTSIDE_CALLBACK: &str = "http://127.0.0.1:9999/cb";

/// The file, in the shape of design §5.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Demo {
    /// The service.
    pub(crate) issuer: String,
    /// The demo platforms.
    pub(crate) platforms: Vec<DemoPlatform>,
    /// The sandbox persons.
    pub(crate) persons: Vec<Person>,
    /// Staff of every role.
    pub(crate) staff: Vec<Staff>,
}

/// A demo platform as its own developers know it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DemoPlatform {
    /// `forum`, `exam` …
    pub(crate) name: String,
    /// OAuth client id.
    pub(crate) client_id: String,
    /// Private keys: the first signs (ES256); where attributes are approved another decrypts (`use: enc`).
    pub(crate) jwks: JwkSet,
    /// The same with SM2, for `<issuer>/sm`.
    pub(crate) sm_jwks: JwkSet,
    /// Registered redirect URIs, exactly these.
    pub(crate) redirect_uris: Vec<String>,
    /// Reviewed scenarios.
    pub(crate) scenarios: Vec<DemoScenario>,
    /// `simple` where it is not the production profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) profile: Option<String>,
    /// Of the simple profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) client_secret: Option<String>,
}

/// A scenario as far as a client has to know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DemoScenario {
    /// What requests name.
    pub(crate) id: String,
    /// The weakest mode.
    pub(crate) mode: Mode,
    /// Attributes with a legal basis.
    pub(crate) attributes: Vec<String>,
    /// Applies when a request names none.
    pub(crate) default: bool,
}

/// Where a demo runs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    /// The service, for example `http://localhost:8080`.
    pub(crate) issuer: &'a str,
    /// Port of the platforms on 127.0.0.1: the service's and one.
    pub(crate) platform_port: u16,
    /// Further redirect URIs of `lab`.
    pub(crate) redirect_uris: &'a [String],
}

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FixtureError {
    /// A file.
    #[error("{path}: {error}; check the folder and its rights")]
    Disk {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A `demo.json` nobody can read.
    #[error("{0} is damaged; put its back-up in its place, or start with another --data folder")]
    Damaged(PathBuf),
    /// Something that was to be registered has no valid form.
    #[error("{0:?} cannot be registered")]
    NotRegistrable(String),
    /// Wallets that cannot follow to another address.
    #[error("{0}")]
    Wallets(String),
    /// No keys.
    #[error(transparent)]
    Keys(#[from] CryptoError),
}

impl Demo {
    /// Reads `demo.json` of an earlier run, keeps its keys and secrets, brings the rest up to date, and writes it.
    pub(crate) fn prepare(
        directory: &Path,
        place: Place<'_>,
        persons: &[SandboxPerson],
        random: &dyn Random,
    ) -> Result<Self, FixtureError> {
        let path = directory.join("demo.json");
        let disk = |error| FixtureError::Disk {
            path: path.clone(),
            error,
        };
        let earlier: Option<Self> = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(disk(error)),
            Ok(text) => Some(
                serde_json::from_slice(&text).map_err(|_| FixtureError::Damaged(path.clone()))?,
            ),
        };
        let demo = Self::renewed(earlier.as_ref(), place, persons, random)?;
        let text =
            serde_json::to_vec_pretty(&demo).map_err(|_| FixtureError::Damaged(path.clone()))?;
        private_file::write(&path, &text).map_err(disk)?;
        if let Some(earlier) = earlier
            && earlier.issuer != demo.issuer
        {
            folder::follow(directory, &earlier.issuer, &demo.issuer)
                .map_err(|failure| FixtureError::Wallets(failure.text()))?;
        }
        Ok(demo)
    }

    fn renewed(
        earlier: Option<&Self>,
        place: Place<'_>,
        persons: &[SandboxPerson],
        random: &dyn Random,
    ) -> Result<Self, FixtureError> {
        let known = |entry: &Entry| {
            earlier?
                .platforms
                .iter()
                .find(|platform| platform.name == entry.name)
        };
        let platforms = CATALOGUE
            .iter()
            .map(|entry| DemoPlatform::of(entry, known(entry), place, random))
            .collect::<Result<_, _>>()?;
        let earlier_staff = earlier.map_or(&[][..], |earlier| &earlier.staff);
        let names: Vec<String> = CATALOGUE
            .iter()
            .map(|entry| entry.name.to_owned())
            .collect();
        Ok(Self {
            issuer: place.issuer.to_owned(),
            platforms,
            persons: persons.iter().map(person).collect(),
            staff: staff::of_every_role(earlier_staff, &names, random)?,
        })
    }

    /// The platforms as the service registers them.
    pub(crate) fn registered(&self, place: Place<'_>) -> Result<Vec<Platform>, FixtureError> {
        let mut platforms = Vec::new();
        for entry in CATALOGUE {
            let demo = self.platform(entry.name)?;
            platforms.push(Platform {
                id: PlatformId::parse(entry.name).ok_or_else(|| not_registrable(entry.name))?,
                name: entry.trade_name(),
                host: format!("127.0.0.1:{}", place.platform_port),
                operator: entry.operator.to_owned(),
                contact: format!("help@{}.example", entry.name),
                alternatives: entry.alternatives(),
                equal_service: catalogue::equal_service(),
                clients: vec![demo.client()?],
                scenarios: entry.scenarios.iter().map(catalogue::scenario).collect(),
            });
        }
        Ok(platforms)
    }

    /// The platform of a name.
    pub(crate) fn platform(&self, name: &str) -> Result<&DemoPlatform, FixtureError> {
        self.platforms
            .iter()
            .find(|platform| platform.name == name)
            .ok_or_else(|| not_registrable(name))
    }
}

impl DemoPlatform {
    fn of(
        entry: &Entry,
        earlier: Option<&Self>,
        place: Place<'_>,
        random: &dyn Random,
    ) -> Result<Self, FixtureError> {
        let name = entry.name;
        let (mut jwks, mut sm_jwks) = match earlier {
            Some(earlier) => (earlier.jwks.clone(), earlier.sm_jwks.clone()),
            None => (
                new_key(Curve::P256, &format!("{name}-1"), random)?,
                new_key(Curve::Sm2, &format!("{name}-sm-1"), random)?,
            ),
        };
        // R8.2: what is disclosed to it is encrypted to these; who gets only results has none.
        if entry.has_attributes() {
            for (keys, suite, kid) in [
                (&mut jwks, Suite::International, format!("{name}-enc-1")),
                (&mut sm_jwks, Suite::Commercial, format!("{name}-sm-enc-1")),
            ] {
                if encryption_key(keys).is_none() {
                    keys.keys.push(new_encryption_key(suite, &kid, random)?);
                }
            }
        }
        let mut redirect_uris = vec![
            format!("http://127.0.0.1:{}/{name}/callback", place.platform_port),
            OUTSIDE_CALLBACK.to_owned(),
        ];
        if entry.simple {
            redirect_uris.extend_from_slice(place.redirect_uris);
        }
        let secret = || Base64UrlUnpadded::encode_string(&random::array::<32>(random));
        let kept = earlier.and_then(|earlier| earlier.client_secret.clone());
        Ok(Self {
            name: name.to_owned(),
            client_id: format!("demo-{name}"),
            jwks,
            sm_jwks,
            redirect_uris,
            scenarios: entry
                .scenarios
                .iter()
                .map(catalogue::demo_scenario)
                .collect(),
            profile: entry.simple.then(|| "simple".to_owned()),
            client_secret: entry.simple.then(|| kept.unwrap_or_else(secret)),
        })
    }

    /// The app as the service registers it: public keys, digest of the secret.
    fn client(&self) -> Result<Client, FixtureError> {
        let redirect_uris: BTreeSet<String> = self.redirect_uris.iter().cloned().collect();
        for uri in &redirect_uris {
            openid::RedirectUri::parse(uri).map_err(|_| not_registrable(uri))?;
        }
        let keys = self.jwks.keys.iter().chain(&self.sm_jwks.keys);
        Ok(Client {
            id: ClientId::parse(&self.client_id).ok_or_else(|| not_registrable(&self.client_id))?,
            profile: match self.client_secret {
                Some(_) => Profile::Simple,
                None => Profile::Fapi,
            },
            redirect_uris,
            keys: JwkSet {
                keys: keys.map(Jwk::to_public).collect(),
            },
            secret: self
                .client_secret
                .as_ref()
                .map(|secret| sha256(&[secret.as_bytes()])),
            id_token_algorithm: IdTokenAlgorithm::Es256,
        })
    }
}

/// The private key that what is disclosed is encrypted to.
pub(crate) fn encryption_key(keys: &JwkSet) -> Option<&Jwk> {
    let mut keys = keys.keys.iter();
    keys.find(|key| key.key_use.as_deref() == Some(ENCRYPTION))
}

fn new_encryption_key(suite: Suite, kid: &str, random: &dyn Random) -> Result<Jwk, FixtureError> {
    let curve = match suite {
        Suite::International => Curve::P256,
        Suite::Commercial => Curve::Sm2,
    };
    let key = PrivateKey::generate(curve, random)?;
    let algorithm = suite.encryption().algorithm();
    Jwk::private(&key, Some(kid), Some(algorithm), Some(ENCRYPTION))
        .map_err(|_| CryptoError::InvalidKey.into())
}

fn new_key(curve: Curve, kid: &str, random: &dyn Random) -> Result<JwkSet, FixtureError> {
    let key = PrivateKey::generate(curve, random)?;
    let algorithm = algorithm_name(curve.signature_algorithm());
    let jwk = Jwk::private(&key, Some(kid), Some(algorithm), Some(SIGNATURE))
        .map_err(|_| CryptoError::InvalidKey)?;
    Ok(JwkSet { keys: vec![jwk] })
}

fn person(person: &SandboxPerson) -> Person {
    let document = &person.document;
    let number = document.number();
    Person {
        name: person.name.clone(),
        pin: person.pin.clone(),
        document: DocumentText {
            kind: number.kind().as_str().to_owned(),
            number: number.printed().to_owned(),
            holder: document.holder().as_str().to_owned(),
            birth_date: Day::of(document.birth_date()).to_string(),
            valid_until: document.valid_until().map(|day| Day::of(day).to_string()),
        },
        guardians: person.guardians.clone(),
    }
}

fn not_registrable(text: &str) -> FixtureError {
    FixtureError::NotRegistrable(text.to_owned())
}

#[cfg(test)]
mod tests;

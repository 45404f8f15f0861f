//! The platforms of a world: one for each thing that platforms differ in.

use std::collections::BTreeSet;

use crypto::digest::sha256;
use crypto::random::SystemRandom;
use crypto::{Curve, PrivateKey};
use identity::age::marker::Bracket;
use identity::disclosure::attribute::Attribute;
use identity::id::{ClientId, PlatformId, ScenarioId};
use identity::platform::{Client, IdTokenAlgorithm, LocalText, Platform, Profile};
use identity::scenario::{ApprovedAttribute, Scenario};
use identity::verification::mode::Mode;
use jose::jwk::{ENCRYPTION, Jwk, JwkSet};

/// What a platform got at its registration, private parts included.
#[derive(Clone)]
pub struct Registration {
    /// As the service registers it.
    pub platform: Platform,
    /// ES256 key, `kid` `<name>-1`.
    pub key: PrivateKey,
    /// SM2 key for `<issuer>/sm`, `kid` `<name>-sm-1`.
    pub sm_key: PrivateKey,
    /// What is disclosed to it is encrypted to this one, `kid` `<name>-enc-1`.
    pub encryption_key: PrivateKey,
    /// The same at `<issuer>/sm`, `kid` `<name>-sm-enc-1`.
    pub sm_encryption_key: PrivateKey,
    /// Secret, in the simple profile.
    pub secret: Option<String>,
}

struct Row {
    name: &'static str,
    title: &'static str,
    profile: Profile,
    id_token: IdTokenAlgorithm,
    /// Id, mode, attributes; the first is the default.
    scenarios: &'static [(&'static str, Mode, &'static [&'static str])],
}

const ROWS: &[Row] = &[
    Row {
        name: "forum",
        title: "岚山论坛",
        profile: Profile::Fapi,
        id_token: IdTokenAlgorithm::Es256,
        scenarios: &[
            ("account-registration", Mode::Wangzheng, &[]),
            ("sign-in", Mode::Wangzheng, &[]),
            ("step-up", Mode::WangzhengPin, &[]),
        ],
    },
    Row {
        name: "exam",
        title: "青崖考试院",
        profile: Profile::Fapi,
        id_token: IdTokenAlgorithm::Es256,
        scenarios: &[
            ("on-site-check", Mode::WangzhengFace, &[]),
            ("account-registration", Mode::Wangzheng, &[]),
            ("supervised", Mode::WangzhengPinFace, &[]),
        ],
    },
    Row {
        name: "bank",
        title: "汀州银行",
        profile: Profile::Fapi,
        id_token: IdTokenAlgorithm::Es256,
        scenarios: &[
            (
                "account-opening",
                Mode::WangzhengPin,
                &["name", "document_number"],
            ),
            ("account-registration", Mode::Wangzheng, &[]),
        ],
    },
    Row {
        name: "game",
        title: "逐浪游戏",
        profile: Profile::Fapi,
        id_token: IdTokenAlgorithm::Es256,
        scenarios: &[("account-registration", Mode::Wangzheng, &["age_marker"])],
    },
    Row {
        name: "care",
        title: "银龄服务",
        profile: Profile::Fapi,
        id_token: IdTokenAlgorithm::Es256,
        scenarios: &[("account-registration", Mode::Wangzheng, &["age_marker"])],
    },
    Row {
        name: "shop",
        title: "多要商城",
        profile: Profile::Fapi,
        id_token: IdTokenAlgorithm::Es256,
        scenarios: &[("account-registration", Mode::Wangzheng, &[])],
    },
    Row {
        name: "lab",
        title: "开发者实验室",
        profile: Profile::Simple,
        id_token: IdTokenAlgorithm::Es256,
        scenarios: &[("account-registration", Mode::Wangzheng, &[])],
    },
    Row {
        name: "lab-rsa",
        title: "另一实验室",
        profile: Profile::Simple,
        id_token: IdTokenAlgorithm::Rs256,
        scenarios: &[("account-registration", Mode::Wangzheng, &[])],
    },
];

/// All of them, with fresh keys.
pub fn registrations() -> Vec<Registration> {
    ROWS.iter().map(Row::registration).collect()
}

impl Row {
    fn registration(&self) -> Registration {
        let name = self.name;
        let key = |curve| PrivateKey::generate(curve, &SystemRandom).expect("a key");
        let (key, sm_key) = (key(Curve::P256), key(Curve::Sm2));
        let made = |curve| PrivateKey::generate(curve, &SystemRandom).expect("a key");
        let (encryption_key, sm_encryption_key) = (made(Curve::P256), made(Curve::Sm2));
        let published = |key: &PrivateKey, kid: &str, key_use: Option<&str>| {
            Jwk::public(key.public(), Some(kid), None, key_use)
        };
        let mut keys = vec![
            published(&key, &format!("{name}-1"), None),
            published(&sm_key, &format!("{name}-sm-1"), None),
        ];
        // Only who is approved for attributes has any use for these.
        if self.scenarios.iter().any(|(.., names)| !names.is_empty()) {
            let encryption = Some(ENCRYPTION);
            keys.push(published(
                &encryption_key,
                &format!("{name}-enc-1"),
                encryption,
            ));
            let kid = format!("{name}-sm-enc-1");
            keys.push(published(&sm_encryption_key, &kid, encryption));
        }
        let secret =
            (self.profile == Profile::Simple).then(|| format!("secret-of-{name}-0123456789abcdef"));
        let client = Client {
            id: ClientId(format!("app-{name}")),
            profile: self.profile,
            redirect_uris: BTreeSet::from([
                format!("https://{name}.example/callback"),
                format!("https://{name}.example/second?from=wz"),
            ]),
            keys: JwkSet { keys },
            secret: secret.as_ref().map(|secret| sha256(&[secret.as_bytes()])),
            id_token_algorithm: self.id_token,
        };
        let text = |what: &str| LocalText::new(&format!("{}：{what}", self.title), what);
        let platform = Platform {
            id: PlatformId(name.to_owned()),
            name: LocalText::new(self.title, name),
            host: format!("{name}.example"),
            operator: format!("{}有限公司", self.title),
            contact: format!("help@{name}.example"),
            alternatives: text("other ways"),
            equal_service: text("equal service"),
            clients: vec![client],
            scenarios: self
                .scenarios
                .iter()
                .enumerate()
                .map(|(i, row)| scenario(i == 0, name, row))
                .collect(),
        };
        Registration {
            platform,
            key,
            sm_key,
            encryption_key,
            sm_encryption_key,
            secret,
        }
    }
}

/// The bracket a platform has a registered duty about (R10.1).
fn bracket(platform: &str) -> Bracket {
    Bracket::new(if platform == "care" { "elder" } else { "minor" })
}

fn scenario(default: bool, platform: &str, row: &(&str, Mode, &[&str])) -> Scenario {
    let (id, mode, attributes) = row;
    let text = |what: &str| LocalText::new(&format!("场景 {id} {what}"), &format!("{id} {what}"));
    Scenario {
        id: ScenarioId((*id).to_owned()),
        title: text("title"),
        purpose: text("purpose"),
        legal_basis: text("legal basis"),
        retention: text("retention"),
        mode: *mode,
        attributes: attributes
            .iter()
            .map(|name| Attribute::from_name(name).expect("an attribute"))
            .map(|name| ApprovedAttribute {
                name,
                legal_basis: text("basis"),
                bracket: (name == Attribute::AgeMarker).then(|| bracket(platform)),
            })
            .collect(),
        default,
    }
}

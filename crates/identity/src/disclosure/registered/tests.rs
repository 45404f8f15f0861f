use std::collections::BTreeSet;

use crypto::random::SeededRandom;
use crypto::{Curve, PrivateKey};
use jose::jwk::{ENCRYPTION, Jwk, JwkSet, SIGNATURE};

use super::*;
use crate::id::{ClientId, PlatformId, ScenarioId};
use crate::platform::{IdTokenAlgorithm, LocalText};
use crate::verification::mode::Mode;

fn key(curve: Curve, key_use: &str, alg: Option<&str>) -> Jwk {
    let key = PrivateKey::generate(curve, &SeededRandom::new(1)).unwrap();
    Jwk::public(key.public(), Some("k"), alg, Some(key_use))
}

fn attribute(name: Attribute, bracket: Option<&str>) -> ApprovedAttribute {
    ApprovedAttribute {
        name,
        legal_basis: LocalText::new("《法》第一条", "Law, Art. 1"),
        bracket: bracket.map(Bracket::new),
    }
}

fn scenario(id: &str, attributes: Vec<ApprovedAttribute>) -> Scenario {
    let text = LocalText::new("文", "text");
    Scenario {
        id: ScenarioId(id.to_owned()),
        title: text.clone(),
        purpose: text.clone(),
        legal_basis: text.clone(),
        retention: text,
        mode: Mode::Wangzheng,
        attributes,
        default: false,
    }
}

fn platform(scenarios: Vec<Scenario>) -> Platform {
    let text = LocalText::new("文", "text");
    Platform {
        id: PlatformId("bank".to_owned()),
        name: text.clone(),
        host: "bank.example".to_owned(),
        operator: String::new(),
        contact: String::new(),
        alternatives: text.clone(),
        equal_service: text,
        clients: vec![Client {
            id: ClientId("app".to_owned()),
            profile: Profile::Fapi,
            redirect_uris: BTreeSet::new(),
            keys: JwkSet {
                keys: vec![
                    key(Curve::P256, SIGNATURE, None),
                    key(Curve::P256, ENCRYPTION, Some("ECDH-ES")),
                ],
            },
            secret: None,
            id_token_algorithm: IdTokenAlgorithm::Es256,
        }],
        scenarios,
    }
}

fn with_name() -> Platform {
    platform(vec![scenario(
        "opening",
        vec![attribute(Attribute::Name, None)],
    )])
}

fn judge(platform: &Platform) -> Result<(), NotApproved> {
    platform.approvable(&AgeMarkers::default())
}

#[test]
fn r8_2_each_attribute_needs_its_own_legal_basis() {
    assert_eq!(judge(&with_name()), Ok(()));
    for blank in ["", " \n"] {
        let mut bank = with_name();
        bank.scenarios[0].attributes[0].legal_basis.chinese = blank.to_owned();
        assert_eq!(judge(&bank), Err(NotApproved::NoLegalBasis));
        let mut bank = with_name();
        bank.scenarios[0].attributes[0].legal_basis.english = blank.to_owned();
        assert_eq!(judge(&bank), Err(NotApproved::NoLegalBasis));
    }
}

#[test]
fn r8_1_the_simple_profile_never_has_attributes() {
    let mut lab = with_name();
    lab.clients[0].profile = Profile::Simple;
    assert_eq!(judge(&lab), Err(NotApproved::SimpleProfile));
    lab.scenarios[0].attributes.clear();
    assert_eq!(judge(&lab), Ok(()));
}

#[test]
fn r8_2_without_a_key_for_encryption_no_attribute_is_approved() {
    for keys in [
        vec![],
        vec![key(Curve::P256, SIGNATURE, None)],
        vec![key(Curve::P256, ENCRYPTION, Some("ECDH-ES+A256KW"))],
        vec![key(Curve::Sm2, ENCRYPTION, None)],
    ] {
        let mut bank = with_name();
        bank.clients[0].keys = JwkSet { keys };
        assert_eq!(judge(&bank), Err(NotApproved::NoEncryptionKey));
    }
    let sm = JwkSet {
        keys: vec![key(Curve::Sm2, ENCRYPTION, Some("SGD_SM2_3"))],
    };
    let mut bank = with_name();
    bank.clients[0].keys = sm;
    assert!(bank.clients[0].encryption_key(Suite::Commercial).is_some());
    assert!(
        bank.clients[0]
            .encryption_key(Suite::International)
            .is_none()
    );
}

#[test]
fn r10_1_an_age_marker_needs_a_duty_about_exactly_one_configured_bracket() {
    let game = |brackets: &[Option<&str>]| {
        let scenarios = brackets.iter().enumerate().map(|(index, bracket)| {
            let marker = attribute(Attribute::AgeMarker, *bracket);
            scenario(&format!("s{index}"), vec![marker])
        });
        platform(scenarios.collect())
    };
    assert_eq!(judge(&game(&[Some("minor")])), Ok(()));
    assert_eq!(judge(&game(&[Some("minor"), Some("minor")])), Ok(()));
    for refused in [
        game(&[None]),
        game(&[Some("over_40")]),
        // Two brackets at one platform would be two predicates about one person.
        game(&[Some("minor"), Some("under_14")]),
        platform(vec![scenario(
            "s",
            vec![attribute(Attribute::BirthDate, Some("minor"))],
        )]),
    ] {
        assert_eq!(judge(&refused), Err(NotApproved::NoBracket));
    }
}

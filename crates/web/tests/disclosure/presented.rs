//! What a device shows has to be exactly what was consented to, of the credential in force, for this very request (R8.2).

use crypto::keystore::SigningPurpose;
use crypto::random::SystemRandom;
use identity::audit::{AuditEvent, EventDraft};
use identity::disclosure::attribute::Attribute;
use identity::id::PlatformId;
use identity::platform::{LocalText, PlatformStore};
use identity::scenario::ApprovedAttribute;
use jose::jws::StoreSigner;
use jose::sd_jwt::{Issue, SdJwt};
use serde_json::{Map, Value, json};
use testkit::{Decision, Holder, ISSUER, Redirect, World};

use super::{BOTH, at_the_bank};

/// A review approves other attributes for the first scenario of a platform.
pub(super) async fn approve_attributes(world: &World, platform: &str, names: &[&str]) {
    let id = PlatformId::parse(platform).unwrap();
    let mut platform = (*world.service().platform(&id).expect("a platform")).clone();
    let basis = LocalText::new("《法》", "Law");
    platform.scenarios[0].attributes = names
        .iter()
        .map(|name| ApprovedAttribute {
            name: Attribute::from_name(name).unwrap(),
            legal_basis: basis.clone(),
            bracket: None,
        })
        .collect();
    register(world, platform).await;
}

pub(super) async fn register(world: &World, platform: identity::platform::Platform) {
    let event = AuditEvent::PlatformChanged {
        platform: platform.id.clone(),
        clients: Vec::new(),
        at: world.now(),
    };
    let event = EventDraft::new(event, &SystemRandom);
    let store = world.service().store();
    PlatformStore::put_platform(store, platform, event)
        .await
        .unwrap();
    world.service().reload().await.unwrap();
}

fn refused(code: &str) -> (u16, String) {
    (403, code.to_owned())
}

/// A consent to the name, with what the device shows for it, ready to be spoiled.
async fn consent_to_the_name(person: &Holder) -> Decision {
    consent_to(person, "name").await
}

async fn consent_to(person: &Holder, name: &str) -> Decision {
    let bank = person.world().platform("bank");
    let request = bank.requests_attributes("account-opening", &[name]).await;
    person.approval(&request).await.consents(&[name])
}

/// R8.2: not one attribute fewer and not one more than was ticked, for this request, by this device.
#[tokio::test]
async fn r8_2_what_is_shown_is_exactly_what_was_ticked_here_and_now() {
    let (world, person, _) = at_the_bank().await;
    let other = world.person("resident2").applies().await;
    let good = consent_to_the_name(&person).await;
    let nonce = |decision: &Decision| {
        use base64ct::{Base64UrlUnpadded, Encoding};
        let digest = crypto::digest::sha256(&[decision.transaction.as_bytes()]);
        Base64UrlUnpadded::encode_string(&digest.0)
    };
    let shown = good.presentation.clone().unwrap();
    let unbound = &shown[..=shown.rfind('~').unwrap()];
    let early = {
        world.advance(-400);
        let early = good.shows(&["name"]);
        world.advance(400);
        early
    };
    let cases = [
        ("nothing", None, "presentation_needed"),
        (
            "no text of the kind",
            Some("x".to_owned()),
            "presentation_invalid",
        ),
        (
            "more than was ticked",
            Some(good.shows(&BOTH)),
            "presentation_invalid",
        ),
        (
            "another than was ticked",
            Some(good.shows(&["document_number"])),
            "presentation_invalid",
        ),
        ("fewer", Some(good.shows(&[])), "presentation_invalid"),
        (
            "no key binding",
            Some(unbound.to_owned()),
            "presentation_invalid",
        ),
        (
            "bound to another request",
            Some(person.presents(&["name"], ISSUER, "another")),
            "presentation_invalid",
        ),
        (
            "made out to another reader",
            Some(person.presents(&["name"], "https://bank.example", &nonce(&good))),
            "presentation_invalid",
        ),
        (
            "somebody else's credential",
            Some(other.presents(&["name"], ISSUER, &nonce(&good))),
            "presentation_invalid",
        ),
        ("made too long ago", Some(early), "presentation_invalid"),
    ];
    for (what, presentation, code) in cases {
        let spoiled = good.clone().showing(presentation);
        assert_eq!(spoiled.send().await.outcome(), refused(code), "{what}");
    }
    // Nothing consented, something shown: refused as well.
    let untold = consent_to_the_name(&person)
        .await
        .with("attributes", json!([]));
    assert_eq!(
        untold.send().await.outcome(),
        refused("presentation_invalid")
    );
    // None of it took the request, nor spent an attempt at the 口令.
    Redirect::of(&good.send().await.expect(200)).code();
}

/// Consent covers nothing that was not asked, whatever the device shows (R8.2).
#[tokio::test]
async fn r8_2_consent_covers_nothing_that_was_not_asked() {
    let (_, person, bank) = at_the_bank().await;
    let asked = bank.requests_attributes("account-opening", &["name"]).await;
    let more = person.approval(&asked).await.consents(&BOTH);
    assert_eq!(
        more.send().await.outcome(),
        refused("attribute_not_requested")
    );
    let nothing = bank.requests("account-opening").await;
    for name in ["name", "wanghao", "photo"] {
        let more = person.approval(&nothing).await;
        let more = more.with("attributes", json!([name]));
        assert_eq!(
            more.send().await.outcome(),
            refused("attribute_not_requested"),
            "{name}"
        );
    }
}

/// R8.2: approved when asked and not when consented: nothing leaves, and the person is told.
#[tokio::test]
async fn r8_2_an_approval_that_ended_in_between_lets_nothing_out() {
    let (world, person, _) = at_the_bank().await;
    let decision = consent_to_the_name(&person).await;
    approve_attributes(&world, "bank", &["document_number"]).await;
    assert_eq!(
        decision.send().await.outcome(),
        refused("attribute_not_approved")
    );
    approve_attributes(&world, "bank", &BOTH).await;
    decision.send().await.expect(200);
}

/// A credential signed by the service's own key that says what the test wants.
fn credential(person: &Holder, purpose: SigningPurpose, spoil: (&str, Value)) -> String {
    let own = SdJwt::parse(&person.wallet().credential).unwrap();
    let payload = jose::jws::Unverified::parse(&own.jws).unwrap();
    let mut claims: Map<String, Value> = payload.unverified_claims().unwrap();
    let mut disclosable: Map<String, Value> = own
        .disclosures
        .iter()
        .map(|disclosure| {
            let name = disclosure.name().unwrap().to_owned();
            (name, disclosure.value().clone())
        })
        .collect();
    for name in ["_sd", "_sd_alg", "cnf"] {
        claims.remove(name);
    }
    let mut holder = person.wallet().device.public().clone();
    match spoil {
        ("cnf", _) => {
            let other = crypto::PrivateKey::generate(crypto::Curve::P256, &SystemRandom);
            holder = other.unwrap().public().clone();
        }
        (name, value) if disclosable.contains_key(name) => {
            disclosable.insert(name.to_owned(), value);
        }
        (name, value) => {
            claims.insert(name.to_owned(), value);
        }
    }
    let issue = Issue {
        typ: "dc+sd-jwt".to_owned(),
        claims,
        disclosable,
        holder: Some(jose::jwk::Jwk::public(&holder, None, None, None)),
        decoys: 0,
    };
    let signer = StoreSigner {
        store: person.world().keys(),
        purpose,
        algorithm: crypto::SignatureAlgorithm::Es256,
    };
    SdJwt::issue(issue, &signer, &SystemRandom)
        .unwrap()
        .to_string()
}

/// R2.2, R15.2: only the credential in force; what was true of an earlier document is not passed on.
#[tokio::test]
async fn r15_2_only_the_credential_in_force_is_passed_on() {
    let (world, mut person, _) = at_the_bank().await;
    let own = person.wallet().credential.clone();
    let now = world.now().0;
    for (what, value, code) in [
        ("name", json!("别人"), "credential_outdated"),
        ("iat", json!(now - 2 * 86_400), "credential_outdated"),
        ("exp", json!(now), "credential_outdated"),
        ("iss", json!("https://other.example"), "credential_outdated"),
        ("vct", json!("urn:other"), "credential_outdated"),
        ("cnf", json!(null), "presentation_invalid"),
    ] {
        let spoiled = credential(&person, SigningPurpose::Credential, (what, value));
        person.wallet_mut().credential = spoiled;
        let decision = consent_to_the_name(&person).await;
        assert_eq!(decision.send().await.outcome(), refused(code), "{what}");
    }
    // What the service's own record says otherwise, each by itself.
    let kept = ["name", "document_number", "document_kind", "birth_date"];
    approve_attributes(&world, "bank", &kept).await;
    for name in kept {
        let old = credential(&person, SigningPurpose::Credential, (name, json!("old")));
        person.wallet_mut().credential = old;
        let decision = consent_to(&person, name).await;
        assert_eq!(
            decision.send().await.outcome(),
            refused("credential_outdated"),
            "{name}"
        );
        person.wallet_mut().credential = own.clone();
    }
    // Signed by another of our keys: not a credential.
    let token = credential(&person, SigningPurpose::Token, ("unused", json!(1)));
    person.wallet_mut().credential = token;
    let decision = consent_to_the_name(&person).await;
    assert_eq!(
        decision.send().await.outcome(),
        refused("credential_outdated")
    );
    // The control: made the same way and not spoiled, it is taken.
    person.wallet_mut().credential = own;
    let fresh = credential(&person, SigningPurpose::Credential, ("unused", json!(1)));
    person.wallet_mut().credential = fresh;
    consent_to_the_name(&person).await.send().await.expect(200);
}

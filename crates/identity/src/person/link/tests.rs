use crypto::digest::sha256;
use crypto::keystore::MemoryKeys;
use crypto::random::{Random, SeededRandom};
use crypto::{Curve, PrivateKey};

use super::*;
use crate::device::DeviceCurve;
use crate::handover::fake::FakeHandovers;
use crate::id::Bucket;

const NOW: Timestamp = Timestamp(1_800_000_000);

struct World {
    store: FakeHandovers,
    keys: MemoryKeys,
    random: SeededRandom,
    guesses: Guesses,
}

impl World {
    fn new() -> Self {
        let random = SeededRandom::new(12);
        let keys = MemoryKeys::generate(&random);
        Self {
            store: FakeHandovers::default(),
            keys,
            random,
            guesses: Guesses::default(),
        }
    }

    fn at(&self, seconds: i64) -> Links<'_> {
        let now = NOW.plus(seconds);
        let desk = Desk {
            store: &self.store,
            keys: &self.keys,
            random: &self.random,
            now,
            label: LABEL,
        };
        Links {
            desk,
            guesses: &self.guesses,
        }
    }

    fn person(&self) -> PersonId {
        PersonId::generate(Bucket::new(7).unwrap(), &self.random)
    }

    fn device(&self, name: &str) -> NewKeys {
        let key = PrivateKey::generate(Curve::P256, &self.random as &dyn Random).unwrap();
        NewKeys {
            name: name.to_owned(),
            ..NewKeys::new(key.public(), DeviceCurve::P256, &self.at(0).desk).unwrap()
        }
    }
}

fn refusal<T>(result: Result<T, LinkError>) -> String {
    match result {
        Err(LinkError::Refused(refused)) => format!("{refused:?}"),
        Err(LinkError::Fault(fault)) => panic!("{fault}"),
        Ok(_) => panic!("not refused"),
    }
}

#[tokio::test]
async fn a_link_goes_from_a_code_to_a_device() {
    let world = World::new();
    let (person, new) = (world.person(), world.device("phone"));
    let link = world.at(0).start(person).await.unwrap();
    assert_eq!(world.at(1).claimed(person, &link.code).await.unwrap(), None);

    let typed = format!(" {} {}", &link.code[..4], &link.code[4..]);
    let (code, expires_at) = world.at(2).claim(&typed, &new).await.unwrap();
    assert_eq!(
        (code.as_str(), expires_at),
        (link.code.as_str(), NOW.plus(LIFE))
    );
    let claimed = world.at(3).claimed(person, &code).await.unwrap().unwrap();
    assert_eq!(
        (claimed.name.as_str(), claimed.check),
        ("phone", new.check().unwrap())
    );
    assert_eq!(world.at(3).outcome(&code, new.claim).await.unwrap(), None);

    let confirmed = world.at(4).confirm(person, &code).await.unwrap();
    assert!(confirmed == new);
    let handle = DeviceHandle(crate::id::OpaqueId([5; 16]));
    world.at(4).linked(&code, new.claim, handle).await.unwrap();
    let outcome = world.at(5).outcome(&code, new.claim).await.unwrap();
    assert_eq!(outcome, Some(handle.0.to_string()));
}

#[tokio::test]
async fn one_device_claims_a_code_and_one_confirmation_counts() {
    let world = World::new();
    let (person, first, second) = (world.person(), world.device("a"), world.device("b"));
    let code = world.at(0).start(person).await.unwrap().code;
    assert_eq!(
        refusal(world.at(1).confirm(person, &code).await),
        "NotClaimed"
    );
    let (one, other) = (world.at(1), world.at(1));
    let (one, other) = tokio::join!(one.claim(&code, &first), other.claim(&code, &second));
    assert_eq!(
        [one.is_ok(), other.is_ok()]
            .iter()
            .filter(|ok| **ok)
            .count(),
        1
    );
    let winner = if one.is_ok() { &first } else { &second };

    let (one, other) = (world.at(2), world.at(2));
    let (one, other) = tokio::join!(one.confirm(person, &code), other.confirm(person, &code));
    let confirmed: Vec<NewKeys> = [one, other].into_iter().filter_map(Result::ok).collect();
    assert!(confirmed == vec![winner.clone()]);
}

#[tokio::test]
async fn a_link_is_nobody_elses_and_ends() {
    let world = World::new();
    let (person, other, new) = (world.person(), world.person(), world.device("a"));
    let code = world.at(0).start(person).await.unwrap().code;
    world.at(1).claim(&code, &new).await.unwrap();
    assert_eq!(refusal(world.at(1).claimed(other, &code).await), "Unknown");
    assert_eq!(refusal(world.at(1).confirm(other, &code).await), "Unknown");
    assert!(!world.at(1).end(other, &code).await.unwrap());
    assert_eq!(
        refusal(world.at(1).outcome(&code, [0; 16]).await),
        "Unknown"
    );
    assert_eq!(
        refusal(world.at(LIFE + 1).confirm(person, &code).await),
        "Unknown"
    );
    assert!(world.at(1).end(person, &code).await.unwrap());
    assert_eq!(
        refusal(world.at(1).outcome(&code, new.claim).await),
        "Unknown"
    );
}

#[tokio::test]
async fn wrong_codes_are_counted() {
    let world = World::new();
    let new = world.device("a");
    for last in 0..5 {
        assert_eq!(
            refusal(world.at(0).claim(&format!("1234567{last}"), &new).await),
            "Unknown"
        );
    }
    assert_eq!(
        refusal(world.at(0).claim("12345679", &new).await),
        "TooManyGuesses"
    );
    assert_eq!(
        refusal(world.at(0).claim("no digits", &new).await),
        "Unknown"
    );
}

#[test]
fn the_check_is_what_a_browser_computes() {
    // The steps of a script, over the key of RFC 7517 Appendix A.1: canonical JSON (RFC 7638 §3),
    // its SHA-256 as text, the SHA-256 of that text, four bytes as a number.
    let x = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4";
    let y = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM";
    let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
    let thumbprint = {
        use base64ct::{Base64UrlUnpadded, Encoding};
        Base64UrlUnpadded::encode_string(&sha256(&[canonical.as_bytes()]).0)
    };
    let digest = sha256(&[thumbprint.as_bytes()]);
    let number = digest.0[..4]
        .iter()
        .fold(0_u64, |sum, byte| sum * 256 + u64::from(*byte));
    let point = {
        use base64ct::{Base64UrlUnpadded, Encoding};
        let part = |text| Base64UrlUnpadded::decode_vec(text).unwrap();
        [vec![4], part(x), part(y)].concat()
    };
    let keys = NewKeys {
        claim: [0; 16],
        signing_key: point,
        curve: DeviceCurve::P256,
        agreement_key: Vec::new(),
        name: String::new(),
    };
    assert_eq!(keys.check().unwrap(), format!("{:04}", number % 10_000));
}

//! One verification, walked through in the terminal: applied → approved → what the platform got (design §5).
//!
//! Everything goes over HTTP to the running service: the wallet's side with the wallet's own protocol, the forum's
//! side with the forum's own client.

mod story;

use std::{io::Write, path::Path, sync::Arc};

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::random::{Random, SystemRandom};
use identity::clock::{Clock, SystemClock};

use super::{
    fixtures::{Demo, FixtureError},
    platforms::relying_party,
    relying_party::{NoResult, Wish},
};
use crate::wallet::{
    failure::Failure,
    folder::{self, Folder, Person},
    http::{self, HttpService},
    protocol::{
        Failed, Service, Wallet,
        application::{self, Applicant, Begun},
        approval::{self, Address, Approval, Consent, Decided, Decision, Request},
        keys::FirstKeys,
        recovery,
    },
};
use story::Story;

/// Who walks.
const PERSON: &str = "resident";
/// Where to.
const PLATFORM: &str = "forum";

/// Why the walk ended early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WalkError {
    /// The person's side.
    #[error("the walk of {PERSON} ended early: {0}")]
    Wallet(String),
    /// The platform's side.
    #[error("the forum got no result: {0}")]
    Platform(#[from] NoResult),
    /// R8.1 is broken.
    #[error("the forum received something of the person's document")]
    Leak,
    /// The demo's own data.
    #[error(transparent)]
    Fixture(#[from] FixtureError),
    /// The terminal.
    #[error("nothing can be printed: {0}")]
    Output(#[from] std::io::Error),
    /// The HTTP client.
    #[error("no HTTP client could be made: {0}")]
    Client(#[from] reqwest::Error),
}

impl From<Failure> for WalkError {
    fn from(failure: Failure) -> Self {
        Self::Wallet(failure.text())
    }
}

impl From<Failed> for WalkError {
    fn from(failed: Failed) -> Self {
        Failure::from(failed).into()
    }
}

/// Walks `resident` through a registration at the forum of the running demo, and prints it; as one JSON line with
/// `json`. A 网证 of an earlier run is used again.
pub(crate) async fn walk(
    demo: &Demo,
    data: &Path,
    json: bool,
    out: &mut dyn Write,
) -> Result<(), WalkError> {
    let transport = HttpService::new(&demo.issuer, "zh-CN").map_err(Failed::from)?;
    let service = Service {
        transport: &transport,
        issuer: &demo.issuer,
        clock: &SystemClock,
        random: &SystemRandom,
    };
    // 1. 申领.
    let (wallet, is_new) = held_or_applied(&service, data).await?;
    // 2. The forum asks; 3. the person approves; 4. the forum takes the answer.
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let random: Arc<dyn Random> = Arc::new(SystemRandom);
    let client = demo.platform(PLATFORM)?;
    let forum = relying_party(&demo.issuer, client, &http::client()?, &clock, &random)?;
    let scenario = client.scenarios.iter().find(|scenario| scenario.default);
    let scenario = scenario.ok_or(FixtureError::NotRegistrable(PLATFORM.to_owned()))?;
    let wish = Wish {
        scenario: scenario.id.clone(),
        mode: scenario.mode,
        attributes: Vec::new(),
    };
    let mut started = forum.start(wish).await.map_err(|refused| refused.reason)?;
    let (request, redirect) = approved(&service, &wallet, &started.address).await?;
    let query = redirect.split_once('?').map_or("", |(_, query)| query);
    let verified = forum.finish(&mut started.pending, query).await?;
    // 5. What the forum holds now, searched for the person (R8.1).
    let received: Vec<&str> = started
        .pending
        .trace
        .0
        .iter()
        .map(|received| received.text.as_str())
        .collect();
    let received = received.join("\n");
    nothing_of(&folder::person(data, PERSON)?, &received)?;
    // 6. Before everybody's eyes.
    let story = Story {
        wallet: &wallet,
        is_new,
        request: &request,
        verified: &verified,
        bytes: received.len(),
    };
    if json {
        writeln!(out, "{}", story.json())?;
    } else {
        story.tell(out)?;
    }
    out.flush()?;
    Ok(())
}

async fn held_or_applied(
    service: &Service<'_, HttpService>,
    data: &Path,
) -> Result<(Wallet, bool), WalkError> {
    let folder = Folder::new(data, PERSON)?;
    match folder.wallet()? {
        Some(wallet) if wallet.issuer == service.issuer => return Ok((wallet, false)),
        Some(wallet) => {
            let text = format!(
                "its wallet here is of {}; use another --data folder",
                wallet.issuer
            );
            return Err(WalkError::Wallet(text));
        }
        None => {}
    }
    let person = folder::person(data, PERSON)?;
    let applicant = Applicant {
        name: PERSON.to_owned(),
        document: person.document,
        pin: person.pin,
    };
    let keys = FirstKeys::generate(service.random)
        .map_err(|_| Failed::NotGenuine("the randomness of this machine"))?;
    match application::apply(service, applicant.clone(), keys, None, Begun::Now).await {
        Ok(applied) => {
            folder.keep(&applied.wallet)?;
            Ok((applied.wallet, true))
        }
        // The wallet of an earlier run was lost; the demo lets a new device work at once.
        Err(Failed::Refused(refusal)) if refusal.rule == "already_holds" => {
            let mut wallet = recovery::recover(service, applicant, None, None).await?;
            recovery::settle_history(service, &mut wallet).await?;
            folder.keep(&wallet)?;
            Ok((wallet, false))
        }
        Err(failed) => Err(failed.into()),
    }
}

async fn approved(
    service: &Service<'_, HttpService>,
    wallet: &Wallet,
    address: &str,
) -> Result<(Request, String), WalkError> {
    let address = Address::parse(address, service.issuer)
        .map_err(|error| WalkError::Wallet(error.to_string()))?;
    let request = approval::look(service, &address).await?;
    let decision = Decision::Approve(Approval {
        consent: Consent::Only(Vec::new()),
        pin: None,
        face: "ok".to_owned(),
        number: None,
        guardian: None,
    });
    match approval::decide(service, wallet, &address, &request, &decision).await? {
        Decided::Redirect(redirect) => Ok((request, redirect)),
        Decided::OtherScreen => Err(WalkError::Wallet(
            "the answer went to another screen".to_owned(),
        )),
    }
}

/// Fails if anything of the person's document stands in what was received, also inside signed texts.
fn nothing_of(person: &Person, received: &str) -> Result<(), WalkError> {
    let mut legible = received.to_owned();
    for part in received.split(['.', '"', '=', '&']) {
        if let Ok(bytes) = Base64UrlUnpadded::decode_vec(part) {
            legible.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
    let document = &person.document;
    let compact = document.birth_date.replace('-', "");
    let secrets = [
        &document.number,
        &document.holder,
        &document.birth_date,
        &compact,
        &person.pin,
    ];
    if secrets
        .iter()
        .any(|secret| legible.contains(secret.as_str()))
    {
        return Err(WalkError::Leak);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wallet::protocol::application::DocumentText;

    /// The walk's own claim can fail: a leak is found in plain text and inside a signed text.
    #[test]
    fn r8_1_a_leak_is_found_wherever_it_stands() {
        let person = Person {
            name: "resident".to_owned(),
            pin: "58203947".to_owned(),
            document: DocumentText {
                kind: "resident_identity_card".to_owned(),
                number: "110000199001319915".to_owned(),
                holder: "林晓安".to_owned(),
                birth_date: "1990-01-31".to_owned(),
                valid_until: None,
            },
            guardians: Vec::new(),
        };
        assert!(nothing_of(&person, r#"{"sub":"abc"}"#).is_ok());
        for leak in [
            "林晓安",
            "19900131",
            "1990-01-31",
            "110000199001319915",
            "58203947",
        ] {
            assert!(nothing_of(&person, &format!(r#"{{"x":"{leak}"}}"#)).is_err());
            let payload =
                Base64UrlUnpadded::encode_string(format!(r#"{{"x":"{leak}"}}"#).as_bytes());
            assert!(nothing_of(&person, &format!(r#"{{"id_token":"e30.{payload}.AA"}}"#)).is_err());
        }
    }
}

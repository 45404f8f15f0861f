//! One platform: its registration, its accounts and sessions, and what it makes of an answer.

use std::sync::Arc;

use crypto::random::Random;
use identity::{clock::Clock, platform::Platform, scenario::Scenario};
use openid::SubjectIdentifier;

use super::{
    account::{Accounts, Way},
    session::Sessions,
};
use crate::demo::{
    fixtures::{DemoPlatform, FixtureError, encryption_key},
    relying_party::{Authentication, NoResult, Registration, RelyingParty, Verified, Wish},
};

/// One platform.
pub(super) struct Site {
    /// Its registration.
    pub(super) platform: Platform,
    /// Its client of the service.
    pub(super) relying_party: RelyingParty,
    /// Its accounts.
    pub(super) accounts: Accounts,
    /// Its browser sessions.
    pub(super) sessions: Sessions,
}

/// What came of a verification, for this platform.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome {
    /// A new account.
    Registered(Verified),
    /// Signed in to an account that was there.
    SignedIn(Verified),
    /// Verified, and nobody here yet.
    NoAccountYet(Verified),
    /// The suspicious account is its holder's again.
    Cleared(Verified),
    /// Somebody else than the holder of the account signed in here.
    OtherPerson,
    /// Verified, where there are no accounts: the exam room, the counter.
    Passed(Verified),
    /// No result.
    Nothing(NoResult),
}

impl Site {
    pub(super) fn new(platform: Platform, relying_party: RelyingParty) -> Self {
        Self {
            platform,
            relying_party,
            accounts: Accounts::default(),
            sessions: Sessions::default(),
        }
    }

    /// Its path and id.
    pub(super) fn name(&self) -> &str {
        self.platform.id.as_str()
    }

    /// Whether people have accounts here.
    pub(super) fn has_accounts(&self) -> bool {
        matches!(self.name(), "forum" | "game" | "greedy" | "lab")
    }

    /// A reviewed scenario.
    pub(super) fn scenario(&self, id: &str) -> Option<&Scenario> {
        self.platform
            .scenarios
            .iter()
            .find(|scenario| scenario.id.as_str() == id)
    }

    /// What to ask for in a scenario: what it was approved for. Only `greedy` wants more (R8.2).
    pub(super) fn wish(&self, scenario: &Scenario) -> Wish {
        let approved = scenario.attributes.iter();
        let attributes: Vec<&str> = match self.name() {
            "greedy" => vec!["name", "document_number", "birth_date"],
            _ => approved.map(|attribute| attribute.name.as_str()).collect(),
        };
        Wish {
            scenario: scenario.id.as_str().to_owned(),
            mode: scenario.mode,
            attributes: attributes.into_iter().map(str::to_owned).collect(),
        }
    }

    /// Fetches what the service has to tell, carries it out, and only then confirms it (R8.3, R9.5).
    pub(super) async fn hear(&self) {
        let Ok(events) = self.relying_party.events().await else {
            return;
        };
        let mut done = Vec::new();
        for event in events {
            if let SubjectIdentifier::IssSub { sub, .. } = &event.sub_id {
                self.accounts.hear(sub, event.event);
            }
            done.push(event.jti);
        }
        if !done.is_empty() {
            // Not confirmed: it comes again, and carrying it out twice does no harm.
            let _ = self.relying_party.confirm(&done).await;
        }
    }

    /// What a result means here, for a browser where `signed_in` is signed in. Accounts change accordingly.
    pub(super) fn conclude(
        &self,
        scenario: &str,
        signed_in: Option<&str>,
        result: Result<Verified, NoResult>,
    ) -> Outcome {
        let verified = match result {
            Ok(verified) => verified,
            Err(reason) => return Outcome::Nothing(reason),
        };
        let subject = verified.id_token.subject.as_str();
        match scenario {
            _ if !self.has_accounts() => Outcome::Passed(verified),
            // R2.3: one person is one account; registering again finds it.
            "account-registration" if self.accounts.open(subject, Way::Wangzheng) => {
                Outcome::Registered(verified)
            }
            "step-up" if signed_in != Some(subject) => Outcome::OtherPerson,
            "step-up" => {
                self.accounts.set_suspicious(subject, false);
                Outcome::Cleared(verified)
            }
            _ if self.accounts.find(subject).is_some() => Outcome::SignedIn(verified),
            _ => Outcome::NoAccountYet(verified),
        }
    }
}

impl Outcome {
    /// What was learned, if anything.
    pub(super) fn verified(&self) -> Option<&Verified> {
        match self {
            Self::Registered(verified)
            | Self::SignedIn(verified)
            | Self::NoAccountYet(verified)
            | Self::Cleared(verified)
            | Self::Passed(verified) => Some(verified),
            Self::OtherPerson | Self::Nothing(_) => None,
        }
    }

    /// Who is signed in by it.
    pub(super) fn signs_in(&self) -> Option<&str> {
        match self {
            Self::Registered(verified) | Self::SignedIn(verified) => {
                Some(&verified.id_token.subject)
            }
            _ => None,
        }
    }
}

/// The client of a platform, with the key or secret its developers hold.
pub(crate) fn relying_party(
    issuer: &str,
    client: &DemoPlatform,
    http: &reqwest::Client,
    clock: &Arc<dyn Clock>,
    random: &Arc<dyn Random>,
) -> Result<RelyingParty, FixtureError> {
    let damaged = || FixtureError::NotRegistrable(client.name.clone());
    let authentication = if let Some(secret) = &client.client_secret {
        Authentication::Secret(secret.clone())
    } else {
        let jwk = client.jwks.keys.first().ok_or_else(damaged)?;
        Authentication::Key {
            key: jwk.private_key().map_err(|_| damaged())?,
            key_id: jwk.kid.clone(),
        }
    };
    let registration = Registration {
        issuer: issuer.to_owned(),
        client_id: client.client_id.clone(),
        redirect_uri: client.redirect_uris.first().ok_or_else(damaged)?.clone(),
        authentication,
        decryption_key: encryption_key(&client.jwks)
            .map(|key| key.private_key().map_err(|_| damaged()))
            .transpose()?,
    };
    Ok(RelyingParty::new(
        registration,
        http.clone(),
        clock.clone(),
        random.clone(),
    ))
}

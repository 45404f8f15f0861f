//! A person's answer to a request, and where it sends the browser.

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::digest::sha256;
use serde_json::{Value, json};
use url::Url;

use crate::http::{Answer, Call};
use crate::person::Holder;
use crate::statement::Statement;
use crate::world::ISSUER;

/// An answer that is not handed in yet.
#[derive(Clone)]
pub struct Decision {
    pub(crate) holder: Holder,
    /// The sealed request it is about.
    pub transaction: String,
    /// What the device will sign.
    pub statement: Statement,
    /// What it shows of the credential, if anything.
    pub presentation: Option<String>,
    /// What a guardian states beside it, signed.
    pub guardian: Option<String>,
}

impl Decision {
    pub(crate) fn new(holder: &Holder, transaction: &str, choice: &str) -> Self {
        let digest = digest_of(transaction);
        let statement = Statement::new(holder.world(), "wz-approval+jwt")
            .by(&holder.wallet().handle)
            .with("transaction", digest)
            .with("decision", choice)
            .with("attributes", json!([]));
        Self {
            holder: holder.clone(),
            transaction: transaction.to_owned(),
            statement,
            presentation: None,
            guardian: None,
        }
    }

    /// With separate consent to these attributes, and what the device shows for them (R8.2).
    #[must_use]
    pub fn consents(self, names: &[&str]) -> Self {
        let shown: Vec<&str> = names
            .iter()
            .copied()
            .filter(|name| *name != "age_marker")
            .collect();
        let presentation = (!shown.is_empty()).then(|| self.shows(&shown));
        Self {
            presentation,
            ..self.with("attributes", json!(names))
        }
    }

    /// The credential with these disclosures, bound to this request.
    pub fn shows(&self, names: &[&str]) -> String {
        let nonce = Base64UrlUnpadded::encode_string(&sha256(&[self.transaction.as_bytes()]).0);
        self.holder.presents(names, ISSUER, &nonce)
    }

    /// With another presentation than the consent would bring.
    #[must_use]
    pub fn showing(self, presentation: Option<String>) -> Self {
        Self {
            presentation,
            ..self
        }
    }

    /// With a 口令.
    #[must_use]
    pub fn pin(self, pin: &str) -> Self {
        self.with("pin", pin)
    }

    /// With what the camera sees: `ok` or `fail`.
    #[must_use]
    pub fn face(self, sample: &str) -> Self {
        self.with("face", sample)
    }

    /// With a claim set.
    #[must_use]
    pub fn with(self, claim: &str, value: impl Into<Value>) -> Self {
        Self {
            statement: self.statement.clone().with(claim, value),
            ..self
        }
    }

    /// The body of the call, signed.
    pub fn body(&self) -> Value {
        let statement = self.statement.sign(&self.holder.wallet().device);
        let mut body = json!({ "transaction": self.transaction, "statement": statement });
        if let Some(presentation) = &self.presentation {
            body["presentation"] = json!(presentation);
        }
        if let Some(guardian) = &self.guardian {
            body["guardian"] = json!(guardian);
        }
        body
    }

    /// Signs and hands it in.
    pub async fn send(&self) -> Answer {
        self.holder
            .world()
            .send(Call::post("/oauth/decide").json(&self.body()))
            .await
    }
}

/// How statements name a request.
pub(crate) fn digest_of(transaction: &str) -> String {
    Base64UrlUnpadded::encode_string(&sha256(&[transaction.as_bytes()]).0)
}

/// Where a browser is sent: all that the platform learns of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect(pub String);

impl Redirect {
    /// The redirect of an accepted decision.
    pub fn of(answer: &Answer) -> Self {
        Self(
            answer.json()["redirect"]
                .as_str()
                .expect("a redirect")
                .to_owned(),
        )
    }

    /// A parameter; empty when it is not there.
    pub fn value(&self, name: &str) -> String {
        let url = Url::parse(&self.0).expect("an address");
        let found = url.query_pairs().find(|(other, _)| other == name);
        found
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    }

    /// The code; there must be one.
    pub fn code(&self) -> String {
        let code = self.value("code");
        assert!(!code.is_empty(), "a code in {}", self.0);
        code
    }

    /// The address with the value of `state` left out, to compare what platforms are told.
    pub fn without_state(&self) -> String {
        self.0.replace(&self.value("state"), "…")
    }
}

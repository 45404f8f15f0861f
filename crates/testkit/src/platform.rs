//! A platform: it asks, receives a redirect, redeems a code, and keeps what it got.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use crypto::PrivateKey;
use crypto::random::{self, SystemRandom};
use openid::CodeVerifier;
use serde_json::json;

use crate::assertion::Assertion;
use crate::catalogue::Registration;
use crate::decision::Redirect;
use crate::http::{Answer, Call, Fields};
use crate::verified::Verified;
use crate::world::{ISSUER, World};

/// A platform at one of the two issuers.
#[derive(Clone)]
pub struct Platform {
    world: World,
    registration: Registration,
    /// Path of the issuer: empty, or `/sm`.
    pub base: &'static str,
    /// Whether it authenticates with its secret.
    pub by_secret: bool,
    open: Arc<Mutex<HashMap<String, Request>>>,
}

/// A request under way, with what only the platform knows of it.
#[derive(Debug, Clone)]
pub struct Request {
    /// Path and query that the platform sends the browser to.
    pub address: String,
    /// The parameters.
    pub fields: Fields,
    /// PKCE verifier.
    pub verifier: String,
}

impl Request {
    /// `state`.
    pub fn state(&self) -> &str {
        self.fields.value("state")
    }

    /// The sealed request, where it was pushed.
    pub fn request_uri(&self) -> String {
        let query = self.address.split_once('?').map_or("", |(_, query)| query);
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        let found = pairs.into_owned().find(|(name, _)| name == "request_uri");
        found.expect("a pushed request").1
    }
}

impl Platform {
    pub(crate) fn new(world: World, registration: Registration) -> Self {
        let by_secret = registration.secret.is_some();
        Self {
            world,
            registration,
            base: "",
            by_secret,
            open: Arc::default(),
        }
    }

    /// The same platform at the SM2 issuer.
    #[must_use]
    pub fn at_sm(self) -> Self {
        Self {
            base: "/sm",
            by_secret: false,
            ..self
        }
    }

    /// The same platform, authenticating with its key.
    #[must_use]
    pub fn with_key(self) -> Self {
        Self {
            by_secret: false,
            ..self
        }
    }

    /// `forum`, `bank` …
    pub fn name(&self) -> &str {
        self.registration.platform.id.as_str()
    }

    /// Client id.
    pub fn client_id(&self) -> String {
        format!("app-{}", self.name())
    }

    /// The address its answers go to.
    pub fn redirect_uri(&self) -> String {
        format!("https://{}.example/callback", self.name())
    }

    /// The issuer it uses.
    pub fn issuer(&self) -> String {
        format!("{ISSUER}{}", self.base)
    }

    /// The key for the issuer it uses.
    pub fn key(&self) -> &PrivateKey {
        if self.base == "/sm" {
            &self.registration.sm_key
        } else {
            &self.registration.key
        }
    }

    /// The key that what is disclosed here is encrypted to, at the issuer it uses.
    pub fn encryption_key(&self) -> &PrivateKey {
        if self.base == "/sm" {
            &self.registration.sm_encryption_key
        } else {
            &self.registration.encryption_key
        }
    }

    /// Its secret.
    pub fn secret(&self) -> &str {
        self.registration.secret.as_deref().unwrap_or_default()
    }

    /// The world.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// What a good request for a scenario says; every call has fresh `state`, `nonce` and verifier.
    pub fn request_for(&self, scenario: &str) -> Request {
        let fresh = || Base64UrlUnpadded::encode_string(&random::array::<32>(&SystemRandom));
        let verifier = fresh();
        let challenge = CodeVerifier::new(&verifier)
            .expect("a verifier")
            .challenge()
            .to_string();
        let mut fields = Fields::of(&[
            ("response_type", "code"),
            ("client_id", &self.client_id()),
            ("redirect_uri", &self.redirect_uri()),
            ("scope", "openid"),
            ("state", &fresh()),
            ("nonce", &fresh()),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        if !scenario.is_empty() {
            let details = json!([{ "type": "identity_verification", "scenario": scenario }]);
            fields = fields.with("authorization_details", &details.to_string());
        }
        Request {
            address: String::new(),
            fields,
            verifier,
        }
    }

    /// Asks for a scenario: pushed. An empty name asks for the default one.
    pub async fn requests(&self, scenario: &str) -> Request {
        self.pushes(self.request_for(scenario)).await
    }

    /// What a request for attributes of a scenario says.
    pub fn request_with(&self, scenario: &str, attributes: &[&str]) -> Request {
        let request = self.request_for(scenario);
        let details = json!([{
            "type": "identity_verification", "scenario": scenario, "attributes": attributes,
        }]);
        let fields = request
            .fields
            .with("authorization_details", &details.to_string());
        Request { fields, ..request }
    }

    /// Asks for attributes of a scenario, which must be approved.
    pub async fn requests_attributes(&self, scenario: &str, attributes: &[&str]) -> Request {
        self.pushes(self.request_with(scenario, attributes)).await
    }

    /// Asks for a scenario in one of these modes.
    pub async fn requests_mode(&self, scenario: &str, mode: &str) -> Request {
        let request = self.request_for(scenario);
        let fields = request.fields.with("acr_values", mode);
        self.pushes(Request { fields, ..request }).await
    }

    /// Pushes a request that the service accepts.
    pub async fn pushes(&self, request: Request) -> Request {
        let answer = self.push(&request.fields).await.expect(201).json();
        let request_uri = answer["request_uri"].as_str().expect("a request_uri");
        let query = Fields::of(&[
            ("client_id", &self.client_id()),
            ("request_uri", request_uri),
        ]);
        let address = format!("{}/oauth/authorize?{}", self.base, query.encode());
        self.remember(Request { address, ..request })
    }

    /// Asks through the browser alone, as the simple profile may.
    pub fn requests_in_the_browser(&self, scenario: &str) -> Request {
        let request = self.request_for(scenario);
        let address = format!("{}/oauth/authorize?{}", self.base, request.fields.encode());
        self.remember(Request { address, ..request })
    }

    fn remember(&self, request: Request) -> Request {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.insert(request.state().to_owned(), request.clone());
        request
    }

    /// Pushes any parameters, authenticated.
    pub async fn push(&self, fields: &Fields) -> Answer {
        let call = Call::post(format!("{}/oauth/par", self.base));
        self.receive(self.authenticated(call, fields)).await
    }

    /// The token request for what a redirect brought.
    pub fn redemption(&self, redirect: &Redirect) -> Fields {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let request = open
            .get(&redirect.value("state"))
            .expect("a request of this platform");
        Fields::of(&[
            ("grant_type", "authorization_code"),
            ("code", &redirect.code()),
            ("redirect_uri", request.fields.value("redirect_uri")),
            ("code_verifier", &request.verifier),
        ])
    }

    /// Exchanges a code; the answer is checked like a careful client does.
    pub async fn redeems(&self, redirect: &Redirect) -> Verified {
        let answer = self
            .ask_for_tokens(&self.redemption(redirect))
            .await
            .expect(200);
        let nonce = {
            let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            open[&redirect.value("state")]
                .fields
                .value("nonce")
                .to_owned()
        };
        Verified::check(self, answer, Some(&nonce)).await
    }

    /// Sends any parameters to the token endpoint, authenticated.
    pub async fn ask_for_tokens(&self, fields: &Fields) -> Answer {
        let call = Call::post(format!("{}/oauth/token", self.base));
        self.receive(self.authenticated(call, fields)).await
    }

    /// Names the persons of an incident at this platform, by its own identifiers: the raw answer.
    pub async fn names_subjects(&self, incident: &str, subjects: &[String]) -> Answer {
        let named = subjects.join(" ");
        let fields = Fields::of(&[("incident", incident), ("subjects", &named)]);
        let call = Call::post(format!("{}/oauth/incident", self.base));
        self.receive(self.authenticated(call, &fields)).await
    }

    /// Asks `UserInfo`.
    pub async fn userinfo(&self, access_token: &str) -> Answer {
        let call = Call::get(format!("{}/oauth/userinfo", self.base));
        self.receive(call.header("authorization", format!("Bearer {access_token}")))
            .await
    }

    /// Sends a request as this platform: what comes back is what it received.
    pub async fn receive(&self, call: Call) -> Answer {
        let answer = self.world.send(call).await;
        self.world.platform_receives(self.name(), answer.bytes());
        answer
    }

    /// A request with the platform's authentication.
    pub fn authenticated(&self, call: Call, fields: &Fields) -> Call {
        if self.by_secret {
            let pair = format!("{}:{}", self.client_id(), self.secret());
            let credentials = Base64::encode_string(pair.as_bytes());
            return call
                .form(fields)
                .header("authorization", format!("Basic {credentials}"));
        }
        call.form(&self.assertion().added_to(fields.clone()))
    }

    /// A good client assertion, to be sent or spoiled.
    pub fn assertion(&self) -> Assertion {
        let now = self.world.now().0;
        let suffix = if self.base == "/sm" { "sm-1" } else { "1" };
        Assertion {
            claims: json!({
                "iss": self.client_id(),
                "sub": self.client_id(),
                "aud": self.issuer(),
                "jti": Base64UrlUnpadded::encode_string(&random::array::<16>(&SystemRandom)),
                "iat": now,
                "exp": now + 60,
            }),
            key: self.key().clone(),
            key_id: format!("{}-{suffix}", self.name()),
            algorithm: None,
        }
    }
}

//! One verification from both sides, over HTTP.

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::PrivateKey;
use crypto::digest::sha256;
use crypto::random::{self, SystemRandom};
use identity::clock::{Clock, SystemClock};
use jose::jws::{Header, LocalSigner, sign_compact};
use openid::{CodeVerifier, Form, JWT_BEARER, RequestUri};
use serde_json::{Value, json};

use crate::demo::fixtures::{DemoPlatform, OUTSIDE_CALLBACK};

/// One connection's worth of load: a platform with its key, and any person.
pub(super) struct Generator {
    client: reqwest::Client,
    issuer: String,
    client_id: String,
    key: PrivateKey,
    key_id: Option<String>,
}

type Failed = String;

impl Generator {
    pub(super) fn new(
        issuer: &str,
        platform: &DemoPlatform,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let jwk = platform
            .jwks
            .keys
            .first()
            .ok_or("the platform has no key")?;
        Ok(Self {
            client: crate::wallet::http::client()?,
            issuer: issuer.to_owned(),
            client_id: platform.client_id.clone(),
            key: jwk.private_key()?,
            key_id: jwk.kid.clone(),
        })
    }

    /// PAR → approval → code → token. `Err` says which step and what came back.
    pub(super) async fn flow(&self, person: u64, device: &str) -> Result<(), Failed> {
        let verifier = Base64UrlUnpadded::encode_string(&random::array::<32>(&SystemRandom));
        let transaction = self.push(&verifier).await?;
        let code = self.approve(&transaction, person, device).await?;
        self.redeem(&code, &verifier).await
    }

    async fn push(&self, verifier: &str) -> Result<String, Failed> {
        let challenge = CodeVerifier::new(verifier)
            .ok_or("verifier")?
            .challenge()
            .to_string();
        let assertion = self.assertion()?;
        let body = Form::encode([
            ("response_type", "code"),
            ("client_id", self.client_id.as_str()),
            ("redirect_uri", OUTSIDE_CALLBACK),
            ("scope", "openid"),
            ("state", "bench"),
            ("nonce", &verifier[..22]),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("client_assertion_type", JWT_BEARER),
            ("client_assertion", &assertion),
        ]);
        let answer = self.post("/oauth/par", FORM, body).await?;
        let uri = answer["request_uri"]
            .as_str()
            .ok_or_else(|| format!("par: {answer}"))?;
        let uri = RequestUri::parse(uri).ok_or("par: not a request_uri")?;
        Ok(uri.reference().to_owned())
    }

    async fn approve(
        &self,
        transaction: &str,
        person: u64,
        device: &str,
    ) -> Result<String, Failed> {
        let payload = json!({
            "aud": self.issuer,
            "iat": SystemClock.now(),
            "jti": Base64UrlUnpadded::encode_string(&random::array::<16>(&SystemRandom)),
            "transaction": Base64UrlUnpadded::encode_string(&sha256(&[transaction.as_bytes()]).0),
            "decision": "approve",
        });
        let key = super::seed::device_key(person).map_err(|error| error.to_string())?;
        let signer = LocalSigner::new(key, Some(device));
        let statement = sign(Header::typ("wz-approval+jwt"), &payload, &signer)?;
        let body = json!({ "transaction": transaction, "statement": statement }).to_string();
        let answer = self.post("/oauth/decide", "application/json", body).await?;
        let redirect = answer["redirect"]
            .as_str()
            .ok_or_else(|| format!("decide: {answer}"))?;
        let query = redirect.split_once('?').map(|(_, query)| query);
        let form = Form::from_query(query).map_err(|_| "decide: not a redirect")?;
        form.text("code")
            .map(str::to_owned)
            .ok_or_else(|| format!("decide: {redirect}"))
    }

    async fn redeem(&self, code: &str, verifier: &str) -> Result<(), Failed> {
        let assertion = self.assertion()?;
        let body = Form::encode([
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", OUTSIDE_CALLBACK),
            ("code_verifier", verifier),
            ("client_assertion_type", JWT_BEARER),
            ("client_assertion", &assertion),
        ]);
        let answer = self.post("/oauth/token", FORM, body).await?;
        let passed = answer["authorization_details"][0]["result"] == "pass";
        if passed {
            Ok(())
        } else {
            Err(format!("token: {answer}"))
        }
    }

    fn assertion(&self) -> Result<String, Failed> {
        let now = SystemClock.now().0;
        let payload = json!({
            "iss": self.client_id, "sub": self.client_id, "aud": self.issuer,
            "jti": Base64UrlUnpadded::encode_string(&random::array::<16>(&SystemRandom)),
            "iat": now, "exp": now + 60,
        });
        let signer = LocalSigner::new(self.key.clone(), self.key_id.as_deref());
        sign(Header::default(), &payload, &signer)
    }

    async fn post(&self, path: &str, media_type: &str, body: String) -> Result<Value, Failed> {
        let answer = self
            .client
            .post(format!("{}{path}", self.issuer))
            .header("content-type", media_type)
            .body(body)
            .send()
            .await
            .map_err(|error| format!("{path}: {error}"))?;
        answer
            .json()
            .await
            .map_err(|error| format!("{path}: {error}"))
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

fn sign(header: Header, payload: &Value, signer: &LocalSigner) -> Result<String, Failed> {
    sign_compact(header, payload.to_string().as_bytes(), signer).map_err(|error| error.to_string())
}

//! The request: pushed and signed in production, through the browser in the sandbox.

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use crypto::{digest::sha256, random};
use jose::jws::{Header, LocalSigner, sign_compact};
use openid::Form;
use serde::Deserialize;
use serde_json::json;

use super::{
    Authentication, Distrust, NoResult, Pending, RelyingParty, Started, Trace, What, Wish,
    connection::Answer,
};

/// RFC 7523 §2.2.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Seconds a client assertion is good for.
const ASSERTION_LIFE: i64 = 60;

/// A request the service did not take, and what it said.
#[derive(Debug)]
pub(crate) struct NotStarted {
    pub(crate) reason: NoResult,
    pub(crate) trace: Trace,
}

impl RelyingParty {
    /// Asks for a verification; gives the address the browser goes to.
    pub(crate) async fn start(&self, wish: Wish) -> Result<Started, NotStarted> {
        let text = || Base64UrlUnpadded::encode_string(&random::array::<32>(&*self.random));
        let mut pending = Pending {
            wish,
            state: text(),
            nonce: text(),
            verifier: text(),
            trace: Trace::default(),
        };
        match self.address(&mut pending).await {
            Ok(address) => Ok(Started { address, pending }),
            Err(reason) => Err(NotStarted {
                reason,
                trace: pending.trace,
            }),
        }
    }

    async fn address(&self, pending: &mut Pending) -> Result<String, NoResult> {
        #[derive(Deserialize)]
        struct Pushed {
            request_uri: String,
        }
        let provider = self.provider().await?;
        // 1. The request, with PKCE (RFC 7636) and the scenario (RFC 9396).
        let digest = sha256(&[pending.verifier.as_bytes()]);
        let challenge = Base64UrlUnpadded::encode_string(&digest.0);
        let details = details(&pending.wish);
        let mode = pending.wish.mode.acr();
        let fields = [
            ("response_type", "code"),
            ("client_id", &self.client_id),
            ("redirect_uri", &self.redirect_uri),
            ("scope", "openid"),
            ("state", &pending.state),
            ("nonce", &pending.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("acr_values", mode),
            ("authorization_details", &details),
        ];
        let endpoint = &provider.authorization_endpoint;
        // 2. Through the browser where the profile allows it; else pushed (RFC 9126).
        if matches!(self.authentication, Authentication::Secret(_)) {
            return Ok(format!("{endpoint}?{}", Form::encode(fields)));
        }
        let answer = self
            .authenticated(&provider.pushed_authorization_request_endpoint, &fields)
            .await?;
        pending.trace.add(What::PushedRequest, &answer.text);
        let Pushed { request_uri } = answer.accepted()?;
        let reference = [
            ("client_id", self.client_id.as_str()),
            ("request_uri", &request_uri),
        ];
        Ok(format!("{endpoint}?{}", Form::encode(reference)))
    }

    /// POSTs a form as this client.
    pub(super) async fn authenticated(
        &self,
        address: &str,
        fields: &[(&str, &str)],
    ) -> Result<Answer, NoResult> {
        match &self.authentication {
            Authentication::Key { .. } => {
                let assertion = self.assertion()?;
                let mut fields = fields.to_vec();
                fields.push(("client_assertion_type", ASSERTION_TYPE));
                fields.push(("client_assertion", &assertion));
                self.connection.post(address, &fields, None).await
            }
            Authentication::Secret(secret) => {
                let fields: Vec<_> = fields
                    .iter()
                    .copied()
                    .filter(|(name, _)| *name != "client_id")
                    .collect();
                // RFC 6749 §2.3.1; neither id nor secret has a character that would be encoded.
                let credentials = format!("{}:{secret}", self.client_id);
                let basic = format!("Basic {}", Base64::encode_string(credentials.as_bytes()));
                self.connection.post(address, &fields, Some(basic)).await
            }
        }
    }

    /// A signed assertion of who this client is (RFC 7523 §3; `aud` is the issuer, FAPI 2.0 §5.3.2.1).
    fn assertion(&self) -> Result<String, NoResult> {
        let Authentication::Key { key, key_id } = &self.authentication else {
            return Err(Distrust::Form.into());
        };
        let now = self.clock.now().0;
        let claims = json!({
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": self.issuer,
            "jti": Base64UrlUnpadded::encode_string(&random::array::<16>(&*self.random)),
            "iat": now,
            "exp": now + ASSERTION_LIFE,
        });
        let signer = LocalSigner::new(key.clone(), key_id.as_deref());
        sign_compact(Header::default(), claims.to_string().as_bytes(), &signer)
            .map_err(|_| Distrust::Signature.into())
    }
}

/// `authorization_details` (RFC 9396 §2) of a wish.
fn details(wish: &Wish) -> String {
    let mut detail = json!({ "type": "identity_verification", "scenario": wish.scenario });
    if !wish.attributes.is_empty() {
        detail["attributes"] = json!(wish.attributes);
    }
    json!([detail]).to_string()
}

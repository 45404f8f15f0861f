//! The exchange: a code becomes a result, and every part of the result is checked.

use jose::{jwk::JwkSet, jws::Unverified};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    Authentication, Distrust, NoResult, Pending, RelyingParty, Verified, What, Wish, callback,
    connection::Answer,
    disclosed,
    id_token::{self, Expected},
};

/// Receipts are of this type.
const RECEIPT_TYPE: &str = "wz-receipt+jwt";

#[derive(Deserialize)]
struct AccessToken {
    access_token: String,
}

#[derive(Deserialize)]
struct TokenResponse {
    id_token: String,
    authorization_details: Vec<Detail>,
}

/// The echo of the request with its result (RFC 9396 §7).
#[derive(Deserialize)]
struct Detail {
    scenario: String,
    result: String,
    receipt: String,
}

impl RelyingParty {
    /// Takes the answer in the query of the redirect. Everything received is added to the trace of `pending`, also
    /// when there is no result.
    pub(crate) async fn finish(
        &self,
        pending: &mut Pending,
        query: &str,
    ) -> Result<Verified, NoResult> {
        pending.trace.add(What::Callback, query);
        // 1. Whose answer, and is there a code.
        let code = callback::code(query, &pending.state, &self.issuer)?;
        // 2. Exchange it (RFC 6749 §4.1.3).
        let provider = self.provider().await?;
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", &self.redirect_uri),
            ("code_verifier", &pending.verifier),
            ("client_id", &self.client_id),
        ];
        let answer = self
            .authenticated(&provider.token_endpoint, &fields)
            .await?;
        pending.trace.add(What::TokenResponse, &answer.text);
        let verified = self
            .check(&answer, &pending.wish, Some(&pending.nonce))
            .await?;
        // 3. The sandbox client looks at UserInfo too; it says no more (R8.1).
        if let (Authentication::Secret(_), Some(endpoint)) =
            (&self.authentication, &provider.userinfo_endpoint)
        {
            let token: AccessToken = answer.accepted()?;
            let answer = self
                .connection
                .get_as(endpoint, &token.access_token)
                .await?;
            pending.trace.add(What::UserInfo, &answer.text);
        }
        Ok(verified)
    }

    /// Checks a token response, whichever way it was asked for.
    pub(super) async fn check(
        &self,
        answer: &Answer,
        wish: &Wish,
        nonce: Option<&str>,
    ) -> Result<Verified, NoResult> {
        let response: TokenResponse = answer.accepted()?;
        // 1. The ID token.
        let expected = Expected {
            issuer: &self.issuer,
            client_id: &self.client_id,
            nonce,
            mode: wish.mode,
            now: self.clock.now().0,
        };
        let keys = self.connection.keys(self.provider().await?).await?;
        let id_token = id_token::check(&response.id_token, &keys, &expected)?;
        // 2. The result for the very scenario asked for.
        let [detail] = response.authorization_details.as_slice() else {
            return Err(Distrust::Form.into());
        };
        if detail.result != "pass" || detail.scenario != wish.scenario {
            return Err(Distrust::Result.into());
        }
        // 3. The receipt, which is the proof for later.
        let receipt = receipt(&detail.receipt, &keys)?;
        let fits = receipt["iss"] == self.issuer
            && receipt["aud"] == self.client_id
            && receipt["sub"] == id_token.subject
            && receipt["scenario"] == detail.scenario;
        if !fits {
            return Err(Distrust::Receipt.into());
        }
        // 4. What the person gave, if anything: nothing this client did not ask for (R8.2).
        let disclosed = match &id_token.verified_claims {
            None => Map::new(),
            Some(sealed) => {
                let expected = disclosed::Expected {
                    issuer: &self.issuer,
                    client_id: &self.client_id,
                    subject: &id_token.subject,
                };
                disclosed::open(sealed, self.decryption_key.as_ref(), &keys, &expected)?
            }
        };
        Ok(Verified {
            id_token,
            receipt,
            disclosed,
        })
    }
}

/// The claims of a receipt signed by one of the issuer's receipt keys.
fn receipt(text: &str, keys: &JwkSet) -> Result<Map<String, Value>, Distrust> {
    let receipt = Unverified::parse(text).map_err(|_| Distrust::Receipt)?;
    if !receipt.header().has_type(RECEIPT_TYPE) {
        return Err(Distrust::Receipt);
    }
    let verified = receipt
        .verify_with_set(keys)
        .map_err(|_| Distrust::Receipt)?;
    let claims = verified.claims::<Map<String, Value>>();
    Ok(claims.map_err(|_| Distrust::Receipt)?.into_inner())
}

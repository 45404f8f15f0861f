//! `POST /oauth/token`: a code for the result (RFC 6749 §4.1.3). Model file: an endpoint.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use crypto::SignatureAlgorithm;
use crypto::keystore::SigningPurpose;
use http::HeaderMap;
use identity::platform::IdTokenAlgorithm;
use identity::service::{RegisteredClient, Suite};
use identity::verification::redeem::{Exchange, Grant, VerificationResult};
use jose::jws::{Header, StoreSigner, sign_compact};
use openid::{
    Acr, AttributeName, AuthorizationRequest, CIBA_GRANT, CompactJws, ErrorCode, Form,
    IdTokenClaims, IdentityVerification, IdentityVerified, Nonce, OAuthError, ScenarioName, Scope,
    Secret, TokenRequest, TokenResponse, TokenType,
};

use crate::app::App;
use crate::problem::{OAuthProblem, oauth_fault};

use super::client::authenticate;
use super::{backchannel, form, issuer};
use crate::ssf::receiver;

/// Seconds an ID token is good for.
const ID_TOKEN_LIFE: i64 = 300;

/// Exchanges a code. Everything that is wrong with it is `invalid_grant`, without saying what.
pub async fn post(
    State(app): State<Arc<App>>,
    Extension(suite): Extension<Suite>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, OAuthProblem> {
    // 1. Who.
    let form = form(&headers, &body)?;
    let client = authenticate(&app, suite, &headers, &form, "/oauth/token")?;
    match form.text("grant_type") {
        Some(CIBA_GRANT) => return backchannel::tokens(&app, suite, &client, &form).await,
        Some("client_credentials") => return Ok(receiver::token(&app, suite, &client, &form)?),
        _ => {}
    }
    // 2. What (RFC 6749 §4.1.3).
    let request = TokenRequest::parse(&form)?;
    let grant = app
        .service
        .open_code(request.code.expose())
        .ok_or(refused())?;
    // 3. This code, to this client, by this redirect URI, with this verifier.
    let asked = bound(&grant, suite, client.registered(), &request)?;
    // 4. Once: code, event, leaf and the person's receipt, or nothing (B2).
    let exchange = app
        .service
        .exchange(&grant)
        .await
        .map_err(|fault| oauth_fault(&fault))?;
    let result = match exchange {
        Exchange::Verified(result) => result,
        Exchange::Replayed | Exchange::Expired | Exchange::NotActive => {
            return Err(refused().into());
        }
    };
    // 5. The answer, and nothing else (R8.1).
    let bound = Bound {
        client_id: asked.client_id,
        nonce: asked.nonce,
        details: asked.authorization_details,
    };
    respond(&app, client.registered(), &grant, bound, result)
}

/// What a request leaves to be found again in its answer.
pub(super) struct Bound {
    pub(super) client_id: openid::ClientId,
    pub(super) nonce: Option<Nonce>,
    pub(super) details: Option<IdentityVerification>,
}

/// The app of a grant, as the wire spells it.
pub(super) fn client_id(grant: &Grant) -> Result<openid::ClientId, OAuthError> {
    openid::ClientId::new(grant.client.as_str()).ok_or_else(|| fault("client id"))
}

/// The answer to a verification, whichever way it was asked for.
pub(super) fn respond(
    app: &App,
    registered: &RegisteredClient,
    grant: &Grant,
    bound: Bound,
    mut result: VerificationResult,
) -> Result<Response, OAuthProblem> {
    // A guardian's copy goes its own way: neither its time nor its failure is the platform's (R5.2, R8.1).
    if let Some(copy) = result.guardian_copy.take() {
        let service = app.service.clone();
        tokio::spawn(async move {
            if let Err(fault) = service.keep_guardian_copy(copy).await {
                tracing::error!(%fault, "a guardian's copy was not kept");
            }
        });
    }
    let id_token = id_token(app, registered, grant, &bound, &result)?;
    Ok(Json(answer(grant, bound, id_token, result)?).into_response())
}

fn refused() -> OAuthError {
    ErrorCode::InvalidGrant.into()
}

/// RFC 6749 §4.1.3 and RFC 7636 §4.6: what the code was bound to when it was asked for.
fn bound(
    grant: &Grant,
    suite: Suite,
    registered: &RegisteredClient,
    request: &TokenRequest,
) -> Result<AuthorizationRequest, OAuthError> {
    let asked = Form::parse(grant.binding.as_bytes())
        .ok()
        .and_then(|form| AuthorizationRequest::parse(&form).ok())
        .ok_or(refused())?;
    let same = grant.client == registered.client().id
        && grant.suite == suite
        && asked.redirect_uri == request.redirect_uri
        && asked.code_challenge.is_met_by(&request.code_verifier);
    if same { Ok(asked) } else { Err(refused()) }
}

/// The ID token: `iss sub aud iat exp auth_time nonce acr amr` and no more (design §5).
fn id_token(
    app: &App,
    registered: &RegisteredClient,
    grant: &Grant,
    asked: &Bound,
    result: &VerificationResult,
) -> Result<CompactJws, OAuthError> {
    let now = app.service.now().0;
    let claims = IdTokenClaims {
        iss: issuer(&app.service, grant.suite).into_owned(),
        sub: result.subject.as_str().to_owned(),
        aud: asked.client_id.clone(),
        iat: now,
        exp: now + ID_TOKEN_LIFE,
        auth_time: result.auth_time.0,
        nonce: asked.nonce.clone(),
        acr: Acr::from_name(grant.mode.acr()).ok_or_else(|| fault("acr"))?,
        // R8.2: only what was consented to, and only the platform can read it.
        verified_claims: result.disclosed.verified_claims.clone(),
    };
    let payload = serde_json::to_vec(&claims).map_err(|_| fault("id token"))?;
    let signer = StoreSigner {
        store: app.service.keys(),
        purpose: SigningPurpose::Token,
        algorithm: algorithm(grant.suite, registered.client().id_token_algorithm),
    };
    let compact =
        sign_compact(Header::typ("JWT"), &payload, &signer).map_err(|_| fault("id token"))?;
    CompactJws::new(&compact).ok_or_else(|| fault("id token"))
}

fn answer(
    grant: &Grant,
    asked: Bound,
    id_token: CompactJws,
    result: VerificationResult,
) -> Result<TokenResponse, OAuthError> {
    let mut details = asked.details.unwrap_or(IdentityVerification {
        scenario: ScenarioName::new(grant.scenario.as_str()).ok_or_else(|| fault("scenario"))?,
        attributes: None,
    });
    // RFC 9396 §7: what was granted, not what was wished.
    if let Some(attributes) = &mut details.attributes {
        let granted = |name: &AttributeName| {
            let mut granted = result.disclosed.attributes.iter();
            granted.any(|attribute| attribute.as_str() == name.as_str())
        };
        attributes.retain(granted);
    }
    let verified = IdentityVerified {
        request: details,
        receipt: CompactJws::new(&result.receipt).ok_or_else(|| fault("receipt"))?,
    };
    Ok(TokenResponse {
        access_token: Secret::new(result.access_token),
        token_type: TokenType::Bearer,
        expires_in: u32::try_from(result.expires_in).unwrap_or(u32::MAX),
        id_token,
        scope: Scope::openid(),
        authorization_details: [verified],
    })
}

/// The signature of an ID token: the suite's, or RS256 where a client of the main issuer registered it.
fn algorithm(suite: Suite, registered: IdTokenAlgorithm) -> SignatureAlgorithm {
    match (suite, registered) {
        (Suite::Commercial, _) => SignatureAlgorithm::Sm2Sm3,
        (Suite::International, IdTokenAlgorithm::Es256) => SignatureAlgorithm::Es256,
        (Suite::International, IdTokenAlgorithm::Rs256) => SignatureAlgorithm::Rs256,
    }
}

fn fault(what: &'static str) -> OAuthError {
    oauth_fault(&identity::service::Fault::Invariant(what))
}

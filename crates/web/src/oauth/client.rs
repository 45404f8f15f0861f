//! Client authentication at the PAR and token endpoints: a typed witness, or 401.

use crypto::SignatureAlgorithm;
use crypto::digest::sha256;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use identity::id;
use identity::platform::Profile;
use identity::replay::Seen;
use identity::service::{RegisteredClient, Suite};
use jose::jws::Unverified;
use jose::jwt;
use openid::{ClientAssertionClaims, ClientAuthentication, ErrorCode, Form, OAuthError};
use subtle::ConstantTimeEq;

use crate::app::{ASSERTION_LIFE, App};

use super::issuer;

/// Seconds a platform's clock may be off.
const LEEWAY: i64 = 60;

/// An app that proved who it is. Only [`authenticate`] makes one.
pub struct AuthenticatedClient(RegisteredClient);

impl AuthenticatedClient {
    /// The app with its platform.
    pub fn registered(&self) -> &RegisteredClient {
        &self.0
    }
}

fn refused(description: &'static str) -> OAuthError {
    ErrorCode::InvalidClient.because(description)
}

/// Authenticates the client of a request at `endpoint` (its path under the issuer).
pub fn authenticate(
    app: &App,
    suite: Suite,
    headers: &HeaderMap,
    form: &Form,
    endpoint: &str,
) -> Result<AuthenticatedClient, OAuthError> {
    let authorization = headers.get(AUTHORIZATION).map(http::HeaderValue::as_bytes);
    let registered = match ClientAuthentication::parse(authorization, form)? {
        ClientAuthentication::PrivateKeyJwt {
            client_id,
            assertion,
        } => {
            let registered = by_assertion(app, suite, assertion.as_str(), endpoint)?;
            // RFC 7521 §4.2: a client_id beside the assertion must be the same.
            let same =
                client_id.is_none_or(|named| named.as_str() == registered.client().id.as_str());
            if !same {
                return Err(refused("client_id and assertion differ"));
            }
            registered
        }
        ClientAuthentication::ClientSecretBasic { client_id, secret } => {
            by_secret(app, client_id.as_str(), secret.expose())?
        }
        ClientAuthentication::None { .. } => {
            return Err(refused("client authentication is missing"));
        }
    };
    Ok(AuthenticatedClient(registered))
}

/// The app of a client id as it came over the wire.
pub fn find(app: &App, client_id: &str) -> Option<RegisteredClient> {
    app.service.client(&id::ClientId::parse(client_id)?)
}

/// `private_key_jwt` (RFC 7523 §3, OIDC Core §9), in the order of the RFC.
fn by_assertion(
    app: &App,
    suite: Suite,
    assertion: &str,
    endpoint: &str,
) -> Result<RegisteredClient, OAuthError> {
    let wrong = || refused("the client assertion is not valid");
    // 1. Whose is it? The claims are believed only after the signature.
    let unverified = Unverified::parse(assertion).map_err(|_| wrong())?;
    let claimed: ClientAssertionClaims = unverified.unverified_claims().map_err(|_| wrong())?;
    let registered = find(app, claimed.client_id.as_str()).ok_or_else(wrong)?;
    let client = registered.client();
    // 2. An algorithm of this issuer and profile, by a key of this client.
    let algorithm = unverified.header().alg;
    if !algorithms(suite, client.profile).contains(&algorithm) {
        return Err(refused("the assertion's algorithm is not accepted here"));
    }
    let key = client
        .keys
        .verifying_key(unverified.header())
        .map_err(|_| wrong())?;
    let verified = unverified.verify(&key).map_err(|_| wrong())?;
    let claims = verified
        .claims::<ClientAssertionClaims>()
        .map_err(|_| wrong())?
        .into_inner();
    // 3. For this service: the issuer alone in the `fapi` profile (FAPI 2.0 §5.3.2.1), or the
    //    endpoint it is sent to in `simple`.
    let issuer = issuer(&app.service, suite);
    let for_us = match client.profile {
        Profile::Fapi => claims.audience.is_only(&issuer),
        Profile::Simple => [
            issuer.to_string(),
            format!("{issuer}{endpoint}"),
            format!("{issuer}/oauth/token"),
            format!("{issuer}/oauth/par"),
        ]
        .iter()
        .any(|audience| claims.audience.contains(audience)),
    };
    if !for_us {
        return Err(refused("the assertion's audience is not this issuer"));
    }
    // 4. For now.
    let now = app.service.now();
    jwt::check_times(Some(claims.exp), claims.nbf, claims.iat, now.0, LEEWAY)
        .map_err(|_| refused("the assertion is not valid at this time"))?;
    if claims.exp > now.0 + ASSERTION_LIFE {
        return Err(refused("the assertion lives too long"));
    }
    // 5. Once (RFC 7523 §3, B2).
    match app.assertions.take(client.id.as_str(), &claims.jti, now) {
        Seen::Fresh => Ok(registered),
        Seen::Replayed => Err(refused("the assertion was used before")),
        Seen::Full => Err(ErrorCode::TemporarilyUnavailable.because("too many requests at once")),
    }
}

/// `client_secret_basic`, for the `simple` profile alone: digests compared in constant time.
fn by_secret(app: &App, client_id: &str, secret: &str) -> Result<RegisteredClient, OAuthError> {
    let wrong = || refused("the client is unknown or its secret is wrong");
    let registered = find(app, client_id).ok_or_else(wrong)?;
    let client = registered.client();
    let expected = match (client.profile, &client.secret) {
        (Profile::Simple, Some(expected)) => *expected,
        _ => return Err(wrong()),
    };
    let presented = sha256(&[secret.as_bytes()]);
    if bool::from(presented.0.ct_eq(&expected.0)) {
        Ok(registered)
    } else {
        Err(wrong())
    }
}

/// Algorithms of client assertions (design §5 Profiles).
pub(crate) fn algorithms(suite: Suite, profile: Profile) -> &'static [SignatureAlgorithm] {
    use SignatureAlgorithm::{Es256, Ps256, Rs256, Sm2Sm3};
    match (suite, profile) {
        (Suite::Commercial, _) => &[Sm2Sm3],
        (Suite::International, Profile::Fapi) => &[Es256],
        (Suite::International, Profile::Simple) => &[Es256, Ps256, Rs256],
    }
}

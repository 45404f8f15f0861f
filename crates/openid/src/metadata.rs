//! What this provider offers, for machines: discovery.

use serde::{Deserialize, Serialize};

use crate::{Acr, IDENTITY_VERIFICATION};

/// Where the document lies behind the issuer (OIDC Discovery §4).
pub const DISCOVERY_PATH: &str = "/.well-known/openid-configuration";

/// The discovery document (OIDC Discovery §3, RFC 8414 §2), printed in the order of its fields.
///
/// What the parsers of this crate decide is filled in by [`ProviderMetadata::new`]; addresses, algorithms, methods and
/// languages are the caller's. `request_uri_parameter_supported` is said aloud because its default is `true`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the members are those of the standards"
)]
pub struct ProviderMetadata {
    /// The issuer, exactly as in `iss`.
    pub issuer: String,
    /// Where the browser goes.
    pub authorization_endpoint: String,
    /// Where a request is pushed first (RFC 9126 §5).
    pub pushed_authorization_request_endpoint: String,
    /// Whether *every* client must push (RFC 9126 §5). Here it is required per client, so `false`.
    pub require_pushed_authorization_requests: bool,
    /// Where the code is redeemed.
    pub token_endpoint: String,
    /// Where `sub` can be asked for (OIDC Core §5.3); the simple profile only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_endpoint: Option<String>,
    /// Where a resource asks about a token (RFC 7662).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub introspection_endpoint: Option<String>,
    /// Where a token is given up (RFC 7009).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revocation_endpoint: Option<String>,
    /// Where a platform starts a verification itself (CIBA Core §4).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backchannel_authentication_endpoint: Option<String>,
    /// `poll` (CIBA Core §4); without the endpoint, nothing.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub backchannel_token_delivery_modes_supported: Vec<String>,
    /// Whether a user code is asked for: `false` (CIBA Core §4).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub backchannel_user_code_parameter_supported: Option<bool>,
    /// The keys of ID tokens.
    pub jwks_uri: String,
    /// `openid`: attributes are not asked for by scope.
    pub scopes_supported: Vec<String>,
    /// `code`.
    pub response_types_supported: Vec<String>,
    /// `query`.
    pub response_modes_supported: Vec<String>,
    /// `authorization_code`.
    pub grant_types_supported: Vec<String>,
    /// The four modes, weakest first.
    pub acr_values_supported: Vec<Acr>,
    /// `pairwise` (R2.3).
    pub subject_types_supported: Vec<String>,
    /// How ID tokens are signed.
    pub id_token_signing_alg_values_supported: Vec<String>,
    /// How clients authenticate.
    pub token_endpoint_auth_methods_supported: Vec<String>,
    /// How client assertions may be signed.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub token_endpoint_auth_signing_alg_values_supported: Vec<String>,
    /// How DPoP proofs may be signed (RFC 9449 §5.1); without DPoP, nothing.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub dpop_signing_alg_values_supported: Vec<String>,
    /// `S256` (RFC 7636 §6.2).
    pub code_challenge_methods_supported: Vec<String>,
    /// The claims of an ID token; `verified_claims` only by `authorization_details`.
    pub claims_supported: Vec<String>,
    /// Whether `verified_claims` is given at all (OpenID Connect for Identity Assurance §9); here as a nested JWT.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub verified_claims_supported: Option<bool>,
    /// Under which rules claims are verified.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub trust_frameworks_supported: Vec<String>,
    /// What `verified_claims` may hold.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub claims_in_verified_claims_supported: Vec<String>,
    /// Whether `claims` is understood: `false`.
    pub claims_parameter_supported: bool,
    /// Whether request objects are: `false`.
    pub request_parameter_supported: bool,
    /// Whether request objects by reference are: `false`.
    pub request_uri_parameter_supported: bool,
    /// Whether `iss` is in the authorization response (RFC 9207 §3): `true`.
    pub authorization_response_iss_parameter_supported: bool,
    /// The types of RFC 9396 §10: `identity_verification`.
    pub authorization_details_types_supported: Vec<String>,
    /// Languages of the pages (BCP 47).
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub ui_locales_supported: Vec<String>,
    /// For developers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_documentation: Option<String>,
    /// What is done with data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub op_policy_uri: Option<String>,
    /// The terms of service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub op_tos_uri: Option<String>,
}

/// The addresses every provider of this kind has.
#[derive(Clone, Copy, Debug)]
pub struct Endpoints<'a> {
    /// Where the browser goes.
    pub authorization: &'a str,
    /// Where a request is pushed first.
    pub pushed_authorization_request: &'a str,
    /// Where the code is redeemed.
    pub token: &'a str,
    /// The keys of ID tokens.
    pub jwks: &'a str,
}

impl ProviderMetadata {
    /// A provider with what this crate reads and prints; algorithms and methods are still empty, the rest is absent.
    pub fn new(issuer: &str, endpoints: Endpoints<'_>) -> Self {
        let one = |value: &str| vec![value.to_owned()];
        Self {
            issuer: issuer.to_owned(),
            authorization_endpoint: endpoints.authorization.to_owned(),
            pushed_authorization_request_endpoint: endpoints
                .pushed_authorization_request
                .to_owned(),
            require_pushed_authorization_requests: false,
            token_endpoint: endpoints.token.to_owned(),
            userinfo_endpoint: None,
            introspection_endpoint: None,
            revocation_endpoint: None,
            backchannel_authentication_endpoint: None,
            backchannel_token_delivery_modes_supported: Vec::new(),
            backchannel_user_code_parameter_supported: None,
            jwks_uri: endpoints.jwks.to_owned(),
            scopes_supported: one("openid"),
            response_types_supported: one("code"),
            response_modes_supported: one("query"),
            grant_types_supported: one("authorization_code"),
            acr_values_supported: Acr::ALL.to_vec(),
            subject_types_supported: one("pairwise"),
            id_token_signing_alg_values_supported: Vec::new(),
            token_endpoint_auth_methods_supported: Vec::new(),
            token_endpoint_auth_signing_alg_values_supported: Vec::new(),
            dpop_signing_alg_values_supported: Vec::new(),
            code_challenge_methods_supported: one("S256"),
            claims_supported: CLAIMS.map(str::to_owned).to_vec(),
            verified_claims_supported: None,
            trust_frameworks_supported: Vec::new(),
            claims_in_verified_claims_supported: Vec::new(),
            claims_parameter_supported: false,
            request_parameter_supported: false,
            request_uri_parameter_supported: false,
            authorization_response_iss_parameter_supported: true,
            authorization_details_types_supported: one(IDENTITY_VERIFICATION),
            ui_locales_supported: Vec::new(),
            service_documentation: None,
            op_policy_uri: None,
            op_tos_uri: None,
        }
    }
}

/// The claims of [`crate::IdTokenClaims`], in its order.
const CLAIMS: [&str; 10] = [
    "iss",
    "sub",
    "aud",
    "iat",
    "exp",
    "auth_time",
    "nonce",
    "acr",
    "amr",
    "verified_claims",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ClientId, IdTokenClaims, Nonce};

    fn metadata() -> ProviderMetadata {
        ProviderMetadata {
            id_token_signing_alg_values_supported: vec!["ES256".into(), "RS256".into()],
            token_endpoint_auth_methods_supported: vec!["private_key_jwt".into()],
            ..ProviderMetadata::new(
                "https://wz.example",
                Endpoints {
                    authorization: "https://wz.example/oauth/authorize",
                    pushed_authorization_request: "https://wz.example/oauth/par",
                    token: "https://wz.example/oauth/token",
                    jwks: "https://wz.example/oauth/jwks",
                },
            )
        }
    }

    #[test]
    fn prints_in_a_fixed_order() {
        assert_eq!(
            serde_json::to_string(&metadata()).expect("serialises"),
            concat!(
                r#"{"issuer":"https://wz.example","#,
                r#""authorization_endpoint":"https://wz.example/oauth/authorize","#,
                r#""pushed_authorization_request_endpoint":"https://wz.example/oauth/par","#,
                r#""require_pushed_authorization_requests":false,"#,
                r#""token_endpoint":"https://wz.example/oauth/token","#,
                r#""jwks_uri":"https://wz.example/oauth/jwks","#,
                r#""scopes_supported":["openid"],"#,
                r#""response_types_supported":["code"],"#,
                r#""response_modes_supported":["query"],"#,
                r#""grant_types_supported":["authorization_code"],"#,
                r#""acr_values_supported":["urn:wangzheng:mode:wz","urn:wangzheng:mode:wz+pin","#,
                r#""urn:wangzheng:mode:wz+face","urn:wangzheng:mode:wz+pin+face"],"#,
                r#""subject_types_supported":["pairwise"],"#,
                r#""id_token_signing_alg_values_supported":["ES256","RS256"],"#,
                r#""token_endpoint_auth_methods_supported":["private_key_jwt"],"#,
                r#""code_challenge_methods_supported":["S256"],"#,
                r#""claims_supported":["iss","sub","aud","iat","exp","auth_time","nonce","acr","amr","verified_claims"],"#,
                r#""claims_parameter_supported":false,"#,
                r#""request_parameter_supported":false,"#,
                r#""request_uri_parameter_supported":false,"#,
                r#""authorization_response_iss_parameter_supported":true,"#,
                r#""authorization_details_types_supported":["identity_verification"]}"#,
            )
        );
    }

    #[test]
    fn reads_what_it_prints() {
        let text = serde_json::to_string(&metadata()).expect("serialises");
        assert_eq!(
            serde_json::from_str::<ProviderMetadata>(&text).ok(),
            Some(metadata())
        );
    }

    #[test]
    fn names_the_claims_an_id_token_has() {
        let claims = IdTokenClaims {
            iss: String::new(),
            sub: String::new(),
            aud: ClientId::new("forum").expect("a client id"),
            iat: 0,
            exp: 0,
            auth_time: 0,
            nonce: Nonce::new("n"),
            acr: Acr::Wz,
            verified_claims: Some(String::new()),
        };
        let value = serde_json::to_value(claims).expect("serialises");
        let mut members: Vec<&str> = value
            .as_object()
            .expect("an object")
            .keys()
            .map(String::as_str)
            .collect();
        let mut named = CLAIMS.to_vec();
        members.sort_unstable();
        named.sort_unstable();
        assert_eq!(members, named);
    }
}

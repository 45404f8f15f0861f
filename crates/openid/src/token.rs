//! The token endpoint: a code comes in, tokens go out.

use serde::{Deserialize, Serialize};

use crate::{
    CodeVerifier, CompactJws, ErrorCode, Form, IdentityVerified, OAuthError, RedirectUri, Scope,
    Secret, TokenType,
};

/// A token request with `grant_type=authorization_code` (RFC 6749 §4.1.3), the only one there is.
///
/// Who sends it is read by [`crate::ClientAuthentication`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRequest {
    /// The code, to be taken once.
    pub code: Secret,
    /// Must equal the one of the authorization request, byte by byte.
    pub redirect_uri: RedirectUri,
    /// Must meet the challenge of the authorization request.
    pub code_verifier: CodeVerifier,
}

impl TokenRequest {
    /// Reads the body.
    pub fn parse(form: &Form) -> Result<Self, OAuthError> {
        match form.text("grant_type") {
            Some("authorization_code") => {}
            Some(_) => {
                return Err(ErrorCode::UnsupportedGrantType
                    .because("grant_type must be authorization_code"));
            }
            None => return Err(invalid("grant_type is missing")),
        }
        let code = form.text("code").ok_or(invalid("code is missing"))?;
        let redirect_uri = form
            .text("redirect_uri")
            .ok_or(invalid("redirect_uri is missing"))?;
        let code_verifier = form
            .text("code_verifier")
            .ok_or(invalid("code_verifier is missing"))?;
        // RFC 9396 §6: the client may narrow here what it was granted. One verification cannot be narrowed.
        if form.has("authorization_details") {
            let description = "authorization_details has no place in a token request";
            return Err(ErrorCode::InvalidAuthorizationDetails.because(description));
        }
        if form.has("resource") {
            return Err(ErrorCode::InvalidTarget.because("resource is not supported"));
        }
        Ok(Self {
            code: Secret::new(code),
            // RFC 6749 §5.2: what is no redirect URI cannot be the one of the request, and that is invalid_grant.
            redirect_uri: RedirectUri::parse(redirect_uri)
                .map_err(|_| ErrorCode::InvalidGrant.because("redirect_uri does not match"))?,
            code_verifier: CodeVerifier::new(code_verifier)
                .ok_or(invalid("code_verifier is malformed"))?,
        })
    }

    /// Prints the body, without the authentication of the client.
    pub fn print(&self) -> String {
        Form::encode([
            ("grant_type", "authorization_code"),
            ("code", self.code.expose()),
            ("redirect_uri", self.redirect_uri.as_str()),
            ("code_verifier", self.code_verifier.as_str()),
        ])
    }
}

/// A successful answer (RFC 6749 §5.1, OIDC Core §3.1.3.3, RFC 9396 §7). To be sent with `Cache-Control: no-store`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenResponse {
    /// The access token, opaque to the client.
    pub access_token: Secret,
    /// How it must be presented.
    pub token_type: TokenType,
    /// Its life, in seconds.
    pub expires_in: u32,
    /// The signed statement of who and how.
    pub id_token: CompactJws,
    /// What was granted.
    pub scope: Scope,
    /// What was verified: exactly one.
    pub authorization_details: [IdentityVerified; 1],
}

fn invalid(description: &'static str) -> OAuthError {
    ErrorCode::InvalidRequest.because(description)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{IdentityVerification, ScenarioName};

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const VALID: [(&str, &str); 4] = [
        ("grant_type", "authorization_code"),
        ("code", "SplxlOBeZQQYbYS6WxSbIA"),
        ("redirect_uri", "http://127.0.0.1:9999/cb"),
        ("code_verifier", VERIFIER),
    ];

    fn parse_with(name: &str, value: &str) -> Result<TokenRequest, OAuthError> {
        let others = VALID.into_iter().filter(|(other, _)| *other != name);
        let text = Form::encode(others.chain([(name, value)]));
        TokenRequest::parse(&Form::parse(text.as_bytes()).expect("a valid form"))
    }

    #[test]
    fn reads_what_it_prints() {
        let request = parse_with("client_id", "forum").expect("a request");
        assert_eq!(request.code.expose(), "SplxlOBeZQQYbYS6WxSbIA");
        let again = Form::parse(request.print().as_bytes()).map(|form| TokenRequest::parse(&form));
        assert_eq!(again, Ok(Ok(request)));
    }

    #[test]
    fn every_field_fails_with_its_own_code() {
        use ErrorCode::{
            InvalidAuthorizationDetails, InvalidGrant, InvalidRequest, InvalidTarget,
            UnsupportedGrantType,
        };
        let long = "x".repeat(8 * 1024);
        for (name, value, code) in [
            ("grant_type", "", InvalidRequest),
            ("grant_type", "refresh_token", UnsupportedGrantType),
            ("grant_type", "client_credentials", UnsupportedGrantType),
            ("grant_type", "password", UnsupportedGrantType),
            ("grant_type", &long, UnsupportedGrantType),
            ("code", "", InvalidRequest),
            ("redirect_uri", "", InvalidRequest),
            ("redirect_uri", "http://rp.example/cb", InvalidGrant),
            ("redirect_uri", &long, InvalidGrant),
            ("code_verifier", "", InvalidRequest),
            ("code_verifier", "short", InvalidRequest),
            ("code_verifier", &long, InvalidRequest),
            ("authorization_details", "[]", InvalidAuthorizationDetails),
            ("resource", "https://rp.example", InvalidTarget),
        ] {
            assert_eq!(
                parse_with(name, value).map_err(|error| error.code),
                Err(code),
                "{name} = {value:.60}"
            );
        }
    }

    #[test]
    fn debug_shows_neither_code_nor_verifier() {
        let text = format!("{:?}", parse_with("client_id", "forum"));
        assert!(
            !text.contains("SplxlOBeZQQYbYS6WxSbIA") && !text.contains(VERIFIER),
            "{text}"
        );
    }

    /// R8.1: the response holds these members and no other.
    #[test]
    fn the_response_has_six_members() {
        let scenario = ScenarioName::new("account-registration").expect("a scenario");
        let response = TokenResponse {
            access_token: Secret::new("at"),
            token_type: TokenType::DPoP,
            expires_in: 300,
            id_token: CompactJws::new("a.b.c").expect("a JWS"),
            scope: Scope::openid(),
            authorization_details: [IdentityVerified {
                request: IdentityVerification {
                    scenario,
                    attributes: None,
                },
                receipt: CompactJws::new("d.e.f").expect("a JWS"),
            }],
        };
        let text = serde_json::to_string(&response).expect("serialises");
        assert_eq!(
            text,
            concat!(
                r#"{"access_token":"at","token_type":"DPoP","expires_in":300,"id_token":"a.b.c","scope":"openid","#,
                r#""authorization_details":[{"type":"identity_verification","scenario":"account-registration","#,
                r#""result":"pass","receipt":"d.e.f","further_plaintext":"prohibited"}]}"#,
            )
        );
        assert_eq!(
            serde_json::from_str::<TokenResponse>(&text).ok(),
            Some(response)
        );
    }
}

//! Whatever a stranger sends: a value or an error, never a panic, and never their words back.

use openid::{
    AuthorizationRequest, AuthorizationResponse, Challenge, ClientAssertionClaims,
    ClientAuthentication, CodeChallenge, CodeVerifier, DpopProofClaims, Form, IdTokenClaims,
    IdentityVerification, OAuthError, PresentedToken, PushedReference, RedirectUri, ReturnAddress,
    TokenReference, TokenRequest, TokenType,
};
use proptest::prelude::*;

/// A body that is likely to get past the form and into the fields.
fn near_request() -> impl Strategy<Value = Vec<u8>> {
    let name = prop::sample::select(vec![
        "response_type",
        "response_mode",
        "client_id",
        "redirect_uri",
        "scope",
        "state",
        "nonce",
        "code_challenge",
        "code_challenge_method",
        "prompt",
        "max_age",
        "ui_locales",
        "acr_values",
        "id_token_hint",
        "dpop_jkt",
        "authorization_details",
        "request_uri",
        "grant_type",
        "code",
        "code_verifier",
        "client_assertion",
        "client_assertion_type",
        "client_secret",
        "token",
        "iss",
        "error",
    ]);
    let known = prop::sample::select(vec![
        "code",
        "query",
        "forum",
        "https://rp.example/cb",
        "openid",
        "S256",
        "none",
        "login",
        "0",
        "zh-CN",
        "authorization_code",
        "urn:wangzheng:mode:wz",
        "urn:ietf:params:oauth:request_uri:a",
        "a.b.c",
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        r#"[{"type":"identity_verification","scenario":"sign-up"}]"#,
    ]);
    let value = prop_oneof![3 => known.prop_map(str::to_owned), 1 => any::<String>()];
    prop::collection::btree_map(name, value, 0..26).prop_map(|fields| {
        Form::encode(fields.iter().map(|(name, value)| (*name, value.as_str()))).into_bytes()
    })
}

fn near_json() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "null",
        "1",
        "1e400",
        "\"type\"",
        "\"identity_verification\"",
        "\"scenario\"",
        "\"attributes\"",
        "\"a\"",
        "\"iss\"",
        "\"sub\"",
        "\"aud\"",
        "\"jti\"",
        "\"exp\"",
        "\\u0000",
        " ",
    ]);
    prop::collection::vec(word, 0..40).prop_map(|words| words.concat())
}

/// RFC 6749 §5.2: the characters a description may have. Ours are constants, so this is about them alone.
fn is_printable(error: OAuthError) -> bool {
    error.parameters().all(|(_, text)| {
        text.bytes()
            .all(|byte| matches!(byte, 0x20..=0x21 | 0x23..=0x5B | 0x5D..=0x7E))
    })
}

fn read_everything(body: &[u8], header: &[u8]) -> Vec<OAuthError> {
    let form = match Form::parse(body) {
        Ok(form) => form,
        Err(error) => return vec![error.into()],
    };
    AuthorizationResponse::parse(&form);
    [
        AuthorizationRequest::parse(&form).err(),
        ReturnAddress::parse(&form).err(),
        PushedReference::parse(&form).err(),
        TokenRequest::parse(&form).err(),
        TokenReference::parse(&form).err(),
        ClientAuthentication::parse(None, &form).err(),
        ClientAuthentication::parse(Some(header), &form).err(),
        PresentedToken::parse(Some(header)).err(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn bytes_do_no_harm(body in any::<Vec<u8>>(), header in any::<Vec<u8>>()) {
        prop_assert!(read_everything(&body, &header).into_iter().all(is_printable));
    }

    #[test]
    fn requests_that_are_almost_right_do_no_harm(body in near_request(), scheme in "(Basic|Bearer|DPoP) [a-zA-Z0-9+/=% ]{0,40}") {
        prop_assert!(read_everything(&body, scheme.as_bytes()).into_iter().all(is_printable));
    }

    #[test]
    fn text_does_no_harm(text in any::<String>()) {
        let _ = RedirectUri::parse(&text);
        let _ = CodeVerifier::new(&text);
        let _ = CodeChallenge::new(&text);
        prop_assert!(IdentityVerification::parse(&text).is_err());
    }

    #[test]
    fn json_that_is_almost_right_does_no_harm(text in near_json()) {
        let _ = IdentityVerification::parse(&text);
        let _ = jose::json::object::<ClientAssertionClaims>(text.as_bytes(), "claims");
        let _ = jose::json::object::<DpopProofClaims>(text.as_bytes(), "claims");
        let _ = jose::json::object::<IdTokenClaims>(text.as_bytes(), "claims");
    }

    /// A redirect URI that was accepted leads where it says: same origin, no escape by what is appended.
    #[test]
    fn an_accepted_redirect_uri_keeps_its_origin(
        text in "https?://(rp\\.example|127\\.0\\.0\\.1|localhost|[a-z@:.\\\\]{1,12})(:[0-9]{1,5})?(/[ -~]{0,20})?",
        state in "[ -~]{1,30}",
    ) {
        if let Ok(uri) = RedirectUri::parse(&text) {
            let response = AuthorizationResponse {
                outcome: Ok(openid::Secret::new("code")),
                state: openid::State::new(&state),
                issuer: "https://wz.example".into(),
            };
            let before = url::Url::parse(uri.as_str()).expect("an accepted URI is a URL");
            let after = url::Url::parse(&response.location(&uri)).expect("so is the location");
            prop_assert_eq!(before.origin(), after.origin());
            prop_assert_eq!(before.path(), after.path());
            let form = Form::from_query(after.query()).expect("a readable query");
            prop_assert_eq!(form.text("state"), Some(state.as_str()));
            prop_assert_eq!(form.text("code"), Some("code"));
        }
    }
}

#[test]
fn a_challenge_is_one_header_line() {
    for code in openid::ErrorCode::ALL {
        let challenge = Challenge::Token(TokenType::DPoP, Some(code.into())).to_string();
        assert!(
            challenge.bytes().all(|byte| (b' '..=b'~').contains(&byte)),
            "{challenge}"
        );
    }
}

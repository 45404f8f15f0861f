use super::*;

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const DETAILS: &str = r#"[{"type":"identity_verification","scenario":"account-registration"}]"#;
const MINIMAL: [(&str, &str); 6] = [
    ("response_type", "code"),
    ("client_id", "forum"),
    ("redirect_uri", "http://127.0.0.1:9999/cb"),
    ("scope", "openid"),
    ("code_challenge", CHALLENGE),
    ("code_challenge_method", "S256"),
];

/// The minimal request with one parameter set, or left out if the value is empty.
fn with(name: &str, value: &str) -> Form {
    let others = MINIMAL.into_iter().filter(|(other, _)| *other != name);
    let text = Form::encode(others.chain([(name, value)]));
    Form::parse(text.as_bytes()).expect("a valid form")
}

fn code_of(form: &Form) -> Option<ErrorCode> {
    AuthorizationRequest::parse(form)
        .err()
        .map(|error| error.code)
}

#[test]
fn the_minimal_request_has_empty_options() {
    let request = AuthorizationRequest::parse(&with("state", "")).expect("a request");
    assert_eq!(request.client_id.as_str(), "forum");
    assert_eq!(request.redirect_uri.as_str(), "http://127.0.0.1:9999/cb");
    assert_eq!(request.scope, Scope::openid());
    assert_eq!(request.code_challenge.to_string(), CHALLENGE);
    assert_eq!(
        (request.state, request.nonce, request.max_age),
        (None, None, None)
    );
    assert_eq!(
        (
            request.id_token_hint,
            request.dpop_jkt,
            request.authorization_details
        ),
        (None, None, None)
    );
    assert!(
        request.prompt.is_empty() && request.ui_locales.is_empty() && request.acr_values.is_empty()
    );
}

#[test]
fn reads_each_option() {
    let parse = |name, value| AuthorizationRequest::parse(&with(name, value)).expect(name);
    assert_eq!(
        parse("state", "a b").state.as_ref().map(State::as_str),
        Some("a b")
    );
    assert_eq!(
        parse("nonce", "n-网").nonce.as_ref().map(Nonce::as_str),
        Some("n-网")
    );
    assert_eq!(
        parse("prompt", "consent").prompt,
        BTreeSet::from([Prompt::Consent])
    );
    assert_eq!(parse("max_age", "0").max_age, Some(0));
    assert_eq!(
        parse("ui_locales", "zh-Hans-CN en").ui_locales,
        ["zh-Hans-CN", "en"]
    );
    assert_eq!(
        parse("acr_values", Acr::WzPin.as_str()).acr_values,
        [Acr::WzPin]
    );
    assert_eq!(
        parse("dpop_jkt", CHALLENGE)
            .dpop_jkt
            .map(|jkt| jkt.to_string())
            .as_deref(),
        Some(CHALLENGE)
    );
    assert_eq!(
        parse("id_token_hint", "a.b.c")
            .id_token_hint
            .as_ref()
            .map(CompactJws::as_str),
        Some("a.b.c")
    );
    let details = parse("authorization_details", DETAILS).authorization_details;
    assert_eq!(
        details.map(|details| details.to_json()).as_deref(),
        Some(DETAILS)
    );
}

#[test]
fn ignores_what_it_does_not_know() {
    let minimal = AuthorizationRequest::parse(&with("state", ""));
    for (name, value) in [
        ("display", "popup"),
        ("claims", r#"{"id_token":{"name":null}}"#),
        ("utm_source", "x"),
        ("response_mode", "query"),
    ] {
        assert_eq!(
            AuthorizationRequest::parse(&with(name, value)),
            minimal,
            "{name}"
        );
    }
}

/// R9.1: a hint is personal data that this service does not need.
#[test]
fn keeps_no_login_hint() {
    let request =
        AuthorizationRequest::parse(&with("login_hint", "13800138000")).expect("a request");
    assert!(!request.print().contains("13800138000"));
    assert!(!format!("{request:?}").contains("13800138000"));
}

#[test]
fn every_field_fails_with_its_own_code() {
    use ErrorCode::{
        InvalidAuthorizationDetails, InvalidRequest, InvalidScope, InvalidTarget,
        RegistrationNotSupported, RequestNotSupported, UnmetAuthenticationRequirements,
        UnsupportedResponseType,
    };
    let long = "x".repeat(8 * 1024);
    let state = "s".repeat(State::LIMIT + 1);
    let nonce = "n".repeat(Nonce::LIMIT + 1);
    let hint = format!(
        "a.b.{}",
        "c".repeat(AuthorizationRequest::ID_TOKEN_HINT_LIMIT)
    );
    for (name, value, code) in [
        ("client_id", "", InvalidRequest),
        ("client_id", "two words", InvalidRequest),
        ("client_id", &long, InvalidRequest),
        ("redirect_uri", "", InvalidRequest),
        ("redirect_uri", "http://rp.example/cb", InvalidRequest),
        ("redirect_uri", "http://127.0.0.1:9999/cb#", InvalidRequest),
        ("redirect_uri", &long, InvalidRequest),
        ("state", "网", InvalidRequest),
        ("state", &state, InvalidRequest),
        ("response_type", "", InvalidRequest),
        ("response_type", "token", UnsupportedResponseType),
        ("response_type", "code id_token", UnsupportedResponseType),
        ("response_type", "none", UnsupportedResponseType),
        ("response_type", "CODE", UnsupportedResponseType),
        ("response_type", &long, UnsupportedResponseType),
        ("response_mode", "fragment", InvalidRequest),
        ("response_mode", "form_post", InvalidRequest),
        ("response_mode", "query.jwt", InvalidRequest),
        ("response_mode", &long, InvalidRequest),
        ("scope", "", InvalidScope),
        ("scope", "profile", InvalidScope),
        ("scope", "openid  profile", InvalidScope),
        ("scope", &long, InvalidScope),
        ("nonce", &nonce, InvalidRequest),
        ("code_challenge", "", InvalidRequest),
        ("code_challenge", "short", InvalidRequest),
        ("code_challenge", &long, InvalidRequest),
        ("code_challenge_method", "", InvalidRequest),
        ("code_challenge_method", "plain", InvalidRequest),
        ("code_challenge_method", "s256", InvalidRequest),
        ("code_challenge_method", &long, InvalidRequest),
        ("prompt", "none login", InvalidRequest),
        ("prompt", "create", InvalidRequest),
        ("prompt", &long, InvalidRequest),
        ("max_age", "-1", InvalidRequest),
        ("max_age", "+1", InvalidRequest),
        ("max_age", "1.5", InvalidRequest),
        ("max_age", "4294967296", InvalidRequest),
        ("max_age", &long, InvalidRequest),
        ("ui_locales", "zh_CN", InvalidRequest),
        ("ui_locales", "zh  en", InvalidRequest),
        ("ui_locales", &long, InvalidRequest),
        ("acr_values", "phr", UnmetAuthenticationRequirements),
        ("acr_values", " ", InvalidRequest),
        ("acr_values", &long, InvalidRequest),
        ("id_token_hint", "a.b", InvalidRequest),
        ("id_token_hint", &hint, InvalidRequest),
        ("dpop_jkt", "short", InvalidRequest),
        ("dpop_jkt", &long, InvalidRequest),
        ("authorization_details", "[]", InvalidAuthorizationDetails),
        ("authorization_details", &long, InvalidAuthorizationDetails),
        ("request", "e30.e30.", RequestNotSupported),
        (
            "request_uri",
            "urn:ietf:params:oauth:request_uri:abc",
            InvalidRequest,
        ),
        ("registration", "{}", RegistrationNotSupported),
        ("resource", "https://rp.example", InvalidTarget),
    ] {
        assert_eq!(
            code_of(&with(name, value)),
            Some(code),
            "{name} = {value:.60}"
        );
    }
}

#[test]
fn the_whole_is_limited_even_if_each_part_fits() {
    let large = [
        ("id_token_hint", format!("a.b.{}", "c".repeat(4000))),
        ("state", "s".repeat(State::LIMIT)),
    ];
    let large = large.iter().map(|(name, value)| (*name, value.as_str()));
    let text = Form::encode(MINIMAL.into_iter().chain(large));
    let form = Form::parse(text.as_bytes()).expect("a valid form");
    assert_eq!(code_of(&form), Some(ErrorCode::InvalidRequest));
}

#[test]
fn the_return_address_survives_a_request_that_does_not() {
    let address = ReturnAddress::parse(&with("response_type", "token")).expect("an address");
    assert_eq!(address.redirect_uri.as_str(), "http://127.0.0.1:9999/cb");
    assert_eq!(
        ReturnAddress::parse(&with("state", "网"))
            .expect("an address")
            .state,
        None
    );
    for name in ["client_id", "redirect_uri"] {
        let code = ReturnAddress::parse(&with(name, "")).map_err(|error| error.code);
        assert_eq!(code, Err(ErrorCode::InvalidRequest), "{name}");
    }
}

#[test]
fn prints_what_it_reads() {
    let values = [
        ("state", "a b&c=%"),
        ("nonce", "n-网"),
        ("prompt", "login consent"),
        ("max_age", "3600"),
        ("ui_locales", "zh-Hans-CN en"),
        (
            "acr_values",
            "urn:wangzheng:mode:wz+face urn:wangzheng:mode:wz",
        ),
        ("id_token_hint", "a.b.c"),
        ("dpop_jkt", CHALLENGE),
        ("authorization_details", DETAILS),
    ];
    let text = Form::encode(MINIMAL.into_iter().chain(values));
    let request = Form::parse(text.as_bytes()).map(|form| AuthorizationRequest::parse(&form));
    let request = request.expect("a valid form").expect("a request");
    let again =
        Form::parse(request.print().as_bytes()).map(|form| AuthorizationRequest::parse(&form));
    assert_eq!(again, Ok(Ok(request)));
}

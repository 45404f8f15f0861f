//! The authorization request: what a platform sends to `/oauth/par` or, in the simple profile, through the browser.

use std::collections::BTreeSet;

use crate::{
    Acr, ClientId, CodeChallenge, CompactJws, ErrorCode, Form, IdentityVerification, Nonce,
    OAuthError, Prompt, RedirectUri, Scope, State, Thumbprint,
};

/// An authorization request (OIDC Core §3.1.2.1), code flow with PKCE, every parameter within its syntax.
///
/// Nothing in it is believed yet: whether the client exists, owns the redirect URI and may ask for the scenario is for
/// the caller. Parameters nobody knows are ignored (RFC 6749 §3.1), and so is `claims`: attributes are asked for with
/// `authorization_details` only. `login_hint` is not kept: who approves is known by the device, and a hint is personal
/// data (R9.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationRequest {
    /// Who asks.
    pub client_id: ClientId,
    /// Where the answer goes.
    pub redirect_uri: RedirectUri,
    /// Given back to the client as it was.
    pub state: Option<State>,
    /// Holds `openid`.
    pub scope: Scope,
    /// Given back in the ID token as it was.
    pub nonce: Option<Nonce>,
    /// The PKCE challenge; always there (RFC 9700 §2.1.1).
    pub code_challenge: CodeChallenge,
    /// What the person must be asked; empty if nothing is said.
    pub prompt: BTreeSet<Prompt>,
    /// Seconds since the last authentication that the client tolerates.
    pub max_age: Option<u32>,
    /// Language tags, most wanted first; empty if nothing is said.
    pub ui_locales: Vec<String>,
    /// Modes, most wanted first; empty if nothing is said.
    pub acr_values: Vec<Acr>,
    /// An ID token of ours, not verified: who the client expects to approve.
    pub id_token_hint: Option<CompactJws>,
    /// The key that will prove possession of the tokens (RFC 9449 §10): its thumbprint.
    pub dpop_jkt: Option<Thumbprint>,
    /// What is asked for; without it the client's default scenario applies.
    pub authorization_details: Option<IdentityVerification>,
}

impl AuthorizationRequest {
    /// Longest accepted request in [`AuthorizationRequest::print`], in bytes.
    ///
    /// A pushed request travels sealed in an address; sealed and in base64url it stays below the 8 KiB that servers and
    /// proxies grant a request line.
    pub const LIMIT: usize = 5 * 1024;
    /// Longest accepted `id_token_hint`, in bytes.
    pub const ID_TOKEN_HINT_LIMIT: usize = 4096;
    /// Longest accepted `ui_locales`, in bytes.
    pub const UI_LOCALES_LIMIT: usize = 256;

    /// Reads and checks every parameter. The first failure is the answer.
    pub fn parse(form: &Form) -> Result<Self, OAuthError> {
        // 1. Who, and whereto.
        let ReturnAddress {
            client_id,
            redirect_uri,
            state: _,
        } = ReturnAddress::parse(form)?;
        let state = State::from_form(form)?;
        // 2. What is not offered (OIDC Core §3.1.2.6).
        refuse_unoffered(form)?;
        // 3. The flow: RFC 6749 §4.1.1, and Multiple Response Type Encoding Practices §2.1.
        match form.text("response_type") {
            Some("code") => {}
            Some(_) => {
                return Err(
                    ErrorCode::UnsupportedResponseType.because("response_type must be code")
                );
            }
            None => return Err(invalid("response_type is missing")),
        }
        if form
            .text("response_mode")
            .is_some_and(|mode| mode != "query")
        {
            return Err(invalid("response_mode must be query"));
        }
        // 4. RFC 6749 §3.3: without a default, a missing scope is an invalid one.
        let scope = form
            .text("scope")
            .ok_or(ErrorCode::InvalidScope.because("scope is missing"))?;
        let scope = Scope::parse(scope)?;
        // 5. The rest, in the order of OIDC Core §3.1.2.1 and the extensions.
        let request = Self {
            client_id,
            redirect_uri,
            state,
            scope,
            nonce: Nonce::from_form(form)?,
            code_challenge: code_challenge(form)?,
            prompt: form
                .text("prompt")
                .map(Prompt::parse_set)
                .transpose()?
                .unwrap_or_default(),
            max_age: form.text("max_age").map(max_age).transpose()?,
            ui_locales: form
                .text("ui_locales")
                .map(ui_locales)
                .transpose()?
                .unwrap_or_default(),
            acr_values: form
                .text("acr_values")
                .map(Acr::parse_list)
                .transpose()?
                .unwrap_or_default(),
            id_token_hint: form.text("id_token_hint").map(id_token_hint).transpose()?,
            dpop_jkt: form.text("dpop_jkt").map(dpop_jkt).transpose()?,
            authorization_details: form
                .text("authorization_details")
                .map(IdentityVerification::parse)
                .transpose()?,
        };
        // 6. The whole.
        if request.print().len() > Self::LIMIT {
            return Err(invalid("the request is too large"));
        }
        Ok(request)
    }

    /// Prints the request as a form; [`AuthorizationRequest::parse`] reads the same request back.
    pub fn print(&self) -> String {
        let words = |words: Vec<&str>| (!words.is_empty()).then(|| words.join(" "));
        let text = |text: &str| Some(text.to_owned());
        let fields = [
            ("response_type", text("code")),
            ("client_id", text(self.client_id.as_str())),
            ("redirect_uri", text(self.redirect_uri.as_str())),
            ("scope", Some(self.scope.to_string())),
            (
                "state",
                self.state.as_ref().and_then(|state| text(state.as_str())),
            ),
            (
                "nonce",
                self.nonce.as_ref().and_then(|nonce| text(nonce.as_str())),
            ),
            ("code_challenge", Some(self.code_challenge.to_string())),
            ("code_challenge_method", text("S256")),
            (
                "prompt",
                words(self.prompt.iter().map(|prompt| prompt.as_str()).collect()),
            ),
            ("max_age", self.max_age.map(|seconds| seconds.to_string())),
            (
                "ui_locales",
                words(self.ui_locales.iter().map(String::as_str).collect()),
            ),
            (
                "acr_values",
                words(self.acr_values.iter().map(|acr| acr.as_str()).collect()),
            ),
            (
                "id_token_hint",
                self.id_token_hint
                    .as_ref()
                    .and_then(|hint| text(hint.as_str())),
            ),
            (
                "dpop_jkt",
                self.dpop_jkt.map(|thumbprint| thumbprint.to_string()),
            ),
            (
                "authorization_details",
                self.authorization_details
                    .as_ref()
                    .map(IdentityVerification::to_json),
            ),
        ];
        Form::encode(
            fields
                .iter()
                .filter_map(|(name, value)| value.as_deref().map(|value| (*name, value))),
        )
    }
}

/// Who asks and where an answer would go: read first, so that the rest can fail by redirect.
///
/// It is safe to redirect only after the caller has found the client and this very redirect URI among its registered
/// ones (RFC 6749 §4.1.2.1). If this itself does not parse, the person is told on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnAddress {
    /// Who asks.
    pub client_id: ClientId,
    /// Where the answer goes.
    pub redirect_uri: RedirectUri,
    /// To be given back; nothing if it is malformed, which [`AuthorizationRequest::parse`] then refuses.
    pub state: Option<State>,
}

impl ReturnAddress {
    /// Reads the three parameters and looks at no other.
    pub fn parse(form: &Form) -> Result<Self, OAuthError> {
        let client_id = form
            .text("client_id")
            .ok_or(invalid("client_id is missing"))?;
        let redirect_uri = form
            .text("redirect_uri")
            .ok_or(invalid("redirect_uri is missing"))?;
        Ok(Self {
            client_id: ClientId::new(client_id).ok_or(invalid("client_id is malformed"))?,
            redirect_uri: RedirectUri::parse(redirect_uri)
                .map_err(|_| invalid("redirect_uri is malformed"))?,
            state: State::from_form(form).ok().flatten(),
        })
    }
}

fn refuse_unoffered(form: &Form) -> Result<(), OAuthError> {
    if form.has("request") {
        return Err(ErrorCode::RequestNotSupported.because("request objects are not supported"));
    }
    // RFC 9126 §2.1: MUST NOT be provided here. At the authorization endpoint it is read first (`PushedReference`).
    if form.has("request_uri") {
        return Err(invalid("request_uri has no place in this request"));
    }
    if form.has("registration") {
        return Err(ErrorCode::RegistrationNotSupported.because("registration is not supported"));
    }
    // RFC 8707 §2: tokens of this service are for this service.
    if form.has("resource") {
        return Err(ErrorCode::InvalidTarget.because("resource is not supported"));
    }
    Ok(())
}

/// RFC 7636 §4.3. Without a method the challenge would be `plain`, which is not offered.
fn code_challenge(form: &Form) -> Result<CodeChallenge, OAuthError> {
    let challenge = form
        .text("code_challenge")
        .ok_or(invalid("code_challenge is missing"))?;
    if form.text("code_challenge_method") != Some("S256") {
        return Err(invalid("code_challenge_method must be S256"));
    }
    CodeChallenge::new(challenge).ok_or(invalid("code_challenge is malformed"))
}

fn max_age(text: &str) -> Result<u32, OAuthError> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits
        .then(|| text.parse().ok())
        .flatten()
        .ok_or(invalid("max_age is not a number of seconds"))
}

/// BCP 47 by its alphabet only: an unsupported language is no error (OIDC Core §3.1.2.1).
fn ui_locales(text: &str) -> Result<Vec<String>, OAuthError> {
    let is_tag = |tag: &str| {
        (1..=35).contains(&tag.len())
            && tag
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    if text.len() > AuthorizationRequest::UI_LOCALES_LIMIT || !text.split(' ').all(is_tag) {
        return Err(invalid("ui_locales is too long or malformed"));
    }
    Ok(text.split(' ').map(str::to_owned).collect())
}

fn id_token_hint(text: &str) -> Result<CompactJws, OAuthError> {
    let fits = text.len() <= AuthorizationRequest::ID_TOKEN_HINT_LIMIT;
    let hint = fits.then(|| CompactJws::new(text)).flatten();
    hint.ok_or(invalid("id_token_hint is too long or malformed"))
}

fn dpop_jkt(text: &str) -> Result<Thumbprint, OAuthError> {
    Thumbprint::new(text).ok_or(invalid("dpop_jkt is malformed"))
}

fn invalid(description: &'static str) -> OAuthError {
    ErrorCode::InvalidRequest.because(description)
}

#[cfg(test)]
mod tests {
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
            request.prompt.is_empty()
                && request.ui_locales.is_empty()
                && request.acr_values.is_empty()
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
}

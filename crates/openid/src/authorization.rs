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
mod tests;

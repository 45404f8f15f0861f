//! The authorization response: a redirect with a code or an error.

use crate::{ErrorCode, Form, OAuthError, RedirectUri, Secret, State};

/// What goes back to the platform through the browser (RFC 6749 §4.1.2), always with `iss` (RFC 9207 §2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationResponse {
    /// The code, or why there is none. By R8.1 every no of a person or a rule is `access_denied` without description.
    pub outcome: Result<Secret, OAuthError>,
    /// The `state` of the request, unchanged.
    pub state: Option<State>,
    /// The issuer, so that a client of several is not mixed up.
    pub issuer: String,
}

impl AuthorizationResponse {
    /// The address to redirect to: `code` or `error`, then `state`, then `iss`, behind the URI's own query.
    ///
    /// Only for a redirect URI found among the registered ones of the client (RFC 6749 §4.1.2.1).
    pub fn location(&self, redirect_uri: &RedirectUri) -> String {
        let mut fields: Vec<(&str, &str)> = match &self.outcome {
            Ok(code) => vec![("code", code.expose())],
            Err(error) => error.parameters().collect(),
        };
        fields.extend(self.state.as_ref().map(|state| ("state", state.as_str())));
        fields.push(("iss", &self.issuer));
        redirect_uri.with_parameters(&Form::encode(fields))
    }

    /// Reads the query a platform receives. A description is not kept: it is for people.
    pub fn parse(form: &Form) -> Option<Self> {
        let outcome = match (form.text("code"), form.text("error")) {
            (Some(code), None) => Ok(Secret::new(code)),
            (None, Some(error)) => Err(ErrorCode::from_name(error)?.into()),
            _ => return None,
        };
        let issuer = form.text("iss")?.to_owned();
        Some(Self {
            outcome,
            state: State::from_form(form).ok()?,
            issuer,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(outcome: Result<&str, OAuthError>, state: Option<&str>) -> AuthorizationResponse {
        AuthorizationResponse {
            outcome: outcome.map(Secret::new),
            state: state.map(|text| State::new(text).expect("a state")),
            issuer: "https://wz.example".into(),
        }
    }

    fn location(uri: &str, response: &AuthorizationResponse) -> String {
        response.location(&RedirectUri::parse(uri).expect("a redirect URI"))
    }

    #[test]
    fn carries_code_state_and_issuer() {
        assert_eq!(
            location("https://rp.example/cb", &response(Ok("Splx"), Some("xyz"))),
            "https://rp.example/cb?code=Splx&state=xyz&iss=https%3A%2F%2Fwz.example"
        );
        assert_eq!(
            location("https://rp.example/cb", &response(Ok("Splx"), None)),
            "https://rp.example/cb?code=Splx&iss=https%3A%2F%2Fwz.example"
        );
    }

    /// R8.1: a no is `access_denied` and not a word more.
    #[test]
    fn carries_error_state_and_issuer() {
        assert_eq!(
            location(
                "https://rp.example/cb",
                &response(Err(ErrorCode::AccessDenied.into()), Some("xyz"))
            ),
            "https://rp.example/cb?error=access_denied&state=xyz&iss=https%3A%2F%2Fwz.example"
        );
        let described = ErrorCode::InvalidScope.because("scope must contain openid");
        assert_eq!(
            location("https://rp.example/cb", &response(Err(described), None)),
            "https://rp.example/cb?error=invalid_scope&error_description=scope%20must%20contain%20openid\
             &iss=https%3A%2F%2Fwz.example"
        );
    }

    #[test]
    fn keeps_the_query_of_the_redirect_uri() {
        assert_eq!(
            location(
                "https://rp.example/cb?tenant=1",
                &response(Ok("Splx"), None)
            ),
            "https://rp.example/cb?tenant=1&code=Splx&iss=https%3A%2F%2Fwz.example"
        );
    }

    #[test]
    fn a_state_cannot_break_out() {
        let hostile = "a&code=evil#?\"<>% +\\";
        let location = location(
            "https://rp.example/cb",
            &response(Ok("Splx"), Some(hostile)),
        );
        let (_, query) = location.split_once('?').expect("a query");
        let form = Form::from_query(Some(query)).expect("a valid query");
        assert_eq!(
            (form.text("code"), form.text("state")),
            (Some("Splx"), Some(hostile))
        );
        assert!(
            location
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && !b"#\"<>\\+".contains(&byte)),
            "{location}"
        );
    }

    #[test]
    fn a_platform_reads_one_outcome_or_nothing() {
        let parse = |query: &str| {
            let form = Form::from_query(Some(query)).expect("a valid query");
            AuthorizationResponse::parse(&form)
        };
        let iss = "iss=https%3A%2F%2Fwz.example";
        assert_eq!(
            parse(&format!("code=Splx&state=x&{iss}")),
            Some(response(Ok("Splx"), Some("x")))
        );
        let denied = response(Err(ErrorCode::AccessDenied.into()), None);
        assert_eq!(parse(&format!("error=access_denied&{iss}")), Some(denied));
        for query in [
            "code=Splx",
            iss,
            "error=nonsense&iss=x",
            "code=a&error=access_denied&iss=x",
        ] {
            assert_eq!(parse(query), None, "{query}");
        }
    }
}

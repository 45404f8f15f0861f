//! Where the answer goes.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::{Host, Url};

use crate::Form;

/// A redirection endpoint (RFC 6749 §3.1.2) in its canonical spelling.
///
/// `https`, or `http` on this machine (RFC 8252 §7.3); no fragment, no user information, no wildcard. It equals
/// another only if every byte does, port included (RFC 9700 §2.1): `Eq` is the whole comparison.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RedirectUri(String);

impl RedirectUri {
    /// Longest accepted, in bytes.
    pub const LIMIT: usize = 1024;

    /// Parameters of the response; a redirect URI must not bring its own.
    const RESERVED: [&'static str; 7] = [
        "code",
        "state",
        "iss",
        "error",
        "error_description",
        "error_uri",
        "response",
    ];

    /// Reads one, at registration and in a request alike.
    pub fn parse(text: &str) -> Result<Self, RedirectUriError> {
        if text.len() > Self::LIMIT {
            return Err(RedirectUriError::TooLong);
        }
        // RFC 6749 §3.1.2: MUST NOT include a fragment component.
        if text.contains('#') {
            return Err(RedirectUriError::Fragment);
        }
        if text.contains('*') {
            return Err(RedirectUriError::Wildcard);
        }
        if !has_whole_escapes(text) {
            return Err(RedirectUriError::Escape);
        }
        let url = Url::parse(text).map_err(|_| RedirectUriError::NotAbsolute)?;
        if !url.username().is_empty() || url.password().is_some() || has_authority_at(text) {
            return Err(RedirectUriError::UserInformation);
        }
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            _ => return Err(RedirectUriError::Scheme),
        }
        // What the comparison sees is what the browser does: no dot segments, backslashes, default ports, capitals.
        if !is_canonical(text, &url) {
            return Err(RedirectUriError::NotCanonical);
        }
        // Who reads the response must be able to read the whole query.
        if Form::from_query(url.query()).is_err() {
            return Err(RedirectUriError::Query);
        }
        if url
            .query_pairs()
            .any(|(name, _)| Self::RESERVED.contains(&name.as_ref()))
        {
            return Err(RedirectUriError::ReservedParameter);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same address with more parameters; its own query stays (RFC 6749 §3.1.2).
    pub(crate) fn with_parameters(&self, parameters: &str) -> String {
        let separator = match self.0.split_once('?') {
            None => "?",
            Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
            Some(_) => "&",
        };
        format!("{}{separator}{parameters}", self.0)
    }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for RedirectUri {
    type Error = RedirectUriError;

    fn try_from(text: String) -> Result<Self, RedirectUriError> {
        Self::parse(&text)
    }
}

impl From<RedirectUri> for String {
    fn from(uri: RedirectUri) -> Self {
        uri.0
    }
}

/// Why a text is no redirect URI. Told to who registers one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RedirectUriError {
    /// More than [`RedirectUri::LIMIT`] bytes.
    #[error("the redirect URI is too long")]
    TooLong,
    /// Not an absolute URI.
    #[error("the redirect URI is not an absolute URI")]
    NotAbsolute,
    /// Neither `https` nor `http` on loopback.
    #[error("the redirect URI must be https, or http on a loopback address")]
    Scheme,
    /// A `#`.
    #[error("the redirect URI has a fragment")]
    Fragment,
    /// `user@` or `user:password@`.
    #[error("the redirect URI has user information")]
    UserInformation,
    /// A `*`.
    #[error("the redirect URI has a wildcard")]
    Wildcard,
    /// A `%` without two hexadecimal digits (RFC 3986 §2.1).
    #[error("the redirect URI has a malformed percent escape")]
    Escape,
    /// A browser would spell it differently.
    #[error("the redirect URI is not in canonical spelling")]
    NotCanonical,
    /// Its query is no form: a name twice, bytes that are not UTF-8, a control character.
    #[error("the query of the redirect URI is malformed")]
    Query,
    /// Its query has a parameter of the response, such as `code`.
    #[error("the redirect URI has a parameter of the response")]
    ReservedParameter,
}

fn has_whole_escapes(text: &str) -> bool {
    let hexadecimal = |digit: &u8| digit.is_ascii_hexdigit();
    text.split('%').skip(1).all(|rest| {
        rest.as_bytes()
            .get(..2)
            .is_some_and(|two| two.iter().all(hexadecimal))
    })
}

fn has_authority_at(text: &str) -> bool {
    let authority = text.split_once("://").map_or("", |(_, rest)| rest);
    authority
        .split(['/', '?'])
        .next()
        .is_some_and(|authority| authority.contains('@'))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// `https://rp.example` may stand for `https://rp.example/`; nothing else may differ.
fn is_canonical(text: &str, url: &Url) -> bool {
    let canonical = url.as_str();
    canonical == text
        || url.path() == "/" && url.query().is_none() && canonical.strip_suffix('/') == Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_https_and_loopback_http() {
        for text in [
            "https://rp.example/cb",
            "https://rp.example",
            "https://rp.example/",
            "https://rp.example:8443/cb?tenant=1&lang=zh",
            "https://xn--fiq228c.example/cb",
            "https://rp.example/a%2Fb",
            "https://rp.example/~me@home",
            "http://127.0.0.1:9999/cb",
            "http://[::1]:9999/cb",
            "http://localhost/cb",
        ] {
            assert_eq!(
                RedirectUri::parse(text).map(String::from).as_deref(),
                Ok(text)
            );
        }
    }

    #[test]
    fn refuses_with_the_reason() {
        let long = format!("https://rp.example/{}", "x".repeat(RedirectUri::LIMIT));
        for (text, error) in [
            ("", RedirectUriError::NotAbsolute),
            ("/cb", RedirectUriError::NotAbsolute),
            ("rp.example/cb", RedirectUriError::NotAbsolute),
            ("https://", RedirectUriError::NotAbsolute),
            ("http://rp.example/cb", RedirectUriError::Scheme),
            ("http://127.0.0.1.rp.example/cb", RedirectUriError::Scheme),
            ("http://localhost.rp.example/cb", RedirectUriError::Scheme),
            ("javascript:alert(1)", RedirectUriError::Scheme),
            ("data:text/html,x", RedirectUriError::Scheme),
            ("com.example.app:/cb", RedirectUriError::Scheme),
            ("https://rp.example/cb#", RedirectUriError::Fragment),
            ("https://rp.example/cb#a", RedirectUriError::Fragment),
            (
                "https://rp.example@evil.example/",
                RedirectUriError::UserInformation,
            ),
            ("https://a:b@rp.example/", RedirectUriError::UserInformation),
            ("https://@rp.example/", RedirectUriError::UserInformation),
            ("https://*.rp.example/", RedirectUriError::Wildcard),
            ("https://rp.example/*", RedirectUriError::Wildcard),
            ("https://rp.example/%", RedirectUriError::Escape),
            ("https://rp.example/cb?a=%4", RedirectUriError::Escape),
            ("https://rp.example/%zz", RedirectUriError::Escape),
            ("https://rp.example/%%41", RedirectUriError::Escape),
            ("https://rp.example/cb?a=1&a=2", RedirectUriError::Query),
            ("https://rp.example/cb?a=%FF", RedirectUriError::Query),
            ("https://rp.example/cb?a=%0D%0A", RedirectUriError::Query),
            (
                "https://rp.example/cb?code=",
                RedirectUriError::ReservedParameter,
            ),
            ("HTTPS://rp.example/", RedirectUriError::NotCanonical),
            ("https://RP.example/", RedirectUriError::NotCanonical),
            ("https://rp.example:443/", RedirectUriError::NotCanonical),
            ("https://rp.example/a/../b", RedirectUriError::NotCanonical),
            (
                "https://rp.example\\@evil.example/",
                RedirectUriError::UserInformation,
            ),
            ("https://rp.example\\evil", RedirectUriError::NotCanonical),
            ("https:/rp.example/", RedirectUriError::NotCanonical),
            ("https://rp.example/ cb", RedirectUriError::NotCanonical),
            (" https://rp.example/", RedirectUriError::NotCanonical),
            ("https://rp.example/\tcb", RedirectUriError::NotCanonical),
            ("https://rp.example/网证", RedirectUriError::NotCanonical),
            ("https://中文.example/", RedirectUriError::NotCanonical),
            ("http://127.1/", RedirectUriError::NotCanonical),
            ("https://rp.example?a=1", RedirectUriError::NotCanonical),
            (
                "https://rp.example/cb?code=1",
                RedirectUriError::ReservedParameter,
            ),
            (
                "https://rp.example/cb?%69ss=x",
                RedirectUriError::ReservedParameter,
            ),
            (&long, RedirectUriError::TooLong),
        ] {
            assert_eq!(RedirectUri::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn differs_by_a_byte_and_by_a_port() {
        let registered = RedirectUri::parse("http://127.0.0.1:9999/cb");
        for other in [
            "http://127.0.0.1:9998/cb",
            "http://127.0.0.1:9999/cb/",
            "http://127.0.0.1:9999/CB",
            "http://127.0.0.1:9999/cb?",
        ] {
            assert_ne!(RedirectUri::parse(other), registered, "{other}");
        }
    }

    #[test]
    fn keeps_its_query() {
        for (uri, whole) in [
            ("https://rp.example/cb", "https://rp.example/cb?x=1"),
            ("https://rp.example/cb?", "https://rp.example/cb?x=1"),
            ("https://rp.example/cb?a=1", "https://rp.example/cb?a=1&x=1"),
            (
                "https://rp.example/cb?a=1&",
                "https://rp.example/cb?a=1&x=1",
            ),
            ("https://rp.example", "https://rp.example?x=1"),
        ] {
            assert_eq!(
                RedirectUri::parse(uri).expect(uri).with_parameters("x=1"),
                whole
            );
        }
    }
}

//! The service over HTTP: the one client of this process towards it, with time limits, following no redirect.

use std::time::Duration;

use reqwest::{Client, header, redirect::Policy};
use serde_json::Value;
use url::Url;

use super::protocol::transport::{Answer, Method, Transport, Unreachable};

/// Longest answer that is read, in bytes.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// A service by its issuer.
#[derive(Debug, Clone)]
pub(crate) struct HttpService {
    client: Client,
    issuer: String,
    language: String,
}

impl HttpService {
    /// A client for `issuer`, an http address on this machine or network.
    ///
    /// Answers come in `language` (`zh-CN` or `en`).
    pub(crate) fn new(issuer: &str, language: &str) -> Result<Self, Unreachable> {
        let refused = |text: &str| Unreachable(format!("{issuer}: {text}"));
        let url = Url::parse(issuer).map_err(|_| refused("not an address"))?;
        match url.scheme() {
            "http" => {}
            "https" => {
                return Err(refused(
                    "this build of the wallet speaks plain http to a local service only and has no TLS yet; \
                     use the http address of the demo, for example http://localhost:8080",
                ));
            }
            _ => return Err(refused("only http addresses can be used")),
        }
        Ok(Self {
            client: client().map_err(|_| refused("no HTTP client could be made"))?,
            issuer: issuer.trim_end_matches('/').to_owned(),
            language: language.to_owned(),
        })
    }

    /// The issuer, without a slash at its end.
    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }
}

/// The one kind of client: ten seconds for an answer, no redirects, no proxy from the environment.
pub(crate) fn client() -> Result<Client, reqwest::Error> {
    Client::builder()
        .connect_timeout(Duration::from_secs(3))
        .timeout(Duration::from_secs(10))
        .redirect(Policy::none())
        .no_proxy()
        .build()
}

impl Transport for HttpService {
    async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer, Unreachable> {
        // The path is the service's: an issuer without a path of its own.
        let address = format!("{}{path}", self.issuer);
        let request = match method {
            Method::Get => self.client.get(&address),
            Method::Post => self.client.post(&address),
        };
        let request = request
            .header(header::ACCEPT, "application/json")
            .header(header::ACCEPT_LANGUAGE, &self.language);
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        let response = request
            .send()
            .await
            .map_err(|error| self.unreachable(&error))?;
        let status = response.status().as_u16();
        let location = response
            .headers()
            .get(header::LOCATION)
            .and_then(|location| location.to_str().ok())
            .map(str::to_owned);
        if response
            .content_length()
            .is_some_and(|length| length > MOST_BYTES as u64)
        {
            return Err(Unreachable(format!(
                "{}: the answer is too long",
                self.issuer
            )));
        }
        let bytes = response
            .bytes()
            .await
            .map_err(|error| self.unreachable(&error))?;
        let body = serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()));
        Ok(Answer {
            status,
            location,
            body,
        })
    }
}

impl HttpService {
    fn unreachable(&self, error: &reqwest::Error) -> Unreachable {
        let issuer = &self.issuer;
        Unreachable(if error.is_connect() {
            format!(
                "{issuer} does not answer; is the service running? (cargo run --release -- demo)"
            )
        } else if error.is_timeout() {
            format!("{issuer} took too long to answer; try again in a moment")
        } else {
            format!("{issuer}: the connection broke; try again")
        })
    }
}

//! Requests and answers, as bytes.

use axum::body::{Body, to_bytes};
use axum::response::Response;
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request};
use openid::Form;
use serde_json::Value;

/// A request on its way to the service.
#[derive(Debug, Clone)]
pub struct Call {
    method: Method,
    target: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Call {
    /// `GET` of a path with its query.
    pub fn get(target: impl Into<String>) -> Self {
        Self::of(Method::GET, target)
    }

    /// `POST` to a path.
    pub fn post(target: impl Into<String>) -> Self {
        Self::of(Method::POST, target)
    }

    /// Any method.
    pub fn of(method: Method, target: impl Into<String>) -> Self {
        let (target, headers) = (target.into(), HeaderMap::new());
        Self {
            method,
            target,
            headers,
            body: Vec::new(),
        }
    }

    /// Adds a header; the same name may come several times.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a header name");
        let value = HeaderValue::from_bytes(value.as_ref()).expect("a header value");
        self.headers.append(name, value);
        self
    }

    /// A body of any bytes, with its media type.
    #[must_use]
    pub fn body(self, media_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        let mut call = self.header(CONTENT_TYPE.as_str(), media_type);
        call.body = bytes.into();
        call
    }

    /// A form.
    #[must_use]
    pub fn form(self, fields: &Fields) -> Self {
        self.body("application/x-www-form-urlencoded", fields.encode())
    }

    /// JSON.
    #[must_use]
    pub fn json(self, value: &Value) -> Self {
        self.body("application/json", value.to_string())
    }

    /// Whether an HTTP library would send it: longer targets never arrive.
    pub fn can_be_sent(&self) -> bool {
        self.target.parse::<http::Uri>().is_ok()
    }

    /// Method and path, to tell one call from another in a message.
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.target)
    }

    pub(crate) fn into_request(self) -> Request<Body> {
        let mut request = Request::builder()
            .method(self.method)
            .uri(&self.target)
            .body(Body::from(self.body))
            .expect("a request target that HTTP allows");
        *request.headers_mut() = self.headers;
        request
    }
}

/// An answer, whole.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Vec<u8>,
}

impl Answer {
    pub(crate) async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body ends");
        Self {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: body.to_vec(),
        }
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the body is text")
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        let body = serde_json::from_slice(&self.body).ok();
        assert!(
            body.is_some(),
            "no JSON but {}: {}",
            self.status,
            self.text()
        );
        body.unwrap_or_default()
    }

    /// A header, empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// Where it sends the browser, if it does.
    pub fn location(&self) -> Option<&str> {
        self.headers.get(LOCATION)?.to_str().ok()
    }

    /// The `error` of an OAuth answer or the `code` of a problem document; empty when there is none.
    pub fn code(&self) -> String {
        let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let code = body.get("error").or_else(|| body.get("code"));
        code.and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// This answer, which must have the status.
    #[expect(
        clippy::return_self_not_must_use,
        reason = "often the status is all that a test wants to know"
    )]
    pub fn expect(self, status: u16) -> Self {
        let text = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status, status, "{text}");
        self
    }

    /// Status and code: what most tests compare.
    pub fn outcome(&self) -> (u16, String) {
        (self.status, self.code())
    }

    /// Everything that came over the wire: status, headers and body.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = format!("{}\n", self.status).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\n"].concat());
        }
        bytes.push(b'\n');
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// Parameters of a form or query, in order, repeated if a test wishes.
#[derive(Debug, Clone, Default)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// From pairs.
    pub fn of(pairs: &[(&str, &str)]) -> Self {
        Self(
            pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        )
    }

    /// The same with one value changed, or added.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        match self.0.iter_mut().find(|(other, _)| other == name) {
            Some((_, old)) => value.clone_into(old),
            None => self.0.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// The same without a parameter.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|(other, _)| other != name);
        self
    }

    /// The same with a parameter a second time.
    #[must_use]
    pub fn again(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A value.
    pub fn value(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(other, _)| other == name)
            .map_or("", |(_, value)| value)
    }

    /// As a form is written.
    pub fn encode(&self) -> String {
        Form::encode(
            self.0
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        )
    }
}

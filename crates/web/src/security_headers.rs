//! The response headers that keep a page to itself.
//!
//! One policy for every page: nothing from elsewhere, no inline script or style, no string that becomes markup
//! (Trusted Types), no frame around us, nothing kept in caches unless a handler said so.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// The content security policy of every response. `trusted-types` names the one policy that exists,
/// which lets the service worker be registered and nothing else.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; font-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types wangzheng";

const ALWAYS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "geolocation=(), microphone=(), camera=(self), payment=(), usb=()",
    ),
];

/// Adds the headers a response does not have yet. What a handler set stays: a public log tile may be cached,
/// a page that must post to one checked redirect origin may widen `form-action`.
///
/// `https` tells whether people reach the service over TLS; only then is HSTS sent (RFC 6797 §7.2).
pub fn add(headers: &mut HeaderMap, https: bool) {
    for (name, value) in ALWAYS {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    if https {
        headers
            .entry(header::STRICT_TRANSPORT_SECURITY)
            .or_insert(HeaderValue::from_static(
                "max-age=63072000; includeSubDomains",
            ));
    }
}

/// [`add`] as a middleware for a service reached over plain http (a demo on loopback).
pub async fn over_http(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    add(response.headers_mut(), false);
    response
}

/// [`add`] as a middleware for a service reached over https.
pub async fn over_https(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    add(response.headers_mut(), true);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handler_s_own_cache_rule_stays() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, immutable"),
        );
        add(&mut headers, true);
        assert_eq!(headers[header::CACHE_CONTROL], "public, immutable");
        assert!(headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
    }

    #[test]
    fn the_policy_lets_nothing_in_from_elsewhere() {
        let mut headers = HeaderMap::new();
        add(&mut headers, false);
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        assert!(!headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        for forbidden in ["unsafe", "http", "*", "data:", "blob:", "nonce"] {
            assert!(!policy.contains(forbidden), "{forbidden} in {policy}");
        }
    }
}

//! What an answer may look like.

use openid::ErrorCode;
use serde_json::Value;
use testkit::Answer;

/// The form of an answer, by the branch of the router (`web::problem`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// RFC 6749 §5.2.
    OAuth,
    /// RFC 9457.
    Api,
    /// Html, or a redirect.
    Page,
    /// RFC 6750 §3: a challenge with an empty body.
    Bearer,
}

/// Events that a refusal leaves by itself: an attempt that was spent, somebody who came too late.
pub(super) const REFUSED: &[&str] = &[
    "request_taken:already_taken",
    "request_taken:same_again",
    "pin_attempted:spent",
    "pin_attempted:locked",
    "pin_attempted:done",
    "verified:replayed",
    "verified:not_active",
    "device_changed:too_many",
    "device_changed:not_found",
];

/// Success in its form, or a refusal in its form; never a fault.
pub(super) fn check(answer: &Answer, form: Form, line: &str) {
    let Answer { status, .. } = answer;
    let text = String::from_utf8_lossy(&answer.body);
    assert!(*status < 500, "{line}: {status} {text}");
    assert!(
        !text.contains("<script>alert"),
        "{line}: what was sent came back as markup"
    );
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{line}");
    let media_type = answer.header("content-type");
    match (form, status) {
        (Form::OAuth | Form::Api, 200 | 201) | (Form::Bearer, 200) => {
            assert!(
                media_type.starts_with("application/json"),
                "{line}: {media_type}"
            );
        }
        (Form::Page, 200 | 400..) => {
            let known = [
                "text/html",
                "image/svg+xml",
                "application/problem+json",
                "application/json",
            ];
            assert!(
                known.iter().any(|known| media_type.starts_with(known)),
                "{line}: {status} {media_type}"
            );
        }
        (Form::Page, 303) => assert!(!answer.header("location").is_empty(), "{line}"),
        (Form::OAuth, 400..) => {
            let body = answer.json();
            let members = body.as_object().expect("an object");
            let code = members["error"].as_str().expect("an error");
            assert!(ErrorCode::from_name(code).is_some(), "{line}: {code}");
            let known = ["error", "error_description", "error_uri"];
            assert!(
                members.keys().all(|name| known.contains(&name.as_str())),
                "{line}: {body}"
            );
            assert_eq!(answer.header("cache-control"), "no-store", "{line}");
        }
        (Form::Api, 400..) => problem(answer, line),
        (Form::Bearer, 400 | 401 | 413) => {
            assert!(!answer.header("www-authenticate").is_empty(), "{line}");
        }
        (form, status) => panic!("{line}: {status} is no answer of {form:?}: {text}"),
    }
}

/// A problem document with a stable code.
pub(super) fn problem(answer: &Answer, line: &str) {
    assert_eq!(
        answer.header("content-type"),
        "application/problem+json",
        "{line}"
    );
    let body: Value = answer.json();
    assert_eq!(body["status"], answer.status, "{line}");
    let code = body["code"].as_str().unwrap_or_default();
    let stable = |c: u8| c.is_ascii_lowercase() || c == b'_';
    assert!(
        !code.is_empty() && code.bytes().all(stable),
        "{line}: {body}"
    );
    assert!(
        body["title"]
            .as_str()
            .is_some_and(|title| !title.is_empty()),
        "{line}: {body}"
    );
}

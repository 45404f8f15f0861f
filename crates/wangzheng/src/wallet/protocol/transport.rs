//! One call to the service: a path, perhaps a JSON body, and the answer. What carries it is for the caller.

use std::future::Future;

use serde_json::Value;

use super::{Failed, Refusal};

/// How to call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// Ask.
    Get,
    /// Act.
    Post,
}

/// Carries calls to one service.
pub(crate) trait Transport: Send + Sync {
    /// Sends a call to `path` (with its query) at the service and waits. Redirects are answers, never followed.
    fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> impl Future<Output = Result<Answer, Unreachable>> + Send;
}

/// What came back.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    /// HTTP status.
    pub status: u16,
    /// `Location`, if any.
    pub location: Option<String>,
    /// The body as JSON; a body that is not JSON is one string.
    pub body: Value,
}

/// The service could not be asked, or could not answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unreachable(pub String);

impl Answer {
    /// The body of a success; a rule's refusal (4xx) and a failure of the service (5xx) are told apart.
    pub(crate) fn accepted(self) -> Result<Value, Failed> {
        match self.status {
            200..=299 => Ok(self.body),
            400..=499 => Err(self.refusal().into()),
            500..=599 => Err(Unreachable(format!(
                "the service has a problem (HTTP {}); try again in a moment",
                self.status
            ))
            .into()),
            _ => Err(Failed::NotUnderstood("an unexpected redirect")),
        }
    }

    /// The refusal in a problem document (RFC 9457): its `code`, else the OAuth `error`, else the status.
    fn refusal(self) -> Refusal {
        let Value::Object(mut members) = self.body else {
            return Refusal::own(&format!("http_{}", self.status), "the service refused");
        };
        let mut text = |name: &str| match members.remove(name) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        };
        let rule = text("code").or_else(|| text("error"));
        let detail = text("detail")
            .or_else(|| text("error_description"))
            .or_else(|| text("title"));
        let redirect = text("redirect");
        for plumbing in ["type", "title", "status", "error", "error_description"] {
            members.remove(plumbing);
        }
        Refusal {
            rule: rule.unwrap_or_else(|| format!("http_{}", self.status)),
            detail: detail.unwrap_or_default(),
            redirect,
            further: members,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn answer(status: u16, body: Value) -> Answer {
        Answer {
            status,
            location: None,
            body,
        }
    }

    #[test]
    fn a_problem_names_its_rule_and_keeps_what_else_it_says() {
        let problem = json!({"type": "about:blank", "title": "Forbidden", "status": 403, "code": "pin_wrong",
            "detail": "口令不对", "attempts_left": 4});
        let Err(Failed::Refused(refusal)) = answer(403, problem).accepted() else {
            panic!("not refused")
        };
        assert_eq!(
            (refusal.rule.as_str(), refusal.detail.as_str()),
            ("pin_wrong", "口令不对")
        );
        assert_eq!(Value::Object(refusal.further), json!({"attempts_left": 4}));
    }

    #[test]
    fn an_oauth_error_is_a_rule_too() {
        let Err(Failed::Refused(refusal)) =
            answer(400, json!({"error": "invalid_request"})).accepted()
        else {
            panic!("not refused")
        };
        assert_eq!(refusal.rule, "invalid_request");
    }

    #[test]
    fn a_broken_service_is_no_refusal() {
        let failed = answer(503, json!({"code": "busy"})).accepted();
        assert!(matches!(failed, Err(Failed::Unreachable(_))));
        assert!(matches!(
            answer(303, Value::Null).accepted(),
            Err(Failed::NotUnderstood(_))
        ));
    }
}

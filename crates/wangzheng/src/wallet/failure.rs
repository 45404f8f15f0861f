//! How a command can end without success, and the exit status that says so (design §5).

use std::{fmt::Write as _, io, path::Path};

use serde_json::{Value, json};

use super::protocol::{Failed, Refusal};

/// Why a command did not do what it was asked to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Failure {
    /// A rule said no: exit status 1.
    Refused(Refusal),
    /// Asked wrongly: exit status 2.
    Usage(String),
    /// Waits at the service until the registry answers (R15.2): exit status 3.
    Waiting {
        /// Last day.
        until: String,
        /// In words.
        text: String,
    },
    /// Could not: exit status 3.
    Unable(String),
}

impl Failure {
    /// A rule this program keeps itself.
    pub(crate) fn refused(rule: &str, detail: impl Into<String>) -> Self {
        Self::Refused(Refusal::own(rule, detail))
    }

    /// Wrong usage.
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }

    /// Could not, and what to do about it.
    pub(crate) fn unable(text: impl Into<String>) -> Self {
        Self::Unable(text.into())
    }

    /// A file that cannot be read or written.
    pub(crate) fn disk(path: &Path, error: &io::Error) -> Self {
        Self::Unable(format!(
            "{}: {error}; check the folder and its rights (--data)",
            path.display()
        ))
    }

    /// 1 refused by a rule, 2 wrong usage, 3 could not.
    pub(crate) fn exit_status(&self) -> u8 {
        match self {
            Self::Refused(_) => 1,
            Self::Usage(_) => 2,
            Self::Waiting { .. } | Self::Unable(_) => 3,
        }
    }

    /// For people.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Refused(refusal) => {
                let mut text = format!("拒绝 refused: {} · {}", refusal.rule, refusal.detail);
                for (name, value) in &refusal.further {
                    let _ = write!(text, " ({name}: {value})");
                }
                text
            }
            Self::Usage(text) => format!("用法 usage: {text}"),
            Self::Waiting { text, .. } | Self::Unable(text) => {
                format!("未能完成 could not: {text}")
            }
        }
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        match self {
            Self::Refused(refusal) => {
                let mut members = refusal.further.clone();
                members.insert("error".to_owned(), json!(refusal.rule));
                members.insert("detail".to_owned(), json!(refusal.detail));
                if let Some(redirect) = &refusal.redirect {
                    members.insert("redirect".to_owned(), json!(redirect));
                }
                Value::Object(members)
            }
            Self::Usage(text) => json!({ "error": "usage", "detail": text }),
            Self::Waiting { until, text } => json!({
                "error": "registry_unavailable", "detail": text, "kept_until": until,
            }),
            Self::Unable(text) => json!({ "error": "unable", "detail": text }),
        }
    }
}

impl From<Failed> for Failure {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Refused(refusal) => Self::Refused(refusal),
            Failed::Waiting { ref until } => Self::Waiting {
                until: until.clone(),
                text: failed.to_string(),
            },
            other => Self::Unable(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_its_rule_to_people_and_programs() {
        let refusal = Refusal {
            redirect: Some("http://127.0.0.1:9999/cb?error=access_denied".to_owned()),
            further: [("attempts_left".to_owned(), json!(4))]
                .into_iter()
                .collect(),
            ..Refusal::own("pin_wrong", "口令不对")
        };
        let failure = Failure::Refused(refusal);
        assert_eq!(failure.exit_status(), 1);
        assert!(
            failure.text().contains("pin_wrong") && failure.text().contains("attempts_left: 4")
        );
        assert_eq!(
            failure.json(),
            json!({"error": "pin_wrong", "detail": "口令不对", "attempts_left": 4,
                "redirect": "http://127.0.0.1:9999/cb?error=access_denied"})
        );
    }
}

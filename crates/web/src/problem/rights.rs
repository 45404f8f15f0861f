//! Refusals of a person's rights: each with its reason, the next step and a time limit (PIPL 50).

use http::StatusCode;
use identity::recheck::{RenewError, RenewRefused};
use identity::rights::reissue::ReissueError;
use identity::service::Fault;
use serde_json::json;

use crate::app::App;

use super::ApiProblem;

impl ApiProblem {
    /// A text of ours that does not print.
    pub fn unprintable() -> Self {
        Fault::Invariant("a page does not print").into()
    }

    /// Why a document or a correction was not taken over.
    pub fn renew(app: &App, error: RenewError) -> Self {
        let refused = match error {
            RenewError::Refused(refused) => refused,
            RenewError::Fault(fault) => return fault.into(),
        };
        let today = app.service.now().day();
        let problem = match &refused {
            RenewRefused::Document(document) => {
                Self::rule("document_malformed", &refused).with("rule", document.code())
            }
            RenewRefused::SaysOtherwise(why) => {
                Self::rule("registry_says_otherwise", &refused).with("registry", why.as_str())
            }
            RenewRefused::OfAnother => Self::rule("document_of_another", &refused),
            RenewRefused::Check(check) => check.clone().into(),
            RenewRefused::Overtaken => {
                Self::new(StatusCode::CONFLICT, "overtaken", refused.to_string())
            }
        };
        problem
            .with("reason", json!(refused.reason()))
            .with("next", json!(refused.next_step()))
            .with("answered_by", app.service.answered_by(today))
    }
}

impl From<ReissueError> for ApiProblem {
    fn from(error: ReissueError) -> Self {
        match error {
            ReissueError::Decision(error) => error.into(),
            ReissueError::Registry(error) => error.into(),
            ReissueError::Overtaken => {
                let title = "R2.1: another change came first";
                Self::new(StatusCode::CONFLICT, "overtaken", title)
            }
        }
    }
}

//! What goes wrong when a document is read elsewhere (C8).

use http::StatusCode;
use identity::person::reading::{ReadingError, ReadingRefused};

use super::ApiProblem;

impl From<ReadingError> for ApiProblem {
    fn from(error: ReadingError) -> Self {
        let refused = match error {
            ReadingError::Refused(refused) => refused,
            ReadingError::Fault(fault) => return fault.into(),
        };
        let code = match &refused {
            ReadingRefused::Unknown => return Self::not_found(),
            ReadingRefused::TooMany => {
                let status = StatusCode::TOO_MANY_REQUESTS;
                return Self::new(status, "too_many", refused.to_string());
            }
            ReadingRefused::Duty(_) => "not_your_duty",
            ReadingRefused::AnotherDocument => "another_document",
            ReadingRefused::CounterOnly => "counter_only",
            ReadingRefused::NotForOthers => "not_for_others",
        };
        Self::rule(code, refused)
    }
}

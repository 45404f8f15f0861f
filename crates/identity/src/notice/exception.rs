//! Processing of which nobody is told, because a law says so (Art. 11(3)): by the id of its legal basis, by two persons,
//! recorded for ever with their signatures.

use serde::{Deserialize, Serialize};

use crate::clock::Day;
use crate::oversight::two_persons::NotPossible;
use crate::oversight::{Act, ProposalRow, ProposalState};
use crate::service::{Fault, Service};

/// Laws that demand secrecy or excuse from telling, by id. Another needs a line here, in review.
pub const LEGAL_BASES: [(&str, &str); 4] = [
    (
        "pipl-18-1",
        "《个人信息保护法》第十八条第一款：法律、行政法规规定应当保密或者不需要告知",
    ),
    (
        "pipl-35",
        "《个人信息保护法》第三十五条：告知将妨碍国家机关履行法定职责",
    ),
    ("counterespionage-law", "《反间谍法》：配合调查的保密义务"),
    (
        "criminal-procedure-law-54",
        "《刑事诉讼法》第五十四条：调取证据的保密",
    ),
];

/// An exception from telling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeException {
    /// Id of the legal basis.
    pub legal_basis: String,
    /// Which processing it is about; never a person.
    pub processing: String,
    /// Why.
    pub reason: String,
    /// No longer than until this day.
    pub until: Day,
}

impl NoticeException {
    /// Whether it may be proposed.
    pub(crate) fn check(&self, today: Day) -> Result<(), NotPossible> {
        let refuse = |text| {
            Err(NotPossible {
                rule: "R11.3",
                text,
            })
        };
        if !LEGAL_BASES.iter().any(|(id, _)| *id == self.legal_basis) {
            return refuse("an exception rests on a legal basis of the list");
        }
        if self.processing.trim().is_empty() || self.reason.trim().is_empty() {
            return refuse("an exception says what for and why");
        }
        if self.until <= today || self.until > today.plus(366) {
            return refuse("an exception ends within a year");
        }
        Ok(())
    }
}

/// An exception with who agreed to it.
#[derive(Debug, Clone)]
pub struct RecordedException {
    /// What.
    pub exception: NoticeException,
    /// The proposal with both signatures.
    pub record: ProposalRow,
}

/// Most proposals read.
const MOST: u32 = 10_000;

impl Service {
    /// What would be said against an exception, if it were proposed now.
    pub fn check_exception(&self, exception: &NoticeException) -> Result<(), NotPossible> {
        exception.check(self.now().day())
    }

    /// The exceptions two persons agreed to, newest first: the proposals are the record.
    pub async fn notice_exceptions(&self) -> Result<Vec<RecordedException>, Fault> {
        let done = self
            .store
            .proposals(Some(ProposalState::Done), MOST)
            .await?;
        let exceptions = done.into_iter().filter_map(|record| match &record.act {
            Act::ExceptNotice { exception } => Some(RecordedException {
                exception: exception.clone(),
                record,
            }),
            _ => None,
        });
        Ok(exceptions.collect())
    }

    /// Whether a processing may go on today without telling (Art. 11(3)).
    pub async fn is_excepted(&self, processing: &str) -> Result<bool, Fault> {
        let today = self.now().day();
        let exceptions = self.notice_exceptions().await?;
        Ok(exceptions.iter().any(|recorded| {
            recorded.exception.processing == processing && recorded.exception.until >= today
        }))
    }
}

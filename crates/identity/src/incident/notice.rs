//! What a person affected by an incident is told: five contents, or it is not sent (PIPL 57, R12.3).

use serde::{Deserialize, Serialize};

use crate::inbox::InboxNote;
use crate::platform::LocalText;

use super::Incident;

/// The five contents, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonNotice {
    /// Kinds of data.
    pub kinds: LocalText,
    /// Cause.
    pub cause: LocalText,
    /// Possible harm.
    pub harm: LocalText,
    /// Measures taken, and what the person can do.
    pub measures: LocalText,
    /// Whom to ask.
    pub contact: LocalText,
}

/// Why it cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoticeRefused {
    /// One of the five is missing in a language.
    #[error("R12.3: a content is missing: {0}")]
    Missing(&'static str),
    /// It does not fit into one entry of the inbox.
    #[error("the notice is too long for an inbox entry")]
    TooLong,
}

impl PersonNotice {
    /// The message, if it is whole and fits.
    pub fn note(&self, incident: &Incident) -> Result<InboxNote, NoticeRefused> {
        let contents = [
            ("kinds", "涉及的信息", "Data concerned", &self.kinds),
            ("cause", "原因", "Cause", &self.cause),
            ("harm", "可能的影响", "Possible harm", &self.harm),
            (
                "measures",
                "已采取的措施和你可以做的事",
                "What was done and what you can do",
                &self.measures,
            ),
            ("contact", "联系方式", "Contact", &self.contact),
        ];
        let (mut chinese, mut english) = (Vec::new(), Vec::new());
        for (name, zh, en, text) in contents {
            if text.chinese.trim().is_empty() || text.english.trim().is_empty() {
                return Err(NoticeRefused::Missing(name));
            }
            chinese.push(format!("{zh}：{}", text.chinese.trim()));
            english.push(format!("{en}: {}", text.english.trim()));
        }
        let note = InboxNote {
            topic: "incident".to_owned(),
            title: LocalText::new(
                &format!("安全事件告知：{}", incident.title.chinese),
                &format!("Incident notice: {}", incident.title.english),
            ),
            text: LocalText {
                chinese: chinese.join("\n"),
                english: english.join("\n"),
            },
        };
        if note.fits() {
            Ok(note)
        } else {
            Err(NoticeRefused::TooLong)
        }
    }
}

//! 告知: versioned documents with the parts Art. 11 demands (R11.1).

use async_trait::async_trait;
use crypto::digest::{Digest, sm3};
use serde::{Deserialize, Serialize};

use crate::audit::EventDraft;
use crate::consent::ConsentKind;
use crate::id::NoticeId;
use crate::store::StoreError;

mod application;
mod face;

pub use application::application_notices;
pub use face::face_notice;

/// Id of the notice a face check rests on.
pub const FACE: &str = "face";

/// Every notice this release ships.
pub fn shipped_notices() -> Vec<Notice> {
    let mut notices = application_notices();
    notices.push(face_notice());
    notices
}

/// One version of a notice, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Which notice.
    pub id: NoticeId,
    /// Version, from 1.
    pub version: u32,
    /// The kind of consent it asks for.
    pub consent: ConsentKind,
    /// The text; the law's language first.
    pub chinese: NoticeText,
    /// The same in English.
    pub english: NoticeText,
}

/// The text in one language: the four parts of Art. 11(1) and, for sensitive data, two more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeText {
    /// `zh-CN` or `en`.
    pub language: String,
    /// Title.
    pub title: String,
    /// (一) name of the service and how to reach it.
    pub provider: String,
    /// (二) purpose, manner, kinds of data, how long it is kept.
    pub processing: String,
    /// (三) rights and how to use them.
    pub rights: String,
    /// (四) what else laws demand to be told.
    pub other: String,
    /// Art. 11(2): necessity and effect, for sensitive data.
    pub sensitive: Option<SensitivePart>,
}

/// Art. 11(2): why sensitive data is necessary and what it means for the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SensitivePart {
    /// Necessity.
    pub necessity: String,
    /// Effect on rights and interests.
    pub effect: String,
}

/// Why a notice cannot be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoticeIncomplete {
    /// A mandatory part is empty.
    #[error("a mandatory part is missing: {0}")]
    Part(&'static str),
    /// A separate consent is asked without necessity and effect.
    #[error("sensitive data needs necessity and effect")]
    Sensitive,
}

/// A notice with every part the law demands; only [`Notice::complete`] makes one.
#[derive(Debug, Clone)]
pub struct CompleteNotice(Notice);

impl Notice {
    /// Checks Art. 11(1) and (2): cannot be published with a part missing (R11.1).
    pub fn complete(self) -> Result<CompleteNotice, NoticeIncomplete> {
        for text in [&self.chinese, &self.english] {
            for (part, content) in [
                ("title", &text.title),
                ("provider", &text.provider),
                ("processing", &text.processing),
                ("rights", &text.rights),
                ("other", &text.other),
            ] {
                if content.trim().is_empty() {
                    return Err(NoticeIncomplete::Part(part));
                }
            }
            let sensitive = text.sensitive.as_ref();
            let explained = sensitive
                .is_some_and(|s| !s.necessity.trim().is_empty() && !s.effect.trim().is_empty());
            if self.consent != ConsentKind::General && !explained {
                return Err(NoticeIncomplete::Sensitive);
            }
        }
        Ok(CompleteNotice(self))
    }

    /// The digests a consent may name: one for each language version (what was seen is what counts).
    pub fn digests(&self) -> impl Iterator<Item = Digest> + '_ {
        [&self.chinese, &self.english]
            .into_iter()
            .map(|text| self.digest_of(text))
    }

    /// The digest of one language version: SM3 over id, version and every part, framed.
    pub fn digest_of(&self, text: &NoticeText) -> Digest {
        // Canonical: serde writes the fields in the order of the struct.
        let bytes =
            serde_json::to_vec(&(&self.id, self.version, self.consent, text)).unwrap_or_default();
        sm3(&[b"wangzheng-notice", &bytes])
    }

    /// Whether it is asked only of who chooses the face (P-face).
    pub fn is_for_face(&self) -> bool {
        self.id.as_str() == FACE
    }

    /// The text in a language, Chinese unless English is asked for.
    pub fn text(&self, language: &str) -> &NoticeText {
        if language.starts_with("en") {
            &self.english
        } else {
            &self.chinese
        }
    }
}

impl CompleteNotice {
    /// The notice.
    pub fn notice(&self) -> &Notice {
        &self.0
    }
}

/// Notices in the store: a reference table.
#[async_trait]
pub trait NoticeStore: Send + Sync {
    /// Publishes a version, once: the same version again changes nothing (`false`). Event outcome
    /// `done` or `known`, in the [`reference_bucket`](crate::audit::reference_bucket) of the id.
    async fn publish_notice(
        &self,
        notice: CompleteNotice,
        event: EventDraft,
    ) -> Result<bool, StoreError>;
    /// The newest version of every notice.
    async fn notices(&self) -> Result<Vec<Notice>, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    type Part = fn(&mut NoticeText) -> &mut String;

    #[test]
    fn r11_1_a_notice_with_a_part_missing_cannot_be_published() {
        let notice = application_notices().remove(0);
        assert!(notice.clone().complete().is_ok());
        let parts: [Part; 4] = [
            |t| &mut t.provider,
            |t| &mut t.processing,
            |t| &mut t.rights,
            |t| &mut t.other,
        ];
        for part in parts {
            let mut wrong = notice.clone();
            *part(&mut wrong.chinese) = "  ".to_owned();
            assert!(matches!(wrong.complete(), Err(NoticeIncomplete::Part(_))));
        }
    }

    #[test]
    fn r11_2_sensitive_data_needs_necessity_and_effect() {
        let mut notice = application_notices()
            .into_iter()
            .find(|notice| notice.consent == ConsentKind::Separate)
            .unwrap();
        notice.english.sensitive = None;
        assert_eq!(notice.complete().unwrap_err(), NoticeIncomplete::Sensitive);
    }

    #[test]
    fn every_shipped_notice_is_complete() {
        assert!(
            shipped_notices()
                .into_iter()
                .all(|notice| notice.complete().is_ok())
        );
    }

    #[test]
    fn any_changed_word_is_another_digest() {
        let notice = application_notices().remove(0);
        let mut other = notice.clone();
        other.chinese.rights.push('。');
        assert_ne!(
            notice.digest_of(&notice.chinese),
            other.digest_of(&other.chinese)
        );
        assert_ne!(
            notice.digest_of(&notice.chinese),
            notice.digest_of(&notice.english)
        );
    }
}

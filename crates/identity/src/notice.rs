//! 告知: versioned documents with the parts Art. 11 demands (R11.1).
//!
//! A version is published by two persons ([`publish`]), shown against the one before ([`diff`]), and comes into
//! force on its day ([`edition`]). Whether a person has to be asked again hangs on its [`Subject`] alone.

use async_trait::async_trait;
use crypto::digest::{Digest, sm3};
use serde::{Deserialize, Serialize};

use crate::audit::EventDraft;
use crate::clock::{Day, Timestamp};
use crate::consent::ConsentKind;
use crate::id::{Bucket, NoticeId, StaffLogin};
use crate::receipt::InboxEntry;
use crate::store::StoreError;

mod agreement;
mod application;
pub mod defer;
pub mod diff;
pub mod edition;
pub mod exception;
mod face;
mod minors;
mod part;
mod publish;
mod subject;
mod written;

pub use agreement::{
    Agreed, Agreement, AgreementError, AgreementRefused, Standing, StandingState, Withdrawn,
};
pub use application::application_notices;
pub use defer::{Deferral, DeferredNotice, Lifted};
pub use edition::Editions;
pub use exception::{LEGAL_BASES, NoticeException, RecordedException};
pub use face::face_notice;
pub use minors::minors_notice;
pub use part::{Part, Processing};
pub use subject::Subject;
pub use written::{AGREEMENT_TYPE, WrittenAgreement};

/// Id of the notice a face check rests on.
pub const FACE: &str = "face";

/// Id of the notice on the data of children under 14.
pub const MINORS: &str = "minors";

/// Every notice this release ships.
pub fn shipped_notices() -> Vec<Notice> {
    let mut notices = application_notices();
    notices.push(face_notice());
    notices.push(minors_notice());
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
    /// The first day it is in force.
    #[serde(default = "always")]
    pub effective_from: Day,
    /// Purpose, manner, kinds and retention by name: where they change, everybody is asked again (R11.1).
    #[serde(default)]
    pub subject: Subject,
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
    pub processing: Processing,
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

/// In force since before anybody asked.
fn always() -> Day {
    Day(0)
}

impl NoticeText {
    /// The parts in the order of the law, with their texts.
    pub fn parts(&self) -> Vec<(Part, &str)> {
        let mut parts = vec![
            (Part::Title, self.title.as_str()),
            (Part::Provider, &self.provider),
            (Part::Purpose, &self.processing.purpose),
            (Part::Manner, &self.processing.manner),
            (Part::Kinds, &self.processing.kinds),
            (Part::Retention, &self.processing.retention),
            (Part::Rights, &self.rights),
            (Part::Other, &self.other),
        ];
        if let Some(sensitive) = &self.sensitive {
            parts.push((Part::Necessity, &sensitive.necessity));
            parts.push((Part::Effect, &sensitive.effect));
        }
        parts
    }
}

impl Notice {
    /// Checks Art. 11(1) and (2): cannot be published with a part missing (R11.1).
    pub fn complete(self) -> Result<CompleteNotice, NoticeIncomplete> {
        for text in [&self.chinese, &self.english] {
            // Art. 11(1): each part, and in (二) each of the four things, in both languages.
            let missing = text.parts().into_iter().find(|(part, content)| {
                content.trim().is_empty() && !matches!(part, Part::Necessity | Part::Effect)
            });
            if let Some((part, _)) = missing {
                return Err(NoticeIncomplete::Part(part.as_str()));
            }
            // Art. 11(2).
            let sensitive = text.sensitive.as_ref();
            let explained = sensitive
                .is_some_and(|s| !s.necessity.trim().is_empty() && !s.effect.trim().is_empty());
            if self.consent != ConsentKind::General && !explained {
                return Err(NoticeIncomplete::Sensitive);
            }
        }
        if let Some(missing) = self.subject.missing() {
            return Err(NoticeIncomplete::Part(missing));
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

    /// Whether nothing of a person is processed without this consent: all but the face, which always has another way,
    /// and what a guardian consents to for a child (R4.2).
    pub fn is_mandatory(&self) -> bool {
        self.is_for_everyone()
    }

    /// Whether it is asked only of the guardian of a child under 14 (R4.2).
    pub fn is_for_minors(&self) -> bool {
        self.id.as_str() == MINORS
    }

    /// Whether every applicant is asked.
    pub fn is_for_everyone(&self) -> bool {
        !self.is_for_face() && !self.is_for_minors()
    }

    /// The text whose digest this is.
    pub fn text_of(&self, digest: &Digest) -> Option<&NoticeText> {
        [&self.chinese, &self.english]
            .into_iter()
            .find(|text| self.digest_of(text) == *digest)
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
    /// Every version of every notice, by id and version: what somebody agreed to once stays readable.
    async fn notice_versions(&self) -> Result<Vec<Notice>, StoreError>;
    /// One more notice waits for a reason: opens the deferral, or counts it; the earlier deadline stands. Event outcome
    /// `done`, in the [`reference_bucket`](crate::audit::reference_bucket) of the reason.
    async fn count_deferral(
        &self,
        reason: &str,
        due_at: Timestamp,
        now: Timestamp,
        event: EventDraft,
    ) -> Result<(), StoreError>;
    /// The reason is gone. Event outcome `done`, or `not_found` when nothing waited for it.
    async fn lift_deferral(
        &self,
        reason: &str,
        by: &StaffLogin,
        at: Timestamp,
        event: EventDraft,
    ) -> Result<(), StoreError>;
    /// All deferrals.
    async fn deferrals(&self) -> Result<Vec<Deferral>, StoreError>;
    /// Puts a notice aside in its person's bucket. Event outcome `done`.
    async fn defer_notice(&self, row: DeferredNotice, event: EventDraft) -> Result<(), StoreError>;
    /// Notices of a bucket that wait for a reason.
    async fn deferred_notices(
        &self,
        bucket: Bucket,
        reason: &Digest,
        limit: u32,
    ) -> Result<Vec<DeferredNotice>, StoreError>;
    /// Takes a waiting notice away and puts its entry into the inbox, or neither: of two deliveries one counts. Event
    /// outcome `done` or `gone`.
    async fn deliver_deferred(
        &self,
        row: DeferredNotice,
        entry: Option<InboxEntry>,
        event: EventDraft,
    ) -> Result<(), StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    type Field = fn(&mut NoticeText) -> &mut String;

    impl Notice {
        fn chinese_mut(&mut self) -> &mut NoticeText {
            &mut self.chinese
        }

        fn english_mut(&mut self) -> &mut NoticeText {
            &mut self.english
        }
    }

    #[test]
    fn r11_1_a_notice_with_a_part_missing_cannot_be_published() {
        let notice = application_notices().remove(0);
        assert!(notice.clone().complete().is_ok());
        let parts: [Field; 8] = [
            |t| &mut t.title,
            |t| &mut t.provider,
            |t| &mut t.processing.purpose,
            |t| &mut t.processing.manner,
            |t| &mut t.processing.kinds,
            |t| &mut t.processing.retention,
            |t| &mut t.rights,
            |t| &mut t.other,
        ];
        for part in parts {
            for language in [Notice::chinese_mut, Notice::english_mut] {
                let mut wrong = notice.clone();
                *part(language(&mut wrong)) = "  ".to_owned();
                assert!(matches!(wrong.complete(), Err(NoticeIncomplete::Part(_))));
            }
        }
    }

    #[test]
    fn r11_1_a_notice_says_by_name_what_it_is_about() {
        type Field = fn(&mut Subject);
        let fields: [Field; 4] = [
            |s| s.purposes.clear(),
            |s| s.manners.clear(),
            |s| s.kinds.clear(),
            |s| s.retention.clear(),
        ];
        for field in fields {
            let mut wrong = application_notices().remove(0);
            field(&mut wrong.subject);
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

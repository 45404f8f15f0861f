//! 同意: kinds, bound to a notice version by digest (Art. 9(1), R9.2).

use async_trait::async_trait;
use crypto::digest::Digest;
use crypto::keystore::{KeyError, KeyStore, SecretName};
use serde::{Deserialize, Serialize};

use crate::audit::EventDraft;
use crate::clock::Day;
use crate::id::{NoticeId, PersonId};
use crate::notice::Notice;
use crate::receipt::InboxEntry;
use crate::store::StoreError;

pub mod platform;
pub mod undo;
pub mod withdraw;

/// The three kinds of the law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentKind {
    /// 同意.
    General,
    /// 单独同意: on its own, never bundled; for sensitive data and each disclosure.
    Separate,
    /// 书面同意, where a law demands writing.
    Written,
}

impl ConsentKind {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Separate => "separate",
            Self::Written => "written",
        }
    }

    /// The kind of a stored name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::General, Self::Separate, Self::Written]
            .into_iter()
            .find(|k| k.as_str() == name)
    }
}

/// A consent as a person gives it: to one version of one notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Which kind.
    pub kind: ConsentKind,
    /// Digest of the notice version the person saw.
    pub notice: Digest,
}

/// Proof that every consent a step needs was given to the versions in force. Only
/// [`Consented::check`] makes one; what processes personal data asks for it (R9.2).
#[derive(Debug, Clone)]
pub struct Consented {
    consents: Vec<Consent>,
}

/// What is missing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConsentMissing {
    /// A notice in force was not consented to.
    #[error("no {} consent to notice {notice}", kind.as_str())]
    NotGiven {
        /// Which notice.
        notice: String,
        /// Which kind it needs.
        kind: ConsentKind,
    },
    /// A consent names a version that is no longer, or never was, in force.
    #[error("a consent names a notice version that is not in force")]
    Outdated,
}

impl Consented {
    /// Checks the consents against the notices in force: each notice with its kind, each by the
    /// digest of exactly the version in force, and none besides. R9.2, R11.1.
    pub fn check(consents: &[Consent], required: &[Notice]) -> Result<Self, ConsentMissing> {
        for consent in consents {
            let known = required
                .iter()
                .any(|notice| notice.digests().any(|digest| digest == consent.notice));
            if !known {
                return Err(ConsentMissing::Outdated);
            }
        }
        for notice in required {
            let given = consents.iter().any(|consent| {
                consent.kind == notice.consent
                    && notice.digests().any(|digest| digest == consent.notice)
            });
            if !given {
                return Err(ConsentMissing::NotGiven {
                    notice: notice.id.to_string(),
                    kind: notice.consent,
                });
            }
        }
        Ok(Self {
            consents: consents.to_vec(),
        })
    }

    /// The same for an application: the notice of the face check is asked exactly when a face is
    /// shown. A consent to what is not done is not kept (R9.2, P-face).
    pub fn for_application(
        consents: &[Consent],
        in_force: &[Notice],
        shows_face: bool,
    ) -> Result<Self, ConsentMissing> {
        // A written consent is a document of a device the service knows: asked after the application. What a guardian
        // consents to stands in the guardian's own statement (R4.2).
        let asked = |notice: &Notice| {
            notice.consent != ConsentKind::Written
                && !notice.is_for_minors()
                && (shows_face || !notice.is_for_face())
        };
        let (required, not_asked): (Vec<Notice>, Vec<Notice>) =
            in_force.iter().cloned().partition(asked);
        let needless = |consent: &Consent| {
            not_asked
                .iter()
                .any(|notice| notice.digests().any(|digest| digest == consent.notice))
        };
        let kept: Vec<Consent> = consents
            .iter()
            .filter(|consent| !needless(consent))
            .cloned()
            .collect();
        Self::check(&kept, &required)
    }

    /// The consents that were checked.
    pub fn consents(&self) -> &[Consent] {
        &self.consents
    }

    /// The digests they name.
    pub fn notices(&self) -> Vec<Digest> {
        self.consents.iter().map(|consent| consent.notice).collect()
    }
}

/// The row of a consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentRow {
    /// Whose.
    pub person: PersonId,
    /// Keyed tag of what it is to: same thing, same tag, and nobody else can tell what (C1).
    pub tag: Digest,
    /// Kind.
    pub kind: ConsentKind,
    /// Notice version.
    pub notice: Digest,
    /// Given on.
    pub given_on: Day,
    /// Withdrawn on, if it was: effect for the future only.
    pub withdrawn_on: Option<Day>,
    /// To whom and for what, sealed to the person's history key; empty for the service's own processing.
    pub sealed: Vec<u8>,
}

/// A withdrawal from a platform, for one transaction: whatever was consented to there ends (R9.2).
#[derive(Debug, Clone)]
pub struct Withdrawal {
    /// Tags of the consents that end.
    pub tags: Vec<Digest>,
    /// What says that the platform as a whole was withdrawn from.
    pub mark: ConsentRow,
    /// The person's own note of it.
    pub entry: InboxEntry,
}

impl ConsentRow {
    /// The row of a consent to a notice of the service's own; all versions of a notice share a tag.
    pub fn to_notice(
        person: PersonId,
        notice: &NoticeId,
        consent: &Consent,
        today: Day,
        keys: &dyn KeyStore,
    ) -> Result<Self, KeyError> {
        Ok(Self {
            person,
            tag: Self::notice_tag(person, notice, keys)?,
            kind: consent.kind,
            notice: consent.notice,
            given_on: today,
            withdrawn_on: None,
            sealed: Vec::new(),
        })
    }

    /// The tag of a person's consents to a notice.
    pub fn notice_tag(
        person: PersonId,
        notice: &NoticeId,
        keys: &dyn KeyStore,
    ) -> Result<Digest, KeyError> {
        let name = notice.as_str().as_bytes();
        keys.mac(
            SecretName::Tag,
            &[b"consent-to-service", person.as_bytes(), name],
        )
    }
}

/// Consents in the store.
#[async_trait]
pub trait ConsentStore: Send + Sync {
    /// Gives a consent; the same again (tag and notice) gives it anew. Event outcome `done`.
    async fn give_consent(&self, consent: ConsentRow, event: EventDraft) -> Result<(), StoreError>;
    /// The same in writing: the signed document goes into the person's inbox with the row, or neither (Art. 9(1)).
    async fn give_consent_in_writing(
        &self,
        consent: ConsentRow,
        document: InboxEntry,
        event: EventDraft,
    ) -> Result<(), StoreError>;
    /// Withdraws; `false` when there is none in force. Event outcome `done` or `not_found`.
    async fn withdraw_consent(
        &self,
        person: PersonId,
        tag: &Digest,
        today: Day,
        event: EventDraft,
    ) -> Result<bool, StoreError>;
    /// Ends consents to a platform and stores mark and note. Event outcome `done`.
    async fn withdraw_from_platform(
        &self,
        withdrawal: Withdrawal,
        event: EventDraft,
    ) -> Result<(), StoreError>;
    /// All consents of a person, withdrawn ones too.
    async fn consents(&self, person: PersonId) -> Result<Vec<ConsentRow>, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notice::application_notices;

    #[test]
    fn r9_2_every_notice_in_force_needs_its_own_consent_of_its_own_kind() {
        let notices = application_notices();
        let all: Vec<Consent> = notices
            .iter()
            .map(|notice| Consent {
                kind: notice.consent,
                notice: notice.digests().next().unwrap(),
            })
            .collect();
        assert!(Consented::check(&all, &notices).is_ok());
        for left_out in 0..all.len() {
            let mut some = all.clone();
            some.remove(left_out);
            assert!(matches!(
                Consented::check(&some, &notices),
                Err(ConsentMissing::NotGiven { .. })
            ));
            let mut wrong_kind = all.clone();
            wrong_kind[left_out].kind = ConsentKind::Written;
            assert!(Consented::check(&wrong_kind, &notices).is_err());
        }
        let mut old = all;
        old[0].notice = Digest([9; 32]);
        assert_eq!(
            Consented::check(&old, &notices).unwrap_err(),
            ConsentMissing::Outdated
        );
    }

    #[test]
    fn r9_2_a_face_needs_its_own_consent_and_nothing_else_needs_it() {
        let notices = crate::notice::shipped_notices();
        let all: Vec<Consent> = notices
            .iter()
            .map(|notice| Consent {
                kind: notice.consent,
                notice: notice.digests().next().unwrap(),
            })
            .collect();
        let given = |notice: &Notice, consent: &Consent| {
            notice.digests().any(|digest| digest == consent.notice)
        };
        let mut without = all.clone();
        // What a guardian consents to is not asked of the applicant either (R4.2).
        without.retain(|consent| {
            let of = notices.iter().find(|notice| given(notice, consent));
            of.is_some_and(|notice| !notice.is_for_face() && !notice.is_for_minors())
        });
        assert!(Consented::for_application(&all, &notices, true).is_ok());
        assert!(Consented::for_application(&without, &notices, false).is_ok());
        assert!(matches!(
            Consented::for_application(&without, &notices, true),
            Err(ConsentMissing::NotGiven { .. })
        ));
        let kept = Consented::for_application(&all, &notices, false).unwrap();
        assert_eq!(kept.consents(), without);
    }
}

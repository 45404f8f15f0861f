//! Where a person stands with the notices of the service: agreed, asked again, withdrawn (R9.2, R11.1).

use crypto::digest::Digest;

use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Day;
use crate::consent::{Consent, ConsentKind, ConsentRow};
use crate::guardianship::consents::{Change, ConsentsOf, ForChildError, ForChildRefused};
use crate::guardianship::usage::GuardianCleared;
use crate::id::PersonId;
use crate::person::PersonRow;
use crate::person::recover::Act;
use crate::service::{Fault, Service};
use crate::statement::ProvenDevice;
use crate::verification::decision::{Approval, DecisionError, DecisionRefused};
use crate::verification::mode::Mode;

use super::diff::asks_again;
use super::{Editions, Notice};

/// One consent a person gave to one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// The version, as published.
    pub notice: Notice,
    /// Given on.
    pub given_on: Day,
    /// Withdrawn on.
    pub withdrawn_on: Option<Day>,
}

/// Where a person stands with a notice in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The version in force.
    pub notice: Notice,
    /// The newest consent of the person to any version, withdrawn or not.
    pub last: Option<Agreement>,
    /// What follows.
    pub state: StandingState,
    /// Whether nothing of this person is processed without it.
    pub mandatory: bool,
}

/// What follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StandingState {
    /// Agreed to this very version.
    Agreed,
    /// Agreed to an earlier one; only words were mended since: shown, not asked.
    Mended,
    /// Agreed to an earlier one; purpose, manner, kind of data or retention changed since.
    AskedAgain,
    /// Never agreed.
    NotGiven,
    /// Agreed once, and taken back.
    Withdrawn,
}

impl StandingState {
    /// Whether there is a consent that covers what is done now.
    pub fn covers(self) -> bool {
        matches!(self, Self::Agreed | Self::Mended)
    }

    /// The name on the wire and in the texts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agreed => "agreed",
            Self::Mended => "mended",
            Self::AskedAgain => "asked_again",
            Self::NotGiven => "not_given",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl Standing {
    /// Of one notice in force, from the rows of a person.
    fn of(notice: &Notice, editions: &Editions, rows: &[ConsentRow], under_guardian: bool) -> Self {
        let agreements: Vec<Agreement> = rows
            .iter()
            .filter_map(|row| Agreement::of(row, editions))
            .filter(|agreement| agreement.notice.id == notice.id)
            .collect();
        let newest = |wanted: &dyn Fn(&&Agreement) -> bool| {
            let found = agreements.iter().filter(wanted);
            found
                .max_by_key(|a| (a.given_on, a.notice.version))
                .cloned()
        };
        let good = |a: &&Agreement| a.withdrawn_on.is_none();
        let exact = newest(&|a| good(a) && a.notice.version == notice.version);
        // R11.1: another purpose, manner, kind or retention asks again; a mended word does not.
        let mended = newest(&|a| good(a) && !asks_again(&a.notice, notice));
        let (last, state) = if exact.is_some() {
            (exact, StandingState::Agreed)
        } else if mended.is_some() {
            (mended, StandingState::Mended)
        } else if let Some(older) = newest(&good) {
            (Some(older), StandingState::AskedAgain)
        } else if agreements.is_empty() {
            (None, StandingState::NotGiven)
        } else {
            (newest(&|_| true), StandingState::Withdrawn)
        };
        Self {
            notice: notice.clone(),
            last,
            state,
            mandatory: is_mandatory(notice, under_guardian),
        }
    }

    /// Whether the person has to be asked before anything else is done.
    pub fn is_owed(&self) -> bool {
        self.mandatory && !self.state.covers()
    }
}

impl Agreement {
    fn of(row: &ConsentRow, editions: &Editions) -> Option<Self> {
        Some(Self {
            notice: editions.by_digest(&row.notice)?.clone(),
            given_on: row.given_on,
            withdrawn_on: row.withdrawn_on,
        })
    }
}

/// Why a consent cannot be given or taken back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AgreementRefused {
    /// No notice of this service has this digest.
    #[error("there is no such notice")]
    Unknown,
    /// A newer version is in force.
    #[error("R11.1: a newer version of this notice is in force")]
    Outdated,
    /// A child under 14: the guardian consents (R4.2, R5.2, R9.2).
    #[error(transparent)]
    Child(#[from] ForChildRefused),
}

/// Refused, or a fault.
#[derive(Debug, thiserror::Error)]
pub enum AgreementError {
    /// By a rule.
    #[error(transparent)]
    Refused(#[from] AgreementRefused),
    /// Could not be judged.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<ForChildError> for AgreementError {
    fn from(error: ForChildError) -> Self {
        match error {
            ForChildError::Refused(refused) => AgreementRefused::from(refused).into(),
            ForChildError::Fault(fault) => fault.into(),
        }
    }
}

/// What was agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    /// The version.
    pub notice: Notice,
    /// The signed document, where the law asks for writing.
    pub document: Option<String>,
}

/// What taking back does: the effect lies in the future only (R9.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withdrawn {
    /// A face is no longer used; everything else goes on.
    FaceNoLongerUsed,
    /// Nothing is processed until the person agrees again; data stays until the person leaves.
    ServiceStops,
    /// There was none in force.
    NoneInForce,
}

impl Withdrawn {
    /// The name on the wire and in the texts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FaceNoLongerUsed => "face_no_longer_used",
            Self::ServiceStops => "service_stops",
            Self::NoneInForce => "none_in_force",
        }
    }
}

/// Whether nothing of a person is processed without this consent; of a child under 14 also not without the guardian's
/// to the notice on the data of minors (R4.2, R9.2).
fn is_mandatory(notice: &Notice, under_guardian: bool) -> bool {
    notice.is_mandatory() || (notice.is_for_minors() && under_guardian)
}

/// Whether a consent that is not withdrawn covers a notice: to this version, or to one that differs in words alone.
fn covered(notice: &Notice, editions: &Editions, rows: &[ConsentRow]) -> bool {
    let given = rows.iter().filter(|row| row.withdrawn_on.is_none());
    given
        .filter_map(|row| editions.by_digest(&row.notice))
        .any(|to| to.id == notice.id && (to.version == notice.version || !asks_again(to, notice)))
}

impl Service {
    /// Where a person stands with each notice in force; the one on minors' data concerns a child under 14 alone.
    pub async fn standings(&self, person: &PersonRow) -> Result<Vec<Standing>, Fault> {
        let rows = self.store.consents(person.person).await?;
        let under_guardian = self.is_under_guardian(person)?;
        let editions = self.editions();
        let in_force = editions.in_force(self.now().day());
        Ok(in_force
            .filter(|notice| under_guardian || !notice.is_for_minors())
            .map(|notice| Standing::of(notice, &editions, &rows, under_guardian))
            .collect())
    }

    /// Whether a notice in force waits for the person.
    pub async fn owes_agreement(&self, person: &PersonRow) -> Result<bool, Fault> {
        let rows = self.store.consents(person.person).await?;
        let under_guardian = self.is_under_guardian(person)?;
        let editions = self.editions();
        let mut in_force = editions.in_force(self.now().day());
        Ok(in_force.any(|notice| {
            is_mandatory(notice, under_guardian) && !covered(notice, &editions, &rows)
        }))
    }

    /// Everything a person ever agreed to, newest first (P27).
    pub async fn agreements(&self, person: PersonId) -> Result<Vec<Agreement>, Fault> {
        let rows = self.store.consents(person).await?;
        let editions = self.editions();
        let mut agreements: Vec<Agreement> = rows
            .iter()
            .filter_map(|row| Agreement::of(row, &editions))
            .collect();
        agreements.sort_by_key(|a| std::cmp::Reverse((a.given_on, a.notice.version)));
        Ok(agreements)
    }

    /// Nothing of a person is processed without the consents in force (R9.2, R11.1), a face never without its own.
    pub(crate) async fn check_agreements(
        &self,
        person: PersonId,
        approval: &Approval,
        mode: Mode,
        cleared: &GuardianCleared,
    ) -> Result<(), DecisionError> {
        let rows = self.store.consents(person).await.map_err(Fault::from)?;
        let editions = self.editions();
        for notice in editions.in_force(self.now().day()) {
            if covered(notice, &editions, &rows) {
                continue;
            }
            if is_mandatory(notice, cleared.by_guardian()) {
                return Err(DecisionRefused::AgreementNeeded.into());
            }
            if notice.is_for_face() && mode.asks_face() {
                // Of a child under 14 a face is given with a guardian's consent to this very use (R5.2, R9.2).
                if !cleared.covers_attributes() {
                    return Err(DecisionRefused::GuardianNeeded.into());
                }
                self.agree_to_face(person, approval, notice).await?;
            }
        }
        Ok(())
    }

    /// The separate consent to a face, given with the decision that needs it: signed by the device, by the digest of
    /// what was read. It stands until it is withdrawn.
    async fn agree_to_face(
        &self,
        person: PersonId,
        approval: &Approval,
        notice: &Notice,
    ) -> Result<(), DecisionError> {
        let agreed = approval
            .face_notice
            .filter(|named| notice.digests().any(|digest| digest == *named))
            .ok_or(DecisionRefused::FaceConsentNeeded)?;
        let consent = Consent {
            kind: notice.consent,
            notice: agreed,
        };
        let row = self.consent_row(person, &consent, self.now().day())?;
        let event = self.consent_changed(person);
        let given = self.store.give_consent(row, event).await;
        Ok(given.map_err(Fault::from)?)
    }

    /// A person agrees to one version, by its digest: exactly what was read. `statement` is the signed act.
    pub async fn agree(
        &self,
        proven: &ProvenDevice<Act>,
        statement: &str,
    ) -> Result<Agreed, AgreementError> {
        // 1. Which version? In force, or published to come.
        let notice = self.named_notice(proven)?;
        let digest = proven.statement().notice.ok_or(AgreementRefused::Unknown)?;
        let today = self.now().day();
        let editions = self.editions();
        let current = editions.in_force(today).chain(editions.upcoming(today));
        if !current.into_iter().any(|version| *version == notice) {
            return Err(AgreementRefused::Outdated.into());
        }
        // 2. Whose consent? The person's own, or that of a child under 14, whom a guardian acts for (R4.2).
        let child = proven.statement().child.as_deref();
        let of = self.consents_of(proven.view(), child, Change::Give).await?;
        if notice.is_for_minors() && !of.by_guardian() {
            return Err(AgreementRefused::Unknown.into());
        }
        let agreed = self
            .agree_for(&of, notice, digest, (proven, statement))
            .await?;
        if of.by_guardian() {
            self.guardian_agreed(&proven.view().person, &of, (&agreed.notice, digest))
                .await?;
        }
        Ok(agreed)
    }

    /// The row, and for a written consent its document, in one unit.
    async fn agree_for(
        &self,
        of: &ConsentsOf,
        notice: Notice,
        digest: Digest,
        (proven, statement): (&ProvenDevice<Act>, &str),
    ) -> Result<Agreed, AgreementError> {
        let (person, today) = (of.person(), self.now().day());
        let consent = Consent {
            kind: notice.consent,
            notice: digest,
        };
        let row = self.consent_row(person.person, &consent, today)?;
        let event = self.consent_changed(person.person);
        if notice.consent != ConsentKind::Written {
            let given = self.store.give_consent(row, event).await;
            given.map_err(Fault::from)?;
            return Ok(Agreed {
                notice,
                document: None,
            });
        }
        let document = self.written_agreement(&notice, &digest, proven, statement)?;
        let entry = self.document_entry(person, &notice, &document)?;
        let given = self.store.give_consent_in_writing(row, entry, event).await;
        given.map_err(Fault::from)?;
        Ok(Agreed {
            notice,
            document: Some(document),
        })
    }

    /// What a guardian agreed to for a child: the fact beside the child (R4.2), a line in the guardian's own record.
    async fn guardian_agreed(
        &self,
        guardian: &PersonRow,
        of: &ConsentsOf,
        (notice, digest): (&Notice, Digest),
    ) -> Result<(), Fault> {
        let child = of.person().person;
        let fact = AuditEvent::GuardianConsented {
            person: child,
            day: self.now().day(),
            notices: vec![digest],
        };
        let fact = EventDraft::new(fact, self.random());
        self.store.record(child.bucket(), fact).await?;
        let named = (notice.id.as_str(), notice.version);
        self.note_notice_for_child(guardian, of, named, true).await
    }

    /// A person takes a consent back: one signed act, as giving is (R9.2).
    pub async fn withdraw_agreement(
        &self,
        proven: &ProvenDevice<Act>,
    ) -> Result<(Notice, Withdrawn), AgreementError> {
        let notice = self.named_notice(proven)?;
        let child = proven.statement().child.as_deref();
        let of = self
            .consents_of(proven.view(), child, Change::TakeBack)
            .await?;
        let person = of.person().person;
        let tag = ConsentRow::notice_tag(person, &notice.id, self.keys()).map_err(Fault::from)?;
        let event = self.consent_changed(person);
        let today = self.now().day();
        let withdrawn = self
            .store
            .withdraw_consent(person, &tag, today, event)
            .await;
        let effect = match withdrawn.map_err(Fault::from)? {
            false => Withdrawn::NoneInForce,
            true if is_mandatory(&notice, of.by_guardian()) => Withdrawn::ServiceStops,
            true => Withdrawn::FaceNoLongerUsed,
        };
        if of.by_guardian() && effect != Withdrawn::NoneInForce {
            let named = (notice.id.as_str(), notice.version);
            let guardian = &proven.view().person;
            self.note_notice_for_child(guardian, &of, named, false)
                .await?;
        }
        Ok((notice, effect))
    }

    /// The row of a consent to one of our own notices.
    pub(crate) fn consent_row(
        &self,
        person: PersonId,
        consent: &Consent,
        today: Day,
    ) -> Result<ConsentRow, Fault> {
        let editions = self.editions();
        let notice = editions
            .by_digest(&consent.notice)
            .ok_or(Fault::Invariant("a consent to no notice"))?;
        let row = ConsentRow::to_notice(person, &notice.id, consent, today, self.keys());
        Ok(row?)
    }

    fn named_notice(&self, proven: &ProvenDevice<Act>) -> Result<Notice, AgreementRefused> {
        let digest = proven.statement().notice.ok_or(AgreementRefused::Unknown)?;
        let editions = self.editions();
        let found = editions.by_digest(&digest).cloned();
        found.ok_or(AgreementRefused::Unknown)
    }

    fn consent_changed(&self, person: PersonId) -> EventDraft {
        let day = self.now().day();
        EventDraft::new(AuditEvent::ConsentChanged { person, day }, self.random())
    }
}

#[cfg(test)]
mod tests;

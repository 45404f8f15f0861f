//! Attributes for a platform: approved scenario ∩ registered legal basis ∩ this person's separate consent to this
//! request, attribute by attribute (Art. 8(2), R8.2), and age markers (Art. 10, R10.1).
//!
//! Values come from the person's device, which shows exactly what was ticked ([`presented`]); they leave encrypted to the
//! platform ([`sealed`]) and are kept nowhere here. Who forgets the consent cannot disclose: [`Service::disclose`] takes
//! a witness that only the check of a proven decision makes.
//!
//! ```compile_fail,E0451
//! use identity::disclosure::ConsentedAttributes;
//! // R8.2: nobody else makes the witness.
//! let forged = ConsentedAttributes { attributes: vec![], bracket: None };
//! ```

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::age::marker::{AgeMarker, Bracket};
use crate::audit::EventDraft;
use crate::clock::Day;
use crate::guardianship::usage::GuardianCleared;
use crate::person::PersonRow;
use crate::person::recover::open_record;
use crate::service::{Fault, Service};
use crate::store::StoreError;
use crate::verification::approve::ProvenDecision;
use crate::verification::decision::DecisionRefused;
use crate::verification::pairwise::PairwiseId;
use crate::verification::request::OpenRequest;

pub mod attribute;
pub mod over_asking;
pub mod presented;
pub mod registered;
pub mod sealed;

use attribute::Attribute;
use over_asking::{OverAsking, OverAskingCount};
use presented::PresentedValues;
use sealed::{Statement, VerifiedClaims};

/// What one person consented to give to one platform in one request. Only [`ConsentedAttributes::of`] makes one.
pub struct ConsentedAttributes {
    attributes: Vec<Attribute>,
    bracket: Option<Bracket>,
}

impl ConsentedAttributes {
    /// All three, or nothing (R8.2): what the request holds, what is approved with its own legal basis for this app
    /// today, and what this person ticked in the statement the device signed.
    pub(crate) fn of(
        decision: &ProvenDecision,
        guardian: &GuardianCleared,
        service: &Service,
    ) -> Result<Self, DecisionRefused> {
        let open = decision.request();
        let asked = &open.request.attributes;
        let ticked = &decision.approval().attributes;
        // 1. Consent covers nothing that was not asked.
        let is_asked = |name: &String| asked.iter().any(|attribute| attribute.as_str() == name);
        if !ticked.iter().all(is_asked) {
            return Err(DecisionRefused::AttributeNotRequested);
        }
        // 2. Each tick is a consent of its own; none is made by another.
        let is_ticked =
            |attribute: &&Attribute| ticked.iter().any(|name| attribute.as_str() == name);
        let attributes: Vec<Attribute> = asked.iter().filter(is_ticked).copied().collect();
        // 3. Approved still, each with its legal basis: a review may have ended between asking and consenting.
        let mut bracket = None;
        for attribute in &attributes {
            let approved = open
                .approved(*attribute, &service.policy.age_markers)
                .map_err(|_| DecisionRefused::AttributeNotApproved)?;
            bracket = bracket.or_else(|| approved.bracket.clone());
        }
        // 4. Of a child under 14 only with the guardian's consent to this request (Art. 5(2), 9(1); R5.2, R9.2).
        if !attributes.is_empty() && !guardian.covers_attributes() {
            return Err(DecisionRefused::GuardianNeeded);
        }
        Ok(Self {
            attributes,
            bracket,
        })
    }

    /// Those whose values the device shows.
    pub(crate) fn presented(&self) -> impl Iterator<Item = Attribute> {
        let attributes = self.attributes.iter().copied();
        attributes.filter(|attribute| attribute.is_presented())
    }
}

/// To whom, about whom, in which request.
pub(crate) struct Recipient<'a> {
    /// The request, with platform, app and scenario.
    pub(crate) open: &'a OpenRequest,
    /// The person, to this platform.
    pub(crate) subject: &'a PairwiseId,
    /// The person's row, for what is computed and not shown.
    pub(crate) person: &'a PersonRow,
}

/// What leaves: names for the receipts, values for the platform's eyes only.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Disclosed {
    /// Names, in the order they were asked.
    pub attributes: Vec<Attribute>,
    /// `verified_claims`, signed, then encrypted to the platform; `None` when nothing was consented to.
    pub verified_claims: Option<String>,
}

impl Service {
    /// Seals what was consented to, and nothing else, to the platform (Art. 8(2), R8.2).
    pub(crate) fn disclose(
        &self,
        consented: &ConsentedAttributes,
        values: PresentedValues,
        recipient: &Recipient<'_>,
    ) -> Result<Disclosed, Fault> {
        if consented.attributes.is_empty() {
            return Ok(Disclosed::default());
        }
        let mut claims: Map<String, Value> = values.into_claims();
        // R10.1: computed today, one predicate.
        if let Some(bracket) = &consented.bracket {
            let marker = self.age_marker(recipient.person, bracket)?;
            let marker =
                serde_json::to_value(marker).map_err(|_| Fault::Invariant("age marker"))?;
            claims.insert(Attribute::AgeMarker.as_str().to_owned(), marker);
        }
        let statement = Statement::about(self, recipient, VerifiedClaims::of(claims));
        Ok(Disclosed {
            attributes: consented.attributes.clone(),
            verified_claims: Some(self.seal_to_platform(&statement, recipient.open)?),
        })
    }

    /// The answer about one bracket, computed today from the sealed birth date (R10.1). For the person's own screen,
    /// and behind the witness for a platform.
    pub fn age_marker(&self, person: &PersonRow, bracket: &Bracket) -> Result<AgeMarker, Fault> {
        let record = open_record(person, &self.data_key(person)?)?;
        self.policy
            .age_markers
            .answer(bracket, record.birth_date, self.now().date())
            .ok_or(Fault::Invariant("an approved bracket is not configured"))
    }
}

/// Disclosure in the store: no value, no person; only how often platforms ask for too much.
#[async_trait]
pub trait DisclosureStore: Send + Sync {
    /// Counts one more; counts of months before `oldest` go. Event outcome `done`, in the
    /// [`reference_bucket`](crate::audit::reference_bucket) of the platform.
    async fn count_over_asking(
        &self,
        asking: OverAsking,
        oldest: Day,
        event: EventDraft,
    ) -> Result<(), StoreError>;
    /// All counts, by platform and month.
    async fn over_asking(&self) -> Result<Vec<OverAskingCount>, StoreError>;
}

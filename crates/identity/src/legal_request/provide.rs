//! A legal request is carried out: by two persons, once, and only what the service holds (R9.4).

use std::collections::BTreeMap;

use crypto::keystore::SecretName;

use crate::complaint::officer::{OfficerError, OfficerRefused, case_officer};
use crate::id::Bucket;
use crate::oversight::{Act, Done, TwoPersons};
use crate::person::PersonRow;
use crate::person::recover::open_record;
use crate::registry::{HolderReference, RegistryAnswer};
use crate::service::{Fault, Service};
use crate::staff::ActingStaff;
use crate::verification::pairwise::PairwiseId;

use super::{
    LegalRequestId, LegalRequestRow, LegalRequestState, MayBeGiven, NewLegalRequest, Subject,
};

impl Service {
    /// A request that waits for its two persons.
    pub(crate) async fn drafted_request(
        &self,
        request: &LegalRequestId,
    ) -> Result<Option<LegalRequestRow>, Fault> {
        let rows = self.store.legal_requests().await?;
        Ok(rows
            .into_iter()
            .find(|row| row.request == *request && row.state == LegalRequestState::Drafted))
    }

    /// Carries out what two persons agreed to. A second time it changes nothing. Event: `legal_request_changed`.
    pub(crate) async fn provide_legal_request(&self, two: TwoPersons) -> Result<Done, Fault> {
        let Act::ProvideLegalRequest { request } = two.act() else {
            return Err(Fault::Invariant("not an act about a legal request"));
        };
        let Some(mut row) = self.drafted_request(request).await? else {
            return Ok(Done("settled_before"));
        };
        // 1. Whom it is about; somebody without a 网证 is nobody here.
        let mut contents = self.open_legal(&row).await?;
        let person = self.subject(&contents.new.subject).await?;
        // 2. What is asked of what is held. There is no history to give (C1).
        let change = if let Some(person) = &person {
            contents.person = Some(person.person);
            contents.given = Some(self.held(person, &contents.new).await?);
            row.state = LegalRequestState::Provided;
            row.tell_on = Some(self.tell_on(&contents.new));
            "provided"
        } else {
            row.state = LegalRequestState::NothingHeld;
            "nothing_held"
        };
        // 3. Stored sealed until the officer takes it, with the record that is a leaf of the log.
        row.settled_on = Some(self.now().day());
        row.sealed = self.seal_legal(&contents).await?;
        let confirmer = two.confirmer().map(ToString::to_string);
        let officers = [
            two.proposer().as_str(),
            confirmer.as_deref().unwrap_or_default(),
        ];
        let event = self.legal_event(&row, &contents.new, change, &officers);
        if !self.store.change_legal_request(row, event).await? {
            return Ok(Done("settled_before"));
        }
        // 4. The person is told at once, unless the request said until when that would defeat it.
        self.tell_of_legal_requests().await?;
        Ok(Done(change))
    }

    /// Takes what was given, once: the service keeps that it gave, not a copy.
    pub async fn take_provision(
        &self,
        staff: &ActingStaff,
        request: &LegalRequestId,
    ) -> Result<BTreeMap<MayBeGiven, String>, OfficerError> {
        case_officer(staff)?;
        let rows = self.store.legal_requests().await.map_err(Fault::from)?;
        let row = rows.into_iter().find(|row| row.request == *request);
        let mut row = row.ok_or(OfficerRefused::Unknown)?;
        let mut contents = self.open_legal(&row).await?;
        let given = contents.given.take().ok_or(OfficerRefused::NotInState)?;
        row.sealed = self.seal_legal(&contents).await?;
        let event = self.legal_event(&row, &contents.new, "taken", &[staff.login().as_str()]);
        let changed = self.store.change_legal_request(row, event).await;
        if changed.map_err(Fault::from)? {
            Ok(given)
        } else {
            Err(OfficerRefused::NotInState.into())
        }
    }

    async fn subject(&self, subject: &Subject) -> Result<Option<PersonRow>, Fault> {
        let person = match subject {
            Subject::Pairwise { platform, sub } => {
                let Some(platform) = self.platform(platform) else {
                    return Ok(None);
                };
                let opened = PairwiseId::open(sub, platform.sector(), self.keys())?;
                opened.map(|(person, _)| person)
            }
            Subject::Document(fields) => {
                let today = self.now().date();
                let Ok(document) = fields.parse(today) else {
                    return Ok(None);
                };
                let Ok(RegistryAnswer::Match(record)) = self.registry.check(&document, today).await
                else {
                    return Ok(None);
                };
                let number = document.number();
                let reference = record.holder_reference.unwrap_or_else(|| {
                    let kind = document.kind().as_str();
                    HolderReference::new(format!("{kind}/{}", number.canonical()))
                });
                let holder: &[&[u8]] = &[b"holder", reference.as_bytes()];
                let holder = self.keys().mac(SecretName::Index, holder)?;
                self.store.holder(Bucket::of(&holder), &holder).await?
            }
        };
        match person {
            Some(person) => Ok(self.store.person(person).await?),
            None => Ok(None),
        }
    }

    /// The state of the 网证 as any device of the person sees it.
    async fn state_held(&self, person: &PersonRow) -> Result<Option<&'static str>, Fault> {
        for device in self.store.devices(person.person).await? {
            let view = self.store.holder_view(person.person, device.device).await?;
            if let Some(view) = view {
                return Ok(Some(view.wangzheng.state_on(self.now().day()).as_str()));
            }
        }
        Ok(None)
    }

    async fn held(
        &self,
        person: &PersonRow,
        new: &NewLegalRequest,
    ) -> Result<BTreeMap<MayBeGiven, String>, Fault> {
        let record = open_record(person, &self.data_key(person)?)?;
        let state = self.state_held(person).await?;
        let held = |what: MayBeGiven| match what {
            MayBeGiven::State => state.unwrap_or("none").to_owned(),
            MayBeGiven::AppliedOn => person.applied_on.to_string(),
            MayBeGiven::DocumentKind => record.document_kind.as_str().to_owned(),
            MayBeGiven::DocumentNumber => record.document_number.clone(),
            MayBeGiven::Name => record.holder_name.clone(),
            MayBeGiven::BirthDate => record.birth_date.to_string(),
        };
        Ok(new.asks.iter().map(|what| (*what, held(*what))).collect())
    }
}

//! A legal request is entered: form, basis and limits are checked, nothing is looked up (R9.4, S10).

use std::collections::BTreeMap;

use crypto::digest::sm3;

use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Day;
use crate::complaint::officer::{OfficerError, OfficerRefused, case_officer};
use crate::service::{Fault, Service};
use crate::staff::{ActingStaff, Duty, Field};
use crate::transparency::Month;

use super::{
    LegalContents, LegalRequestId, LegalRequestRow, LegalRequestState, LegalScope, NewLegalRequest,
    Subject,
};

const LABEL: &str = "legal-request";
/// A notice is deferred by half a year at most; a new request may ask for longer.
const LONGEST_DEFERRAL: i32 = 183;

impl Service {
    /// Enters a request. It waits for two persons; until then nobody was looked up.
    pub async fn draft_legal_request(
        &self,
        staff: &ActingStaff,
        new: &NewLegalRequest,
    ) -> Result<LegalRequestId, OfficerError> {
        case_officer(staff)?;
        let said = |text: &str| !text.trim().is_empty() && text.chars().count() <= 200;
        if !said(&new.authority) || !said(&new.reference) || new.asks.is_empty() {
            return Err(OfficerRefused::NoReasons.into());
        }
        let request = LegalRequestId::generate(self.random());
        if let Some(until) = &new.defer_until
            && self.deferred_until(until).is_none()
        {
            return Err(OfficerRefused::NoReasons.into());
        }
        let contents = LegalContents {
            new: new.clone(),
            person: None,
            given: None,
        };
        let row = LegalRequestRow {
            request: request.clone(),
            basis: new.basis,
            authority: new.authority.trim().to_owned(),
            state: LegalRequestState::Drafted,
            drafted_by: staff.login().to_string(),
            drafted_on: self.now().day(),
            settled_on: None,
            tell_on: None,
            told_on: None,
            version: 1,
            sealed: self.seal_legal(&contents).await?,
        };
        // The leaf binds the authority's document without naming it: whoever holds the paper can show it is this one.
        let event = self.legal_event(&row, new, "drafted", &[staff.login().as_str()]);
        let stored = self.store.draft_legal_request(row, event).await;
        if stored.map_err(Fault::from)? {
            Ok(request)
        } else {
            Err(Fault::Invariant("a legal request number came twice").into())
        }
    }

    /// All requests: basis, authority, state. Seen by who enters and confirms them, by auditors, and by the supervisors
    /// of all fields (S10).
    pub async fn legal_requests(
        &self,
        staff: &ActingStaff,
    ) -> Result<Vec<LegalRequestRow>, OfficerError> {
        // 公安 and 网信 watch all fields; a request is of no field.
        let watches = staff.role().watches(Field::General);
        let reads = [Duty::WorkOnCases, Duty::ReadAudit, Duty::ManageKeys];
        if !watches && !reads.into_iter().any(|duty| staff.may(duty)) {
            return Err(OfficerRefused::NotThisRole.into());
        }
        Ok(self.store.legal_requests().await.map_err(Fault::from)?)
    }

    /// One request with what it asks, for who enters it and who confirms it: the second person judges the document and
    /// its reach, and not whom it is about.
    pub async fn legal_request(
        &self,
        staff: &ActingStaff,
        request: &LegalRequestId,
    ) -> Result<(LegalRequestRow, LegalScope), OfficerError> {
        let rows = self.legal_requests(staff).await?;
        let row = rows.into_iter().find(|row| row.request == *request);
        let row = row.ok_or(OfficerRefused::Unknown)?;
        if !staff.may(Duty::WorkOnCases) && !staff.may(Duty::ManageKeys) {
            return Err(OfficerRefused::NotThisRole.into());
        }
        let contents = self.open_legal(&row).await?;
        let scope = LegalScope {
            reference: contents.new.reference,
            asks: contents.new.asks,
            by_document: matches!(contents.new.subject, Subject::Document(_)),
            defer_until: contents.new.defer_until,
            waits: contents.given.is_some(),
        };
        Ok((row, scope))
    }

    /// The event of a step: basis, the authority's document as a digest, who; nothing of whom it is about.
    pub(super) fn legal_event(
        &self,
        row: &LegalRequestRow,
        new: &NewLegalRequest,
        change: &str,
        officers: &[&str],
    ) -> EventDraft {
        let given = match change {
            "provided" => new
                .asks
                .iter()
                .map(|what| what.as_str().to_owned())
                .collect(),
            _ => Vec::new(),
        };
        let reference = new.reference.trim().as_bytes();
        let event = AuditEvent::LegalRequestChanged {
            request: row.request.clone(),
            basis: row.basis.as_str().to_owned(),
            reference: sm3(&[b"wangzheng-legal-reference", reference]),
            change: change.to_owned(),
            officers: officers.iter().map(|login| (*login).to_owned()).collect(),
            given,
            at: self.now(),
        };
        EventDraft::new(event, self.random())
    }

    pub(super) async fn seal_legal(&self, contents: &LegalContents) -> Result<Vec<u8>, Fault> {
        let plain =
            serde_json::to_vec(contents).map_err(|_| Fault::Invariant("a legal request"))?;
        self.seal_to_officers(LABEL, &plain).await
    }

    pub(super) async fn open_legal(&self, row: &LegalRequestRow) -> Result<LegalContents, Fault> {
        let plain = self.open_for_officers(LABEL, &row.sealed).await?;
        serde_json::from_slice(&plain).map_err(|_| Fault::Invariant("a legal request"))
    }

    /// The day a notice is deferred to: in the future, at most [`LONGEST_DEFERRAL`] days.
    pub(super) fn deferred_until(&self, text: &str) -> Option<Day> {
        let day = Day::parse(text)?;
        let today = self.now().day();
        (today < day && day <= today.plus(LONGEST_DEFERRAL)).then_some(day)
    }

    /// How many requests were carried out, by month: what is published (R9.4).
    pub(crate) async fn provided_by_month(&self) -> Result<BTreeMap<Month, u64>, Fault> {
        let mut months = BTreeMap::new();
        for row in self.store.legal_requests().await? {
            // A request that found nothing was carried out too.
            if let Some(day) = row.settled_on {
                *months.entry(Month::of(day)).or_insert(0) += 1;
            }
        }
        Ok(months)
    }
}

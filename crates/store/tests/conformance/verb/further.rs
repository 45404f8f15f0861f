//! The verbs of rights, leaving, cases, families, and of what is no person's.

use identity::audit::{EventDraft, Removed};
use identity::complaint::{ComplaintState, ComplaintStep};
use identity::consent::Withdrawal;
use identity::disclosure::over_asking::OverAsked;
use identity::erasure::{Erasure, LeaveReason, LeaveRow};
use identity::guardianship::{AgeStage, LinkKey, MinorRow, StandingEnds};
use identity::id::StaffLogin;
use identity::notice::application_notices;
use identity::recheck::DocumentChange;
use identity::rights::Reissue;
use identity::store::{Store, StoreError};
use identity::wangzheng::{Suspension, WangzhengState};

use super::super::{
    complaint, disclosure, incident, kept_application, oversight, platform, signal,
};
use super::world::World;
use crate::sample::{self, NOW, TODAY};

impl World {
    /// Rights, and documents over time.
    pub(super) async fn call_about_rights(
        &self,
        store: &dyn Store,
        verb: &str,
        event: EventDraft,
    ) -> Result<(), StoreError> {
        let (person, new) = (self.person, &self.new);
        let notice = sample::inbox_entry(person, &self.random);
        match verb {
            "keep_application" | "answer_application" | "take_application" => {
                kept_application::call(store, verb, &self.kept, event).await
            }
            "settle_pin" => {
                let wrong = sample::pin_attempt(&new.pin, false, NOW);
                store.settle_pin(wrong, event).await.map(drop)
            }
            "keep_refusal" => store
                .keep_refusal(self.refusal.clone(), event)
                .await
                .map(drop),
            "suspend_wangzheng" => {
                let why = Suspension::DocumentLost;
                store
                    .suspend_wangzheng(person, why, notice, event)
                    .await
                    .map(drop)
            }
            "restrict_wangzheng" => store
                .restrict_wangzheng(person, Some(TODAY), notice, event)
                .await
                .map(drop),
            "reissue_wanghao" => {
                let reissue = Reissue {
                    person,
                    serial: 1,
                    sealed_record: vec![2],
                    today: TODAY,
                };
                store
                    .reissue_wanghao(reissue, notice, event)
                    .await
                    .map(drop)
            }
            "raise_generation" => store
                .raise_generation(person, 0, notice, event)
                .await
                .map(drop),
            "change_document" => {
                let change = DocumentChange {
                    person,
                    serial: 2,
                    sealed_record: vec![3],
                    document: self.request,
                    valid_until: TODAY,
                    ends_with_document: true,
                    today: TODAY,
                };
                store.change_document(change, notice, event).await.map(drop)
            }
            "change_wangzheng_and_tell" => {
                let change = (WangzhengState::Suspended, WangzhengState::Active);
                store
                    .change_wangzheng_and_tell(person, change, notice, event)
                    .await
                    .map(drop)
            }
            "document_checked" => store.document_checked(person, TODAY.plus(1), event).await,
            "put_waiting" => store
                .put_waiting(person, Some(vec![4]), event)
                .await
                .map(drop),
            other => self.call_of_leaving(store, other, event).await,
        }
    }

    async fn call_of_leaving(
        &self,
        store: &dyn Store,
        verb: &str,
        event: EventDraft,
    ) -> Result<(), StoreError> {
        let (person, bucket) = (self.person, self.person.bucket());
        match verb {
            "end_wanghao" => store.end_wanghao(&self.wanghao, event).await.map(drop),
            "request_leave" => store
                .request_leave(person, TODAY, NOW.plus(9), event)
                .await
                .map(drop),
            "cancel_leave" => store
                .cancel_leave(person, LeaveReason::Requested, NOW, event)
                .await
                .map(drop),
            "announce_inactivity" => {
                let row = LeaveRow {
                    person,
                    reason: LeaveReason::Inactive,
                    was: WangzhengState::Active,
                    since: TODAY,
                    erase_at: NOW,
                };
                let notice = sample::inbox_entry(person, &self.random);
                store
                    .announce_inactivity(row, notice, event)
                    .await
                    .map(drop)
            }
            "remove_rows" => store
                .remove_rows(bucket, Removed::Receipts, (0..99).collect(), event)
                .await
                .map(drop),
            "erase_person" => {
                let erasure = Erasure {
                    person,
                    now: NOW.plus(9),
                    holder: self.new.person.holder,
                    devices: vec![self.request],
                };
                store.erase_person(erasure, event).await.map(drop)
            }
            other => self.call_about_cases(store, other, event).await,
        }
    }

    /// Withdrawal, complaints, cases, legal requests, counters.
    async fn call_about_cases(
        &self,
        store: &dyn Store,
        verb: &str,
        event: EventDraft,
    ) -> Result<(), StoreError> {
        let random = &self.random;
        match verb {
            "withdraw_from_platform" => {
                let withdrawal = Withdrawal {
                    tags: vec![self.consent.tag],
                    mark: self.consent.clone(),
                    entry: sample::inbox_entry(self.person, random),
                };
                store.withdraw_from_platform(withdrawal, event).await
            }
            "revoke_grant" => {
                store
                    .revoke_grant(self.person, &self.request, NOW, event)
                    .await
            }
            "file_complaint" => store
                .file_complaint(self.complaint.clone(), event)
                .await
                .map(drop),
            "move_complaint" => {
                let step = ComplaintStep {
                    from: ComplaintState::Received,
                    to: ComplaintState::InCase,
                    sealed_answer: None,
                };
                store
                    .move_complaint(&self.complaint.complaint, step, event)
                    .await
                    .map(drop)
            }
            "put_case_key" => store
                .put_case_key(complaint::case_key(1, random), event)
                .await
                .map(drop),
            "open_case" => store.open_case(self.case.clone(), event).await.map(drop),
            "change_case" => store.change_case(self.case.clone(), event).await.map(drop),
            "draft_legal_request" => store
                .draft_legal_request(self.legal_request.clone(), event)
                .await
                .map(drop),
            "change_legal_request" => store
                .change_legal_request(self.legal_request.clone(), event)
                .await
                .map(drop),
            "add_counts" => store.add_counts(complaint::counts(), event).await,
            other => self.call_about_family(store, other, event).await,
        }
    }

    /// Calls a verb about guardians and children.
    async fn call_about_family(
        &self,
        store: &dyn Store,
        verb: &str,
        event: EventDraft,
    ) -> Result<(), StoreError> {
        let (person, random) = (self.person, &self.random);
        let notice = sample::inbox_entry(person, random);
        match verb {
            "put_guardian_link" => store.put_guardian_link(self.link.clone(), event).await,
            "tell_guardian_link" => {
                let key = LinkKey::of(person, self.link.tag);
                let stage = AgeStage::GuardianSupervises;
                let told = store.tell_guardian_link(key, stage, notice, event).await;
                told.map(drop)
            }
            "end_guardian_link" => {
                let key = LinkKey::of(person, self.link.tag);
                let ended = store.end_guardian_link(key, Some(notice), event).await;
                ended.map(drop)
            }
            "give_standing_consent" => {
                let consent = sample::standing_consent(person, random);
                store.give_standing_consent(consent, event).await
            }
            "end_standing_consents" => store
                .end_standing_consents(person, StandingEnds::All, event)
                .await
                .map(drop),
            "advance_minor" => {
                let minor = MinorRow {
                    stage: AgeStage::Adult,
                    ..sample::minor(person)
                };
                let from = AgeStage::GuardianActs;
                let moved = store.advance_minor(from, minor, notice, event).await;
                moved.map(drop)
            }
            other => call_without_person(store, other, event).await,
        }
    }
}

/// Calls a verb of what is no person's: platforms, notices and what is counted of them.
async fn call_without_person(
    store: &dyn Store,
    verb: &str,
    event: EventDraft,
) -> Result<(), StoreError> {
    match verb {
        "count_over_asking" => {
            let asking = disclosure::asking("shop", TODAY.0, OverAsked::Attribute);
            store
                .count_over_asking(asking, TODAY.plus(-900), event)
                .await
        }
        "put_incident" => {
            let incident = incident::incident("one");
            store.put_incident(incident, event).await.map(drop)
        }
        "count_deferral" => store.count_deferral("flood", NOW, NOW, event).await,
        "lift_deferral" => {
            let by = StaffLogin("secadmin".to_owned());
            store.lift_deferral("flood", &by, NOW, event).await
        }
        "put_platform" => {
            store
                .put_platform(platform::platform("forum", "论坛"), event)
                .await
        }
        "publish_notice" => {
            let complete = application_notices().remove(0).complete().unwrap();
            store.publish_notice(complete, event).await.map(drop)
        }
        verb if oversight::VERBS.contains(&verb) => oversight::call(store, verb, event).await,
        other => signal::call(store, other, event).await,
    }
}

//! What the calls are about, and the verbs of a person's own.

use crypto::digest::Digest;
use crypto::random::SeededRandom;
use identity::audit::EventDraft;
use identity::case_file::CaseRow;
use identity::complaint::ComplaintRow;
use identity::consent::{ConsentKind, ConsentRow};
use identity::guardianship::{GuardianLinkRow, NewMinor};
use identity::handover::HandoverRow;
use identity::id::{Bucket, PersonId};
use identity::legal_request::LegalRequestRow;
use identity::notice::DeferredNotice;
use identity::person::NewPerson;
use identity::person::kept_application::KeptRow;
use identity::store::{Store, StoreError};
use identity::verification::{Redemption, TakenBy};
use identity::wangzheng::WangzhengState;

use super::super::{complaint, kept_application};
use crate::sample::{self, NOW, TODAY};

/// What the calls are about.
pub(super) struct World {
    pub(super) person: PersonId,
    pub(super) new: NewPerson,
    pub(super) consent: ConsentRow,
    pub(super) redemption: Redemption,
    pub(super) refusal: Redemption,
    pub(super) request: Digest,
    pub(super) wanghao: Digest,
    pub(super) handover: HandoverRow,
    pub(super) kept: KeptRow,
    pub(super) complaint: ComplaintRow,
    pub(super) case: CaseRow,
    pub(super) legal_request: LegalRequestRow,
    pub(super) link: GuardianLinkRow,
    pub(super) random: SeededRandom,
}

impl World {
    pub(super) fn new() -> Self {
        let random = SeededRandom::new(1);
        let (_, mut new) = sample::new_person(&random);
        let person = new.person.person;
        new.minor = Some(NewMinor {
            row: sample::minor(person),
            links: Vec::new(),
            facts: Vec::new(),
        });
        Self {
            person,
            consent: sample::consent(person, ConsentKind::Separate, &random),
            redemption: sample::redemption(person, &random),
            refusal: sample::redemption(person, &random),
            request: sample::digest(&random),
            wanghao: sample::digest(&random),
            handover: sample::handover(&random),
            kept: kept_application::row(&random),
            complaint: complaint::complaint(&random),
            case: complaint::case(&random),
            legal_request: complaint::legal_request(&random),
            link: sample::guardian_link(person, &random),
            new,
            random,
        }
    }

    /// A notice that waits.
    fn waiting(&self) -> DeferredNotice {
        DeferredNotice {
            person: self.person,
            id: [7; 16],
            reason: self.request,
            sealed: vec![9; 40],
        }
    }

    /// Calls a verb.
    pub(super) async fn call(
        &self,
        store: &dyn Store,
        verb: &str,
        event: EventDraft,
    ) -> Result<(), StoreError> {
        let (new, wanghao, handover) = (&self.new, &self.wanghao, &self.handover);
        let (consent, request, random) = (&self.consent, &self.request, &self.random);
        let (person, device) = (self.person, new.device.device);
        let bucket = person.bucket();
        let notice = sample::inbox_entry(person, random);
        match verb {
            "record" => store.record(bucket, event).await,
            "reserve_wanghao" => store.reserve_wanghao(wanghao, TODAY, event).await.map(drop),
            "lapse_wanghao" => store
                .lapse_wanghao(Bucket::of(wanghao), TODAY.plus(1), event)
                .await
                .map(drop),
            "confirm_wanghao" => store.confirm_wanghao(wanghao, event).await.map(drop),
            "apply" => store.apply(bucket, new.clone(), event).await.map(drop),
            "replace_history_key" => {
                store
                    .replace_history_key(person, vec![4; 65], None, event)
                    .await
            }
            "put_history_wrap" => store
                .put_history_wrap(person, device, vec![9], event)
                .await
                .map(drop),
            "add_device" => {
                let another = sample::device(person, random);
                store.add_device(another, 2, notice, event).await.map(drop)
            }
            "remove_device" => store
                .remove_device(person, device, notice, event)
                .await
                .map(drop),
            "replace_pin" => store.replace_pin(new.pin.clone(), notice, event).await,
            "give_consent" => store.give_consent(consent.clone(), event).await,
            "give_consent_in_writing" => {
                store
                    .give_consent_in_writing(consent.clone(), notice, event)
                    .await
            }
            "withdraw_consent" => store
                .withdraw_consent(person, &consent.tag, TODAY, event)
                .await
                .map(drop),
            "take_request" => store
                .take_request(request, TakenBy::Refusal, NOW, event)
                .await
                .map(drop),
            "redeem_code" => store
                .redeem_code(self.redemption.clone(), event)
                .await
                .map(drop),
            "defer_notice" => store.defer_notice(self.waiting(), event).await,
            "deliver_deferred" => {
                let waiting = self.waiting();
                store.deliver_deferred(waiting, Some(notice), event).await
            }
            "put_receipt" => store.put_receipt(notice, event).await,
            "transition_wangzheng" => {
                let (from, to) = (WangzhengState::Active, WangzhengState::Locked);
                store
                    .transition_wangzheng(person, from, to, event)
                    .await
                    .map(drop)
            }
            "open_handover" => store
                .open_handover(handover.clone(), NOW, event)
                .await
                .map(drop),
            "advance_handover" => store
                .advance_handover(handover.clone(), NOW, event)
                .await
                .map(drop),
            "take_handover" => store
                .take_handover(&handover.digest, 2, NOW, event)
                .await
                .map(drop),
            other => self.call_about_rights(store, other, event).await,
        }
    }
}

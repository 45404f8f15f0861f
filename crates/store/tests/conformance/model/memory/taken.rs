//! What is taken once: requests, codes, 网号, hand-overs.

use async_trait::async_trait;
use crypto::digest::Digest;
use identity::audit::EventDraft;
use identity::clock::{Day, Timestamp};
use identity::handover::{Advanced, HandoverRow, HandoverStore};
use identity::id::{Bucket, PersonId};
use identity::store::StoreError;
use identity::verification::{
    GrantState, Redeemed, Redemption, RequestTaken, TakenBy, VerificationStore,
};
use identity::wanghao::{Reserved, WanghaoStore};
use identity::wangzheng::WangzhengState;

use super::{Code, Maps, Memory, Wanghao};

#[async_trait]
impl VerificationStore for Memory {
    async fn take_request(
        &self,
        request: &Digest,
        by: TakenBy,
        expires_at: Timestamp,
        event: EventDraft,
    ) -> Result<RequestTaken, StoreError> {
        let mut maps = self.maps();
        let code = match by {
            TakenBy::Code(code) => Some(code),
            TakenBy::Refusal => None,
        };
        let (taken, outcome) = match maps.requests.get(request) {
            None => (RequestTaken::Taken, "taken"),
            Some((before, _)) if *before == code => (RequestTaken::SameAgain, "same_again"),
            Some(_) => (RequestTaken::AlreadyTaken, "already_taken"),
        };
        maps.requests.entry(*request).or_insert((code, expires_at));
        maps.record(Bucket::of(request), &event, outcome, None);
        Ok(taken)
    }

    async fn request_taken(&self, request: &Digest) -> Result<bool, StoreError> {
        Ok(self.maps().requests.contains_key(request))
    }

    async fn redeem_code(
        &self,
        redemption: Redemption,
        event: EventDraft,
    ) -> Result<Redeemed, StoreError> {
        let mut maps = self.maps();
        let Redemption {
            code,
            person,
            today,
            expires_at,
            receipt,
        } = redemption;
        let bucket = person.bucket();
        let wangzheng = maps.wangzheng.get(&person).map(|row| row.state_on(today));
        if let Some(code) = maps.codes.get_mut(&(bucket, code)) {
            code.revoked = true;
            maps.record(bucket, &event, "replayed", None);
            Ok(Redeemed::Replayed)
        } else if wangzheng == Some(WangzhengState::Active) {
            maps.codes.insert(
                (bucket, code),
                Code {
                    person,
                    revoked: false,
                    expires_at,
                },
            );
            maps.record(bucket, &event, "fresh", Some(receipt));
            Ok(Redeemed::Fresh)
        } else {
            maps.record(bucket, &event, "not_active", None);
            Ok(Redeemed::NotActive)
        }
    }

    async fn keep_refusal(
        &self,
        refusal: Redemption,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        let mut maps = self.maps();
        let key = (refusal.person.bucket(), refusal.code);
        let gone = !maps.wangzheng.contains_key(&refusal.person);
        if gone || maps.codes.contains_key(&key) {
            return Ok(false);
        }
        let code = Code {
            person: refusal.person,
            revoked: true,
            expires_at: refusal.expires_at,
        };
        maps.codes.insert(key, code);
        maps.record(key.0, &event, "done", Some(refusal.receipt));
        Ok(true)
    }

    async fn grant(&self, person: PersonId, code: &Digest) -> Result<GrantState, StoreError> {
        Ok(match self.maps().codes.get(&(person.bucket(), *code)) {
            Some(code) if code.person == person && code.revoked => GrantState::Revoked,
            Some(code) if code.person == person => GrantState::Good,
            _ => GrantState::Unknown,
        })
    }

    async fn revoke_grant(
        &self,
        person: PersonId,
        code: &Digest,
        expires_at: Timestamp,
        event: EventDraft,
    ) -> Result<(), StoreError> {
        let mut maps = self.maps();
        let bucket = person.bucket();
        let row = maps.codes.entry((bucket, *code)).or_insert(Code {
            person,
            revoked: true,
            expires_at,
        });
        row.revoked = true;
        maps.record(bucket, &event, "revoked", None);
        Ok(())
    }

    async fn sweep_taken(&self, now: Timestamp) -> Result<u32, StoreError> {
        let mut maps = self.maps();
        let before = maps.requests.len() + maps.codes.len();
        maps.requests
            .retain(|_, (_, expires_at)| *expires_at >= now);
        maps.codes.retain(|_, code| code.expires_at >= now);
        Ok(u32::try_from(before - maps.requests.len() - maps.codes.len()).unwrap())
    }
}

#[async_trait]
impl WanghaoStore for Memory {
    async fn reserve_wanghao(
        &self,
        digest: &Digest,
        day: Day,
        event: EventDraft,
    ) -> Result<Reserved, StoreError> {
        let mut maps = self.maps();
        let (reserved, outcome) = if maps.wanghao.contains_key(digest) {
            (Reserved::InUse, "in_use")
        } else {
            maps.wanghao.insert(*digest, Wanghao::Reserved(day));
            (Reserved::Reserved, "done")
        };
        maps.record(Bucket::of(digest), &event, outcome, None);
        Ok(reserved)
    }

    async fn confirm_wanghao(
        &self,
        digest: &Digest,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        let mut maps = self.maps();
        let confirmed = match maps.wanghao.get_mut(digest) {
            Some(Wanghao::Dead) | None => false,
            Some(wanghao) => {
                *wanghao = Wanghao::Confirmed;
                true
            }
        };
        let outcome = if confirmed { "done" } else { "not_found" };
        maps.record(Bucket::of(digest), &event, outcome, None);
        Ok(confirmed)
    }

    async fn end_wanghao(&self, digest: &Digest, event: EventDraft) -> Result<bool, StoreError> {
        let mut maps = self.maps();
        let ended = maps.wanghao.get_mut(digest).map(|one| *one = Wanghao::Dead);
        let outcome = if ended.is_some() { "done" } else { "not_found" };
        maps.record(Bucket::of(digest), &event, outcome, None);
        Ok(ended.is_some())
    }

    async fn lapse_wanghao(
        &self,
        bucket: Bucket,
        before: Day,
        event: EventDraft,
    ) -> Result<u32, StoreError> {
        let mut maps = self.maps();
        let mut lapsed = 0;
        for (digest, wanghao) in &mut maps.wanghao {
            let old = matches!(wanghao, Wanghao::Reserved(day) if *day < before);
            if Bucket::of(digest) == bucket && old {
                *wanghao = Wanghao::Dead;
                lapsed += 1;
            }
        }
        if lapsed > 0 {
            maps.record(bucket, &event, "done", None);
        }
        Ok(lapsed)
    }
}

impl Maps {
    /// A hand-over that has not expired.
    fn live(&self, digest: &Digest, now: Timestamp) -> Option<&HandoverRow> {
        self.handovers
            .get(digest)
            .filter(|row| row.expires_at >= now)
    }

    /// Stores the event of a change, or of one that came too late.
    fn settle(
        &mut self,
        digest: &Digest,
        done: bool,
        outcome: &str,
        event: &EventDraft,
    ) -> Advanced {
        let outcome = if done { outcome } else { "moved" };
        self.record(Bucket::of(digest), event, outcome, None);
        if done {
            Advanced::Advanced
        } else {
            Advanced::Moved
        }
    }
}

#[async_trait]
impl HandoverStore for Memory {
    async fn open_handover(
        &self,
        row: HandoverRow,
        now: Timestamp,
        event: EventDraft,
    ) -> Result<Advanced, StoreError> {
        let (mut maps, digest) = (self.maps(), row.digest);
        let free = maps.live(&digest, now).is_none();
        if free {
            maps.handovers
                .insert(digest, HandoverRow { version: 1, ..row });
        }
        Ok(maps.settle(&digest, free, "opened", &event))
    }

    async fn handover(
        &self,
        digest: &Digest,
        now: Timestamp,
    ) -> Result<Option<HandoverRow>, StoreError> {
        Ok(self.maps().live(digest, now).cloned())
    }

    async fn advance_handover(
        &self,
        row: HandoverRow,
        now: Timestamp,
        event: EventDraft,
    ) -> Result<Advanced, StoreError> {
        let (mut maps, digest) = (self.maps(), row.digest);
        let same = maps
            .live(&digest, now)
            .is_some_and(|live| live.version == row.version);
        if same {
            maps.handovers.insert(
                digest,
                HandoverRow {
                    version: row.version + 1,
                    ..row
                },
            );
        }
        Ok(maps.settle(&digest, same, "advanced", &event))
    }

    async fn take_handover(
        &self,
        digest: &Digest,
        version: u32,
        now: Timestamp,
        event: EventDraft,
    ) -> Result<Advanced, StoreError> {
        let mut maps = self.maps();
        let same = maps
            .live(digest, now)
            .is_some_and(|live| live.version == version);
        if same {
            maps.handovers.remove(digest);
        }
        Ok(maps.settle(digest, same, "taken", &event))
    }

    async fn sweep_handovers(&self, now: Timestamp) -> Result<u32, StoreError> {
        let mut maps = self.maps();
        let before = maps.handovers.len();
        maps.handovers.retain(|_, row| row.expires_at >= now);
        Ok(u32::try_from(before - maps.handovers.len()).unwrap())
    }
}

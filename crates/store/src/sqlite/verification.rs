//! 核验: what may happen once, happens once (B2).
//!
//! A request lives in the bucket of its own digest, a code in the bucket of its person; neither row
//! says what was asked or by whom (C1). Writes are serial, so what a verb reads still holds when it
//! writes.

use async_trait::async_trait;
use crypto::digest::Digest;
use identity::audit::EventDraft;
use identity::clock::{Day, Timestamp};
use identity::id::{Bucket, PersonId};
use identity::store::StoreError;
use identity::verification::{
    GrantState, Redeemed, Redemption, RequestTaken, TakenBy, VerificationStore,
};
use identity::wangzheng::WangzhengState;

use super::Sqlite;
use super::audit;
use super::link::Link;
use super::statement::{
    EXPIRED_CODE, EXPIRED_REQUEST, REDEEM_CODE, REDEEMED_CODE, REVOKE_CODE, REVOKE_GRANT,
    SWEEP_CODES, SWEEP_REQUESTS, TAKE_REQUEST, TAKEN_REQUEST,
};
use super::wangzheng;

/// Takes a request, or finds how it was taken.
fn take(
    link: &Link<'_>,
    request: &Digest,
    by: TakenBy,
    expires_at: Timestamp,
) -> Result<RequestTaken, StoreError> {
    let bucket = Bucket::of(request).number();
    let code = match by {
        TakenBy::Code(code) => Some(code),
        TakenBy::Refusal => None,
    };
    let row = (bucket, request.0, code.map(|code| code.0), expires_at.0);
    if link.execute(&TAKE_REQUEST, row)? == 1 {
        return Ok(RequestTaken::Taken);
    }
    let before = link.first(&TAKEN_REQUEST, (bucket, request.0), |columns| {
        columns.digest_if_any()
    })?;
    Ok(if before == Some(code) {
        RequestTaken::SameAgain
    } else {
        RequestTaken::AlreadyTaken
    })
}

/// Redeems a code, in the order in which the answers matter.
fn redeem(link: &Link<'_>, redemption: &Redemption) -> Result<Redeemed, StoreError> {
    let Redemption {
        code,
        person,
        today,
        expires_at,
        receipt: _,
    } = redemption;
    let bucket = person.bucket().number();

    // 1. RFC 6749 §4.1.2: a code that comes a second time takes back what it gave the first time,
    //    whatever has become of the 网证 since.
    if link.execute(&REVOKE_CODE, (bucket, code.0))? == 1 {
        return Ok(Redeemed::Replayed);
    }
    // 2. R2.2: only a 网证 that is active and valid today answers for its person.
    if !is_active(link, *person, *today)? {
        return Ok(Redeemed::NotActive);
    }
    // 3. B2: the code is taken. Two rows of one code cannot be.
    link.execute(
        &REDEEM_CODE,
        (bucket, code.0, person.as_bytes(), expires_at.0),
    )?;
    Ok(Redeemed::Fresh)
}

fn is_active(link: &Link<'_>, person: PersonId, today: Day) -> Result<bool, StoreError> {
    let wangzheng = wangzheng::of(link, person)?;
    Ok(wangzheng.is_some_and(|row| row.state_on(today) == WangzhengState::Active))
}

#[async_trait]
impl VerificationStore for Sqlite {
    async fn take_request(
        &self,
        request: &Digest,
        by: TakenBy,
        expires_at: Timestamp,
        event: EventDraft,
    ) -> Result<RequestTaken, StoreError> {
        let request = *request;
        self.write(move |link| {
            let taken = take(link, &request, by, expires_at)?;
            let outcome = match taken {
                RequestTaken::Taken => "taken",
                RequestTaken::SameAgain => "same_again",
                RequestTaken::AlreadyTaken => "already_taken",
            };
            audit::record(link, Bucket::of(&request), &event, outcome, None)?;
            Ok(taken)
        })
        .await
    }

    async fn request_taken(&self, request: &Digest) -> Result<bool, StoreError> {
        let bucket = Bucket::of(request).number();
        self.read(|link| link.exists(&TAKEN_REQUEST, (bucket, request.0)))
    }

    async fn redeem_code(
        &self,
        redemption: Redemption,
        event: EventDraft,
    ) -> Result<Redeemed, StoreError> {
        self.write(move |link| {
            let redeemed = redeem(link, &redemption)?;
            let (outcome, receipt) = match redeemed {
                Redeemed::Fresh => ("fresh", Some(&redemption.receipt)),
                Redeemed::Replayed => ("replayed", None),
                Redeemed::NotActive => ("not_active", None),
            };
            audit::record(link, redemption.person.bucket(), &event, outcome, receipt)?;
            Ok(redeemed)
        })
        .await
    }

    async fn keep_refusal(
        &self,
        refusal: Redemption,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        self.write(move |link| {
            let bucket = refusal.person.bucket();
            let row = (
                bucket.number(),
                refusal.code.0,
                refusal.person.as_bytes(),
                refusal.expires_at.0,
            );
            // Nobody keeps a record of somebody who has left (R9.5).
            let gone = wangzheng::of(link, refusal.person)?.is_none();
            if gone || link.execute(&REDEEM_CODE, row)? == 0 {
                return Ok(false);
            }
            // Nothing was given for it, and nothing ever will be.
            link.execute(&REVOKE_CODE, (bucket.number(), refusal.code.0))?;
            audit::record(link, bucket, &event, "done", Some(&refusal.receipt))?;
            Ok(true)
        })
        .await
    }

    async fn grant(&self, person: PersonId, code: &Digest) -> Result<GrantState, StoreError> {
        let key = (person.bucket().number(), code.0);
        let row = self.read(|link| {
            link.first(&REDEEMED_CODE, key, |columns| {
                Ok((columns.person()?, columns.plain()?))
            })
        })?;
        Ok(match row {
            Some((owner, revoked)) if owner == person => {
                if revoked {
                    GrantState::Revoked
                } else {
                    GrantState::Good
                }
            }
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
        let code = *code;
        self.write(move |link| {
            let bucket = person.bucket();
            let row = (bucket.number(), code.0, person.as_bytes(), expires_at.0);
            link.execute(&REVOKE_GRANT, row)?;
            audit::record(link, bucket, &event, "revoked", None)
        })
        .await
    }

    async fn sweep_taken(&self, now: Timestamp) -> Result<u32, StoreError> {
        let requests = self.sweep(&EXPIRED_REQUEST, &SWEEP_REQUESTS, now).await?;
        let codes = self.sweep(&EXPIRED_CODE, &SWEEP_CODES, now).await?;
        Ok(requests + codes)
    }
}

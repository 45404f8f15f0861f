//! Proposals: a reference table. That the two persons are two, and of the right roles, is decided here, on the rows
//! as they are stored, in one transaction (R12.1, B2).

use async_trait::async_trait;
use identity::audit::{EventDraft, reference_bucket};
use identity::clock::Timestamp;
use identity::id::{Bucket, PersonId, ProposalId};
use identity::oversight::{
    Answer, NotDecided, OversightStore, PlatformStanding, ProposalRow, ProposalState, Signed,
    SubmissionRow,
};
use identity::receipt::InboxEntry;
use identity::store::StoreError;
use identity::wangzheng::{Transitioned, WangzhengRow, WangzhengState};

use super::Sqlite;
use super::audit;
use super::link::Link;
use super::platform::to_json;
use super::row::Columns;
use super::statement::{
    ALL_PROPOSALS, COUNT_WANGZHENG, END_SUSPENSION, PROPOSAL, PROPOSALS, PUT_PROPOSAL,
    PUT_STANDING, PUT_SUBMISSION, STANDINGS, SUBMISSIONS,
};
use super::{staff, wangzheng};

fn of(link: &Link<'_>, id: &ProposalId) -> Result<Option<ProposalRow>, StoreError> {
    link.first(&PROPOSAL, [id.as_str()], read)
}

fn put(link: &Link<'_>, row: &ProposalRow) -> Result<(), StoreError> {
    let columns = (
        row.id.as_str(),
        row.state.as_str(),
        row.proposed.at.0,
        to_json(row)?,
    );
    link.execute(&PUT_PROPOSAL, columns).map(drop)
}

fn record(
    link: &Link<'_>,
    id: &ProposalId,
    event: &EventDraft,
    outcome: &str,
) -> Result<(), StoreError> {
    audit::record(link, reference_bucket(id.as_str()), event, outcome, None)
}

fn read(columns: &mut Columns<'_, '_>) -> rusqlite::Result<ProposalRow> {
    columns.json()
}

fn read_submission(columns: &mut Columns<'_, '_>) -> rusqlite::Result<SubmissionRow> {
    columns.json()
}

fn read_standing(columns: &mut Columns<'_, '_>) -> rusqlite::Result<PlatformStanding> {
    columns.json()
}

#[async_trait]
impl OversightStore for Sqlite {
    async fn propose(&self, row: ProposalRow, event: EventDraft) -> Result<bool, StoreError> {
        self.write(move |link| {
            let proposer = staff::of(link, &row.proposed.login)?;
            let may = row.may_be_proposed_by(proposer.as_ref());
            if may {
                put(link, &row)?;
            }
            record(
                link,
                &row.id,
                &event,
                if may { "done" } else { "wrong_role" },
            )?;
            Ok(may)
        })
        .await
    }

    async fn decide_proposal(
        &self,
        id: &ProposalId,
        answer: Answer,
        signed: Signed,
        event: EventDraft,
    ) -> Result<Result<ProposalRow, NotDecided>, StoreError> {
        let id = id.clone();
        self.write(move |link| {
            let confirmer = staff::of(link, &signed.login)?;
            let decided = match of(link, &id)? {
                Some(row) => row.decide(confirmer.as_ref(), answer, signed),
                None => Err(NotDecided::NotFound),
            };
            let outcome = match &decided {
                Ok(row) => {
                    put(link, row)?;
                    "done"
                }
                Err(not) => not.as_str(),
            };
            record(link, &id, &event, outcome)?;
            Ok(decided)
        })
        .await
    }

    async fn finish_proposal(
        &self,
        id: &ProposalId,
        result: &str,
        at: Timestamp,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        let (id, result) = (id.clone(), result.to_owned());
        self.write(move |link| {
            let confirmed = of(link, &id)?.filter(|row| row.state == ProposalState::Confirmed);
            let Some(mut row) = confirmed else {
                record(link, &id, &event, "not_confirmed")?;
                return Ok(false);
            };
            row.state = ProposalState::Done;
            row.done = Some((at, result));
            put(link, &row)?;
            record(link, &id, &event, "done")?;
            Ok(true)
        })
        .await
    }

    async fn put_standing(
        &self,
        standing: PlatformStanding,
        event: EventDraft,
    ) -> Result<(), StoreError> {
        self.write(move |link| {
            let id = standing.platform.as_str();
            link.execute(&PUT_STANDING, (id, to_json(&standing)?))?;
            audit::record(link, reference_bucket(id), &event, "done", None)
        })
        .await
    }

    async fn standings(&self) -> Result<Vec<PlatformStanding>, StoreError> {
        self.read(|link| link.all(&STANDINGS, [], read_standing))
    }

    async fn put_submission(
        &self,
        row: SubmissionRow,
        event: EventDraft,
    ) -> Result<(), StoreError> {
        self.write(move |link| {
            let id = row.platform.as_str();
            link.execute(&PUT_SUBMISSION, (id, row.subject(), to_json(&row)?))?;
            audit::record(link, reference_bucket(id), &event, "done", None)
        })
        .await
    }

    async fn submissions(&self) -> Result<Vec<SubmissionRow>, StoreError> {
        self.read(|link| link.all(&SUBMISSIONS, [], read_submission))
    }

    async fn credential_of(&self, person: PersonId) -> Result<Option<WangzhengRow>, StoreError> {
        self.read(|link| wangzheng::of(link, person))
    }

    async fn change_wangzheng_and_tell(
        &self,
        person: PersonId,
        (from, to): (WangzhengState, WangzhengState),
        note: InboxEntry,
        event: EventDraft,
    ) -> Result<Transitioned, StoreError> {
        self.write(move |link| {
            let state = wangzheng::of(link, person)?;
            let state = state.map_or(WangzhengState::Revoked, |row| row.state);
            let bucket = person.bucket();
            if state != from {
                audit::record(link, bucket, &event, "not_in_state", None)?;
                return Ok(Transitioned::NotInState(state));
            }
            let key = (bucket.number(), person.as_bytes(), to.as_str());
            link.execute(&END_SUSPENSION, key)?;
            audit::record(link, bucket, &event, "done", Some(&note))?;
            Ok(Transitioned::Changed)
        })
        .await
    }

    async fn count_wangzheng(
        &self,
        bucket: Bucket,
    ) -> Result<Vec<(WangzhengState, u64)>, StoreError> {
        self.read(|link| {
            link.all(&COUNT_WANGZHENG, [bucket.number()], |columns| {
                Ok((columns.named(WangzhengState::from_name)?, columns.plain()?))
            })
        })
    }

    async fn proposal(&self, id: &ProposalId) -> Result<Option<ProposalRow>, StoreError> {
        self.read(|link| of(link, id))
    }

    async fn proposals(
        &self,
        state: Option<ProposalState>,
        limit: u32,
    ) -> Result<Vec<ProposalRow>, StoreError> {
        self.read(|link| match state {
            Some(state) => link.all(&PROPOSALS, (state.as_str(), limit), read),
            None => link.all(&ALL_PROPOSALS, [limit], read),
        })
    }
}

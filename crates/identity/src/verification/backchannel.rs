//! 异常账号二次核验: a platform asks by itself about one of its own accounts, the person's devices show it, the platform
//! fetches the answer (S5; CIBA in poll mode).
//!
//! The platform learns what it learns of any request: a result, or `access_denied`. An identifier of nobody, of
//! somebody who left, who withdrew, or who is asked too often is answered like one of somebody who says no, or nothing
//! (R8.1). What the platform holds is the id of a short row in the bucket of its own digest; what the person's devices
//! see is a row in the person's bucket; neither leads to the other without the keys of the hour.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::digest::Digest;
use crypto::keystore::SecretName;
use crypto::random;
use serde::{Deserialize, Serialize};

use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Timestamp;
use crate::handover::desk::Desk;
use crate::id::{ClientId, PersonId};
use crate::service::{Fault, RegisteredClient, Service, Suite};
use crate::store::StoreError;

use super::pairwise::PairwiseId;
use super::request::{Asked, Channel, Reply, RequestRefused};

pub mod fetch;
pub mod waiting;

pub use fetch::Answer;
pub use waiting::{Waiting, WaitingList};

const LABEL: &str = "backchannel";
/// Seconds between two questions of a platform.
pub const INTERVAL: i64 = 5;
/// Shortest life of a request: a person has to find the phone.
pub const SHORTEST: i64 = 30;

/// A request that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingRow {
    /// For whom.
    pub person: PersonId,
    /// Digest of the sealed request.
    pub request: Digest,
    /// What the devices are shown, sealed by the service.
    pub sealed: Vec<u8>,
    /// Over after.
    pub expires_at: Timestamp,
}

/// How many are too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crowd {
    /// Requests that wait at a time.
    pub waiting: u32,
    /// Refusals that are remembered.
    pub refusals: u32,
}

/// What became of putting a request before a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placed {
    /// The devices show it.
    Placed,
    /// Too many wait, or were refused lately: the person is left in peace.
    Crowded,
}

/// How a waiting request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitingSettled {
    /// With a yes: the refusals before count no more.
    Approved,
    /// With a no, remembered for a while against consent bombing.
    Refused {
        /// Until when.
        remember_until: Timestamp,
    },
}

/// Waiting requests in the store, in the bucket of the person they are for.
#[async_trait]
pub trait BackchannelStore: Send + Sync {
    /// Puts a request before a person, unless too many wait or were refused. Event outcome `placed` or `crowded`.
    async fn place_waiting(
        &self,
        row: WaitingRow,
        most: Crowd,
        now: Timestamp,
        event: EventDraft,
    ) -> Result<Placed, StoreError>;
    /// What waits, the first to end first.
    async fn waiting(
        &self,
        person: PersonId,
        now: Timestamp,
    ) -> Result<Vec<WaitingRow>, StoreError>;
    /// How many refusals are remembered.
    async fn recent_refusals(&self, person: PersonId, now: Timestamp) -> Result<u32, StoreError>;
    /// Ends a waiting request; `false` when it does not wait. Event outcome `done` or `not_found`.
    async fn settle_waiting(
        &self,
        person: PersonId,
        request: &Digest,
        settled: WaitingSettled,
        event: EventDraft,
    ) -> Result<bool, StoreError>;
    /// Deletes what expired before `now`; how many.
    async fn sweep_waiting(&self, now: Timestamp) -> Result<u32, StoreError>;
}

/// What a platform asks by itself.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// Scenario, attributes, modes.
    pub asked: Asked,
    /// One of the platform's own pairwise ids.
    pub subject: String,
    /// What the platform shows on its own screen, plain and short.
    pub message: Option<String>,
    /// Seconds it wants to wait.
    pub life: Option<i64>,
    /// What the protocol must find again at the end.
    pub binding: String,
}

/// What the platform holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledged {
    /// By which it asks again.
    pub id: String,
    /// Seconds it is good for.
    pub expires_in: i64,
    /// Seconds between two questions.
    pub interval: i64,
    /// Two digits that the platform shows and the person picks.
    pub number: String,
}

/// What the row of the platform holds.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Inquiry {
    client: ClientId,
    suite: Suite,
    expires_at: Timestamp,
    /// Wrong numbers so far.
    wrong_picks: u8,
    state: State,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
enum State {
    /// Nobody decided. Where nobody will, a no comes at this moment, if at all.
    Open { no_from: Option<Timestamp> },
    /// Yes: the code, which never leaves the service.
    Approved { code: String },
    /// No.
    Refused,
}

/// What the devices are shown, sealed in the person's row.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Shown {
    /// The row of the platform.
    inquiry: Digest,
    transaction: String,
    message: Option<String>,
    number: String,
    numbers: [String; 3],
}

/// When a platform last asked, in this process: too often is told so (CIBA §11).
#[derive(Default)]
pub struct Pace(Mutex<HashMap<Digest, Timestamp>>);

/// Most inquiries whose pace is remembered.
const MOST_PACED: usize = 1 << 18;

impl Pace {
    /// Whether this one comes too soon after the last.
    fn too_soon(&self, inquiry: Digest, now: Timestamp) -> bool {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if asked.len() >= MOST_PACED {
            asked.retain(|_, last| now.0 - last.0 < 10 * INTERVAL);
        }
        let last = asked.insert(inquiry, now);
        last.is_some_and(|last| now.0 - last.0 < INTERVAL)
    }
}

impl Service {
    /// A platform asks by itself. Whoever the identifier is of, the answer looks the same (R8.1).
    pub async fn ask_by_backchannel(
        &self,
        registered: &RegisteredClient,
        question: Question,
        suite: Suite,
    ) -> Result<Result<Acknowledged, RequestRefused>, Fault> {
        // 1. Over-asking ends here, as anywhere (R5.1, R8.2).
        let longest = self.policy.request_life;
        let life = question.life.unwrap_or(longest).clamp(SHORTEST, longest);
        let reply = Reply {
            channel: Channel::Backchannel,
            life,
            binding: question.binding,
        };
        let sealed = match self.seal_request(registered, &question.asked, suite, reply)? {
            Ok(sealed) => sealed,
            Err(refused) => return Ok(Err(refused)),
        };
        let expires_at = self.now().plus(life);
        // 2. The person, if there is one who may be asked.
        let sector = registered.platform.sector();
        let opened = PairwiseId::open(&question.subject, sector, self.keys())?;
        let askable = match opened {
            Some((person, generation)) => {
                let row = self.store.person(person).await?;
                let there = row.is_some_and(|row| row.generation == generation);
                there && !self.withdrew_from(person, &registered.platform.id).await?
            }
            None => false,
        };
        // 3. What the devices will show; written for nobody as well, so that nobody can tell by the time it takes.
        let desk = self.desk(LABEL);
        let id = Base64UrlUnpadded::encode_string(&random::array::<18>(self.random()));
        let inquiry = inquiry_digest(&desk, &id)?;
        let (number, numbers) = self.cross_device().numbers();
        let shown = Shown {
            inquiry,
            transaction: sealed.text,
            message: question.message,
            number: number.clone(),
            numbers,
        };
        let addressee = opened.map_or_else(|| nobody(self), |(person, _)| person);
        let placed = self.place(addressee, &shown, expires_at, askable).await?;
        // 4. What the platform asks by.
        let content = Inquiry {
            client: registered.client().id.clone(),
            suite,
            expires_at,
            wrong_picks: 0,
            state: State::Open {
                no_from: (placed == Placed::Crowded)
                    .then(|| self.some_no(life))
                    .flatten(),
            },
        };
        // Kept a little longer, so that a late question hears that it is over.
        let row_end = expires_at.plus(self.policy.code_life);
        if !desk.open(inquiry, &content, row_end).await? {
            return Err(Fault::Invariant("144 random bits came twice"));
        }
        Ok(Ok(Acknowledged {
            id,
            expires_in: life,
            interval: INTERVAL,
            number,
        }))
    }

    async fn place(
        &self,
        person: PersonId,
        shown: &Shown,
        expires_at: Timestamp,
        askable: bool,
    ) -> Result<Placed, Fault> {
        let request = crypto::digest::sm3(&[shown.transaction.as_bytes()]);
        let row = WaitingRow {
            person,
            request,
            sealed: self.seal_shown(person, &request, shown)?,
            expires_at,
        };
        let most = if askable {
            Crowd {
                waiting: self.policy.most_waiting,
                refusals: self.policy.most_refusals,
            }
        } else {
            // Nobody may be asked: the verb runs all the same and finds no room.
            Crowd {
                waiting: 0,
                refusals: 0,
            }
        };
        let event = self.waiting_event();
        Ok(self
            .store
            .place_waiting(row, most, self.now(), event)
            .await?)
    }

    /// A person who is not asked may "refuse" at some moment, or never answer: as people do.
    fn some_no(&self, life: i64) -> Option<Timestamp> {
        let [coin, rest @ ..] = random::array::<9>(self.random());
        let span = u64::try_from(life - INTERVAL).unwrap_or(0).max(1);
        let after = i64::try_from(u64::from_be_bytes(rest) % span).unwrap_or(0);
        (coin & 1 == 0).then(|| self.now().plus(INTERVAL + after))
    }

    pub(super) fn waiting_event(&self) -> EventDraft {
        let day = self.now().day();
        EventDraft::new(AuditEvent::WaitingRequestChanged { day }, self.random())
    }
}

/// Somebody who is not there, in a bucket like any other.
fn nobody(service: &Service) -> PersonId {
    PersonId::from_bytes(random::array(service.random()))
}

fn inquiry_digest(desk: &Desk<'_>, id: &str) -> Result<Digest, Fault> {
    Ok(desk
        .keys
        .mac(SecretName::Tag, &[LABEL.as_bytes(), id.as_bytes()])?)
}

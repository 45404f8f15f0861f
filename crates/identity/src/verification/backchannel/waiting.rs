//! What waits for a person, and the decision about it: like any other decision, with a number to match.

use crypto::digest::Digest;
use subtle::ConstantTimeEq;

use crate::clock::Timestamp;
use crate::id::PersonId;
use crate::person::PersonRow;
use crate::service::{Fault, Service};
use crate::verification::approve::ProvenDecision;
use crate::verification::cross_device::{CrossDeviceError, CrossDeviceRefused};
use crate::verification::decision::{Choice, Decision, DecisionRefused};
use crate::verification::request::OpenRequest;

use super::{Inquiry, LABEL, Shown, State, WaitingSettled};

/// Wrong numbers that end a request.
const MOST_WRONG_PICKS: u8 = 2;

/// A request that waits, as the person's devices see it.
#[derive(Clone)]
pub struct Waiting {
    /// The sealed request; its digest names it.
    pub transaction: String,
    /// Who asks what.
    pub open: OpenRequest,
    /// What the platform shows on its own screen.
    pub message: Option<String>,
    /// The numbers to pick from.
    pub numbers: [String; 3],
    /// Over after.
    pub expires_at: Timestamp,
}

/// Everything that waits.
#[derive(Clone)]
pub struct WaitingList {
    /// The first to end first.
    pub waiting: Vec<Waiting>,
    /// How many were refused lately: somebody may try to wear the person down.
    pub refused_lately: u32,
    /// Whether that is so many that no new ones are shown for a while.
    pub left_in_peace: bool,
}

impl Service {
    /// What waits for a person.
    pub async fn waiting_requests(&self, person: &PersonRow) -> Result<WaitingList, Fault> {
        let (who, now) = (person.person, self.now());
        let mut waiting = Vec::new();
        for row in self.store.waiting(who, now).await? {
            let shown = self.open_shown(who, &row.request, &row.sealed)?;
            // A platform or scenario that is gone asks nobody.
            if let Ok(open) = self.open_request(&shown.transaction) {
                waiting.push(Waiting {
                    transaction: shown.transaction,
                    open,
                    message: shown.message,
                    numbers: shown.numbers,
                    expires_at: row.expires_at,
                });
            }
        }
        let refused_lately = self.store.recent_refusals(who, now).await?;
        Ok(WaitingList {
            waiting,
            refused_lately,
            left_in_peace: refused_lately >= self.policy.most_refusals,
        })
    }

    /// Decides a waiting request. The person has to be the one it waits for, and an approval names the number that
    /// the platform shows.
    pub async fn decide_waiting(
        &self,
        decision: &ProvenDecision,
    ) -> Result<Decision, CrossDeviceError> {
        let person = decision.view().person.person;
        let request = decision.request_digest();
        // 1. It waits for this very person; for anybody else there is no such request.
        let (inquiry, open) = self.find_waiting(person, &request).await?;
        // 2. The number, only to approve.
        if decision.approval().decision == Choice::Approve {
            let picked = decision.approval().number.as_deref();
            let picked = picked.ok_or(CrossDeviceRefused::NumberNeeded)?;
            self.check_number(person, &request, &open, picked).await?;
        }
        // 3. The decision itself, like any other.
        let decided = self.decide(decision).await?;
        // 4. The answer waits for the platform; the request waits no more.
        let (state, settled) = match &decided {
            Decision::Approved { code } => (
                State::Approved { code: code.clone() },
                WaitingSettled::Approved,
            ),
            Decision::Refused => (
                State::Refused,
                WaitingSettled::Refused {
                    remember_until: self.now().plus(self.policy.refusal_memory),
                },
            ),
        };
        self.answer_inquiry(&inquiry, state).await?;
        self.settle(person, &request, settled).await?;
        Ok(decided)
    }

    async fn find_waiting(
        &self,
        person: PersonId,
        request: &Digest,
    ) -> Result<(Digest, Shown), CrossDeviceError> {
        let rows = self.store.waiting(person, self.now()).await;
        let rows = rows.map_err(Fault::from)?;
        let row = rows.into_iter().find(|row| row.request == *request);
        match row {
            Some(row) => {
                let shown = self.open_shown(person, request, &row.sealed)?;
                Ok((shown.inquiry, shown))
            }
            // What was decided before is said to be; for everybody else there is nothing.
            None => Err(CrossDeviceError::Decision(
                DecisionRefused::AlreadyDecided.into(),
            )),
        }
    }

    /// The second wrong number ends the request: whoever reads another screen looks at somebody else's request.
    async fn check_number(
        &self,
        person: PersonId,
        request: &Digest,
        shown: &Shown,
        picked: &str,
    ) -> Result<(), CrossDeviceError> {
        if shown.number.as_bytes().ct_eq(picked.as_bytes()).into() {
            return Ok(());
        }
        let inquiry = self.count_wrong_pick(&shown.inquiry).await?;
        let attempts_left = MOST_WRONG_PICKS.saturating_sub(inquiry);
        if attempts_left == 0 {
            self.answer_inquiry(&shown.inquiry, State::Refused).await?;
            let remember_until = self.now().plus(self.policy.refusal_memory);
            let settled = WaitingSettled::Refused { remember_until };
            self.settle(person, request, settled).await?;
        }
        Err(CrossDeviceRefused::NumberWrong { attempts_left }.into())
    }

    async fn count_wrong_pick(&self, inquiry: &Digest) -> Result<u8, CrossDeviceError> {
        let counted = self
            .desk(LABEL)
            .change(inquiry, |inquiry: &mut Inquiry| {
                inquiry.wrong_picks = inquiry.wrong_picks.saturating_add(1);
                Ok::<_, CrossDeviceError>(inquiry.wrong_picks)
            })
            .await?;
        counted.ok_or(CrossDeviceRefused::Over.into())
    }

    /// Leaves the answer for the platform. The first one stays.
    async fn answer_inquiry(&self, inquiry: &Digest, state: State) -> Result<(), CrossDeviceError> {
        self.desk(LABEL)
            .change(inquiry, |inquiry: &mut Inquiry| {
                if matches!(inquiry.state, State::Open { .. }) {
                    inquiry.state = state.clone();
                }
                Ok::<_, CrossDeviceError>(())
            })
            .await?;
        Ok(())
    }

    async fn settle(
        &self,
        person: PersonId,
        request: &Digest,
        settled: WaitingSettled,
    ) -> Result<(), Fault> {
        let event = self.waiting_event();
        self.store
            .settle_waiting(person, request, settled, event)
            .await?;
        Ok(())
    }

    pub(super) fn seal_shown(
        &self,
        person: PersonId,
        request: &Digest,
        shown: &Shown,
    ) -> Result<Vec<u8>, Fault> {
        let plain = serde_json::to_vec(shown).map_err(|_| Fault::Invariant("a waiting request"))?;
        let place = place(person, request);
        Ok(self.keys().seal(LABEL, &place, &plain, self.now().0)?)
    }

    fn open_shown(
        &self,
        person: PersonId,
        request: &Digest,
        sealed: &[u8],
    ) -> Result<Shown, Fault> {
        let place = place(person, request);
        let plain = self.keys().open(LABEL, &place, sealed, self.now().0)?;
        serde_json::from_slice(&plain).map_err(|_| Fault::Invariant("a waiting request"))
    }
}

fn place(person: PersonId, request: &Digest) -> Vec<u8> {
    [person.as_bytes().as_slice(), &request.0].concat()
}

//! Browser sessions of one platform: requests under way, who is signed in, what came of the last request. In memory.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::site::Outcome;
use crate::demo::relying_party::{Pending, Trace, events::StepUp};

/// Most sessions kept; the oldest goes first.
const MOST_SESSIONS: usize = 4_096;
/// Most requests under way in one session; the oldest goes first.
const MOST_PENDING: usize = 8;

/// A browser session.
#[derive(Default)]
pub(super) struct Session {
    pending: VecDeque<Pending>,
    /// The account signed in, by its identifier.
    pub(super) account: Option<String>,
    /// What came of the last request.
    pub(super) last: Option<Last>,
    /// A step-up that this platform started itself.
    pub(super) step_up: Option<StepUp>,
}

/// What came of a request, and what was received with it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Last {
    /// What came of it.
    pub(super) outcome: Outcome,
    /// Everything received.
    pub(super) trace: Trace,
}

impl Session {
    /// Remembers a request under way.
    pub(super) fn expect(&mut self, pending: Pending) {
        if self.pending.len() >= MOST_PENDING {
            self.pending.pop_front();
        }
        self.pending.push_back(pending);
    }

    /// Takes the request an answer names. A second answer to it finds nothing.
    pub(super) fn take(&mut self, state: &str) -> Option<Pending> {
        let place = self
            .pending
            .iter()
            .position(|pending| pending.state == state)?;
        self.pending.remove(place)
    }
}

/// The sessions of one platform, by the text in the cookie.
#[derive(Default)]
pub(super) struct Sessions(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    by_token: HashMap<String, Session>,
    oldest_first: VecDeque<String>,
}

impl Sessions {
    /// Works on a session, which is opened if it is not there.
    pub(super) fn with<T>(&self, token: &str, work: impl FnOnce(&mut Session) -> T) -> T {
        let mut kept = self.lock();
        if !kept.by_token.contains_key(token) {
            if kept.by_token.len() >= MOST_SESSIONS
                && let Some(oldest) = kept.oldest_first.pop_front()
            {
                kept.by_token.remove(&oldest);
            }
            kept.oldest_first.push_back(token.to_owned());
        }
        work(kept.by_token.entry(token.to_owned()).or_default())
    }

    /// Whether there is such a session.
    pub(super) fn knows(&self, token: &str) -> bool {
        self.lock().by_token.contains_key(token)
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// B2 at the platform's side: an answer is taken once, and only in the browser that asked.
    #[test]
    fn an_answer_finds_its_request_once() {
        let sessions = Sessions::default();
        sessions.with("a", |session| session.expect(Pending::sample("state")));
        assert!(
            sessions
                .with("b", |session| session.take("state"))
                .is_none()
        );
        assert!(
            sessions
                .with("a", |session| session.take("other"))
                .is_none()
        );
        assert!(
            sessions
                .with("a", |session| session.take("state"))
                .is_some()
        );
        assert!(
            sessions
                .with("a", |session| session.take("state"))
                .is_none()
        );
    }

    #[test]
    fn the_oldest_request_makes_room() {
        let mut session = Session::default();
        for number in 0..=MOST_PENDING {
            session.expect(Pending::sample(&number.to_string()));
        }
        assert!(session.take("0").is_none());
        assert!(session.take("1").is_some());
    }

    #[test]
    fn the_oldest_session_makes_room() {
        let sessions = Sessions::default();
        for number in 0..=MOST_SESSIONS {
            sessions.with(&number.to_string(), |session| {
                session.account = Some("x".to_owned());
            });
        }
        assert!(!sessions.knows("0"));
        assert!(sessions.knows("1"));
        assert!(sessions.knows(&MOST_SESSIONS.to_string()));
    }
}

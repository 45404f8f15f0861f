//! Accounts of one platform, by what it knows a person by. In memory.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use openid::EventType;

/// How an account was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// 网证.
    Wangzheng,
    /// Another way, which the demo only plays.
    Other,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    /// The pairwise identifier, or a random text for the other ways.
    pub(super) subject: String,
    /// How it was verified.
    pub(super) way: Way,
    /// Behaves unusually; must be verified again (step-up).
    pub(super) suspicious: bool,
    /// What the service told about it, the newest last.
    pub(super) told: Vec<EventType>,
}

impl Account {
    /// Whether the person withdrew the consent to use the result (R8.3).
    pub(super) fn withdrawn(&self) -> bool {
        self.told.contains(&EventType::ConsentWithdrawn)
    }

    /// Whether the person has locked the 网证.
    pub(super) fn locked(&self) -> bool {
        let mut changes = self.told.iter().rev();
        let last = changes.find(|event| {
            matches!(
                event,
                EventType::AccountDisabled | EventType::AccountEnabled
            )
        });
        last == Some(&EventType::AccountDisabled)
    }

    /// A name made of the identifier: the platform knows nothing to make a better one of.
    pub(super) fn nickname(&self) -> String {
        self.subject
            .chars()
            .take(6)
            .collect::<String>()
            .to_uppercase()
    }
}

/// The accounts of one platform.
#[derive(Default)]
pub(super) struct Accounts(Mutex<HashMap<String, Account>>);

/// Most accounts kept; a demo that is left running forgets them all and begins anew.
const MOST: usize = 10_000;

impl Accounts {
    /// Opens an account; `false` if it is there already.
    pub(super) fn open(&self, subject: &str, way: Way) -> bool {
        let mut accounts = self.lock();
        if accounts.contains_key(subject) {
            return false;
        }
        if accounts.len() >= MOST {
            accounts.clear();
        }
        let account = Account {
            subject: subject.to_owned(),
            way,
            suspicious: false,
            told: Vec::new(),
        };
        accounts.insert(subject.to_owned(), account);
        true
    }

    /// The account of an identifier.
    pub(super) fn find(&self, subject: &str) -> Option<Account> {
        self.lock().get(subject).cloned()
    }

    /// Carries out what the service told: who left or asks for deletion is deleted; the rest is noted.
    pub(super) fn hear(&self, subject: &str, event: EventType) {
        let mut accounts = self.lock();
        match event {
            EventType::AccountPurged | EventType::DeletionRequested => {
                accounts.remove(subject);
            }
            _ => {
                if let Some(account) = accounts.get_mut(subject) {
                    account.told.push(event);
                }
            }
        }
    }

    /// Marks an account as behaving unusually, or as cleared.
    pub(super) fn set_suspicious(&self, subject: &str, suspicious: bool) {
        if let Some(account) = self.lock().get_mut(subject) {
            account.suspicious = suspicious;
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Account>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! Accounts of staff.

use crypto::password::{PasswordCost, PasswordRecipe};
use crypto::random::{Random, SeededRandom};
use crypto::{Curve, PrivateKey};
use identity::audit::{AuditEvent, EventDraft, reference_bucket};
use identity::id::StaffLogin;
use identity::staff::account::NewStaff;
use identity::staff::{ATTEMPTS, KeptPassword, Role, StaffDebited, StaffRow, StaffState};
use identity::store::Store;
use jose::jwk::Jwk;

use super::Backend;
use crate::sample::{self, NOW};

/// An account.
pub(crate) fn account(login: &str, role: Role, random: &dyn Random) -> StaffRow {
    let key = PrivateKey::generate(Curve::P256, random).unwrap();
    NewStaff {
        login: StaffLogin(login.to_owned()),
        name: format!("{login} 女士"),
        role,
        platform: None,
        key: Jwk::public(key.public(), None, None, None),
    }
    .row()
}

pub(crate) fn event(login: &str, random: &dyn Random) -> EventDraft {
    let login = StaffLogin(login.to_owned());
    EventDraft::new(AuditEvent::StaffAttempted { login, at: NOW }, random)
}

/// Opens an account.
pub(crate) async fn open(store: &dyn Store, login: &str, role: Role, random: &dyn Random) {
    let row = account(login, role, random);
    store.put_staff(row, event(login, random)).await.unwrap();
}

fn login() -> StaffLogin {
    StaffLogin("reviewer1".to_owned())
}

async fn outcome(store: &dyn Store) -> String {
    sample::last_outcome(store, reference_bucket("reviewer1")).await
}

pub(crate) async fn an_account_is_opened_replaced_and_listed(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(1));
    assert_eq!(store.staff(&login()).await.unwrap(), None);
    open(&*store, "reviewer1", Role::PlatformReviewer, &random).await;
    open(&*store, "auditor", Role::AuditAdministrator, &random).await;
    let all = backend.open().await.all_staff().await.unwrap();
    let logins: Vec<_> = all.iter().map(|row| row.login.as_str()).collect();
    assert_eq!(logins, ["auditor", "reviewer1"]);
    let closed = StaffRow {
        state: StaffState::Closed,
        ..all[1].clone()
    };
    let replaced = event("reviewer1", &random);
    store.put_staff(closed.clone(), replaced).await.unwrap();
    assert_eq!(store.staff(&login()).await.unwrap(), Some(closed));
    assert_eq!(outcome(&*store).await, "done");
    // Who is closed has no attempts and no sessions.
    let debited = store
        .debit_staff(&login(), NOW, event("reviewer1", &random))
        .await;
    assert_eq!(debited.unwrap(), StaffDebited::Unknown);
    assert_eq!(outcome(&*store).await, "unknown");
    let session = sample::digest(&random);
    let opened = store
        .open_staff_session(&login(), session, None, event("reviewer1", &random))
        .await;
    assert!(!opened.unwrap());
    assert_eq!(outcome(&*store).await, "unknown");
}

pub(crate) async fn r12_4_attempts_are_spent_before_anything_is_compared(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(2));
    open(&*store, "reviewer1", Role::PlatformReviewer, &random).await;
    for left in (0..ATTEMPTS).rev() {
        let debited = store
            .debit_staff(&login(), NOW, event("reviewer1", &random))
            .await;
        let StaffDebited::Spent(row) = debited.unwrap() else {
            panic!("an attempt is left")
        };
        assert_eq!(row.attempts_left, left);
        assert_eq!(store.staff(&login()).await.unwrap(), Some(*row));
        assert_eq!(outcome(&*store).await, "spent");
    }
    let debited = store
        .debit_staff(&login(), NOW, event("reviewer1", &random))
        .await;
    assert_eq!(debited.unwrap(), StaffDebited::LockedUntil(NOW.plus(900)));
    assert_eq!(outcome(&*store).await, "locked");
    // Nobody.
    let nobody = StaffLogin("nobody".to_owned());
    let debited = store
        .debit_staff(&nobody, NOW, event("nobody", &random))
        .await;
    assert_eq!(debited.unwrap(), StaffDebited::Unknown);
}

pub(crate) async fn r12_4_one_session_at_a_time_and_a_first_password_once(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(3));
    open(&*store, "reviewer1", Role::PlatformReviewer, &random).await;
    let password = || KeptPassword {
        recipe: PasswordRecipe::new(PasswordCost::Light, &random),
        digest: sample::digest(&random),
    };
    let (first, second) = (sample::digest(&random), sample::digest(&random));
    let event = || event("reviewer1", &random);
    let kept = password();
    let opened = store
        .open_staff_session(&login(), first, Some(kept.clone()), event())
        .await;
    assert!(opened.unwrap());
    let row = store.staff(&login()).await.unwrap().unwrap();
    assert_eq!(
        (row.session, row.password.as_ref()),
        (Some(first), Some(&kept))
    );
    // A second first password is none.
    let opened = store
        .open_staff_session(&login(), second, Some(password()), event())
        .await;
    assert!(!opened.unwrap());
    assert_eq!(store.staff(&login()).await.unwrap(), Some(row));
    // A second session takes the place of the first, whose end then ends nothing.
    let opened = store
        .open_staff_session(&login(), second, None, event())
        .await;
    assert!(opened.unwrap());
    assert!(
        !store
            .close_staff_session(&login(), first, event())
            .await
            .unwrap()
    );
    assert_eq!(outcome(&*store).await, "not_found");
    assert!(
        store
            .close_staff_session(&login(), second, event())
            .await
            .unwrap()
    );
    assert_eq!(outcome(&*store).await, "done");
    let row = store.staff(&login()).await.unwrap().unwrap();
    assert_eq!((row.session, row.password), (None, Some(kept)));
}

pub(crate) async fn r12_4_one_hundred_at_once_spend_five_attempts(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(4));
    open(&*store, "reviewer1", Role::PlatformReviewer, &random).await;
    let tries: Vec<_> = (0..100)
        .map(|_| {
            let (store, event) = (store.clone(), event("reviewer1", &random));
            tokio::spawn(async move { store.debit_staff(&login(), NOW, event).await.unwrap() })
        })
        .collect();
    let mut spent = 0;
    for tried in tries {
        spent += u32::from(matches!(tried.await.unwrap(), StaffDebited::Spent(_)));
    }
    assert_eq!(spent, ATTEMPTS);
}

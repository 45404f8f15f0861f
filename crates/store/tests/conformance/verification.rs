//! 核验.

use crypto::random::SeededRandom;
use identity::id::{Bucket, PersonId};
use identity::verification::{GrantState, Redeemed, RequestTaken, TakenBy};
use identity::wangzheng::WangzhengState as State;

use super::Backend;
use crate::sample::{self, NOW, TODAY};

pub(crate) async fn b2_a_request_is_taken_once_and_the_same_answer_may_be_given_again(
    backend: &impl Backend,
) {
    let (store, random) = (backend.open().await, SeededRandom::new(1));
    let code = TakenBy::Code(sample::digest(&random));
    let other = TakenBy::Code(sample::digest(&random));
    for (first, another) in [
        (code, other),
        (code, TakenBy::Refusal),
        (TakenBy::Refusal, code),
    ] {
        let request = sample::digest(&random);
        assert!(!store.request_taken(&request).await.unwrap());
        for (by, expected, outcome) in [
            (first, RequestTaken::Taken, "taken"),
            (first, RequestTaken::SameAgain, "same_again"),
            (another, RequestTaken::AlreadyTaken, "already_taken"),
            (first, RequestTaken::SameAgain, "same_again"),
        ] {
            let event = sample::request_taken(&random);
            let taken = store.take_request(&request, by, NOW, event).await.unwrap();
            assert_eq!(taken, expected, "{first:?} then {by:?}");
            assert_eq!(
                sample::last_outcome(&*store, Bucket::of(&request)).await,
                outcome
            );
            assert!(store.request_taken(&request).await.unwrap());
        }
    }
}

pub(crate) async fn b2_a_code_is_redeemed_once_and_its_replay_revokes(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(2));
    let (person, _) = sample::apply(&*store, &random).await;
    let redemption = sample::redemption(person, &random);
    let code = redemption.code;
    assert_eq!(
        store.grant(person, &code).await.unwrap(),
        GrantState::Unknown
    );

    let event = sample::verified(person, &random);
    let commitment = event.commitment();
    assert_eq!(
        store.redeem_code(redemption.clone(), event).await.unwrap(),
        Redeemed::Fresh
    );
    assert_eq!(
        sample::last_outcome(&*store, person.bucket()).await,
        "fresh"
    );
    assert_eq!(store.grant(person, &code).await.unwrap(), GrantState::Good);
    let history = store.receipts(person, None, 10).await.unwrap();
    assert_eq!(history.len(), 1);
    assert_eq!(
        (&history[0].sealed, history[0].commitment),
        (&redemption.receipt.sealed, commitment)
    );

    for _ in 0..2 {
        let event = sample::verified(person, &random);
        let again = store.redeem_code(redemption.clone(), event).await.unwrap();
        assert_eq!(again, Redeemed::Replayed);
        assert_eq!(
            sample::last_outcome(&*store, person.bucket()).await,
            "replayed"
        );
        assert_eq!(
            store.grant(person, &code).await.unwrap(),
            GrantState::Revoked
        );
    }
    assert_eq!(
        store.receipts(person, None, 10).await.unwrap(),
        history,
        "one receipt, of the first"
    );
}

pub(crate) async fn r2_2_a_code_gives_nothing_unless_the_wangzheng_is_active_today(
    backend: &impl Backend,
) {
    let (store, random) = (backend.open().await, SeededRandom::new(3));
    let (person, device) = sample::apply(&*store, &random).await;
    let redeem = async |today| {
        let mut redemption = sample::redemption(person, &random);
        redemption.today = today;
        let event = sample::verified(person, &random);
        let redeemed = store.redeem_code(redemption.clone(), event).await.unwrap();
        let grant = store.grant(person, &redemption.code).await.unwrap();
        assert_eq!(redeemed == Redeemed::Fresh, grant == GrantState::Good);
        redeemed
    };
    let valid_until = store
        .holder_view(person, device)
        .await
        .unwrap()
        .unwrap()
        .wangzheng
        .valid_until;
    assert_eq!(redeem(valid_until).await, Redeemed::Fresh, "its last day");
    assert_eq!(redeem(valid_until.plus(1)).await, Redeemed::NotActive);
    assert_eq!(
        sample::last_outcome(&*store, person.bucket()).await,
        "not_active"
    );
    let mut is = State::Active;
    for state in [
        State::Locked,
        State::Suspended,
        State::Superseded,
        State::Expired,
        State::Revoked,
        State::Active,
    ] {
        let event = sample::wangzheng_changed(person, &random);
        store
            .transition_wangzheng(person, is, state, event)
            .await
            .unwrap();
        is = state;
        let expected = if is == State::Active {
            Redeemed::Fresh
        } else {
            Redeemed::NotActive
        };
        assert_eq!(redeem(TODAY).await, expected, "{is:?}");
    }
    assert_eq!(store.receipts(person, None, 10).await.unwrap().len(), 2);

    let nobody = PersonId::generate(person.bucket(), &random);
    let event = sample::verified(nobody, &random);
    let redeemed = store
        .redeem_code(sample::redemption(nobody, &random), event)
        .await
        .unwrap();
    assert_eq!(redeemed, Redeemed::NotActive);
}

pub(crate) async fn a_replay_revokes_even_when_the_wangzheng_is_locked_by_then(
    backend: &impl Backend,
) {
    let (store, random) = (backend.open().await, SeededRandom::new(4));
    let (person, _) = sample::apply(&*store, &random).await;
    let redemption = sample::redemption(person, &random);
    store
        .redeem_code(redemption.clone(), sample::verified(person, &random))
        .await
        .unwrap();
    let event = sample::wangzheng_changed(person, &random);
    store
        .transition_wangzheng(person, State::Active, State::Locked, event)
        .await
        .unwrap();
    let code = redemption.code;
    let event = sample::verified(person, &random);
    assert_eq!(
        store.redeem_code(redemption, event).await.unwrap(),
        Redeemed::Replayed
    );
    assert_eq!(
        store.grant(person, &code).await.unwrap(),
        GrantState::Revoked
    );
}

pub(crate) async fn a_grant_is_of_its_person_alone(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(5));
    let (person, _) = sample::apply(&*store, &random).await;
    let redemption = sample::redemption(person, &random);
    let code = redemption.code;
    store
        .redeem_code(redemption, sample::verified(person, &random))
        .await
        .unwrap();
    let neighbour = PersonId::generate(person.bucket(), &random);
    assert_eq!(
        store.grant(neighbour, &code).await.unwrap(),
        GrantState::Unknown
    );
    let (stranger, _) = sample::apply(&*store, &random).await;
    assert_eq!(
        store.grant(stranger, &code).await.unwrap(),
        GrantState::Unknown
    );
    assert_eq!(store.grant(person, &code).await.unwrap(), GrantState::Good);
}

/// A refusal that was cut short is completed by the same statement, and not written twice.
pub(crate) async fn p18_a_refusal_is_kept_once(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(7));
    let (person, _) = sample::apply(&*store, &random).await;
    let refusal = sample::redemption(person, &random);
    for kept in [true, false] {
        let event = sample::refused(person, &random);
        let answer = store.keep_refusal(refusal.clone(), event).await;
        assert_eq!(answer.unwrap(), kept);
        let history = store.receipts(person, None, 9).await.unwrap();
        assert_eq!(history.len(), 1);
        assert_eq!(history[0].sealed, refusal.receipt.sealed);
    }
    let grant = store.grant(person, &refusal.code).await.unwrap();
    assert_eq!(grant, GrantState::Revoked, "nothing was given for it");
}

pub(crate) async fn c1_requests_and_codes_are_swept_when_they_expired(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(6));
    let (person, _) = sample::apply(&*store, &random).await;
    let before = backend.rows().await.others;
    let mut late = (sample::digest(&random), sample::digest(&random));
    for seconds in 0..30 {
        let request = sample::digest(&random);
        let (by, expires_at) = (TakenBy::Refusal, NOW.plus(seconds));
        let event = sample::request_taken(&random);
        store
            .take_request(&request, by, expires_at, event)
            .await
            .unwrap();
        let mut redemption = sample::redemption(person, &random);
        redemption.expires_at = expires_at;
        late = (request, redemption.code);
        store
            .redeem_code(redemption, sample::verified(person, &random))
            .await
            .unwrap();
    }
    let events = backend.rows().await.events;
    assert_eq!(store.sweep_taken(NOW).await.unwrap(), 0);
    assert_eq!(store.sweep_taken(NOW.plus(29)).await.unwrap(), 58);
    assert!(
        store.request_taken(&late.0).await.unwrap(),
        "the last ones have not expired"
    );
    assert_eq!(
        store.grant(person, &late.1).await.unwrap(),
        GrantState::Good
    );
    assert_eq!(store.sweep_taken(NOW.plus(30)).await.unwrap(), 2);
    assert!(!store.request_taken(&late.0).await.unwrap());
    assert_eq!(
        store.grant(person, &late.1).await.unwrap(),
        GrantState::Unknown
    );
    let rows = backend.rows().await;
    assert_eq!((rows.others, rows.events), (before, events));
}

pub(crate) async fn r9_2_a_grant_taken_back_gives_nothing_before_and_after_redemption(
    backend: &impl Backend,
) {
    let (store, random) = (backend.open().await, SeededRandom::new(9));
    let (person, _) = sample::apply(&*store, &random).await;
    for redeemed_before in [false, true] {
        let redemption = sample::redemption(person, &random);
        let code = redemption.code;
        if redeemed_before {
            let event = sample::verified(person, &random);
            let fresh = store.redeem_code(redemption.clone(), event).await.unwrap();
            assert_eq!(fresh, Redeemed::Fresh);
        }
        let event = sample::consent_changed(person, &random);
        let until = redemption.expires_at;
        store
            .revoke_grant(person, &code, until, event)
            .await
            .unwrap();
        let last = sample::last_outcome(&*store, person.bucket()).await;
        assert_eq!(last, "revoked");
        let state = store.grant(person, &code).await.unwrap();
        assert_eq!(state, GrantState::Revoked);
        let event = sample::verified(person, &random);
        let again = store.redeem_code(redemption, event).await.unwrap();
        assert_eq!(again, Redeemed::Replayed);
    }
}

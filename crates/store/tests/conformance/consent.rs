//! 同意.

use crypto::random::SeededRandom;
use identity::consent::{ConsentKind, ConsentRow, Withdrawal};

use super::Backend;
use crate::sample::{self, TODAY};

pub(crate) async fn r9_2_a_consent_is_given_withdrawn_and_given_anew(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(1));
    let (person, _) = sample::apply(&*store, &random).await;
    let before = store.consents(person).await.unwrap();
    let consent = sample::consent(person, ConsentKind::Written, &random);
    let event = || sample::consent_changed(person, &random);
    let stored = async || {
        let mut consents = store.consents(person).await.unwrap();
        consents.retain(|row| !before.contains(row));
        consents
    };

    store.give_consent(consent.clone(), event()).await.unwrap();
    assert_eq!(stored().await, std::slice::from_ref(&consent));

    let later = TODAY.plus(3);
    for (withdrawn, outcome) in [(true, "done"), (false, "not_found")] {
        let answer = store
            .withdraw_consent(person, &consent.tag, later, event())
            .await;
        assert_eq!(answer.unwrap(), withdrawn);
        assert_eq!(
            sample::last_outcome(&*store, person.bucket()).await,
            outcome
        );
        let row = ConsentRow {
            withdrawn_on: Some(TODAY.plus(3)),
            ..consent.clone()
        };
        assert_eq!(stored().await, [row], "it stays, with its end");
    }

    let anew = ConsentRow {
        given_on: TODAY.plus(9),
        kind: ConsentKind::Separate,
        ..consent
    };
    store.give_consent(anew.clone(), event()).await.unwrap();
    assert_eq!(stored().await, std::slice::from_ref(&anew));

    // Another notice version under the same tag is another row; one withdrawal ends both.
    let newer = ConsentRow {
        notice: sample::digest(&random),
        ..anew.clone()
    };
    store.give_consent(newer, event()).await.unwrap();
    assert_eq!(stored().await.len(), 2);
    assert!(
        store
            .withdraw_consent(person, &anew.tag, later, event())
            .await
            .unwrap()
    );
    assert!(
        stored()
            .await
            .iter()
            .all(|row| row.withdrawn_on == Some(later))
    );
}

pub(crate) async fn r9_2_consents_of_others_do_not_change(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(2));
    let (person, _) = sample::apply(&*store, &random).await;
    let (other, _) = sample::apply(&*store, &random).await;
    let consent = sample::consent(person, ConsentKind::General, &random);
    let same = ConsentRow {
        person: other,
        ..consent.clone()
    };
    store
        .give_consent(consent.clone(), sample::consent_changed(person, &random))
        .await
        .unwrap();
    store
        .give_consent(same, sample::consent_changed(other, &random))
        .await
        .unwrap();
    let before = store.consents(other).await.unwrap();
    let event = sample::consent_changed(person, &random);
    assert!(
        store
            .withdraw_consent(person, &consent.tag, TODAY, event)
            .await
            .unwrap()
    );
    assert_eq!(store.consents(other).await.unwrap(), before);
}

pub(crate) async fn r9_2_a_written_consent_comes_with_its_document(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(3));
    let (person, _) = sample::apply(&*store, &random).await;
    let consent = sample::consent(person, ConsentKind::Written, &random);
    let document = sample::inbox_entry(person, &random);
    store
        .give_consent_in_writing(
            consent.clone(),
            document.clone(),
            sample::consent_changed(person, &random),
        )
        .await
        .unwrap();
    assert!(store.consents(person).await.unwrap().contains(&consent));
    let history = store.receipts(person, None, 10).await.unwrap();
    assert_eq!(history[0].sealed, document.sealed, "in the person's inbox");
}

pub(crate) async fn r9_2_a_withdrawal_from_a_platform_ends_all_its_consents_in_one_unit(
    backend: &impl Backend,
) {
    let (store, random) = (backend.open().await, SeededRandom::new(3));
    let (person, _) = sample::apply(&*store, &random).await;
    let event = || sample::consent_changed(person, &random);
    let before = store.consents(person).await.unwrap();
    let given: Vec<_> = (0..3)
        .map(|_| sample::consent(person, ConsentKind::Separate, &random))
        .collect();
    for consent in &given {
        store.give_consent(consent.clone(), event()).await.unwrap();
    }
    let mark = ConsentRow {
        withdrawn_on: Some(TODAY),
        ..sample::consent(person, ConsentKind::General, &random)
    };
    let withdrawal = Withdrawal {
        tags: vec![given[0].tag, given[1].tag],
        mark: mark.clone(),
        entry: sample::inbox_entry(person, &random),
    };
    let done = store.withdraw_from_platform(withdrawal, event()).await;
    done.unwrap();
    let after = store.consents(person).await.unwrap();
    let withdrawn = |tag| {
        let row = after.iter().find(|row| row.tag == tag).unwrap();
        row.withdrawn_on
    };
    assert_eq!(withdrawn(given[0].tag), Some(TODAY));
    assert_eq!(withdrawn(given[1].tag), Some(TODAY));
    assert_eq!(withdrawn(given[2].tag), None, "of another platform");
    assert!(after.contains(&mark));
    assert!(before.iter().all(|row| after.contains(row)));
    let history = store.receipts(person, None, 10).await.unwrap();
    assert_eq!(history.len(), 1, "the person has a note of it");
}

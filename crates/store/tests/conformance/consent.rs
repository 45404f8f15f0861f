//! 同意.

use crypto::random::SeededRandom;
use identity::consent::{ConsentKind, ConsentRow};

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

//! 监护: links on both sides, standing consents, and minors (R4.2–R4.5, R5.2).

use crypto::random::SeededRandom;
use identity::guardianship::{
    AgeStage, GuardianLinkRow, LinkKey, LinkSide, NewMinor, StandingConsentRow, StandingEnds,
};
use identity::person::Applied;

use super::Backend;
use crate::sample::{self, TODAY};

pub(crate) async fn r4_2_links_are_put_told_and_ended_once(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(1));
    let (person, _) = sample::apply(&*store, &random).await;
    let (other, _) = sample::apply(&*store, &random).await;
    let row = sample::guardian_link(person, &random);
    let event = || sample::guardian_link_changed(person, &random);
    let key = LinkKey::of(person, row.tag);
    let note = || sample::inbox_entry(person, &random);
    store.put_guardian_link(row.clone(), event()).await.unwrap();
    let later = GuardianLinkRow {
        confirmed_on: TODAY.plus(31),
        ..row.clone()
    };
    store
        .put_guardian_link(later.clone(), event())
        .await
        .unwrap();
    let links = store.guardian_links(person).await.unwrap();
    assert_eq!(
        links,
        std::slice::from_ref(&later),
        "in the place of the same one"
    );
    assert!(store.guardian_links(other).await.unwrap().is_empty());

    // R4.5: told exactly once, with the note in the same unit.
    let stage = AgeStage::GuardianSupervises;
    for first in [true, false] {
        let told = store.tell_guardian_link(key, stage, note(), event()).await;
        assert_eq!(told.unwrap(), first);
        assert_eq!(store.receipts(person, None, 9).await.unwrap().len(), 1);
    }
    let links = store.guardian_links(person).await.unwrap();
    assert_eq!(
        links,
        [GuardianLinkRow {
            told: stage,
            ..later
        }]
    );

    for first in [true, false] {
        let ended = store.end_guardian_link(key, Some(note()), event()).await;
        assert_eq!(ended.unwrap(), first);
        assert_eq!(store.receipts(person, None, 9).await.unwrap().len(), 2);
    }
    assert!(store.guardian_links(person).await.unwrap().is_empty());
}

pub(crate) async fn r5_2_standing_consents_end_one_by_one_by_giver_or_all(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(2));
    let (person, _) = sample::apply(&*store, &random).await;
    let event = || sample::standing_consent_changed(person, &random);
    let (mother, father) = (sample::digest(&random), sample::digest(&random));
    let mut rows: Vec<StandingConsentRow> = [mother, mother, father, father]
        .into_iter()
        .map(|given_by| StandingConsentRow {
            given_by,
            ..sample::standing_consent(person, &random)
        })
        .collect();
    for row in &rows {
        let given = store.give_standing_consent(row.clone(), event()).await;
        given.unwrap();
    }
    rows.sort_by_key(|row| row.tag.0);
    assert_eq!(store.standing_consents(person).await.unwrap(), rows);
    let of_father = rows.iter().find(|row| row.given_by == father).unwrap().tag;
    for (which, ended, left) in [
        (StandingEnds::One(of_father), 1, 3),
        (StandingEnds::One(of_father), 0, 3),
        (StandingEnds::GivenBy(mother), 2, 1),
        (StandingEnds::All, 1, 0),
        (StandingEnds::All, 0, 0),
    ] {
        let found = store.end_standing_consents(person, which, event()).await;
        assert_eq!(found.unwrap(), ended, "{which:?}");
        let outcome = if ended > 0 { "done" } else { "not_found" };
        assert_eq!(
            sample::last_outcome(&*store, person.bucket()).await,
            outcome
        );
        let rows = store.standing_consents(person).await.unwrap();
        assert_eq!(rows.len(), left, "{which:?}");
    }
}

/// R4.2: consent and application are two events beside the application's own, in one unit with it.
pub(crate) async fn r4_2_a_minor_is_stored_with_links_and_facts_or_not_at_all(
    backend: &impl Backend,
) {
    let (store, random) = (backend.open().await, SeededRandom::new(3));
    let (bucket, mut new) = sample::new_person(&random);
    let person = new.person.person;
    let link = GuardianLinkRow {
        side: LinkSide::Child,
        ..sample::guardian_link(person, &random)
    };
    new.minor = Some(NewMinor {
        row: sample::minor(person),
        links: vec![link.clone()],
        facts: vec![
            sample::consent_changed(person, &random),
            sample::guardian_link_changed(person, &random),
        ],
    });
    for (outcome, events) in [(Applied::Applied, 3), (Applied::AlreadyHolds(person), 4)] {
        let event = sample::applied(person, &random);
        let applied = store.apply(bucket, new.clone(), event).await.unwrap();
        assert_eq!(applied, outcome);
        let stored = store.events_of(person, 9).await.unwrap();
        assert_eq!(stored.len(), events);
    }
    assert_eq!(store.guardian_links(person).await.unwrap(), [link]);
}

/// R4.5: a minor is looked at from the year on, moves on once, and is gone at 18.
pub(crate) async fn r4_5_a_minor_moves_on_once_and_is_told(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(4));
    let (bucket, mut new) = sample::new_person(&random);
    let person = new.person.person;
    let row = sample::minor(person);
    new.minor = Some(NewMinor {
        row: row.clone(),
        links: Vec::new(),
        facts: Vec::new(),
    });
    let event = sample::applied(person, &random);
    store.apply(bucket, new, event).await.unwrap();
    let due = async |day| store.minors_to_look_at(bucket, day).await.unwrap();
    assert!(due(row.look_from.plus(-1)).await.is_empty());
    assert_eq!(due(row.look_from).await, std::slice::from_ref(&row));

    let teen = identity::guardianship::MinorRow {
        stage: AgeStage::GuardianSupervises,
        look_from: row.look_from.plus(4 * 365),
        ..row.clone()
    };
    let adult = identity::guardianship::MinorRow {
        stage: AgeStage::Adult,
        ..teen.clone()
    };
    let acts = AgeStage::GuardianActs;
    for (from, to, moved, notes) in [
        (acts, &teen, true, 1),
        (acts, &teen, false, 1),
        (acts, &adult, false, 1),
        (AgeStage::GuardianSupervises, &adult, true, 2),
        (AgeStage::GuardianSupervises, &adult, false, 2),
    ] {
        let note = sample::inbox_entry(person, &random);
        let event = sample::guardian_link_changed(person, &random);
        let found = store.advance_minor(from, to.clone(), note, event).await;
        assert_eq!(found.unwrap(), moved);
        assert_eq!(store.receipts(person, None, 9).await.unwrap().len(), notes);
    }
    assert!(due(adult.look_from.plus(9_999)).await.is_empty());
}

use super::*;
use crate::notice::{application_notices, face_notice, minors_notice};

fn row(notice: &Notice, given: i32, withdrawn: Option<i32>) -> ConsentRow {
    ConsentRow {
        person: PersonId::from_bytes([7; 12]),
        tag: Digest([1; 32]),
        kind: notice.consent,
        notice: notice.digest_of(&notice.english),
        given_on: Day(given),
        withdrawn_on: withdrawn.map(Day),
        sealed: Vec::new(),
    }
}

#[test]
fn r11_1_a_new_version_asks_again_exactly_when_its_subject_changed() {
    let first = application_notices().remove(0);
    let mut mended = first.clone();
    mended.version = 2;
    mended.chinese.rights.push('。');
    let mut wider = mended.clone();
    wider.version = 3;
    wider.subject.kinds.insert("phone_number".to_owned());
    let editions = Editions::new(vec![first.clone(), mended.clone(), wider.clone()]);
    let state = |now: &Notice, rows: &[ConsentRow]| {
        let state = Standing::of(now, &editions, rows, false).state;
        assert_eq!(
            state.covers(),
            covered(now, &editions, rows),
            "both ways to ask"
        );
        state
    };
    let given = row(&first, 10, None);
    assert_eq!(
        state(&first, std::slice::from_ref(&given)),
        StandingState::Agreed
    );
    assert_eq!(
        state(&mended, std::slice::from_ref(&given)),
        StandingState::Mended
    );
    assert_eq!(
        state(&wider, std::slice::from_ref(&given)),
        StandingState::AskedAgain
    );
    let both = [given, row(&wider, 12, None)];
    assert_eq!(state(&wider, &both), StandingState::Agreed);
    assert_eq!(state(&first, &[]), StandingState::NotGiven);
    assert_eq!(
        state(&first, &[row(&first, 1, Some(2))]),
        StandingState::Withdrawn
    );
    let again = [row(&first, 1, Some(2)), row(&mended, 3, None)];
    assert_eq!(state(&mended, &again), StandingState::Agreed);
}

#[test]
fn p_face_a_face_is_never_owed() {
    let face = face_notice();
    let editions = Editions::new(vec![face.clone()]);
    let standing = Standing::of(&face, &editions, &[], false);
    assert!(!standing.state.covers() && !standing.is_owed());
}

/// R4.2, R9.2: nothing of a child under 14 is processed without the guardian's consent; it concerns nobody else.
#[test]
fn r4_2_the_notice_on_minors_is_owed_under_14_only() {
    let minors = minors_notice();
    let editions = Editions::new(vec![minors.clone()]);
    assert!(Standing::of(&minors, &editions, &[], true).is_owed());
    assert!(!Standing::of(&minors, &editions, &[], false).is_owed());
    let given = [row(&minors, 1, None)];
    assert!(!Standing::of(&minors, &editions, &given, true).is_owed());
}

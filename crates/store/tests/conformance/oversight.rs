//! Acts of two persons.

use crypto::digest::Digest;
use crypto::random::{Random, SeededRandom};
use identity::audit::{AuditEvent, EventDraft, reference_bucket};
use identity::clock::Timestamp;
use identity::id::{PlatformId, ProposalId, ScenarioId, StaffLogin};
use identity::oversight::standing::SuspensionReason;
use identity::oversight::submission::{SubmissionState, Submitted};
use identity::oversight::{
    Act, Answer, NotDecided, PlatformStanding, ProposalRow, ProposalState, Signed, SubmissionRow,
};
use identity::platform::LocalText;
use identity::scenario::Scenario;
use identity::staff::{Field, Role, StaffRow, StaffState};
use identity::store::{Store, StoreError};
use identity::verification::mode::Mode;
use identity::wangzheng::{Transitioned, WangzhengState};

use super::Backend;
use super::staff::{account, open};
use crate::sample::{self, NOW};

fn signed(login: &str, at: Timestamp) -> Signed {
    Signed {
        login: StaffLogin(login.to_owned()),
        name: login.to_owned(),
        at,
        statement: "a.b.c".to_owned(),
    }
}

fn act() -> Act {
    Act::SuspendPlatform {
        platform: PlatformId("greedy".to_owned()),
        reason: SuspensionReason::OverAsking,
        explanation: "三次越权索取".to_owned(),
    }
}

fn id() -> ProposalId {
    ProposalId("p1".to_owned())
}

fn proposal(by: &str) -> ProposalRow {
    ProposalRow {
        id: id(),
        act: act(),
        state: ProposalState::Open,
        expires_at: NOW.plus(3600),
        proposed: signed(by, NOW),
        decided: None,
        done: None,
    }
}

fn event(random: &dyn Random) -> EventDraft {
    let event = AuditEvent::ActProposed {
        proposal: id(),
        act: act().name(),
        digest: act().digest(),
        by: StaffLogin("reviewer1".to_owned()),
        at: NOW,
    };
    EventDraft::new(event, random)
}

async fn outcome(store: &dyn Store) -> String {
    sample::last_outcome(store, reference_bucket(id().as_str())).await
}

async fn people(store: &dyn Store, random: &SeededRandom) {
    open(store, "reviewer1", Role::PlatformReviewer, random).await;
    open(store, "reviewer2", Role::PlatformReviewer, random).await;
    open(store, "cases", Role::CaseOfficer, random).await;
    open(store, "wangxin", Role::SupervisorCyberspace, random).await;
}

/// A row in every table of staff.
pub(crate) async fn fill(store: &dyn Store, random: &SeededRandom) {
    people(store, random).await;
    assert!(
        store
            .propose(proposal("reviewer1"), event(random))
            .await
            .unwrap()
    );
    put_standing(store, Field::Health, random).await;
    let row = submission("核验");
    store.put_submission(row, event(random)).await.unwrap();
}

/// Verbs about staff and their acts, for the case of every verb.
pub(crate) const VERBS: &[&str] = &[
    "put_staff",
    "debit_staff",
    "open_staff_session",
    "close_staff_session",
    "propose",
    "decide_proposal",
    "finish_proposal",
    "put_standing",
    "put_submission",
];

/// Calls one of [`VERBS`]: two accounts, a session, a proposal from beginning to end.
pub(crate) async fn call(
    store: &dyn Store,
    verb: &str,
    event: EventDraft,
) -> Result<(), StoreError> {
    let random = SeededRandom::new(3);
    let (first, session) = (StaffLogin("reviewer1".to_owned()), Digest([7; 32]));
    match verb {
        "put_staff" => {
            let known = store.staff(&first).await?.is_some();
            let login = if known { "reviewer2" } else { "reviewer1" };
            let row = account(login, Role::PlatformReviewer, &random);
            store.put_staff(row, event).await
        }
        "debit_staff" => store.debit_staff(&first, NOW, event).await.map(drop),
        "open_staff_session" => store
            .open_staff_session(&first, session, None, event)
            .await
            .map(drop),
        "close_staff_session" => store
            .close_staff_session(&first, session, event)
            .await
            .map(drop),
        "propose" => store.propose(proposal("reviewer1"), event).await.map(drop),
        "decide_proposal" => {
            let by = signed("reviewer2", NOW.plus(60));
            store
                .decide_proposal(&id(), Answer::Confirm, by, event)
                .await
                .map(drop)
        }
        "finish_proposal" => store
            .finish_proposal(&id(), "done", NOW.plus(90), event)
            .await
            .map(drop),
        "put_standing" => {
            let standing = PlatformStanding {
                field: Field::Health,
                ..PlatformStanding::good(PlatformId("greedy".to_owned()))
            };
            store.put_standing(standing, event).await
        }
        _ => store.put_submission(submission("核验"), event).await,
    }
}

async fn put_standing(store: &dyn Store, field: Field, random: &SeededRandom) {
    let standing = PlatformStanding {
        field,
        ..PlatformStanding::good(PlatformId("greedy".to_owned()))
    };
    store.put_standing(standing, event(random)).await.unwrap();
}

async fn decide(
    store: &dyn Store,
    login: &str,
    answer: Answer,
    random: &SeededRandom,
) -> Result<ProposalRow, NotDecided> {
    let signed = signed(login, NOW.plus(60));
    let decided = store
        .decide_proposal(&id(), answer, signed, event(random))
        .await;
    decided.unwrap()
}

pub(crate) async fn r12_1_a_proposal_is_confirmed_by_another_and_done_once(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(1));
    people(&*store, &random).await;
    let none = decide(&*store, "reviewer2", Answer::Confirm, &random).await;
    assert_eq!(none, Err(NotDecided::NotFound));
    let row = proposal("reviewer1");
    assert!(store.propose(row.clone(), event(&random)).await.unwrap());
    assert_eq!(outcome(&*store).await, "done");
    assert_eq!(store.proposal(&id()).await.unwrap(), Some(row.clone()));
    // Not before it is confirmed.
    let at = NOW.plus(99);
    assert!(
        !store
            .finish_proposal(&id(), "done", at, event(&random))
            .await
            .unwrap()
    );
    assert_eq!(outcome(&*store).await, "not_confirmed");
    let confirmed = decide(&*store, "reviewer2", Answer::Confirm, &random)
        .await
        .unwrap();
    assert_eq!(confirmed.state, ProposalState::Confirmed);
    assert_eq!(confirmed.decided, Some(signed("reviewer2", NOW.plus(60))));
    let listed = store
        .proposals(Some(ProposalState::Confirmed), 9)
        .await
        .unwrap();
    assert_eq!(listed, [confirmed]);
    for (finished, expected) in [(true, "done"), (false, "not_confirmed")] {
        let answer = store
            .finish_proposal(&id(), "done", at, event(&random))
            .await;
        assert_eq!(answer.unwrap(), finished);
        assert_eq!(outcome(&*store).await, expected);
    }
    let done = store.proposal(&id()).await.unwrap().unwrap();
    assert_eq!(done.state, ProposalState::Done);
    assert_eq!(done.done, Some((at, "done".to_owned())));
    assert!(
        store
            .proposals(Some(ProposalState::Open), 9)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(store.proposals(None, 9).await.unwrap(), [done]);
    let again = decide(&*store, "reviewer2", Answer::Decline, &random).await;
    assert_eq!(again, Err(NotDecided::Decided));
}

pub(crate) async fn r12_1_whoever_proposed_cannot_confirm(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(2));
    people(&*store, &random).await;
    // The role alone would do: PlatformReviewer proposes and confirms this act.
    assert!(act().name().confirmers().contains(&Role::PlatformReviewer));
    assert!(
        store
            .propose(proposal("reviewer1"), event(&random))
            .await
            .unwrap()
    );
    for answer in [Answer::Confirm, Answer::Decline] {
        let own = decide(&*store, "reviewer1", answer, &random).await;
        assert_eq!(own, Err(NotDecided::SamePerson));
        assert_eq!(outcome(&*store).await, "same_person");
    }
    let row = store.proposal(&id()).await.unwrap().unwrap();
    assert_eq!(row.state, ProposalState::Open);
}

pub(crate) async fn r12_1_wrong_roles_neither_propose_nor_confirm(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(3));
    people(&*store, &random).await;
    for login in ["wangxin", "nobody"] {
        assert!(
            !store
                .propose(proposal(login), event(&random))
                .await
                .unwrap()
        );
        assert_eq!(outcome(&*store).await, "wrong_role");
        assert_eq!(store.proposal(&id()).await.unwrap(), None);
    }
    assert!(
        store
            .propose(proposal("cases"), event(&random))
            .await
            .unwrap()
    );
    for login in ["wangxin", "nobody"] {
        let decided = decide(&*store, login, Answer::Confirm, &random).await;
        assert_eq!(decided, Err(NotDecided::WrongRole), "{login}");
        assert_eq!(outcome(&*store).await, "wrong_role");
    }
    assert!(
        decide(&*store, "reviewer1", Answer::Confirm, &random)
            .await
            .is_ok()
    );
}

/// Not the role somebody signed in with counts, but the account as it is stored now.
pub(crate) async fn r12_1_a_closed_account_confirms_nothing(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(4));
    people(&*store, &random).await;
    assert!(
        store
            .propose(proposal("reviewer1"), event(&random))
            .await
            .unwrap()
    );
    let login = StaffLogin("reviewer2".to_owned());
    let row = store.staff(&login).await.unwrap().unwrap();
    let closed = StaffRow {
        state: StaffState::Closed,
        ..row
    };
    store.put_staff(closed, event(&random)).await.unwrap();
    let decided = decide(&*store, "reviewer2", Answer::Confirm, &random).await;
    assert_eq!(decided, Err(NotDecided::WrongRole));
    let mut by_closed = proposal("reviewer2");
    by_closed.id = ProposalId("p2".to_owned());
    assert!(!store.propose(by_closed, event(&random)).await.unwrap());
}

pub(crate) async fn r12_1_an_expired_proposal_is_not_confirmed(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(5));
    people(&*store, &random).await;
    let row = proposal("reviewer1");
    let last = row.expires_at;
    assert!(store.propose(row, event(&random)).await.unwrap());
    let late = signed("reviewer2", last.plus(1));
    let decided = store
        .decide_proposal(&id(), Answer::Confirm, late, event(&random))
        .await;
    assert_eq!(decided.unwrap(), Err(NotDecided::Expired));
    assert_eq!(outcome(&*store).await, "expired");
    let in_time = signed("reviewer2", last);
    let decided = store
        .decide_proposal(&id(), Answer::Confirm, in_time, event(&random))
        .await;
    assert!(decided.unwrap().is_ok(), "its last second");
}

pub(crate) async fn b2_of_two_answers_one_counts(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(6));
    people(&*store, &random).await;
    assert!(
        store
            .propose(proposal("cases"), event(&random))
            .await
            .unwrap()
    );
    let answers: Vec<_> = (0..32)
        .map(|number| {
            let (store, event) = (store.clone(), event(&random));
            let login = if number % 2 == 0 {
                "reviewer1"
            } else {
                "reviewer2"
            };
            let answer = if number % 3 == 0 {
                Answer::Decline
            } else {
                Answer::Confirm
            };
            let signed = signed(login, NOW.plus(number));
            tokio::spawn(async move { store.decide_proposal(&id(), answer, signed, event).await })
        })
        .collect();
    let mut counted = Vec::new();
    for answer in answers {
        match answer.await.unwrap().unwrap() {
            Ok(row) => counted.push(row),
            Err(not) => assert_eq!(not, NotDecided::Decided),
        }
    }
    assert_eq!(counted.len(), 1);
    assert_eq!(store.proposal(&id()).await.unwrap(), counted.pop());
}

pub(crate) async fn where_a_platform_stands_is_replaced(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(7));
    assert!(store.standings().await.unwrap().is_empty());
    put_standing(&*store, Field::Health, &random).await;
    put_standing(&*store, Field::Broadcasting, &random).await;
    let standings = backend.open().await.standings().await.unwrap();
    assert_eq!(standings.len(), 1);
    assert_eq!(standings[0].field, Field::Broadcasting);
    let bucket = reference_bucket("greedy");
    assert_eq!(sample::last_outcome(&*store, bucket).await, "done");
}

fn submission(text: &str) -> SubmissionRow {
    let both = LocalText::new(text, text);
    let scenario = Scenario {
        id: ScenarioId("sign-in".to_owned()),
        title: both.clone(),
        purpose: both.clone(),
        legal_basis: both.clone(),
        retention: both,
        mode: Mode::Wangzheng,
        attributes: Vec::new(),
        default: false,
    };
    SubmissionRow {
        platform: PlatformId("forum".to_owned()),
        submitted: Submitted::Scenario(Box::new(scenario)),
        state: SubmissionState::Waiting,
        by: StaffLogin("forum-member".to_owned()),
        at: NOW,
        reasons: String::new(),
        reviewed_by: None,
    }
}

pub(crate) async fn r5_1_the_newest_submission_of_a_subject_counts(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(8));
    assert!(store.submissions().await.unwrap().is_empty());
    let (first, second) = (submission("核验"), submission("核验真实身份"));
    assert_ne!(first.digest(), second.digest());
    for row in [&first, &second] {
        store
            .put_submission(row.clone(), event(&random))
            .await
            .unwrap();
        assert_eq!(
            store.submissions().await.unwrap(),
            std::slice::from_ref(row)
        );
        assert_eq!(
            sample::last_outcome(&*store, reference_bucket("forum")).await,
            "done"
        );
    }
}

/// C3: the state changes and the person is told, or neither.
pub(crate) async fn c3_a_credential_changes_with_its_notice_or_not_at_all(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(9));
    let (person, _) = sample::apply(&*store, &random).await;
    let bucket = person.bucket();
    let change = async |from, to| {
        let note = sample::inbox_entry(person, &random);
        let event = sample::wangzheng_changed(person, &random);
        let changed = store.change_wangzheng_and_tell(person, (from, to), note, event);
        changed.await.unwrap()
    };
    let (active, suspended) = (WangzhengState::Active, WangzhengState::Suspended);
    let told = async || store.receipts(person, None, 9).await.unwrap().len();
    let before = told().await;
    assert_eq!(
        change(suspended, active).await,
        Transitioned::NotInState(active)
    );
    assert_eq!(sample::last_outcome(&*store, bucket).await, "not_in_state");
    assert_eq!(told().await, before);
    assert_eq!(change(active, suspended).await, Transitioned::Changed);
    assert_eq!(sample::last_outcome(&*store, bucket).await, "done");
    assert_eq!(told().await, before + 1);
    let row = store.credential_of(person).await.unwrap().unwrap();
    assert_eq!(row.state, suspended);
    assert_eq!(
        store.count_wangzheng(bucket).await.unwrap(),
        [(suspended, 1)]
    );
    // Again is nothing: what a stop interrupted may be begun anew.
    assert_eq!(
        change(active, suspended).await,
        Transitioned::NotInState(suspended)
    );
    assert_eq!(told().await, before + 1);
    let nobody = identity::id::PersonId::generate(bucket, &random);
    assert_eq!(store.credential_of(nobody).await.unwrap(), None);
}

//! Complaints, cases, legal requests, counters.

use crypto::random::{Random, SeededRandom};
use identity::audit::{AuditEvent, EventDraft, reference_bucket};
use identity::case_file::{CaseId, CaseOrigin, CaseRow, CaseState};
use identity::complaint::{CaseKeyRow, ComplaintKind, ComplaintRow, ComplaintState, ComplaintStep};
use identity::id::PlatformId;
use identity::legal_request::{LegalBasis, LegalRequestId, LegalRequestRow, LegalRequestState};
use identity::transparency::{CountRow, Month};

use super::Backend;
use crate::sample::{self, NOW, TODAY};

pub(crate) fn complaint(random: &dyn Random) -> ComplaintRow {
    ComplaintRow {
        complaint: sample::digest(random),
        proof: sample::digest(random),
        kind: ComplaintKind::UnequalService,
        state: ComplaintState::Received,
        received_on: TODAY,
        due_on: TODAY.plus(21),
        sealed: sample::bytes(400, random),
        sealed_answer: None,
    }
}

pub(crate) fn case(random: &dyn Random) -> CaseRow {
    CaseRow {
        case: CaseId::generate(random),
        platform: PlatformId("forum".to_owned()),
        kind: ComplaintKind::OverAsking,
        origin: CaseOrigin::Finding,
        state: CaseState::Open,
        officer: None,
        opened_on: TODAY,
        due_on: TODAY.plus(21),
        version: 1,
        sealed: sample::bytes(300, random),
    }
}

pub(crate) fn legal_request(random: &dyn Random) -> LegalRequestRow {
    LegalRequestRow {
        request: LegalRequestId::generate(random),
        basis: LegalBasis::AntiFraud32,
        authority: "某市公安局".to_owned(),
        state: LegalRequestState::Drafted,
        drafted_by: "gongan".to_owned(),
        drafted_on: TODAY,
        settled_on: None,
        tell_on: None,
        told_on: None,
        version: 1,
        sealed: sample::bytes(300, random),
    }
}

pub(crate) fn case_key(number: u32, random: &dyn Random) -> CaseKeyRow {
    CaseKeyRow {
        number,
        public: sample::bytes(65, random),
        wrapped: sample::bytes(60, random),
    }
}

pub(crate) fn counts() -> Vec<CountRow> {
    let row = |name: &str, count| CountRow {
        month: Month(202_611),
        name: name.to_owned(),
        count,
    };
    vec![row("applications", 3), row("verifications", 7)]
}

fn event(random: &dyn Random) -> EventDraft {
    let event = AuditEvent::CountsAdded {
        minute: NOW.minute(),
    };
    EventDraft::new(event, random)
}

fn step(from: ComplaintState, to: ComplaintState, answer: Option<Vec<u8>>) -> ComplaintStep {
    ComplaintStep {
        from,
        to,
        sealed_answer: answer,
    }
}

pub(crate) async fn r7_2_a_complaint_is_filed_once_and_moves_step_by_step(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(1));
    let row = complaint(&random);
    let digest = row.complaint;
    assert_eq!(store.complaint(&digest).await.unwrap(), None);
    for (filed, outcome) in [(true, "done"), (false, "in_use")] {
        let answer = store.file_complaint(row.clone(), event(&random)).await;
        assert_eq!(answer.unwrap(), filed);
        assert_eq!(sample::last_outcome(&*store, row.bucket()).await, outcome);
    }
    assert_eq!(store.complaint(&digest).await.unwrap(), Some(row.clone()));

    let (received, in_case, answered) = (
        ComplaintState::Received,
        ComplaintState::InCase,
        ComplaintState::Answered,
    );
    for (step, moved, outcome) in [
        (step(in_case, answered, None), false, "not_in_state"),
        (step(received, in_case, None), true, "done"),
        (step(received, in_case, None), false, "not_in_state"),
        (step(in_case, answered, Some(vec![1, 2])), true, "done"),
        (
            step(in_case, answered, Some(vec![3])),
            false,
            "not_in_state",
        ),
    ] {
        let answer = store.move_complaint(&digest, step, event(&random)).await;
        assert_eq!(answer.unwrap(), moved);
        assert_eq!(sample::last_outcome(&*store, row.bucket()).await, outcome);
    }
    let told = ComplaintRow {
        state: answered,
        sealed_answer: Some(vec![1, 2]),
        ..row
    };
    assert_eq!(store.complaint(&digest).await.unwrap(), Some(told.clone()));
    let listed = store.complaints_in(told.bucket(), answered, 10).await;
    assert_eq!(listed.unwrap(), std::slice::from_ref(&told));
    let listed = store.complaints_in(told.bucket(), received, 10).await;
    assert_eq!(listed.unwrap(), []);
}

pub(crate) async fn the_most_urgent_complaint_comes_first(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(2));
    let first = complaint(&random);
    for due in [9, 3, 6] {
        let mut row = complaint(&random);
        // The same bucket: its number is in the first bits.
        row.complaint.0[..2].copy_from_slice(&first.complaint.0[..2]);
        row.due_on = TODAY.plus(due);
        store.file_complaint(row, event(&random)).await.unwrap();
    }
    let listed = store.complaints_in(first.bucket(), ComplaintState::Received, 2);
    let due: Vec<i32> = listed
        .await
        .unwrap()
        .iter()
        .map(|row| row.due_on.0)
        .collect();
    assert_eq!(due, [TODAY.0 + 3, TODAY.0 + 6]);
}

pub(crate) async fn an_officers_key_is_put_once(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(3));
    let (first, second) = (case_key(1, &random), case_key(2, &random));
    let bucket = reference_bucket("case-key");
    for (row, put, outcome) in [
        (&second, true, "done"),
        (&first, true, "done"),
        (&case_key(1, &random), false, "known"),
    ] {
        let answer = store.put_case_key(row.clone(), event(&random)).await;
        assert_eq!(answer.unwrap(), put);
        assert_eq!(sample::last_outcome(&*store, bucket).await, outcome);
    }
    assert_eq!(store.case_keys().await.unwrap(), [first, second]);
}

pub(crate) async fn r14_1_a_case_changes_one_version_at_a_time(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(4));
    let row = case(&random);
    let bucket = reference_bucket(row.case.as_str());
    for (opened, outcome) in [(true, "done"), (false, "in_use")] {
        let answer = store.open_case(row.clone(), event(&random)).await;
        assert_eq!(answer.unwrap(), opened);
        assert_eq!(sample::last_outcome(&*store, bucket).await, outcome);
    }
    let changed = CaseRow {
        state: CaseState::Closed,
        officer: Some("cases".to_owned()),
        due_on: TODAY.plus(30),
        sealed: vec![5; 40],
        ..row.clone()
    };
    for (moved, outcome) in [(true, "done"), (false, "moved")] {
        let answer = store.change_case(changed.clone(), event(&random)).await;
        assert_eq!(answer.unwrap(), moved);
        assert_eq!(sample::last_outcome(&*store, bucket).await, outcome);
    }
    let stored = CaseRow {
        version: 2,
        ..changed
    };
    let found = store.case_file(&row.case).await.unwrap();
    assert_eq!(found.as_ref(), Some(&stored));
    assert_eq!(store.case_files().await.unwrap(), [stored]);
}

pub(crate) async fn r9_4_a_legal_request_changes_one_version_at_a_time(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(5));
    let row = legal_request(&random);
    let bucket = reference_bucket(row.request.as_str());
    for (drafted, outcome) in [(true, "done"), (false, "in_use")] {
        let answer = store.draft_legal_request(row.clone(), event(&random)).await;
        assert_eq!(answer.unwrap(), drafted);
        assert_eq!(sample::last_outcome(&*store, bucket).await, outcome);
    }
    let provided = LegalRequestRow {
        state: LegalRequestState::Provided,
        settled_on: Some(TODAY.plus(1)),
        tell_on: Some(TODAY.plus(90)),
        told_on: Some(TODAY.plus(91)),
        sealed: vec![7; 50],
        ..row
    };
    for (changed, outcome) in [(true, "done"), (false, "moved")] {
        let answer = store
            .change_legal_request(provided.clone(), event(&random))
            .await;
        assert_eq!(answer.unwrap(), changed);
        assert_eq!(sample::last_outcome(&*store, bucket).await, outcome);
    }
    let stored = LegalRequestRow {
        version: 2,
        ..provided
    };
    assert_eq!(store.legal_requests().await.unwrap(), [stored]);
}

pub(crate) async fn r9_3_counters_add_up(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(6));
    for _ in 0..2 {
        store.add_counts(counts(), event(&random)).await.unwrap();
    }
    let doubled: Vec<CountRow> = counts()
        .into_iter()
        .map(|row| CountRow {
            count: row.count * 2,
            ..row
        })
        .collect();
    assert_eq!(store.counts().await.unwrap(), doubled);
}

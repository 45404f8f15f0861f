//! What may happen once, happens once, whoever races (B2).

use std::future::Future;

use testkit::{Answer, Call, Redirect, World};

/// Runs all at once, on two threads.
async fn at_once<F>(calls: impl IntoIterator<Item = F>) -> Vec<Answer>
where
    F: Future<Output = Answer> + Send + 'static,
{
    let tasks: Vec<_> = calls.into_iter().map(tokio::spawn).collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.expect("no call panics"));
    }
    answers
}

fn winners(answers: &[Answer], loser: (u16, &str)) -> usize {
    let lost = answers.iter().filter(|answer| answer.status != 200);
    for answer in lost {
        assert_eq!(answer.outcome(), (loser.0, loser.1.to_owned()));
    }
    answers.iter().filter(|answer| answer.status == 200).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b2_of_32_redemptions_of_one_code_one_wins() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let forum = world.platform("forum");
    for _ in 0..4 {
        let redirect = person.approves(&forum.requests("").await).await;
        let fields = forum.redemption(&redirect);
        let calls = (0..32).map(|_| {
            let (forum, fields) = (forum.clone(), fields.clone());
            async move { forum.ask_for_tokens(&fields).await }
        });
        let answers = at_once(calls).await;
        assert_eq!(winners(&answers, (400, "invalid_grant")), 1);
        // 31 replays took back what the winner got.
        let won = answers
            .iter()
            .find(|answer| answer.status == 200)
            .unwrap()
            .json();
        assert_eq!(
            forum
                .userinfo(won["access_token"].as_str().unwrap())
                .await
                .status,
            401
        );
    }
    assert_eq!(person.history().await.len(), 4, "one receipt for each code");
    world.epoch().await;
    assert!(world.verify_log().await.is_good());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b2_of_many_people_who_approve_one_request_one_wins() {
    let world = World::new().await;
    let forum = world.platform("forum");
    let mut people = Vec::new();
    for index in 0..8 {
        people.push(world.person(&format!("generated-{index}")).applies().await);
    }
    for _ in 0..4 {
        let request = forum.requests("").await;
        let mut decisions = Vec::new();
        for person in &people {
            decisions.push(person.approval(&request).await);
        }
        let answers = at_once(
            decisions
                .into_iter()
                .map(|decision| async move { decision.send().await }),
        )
        .await;
        assert_eq!(winners(&answers, (403, "request_taken")), 1);
        let won = answers.iter().find(|answer| answer.status == 200).unwrap();
        forum.redeems(&Redirect::of(won)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b2_an_approval_racing_a_refusal_has_one_winner() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let forum = world.platform("forum");
    let (mut approved, mut refused) = (0, 0);
    for round in 0..16 {
        let request = forum.requests("").await;
        let mut pair = vec![
            person.approval(&request).await,
            person.refusal(&request).await,
        ];
        if round % 2 == 1 {
            pair.reverse();
        }
        let answers = at_once(
            pair.into_iter()
                .map(|decision| async move { decision.send().await }),
        )
        .await;
        assert_eq!(winners(&answers, (403, "request_taken")), 1);
        let won = answers.iter().find(|answer| answer.status == 200).unwrap();
        let redirect = Redirect::of(won);
        if redirect.value("error").is_empty() {
            forum.redeems(&redirect).await;
            approved += 1;
        } else {
            refused += 1;
        }
    }
    let kinds = person.history_kinds().await;
    assert_eq!(
        kinds.iter().filter(|kind| *kind == "receipt").count(),
        approved
    );
    assert_eq!(
        kinds.iter().filter(|kind| *kind == "refusal").count(),
        refused
    );
}

/// B2: a double click is one decision with one answer, also when both arrive together.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b2_one_approval_sent_many_times_at_once_is_one_code() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let forum = world.platform("forum");
    let body = person
        .approval(&forum.requests("step-up").await)
        .await
        .body();
    let calls = (0..16).map(|_| {
        let (world, body) = (world.clone(), body.clone());
        async move { world.send(Call::post("/oauth/decide").json(&body)).await }
    });
    let answers = at_once(calls).await;
    // A right 口令 spends nothing, however many come at once.
    let mut codes: Vec<_> = answers
        .into_iter()
        .map(|answer| answer.expect(200).body)
        .collect();
    codes.dedup();
    assert_eq!(codes.len(), 1);
}

/// P-recovery: a person who approves on many screens at once with the right 口令 is not locked out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p_pin_right_approvals_at_once_all_pass() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let forum = world.platform("forum");
    // Four wrong ones before: one attempt is left.
    for _ in 0..4 {
        let request = forum.requests("step-up").await;
        let wrong = person.approval(&request).await.pin("11111111").send().await;
        assert_eq!(wrong.code(), "pin_wrong");
    }
    let mut decisions = Vec::new();
    for _ in 0..16 {
        let request = forum.requests("step-up").await;
        decisions.push(person.approval(&request).await);
    }
    let answers = at_once(
        decisions
            .into_iter()
            .map(|decision| async move { decision.send().await }),
    )
    .await;
    for answer in answers {
        answer.expect(200);
    }
}

/// R2.3: of many applications of one human one wins.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r2_3_of_many_applications_of_one_human_one_wins() {
    let world = World::new().await;
    let applicant = world.person("resident");
    let mut applications = Vec::new();
    for _ in 0..8 {
        let wallet = testkit::Wallet::generate(&applicant.person.pin);
        applications.push(applicant.application(&wallet).await);
    }
    let calls = applications.into_iter().map(|body| {
        let applicant = applicant.clone();
        async move { applicant.apply(&body).await }
    });
    let answers = at_once(calls).await;
    assert_eq!(
        answers.iter().filter(|answer| answer.status == 201).count(),
        1
    );
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!(answer.outcome(), (403, "already_holds".to_owned()));
    }
}

/// Five guesses are five, however many arrive together.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p_pin_guesses_at_once_are_no_more_than_five() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let request = world.platform("forum").requests("step-up").await;
    let mut guesses = Vec::new();
    for guess in 0..24 {
        guesses.push(
            person
                .approval(&request)
                .await
                .pin(&format!("{:08}", 11_000_000 + guess)),
        );
    }
    let answers = at_once(
        guesses
            .into_iter()
            .map(|guess| async move { guess.send().await }),
    )
    .await;
    let compared = answers
        .iter()
        .filter(|answer| answer.code() == "pin_wrong")
        .count();
    assert!(compared <= 4, "the fifth wrong one locks");
    assert!(
        answers
            .iter()
            .all(|a| ["pin_wrong", "pin_locked"].contains(&a.code().as_str()))
    );
}

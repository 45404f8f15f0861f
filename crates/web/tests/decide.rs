//! The person's decision: refusal, the other way, lock, 口令, face, expiry (R2.2, R6.2, S6, C3).

use crypto::digest::sm3;
use identity::audit::{AuditEvent, EventDraft};
use identity::verification::{RequestTaken, TakenBy};
use serde_json::json;
use testkit::{Redirect, World};

#[tokio::test]
async fn r6_2_a_refusal_and_the_other_way_both_end_at_the_platform() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let forum = world.platform("forum");
    let refused = person.refuses(&forum.requests("").await).await;
    assert_eq!(refused.value("error"), "access_denied");
    assert_eq!(
        refused.value("error_description"),
        "",
        "R8.1: without description"
    );
    assert_eq!(
        person.history_kinds().await,
        ["refusal"],
        "the person's own record"
    );

    let events = world.event_count().await;
    let written = world.written();
    let other = person.takes_another_way(&forum.requests("").await).await;
    assert_eq!(other.value("error"), "access_denied");
    assert_eq!(
        (world.event_count().await, world.written()),
        (events, written),
        "writes nothing"
    );
}

/// R8.1: a platform cannot tell a refusal, a lock and another way apart.
#[tokio::test]
async fn r8_1_every_no_reads_the_same_byte_for_byte() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    for platform in [
        world.platform("forum"),
        world.platform("forum").at_sm(),
        world.lab(),
    ] {
        let refused = person.refuses(&platform.requests("").await).await;
        let other = person.takes_another_way(&platform.requests("").await).await;
        person.acts("lock", &json!({})).await.expect(200);
        let request = platform.requests("").await;
        let blocked = person.approval(&request).await.send().await;
        assert_eq!(
            blocked.outcome(),
            (403, "locked".to_owned()),
            "the person is told"
        );
        let locked = person.refuses(&request).await;
        let locked_other = person.takes_another_way(&platform.requests("").await).await;
        person
            .acts("unlock", &json!({ "pin": person.wallet().pin }))
            .await
            .expect(200);
        for answer in [&other, &locked, &locked_other] {
            assert_eq!(answer.without_state(), refused.without_state());
            assert_eq!(answer.0.len(), refused.0.len());
        }
    }
}

#[tokio::test]
async fn c3_a_locked_credential_answers_no_platform_until_it_is_unlocked() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let forum = world.platform("forum");
    // A code given before the lock gives nothing after it.
    let given = person.approves(&forum.requests("").await).await;
    person.acts("lock", &json!({})).await.expect(200);
    let answer = forum.ask_for_tokens(&forum.redemption(&given)).await;
    assert_eq!(answer.outcome(), (400, "invalid_grant".to_owned()));
    // Locked already.
    assert_eq!(
        person.acts("lock", &json!({})).await.outcome(),
        (409, "not_in_state".to_owned())
    );
    // Unlocking asks the 口令.
    assert_eq!(
        person.acts("unlock", &json!({})).await.outcome(),
        (403, "pin_needed".to_owned())
    );
    let wrong = person.acts("unlock", &json!({ "pin": "11111111" })).await;
    assert_eq!(wrong.outcome(), (403, "pin_wrong".to_owned()));
    person
        .acts("unlock", &json!({ "pin": person.wallet().pin }))
        .await
        .expect(200);
    let redirect = person.approves(&forum.requests("").await).await;
    forum.redeems(&redirect).await;
}

#[tokio::test]
async fn s6_the_mode_is_asked_for_and_a_wrong_answer_leaves_the_request_open() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let exam = world.platform("exam");
    let request = exam.requests("supervised").await;
    let full = person.approval(&request).await;
    for (spoiled, code) in [
        (full.clone().with("face", json!(null)), "face_needed"),
        (full.clone().face("fail"), "face_failed"),
        (full.clone().with("pin", json!(null)), "pin_needed"),
        (full.clone().pin("11111111"), "pin_wrong"),
        (full.clone().pin("nonsense"), "pin_wrong"),
        (
            full.clone().with("attributes", json!(["name"])),
            "attribute_not_requested",
        ),
    ] {
        assert_eq!(spoiled.send().await.outcome(), (403, code.to_owned()));
    }
    // Nothing of that took the request.
    let redirect = Redirect::of(&person.approval(&request).await.send().await.expect(200));
    exam.redeems(&redirect).await;
}

/// Design §4 PIN: five wrong attempts lock the 口令 for 15 minutes, and not the 网证.
#[tokio::test]
async fn p_pin_five_wrong_lock_for_a_quarter_of_an_hour() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let forum = world.platform("forum");
    let request = forum.requests("step-up").await;
    for left in [4, 3, 2, 1] {
        let answer = person.approval(&request).await.pin("11111111").send().await;
        assert_eq!(answer.code(), "pin_wrong");
        assert_eq!(answer.json()["attempts_left"], left);
    }
    let answer = person.approval(&request).await.pin("11111111").send().await;
    assert_eq!(answer.code(), "pin_locked");
    assert_eq!(answer.json()["locked_until"], world.now().0 + 900);
    // The right one does not help now, and tells nobody that it is the right one.
    let answer = person.approval(&request).await.send().await;
    assert_eq!(
        (
            answer.code().as_str(),
            answer.json()["locked_until"].as_i64()
        ),
        ("pin_locked", Some(world.now().0 + 900))
    );
    // The 网证 itself works where no 口令 is asked.
    let redirect = person.approves(&forum.requests("sign-in").await).await;
    forum.redeems(&redirect).await;
    // One second early is early.
    world.advance(899);
    let request = forum.requests("step-up").await;
    assert_eq!(
        person.approval(&request).await.send().await.code(),
        "pin_locked"
    );
    world.advance(1);
    let redirect = person.approves(&request).await;
    forum.redeems(&redirect).await;
    // All attempts are back.
    let request = forum.requests("step-up").await;
    let answer = person.approval(&request).await.pin("11111111").send().await;
    assert_eq!(answer.json()["attempts_left"], 4);
}

#[tokio::test]
async fn b2_an_expired_request_is_nobodys() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let forum = world.platform("forum");
    let request = forum.requests("").await;
    let decision = person.approval(&request).await;
    let life = world.service().policy.request_life;
    world.advance(life - 1);
    person.looks_at(&request).await;
    world.advance(1);
    assert_eq!(
        person.follow(&request.address).await.outcome(),
        (403, "request_expired".to_owned())
    );
    let late = person.approval_of(&decision.transaction).send().await;
    assert_eq!(late.outcome(), (403, "request_expired".to_owned()));
    let page = world
        .send(testkit::Call::get(&request.address).header("accept", "text/html"))
        .await;
    assert_eq!(page.status, 410, "the browser is told on a page");
    assert!(page.header("content-type").starts_with("text/html"));
}

/// FAPI 2.0 Security Profile §5.3.2.2: a request URI is good for less than 600 seconds, a code for at most 60.
#[tokio::test]
async fn fapi_lifetimes() {
    let world = World::new().await;
    let forum = world.platform("forum");
    let answer = forum
        .push(&forum.request_for("").fields)
        .await
        .expect(201)
        .json();
    assert!(answer["expires_in"].as_i64().unwrap() < 600, "{answer}");
    assert!(world.service().policy.code_life <= 60);
}

/// B2: a reload, the back button and a second tab end on "already decided".
#[tokio::test]
async fn b2_a_decided_request_is_not_shown_again() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let forum = world.platform("forum");
    let request = forum.requests("").await;
    person.approves(&request).await;
    assert_eq!(
        person.follow(&request.address).await.outcome(),
        (403, "request_taken".to_owned())
    );
    let page = world.send(testkit::Call::get(&request.address)).await;
    assert_eq!(page.status, 410);
}

/// B2: the same approval twice, as by a double click, has the same answer; another one is too late.
#[tokio::test]
async fn b2_a_double_submit_has_one_answer() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let forum = world.platform("forum");
    let request = forum.requests("").await;
    let (approval, second_tab) = (
        person.approval(&request).await,
        person.approval(&request).await,
    );
    let body = approval.body();
    let submit = || world.send(testkit::Call::post("/oauth/decide").json(&body));
    let (first, again) = (submit().await.expect(200), submit().await.expect(200));
    assert_eq!(first.body, again.body);
    assert_eq!(
        second_tab.send().await.outcome(),
        (403, "request_taken".to_owned())
    );
    assert_eq!(
        person.refusal_of(&approval.transaction).send().await.code(),
        "request_taken"
    );
    // A second later as well: and both codes are one.
    world.advance(1);
    let later = Redirect::of(&submit().await.expect(200));
    forum.redeems(&Redirect::of(&first)).await;
    let replay = forum.ask_for_tokens(&forum.redemption(&later)).await;
    assert_eq!(replay.outcome(), (400, "invalid_grant".to_owned()));
}

/// A refusal submitted twice is one refusal, also in the person's record.
#[tokio::test]
async fn b2_a_refusal_submitted_twice_is_one_refusal() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let forum = world.platform("forum");
    let body = person.refusal(&forum.requests("").await).await.body();
    let submit = || world.send(testkit::Call::post("/oauth/decide").json(&body));
    let (first, again) = (submit().await.expect(200), submit().await.expect(200));
    assert_eq!(first.body, again.body);
    assert_eq!(person.history_kinds().await, ["refusal"]);
}

/// The service stopped between taking the request and writing the person's record: the same statement again
/// completes it.
#[tokio::test]
async fn p18_a_refusal_cut_short_is_completed_by_the_same_statement() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let refusal = person
        .refusal(&world.platform("forum").requests("").await)
        .await;
    let body = refusal.body();
    let statement = body["statement"].as_str().unwrap();
    let request = world.service().open_request(&refusal.transaction).unwrap();
    let identity = sm3(&[
        b"wangzheng-decision",
        &request.digest.0,
        statement.as_bytes(),
    ]);
    let event = AuditEvent::RequestTaken {
        minute: world.now().minute(),
    };
    let taken = world.service().store().take_request(
        &request.digest,
        TakenBy::Code(identity),
        request.request.expires_at,
        EventDraft::new(event, world.service().random()),
    );
    assert_eq!(taken.await.unwrap(), RequestTaken::Taken);
    assert!(person.history().await.is_empty(), "cut short here");
    for _ in 0..2 {
        let call = testkit::Call::post("/oauth/decide").json(&body);
        world.send(call).await.expect(200);
        assert_eq!(person.history_kinds().await, ["refusal"]);
    }
}

/// B2: whoever refuses first has refused; another person's refusal of the same request is too late.
#[tokio::test]
async fn b2_two_people_cannot_both_refuse_one_request() {
    let world = World::new().await;
    let (one, other) = (
        world.person("resident").applies().await,
        world.person("resident2").applies().await,
    );
    let request = world.platform("forum").requests("").await;
    let (first, second) = (one.refusal(&request).await, other.refusal(&request).await);
    first.send().await.expect(200);
    assert_eq!(
        second.send().await.outcome(),
        (403, "request_taken".to_owned())
    );
    assert!(other.history().await.is_empty());
}

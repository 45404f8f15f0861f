//! No write without its event (design §3, idea 1; R12.1): each call that changes something leaves exactly these.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use testkit::{Call, Statement, Wallet, World};

mod table;
mod two_devices;

use table::LEAVES;

/// The events an act leaves; the epoch afterwards clears the table for the next.
async fn events<T>(world: &World, act: impl Future<Output = T>) -> (T, Vec<String>) {
    let done = act.await;
    let mut events = world.waiting_events().await;
    events.sort();
    world.epoch().await;
    (done, events)
}

macro_rules! leaves_exactly {
    ($world:expr, $what:literal, [$($event:literal),*], $act:expr) => {{
        let (done, events) = events(&$world, $act).await;
        let expected: &[&str] = &[$($event),*];
        assert_eq!(events, expected, "{}", $what);
        done
    }};
}

#[tokio::test]
async fn r12_1_every_call_of_the_main_job_leaves_its_events() {
    let world = World::new().await;
    world.epoch().await;
    let forum = world.platform("forum");
    let person = leaves_exactly!(
        world,
        "an application",
        [
            "person_applied:done",
            "wanghao_reserved:done",
            "wanghao_settled:done"
        ],
        world.person("resident").applies()
    );
    let again = world.person("resident");
    let application = again.application(&Wallet::generate("58203947")).await;
    leaves_exactly!(
        world,
        "an application of who holds one",
        [],
        again.apply(&application)
    );
    let request = leaves_exactly!(world, "a request", [], forum.requests("step-up"));
    leaves_exactly!(world, "looking at it", [], person.looks_at(&request));
    let approval = person.approval(&request).await;
    leaves_exactly!(
        world,
        "a wrong PIN",
        ["pin_attempted:spent"],
        person
            .approval_of(&approval.transaction)
            .pin("11111111")
            .send()
    );
    let redirect = leaves_exactly!(
        world,
        "an approval with a PIN",
        ["pin_attempted:done", "request_taken:taken"],
        person.approves(&request)
    );
    leaves_exactly!(
        world,
        "the same approval by another statement",
        ["pin_attempted:done", "request_taken:already_taken"],
        person
            .approval_of(&approval.transaction)
            .pin(&person.wallet().pin)
            .send()
    );
    let verified = leaves_exactly!(
        world,
        "a code",
        ["verified:fresh"],
        forum.redeems(&redirect)
    );
    leaves_exactly!(
        world,
        "a code again",
        ["verified:replayed"],
        forum.ask_for_tokens(&forum.redemption(&redirect))
    );
    leaves_exactly!(
        world,
        "userinfo",
        [],
        forum.userinfo(verified.access_token())
    );
}

#[tokio::test]
async fn r12_1_every_no_leaves_its_events() {
    let world = World::new().await;
    let forum = world.platform("forum");
    let person = world.person("resident").applies().await;
    world.epoch().await;
    let request = forum.requests("").await;
    leaves_exactly!(
        world,
        "a refusal",
        ["request_taken:taken", "verification_refused:done"],
        person.refuses(&request)
    );
    let request = forum.requests("").await;
    leaves_exactly!(
        world,
        "the other way",
        [],
        person.takes_another_way(&request)
    );
    let given = person.approves(&forum.requests("").await).await;
    world.epoch().await;
    person.acts("lock", &json!({})).await.expect(200);
    world.epoch().await;
    leaves_exactly!(
        world,
        "a code of a locked credential",
        ["verified:not_active"],
        forum.ask_for_tokens(&forum.redemption(&given))
    );
}

#[tokio::test]
async fn r12_1_every_act_of_a_device_leaves_its_event() {
    let world = World::new().await;
    let applicant = world.person("resident");
    let person = applicant.applies().await;
    world.epoch().await;
    let act = async |endpoint: &str, fields: Value| person.acts(endpoint, &fields).await.status;
    for (endpoint, fields, status, expected) in [
        ("receipts", json!({}), 200, &[][..]),
        ("devices", json!({}), 200, &[]),
        ("credential", json!({}), 200, &[]),
        ("lock", json!({}), 200, &["wangzheng_changed:done"]),
        ("lock", json!({}), 409, &[]),
        (
            "unlock",
            json!({ "pin": "11111111" }),
            403,
            &["pin_attempted:spent"],
        ),
        (
            "unlock",
            json!({ "pin": applicant.person.pin }),
            200,
            &["pin_attempted:done", "wangzheng_changed:done"],
        ),
        (
            "history-wrap",
            json!({ "history_wrap": person.wallet().own_history_wrap() }),
            200,
            &["device_changed:done"],
        ),
        ("history-begin", json!({}), 400, &[]),
        (
            "remove-device",
            json!({ "device": "a".repeat(26) }),
            404,
            &[],
        ),
    ] {
        let (found, events) = events(&world, act(endpoint, fields)).await;
        assert_eq!(
            (found, events.as_slice()),
            (
                status,
                &expected.iter().map(|e| (*e).to_owned()).collect::<Vec<_>>()[..]
            ),
            "{endpoint}"
        );
    }
}

#[tokio::test]
async fn r12_1_recovery_and_sessions_leave_their_events() {
    let world = World::new().await;
    let applicant = world.person("resident");
    let person = applicant.applies().await;
    world.epoch().await;
    let wallet = Wallet::generate("58203947");
    let proof = person.wallet().recovery_proof();
    let answer = leaves_exactly!(
        world,
        "a recovery",
        ["device_changed:done"],
        applicant.recover(&wallet, Some(&proof))
    );
    let new = applicant.holds(wallet, &answer.json());
    let handle = json!({ "device": new.wallet().handle });
    leaves_exactly!(
        world,
        "removing a device",
        ["device_changed:done"],
        person.acts("remove-device", &handle)
    );
    let body = json!({
        "statement": person.act("set_pin").sign(&person.wallet().device),
        "document": applicant.document(),
        "evidence": { "chip": true },
        "pin": "60914275",
    });
    let call = Call::post("/person/api/set-pin").json(&body);
    let answer = leaves_exactly!(world, "a new PIN", ["pin_replaced:done"], world.send(call));
    assert_eq!(answer.status, 200);
    let session = Statement::new(&world, "wz-session+jwt").by(&person.wallet().handle);
    let body = json!({ "statement": session.sign(&person.wallet().device) });
    let call = Call::post("/person/api/session").json(&body);
    leaves_exactly!(world, "signing in", [], world.send(call));
    leaves_exactly!(
        world,
        "signing out",
        [],
        world.send(Call::post("/person/api/sign-out"))
    );
}

/// R8.3, S5: what platforms start, and what they are told.
#[tokio::test]
async fn r12_1_signals_and_step_ups_leave_their_events() {
    let world = World::new().await;
    let forum = world.platform("forum");
    let person = world.person("resident").applies().await;
    let redirect = person
        .approves(&forum.requests("account-registration").await)
        .await;
    let subject = forum.redeems(&redirect).await.subject().to_owned();
    world.epoch().await;
    let step_up = leaves_exactly!(
        world,
        "a step-up",
        ["handover_changed:opened", "waiting_request_changed:placed"],
        forum.starts_step_up(&subject)
    );
    leaves_exactly!(
        world,
        "a step-up of nobody",
        ["handover_changed:opened", "waiting_request_changed:crowded"],
        forum.starts_step_up("nobody")
    );
    leaves_exactly!(world, "asking again", [], forum.asks_again(&step_up));
    leaves_exactly!(
        world,
        "its approval",
        [
            "handover_changed:advanced",
            "pin_attempted:done",
            "request_taken:taken",
            "waiting_request_changed:done"
        ],
        person.approves_waiting(&step_up.number)
    );
    leaves_exactly!(
        world,
        "its result",
        ["handover_changed:taken", "verified:fresh"],
        forum.finishes(&step_up)
    );
    leaves_exactly!(
        world,
        "a withdrawal",
        [
            "consent_changed:done",
            "signal_queued:queued",
            "stream_changed:done"
        ],
        person.withdraws("forum")
    );
    leaves_exactly!(
        world,
        "a request to delete",
        ["inbox_note_put:done", "signal_queued:queued"],
        person.asks_for_deletion("forum")
    );
    leaves_exactly!(
        world,
        "a stream",
        ["stream_changed:done"],
        forum.opens_stream()
    );
    leaves_exactly!(world, "a poll", [], forum.polls_events(&[]));
    world.advance(700);
    let told = forum.polls_events(&[]).await;
    let jtis: Vec<&str> = told.iter().map(|set| set.jti.as_str()).collect();
    leaves_exactly!(
        world,
        "its confirmation",
        ["signal_settled:confirmed"],
        forum.polls_events(&jtis)
    );
}

/// What is set up before anybody comes: platforms and notices, each with its event.
#[tokio::test]
async fn r12_1_platforms_and_notices_leave_their_events() {
    let world = World::new().await;
    let mut events = world.waiting_events().await;
    events.sort();
    events.dedup();
    let expected = [
        "notice_published:done",
        "platform_changed:done",
        "staff_changed:done",
    ];
    assert_eq!(events, expected);
}

/// C1, C6: a bucket counts its events without a gap, and the public log has exactly as many leaves.
#[tokio::test]
async fn c6_the_sequences_are_gapless_and_every_event_is_a_leaf() {
    let world = World::new().await;
    let forum = world.platform("forum");
    for index in 0..12 {
        let person = world.person(&format!("generated-{index}")).applies().await;
        let request = forum.requests("").await;
        if index % 3 == 0 {
            person.refuses(&request).await;
        } else {
            forum.redeems(&person.approves(&request).await).await;
        }
        if index % 4 == 0 {
            world.epoch().await;
        }
    }
    let total: u64 = world.sequences().await.iter().map(|(_, last)| last).sum();
    assert_eq!(
        world.event_count().await,
        total,
        "events there are, events counted"
    );
    world.epoch().await;
    let report = world.verify_log().await;
    assert!(report.is_good(), "{:?}", report.findings);
    assert_eq!(
        (
            report.counts.events,
            report.counts.leaves,
            report.counts.pending
        ),
        (total, total, 0)
    );
}

/// A new call that changes something cannot forget its row.
#[test]
fn r12_1_every_posting_route_has_its_row() {
    let routes = crate::routes::posting_paths();
    let rows: BTreeSet<_> = LEAVES.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(rows.len(), LEAVES.len(), "no row twice");
    let forgotten: Vec<_> = routes.symmetric_difference(&rows).collect();
    assert!(
        forgotten.is_empty(),
        "in one of routes and tests/audit/table.rs only: {forgotten:?}"
    );
}

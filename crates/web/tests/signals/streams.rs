//! Streams of Shared Signals, as a receiver meets them.

use std::sync::Mutex;

use async_trait::async_trait;
use identity::signal::deliver::{Brought, Courier, Parcel};
use openid::{EventType, StreamConfiguration, TransmitterMetadata};
use serde_json::json;
use testkit::{Call, Fields, World};

use super::{batch_leaves, get, subject, text, verified_at};

#[tokio::test]
async fn a_receiver_finds_makes_changes_pauses_and_deletes_its_stream() {
    let world = World::new().await;
    let forum = world.platform("forum");
    let call = Call::get("/.well-known/ssf-configuration");
    let found = world.send(call).await.expect(200).json();
    let found: TransmitterMetadata = serde_json::from_value(found).unwrap();
    assert_eq!(
        found.configuration_endpoint,
        format!("{}/ssf/stream", forum.issuer())
    );
    let token = forum.stream_token().await;
    let none = forum
        .ssf(get("/ssf/stream"), &token)
        .await
        .expect(200)
        .json();
    assert_eq!(none, json!([]));
    // Made: one for each platform.
    let purged = EventType::AccountPurged.uri();
    let asked =
        json!({ "events_requested": [purged, "https://unknown.example/e"], "description": "x" });
    let asks = || Call::post("/ssf/stream").json(&asked);
    let made = forum.ssf(asks(), &token).await.expect(201).json();
    let made: StreamConfiguration = serde_json::from_value(made).unwrap();
    assert_eq!(made.events_delivered, [purged]);
    assert_eq!(made.events_requested.len(), 2);
    assert_eq!(made.aud, forum.client_id());
    assert_eq!(
        forum.ssf(asks(), &token).await.outcome(),
        (409, "stream_exists".to_owned())
    );
    let named = format!("?stream_id={}", made.stream_id);
    let read = forum.ssf(get(&format!("/ssf/stream{named}")), &token).await;
    assert_eq!(text(&read.expect(200).json()["description"]), "x");
    // Changed: PATCH keeps what is not named, PUT does not.
    let id = &made.stream_id;
    let patch = Call::of(http::Method::PATCH, "/ssf/stream");
    let patched = forum.ssf(
        patch.json(&json!({ "stream_id": id, "description": "y" })),
        &token,
    );
    let patched = patched.await.expect(200).json();
    assert_eq!(
        (
            text(&patched["description"]),
            patched["events_delivered"].as_array().unwrap().len()
        ),
        ("y", 1)
    );
    let put = Call::of(http::Method::PUT, "/ssf/stream").json(&json!({ "stream_id": id }));
    let put = forum.ssf(put, &token).await.expect(200).json();
    assert_eq!(put["events_delivered"].as_array().unwrap().len(), 6);
    assert!(put.get("description").is_none());
    // A trial comes through, but not while it pauses.
    let status = |status: &str| {
        Call::post("/ssf/status").json(&json!({ "stream_id": id, "status": status, "reason": "r" }))
    };
    forum.ssf(status("paused"), &token).await.expect(200);
    let trial = Call::post("/ssf/verify").json(&json!({ "stream_id": id, "state": "s-1" }));
    forum.ssf(trial, &token).await.expect(204);
    assert!(forum.polls_events(&[]).await.is_empty());
    forum.ssf(status("enabled"), &token).await.expect(200);
    let tried = forum.polls_events(&[]).await;
    assert_eq!(tried[0].event, EventType::Verification);
    assert_eq!(subject(&tried[0]), id);
    assert_eq!(tried[0].members["state"], "s-1");
    assert!(forum.polls_events(&[&tried[0].jti]).await.is_empty());
    // Deleted.
    let delete = || Call::of(http::Method::DELETE, format!("/ssf/stream{named}"));
    forum.ssf(delete(), &token).await.expect(204);
    assert_eq!(forum.ssf(delete(), &token).await.status, 404);
    assert_eq!(forum.polls(&json!({})).await.status, 404);
}

#[tokio::test]
async fn c2_a_stream_of_another_platform_is_not_readable() {
    let world = World::new().await;
    let (forum, bank) = (world.platform("forum"), world.platform("bank"));
    let person = world.person("resident").applies().await;
    verified_at(&person, &forum).await;
    let stream = forum.opens_stream().await;
    let id = text(&stream["stream_id"]);
    person.withdraws("forum").await;
    batch_leaves(&world);
    let token = bank.stream_token().await;
    let named = format!("?stream_id={id}");
    for call in [
        get(&format!("/ssf/stream{named}")),
        get(&format!("/ssf/status{named}")),
        Call::of(http::Method::PATCH, "/ssf/stream").json(&json!({ "stream_id": id })),
        Call::of(http::Method::DELETE, format!("/ssf/stream{named}")),
        Call::post("/ssf/status").json(&json!({ "stream_id": id, "status": "disabled" })),
        Call::post("/ssf/verify").json(&json!({ "stream_id": id })),
    ] {
        let line = call.line();
        assert_eq!(bank.ssf(call, &token).await.status, 404, "{line}");
    }
    assert_eq!(bank.polls(&json!({})).await.status, 404);
    // The same at the other issuer, and with a token of the other issuer.
    assert_eq!(forum.clone().at_sm().polls(&json!({})).await.status, 404);
    let token = forum.stream_token().await;
    let call = Call::get("/sm/ssf/stream");
    assert_eq!(forum.ssf(call, &token).await.status, 401);
    // A token to read changes nothing, an access token of a person is none.
    let fields = Fields::of(&[("grant_type", "client_credentials"), ("scope", "ssf.read")]);
    let answer = forum.ask_for_tokens(&fields).await.expect(200).json();
    let call = Call::post("/ssf/stream").json(&json!({}));
    assert_eq!(
        forum.ssf(call, text(&answer["access_token"])).await.status,
        403
    );
    let redirect = person.approves(&forum.requests("").await).await;
    let verified = forum.redeems(&redirect).await;
    assert_eq!(
        forum
            .ssf(get("/ssf/stream"), verified.access_token())
            .await
            .status,
        401
    );
    assert_eq!(
        forum.polls_events(&[]).await.len(),
        1,
        "nothing happened to it"
    );
}

#[tokio::test]
async fn r13_1_a_stream_at_the_sm_issuer_is_signed_by_sm2() {
    let world = World::new().await;
    let forum = world.platform("forum").at_sm();
    let person = world.person("resident").applies().await;
    let redirect = person
        .approves(&forum.requests("account-registration").await)
        .await;
    let there = forum.redeems(&redirect).await.subject().to_owned();
    forum.opens_stream().await;
    person.withdraws("forum").await;
    batch_leaves(&world);
    let told = forum.polls_events(&[]).await;
    assert_eq!(subject(&told[0]), there);
    assert!(told[0].iss.ends_with("/sm"));
}

/// Brings nothing until it is told to, and remembers what it was given.
#[derive(Default)]
struct Bicycle {
    takes: Mutex<bool>,
    brought: Mutex<Vec<Parcel>>,
}

#[async_trait]
impl Courier for Bicycle {
    async fn bring(&self, parcel: Parcel) -> Brought {
        self.brought.lock().unwrap().push(parcel);
        if *self.takes.lock().unwrap() {
            Brought::Accepted
        } else {
            Brought::NotTaken
        }
    }
}

#[tokio::test]
async fn r8_3_a_pushed_event_is_tried_again_until_it_is_accepted() {
    let world = World::new().await;
    let forum = world.platform("forum");
    let person = world.person("resident").applies().await;
    verified_at(&person, &forum).await;
    let token = forum.stream_token().await;
    let push = |endpoint: &str| {
        Call::post("/ssf/stream").json(&json!({ "delivery": {
            "method": "urn:ietf:rfc:8935", "endpoint_url": endpoint, "authorization_header": "Bearer s3cret",
        }}))
    };
    // R12.2: to a registered host, and nowhere else.
    let elsewhere = forum.ssf(push("https://evil.example/e"), &token).await;
    assert_eq!(
        elsewhere.outcome(),
        (400, "endpoint_not_registered".to_owned())
    );
    let made = forum
        .ssf(push("https://forum.example/events"), &token)
        .await
        .expect(201);
    assert!(!made.text().contains("s3cret"), "{}", made.text());
    let going = person.withdraws("forum").await;
    batch_leaves(&world);
    let bicycle = Bicycle::default();
    let service = world.service();
    assert_eq!(service.bring_signals(&bicycle).await.unwrap(), 0);
    assert_eq!(
        service.bring_signals(&bicycle).await.unwrap(),
        0,
        "not before it is time"
    );
    assert_eq!(bicycle.brought.lock().unwrap().len(), 1);
    world.advance(31);
    service.bring_signals(&bicycle).await.unwrap();
    world.advance(31);
    service.bring_signals(&bicycle).await.unwrap();
    assert_eq!(
        bicycle.brought.lock().unwrap().len(),
        2,
        "twice as long each time"
    );
    world.advance(60);
    *bicycle.takes.lock().unwrap() = true;
    assert_eq!(service.bring_signals(&bicycle).await.unwrap(), 1);
    world.advance(86_400);
    assert_eq!(
        service.bring_signals(&bicycle).await.unwrap(),
        0,
        "once accepted, never again"
    );
    let brought = bicycle.brought.lock().unwrap().clone();
    assert_eq!(brought.len(), 3);
    assert!(
        brought
            .iter()
            .all(|parcel| parcel.signal.id == brought[0].signal.id)
    );
    assert_eq!(brought[0].endpoint, "https://forum.example/events");
    assert_eq!(brought[0].authorization.as_deref(), Some("Bearer s3cret"));
    assert_eq!(person.follows(&going).await["state"], "confirmed");
}

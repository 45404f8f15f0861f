//! Events of what takes two devices or two screens.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Value, json};
use testkit::{Call, Statement, Wallet, World};

use super::events;
use super::table::leaves;

/// One device brings another in, step by step.
#[tokio::test]
async fn r12_1_a_link_leaves_its_events() {
    let world = World::new().await;
    let old = world.person("resident").applies().await;
    world.epoch().await;
    let act = async |endpoint: &str, fields: Value| {
        let statement = old.act(&endpoint.replace('/', "_")).with_all(&fields);
        let body = json!({ "statement": statement.sign(&old.wallet().device) });
        let path = format!("/person/api/{endpoint}");
        let call = world.send(Call::post(&path).json(&body));
        let (answer, events) = events(&world, call).await;
        assert_eq!(events, leaves(&path), "{path}");
        answer.expect(200).json()
    };
    let code = act("link", json!({})).await["link_code"].clone();
    let wallet = Wallet::generate("58203947");
    let claim = json!({
        "link_code": code,
        "statement": Statement::of_new_device(&world).sign(&wallet.device),
        "agreement_key": Wallet::jwk(&wallet.agreement),
        "device_name": "平板",
    });
    let call = Call::post("/person/api/link/claim").json(&claim);
    let (claimed, found) = events(&world, world.send(call)).await;
    assert_eq!(found, leaves("/person/api/link/claim"));
    act("link/claimed", json!({ "link_code": code })).await;
    let wrap = old.wallet().history_wrap_for(wallet.agreement.public());
    act(
        "link/confirm",
        json!({ "link_code": code, "history_wrap": wrap }),
    )
    .await;
    let body = json!({ "claim": claimed.json()["claim"] });
    let call = Call::post("/person/api/link/finish").json(&body);
    let (finished, found) = events(&world, world.send(call)).await;
    assert_eq!(
        (finished.status, found),
        (200, leaves("/person/api/link/finish"))
    );
    let code = act("link", json!({})).await["link_code"].clone();
    act("link/cancel", json!({ "link_code": code })).await;
}

/// A hand-off between two screens.
#[tokio::test]
async fn r12_1_a_hand_off_leaves_its_events() {
    let world = World::new().await;
    world.epoch().await;
    let uri = world.platform("forum").requests("").await.request_uri();
    let transaction = uri.rsplit(':').next().unwrap_or_default();
    let call = Call::post("/x/open").json(&json!({ "transaction": transaction }));
    let (opened, found) = events(&world, world.send(call)).await;
    assert_eq!(found, leaves("/x/open"));
    let cookie = opened
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap_or_default()
        .to_owned();
    let body = json!({ "session": opened.json()["session"] });
    world.advance(30);
    let call = Call::post("/x/extend").json(&body).header("cookie", cookie);
    let (extended, found) = events(&world, world.send(call)).await;
    assert_eq!((extended.status, found), (200, leaves("/x/extend")));
}

/// A device that cannot read the old history begins a new one: two changes, an event with each.
#[tokio::test]
async fn r12_1_a_history_that_begins_anew_leaves_its_events() {
    let world = World::new().await;
    let applicant = world.person("resident");
    applicant.applies().await;
    let wallet = Wallet::generate("58203947");
    let answer = applicant.recover(&wallet, None).await.expect(201).json();
    let new = applicant.holds(wallet, &answer);
    world.advance(world.service().policy.recovery_delay);
    world.epoch().await;
    let history = new.wallet().history.as_ref().expect("a new history key");
    let point = history.public().to_sec1().expect("a point");
    let fields = json!({
        "history_key": Base64UrlUnpadded::encode_string(&point),
        "history_wrap": new.wallet().own_history_wrap(),
    });
    let (answer, found) = events(&world, new.acts("history-begin", &fields)).await;
    assert_eq!(
        (answer.status, found),
        (200, leaves("/person/api/history-begin"))
    );
}

//! C8: routes without a phone that reads documents and without a face: a relative's device, a counter.

use serde_json::{Value, json};
use testkit::{Answer, Applicant, Call, Holder, Wallet, World};

/// The application of somebody whose own device reads nothing.
async fn without_reader(applicant: &Applicant, wallet: &Wallet) -> Value {
    let mut application = applicant.application(wallet).await;
    application["evidence"] = json!({ "chip": false, "face": null });
    application
}

async fn code(applicant: &Applicant, world: &World) -> Value {
    let asks = json!({ "consents": applicant.consents().await, "document": applicant.document() });
    let call = Call::post("/person/api/reading-code").json(&asks);
    world.send(call).await.expect(200).json()
}

async fn state(world: &World, code: &Value) -> Value {
    let call =
        Call::post("/person/api/reading-code/state").json(&json!({ "claim": code["claim"] }));
    world.send(call).await.expect(200).json()
}

/// A relative's device reads a document for whoever shows the code.
async fn reads(relative: &Holder, code: &Value, document: Value) -> Answer {
    let act = relative
        .act("read_for")
        .with("reading_code", code["code"].clone());
    let statement = act.sign(&relative.wallet().device);
    let body = json!({ "statement": statement, "document": document });
    let call = Call::post("/person/api/read-for").json(&body);
    relative.world().send(call).await
}

#[tokio::test]
async fn c8_a_relatives_device_reads_the_document_and_the_own_one_goes_on() {
    let world = World::new().await;
    let daughter = world.person("resident").applies().await;
    let elder = world.person("elder");
    let wallet = Wallet::generate(&elder.person.pin);
    let mut application = without_reader(&elder, &wallet).await;
    // 1. What is printed on a document and typed proves nothing.
    let answer = elder.apply(&application).await;
    assert_eq!(answer.outcome(), (403, "document_not_read".to_owned()));
    // 2. Eight digits; the daughter's phone reads.
    let code = code(&elder, &world).await;
    assert_eq!(code["counter_only"], false);
    assert_eq!(state(&world, &code).await, json!({ "state": "waiting" }));
    let read = reads(&daughter, &code, elder.document()).await.expect(200);
    assert_eq!(
        read.json(),
        json!({ "name_masked": "顾*" }),
        "and nothing else"
    );
    // 3. The own device goes on, with its own keys, and without a face.
    let read = state(&world, &code).await;
    assert_eq!(
        (&read["state"], &read["by"]),
        (&json!("read"), &json!("relative"))
    );
    application["evidence"]["reading"] = read["reading"].clone();
    let answer = elder.apply(&application).await.expect(201);
    let holder = elder.holds(wallet, &answer.json());
    let forum = world.platform("forum");
    let redirect = holder.approves(&forum.requests("").await).await;
    assert_eq!(forum.redeems(&redirect).await.receipt["result"], "pass");
}

#[tokio::test]
async fn c8_a_counter_reads_it_and_the_log_names_who() {
    let world = World::new().await;
    let elder = world.person("elder");
    let code = code(&elder, &world).await;
    let body = json!({ "code": code["code"], "document": elder.document() });
    let cases = world.staff("cases");
    let other = cases.posts("/staff/api/read-at-counter", &body).await;
    assert_eq!(other.status, 403, "another role's work");
    let clerk = world.staff("reviewer3");
    let read = clerk
        .posts("/staff/api/read-at-counter", &body)
        .await
        .expect(200);
    assert_eq!(read.json()["name_masked"], "顾*");
    let events = world.event_bodies().await;
    let counted: Vec<_> = events
        .iter()
        .filter(|event| event["event"] == "read_at_counter")
        .collect();
    assert_eq!(counted.len(), 1);
    assert_eq!(counted[0]["by"], "reviewer3");
    let read = state(&world, &code).await;
    let wallet = Wallet::generate(&elder.person.pin);
    let mut application = without_reader(&elder, &wallet).await;
    application["evidence"]["reading"] = read["reading"].clone();
    elder.apply(&application).await.expect(201);
}

/// Talking somebody into typing a code gives nothing: the document is compared, and what was read stays where it was.
#[tokio::test]
async fn c8_a_code_carries_no_document_to_whoever_shows_it() {
    let world = World::new().await;
    let victim = world.person("resident").applies().await;
    let thief = world.person("resident2");
    let code = code(&thief, &world).await;
    let answer = reads(&victim, &code, victim.applicant().document()).await;
    assert_eq!(answer.outcome(), (403, "another_document".to_owned()));
    assert_eq!(state(&world, &code).await, json!({ "state": "waiting" }));
    // What was read of one document is no evidence for another.
    let elder = world.person("elder");
    let own = self::code(&elder, &world).await;
    reads(&victim, &own, elder.document()).await.expect(200);
    let reading = state(&world, &own).await["reading"].clone();
    let wallet = Wallet::generate(&thief.person.pin);
    let mut application = without_reader(&thief, &wallet).await;
    application["evidence"]["reading"] = reading.clone();
    let answer = thief.apply(&application).await;
    assert_eq!(answer.outcome(), (403, "document_not_read".to_owned()));
    // Nor for the same one when its time is over.
    world.advance(1_801);
    let mut application = without_reader(&elder, &wallet).await;
    application["evidence"]["reading"] = reading;
    let answer = elder.apply(&application).await;
    assert_eq!(answer.outcome(), (403, "document_not_read".to_owned()));
}

#[tokio::test]
async fn c8_who_reads_for_others_is_an_active_adult_and_a_returning_person_needs_a_counter() {
    let world = World::new().await;
    let father = world.person("father").applies().await;
    let teen = world.person("teen16").applies_with(&father).await;
    let elder = world.person("elder");
    let code = code(&elder, &world).await;
    let answer = reads(&teen, &code, elder.document()).await;
    assert_eq!(answer.outcome(), (403, "not_for_others".to_owned()));
    father.acts("lock", &json!({})).await.expect(200);
    let answer = reads(&father, &code, elder.document()).await;
    assert_eq!(answer.outcome(), (403, "not_for_others".to_owned()));
    // Whoever holds a 网号 already would get a new device by it: a counter looks at the person.
    let resident = world.person("resident");
    let holder = resident.applies().await;
    let code = self::code(&resident, &world).await;
    assert_eq!(code["counter_only"], true);
    let friend = world.person("resident2").applies().await;
    let answer = reads(&friend, &code, resident.document()).await;
    assert_eq!(answer.outcome(), (403, "counter_only".to_owned()));
    let body = json!({ "code": code["code"], "document": holder.applicant().document() });
    let clerk = world.staff("reviewer3");
    clerk
        .posts("/staff/api/read-at-counter", &body)
        .await
        .expect(200);
}

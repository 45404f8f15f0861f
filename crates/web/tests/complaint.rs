//! Complaints: two taps with a 网证, a form without one; sealed to the case officers, answered in time (R7.2, R7.3,
//! P-rights).

use std::collections::BTreeSet;

use serde_json::{Value, json};
use testkit::{Answer, Call, Fields, Holder, World};

/// What a complaint says that nobody but an officer may read.
const TEXT: &str = "通过以后还要我上传身份证正反面";

/// Files a complaint that is taken.
pub(crate) async fn complains(person: &Holder, fields: &Value) -> Value {
    person.acts("complain", fields).await.expect(201).json()
}

/// The page of the form without 网证.
async fn submits(world: &World, path: &str, fields: &[(&str, &str)]) -> Answer {
    let call = Call::post(path).form(&Fields::of(fields));
    world
        .send(call.header("sec-fetch-site", "same-origin"))
        .await
}

/// What stands behind a label of a page.
fn fact(page: &str, label: &str) -> String {
    let (_, rest) = page.split_once(label).expect("the label");
    let (_, rest) = rest.split_once("<dd").expect("a value");
    let (_, rest) = rest.split_once('>').expect("a value");
    rest.split('<').next().unwrap_or_default().to_owned()
}

/// R7.2, Art. 7(2): the person has passed; the forum wants the card all the same. Two taps, one receipt.
#[tokio::test]
async fn r7_2_who_passed_and_is_asked_for_plaintext_complains_with_the_receipt() {
    let world = World::new().await;
    let (forum, person) = (
        world.platform("forum"),
        world.person("resident").applies().await,
    );
    let verified = forum
        .redeems(&person.approves(&forum.requests("").await).await)
        .await;
    // The result says so in a machine-readable way: the forum knew.
    let details = &verified.response["authorization_details"][0];
    assert_eq!(details["further_plaintext"], "prohibited");

    let filed = complains(
        &person,
        &json!({
            "client": forum.client_id(),
            "kind": "plaintext_demanded",
            "text": TEXT,
            "receipts": [verified.receipt_text()],
            "share": true,
        }),
    )
    .await;
    // Number, secret, and a time limit of fifteen working days: three weeks.
    let today = world.now().day();
    let due = identity::complaint::working_day::Calendar::default().working_days_after(today, 15);
    assert_eq!(filed["due_on"], due.to_string());
    assert_eq!(filed["received_on"], today.to_string());

    // Another device of the person finds it in the inbox.
    let history = person.history().await;
    let note: Value = serde_json::from_str(&history[0].text).expect("a note");
    assert_eq!(note["topic"], "complaint_received");
    assert_eq!(note["complaint"], filed["number"]);
    let asked =
        json!({ "complaints": [{ "number": note["complaint"], "secret": note["secret"] }] });
    let status = person.acts("complaints", &asked).await.expect(200).json();
    assert_eq!(status["complaints"][0]["state"], "received");
    assert_eq!(status["complaints"][0]["kind"], "plaintext_demanded");
    assert_eq!(status["complaints"][0]["answer"], Value::Null);
}

/// The acknowledgement is the service's signed word: it cannot say later that nothing came.
#[tokio::test]
async fn p_rights_the_acknowledgement_is_signed() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let fields = json!({ "platform": "forum", "kind": "leak" });
    let filed = complains(&person, &fields).await;
    let keys = world.send(Call::get("/sm/oauth/jwks")).await.json();
    let keys: jose::jwk::JwkSet = serde_json::from_value(keys).expect("keys");
    let text = filed["acknowledgement"].as_str().expect("a signed text");
    let signed = jose::jws::Unverified::parse(text).expect("JWS");
    assert!(signed.header().has_type("wz-complaint+jwt"));
    let claims = signed.verify_with_set(&keys).expect("by a receipt key");
    let claims = claims.claims::<Value>().expect("claims").into_inner();
    assert_eq!(claims["complaint"], filed["number"]);
    assert_eq!(claims["due_on"], filed["due_on"]);
    assert!(claims.get("platform").is_none() && claims.get("sub").is_none());
}

/// R7.3, Art. 7(3): equal service is owed to people who have no 网证, so they can complain as well; no script needed.
#[tokio::test]
async fn r7_3_somebody_without_wangzheng_complains_of_unequal_service() {
    let world = World::new().await;
    let page = world.send(Call::get("/complain")).await.expect(200);
    assert!(page.text().contains("forum.example"));
    let filed = submits(
        &world,
        "/complain",
        &[
            ("platform", "forum"),
            ("kind", "unequal_service"),
            ("text", TEXT),
            ("contact", "周先生 13800000000"),
        ],
    )
    .await
    .expect(200);
    let (number, secret) = (fact(filed.text(), "投诉编号"), fact(filed.text(), "查询码"));
    assert!(number.starts_with("TS-"), "{number}");
    let due = identity::complaint::working_day::Calendar::default()
        .working_days_after(world.now().day(), 15);
    assert!(filed.text().contains(&due.to_string()));

    let asked = [("number", number.as_str()), ("secret", secret.as_str())];
    let status = submits(&world, "/complaints", &asked).await.expect(200);
    assert!(status.text().contains("已收到，等待处理"));
    // As people type it.
    let typed = number.to_lowercase().replace('-', " ");
    let asked = [("number", typed.as_str()), ("secret", secret.as_str())];
    let status = submits(&world, "/complaints", &asked).await.expect(200);
    assert!(status.text().contains(&number));
}

/// Number alone, or another secret: nothing is told, and it looks as if there were none.
#[tokio::test]
async fn c1_without_the_secret_a_complaint_is_not_there() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let fields = json!({ "platform": "forum", "kind": "leak" });
    let (one, other) = (
        complains(&person, &fields).await,
        complains(&person, &fields).await,
    );
    let number = one["number"].as_str().expect("a number");
    let wrong = other["secret"].as_str().expect("a secret");
    let asked = [("number", number), ("secret", wrong)];
    let found = submits(&world, "/complaints", &asked).await.expect(200);
    let asked = [("number", "TS-AAAA-AAAA"), ("secret", wrong)];
    let none = submits(&world, "/complaints", &asked).await.expect(200);
    assert!(found.text().contains("没有查到"));
    assert_eq!(found.text(), none.text());
    let asked = json!({ "complaints": [{ "number": number, "secret": wrong }] });
    let answer = person.acts("complaints", &asked).await.expect(200).json();
    assert_eq!(answer["complaints"], json!([]));
}

/// R14.1: evidence is genuine from the beginning.
#[tokio::test]
async fn r14_1_a_receipt_must_be_genuine_and_of_the_platform() {
    let world = World::new().await;
    let (forum, shop) = (world.platform("forum"), world.platform("shop"));
    let person = world.person("resident").applies().await;
    let verified = forum
        .redeems(&person.approves(&forum.requests("").await).await)
        .await;
    let receipt = verified.receipt_text();
    let mut forged = receipt.to_owned();
    forged.replace_range(80..81, if &receipt[80..81] == "A" { "B" } else { "A" });
    let file = async |platform: &str, receipt: &str| {
        let fields = json!({ "platform": platform, "kind": "leak", "receipts": [receipt] });
        person.acts("complain", &fields).await.outcome()
    };
    let refused = |code: &str| (403, code.to_owned());
    assert_eq!(file("forum", &forged).await, refused("receipt_not_genuine"));
    let other = shop.name().to_owned();
    assert_eq!(file(&other, receipt).await, refused("receipt_of_another"));
    assert_eq!(file("nobody", receipt).await, refused("platform_unknown"));
    assert_eq!(file("forum", receipt).await.0, 201);
}

#[tokio::test]
async fn a_complaint_has_limits() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let before = world.event_count().await;
    for fields in [
        json!({ "platform": "forum", "kind": "leak", "text": "长".repeat(2001) }),
        json!({ "platform": "forum", "kind": "leak", "receipts": ["a", "b", "c", "d"] }),
    ] {
        let answer = person.acts("complain", &fields).await;
        assert_eq!(answer.outcome(), (403, "complaint_too_long".to_owned()));
    }
    for fields in [
        json!({ "platform": "forum", "kind": "rudeness" }),
        json!({ "kind": "leak" }),
        json!({ "platform": "forum" }),
    ] {
        let answer = person.acts("complain", &fields).await;
        assert_eq!(answer.status, 400, "{}", answer.text());
    }
    assert_eq!(world.event_count().await, before, "nothing was written");
    // Whoever is not signed in shares a budget with all others: nobody fills the store.
    let fields = [("platform", "forum"), ("kind", "leak")];
    let mut taken = 0;
    for _ in 0..70 {
        let page = submits(&world, "/complain", &fields).await.expect(200);
        taken += usize::from(page.text().contains("请记下编号"));
    }
    assert_eq!(taken, 60);
    world.advance(60);
    let page = submits(&world, "/complain", &fields).await.expect(200);
    assert!(page.text().contains("请记下编号"));
}

/// C1: of a complaint the rows say its kind and its days. Whom it is about, what it says and who filed it are sealed;
/// events name neither person nor platform, and all sealed complaints have one length.
#[tokio::test]
async fn c1_rows_and_events_tie_no_person_to_a_platform() {
    let world = World::new().await;
    let (forum, person) = (
        world.platform("forum"),
        world.person("resident").applies().await,
    );
    let verified = forum
        .redeems(&person.approves(&forum.requests("").await).await)
        .await;
    let fields = json!({
        "platform": "forum",
        "kind": "over_asking",
        "text": TEXT,
        "receipts": [verified.receipt_text()],
    });
    let filed = complains(&person, &fields).await;
    complains(&person, &json!({ "platform": "bank", "kind": "leak" })).await;

    let secret = filed["secret"].as_str().expect("a secret");
    let number = filed["number"].as_str().expect("a number");
    for (file, bytes) in world.database_files() {
        let text = String::from_utf8_lossy(&bytes);
        for hidden in [
            TEXT,
            secret,
            number,
            verified.receipt_text(),
            verified.subject(),
        ] {
            assert!(!text.contains(hidden), "{hidden} in {file}");
        }
    }
    let events = world.event_bodies().await;
    let complaints: Vec<_> = events
        .iter()
        .filter(|event| event["event"] == "complaint_changed")
        .collect();
    assert_eq!(complaints.len(), 2);
    let known: BTreeSet<&str> = BTreeSet::from([
        "bucket",
        "complaint",
        "day",
        "event",
        "outcome",
        "sequence",
        "to",
    ]);
    for event in complaints {
        let names: BTreeSet<&str> = event
            .as_object()
            .expect("an object")
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(names, known);
    }
    let lengths: BTreeSet<usize> = world
        .complaints()
        .await
        .iter()
        .map(|row| row.sealed.len())
        .collect();
    assert_eq!(lengths.len(), 1, "length tells nothing");
}

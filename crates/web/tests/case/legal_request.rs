//! Legal requests: a separate path with a basis, two persons, a record, a notice and a count (R9.4).

use identity::clock::Day;
use serde_json::{Value, json};
use testkit::{Holder, World};

fn request(subject: &Value, defer: Option<Day>) -> Value {
    json!({
        "basis": "anti_fraud32",
        "authority": "某市公安局",
        "reference": "市公(2026)0417号",
        "subject": subject,
        "asks": ["name", "document_number", "state"],
        "defer_until": defer.map(|day| day.to_string()),
    })
}

fn document(person: &Holder) -> Value {
    let mut subject = person.applicant().document();
    subject["by"] = json!("document");
    subject
}

/// Enters a request and proposes it.
async fn proposed(world: &World, new: &Value) -> (String, String) {
    let officer = world.staff("cases");
    let answer = officer.posts("/staff/api/legal-requests", new).await;
    let answer = answer.expect(201).json();
    let number = answer["request"].as_str().expect("a number").to_owned();
    let act = json!({ "act": "provide_legal_request", "request": number });
    (number, officer.proposes(&act).await)
}

#[tokio::test]
async fn r9_4_two_persons_give_what_the_service_holds_and_the_person_is_told() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let forum = world.platform("forum");
    forum
        .redeems(&person.approves(&forum.requests("").await).await)
        .await;
    let (number, proposal) = proposed(&world, &request(&document(&person), None)).await;
    let officer = world.staff("cases");
    let take = format!("/staff/api/legal-requests/{number}/take");
    // One person alone gives nothing, and nobody was looked up.
    assert_eq!(officer.posts(&take, &json!({})).await.status, 409);
    assert_eq!(officer.confirm(&proposal).await.code(), "same_person");
    assert_eq!(
        world.staff("cases2").confirm(&proposal).await.code(),
        "wrong_role"
    );
    assert_eq!(
        world.staff("secadmin").confirms(&proposal).await,
        "provided"
    );

    // What is held, what was asked, nothing else; no use of the 网证 anywhere in it.
    let given = officer.posts(&take, &json!({})).await.expect(200).json();
    let sandbox = &person.applicant().person.document;
    assert_eq!(given["given"]["name"], sandbox.holder().as_str());
    assert_eq!(
        given["given"]["document_number"],
        sandbox.number().canonical()
    );
    assert_eq!(given["given"]["state"], "active");
    assert_eq!(
        given["given"].as_object().map(serde_json::Map::len),
        Some(3)
    );
    assert!(!given.to_string().contains("forum"));
    // Taken once: the service keeps that it gave, not a copy.
    assert_eq!(officer.posts(&take, &json!({})).await.status, 409);

    // The person is told at once.
    let history = person.history().await;
    let note: Value = serde_json::from_str(&history[0].text).expect("a note");
    assert_eq!(note["topic"], "legal_request");
    assert!(
        note["text"]["chinese"]
            .as_str()
            .unwrap_or_default()
            .contains("某市公安局")
    );
}

/// The record is a leaf of the public log: who entered, who carried out, on which law, what; nothing of whom.
#[tokio::test]
async fn r9_4_the_record_is_tamper_evident_and_names_no_person() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let new = request(&document(&person), None);
    let (number, proposal) = proposed(&world, &new).await;
    world.staff("secadmin").confirms(&proposal).await;
    let bodies = world.event_bodies().await;
    let record = bodies
        .iter()
        .find(|event| event["change"] == "provided")
        .expect("the record");
    assert_eq!(record["request"], number.as_str());
    assert_eq!(record["basis"], "anti_fraud32");
    assert_eq!(record["officers"], json!(["cases", "secadmin"]));
    assert_eq!(record["given"], json!(["state", "document_number", "name"]));
    assert!(record.get("person").is_none());
    let sandbox = &person.applicant().person.document;
    for (file, bytes) in world.database_files() {
        let text = String::from_utf8_lossy(&bytes);
        for hidden in [
            sandbox.number().canonical(),
            sandbox.holder().as_str(),
            "0417号",
        ] {
            assert!(!text.contains(hidden), "{hidden} in {file}");
        }
    }
    world.epoch().await;
    let report = world.verify_log().await;
    assert!(report.is_good(), "{:?}", report.findings);
}

/// Art. 11(3), (4): a deferred notice waits for its day and then goes by itself; one that is late stands out.
#[tokio::test]
async fn r9_4_a_deferred_notice_is_told_when_its_day_comes() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let until = world.now().day().plus(30);
    let new = request(&document(&person), Some(until));
    let (number, proposal) = proposed(&world, &new).await;
    world.staff("secadmin").confirms(&proposal).await;
    let topics = async || {
        let kinds: Vec<String> = person
            .history()
            .await
            .iter()
            .map(|entry| entry.text.clone())
            .collect();
        kinds
            .iter()
            .filter(|text| text.contains("legal_request"))
            .count()
    };
    assert_eq!(topics().await, 0);
    world.advance(29 * 86_400);
    assert_eq!(
        world
            .service()
            .tell_of_legal_requests()
            .await
            .expect("told"),
        0
    );
    // The day after: it is late, and the list says so.
    world.advance(2 * 86_400);
    let listed = world
        .staff("auditor")
        .gets("/staff/api/legal-requests")
        .await;
    let listed = listed.expect(200).json();
    assert_eq!(listed["legal_requests"][0]["request"], number.as_str());
    assert_eq!(listed["legal_requests"][0]["overdue"], true);
    assert_eq!(
        world
            .service()
            .tell_of_legal_requests()
            .await
            .expect("told"),
        1
    );
    assert_eq!(topics().await, 1);
    assert_eq!(
        world
            .service()
            .tell_of_legal_requests()
            .await
            .expect("told"),
        0
    );
}

/// A platform's identifier leads to its person at that platform only; nobody is nobody.
#[tokio::test]
async fn r9_4_an_identifier_of_a_platform_or_nobody() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let forum = world.platform("forum");
    let verified = forum
        .redeems(&person.approves(&forum.requests("").await).await)
        .await;
    let of = |platform: &str| json!({ "by": "pairwise", "platform": platform, "sub": verified.subject() });
    let (_, proposal) = proposed(&world, &request(&of("forum"), None)).await;
    assert_eq!(
        world.staff("secadmin").confirms(&proposal).await,
        "provided"
    );
    let (_, proposal) = proposed(&world, &request(&of("bank"), None)).await;
    assert_eq!(
        world.staff("secadmin").confirms(&proposal).await,
        "nothing_held"
    );
    let stranger = world.person("resident5");
    let mut subject = stranger.document();
    subject["by"] = json!("document");
    let (_, proposal) = proposed(&world, &request(&subject, None)).await;
    assert_eq!(
        world.staff("secadmin").confirms(&proposal).await,
        "nothing_held"
    );
}

/// The law, the authority, its document, and what may be asked are closed: no basis, no search, no history.
#[tokio::test]
async fn r9_4_what_is_not_on_the_list_cannot_be_asked() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let officer = world.staff("cases");
    let good = request(&document(&person), None);
    let with = |name: &str, value: Value| {
        let mut new = good.clone();
        new[name] = value;
        new
    };
    for new in [
        with("basis", json!("because")),
        with("asks", json!(["history"])),
        with("asks", json!(["verifications"])),
        with("subject", json!({ "by": "name", "name": "张" })),
    ] {
        let answer = officer.posts("/staff/api/legal-requests", &new).await;
        assert_eq!(answer.status, 400, "{new}");
    }
    let past = world.now().day();
    for new in [
        with("asks", json!([])),
        with("authority", json!(" ")),
        with("reference", json!("")),
        with("defer_until", json!(past.to_string())),
        with("defer_until", json!(past.plus(400).to_string())),
    ] {
        let answer = officer.posts("/staff/api/legal-requests", &new).await;
        assert_eq!(answer.code(), "no_reasons", "{new}");
    }
    // R3.1, R12.1: supervisors read, others do not even read.
    for (login, status) in [
        ("gongan", 200),
        ("wangxin", 200),
        ("weijian", 403),
        ("reviewer1", 403),
    ] {
        let listed = world.staff(login).gets("/staff/api/legal-requests").await;
        assert_eq!(listed.status, status, "{login}");
        let answer = world
            .staff(login)
            .posts("/staff/api/legal-requests", &good)
            .await;
        assert_eq!(answer.status, 403, "{login}");
    }
}

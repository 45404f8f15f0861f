//! An incident from the first minute to the summary (Art. 12(3), R12.3, C1).

use jose::jwk::JwkSet;
use jose::jws::Unverified;
use serde_json::{Value, json};
use testkit::{Call, Holder, Staff, World};

mod platform;

fn leak(persons: u64) -> Value {
    json!({
        "kind": "data",
        "title": { "chinese": "备份介质遗失", "english": "A back-up medium was lost" },
        "scope": { "at": "service" },
        "effect": { "persons": persons },
    })
}

fn notice() -> Value {
    let text = |chinese: &str, english: &str| json!({ "chinese": chinese, "english": english });
    json!({
        "kinds": text("加密的登记信息", "Encrypted registration data"),
        "cause": text("运输途中遗失一份备份介质", "A back-up medium was lost in transit"),
        "harm": text("介质已加密，可能的影响很小", "It is encrypted; harm is unlikely"),
        "measures": text("已更换密钥；你可以更换口令", "Keys were replaced; you can change your PIN"),
        "contact": text("电话 12345", "Phone 12345"),
    })
}

/// Takes a step; the record after it.
async fn step(leader: &Staff, id: &str, step: Value) -> Value {
    let answer = leader
        .posts(&format!("/staff/api/incidents/{id}"), &step)
        .await;
    answer.expect(200).json()
}

async fn opens(leader: &Staff, new: &Value) -> (String, Value) {
    let shown = leader
        .posts("/staff/api/incidents", new)
        .await
        .expect(201)
        .json();
    let id = shown["incident"]["id"].as_str().expect("an id").to_owned();
    (id, shown)
}

fn clock<'a>(shown: &'a Value, name: &str) -> &'a Value {
    let clocks = shown["clocks"].as_array().expect("clocks");
    let found = clocks.iter().find(|clock| clock["name"] == name);
    found.unwrap_or(&Value::Null)
}

async fn notes(person: &Holder) -> Vec<Value> {
    let history = person.history().await;
    let texts = history
        .iter()
        .filter_map(|entry| serde_json::from_str(&entry.text).ok());
    texts
        .filter(|note: &Value| note["topic"] == "incident")
        .collect()
}

#[tokio::test]
async fn r12_3_the_clocks_run_from_the_first_minute_and_alarm() {
    let world = World::new().await;
    let leader = world.staff("secadmin");
    let (id, shown) = opens(&leader, &leak(1_000_000)).await;
    let opened = world.now().0;
    assert_eq!(shown["incident"]["level"], "larger");
    assert_eq!(
        shown["incident"]["steps"][0]["done_at"], opened,
        "the plan starts at once"
    );
    assert_eq!(clock(&shown, "report")["due_at"], opened + 3600, "an hour");
    assert_eq!(clock(&shown, "forward"), &Value::Null, "not of this level");

    // Worse than thought: the level rises, the clock of the report does not start anew.
    world.advance(1800);
    leader.signs_in().await;
    let worse =
        json!({ "do": "assess", "effect": { "persons": 10_000_000, "whole_outage_minutes": 20 } });
    let shown = step(&leader, &id, worse).await;
    assert_eq!(shown["incident"]["level"], "major");
    assert_eq!(clock(&shown, "report")["due_at"], opened + 3600);

    // Too late: it alarms, on the page, to programs, and where the machine is checked.
    world.advance(1801);
    leader.signs_in().await;
    let shown = leader
        .gets(&format!("/staff/api/incidents/{id}"))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&shown["overdue"], &clock(&shown, "report")["state"]),
        (&json!(true), &json!("overdue"))
    );
    assert!(
        world
            .service()
            .alarms()
            .await
            .unwrap()
            .iter()
            .any(|alarm| alarm.contains(&id))
    );

    let answer = leader
        .posts(
            &format!("/staff/api/incidents/{id}"),
            &json!({ "do": "forward" }),
        )
        .await;
    assert_eq!(
        answer.outcome(),
        (403, "not_now".to_owned()),
        "report first"
    );
    let shown = step(&leader, &id, json!({ "do": "report" })).await;
    assert_eq!(clock(&shown, "report")["state"], "late");
    assert_eq!(
        clock(&shown, "forward")["due_at"],
        world.now().0 + 1800,
        "thirty minutes from the report"
    );
    world.advance(1700);
    leader.signs_in().await;
    let shown = step(&leader, &id, json!({ "do": "forward" })).await;
    assert_eq!(clock(&shown, "forward")["state"], "done");
}

#[tokio::test]
async fn r12_3_the_summary_is_due_thirty_days_after_closing() {
    let world = World::new().await;
    let leader = world.staff("secadmin");
    let (id, _) = opens(&leader, &leak(1)).await;
    // Closing, and the summary thirty days later at the latest.
    let path = format!("/staff/api/incidents/{id}");
    assert_eq!(
        leader
            .posts(&path, &json!({ "do": "summarise" }))
            .await
            .code(),
        "not_now"
    );
    let summary = json!({ "chinese": "已找回介质。", "english": "The medium was found." });
    let shown = step(&leader, &id, json!({ "do": "close", "summary": summary })).await;
    assert_eq!(
        clock(&shown, "summary")["due_at"],
        world.now().0 + 30 * 86_400
    );
    assert_eq!(
        leader.posts(&path, &json!({ "do": "report" })).await.code(),
        "not_now",
        "closed"
    );
    world.advance(30 * 86_400 + 1);
    leader.signs_in().await;
    let shown = leader.gets(&path).await.json();
    assert_eq!(clock(&shown, "summary")["state"], "overdue");
    let shown = step(&leader, &id, json!({ "do": "summarise" })).await;
    assert_eq!(clock(&shown, "summary")["state"], "late");
}

#[tokio::test]
async fn r12_3_everybody_of_the_service_is_told_the_five_contents() {
    let world = World::new().await;
    let mut persons = Vec::new();
    for name in ["resident", "elder", "generated-1"] {
        persons.push(world.person(name).applies().await);
    }
    let leader = world.staff("secadmin");
    let (id, _) = opens(&leader, &leak(3)).await;
    let path = format!("/staff/api/incidents/{id}");
    assert_eq!(
        leader.posts(&path, &json!({ "do": "tell" })).await.code(),
        "not_now",
        "prepare first"
    );
    for missing in ["kinds", "cause", "harm", "measures", "contact"] {
        let mut wrong = notice();
        wrong[missing]["english"] = json!(" ");
        let answer = leader
            .posts(&path, &json!({ "do": "prepare", "notice": wrong }))
            .await;
        assert_eq!(
            answer.outcome(),
            (403, "notice_incomplete".to_owned()),
            "{missing}"
        );
    }
    let mut long = notice();
    long["cause"]["chinese"] = json!("长".repeat(700));
    let answer = leader
        .posts(&path, &json!({ "do": "prepare", "notice": long }))
        .await;
    assert_eq!(
        answer.code(),
        "notice_incomplete",
        "it would not fit into an inbox entry"
    );
    let shown = step(&leader, &id, json!({ "do": "prepare", "notice": notice() })).await;
    assert!(
        shown["preview"]["text"]["chinese"]
            .as_str()
            .unwrap()
            .contains("可能的影响")
    );
    assert!(
        notes(&persons[0]).await.is_empty(),
        "a preview tells nobody"
    );

    // Told in batches, with progress, each once.
    step(&leader, &id, json!({ "do": "tell" })).await;
    assert_eq!(world.service().continue_telling(1).await.unwrap(), 0);
    let shown = leader.gets(&path).await.json();
    assert_eq!(shown["incident"]["told"]["buckets_done"], 1);
    assert_eq!(shown["incident"]["told"]["finished_at"], Value::Null);
    assert_eq!(world.service().continue_telling(4095).await.unwrap(), 3);
    assert_eq!(
        world.service().continue_telling(4095).await.unwrap(),
        0,
        "done is done"
    );
    for person in &persons {
        let told = notes(person).await;
        assert_eq!(told.len(), 1);
        for content in [
            "涉及的信息",
            "原因",
            "可能的影响",
            "已采取的措施和你可以做的事",
            "联系方式",
        ] {
            assert!(
                told[0]["text"]["chinese"]
                    .as_str()
                    .unwrap()
                    .contains(content)
            );
        }
    }
    let shown = leader.gets(&path).await.json();
    assert_eq!(shown["incident"]["told"]["persons"], 3);
    assert_ne!(shown["incident"]["told"]["finished_at"], Value::Null);
}

#[tokio::test]
async fn r12_3_a_drill_runs_every_clock_and_tells_nobody() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let leader = world.staff("secadmin");
    let mut drill = leak(100_000_000);
    drill["drill"] = json!(true);
    let (id, shown) = opens(&leader, &drill).await;
    assert_eq!(shown["incident"]["level"], "extraordinary");
    assert_eq!(clock(&shown, "report")["state"], "running");
    step(&leader, &id, json!({ "do": "prepare", "notice": notice() })).await;
    let shown = step(&leader, &id, json!({ "do": "tell" })).await;
    assert_eq!(world.service().continue_telling(4096).await.unwrap(), 0);
    assert!(notes(&person).await.is_empty(), "nobody is told");
    assert!(shown["incident"]["timeline"].to_string().contains("演练"));
    let report = leader
        .gets(&format!("/staff/api/incidents/{id}/report"))
        .await
        .json();
    assert_eq!(report["readable"]["drill"], true, "and says so loudly");
}

#[tokio::test]
async fn r12_3_the_report_is_signed_and_says_what_was_recorded() {
    let world = World::new().await;
    let leader = world.staff("secadmin");
    let (id, _) = opens(&leader, &leak(1_000_000)).await;
    step(&leader, &id, json!({ "do": "plan", "step": "contain" })).await;
    step(&leader, &id, json!({ "do": "note", "text": "已隔离机房" })).await;
    let report = leader
        .gets(&format!("/staff/api/incidents/{id}/report"))
        .await
        .expect(200)
        .json();
    let keys = world
        .send(Call::get("/.well-known/wangzheng-keys"))
        .await
        .json();
    let keys: Vec<Value> = keys["keys"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|key| key["purpose"] == "receipt")
        .map(|key| key["jwk"].clone())
        .collect();
    let keys: JwkSet = serde_json::from_value(json!({ "keys": keys })).unwrap();
    let signed = report["report"].as_str().unwrap();
    let signed = Unverified::parse(signed)
        .unwrap()
        .verify_with_set(&keys)
        .unwrap();
    let signed: Value = serde_json::from_slice(&signed.into_inner()).unwrap();
    assert_eq!(signed["incident"], report["readable"]["incident"]);
    assert_eq!(signed["profile"], "cii");
    assert!(
        signed["incident"]["timeline"]
            .to_string()
            .contains("已隔离机房")
    );
    let done = signed["incident"]["steps"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|step| step["done_at"] != Value::Null)
        .count();
    assert_eq!(done, 2);
}

/// R12.1, R3.1: the security administrator leads, supervisors read, nobody else sees it.
#[tokio::test]
async fn r12_1_incidents_are_led_by_one_role_and_read_by_supervisors() {
    let world = World::new().await;
    let (id, _) = opens(&world.staff("secadmin"), &leak(1)).await;
    let path = format!("/staff/api/incidents/{id}");
    for login in ["wangxin", "gongan", "auditor"] {
        world.staff(login).gets(&path).await.expect(200);
        let answer = world
            .staff(login)
            .posts(&path, &json!({ "do": "report" }))
            .await;
        assert_eq!(answer.outcome(), (403, "read_only".to_owned()), "{login}");
    }
    for login in ["sysadmin", "reviewer1", "cases", "forum-member"] {
        let answer = world.staff(login).gets(&path).await;
        assert_eq!(
            answer.outcome(),
            (403, "not_your_duty".to_owned()),
            "{login}"
        );
        let answer = world
            .staff(login)
            .posts("/staff/api/incidents", &leak(1))
            .await;
        assert_eq!(
            answer.outcome(),
            (403, "not_your_duty".to_owned()),
            "{login}"
        );
    }
    let bodies = world.event_bodies().await;
    let led = bodies.iter().find(|body| body["event"]["incident"] == id);
    let led = led.or_else(|| bodies.iter().find(|body| body.to_string().contains(&id)));
    assert!(
        led.expect("an event").to_string().contains("secadmin"),
        "a named person"
    );
}

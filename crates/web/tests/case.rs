//! Cases: complaints become one, officers work on it, everybody who complained is told, and a third party verifies it
//! without this service (R14.1, R7.2, R12.1).

use identity::case_file::evidence::keys::KeyDocument;
use identity::case_file::evidence::verify::{EvidenceReport, Trust, verify_evidence};
use serde_json::{Value, json};
use testkit::{Answer, Call, Holder, Staff, World};

use crate::complaint::complains;

mod evidence;
mod finding;
mod legal_request;
mod report;

/// A person who passed at the forum, was asked for plaintext all the same, and complained with the receipt.
async fn plaintext_demanded(world: &World, name: &str) -> (Holder, Value) {
    let (forum, person) = (world.platform("forum"), world.person(name).applies().await);
    let redirect = person.approves(&forum.requests("").await).await;
    let verified = forum.redeems(&redirect).await;
    let filed = complains(
        &person,
        &json!({
            "platform": "forum",
            "kind": "plaintext_demanded",
            "text": format!("{name}：通过以后还要我上传身份证"),
            "receipts": [verified.receipt_text()],
            "share": true,
        }),
    )
    .await;
    (person, filed)
}

/// Two complaints about the forum, a case of both, with a note and a measure, in the log.
async fn forum_case(world: &World, officer: &Staff) -> (Vec<Holder>, String) {
    let (one, first) = plaintext_demanded(world, "resident").await;
    let (other, second) = plaintext_demanded(world, "resident2").await;
    let numbers = json!({ "complaints": [first["number"], second["number"]], "text": "两件投诉" });
    let case = officer
        .posts("/staff/api/cases", &numbers)
        .await
        .expect(201);
    let case = case.json()["case"].as_str().expect("a number").to_owned();
    let path = |act: &str| format!("/staff/api/cases/{case}/{act}");
    let note = json!({ "text": "已向平台核实，注册页确有上传证件一步" });
    officer.posts(&path("note"), &note).await.expect(200);
    let correction = json!({
        "measure": { "measure": "require_correction", "until": "2026-12-20" },
        "text": "责令删除该步骤",
    });
    officer
        .posts(&path("measure"), &correction)
        .await
        .expect(200);
    world.epoch().await;
    (vec![one, other], case)
}

async fn exported(officer: &Staff, case: &str) -> String {
    let path = format!("/staff/api/cases/{case}/evidence");
    let answer = officer.posts(&path, &json!({})).await.expect(200);
    answer.text().to_owned()
}

/// The keys anyone can fetch.
async fn published_keys(world: &World) -> KeyDocument {
    let keys = world.send(Call::get("/.well-known/wangzheng-keys")).await;
    KeyDocument::read(&keys.expect(200).body).expect("a document of keys")
}

async fn verified(world: &World, package: &str) -> EvidenceReport {
    verify_evidence(
        package.as_bytes(),
        &Trust::Keys(published_keys(world).await),
    )
}

fn refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.outcome(), (status, code.to_owned()));
}

/// The whole story: complaints, a case, measures, a result in both inboxes, a package a third party verifies.
#[tokio::test]
async fn r14_1_complaints_become_a_case_with_a_result_and_evidence() {
    let world = World::new().await;
    let officer = world.staff("cases");
    let (people, case) = forum_case(&world, &officer).await;

    // The officer reads it whole; who complained is not in it.
    let path = format!("/staff/api/cases/{case}");
    let read = officer.gets(&path).await.expect(200).json();
    assert_eq!(read["platform"], "forum");
    assert_eq!(read["kind"], "plaintext_demanded");
    assert_eq!(read["article"], "Art. 7(2)");
    assert_eq!(read["officer"], "cases");
    let entries = read["entries"].as_array().expect("entries").iter();
    let steps: Vec<_> = entries.map(|entry| entry["step"].clone()).collect();
    assert_eq!(steps, ["opened", "linked", "linked", "noted", "measured"]);
    let due = identity::complaint::working_day::Calendar::default()
        .working_days_after(world.now().day(), 15);
    assert_eq!(read["due_on"], due.to_string());

    // Closed with reasons; both are told, by inbox and by number.
    let result = json!({ "outcome": "measure_taken", "reasons": "属实，已责令改正并删除" });
    let close = format!("/staff/api/cases/{case}/close");
    officer.posts(&close, &result).await.expect(200);
    for person in &people {
        let history = person.history().await;
        let note: Value = serde_json::from_str(&history[0].text).expect("a note");
        assert_eq!(note["topic"], "complaint_answered");
        assert_eq!(note["outcome"], "measure_taken");
        let asked = json!({ "number": note["complaint"], "secret": note["secret"] });
        let asked = json!({ "complaints": [asked] });
        let status = person.acts("complaints", &asked).await.expect(200).json();
        let status = &status["complaints"][0];
        assert_eq!(status["state"], "answered");
        assert_eq!(status["answer"]["reasons"], "属实，已责令改正并删除");
    }
    refused(&officer.posts(&close, &result).await, 409, "not_in_state");

    // A third party verifies it with the published keys alone.
    world.epoch().await;
    let package = exported(&officer, &case).await;
    let report = verified(&world, &package).await;
    assert!(report.good, "{:#?}", report.findings);
    assert_eq!(
        (report.case.as_str(), report.platform.as_str()),
        (&*case, "forum")
    );
    assert_eq!((report.receipts, report.entries), (2, 6));
    assert_eq!((report.proven, report.pending), (8, 0));
    assert_eq!(report.made_by, "cases");
}

/// R12.1: every step is an event with the officer's name and the second, bound to what it says.
#[tokio::test]
async fn r12_1_every_step_of_a_case_names_its_officer() {
    let world = World::new().await;
    let (cases, second) = (world.staff("cases"), world.staff("cases2"));
    let (_, case) = forum_case(&world, &cases).await;
    let take = format!("/staff/api/cases/{case}/take");
    let taken = second.posts(&take, &json!({})).await.expect(200).json();
    assert_eq!(taken["officer"], "cases2");
    let events = world.event_bodies().await;
    let steps: Vec<(String, String)> = events
        .iter()
        .filter(|event| event["event"] == "case_changed")
        .map(|event| {
            assert_eq!(event["at"], world.now().0);
            assert_eq!(event["platform"], "forum");
            let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
            (text("change"), text("officer"))
        })
        .collect();
    let expected = [
        ("opened", "cases"),
        ("linked", "cases"),
        ("linked", "cases"),
        ("noted", "cases"),
        ("measured", "cases"),
        ("assigned", "cases2"),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(change, officer)| ((*change).to_owned(), (*officer).to_owned()))
        .collect();
    assert_eq!(steps, expected);
    // Reading a complaint is an act with a name as well.
    let read = taken["complaints"][0].as_str().expect("a number");
    second
        .gets(&format!("/staff/api/complaints/{read}"))
        .await
        .expect(200);
    let events = world.event_bodies().await;
    let reads = events
        .iter()
        .filter(|event| event["event"] == "complaint_read");
    let readers: Vec<_> = reads.map(|event| event["officer"].clone()).collect();
    assert_eq!(readers, ["cases2"]);
}

/// R12.1: only case officers open complaints and cases; auditors and supervisors see that cases are there.
#[tokio::test]
async fn r12_1_nobody_else_opens_complaints_or_cases() {
    let world = World::new().await;
    let (_, filed) = plaintext_demanded(&world, "resident3").await;
    let (_, case) = forum_case(&world, &world.staff("cases")).await;
    let number = filed["number"].as_str().expect("a number");
    for login in [
        "sysadmin",
        "secadmin",
        "reviewer1",
        "reviewer3",
        "forum-member",
    ] {
        let staff = world.staff(login);
        for path in [
            "/staff/api/complaints".to_owned(),
            format!("/staff/api/complaints/{number}"),
            "/staff/api/cases".to_owned(),
            format!("/staff/api/cases/{case}"),
        ] {
            refused(&staff.gets(&path).await, 403, "not_your_duty");
        }
        let open = json!({ "complaints": [number] });
        let answer = staff.posts("/staff/api/cases", &open).await;
        refused(&answer, 403, "not_your_duty");
        let answer = staff
            .posts(&format!("/staff/api/cases/{case}/evidence"), &json!({}))
            .await;
        refused(&answer, 403, "not_your_duty");
    }
    // R3.1, S7: the list, by field; no contents, nothing to change.
    for (login, seen) in [
        ("auditor", 1),
        ("wangxin", 1),
        ("gongan", 1),
        ("minzheng", 0),
    ] {
        let staff = world.staff(login);
        let listed = staff.gets("/staff/api/cases").await.expect(200).json();
        assert_eq!(
            listed["cases"].as_array().map(Vec::len),
            Some(seen),
            "{login}"
        );
        assert!(!listed.to_string().contains("complaints"), "{listed}");
        let answer = staff.gets(&format!("/staff/api/cases/{case}")).await;
        refused(&answer, 403, "not_your_duty");
        let close = format!("/staff/api/cases/{case}/close");
        let answer = staff
            .posts(&close, &json!({ "outcome": "no_breach", "reasons": "x" }))
            .await;
        refused(&answer, 403, "read_only");
    }
}

/// R14.1: a case is about one platform; a complaint is in one case; what needs reasons has them.
#[tokio::test]
async fn r14_1_a_case_keeps_to_its_rules() {
    let world = World::new().await;
    let officer = world.staff("cases");
    let (person, forum) = plaintext_demanded(&world, "resident3").await;
    let bank = complains(&person, &json!({ "platform": "bank", "kind": "leak" })).await;
    let mixed = json!({ "complaints": [forum["number"], bank["number"]] });
    let answer = officer.posts("/staff/api/cases", &mixed).await;
    refused(&answer, 403, "other_platform");
    let (_, case) = forum_case(&world, &officer).await;
    let path = |act: &str| format!("/staff/api/cases/{case}/{act}");
    let link = json!({ "complaint": bank["number"] });
    let answer = officer.posts(&path("link"), &link).await;
    refused(&answer, 403, "other_platform");
    let link = json!({ "complaint": forum["number"] });
    officer.posts(&path("link"), &link).await.expect(200);
    let answer = officer.posts(&path("link"), &link).await;
    refused(&answer, 409, "not_in_state");
    for (act, body) in [
        ("note", json!({ "text": " " })),
        (
            "measure",
            json!({ "measure": { "measure": "warn" }, "text": "" }),
        ),
        ("close", json!({ "outcome": "no_breach", "reasons": "" })),
    ] {
        refused(&officer.posts(&path(act), &body).await, 403, "no_reasons");
    }
    let answer = officer.gets("/staff/api/cases/AJ-AAAA-AAAA").await;
    refused(&answer, 404, "not_found");
}

/// C3, R12.1: an officer cannot suspend a platform alone; the case names the proposal that a second person confirms.
#[tokio::test]
async fn c3_a_suspension_from_a_case_takes_a_second_person() {
    let world = World::new().await;
    let officer = world.staff("cases");
    let (_, case) = forum_case(&world, &officer).await;
    let forum = world.platform("forum");
    let suspend = |platform: &str| {
        json!({
            "act": "suspend_platform",
            "platform": platform,
            "reason": "plaintext_demanded",
            "explanation": "逾期不改",
        })
    };
    let path = format!("/staff/api/cases/{case}/measure");
    let measure = |proposal: &str| json!({ "measure": { "measure": "suspend", "proposal": proposal }, "text": "逾期不改" });
    let other = officer.proposes(&suspend("shop")).await;
    for wrong in [other.as_str(), "none"] {
        refused(
            &officer.posts(&path, &measure(wrong)).await,
            404,
            "not_found",
        );
    }
    let proposal = officer.proposes(&suspend("forum")).await;
    officer.posts(&path, &measure(&proposal)).await.expect(200);
    forum.requests("").await;
    assert_eq!(officer.confirm(&proposal).await.status, 403, "not alone");
    assert_eq!(world.staff("reviewer1").confirms(&proposal).await, "done");
    let refused = forum.push(&forum.request_for("").fields).await;
    assert_eq!(refused.status, 400, "suspended");
}

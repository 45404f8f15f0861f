//! O9, S7: complaints become cases on the page, and supervisors read counts (R14.1, P-rights, R3.1).

use serde_json::{Value, json};
use testkit::{Fields, Holder, Staff, World};

async fn complains(person: &Holder, platform: &str, kind: &str) -> String {
    let fields = json!({ "platform": platform, "kind": kind, "text": "还要我上传身份证" });
    let filed = person.acts("complain", &fields).await.expect(201).json();
    filed["number"].as_str().expect("a number").to_owned()
}

async fn does(officer: &Staff, page: &str, step: &str, fields: &[(&str, &str)]) -> String {
    let fields = Fields::of(fields).with("choice", step);
    let answer = officer.submits(page, &fields).await;
    assert_eq!(answer.status, 303, "{step}: {}", answer.text());
    answer.location().expect("a page").to_owned()
}

#[tokio::test]
async fn r14_1_a_complaint_is_answered_on_the_pages_of_its_officer() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let first = complains(&person, "forum", "plaintext_demanded").await;
    let second = complains(&person, "forum", "plaintext_demanded").await;
    let officer = world.staff("cases");
    let list = officer.gets("/operator/complaints").await.expect(200);
    assert!(list.text().contains(&first) && list.text().contains(&second));
    let page = format!("/operator/complaints/{first}");
    let read = officer.gets(&page).await.expect(200);
    assert!(read.text().contains("还要我上传身份证"));
    let bodies = world.event_bodies().await;
    let named = bodies
        .iter()
        .any(|event| event["event"] == "complaint_read" && event["officer"] == "cases");
    assert!(named, "reading is an act with a name");

    // Without a reason there is no case; with one there is, and the second complaint joins it.
    let empty = Fields::of(&[("choice", "open"), ("text", " ")]);
    assert_eq!(officer.submits(&page, &empty).await.status, 403);
    let case = does(&officer, &page, "open", &[("text", "两件相同")]).await;
    let number = case.rsplit('/').next().expect("a number").to_owned();
    let other = format!("/operator/complaints/{second}");
    does(&officer, &other, "link", &[("case", &number)]).await;
    does(&officer, &case, "note", &[("text", "已核实")]).await;
    // A correction has a day.
    let correction = |until: &str| {
        Fields::of(&[
            ("choice", "measure"),
            ("measure", "require_correction"),
            ("until", until),
            ("text", "责令删除该步骤"),
        ])
    };
    let refused = officer.submits(&case, &correction("")).await;
    assert_eq!(refused.status, 403);
    assert_eq!(
        officer
            .submits(&case, &correction("2026-12-20"))
            .await
            .status,
        303
    );
    let shown = officer.gets(&case).await.expect(200);
    for said in [first.as_str(), &second, "已核实", "2026-12-20"] {
        assert!(shown.text().contains(said), "{said}");
    }
    let package = officer
        .posts(&format!("/staff/api/cases/{number}/evidence"), &json!({}))
        .await;
    assert!(
        shown
            .text()
            .contains(&format!("/staff/api/cases/{number}/evidence"))
    );
    package.expect(200);
    let fields = [("outcome", "corrected"), ("text", "已删除该步骤")];
    does(&officer, &case, "close", &fields).await;
    let closed = officer.gets(&case).await.expect(200);
    assert!(closed.text().contains("已结案") && !closed.text().contains("id=\"close\""));
    let history = person.history().await;
    let note: Value = serde_json::from_str(&history[0].text).expect("a note");
    assert_eq!(note["topic"], "complaint_answered");
}

#[tokio::test]
async fn r14_1_what_is_late_is_red_and_only_officers_open_it() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let number = complains(&person, "forum", "leak").await;
    world.advance(60 * 86_400);
    let officer = world.staff("cases");
    let list = officer.gets("/operator/complaints").await.expect(200);
    assert!(list.text().contains("有 1 件投诉超过了答复期限"));
    assert!(list.text().contains("tag bad"));
    let page = format!("/operator/complaints/{number}");
    let auditor = world.staff("auditor");
    let list = auditor.gets("/operator/complaints").await.expect(200);
    assert!(
        !list.text().contains(&number),
        "the auditor sees cases alone"
    );
    for login in ["auditor", "secadmin", "reviewer1"] {
        let refused = world.staff(login).gets(&page).await.expect(403);
        assert!(refused.text().contains("投诉处理员"), "{login}");
        let open = Fields::of(&[("choice", "open"), ("text", "x")]);
        let refused = world.staff(login).submits(&page, &open).await;
        assert_eq!(refused.status, 403, "{login}");
    }
}

/// S7: counts, small ones hidden; cases of the own field; nothing to open.
#[tokio::test]
async fn r3_1_supervisors_read_counts_of_complaints_and_no_small_ones() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    for _ in 0..11 {
        complains(&person, "forum", "over_asking").await;
    }
    let one = complains(&person, "forum", "leak").await;
    let officer = world.staff("cases");
    let page = format!("/operator/complaints/{one}");
    let case = does(&officer, &page, "open", &[("text", "泄露")]).await;
    let case = case.rsplit('/').next().expect("a number").to_owned();
    let read = async |login: &str| {
        let page = world.staff(login).gets("/supervisor/complaints").await;
        page.expect(200).text().to_owned()
    };
    let text = read("wangxin").await;
    assert!(text.contains(">11</td>"), "eleven are told");
    assert!(!text.contains(">1</td>"), "one is not");
    assert!(text.contains("&#60;10") && !text.contains(&one));
    assert!(text.contains(&case) && !text.contains(&format!("/{case}\"")));
    // The forum is of no field of theirs.
    assert!(!read("weijian").await.contains(&case));
}

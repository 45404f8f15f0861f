//! O5, S5: an incident on the page of who leads it, and of who watches (Art. 12(3), R12.3, R3.1).

use testkit::{Fields, Staff, World};

fn leak(drill: &str) -> Fields {
    Fields::of(&[
        ("drill", drill),
        ("kind", "data"),
        ("title", "备份介质遗失"),
        ("title_en", "A back-up medium was lost"),
        ("scope", "service"),
        ("buckets", ""),
        ("platform", ""),
        ("persons", "1000000"),
        ("whole_outage_minutes", "0"),
        ("main_outage_minutes", "0"),
    ])
}

/// Records one; the path of its page.
async fn records(leader: &Staff, fields: &Fields) -> String {
    let answer = leader.submits("/operator/incidents", fields).await;
    answer.expect(303).location().expect("a page").to_owned()
}

async fn takes(leader: &Staff, page: &str, step: &str, fields: &[(&str, &str)]) {
    let fields = Fields::of(fields).with("choice", step);
    let answer = leader.submits(page, &fields).await;
    assert_eq!(answer.status, 303, "{step}: {}", answer.text());
}

/// Chinese and English of the five contents.
fn contents() -> Vec<(String, String)> {
    let names = ["kinds", "cause", "harm", "measures", "contact"];
    let of = |name: &str| {
        [
            (name.to_owned(), format!("内容 {name}")),
            (format!("{name}_en"), format!("content {name}")),
        ]
    };
    names.into_iter().flat_map(of).collect()
}

#[tokio::test]
async fn r12_3_an_incident_is_led_from_record_to_closing_on_its_page() {
    let world = World::new().await;
    let leader = world.staff("secadmin");
    let page = records(&leader, &leak("")).await;
    let shown = leader.gets(&page).await.expect(200);
    let text = shown.text();
    assert!(text.contains("较大"), "the level follows from the effect");
    assert!(text.contains("在期限内") && !text.contains("已逾期"));
    assert!(!text.contains("id=\"tell\""), "nothing to tell yet");

    // An hour and a second later the report is late, in red, here and in the list.
    world.advance(3601);
    leader.signs_in().await;
    let late = leader.gets(&page).await.expect(200);
    assert!(late.text().contains("tag bad"), "the clock");
    assert!(late.text().contains("有时限已经超过"));
    let list = leader.gets("/operator/incidents").await.expect(200);
    assert!(list.text().contains("有 1 起事件超过了时限"));

    takes(&leader, &page, "report", &[]).await;
    takes(&leader, &page, "plan", &[("step", "contain")]).await;
    takes(&leader, &page, "note", &[("text", "已隔离机房")]).await;
    // One content missing: refused in words, and nothing is taken.
    let mut fields = contents();
    fields[3].1.clear();
    let as_fields = |fields: &[(String, String)]| {
        let pairs: Vec<_> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        Fields::of(&pairs).with("choice", "prepare")
    };
    let refused = leader.submits(&page, &as_fields(&fields)).await;
    assert_eq!(refused.status, 403);
    assert!(refused.text().contains("五项内容都要有中文和英文"));
    let answer = leader.submits(&page, &as_fields(&contents())).await;
    assert_eq!(answer.status, 303);
    let preview = leader.gets(&page).await.expect(200);
    for said in [
        "安全事件告知：备份介质遗失",
        "Incident notice",
        "内容 measures",
    ] {
        assert!(preview.text().contains(said), "{said}");
    }
    assert!(preview.text().contains("将通知本服务的每一个人"));
    takes(&leader, &page, "tell", &[]).await;
    takes(
        &leader,
        &page,
        "close",
        &[("summary", "已找回。"), ("summary_en", "Found.")],
    )
    .await;
    let closed = leader.gets(&page).await.expect(200);
    assert!(closed.text().contains("已关闭") && closed.text().contains("已找回。"));
    assert!(
        !closed.text().contains("id=\"assess\""),
        "nothing more to assess"
    );
    takes(&leader, &page, "summarise", &[]).await;

    let report = leader.gets(&format!("{page}/report")).await.expect(200);
    assert!(
        report
            .header("content-disposition")
            .starts_with("attachment")
    );
    let record = &report.json()["readable"]["incident"];
    assert_eq!(record["summary"]["english"], "Found.");
    assert!(record["timeline"].to_string().contains("已隔离机房"));
}

#[tokio::test]
async fn r12_3_a_drill_is_marked_wherever_it_stands_and_tells_nobody() {
    let world = World::new().await;
    let leader = world.staff("secadmin");
    let page = records(&leader, &leak("yes")).await;
    for path in [page.as_str(), "/operator/incidents"] {
        let shown = leader.gets(path).await.expect(200);
        assert!(shown.text().contains("演练"), "{path}");
    }
    let pairs = contents();
    let pairs: Vec<_> = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    takes(&leader, &page, "prepare", &pairs).await;
    let shown = leader.gets(&page).await.expect(200);
    assert!(shown.text().contains("演练，不会通知任何人"));
    let report = leader.gets(&format!("{page}/report")).await.expect(200);
    assert!(
        report
            .header("content-disposition")
            .contains("drill-incident-")
    );
}

/// S5: the supervisor reads the same record, with no form, and the page is in the log (R3.1).
#[tokio::test]
async fn r3_1_a_supervisor_reads_an_incident_and_changes_nothing() {
    let world = World::new().await;
    let page = records(&world.staff("secadmin"), &leak("")).await;
    let watched = page.replace("/operator/", "/supervisor/");
    let supervisor = world.staff("wangxin");
    let shown = supervisor.gets(&watched).await.expect(200);
    assert!(shown.text().contains("备份介质遗失"));
    assert!(!shown.text().contains("<form id=\"note\""));
    let bodies = world.event_bodies().await;
    let viewed = bodies.iter().any(|event| event["page"] == watched.as_str());
    assert!(viewed, "who watches is watched");
    // The auditor reads it at the operator's desk; nobody posts to it but who leads.
    let auditor = world.staff("auditor");
    auditor.gets(&page).await.expect(200);
    let note = Fields::of(&[("choice", "note"), ("text", "x")]);
    assert_eq!(auditor.submits(&page, &note).await.status, 403);
    for login in ["sysadmin", "reviewer1", "cases"] {
        let staff = world.staff(login);
        let refused = staff.gets(&page).await.expect(403);
        assert!(
            refused.text().contains("安全管理员"),
            "{login}: whose it is"
        );
        assert_eq!(staff.submits(&page, &note).await.status, 403, "{login}");
        let answer = staff.submits("/operator/incidents", &leak("")).await;
        assert_eq!(answer.status, 403, "{login}");
    }
}

/// What cannot be read is said, and what was typed stays.
#[tokio::test]
async fn r12_3_a_record_that_cannot_be_read_is_not_made() {
    let world = World::new().await;
    let leader = world.staff("secadmin");
    for (name, value) in [
        ("persons", "many"),
        ("title_en", " "),
        ("kind", "weather"),
        ("scope", "buckets"),
        ("scope", "platform"),
    ] {
        let fields = leak("").with(name, value);
        let refused = leader.submits("/operator/incidents", &fields).await;
        assert_eq!(refused.status, 403, "{name}");
        assert!(refused.text().contains("value=\"备份介质遗失\""), "{name}");
    }
    let list = leader.gets("/operator/incidents").await.expect(200);
    assert!(list.text().contains("没有记录过事件"));
}

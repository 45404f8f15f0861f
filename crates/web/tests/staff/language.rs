//! Every page of every desk in both languages: nothing without words.

use serde_json::json;
use testkit::{Call, Fields, World};

#[tokio::test]
async fn every_page_of_a_desk_has_its_words_in_both_languages() {
    let world = World::new().await;
    let leader = world.staff("secadmin");
    let incident = Fields::of(&[
        ("drill", "yes"),
        ("kind", "network"),
        ("title", "中断"),
        ("title_en", "Outage"),
        ("scope", "buckets"),
        ("buckets", "1 2"),
        ("platform", ""),
        ("persons", "10000000"),
        ("whole_outage_minutes", "0"),
        ("main_outage_minutes", "0"),
    ]);
    let opened = leader.submits("/operator/incidents", &incident).await;
    let incident = opened.expect(303).location().expect("a page").to_owned();
    let watched = incident.replace("/operator/", "/supervisor/");
    let officer = world.staff("cases");
    let asked = Fields::of(&[
        ("choice", "pairwise"),
        ("basis", "criminal_procedure54"),
        ("authority", "某市公安局"),
        ("reference", "1号"),
        ("platform", "forum"),
        ("sub", "nobody"),
        ("ask_birth_date", "yes"),
        ("defer_until", ""),
    ]);
    let entered = officer.submits("/operator/legal-requests", &asked).await;
    let request = entered.expect(303).location().expect("a page").to_owned();
    let person = world.person("resident").applies().await;
    let mut complaints = Vec::new();
    for _ in 0..2 {
        let fields = json!({ "platform": "forum", "kind": "impersonation" });
        let filed = person.acts("complain", &fields).await.expect(201).json();
        let number = filed["number"].as_str().expect("a number").to_owned();
        complaints.push(format!("/operator/complaints/{number}"));
    }
    let open = Fields::of(&[("choice", "open"), ("text", "x")]);
    let opened = officer.submits(&complaints[0], &open).await;
    let case = opened.expect(303).location().expect("a page").to_owned();
    person.asks_for_deletion("forum").await;
    let pages = [
        ("cases", request.as_str()),
        ("secadmin", &request),
        ("cases", &complaints[0]),
        ("cases", &complaints[1]),
        ("cases", &case),
        ("wangxin", "/supervisor"),
        ("secadmin", "/operator/incidents"),
        ("secadmin", &incident),
        ("secadmin", "/operator/notices"),
        ("secadmin", "/operator/legal-requests"),
        ("secadmin", "/operator/complaints"),
        ("reviewer1", "/operator/notices"),
        ("reviewer1", "/operator/notices/face"),
        ("reviewer1", "/operator/incidents"),
        ("cases", "/operator/complaints"),
        ("cases", "/operator/legal-requests"),
        ("cases", "/operator/persons"),
        ("auditor", "/operator/complaints"),
        ("wangxin", "/supervisor/incidents"),
        ("wangxin", &watched),
        ("wangxin", "/supervisor/complaints"),
        ("wangxin", "/supervisor/legal-requests"),
        ("weijian", "/supervisor/legal-requests"),
        ("forum-member", "/platform/withdrawals"),
    ];
    for (login, path) in pages {
        speaks_both(&world, login, path).await;
    }
}

async fn speaks_both(world: &World, login: &str, path: &str) {
    for (language, word) in [("zh-CN", "退出"), ("en", "Sign out")] {
        let staff = world.staff(login);
        staff.signs_in().await;
        let call = Call::get(path).header("accept-language", language);
        let page = staff.sends(call).await;
        let text = page.text();
        assert!(text.contains(word), "{login} {path} {language}");
        let hole = text.find('⟦').map(|at| text[at..].chars().take(60));
        let hole: Option<String> = hole.map(Iterator::collect);
        assert_eq!(hole, None, "{login} {path} {language}");
    }
}

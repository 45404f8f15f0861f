//! R3.1: supervisors read, in their field, and are themselves audited.

use serde_json::json;
use testkit::{Call, Fields, Staff, World};

use super::super::routes::posting_paths;

const SUPERVISORS: [&str; 6] = [
    "gongan",
    "wangxin",
    "minzheng",
    "wenlv",
    "weijian",
    "guangdian",
];

#[tokio::test]
async fn r3_1_a_supervisor_posts_nothing_anywhere() {
    let world = World::new().await;
    let paths: Vec<String> = posting_paths()
        .into_iter()
        .filter(|path| {
            ["/staff/api/", "/operator", "/supervisor", "/platform"]
                .iter()
                .any(|place| path.starts_with(place))
        })
        .filter(|path| {
            ![
                "/staff/api/challenge",
                "/staff/api/sign-in",
                "/staff/api/sign-out",
            ]
            .contains(&path.as_str())
        })
        .collect();
    assert!(paths.len() >= 10, "{paths:?}");
    for login in SUPERVISORS.into_iter().chain(["auditor"]) {
        let staff = world.staff(login);
        staff.signs_in().await;
        world.epoch().await;
        for path in &paths {
            let sample = path
                .replace("{id}", "nothing")
                .replace("{digest}", "nothing");
            let call = Call::post(&sample).header("sec-fetch-site", "same-origin");
            let answer = if path.contains("/api/") {
                staff.sends(call.json(&json!({}))).await
            } else {
                staff.sends(call.form(&Fields::default())).await
            };
            assert!(
                [403, 404].contains(&answer.status),
                "{login} {path}: {}",
                answer.status
            );
            if path.contains("/api/") {
                assert_eq!(answer.code(), "read_only", "{login} {path}");
            }
        }
        let left = world.waiting_events().await;
        let changed: Vec<_> = left
            .iter()
            .filter(|event| !event.starts_with("supervisor_viewed"))
            .collect();
        assert!(changed.is_empty(), "{login}: {changed:?}");
    }
}

#[tokio::test]
async fn r3_1_each_view_leaves_an_event_with_name_page_and_second() {
    let world = World::new().await;
    let staff = world.staff("wangxin");
    staff.signs_in().await;
    world.epoch().await;
    for path in [
        "/supervisor",
        "/supervisor/platforms",
        "/supervisor/platforms/bank",
        "/supervisor/log",
    ] {
        staff.gets(path).await.expect(200);
        assert_eq!(
            world.waiting_events().await,
            ["supervisor_viewed:done"],
            "{path}"
        );
        world.epoch().await;
        let bodies = world.event_bodies().await;
        let view = bodies
            .iter()
            .find(|body| body["event"] == "supervisor_viewed" && body["page"] == path);
        let view = view.expect("the view");
        assert_eq!(
            (&view["login"], &view["at"]),
            (&json!("wangxin"), &json!(world.now().0))
        );
        assert_eq!(view["role"], "supervisor_cyberspace");
    }
    // The audit administrator reads it.
    let audit = world
        .staff("auditor")
        .gets("/operator/audit")
        .await
        .expect(200);
    assert!(audit.text().contains("supervisor_viewed"));
    assert!(audit.text().contains("/supervisor/platforms/bank"));
}

#[tokio::test]
async fn r3_1_a_department_sees_its_own_field() {
    let world = World::new().await;
    let id = identity::id::PlatformId("exam".to_owned());
    let culture = identity::staff::Field::CultureTourism;
    world.service().set_field(&id, culture).await.unwrap();
    let sees = async |login: &str| {
        let staff = world.staff(login);
        let list = staff.gets("/supervisor/platforms").await.expect(200);
        let one = staff.gets("/supervisor/platforms/exam").await.status;
        (list.text().contains("/supervisor/platforms/exam"), one)
    };
    for login in ["gongan", "wangxin", "wenlv"] {
        assert_eq!(sees(login).await, (true, 200), "{login}");
    }
    for login in ["minzheng", "weijian", "guangdian"] {
        assert_eq!(sees(login).await, (false, 404), "{login}");
    }
    let health = world.staff("weijian");
    assert_eq!(health.gets("/supervisor/platforms/bank").await.status, 404);
}

#[tokio::test]
async fn r3_1_plaintext_permissions_come_first_and_every_page_says_read_only() {
    let world = World::new().await;
    let staff = world.staff("wangxin");
    let page = staff.gets("/supervisor/platforms").await.expect(200);
    let place = |id: &str| {
        page.text()
            .find(&format!("/supervisor/platforms/{id}\""))
            .unwrap()
    };
    assert!(place("bank") < place("exam"), "plaintext first");
    assert!(place("bank") < place("forum"), "plaintext first");
    for path in ["/supervisor", "/supervisor/platforms", "/supervisor/log"] {
        let page = staff.gets(path).await.expect(200);
        assert!(page.text().contains("只读"), "{path}");
    }
}

/// ui.md §5.9: small numbers are hidden.
#[tokio::test]
async fn r9_3_counts_below_ten_are_not_told() {
    let world = World::new().await;
    for index in 0..9 {
        world.person(&format!("generated-{index}")).applies().await;
    }
    let staff = world.staff("wangxin");
    let active = async |staff: &Staff| {
        let page = staff.gets("/supervisor").await.expect(200);
        let text = page.text().split("网证 · 有效").nth(1).unwrap().to_owned();
        text.split("<dd>")
            .nth(1)
            .unwrap()
            .split("</dd>")
            .next()
            .unwrap()
            .to_owned()
    };
    assert!(["&#60;10", "&lt;10"].contains(&active(&staff).await.as_str()));
    world.person("generated-9").applies().await;
    assert_eq!(active(&staff).await, "10");
}

#[tokio::test]
async fn c6_the_log_page_proves_that_the_log_goes_on_from_the_last_visit() {
    let world = World::new().await;
    world.epoch().await;
    let staff = world.staff("gongan");
    let first = staff.gets("/supervisor/log").await.expect(200);
    assert!(first.text().contains("第一次查看"));
    let seen = first
        .headers
        .get_all("set-cookie")
        .into_iter()
        .filter_map(|line| line.to_str().ok())
        .find(|line| line.starts_with("wz_log_seen="))
        .unwrap();
    assert!(seen.contains("HttpOnly") && seen.contains("SameSite=Strict"));
    let seen = seen.split(';').next().unwrap().to_owned();
    let visit = async |seen: &str| {
        let cookie = format!("{}; {seen}", staff.cookie());
        world
            .send(Call::get("/supervisor/log").header("cookie", cookie))
            .await
            .expect(200)
    };
    // The log goes on; so does the proof.
    let person = world.person("resident").applies().await;
    world.epoch().await;
    assert!(visit(&seen).await.text().contains("与上次查看"));
    // Another root, or a larger log than there is: loud, and the page says what to do.
    let (size, root) = seen
        .trim_start_matches("wz_log_seen=")
        .split_once('.')
        .unwrap();
    let other = if root.starts_with('0') { "1" } else { "0" };
    let other = format!("wz_log_seen={size}.{other}{}", &root[1..]);
    for broken in [other, format!("wz_log_seen=999999.{root}")] {
        let page = visit(&broken).await;
        assert!(page.text().contains("审计链断裂"), "{broken}");
        assert!(page.text().contains("role=\"alert\""));
        assert!(page.text().contains("audit verify"));
        // The head that does not fit is not learnt.
        let learnt = page.headers.get_all("set-cookie").into_iter();
        let learnt = learnt.filter(|line| line.to_str().unwrap().starts_with("wz_log_seen"));
        assert_eq!(learnt.count(), 0);
    }
    // An entry, by the commitment in a receipt.
    let forum = world.platform("forum");
    let verified = forum
        .redeems(&person.approves(&forum.requests("").await).await)
        .await;
    world.epoch().await;
    let ask = async |commitment: &str| {
        let page = staff
            .gets(&format!("/supervisor/log?commitment={commitment}"))
            .await;
        page.expect(200).text().contains("该记录在审计链中")
    };
    assert!(ask(verified.commitment()).await);
    let other: String = verified.commitment().chars().rev().collect();
    assert!(!ask(&other).await);
    assert!(!ask("nonsense").await);
}

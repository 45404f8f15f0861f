//! A counter finds what nobody complained of: refused over-asking opens a case by itself (Art. 8(2), R8.2, R9.3).

use serde_json::{Value, json};
use testkit::{Platform, World};

/// A pushed request for a purpose that nobody reviewed.
async fn over_asks(platform: &Platform) {
    let fields = platform.request_for("everything").fields;
    assert_eq!(platform.push(&fields).await.status, 400);
}

#[tokio::test]
async fn r8_2_refused_over_asking_opens_a_case_by_itself() {
    let world = World::new().await;
    let officer = world.staff("cases");
    let (service, shop) = (world.service(), world.platform("shop"));
    for _ in 0..9 {
        over_asks(&shop).await;
    }
    over_asks(&world.platform("forum")).await;
    let found = service.open_findings().await.expect("looked");
    assert_eq!(found, 0, "below the threshold");
    over_asks(&shop).await;
    assert_eq!(service.open_findings().await.expect("looked"), 1);
    assert_eq!(service.open_findings().await.expect("looked"), 0, "once");

    let cases = officer.gets("/staff/api/cases").await.expect(200).json();
    let case = &cases["cases"][0];
    assert_eq!(case["platform"], "shop");
    assert_eq!(case["kind"], "over_asking");
    assert_eq!(case["origin"], "finding");
    assert_eq!(case["officer"], Value::Null, "it waits for an officer");
    let path = format!(
        "/staff/api/cases/{}",
        case["case"].as_str().expect("a number")
    );
    let opened = officer.gets(&path).await.expect(200).json();
    assert_eq!(opened["entries"][0]["officer"], "automatic");
    let taken = officer.posts(&format!("{path}/take"), &json!({})).await;
    assert_eq!(taken.expect(200).json()["officer"], "cases");
}

//! `/metrics`: what monitoring reads holds no person, no platform and no path a stranger typed (R9.3, C2).

use std::collections::BTreeSet;

use testkit::{Call, World};

use crate::routes::known_patterns;

/// Every value of a label, by the label's name.
fn labels(text: &str) -> BTreeSet<(String, String)> {
    let samples = text.lines().filter(|line| !line.starts_with('#'));
    let inside = samples.filter_map(|line| Some(line.split_once('{')?.1.split_once('}')?.0));
    let pairs = inside.flat_map(|labels| labels.split("\","));
    let named = pairs.filter_map(|pair| pair.split_once("=\""));
    named
        .map(|(name, value)| (name.to_owned(), value.trim_end_matches('"').to_owned()))
        .collect()
}

/// The value of the sample that begins with this text.
fn sample(text: &str, begins: &str) -> Option<u64> {
    let line = text.lines().find(|line| line.starts_with(begins))?;
    line.rsplit(' ').next()?.parse().ok()
}

#[tokio::test]
async fn a_verification_is_counted_by_its_routes_alone() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let forum = world.platform("forum");
    let request = forum.requests("account-registration").await;
    let redirect = person.approves(&request).await;
    forum.redeems(&redirect).await;
    world
        .send(Call::get("/zhou-typed-this/11010119900131"))
        .await;

    let answer = world.send(Call::get("/metrics")).await.expect(200);
    let text = answer.text();
    let token = r#"wangzheng_http_requests_total{method="POST",route="/oauth/token",status="200"}"#;
    assert_eq!(sample(text, token), Some(1), "{text}");
    let unmatched = r#"wangzheng_http_requests_total{method="GET",route="unmatched",status="404"}"#;
    assert_eq!(sample(text, unmatched), Some(1), "{text}");
    assert!(
        text.ends_with("# EOF\n"),
        "OpenMetrics 1.0 §Overall structure"
    );

    let known = known_patterns();
    for (name, value) in labels(text) {
        let allowed = match name.as_str() {
            "route" => value == "unmatched" || known.contains(value.as_str()),
            "method" => ["GET", "POST"].contains(&value.as_str()),
            "status" | "le" => value == "+Inf" || value.parse::<f64>().is_ok(),
            "version" => value == env!("CARGO_PKG_VERSION"),
            _ => false,
        };
        assert!(allowed, "a label nobody declared: {name}={value}");
    }
}

#[tokio::test]
async fn the_size_of_the_log_is_the_logs_own() {
    let world = World::new().await;
    world.person("resident").applies().await;
    world.epoch().await;
    let answer = world.send(Call::get("/metrics")).await.expect(200);
    let leaves = sample(answer.text(), "wangzheng_log_leaves ");
    assert!(leaves.is_some_and(|leaves| leaves > 0), "{leaves:?}");
    assert_eq!(leaves, Some(world.verify_log().await.counts.leaves));
}

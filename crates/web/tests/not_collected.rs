//! S3: where a person is, by which network, with which device, and what a platform makes of a result are collected
//! nowhere: not in a row, not in the log.

use testkit::{Call, World, captured_logs};

/// What a browser or a proxy tells of itself without being asked; each value is found nowhere else.
const TOLD: [(&str, &str); 9] = [
    ("x-forwarded-for", "203.0.113.77"),
    ("x-real-ip", "203.0.113.78"),
    ("forwarded", "for=203.0.113.79;proto=https"),
    ("user-agent", "Tell-Tale-Browser/9.7 (Pad; zh-CN)"),
    ("referer", "https://tell-tale.example/came-from-here"),
    ("sec-ch-ua-platform", "\"TellTaleOS\""),
    ("geolocation", "39.9042,116.4074"),
    ("x-device-id", "tell-tale-device-4711"),
    ("accept-language", "tell-TALE"),
];

fn holds(haystack: &[u8], needle: &str) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle.as_bytes())
}

/// S3, R9.1: every step of an application and a use, told what nobody asked for.
#[tokio::test]
async fn s3_no_place_no_network_no_device_is_kept() {
    let world = World::new().await;
    let telling = |call: Call| {
        TOLD.iter()
            .fold(call, |call, (name, value)| call.header(name, value))
    };
    let applicant = world.person("resident");
    let wallet = testkit::Wallet::generate("58203947");
    let application = applicant.application(&wallet).await;
    let call = telling(Call::post("/person/api/apply").json(&application));
    let answer = world.send(call).await.expect(201).json();
    let person = applicant.holds(wallet, &answer);
    let forum = world.platform("forum");
    let request = forum.requests("").await;
    let address = format!(
        "/oauth/authorize?client_id={}&request_uri={}",
        forum.client_id(),
        request.request_uri()
    );
    for page in ["/", "/apply", "/complain", &address] {
        world.send(telling(Call::get(page))).await;
    }
    let body = person.approval(&request).await.body();
    let call = telling(Call::post("/oauth/decide").json(&body));
    let decided = world.send(call).await.expect(200);
    forum.redeems(&testkit::Redirect::of(&decided)).await;
    world.epoch().await;
    let rows = world.stolen_rows();
    assert!(rows.len() > 20, "the rows were read");
    let logs = captured_logs();
    for (header, value) in TOLD {
        for row in &rows {
            assert!(!row.holds(value.as_bytes()), "{header} in {}", row.table);
        }
        assert!(!holds(&logs, value), "{header} in the log");
    }
}

/// S3: a platform has no way to say what it did with a result: of all that it may post, nothing is about one.
#[test]
fn s3_no_call_takes_what_a_platform_does_with_a_result() {
    let table = include_str!("routes/table.rs");
    let mut calls: Vec<&str> = table
        .lines()
        .filter(|line| line.contains("Platform,") || line.contains("Bearer,"))
        .filter_map(|line| line.split('"').nth(3))
        .collect();
    calls.sort_unstable();
    calls.dedup();
    assert!(calls.len() > 8, "the table was read: {calls:?}");
    // Asking, exchanging, ending, hearing, and reporting an incident of its own (R12.3).
    let known = [
        "/oauth/par",
        "/oauth/token",
        "/oauth/userinfo",
        "/oauth/introspect",
        "/oauth/revoke",
        "/oauth/bc-authorize",
        "/oauth/incident",
        "/ssf/stream",
        "/ssf/status",
        "/ssf/verify",
        "/ssf/poll",
    ];
    for call in calls {
        let plain = call.strip_prefix("/sm").unwrap_or(call);
        assert!(known.contains(&plain), "{call}: what does it take?");
    }
}

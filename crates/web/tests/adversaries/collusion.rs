//! Platforms in collusion: they pool what they receive (C2). Complaints and cases send them nothing at all.

use std::collections::BTreeSet;

use serde_json::json;
use testkit::World;

use crate::complaint::complains;

/// Whatever a person complains of, and whatever officers do about it: no platform hears who it was, or that anybody did.
#[tokio::test]
async fn c2_platforms_learn_nothing_of_complaints_and_cases() {
    let world = World::new().await;
    let (forum, shop) = (world.platform("forum"), world.platform("shop"));
    let person = world.person("resident").applies().await;
    let mut receipts = Vec::new();
    for platform in [&forum, &shop] {
        let redirect = person.approves(&platform.requests("").await).await;
        receipts.push(platform.redeems(&redirect).await);
    }
    let received = world.platforms_received().len();
    let officer = world.staff("cases");
    for (platform, receipt) in [("forum", &receipts[0]), ("shop", &receipts[1])] {
        let fields = json!({
            "platform": platform, "kind": "leak", "receipts": [receipt.receipt_text()], "share": true,
        });
        let filed = complains(&person, &fields).await;
        let open = json!({ "complaints": [filed["number"]] });
        let case = officer
            .posts("/staff/api/cases", &open)
            .await
            .expect(201)
            .json();
        let path = format!(
            "/staff/api/cases/{}/close",
            case["case"].as_str().expect("a case")
        );
        let result = json!({ "outcome": "no_breach", "reasons": "未发现" });
        officer.posts(&path, &result).await.expect(200);
    }
    assert_eq!(world.platforms_received().len(), received, "not a byte");
}

/// Two evidence packages about two platforms, with receipts of one person in both, share nothing that joins them.
#[tokio::test]
async fn c2_two_evidence_packages_do_not_join_a_person() {
    let world = World::new().await;
    let officer = world.staff("cases");
    let person = world.person("resident").applies().await;
    let mut packages = Vec::new();
    for name in ["forum", "shop"] {
        let platform = world.platform(name);
        let redirect = person.approves(&platform.requests("").await).await;
        let verified = platform.redeems(&redirect).await;
        let fields = json!({
            "platform": name, "kind": "leak", "receipts": [verified.receipt_text()], "share": true,
        });
        let filed = complains(&person, &fields).await;
        let open = json!({ "complaints": [filed["number"]] });
        let case = officer
            .posts("/staff/api/cases", &open)
            .await
            .expect(201)
            .json();
        world.epoch().await;
        let path = format!(
            "/staff/api/cases/{}/evidence",
            case["case"].as_str().expect("a case")
        );
        let package = officer.posts(&path, &json!({})).await.expect(200);
        packages.push((package.text().to_owned(), verified.receipt));
    }
    // Every long word of one package that is in the other: keys, heads and words of the format, nothing of the person.
    let words = |text: &str| -> BTreeSet<String> {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
        words
            .filter(|word| word.len() >= 20)
            .map(str::to_owned)
            .collect()
    };
    let (one, other) = (words(&packages[0].0), words(&packages[1].0));
    let keys = world
        .send(testkit::Call::get("/.well-known/wangzheng-keys"))
        .await;
    let published = words(keys.text());
    let shared: Vec<_> = one
        .intersection(&other)
        .filter(|word| !published.contains(*word))
        .collect();
    for (_, receipt) in &packages {
        for claim in ["sub", "jti", "commitment"] {
            let value = receipt[claim].as_str().expect("a text");
            assert!(
                !shared.iter().any(|word| word.contains(value)),
                "{claim} in {shared:?}"
            );
        }
    }
    // Nodes of the public tree may be shared, for it is one tree; salts, leaves and signatures may not.
    assert!(shared.len() < 40, "{shared:?}");
}

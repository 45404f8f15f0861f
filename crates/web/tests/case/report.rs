//! The public report and the purpose lock: counts with a threshold, and nothing reads verification events for anything
//! else (Art. 9(2), R9.3, R9.4).

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use jose::jwk::JwkSet;
use jose::jws::Unverified;
use serde_json::{Value, json};
use testkit::{Call, World};

use crate::complaint::complains;

async fn report(world: &World) -> Value {
    world.service().store_counts().await.expect("stored");
    let answer = world.send(Call::get("/transparency.json")).await;
    answer.expect(200).json()
}

#[tokio::test]
async fn r9_3_the_public_report_is_coarse_signed_and_of_nobody() {
    let world = World::new().await;
    let forum = world.platform("forum");
    let mut people = Vec::new();
    for index in 0..12 {
        let person = world.person(&format!("generated-{index}")).applies().await;
        forum
            .redeems(&person.approves(&forum.requests("").await).await)
            .await;
        people.push(person);
    }
    for _ in 0..3 {
        complains(&people[0], &json!({ "platform": "shop", "kind": "leak" })).await;
    }
    for _ in 0..11 {
        people[0]
            .acts("unlock", &json!({ "pin": "11111111" }))
            .await;
    }
    let answer = report(&world).await;
    let month = &answer["report"]["months"][0];
    assert_eq!(month["applications"], 12);
    assert_eq!(month["verifications"], 12);
    assert_eq!(
        month["complaints"]["leak"], "<10",
        "small numbers are not shown"
    );
    assert_eq!(month["complaints"]["impersonation"], 0);
    assert_eq!(month["legal_requests"], 0);
    assert!(
        month["refusals"]
            .as_object()
            .is_some_and(|rules| !rules.is_empty())
    );
    // Of no platform and of no person.
    let text = answer["report"].to_string();
    for name in [
        "forum",
        "shop",
        "person",
        "13",
        people[0].wallet().handle.as_str(),
    ] {
        assert!(!text.contains(&format!("\"{name}\"")), "{name} in {text}");
    }
    // Signed: what is published cannot be published otherwise later.
    let keys = world.send(Call::get("/sm/oauth/jwks")).await.json();
    let keys: JwkSet = serde_json::from_value(keys).expect("keys");
    let signed = Unverified::parse(answer["jws"].as_str().expect("JWS")).expect("JWS");
    assert!(signed.header().has_type("wz-transparency+jwt"));
    let claims = signed.verify_with_set(&keys).expect("a receipt key");
    assert_eq!(
        claims.claims::<Value>().expect("claims").into_inner(),
        answer["report"]
    );
    let page = world.send(Call::get("/transparency")).await.expect(200);
    assert!(page.text().contains("&#60;10") || page.text().contains("&lt;10"));
}

/// R9.4: the count of legal requests is published.
#[tokio::test]
async fn r9_4_legal_requests_are_counted() {
    let world = World::new().await;
    let officer = world.staff("cases");
    let subject = json!({ "by": "pairwise", "platform": "forum", "sub": "a".repeat(26) });
    for index in 0..11 {
        let new = json!({
            "basis": "civil_procedure70",
            "authority": "某区人民法院",
            "reference": format!("民初{index}号"),
            "subject": subject,
            "asks": ["state"],
        });
        let answer = officer
            .posts("/staff/api/legal-requests", &new)
            .await
            .expect(201);
        let act = json!({ "act": "provide_legal_request", "request": answer.json()["request"] });
        let proposal = officer.proposes(&act).await;
        world.staff("secadmin").confirms(&proposal).await;
    }
    let answer = report(&world).await;
    assert_eq!(answer["report"]["legal_requests"], 11);
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Who reads stored events, and what for. Anything new needs its reason here: verification events are for the person's
/// own copy, the log and its audit, and nothing else (Art. 9(2): not for any other purpose).
const READERS: &[(&str, &str)] = &[
    (
        "identity/src/audit/about.rs",
        "whom an event is about, and on which day",
    ),
    ("identity/src/store.rs", "the contract"),
    (
        "identity/src/verification/redeem.rs",
        "writes the event of a verification",
    ),
    ("identity/src/log/verify/events.rs", "the audit of the log"),
    (
        "identity/src/log/verify/removed.rs",
        "the audit of the log: rows that were removed lawfully",
    ),
    (
        "identity/src/erasure/retention.rs",
        "deletes what its time is over; looks at days alone (R9.5)",
    ),
    (
        "identity/src/erasure/inactivity.rs",
        "the day of the last act, to delete what is inactive (R9.5)",
    ),
    (
        "identity/src/log/verify/beyond.rs",
        "the audit of the log: rows beyond its window",
    ),
    (
        "identity/src/oversight/watch.rs",
        "acts of staff, for the audit administrator: in the buckets of their accounts",
    ),
    (
        "identity/src/rights/export.rs",
        "the person's own events, for the person's own copy (PIPL 45)",
    ),
    (
        "wangzheng/src/demo/platforms/site.rs",
        "security events a demo platform received: no rows of the service",
    ),
    (
        "identity/src/case_file/evidence/export.rs",
        "events of one case, in the bucket of its number",
    ),
];

/// R9.3: no function and no route reads verification events for anything else.
#[test]
fn r9_3_nothing_reads_verification_events_for_anything_else() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for name in ["identity/src", "web/src", "wangzheng/src", "store/src"] {
        sources(&crates.join(name), &mut files);
    }
    assert!(files.len() > 200, "the sources were read");
    let allowed: BTreeSet<&str> = READERS.iter().map(|(file, _)| *file).collect();
    let mut reading = BTreeSet::new();
    for file in files {
        let name = file
            .strip_prefix(&crates)
            .expect("inside")
            .to_string_lossy()
            .into_owned();
        // A backend's own rows of events, and tests of the log, are not functions of the service.
        if name.starts_with("store/") || name.contains("/tests") || name.contains("fake.rs") {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a source");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let reads = [
            ".events(",
            ".events_of(",
            ".sealed_receipts(",
            "AuditEvent::Verified",
            "Self::Verified {",
        ];
        if reads.iter().any(|call| code.contains(call)) {
            reading.insert(name);
        }
    }
    let unknown: Vec<_> = reading
        .iter()
        .filter(|name| !allowed.contains(name.as_str()))
        .collect();
    assert!(
        unknown.is_empty(),
        "reads events, without a reason above: {unknown:?}"
    );
}

/// R9.3: counters hold no person, and a platform only where its own conduct is counted.
#[tokio::test]
async fn r9_3_counters_know_no_person_and_no_platform_of_a_verification() {
    let world = World::new().await;
    let (forum, person) = (
        world.platform("forum"),
        world.person("resident").applies().await,
    );
    forum
        .redeems(&person.approves(&forum.requests("").await).await)
        .await;
    world.service().store_counts().await.expect("stored");
    let rows = world.service().store().counts().await.expect("counters");
    let names: Vec<_> = rows
        .iter()
        .map(|row| (row.name.as_str(), row.count))
        .collect();
    assert_eq!(names, [("applications", 1), ("verifications", 1)]);
}

/// R9.3: of incidents and of suspended platforms the public reads how many; a drill is no incident.
#[tokio::test]
async fn r9_3_incidents_and_suspended_platforms_are_counted() {
    let world = World::new().await;
    let leader = world.staff("secadmin");
    for (count, drill) in [(11, false), (5, true)] {
        for _ in 0..count {
            let new = json!({
                "drill": drill,
                "kind": "network",
                "title": { "chinese": "中断", "english": "Outage" },
                "scope": { "at": "service" },
            });
            leader.posts("/staff/api/incidents", &new).await.expect(201);
        }
    }
    let act = json!({
        "act": "suspend_platform", "platform": "shop", "reason": "leak", "explanation": "泄露",
    });
    let proposal = world.staff("reviewer1").proposes(&act).await;
    world.staff("reviewer2").confirms(&proposal).await;
    let answer = report(&world).await;
    assert_eq!(answer["report"]["incidents"], 11);
    assert_eq!(answer["report"]["suspended_platforms"], "<10");
    assert!(!answer["report"].to_string().contains("shop"));
    let page = world.send(Call::get("/transparency")).await.expect(200);
    assert!(page.text().contains("正在暂停的平台"));
}

//! The evidence package under attack: every changed byte is found, and the part it is in is named (R14.1).

use identity::case_file::evidence::Bundle;
use identity::case_file::evidence::verify::{EvidenceReport, Trust, verify_evidence};
use serde_json::Value;
use testkit::World;

use super::{exported, forum_case, published_keys, verified};

async fn package() -> (World, String) {
    let world = World::new().await;
    let officer = world.staff("cases");
    let (_, case) = forum_case(&world, &officer).await;
    let package = exported(&officer, &case).await;
    (world, package)
}

fn parts(report: &EvidenceReport) -> Vec<&str> {
    report
        .findings
        .iter()
        .map(|finding| finding.part.as_str())
        .collect()
}

/// Changes every part in turn, in its middle and at both ends: the part is named, and nothing is good.
#[tokio::test]
async fn r14_1_a_change_in_any_part_is_found_and_named() {
    let (world, package) = package().await;
    assert!(verified(&world, &package).await.good);
    let whole: Bundle = serde_json::from_str(&package).expect("a package");
    let names: Vec<_> = whole.parts.iter().map(|part| part.name.clone()).collect();
    for kind in [
        "case.json",
        "complaint/",
        "receipt/",
        "proof/receipt/",
        "entry/",
        "event/",
        "proof/event/",
        "keys.json",
    ] {
        assert!(names.iter().any(|name| name.starts_with(kind)), "{kind}");
    }
    for (at, name) in names.iter().enumerate() {
        let length = whole.parts[at].content.len();
        for place in [0, length / 3, length / 2, length - 1] {
            let mut changed = whole.clone();
            let mut bytes = changed.parts[at].content.clone().into_bytes();
            bytes[place] = if bytes[place] == b'1' { b'2' } else { b'1' };
            changed.parts[at].content = String::from_utf8_lossy(&bytes).into_owned();
            let report = verified(&world, &changed.to_text()).await;
            assert!(!report.good, "{name}, byte {place}");
            assert!(
                parts(&report).contains(&name.as_str()),
                "{name}: {:?}",
                report.findings
            );
        }
    }
}

/// Every byte of the file, one after the other: no change goes unnoticed, also outside the parts.
#[tokio::test]
async fn r14_1_no_byte_of_the_file_can_change() {
    let (world, package) = package().await;
    let trust = Trust::Keys(published_keys(&world).await);
    let bytes = package.as_bytes();
    // Most of the file is the contents of parts, which the test above changes: every byte around them, some of them.
    let step = (bytes.len() / 1500).max(1);
    let places =
        (0..bytes.len()).filter(|at| at % step == 0 || *at < 200 || bytes.len() - at < 200);
    for at in places {
        let mut changed = bytes.to_vec();
        changed[at] ^= 1;
        assert!(!verify_evidence(&changed, &trust).good, "byte {at}");
    }
    for changed in [
        format!(" {package}"),
        format!("{package}\n"),
        package.replace("  ", " "),
    ] {
        assert!(!verify_evidence(changed.as_bytes(), &trust).good);
    }
    assert!(!verify_evidence(b"", &trust).good);
    assert!(!verify_evidence(b"{}", &trust).good);
}

/// A part taken out, put in, doubled or put elsewhere; another's signature; other keys.
#[tokio::test]
async fn r14_1_parts_cannot_be_taken_out_put_in_or_exchanged() {
    let (world, package) = package().await;
    let whole: Bundle = serde_json::from_str(&package).expect("a package");
    let named = |change: &dyn Fn(&mut Bundle), world: World| {
        let mut changed = whole.clone();
        change(&mut changed);
        async move { verified(&world, &changed.to_text()).await }
    };
    for at in 0..whole.parts.len() {
        let report = named(&|bundle| drop(bundle.parts.remove(at)), world.clone()).await;
        let name = whole.parts[at].name.as_str();
        assert!(
            parts(&report).contains(&name),
            "{name}: {:?}",
            report.findings
        );
    }
    let doubled = named(
        &|bundle| bundle.parts.push(bundle.parts[0].clone()),
        world.clone(),
    )
    .await;
    assert!(parts(&doubled).contains(&"file"));
    let swapped = named(&|bundle| bundle.parts.swap(0, 1), world.clone()).await;
    assert!(parts(&swapped).contains(&"file"));
    let added = named(
        &|bundle| {
            let mut part = bundle.parts[0].clone();
            part.name = "note.json".to_owned();
            bundle.parts.push(part);
        },
        world.clone(),
    )
    .await;
    assert!(parts(&added).contains(&"note.json"));
    let unsigned = named(&|bundle| bundle.manifest.push('A'), world.clone()).await;
    assert!(parts(&unsigned).contains(&"manifest"));
}

/// Offline: the keys inside are pinned by a fingerprint read elsewhere; another service's package is not this one's.
#[tokio::test]
async fn r14_1_keys_are_compared_by_fingerprint() {
    let (world, package) = package().await;
    let alone = verify_evidence(package.as_bytes(), &Trust::InFile);
    assert!(
        alone.good && !alone.keys_compared,
        "consistent in itself, and says so"
    );
    let page = world.send(testkit::Call::get("/transparency")).await;
    assert!(
        page.text().contains(&alone.fingerprint),
        "published for comparison"
    );
    let pinned = Trust::Fingerprint(alone.fingerprint.clone());
    assert!(verify_evidence(package.as_bytes(), &pinned).good);
    let other = Trust::Fingerprint(alone.fingerprint.replace(['0', '1'], "f"));
    let report = verify_evidence(package.as_bytes(), &other);
    assert_eq!(parts(&report), ["keys.json"]);
    // A whole package made by somebody else, with keys of their own.
    let elsewhere = World::with(testkit::Setup {
        seed: 99,
        ..testkit::Setup::default()
    })
    .await;
    let trust = Trust::Keys(published_keys(&elsewhere).await);
    let report = verify_evidence(package.as_bytes(), &trust);
    assert!(parts(&report).contains(&"manifest"));
}

/// Art. 9(2): what a person did not agree to pass on is not in the package.
#[tokio::test]
async fn r9_2_without_consent_text_and_receipts_stay_out() {
    let world = World::new().await;
    let officer = world.staff("cases");
    let (forum, person) = (
        world.platform("forum"),
        world.person("resident").applies().await,
    );
    let redirect = person.approves(&forum.requests("").await).await;
    let verification = forum.redeems(&redirect).await;
    let fields = serde_json::json!({
        "platform": "forum",
        "kind": "leak",
        "text": "只告诉处理员",
        "receipts": [verification.receipt_text()],
    });
    let filed = crate::complaint::complains(&person, &fields).await;
    let open = serde_json::json!({ "complaints": [filed["number"]] });
    let case: Value = officer
        .posts("/staff/api/cases", &open)
        .await
        .expect(201)
        .json();
    let package = exported(&officer, case["case"].as_str().expect("a case")).await;
    assert!(!package.contains("只告诉处理员") && !package.contains(verification.receipt_text()));
    let report = verified(&world, &package).await;
    assert!(report.good, "{:?}", report.findings);
    assert_eq!(report.receipts, 0);
    assert!(report.pending > 0, "the log did not have the events yet");
}

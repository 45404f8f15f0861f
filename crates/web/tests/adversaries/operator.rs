//! An operator with the database and the ordinary keys: token signing and the hourly keys of sealed values. Not the
//! root, index, sector, tag and PIN keys (design §4 Keys, C1).

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use testkit::{ISSUER, World};

use super::{TEXT, a_busy_day, spellings};

/// Every label under which a value is sealed on its way, read from the sources.
fn labels() -> BTreeSet<String> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut labels = BTreeSet::new();
    for folder in ["identity/src", "web/src"] {
        gather(&crates.join(folder), &mut labels);
    }
    labels
}

fn gather(folder: &Path, labels: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            gather(&path, labels);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap_or_default();
        for line in text
            .lines()
            .filter(|line| line.contains("LABEL: &str = \""))
        {
            labels.extend(line.split('"').nth(1).map(str::to_owned));
        }
    }
}

/// What the hourly keys open in the database now: table and plain text.
fn opened(world: &World) -> Vec<(String, Vec<u8>)> {
    let (keys, now) = (world.keys(), world.now().0);
    let mut opened = Vec::new();
    let labels = labels();
    assert!(labels.len() > 8, "the sources were read: {labels:?}");
    for row in world.stolen_rows() {
        for (_, cell) in row.cells.iter().filter(|(_, cell)| cell.len() > 32) {
            // What a value is bound to stands beside it in its row, or is a constant.
            let beside = row.cells.iter().map(|(_, other)| other.as_slice());
            let contexts: Vec<&[u8]> = beside.chain([ISSUER.as_bytes(), b""]).collect();
            for label in &labels {
                for context in contexts.iter().copied().chain([label.as_bytes()]) {
                    if let Ok(plain) = keys.open(label, context, cell, now) {
                        opened.push((row.table.clone(), plain));
                    }
                }
            }
        }
    }
    opened
}

/// The hourly keys open hand-overs that are under way, and nothing that stays.
#[tokio::test]
async fn c1_ordinary_keys_open_what_is_under_way_and_nothing_that_stays() {
    let (world, people) = a_busy_day().await;
    assert_eq!(opened(&world), [], "nothing is under way");
    // The control: a link between two devices is, for minutes.
    people[0]
        .acts("link", &serde_json::json!({}))
        .await
        .expect(200);
    let under_way = opened(&world);
    let tables: BTreeSet<_> = under_way.iter().map(|(table, _)| table.as_str()).collect();
    assert_eq!(tables, BTreeSet::from(["handover"]));
    for (_, plain) in &under_way {
        let text = String::from_utf8_lossy(plain);
        assert!(!text.contains(TEXT));
        for (platform, texts) in spellings(&world) {
            let found = texts
                .iter()
                .any(|text| plain.windows(text.len()).any(|at| at == text));
            assert!(!found, "{platform} in {text}");
        }
    }
    // After the hours of the keys even that is closed for good.
    world.advance(27 * 3600);
    assert_eq!(opened(&world), []);
}

/// Signing keys sign: false records are possible, and the public log gives them away; they open nothing.
#[tokio::test]
async fn c6_a_receipt_forged_with_the_signing_key_has_no_leaf() {
    use crypto::SignatureAlgorithm;
    use crypto::keystore::SigningPurpose;
    use jose::jws::{Header, StoreSigner, sign_compact};
    let (world, people) = a_busy_day().await;
    let commitment = crypto::digest::Digest([9; 32]);
    let claims = serde_json::json!({
        "iss": ISSUER, "aud": "app-forum", "sub": "a".repeat(26), "commitment": commitment,
    });
    let signer = StoreSigner {
        store: world.keys(),
        purpose: SigningPurpose::Receipt,
        algorithm: SignatureAlgorithm::Es256,
    };
    let header = Header::typ("wz-receipt+jwt");
    let forged = sign_compact(header, claims.to_string().as_bytes(), &signer).expect("signed");
    // It passes as a receipt, for the signature is the service's own …
    let fields = serde_json::json!({
        "platform": "forum", "kind": "leak", "receipts": [forged], "share": true,
    });
    let filed = crate::complaint::complains(&people[0], &fields).await;
    // … and everybody can see that the log knows nothing of it.
    let officer = world.staff("cases");
    let open = serde_json::json!({ "complaints": [filed["number"]] });
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
    let package = officer
        .posts(&path, &serde_json::json!({}))
        .await
        .expect(200);
    let trust = identity::case_file::evidence::verify::Trust::InFile;
    let report = identity::case_file::evidence::verify::verify_evidence(&package.body, &trust);
    assert_eq!((report.receipts, report.pending), (1, 1), "{report:?}");
}

//! While the registry does not answer: an application is kept and the person told; nothing is guessed (R15.2, R4.1).

use identity::registry::population::RegistryState;
use serde_json::{Value, json};
use testkit::{Answer, Applicant, Call, Statement, Wallet, World};

const DAY: i64 = 86_400;

/// Asks where the application of this device stands.
async fn asks(world: &World, wallet: &Wallet) -> Answer {
    let statement = Statement::of_new_device(world).sign(&wallet.device);
    let body = json!({ "statement": statement });
    let call = Call::post("/person/api/application").json(&body);
    world.send(call).await
}

/// Goes on with what is kept: keys and 口令 alone, no document.
async fn comes_back(applicant: &Applicant, wallet: &Wallet) -> Answer {
    let mut body = applicant.application(wallet).await;
    let members = body.as_object_mut().unwrap();
    for said_before in ["consents", "document", "evidence"] {
        members.remove(said_before);
    }
    body["kept"] = json!(true);
    applicant.apply(&body).await
}

/// Applies while the registry is silent.
async fn leaves_an_application(applicant: &Applicant, wallet: &Wallet) -> Value {
    let body = applicant.application(wallet).await;
    applicant.apply(&body).await.expect(202).json()
}

fn kept_rows(world: &World) -> usize {
    let rows = world.stolen_rows();
    rows.iter()
        .filter(|row| row.table == "kept_application")
        .count()
}

/// R15.2: kept, told until when, taken up when the registry answers; the person says the document once.
#[tokio::test]
async fn r15_2_an_application_waits_for_the_registry_and_goes_on() {
    let world = World::new().await;
    let (applicant, wallet) = (world.person("resident"), Wallet::generate("58203947"));
    world.registry().set_silent(true);
    let told = leaves_an_application(&applicant, &wallet).await;
    let until = world.now().day().plus(7).to_string();
    assert_eq!(
        (told["state"].clone(), told["kept_until"].clone()),
        (json!("waiting"), json!(until))
    );
    assert!(told.get("credential").is_none(), "nothing by a guess");
    assert_eq!(asks(&world, &wallet).await.json()["state"], "waiting");
    // Whoever comes back too early is told the same, and the day does not move.
    world.advance(DAY);
    let again = comes_back(&applicant, &wallet).await.expect(202).json();
    assert_eq!(again["kept_until"], json!(until));
    // A pass while it is silent guesses nothing; the next one finds the answer, without the person.
    let pass = world.service().recheck_due().await.unwrap();
    assert_eq!((pass.looked_at, pass.unavailable), (1, 1));
    world.registry().set_silent(false);
    let pass = world.service().recheck_due().await.unwrap();
    assert_eq!((pass.looked_at, pass.unavailable), (1, 0));
    assert_eq!(asks(&world, &wallet).await.json()["state"], "ready");
    let issued = comes_back(&applicant, &wallet).await.expect(201).json();
    let person = applicant.holds(wallet.clone(), &issued);
    let forum = world.platform("forum");
    forum
        .redeems(&person.approves(&forum.requests("").await).await)
        .await;
    // It is settled: no row of it stays.
    assert_eq!(kept_rows(&world), 0);
    assert_eq!(
        asks(&world, &wallet).await.outcome(),
        (403, "application_expired".to_owned())
    );
}

/// R4.1: what the registry refuses is refused with its reason, and goes.
#[tokio::test]
async fn r4_1_a_kept_application_is_refused_by_the_registry_only() {
    let world = World::new().await;
    let (applicant, wallet) = (world.person("resident"), Wallet::generate("58203947"));
    world.registry().set_silent(true);
    leaves_an_application(&applicant, &wallet).await;
    let number = applicant.person.document.number().clone();
    assert!(world.registry().report(&number, RegistryState::Lost));
    world.registry().set_silent(false);
    world.service().recheck_due().await.unwrap();
    let state = asks(&world, &wallet).await.json();
    assert_eq!(state["state"], "refused");
    assert!(state["rule"].as_str().unwrap().contains("R4.1"), "{state}");
    let refused = comes_back(&applicant, &wallet).await;
    assert_eq!(refused.outcome(), (403, "document_lost".to_owned()));
    assert_eq!(kept_rows(&world), 0);
}

/// R15.2, R9.1: after its last day it is gone, for whoever asks at once and from the disk with the sweep.
#[tokio::test]
async fn r9_1_a_kept_application_goes_after_its_days() {
    let world = World::new().await;
    let (applicant, wallet) = (world.person("resident"), Wallet::generate("58203947"));
    world.registry().set_silent(true);
    leaves_an_application(&applicant, &wallet).await;
    let days = i64::from(world.service().policy.kept_application_days);
    world.advance(days * DAY);
    assert_eq!(asks(&world, &wallet).await.json()["state"], "waiting");
    world.advance(DAY);
    world.registry().set_silent(false);
    let late = comes_back(&applicant, &wallet).await;
    assert_eq!(late.outcome(), (403, "application_expired".to_owned()));
    let today = world.now().day();
    let swept = world.service().store().sweep_applications(today).await;
    assert_eq!((swept.unwrap(), kept_rows(&world)), (1, 0));
}

/// R9.2: it belongs to the device that made it; C1: whoever takes the rows reads nothing in them, and no 口令 is there.
#[tokio::test]
async fn r9_2_a_kept_application_is_of_its_device_alone() {
    let world = World::new().await;
    let (applicant, wallet) = (world.person("resident"), Wallet::generate("58203947"));
    world.registry().set_silent(true);
    leaves_an_application(&applicant, &wallet).await;
    world.registry().set_silent(false);
    let stranger = comes_back(&applicant, &Wallet::generate("58203947")).await;
    assert_eq!(stranger.outcome(), (403, "application_expired".to_owned()));
    let document = &applicant.person.document;
    let secrets = [document.number().printed(), document.holder().as_str()];
    for row in world.stolen_rows() {
        for (column, cell) in &row.cells {
            let text = String::from_utf8_lossy(cell);
            let found = secrets.iter().any(|secret| text.contains(secret));
            assert!(!found, "{}.{column}", row.table);
        }
    }
}

/// R4.2: a kept application of a child waits for the guardian's part like any other.
#[tokio::test]
async fn r4_2_a_kept_application_of_a_child_still_needs_the_guardian() {
    let world = World::new().await;
    let (child, wallet) = (world.person("child13"), Wallet::generate("58203947"));
    world.registry().set_silent(true);
    leaves_an_application(&child, &wallet).await;
    world.registry().set_silent(false);
    world.service().recheck_due().await.unwrap();
    let alone = comes_back(&child, &wallet).await;
    assert_eq!(alone.outcome(), (403, "guardian_needed".to_owned()));
    assert_eq!(kept_rows(&world), 1, "it is not lost by that");
}

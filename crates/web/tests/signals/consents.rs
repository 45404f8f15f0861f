//! The person's own list, and what a withdrawal ends (R9.2, C1).

use identity::consent::platform::DisclosureConsent;
use serde_json::{Value, json};
use testkit::{Holder, World};

use super::{batch_leaves, text, verified_at};

async fn consents(person: &Holder) -> Vec<Value> {
    let answer = person.acts("consents", &json!({})).await.expect(200).json();
    answer["consents"].as_array().unwrap().clone()
}

/// The row in the store.
async fn row(world: &World, person: &Holder) -> identity::person::PersonRow {
    let handle = identity::id::OpaqueId::parse(&person.wallet().handle).unwrap();
    let handle = identity::device::DeviceHandle(handle);
    let (who, _) = handle.open(world.keys()).unwrap();
    world.service().store().person(who).await.unwrap().unwrap()
}

#[tokio::test]
async fn r9_2_a_withdrawal_ends_every_consent_to_the_platform_and_no_other() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let own = consents(&person).await.len();
    let service = world.service();
    let holder = row(&world, &person).await;
    let names = ["name".to_owned()];
    for name in ["bank", "forum"] {
        let platform = service.platform(&super::id(name)).unwrap();
        let consent = DisclosureConsent {
            platform: &platform,
            scenario: &platform.scenarios[0],
            attributes: &names,
        };
        service
            .record_disclosure_consent(&holder, &consent)
            .await
            .unwrap();
    }
    // C1: the service's answer says neither to whom nor for what; the device opens it.
    let rows = consents(&person).await;
    assert_eq!(rows.len(), own + 2);
    assert!(!json!(rows).to_string().contains("bank"));
    let opened: Vec<Value> = rows
        .iter()
        .filter_map(|row| person.wallet().open_consent(row))
        .collect();
    assert_eq!(opened.len(), 2);
    let bank = opened
        .iter()
        .find(|one| one["host"] == "bank.example")
        .unwrap();
    assert_eq!(bank["attributes"], json!(["name"]));
    person.withdraws("bank").await;
    for row in consents(&person).await {
        let withdrawn = !row["withdrawn_on"].is_null();
        let of_bank = person
            .wallet()
            .open_consent(&row)
            .is_some_and(|one| one["host"] == "bank.example");
        assert_eq!(withdrawn, of_bank, "{row}");
    }
    // The note of it is in the person's own history, and tells how to follow it.
    let kinds = person.history_kinds().await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "withdrawal").count(), 1);
    let nobody = json!({ "platform": "app-nobody" });
    assert_eq!(person.acts("withdraw-consent", &nobody).await.status, 404);
}

#[tokio::test]
async fn r9_2_whoever_withdrew_is_not_asked_by_backchannel_until_they_come_back() {
    let world = World::new().await;
    let forum = world.platform("forum");
    let person = world.person("resident").applies().await;
    let subject = verified_at(&person, &forum).await;
    let waiting = async || person.waiting().await["requests"].as_array().unwrap().len();
    forum.starts_step_up(&subject).await;
    assert_eq!(waiting().await, 1);
    world.advance(600);
    person.withdraws("forum").await;
    forum.starts_step_up(&subject).await;
    assert_eq!(waiting().await, 0, "effect for the future");
    // The person uses the platform again: consent anew.
    assert_eq!(verified_at(&person, &forum).await, subject);
    forum.starts_step_up(&subject).await;
    assert_eq!(waiting().await, 1);
}

#[tokio::test]
async fn c1_the_database_does_not_say_who_withdrew_from_where() {
    let world = World::new().await;
    let forum = world.platform("forum");
    let person = world.person("resident").applies().await;
    let subject = verified_at(&person, &forum).await;
    forum.opens_stream().await;
    let going = person.withdraws("forum").await;
    batch_leaves(&world);
    let files = world.database_files();
    assert!(!files.is_empty());
    let written: Vec<u8> = files.into_iter().flat_map(|(_, bytes)| bytes).collect();
    for secret in [subject.as_str(), text(&going["tracking"])] {
        let found = written
            .windows(secret.len())
            .any(|part| part == secret.as_bytes());
        assert!(!found, "{secret} is readable");
    }
}

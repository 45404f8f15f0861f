//! An incident at a platform: it names its own identifiers, and nobody can read afterwards whose they were (C1).

use serde_json::{Value, json};
use testkit::World;

use super::{leak, notes, notice, opens, step};

fn at(platform: &str) -> Value {
    let mut new = leak(2);
    new["scope"] = json!({ "at": "platform", "platform": platform });
    new
}

#[tokio::test]
async fn r12_3_a_platform_names_its_identifiers_and_only_they_are_told() {
    let world = World::new().await;
    let (forum, bank) = (world.platform("forum"), world.platform("bank"));
    let one = world.person("resident").applies().await;
    let two = world.person("elder").applies().await;
    let other = world.person("generated-1").applies().await;
    let mut subjects = Vec::new();
    for person in [&one, &two] {
        let verified = forum
            .redeems(&person.approves(&forum.requests("").await).await)
            .await;
        subjects.push(verified.subject().to_owned());
    }
    let leader = world.staff("secadmin");
    let (id, _) = opens(&leader, &at("forum")).await;

    // Not before the notice is released, and by nobody else.
    let early = forum.names_subjects(&id, &subjects).await;
    assert_eq!(early.status, 400);
    step(&leader, &id, json!({ "do": "prepare", "notice": notice() })).await;
    step(&leader, &id, json!({ "do": "tell" })).await;
    assert_eq!(
        world.service().continue_telling(4096).await.unwrap(),
        0,
        "only who is named"
    );
    let foreign = bank.names_subjects(&id, &subjects).await;
    assert_eq!(
        foreign.status, 400,
        "to another platform there is no such incident"
    );

    // What does not open, or to nobody, counts as named: the answer tells nothing.
    let mut named = subjects.clone();
    named.push("a".repeat(26));
    named.push("no identifier".replace(' ', "-"));
    let events = world.event_count().await;
    let answer = forum.names_subjects(&id, &named).await.expect(200).json();
    assert_eq!(answer, json!({ "named": 4 }));
    assert_eq!(
        world.event_count().await,
        events + 3,
        "two notes, and the count"
    );
    assert_eq!((notes(&one).await.len(), notes(&two).await.len()), (1, 1));
    assert!(notes(&other).await.is_empty());
    let shown = leader
        .gets(&format!("/staff/api/incidents/{id}"))
        .await
        .json();
    assert_eq!(shown["incident"]["told"]["persons"], 2);
    // C1: nothing that was stored holds an identifier of the platform.
    let bytes: Vec<u8> = world
        .database_files()
        .into_iter()
        .flat_map(|(_, bytes)| bytes)
        .collect();
    for subject in &subjects {
        let found = bytes
            .windows(subject.len())
            .any(|part| part == subject.as_bytes());
        assert!(!found, "a pairwise identifier on the disk");
    }
}

#[tokio::test]
async fn r12_3_a_drill_at_a_platform_tells_nobody() {
    let world = World::new().await;
    let forum = world.platform("forum");
    let person = world.person("resident").applies().await;
    let verified = forum
        .redeems(&person.approves(&forum.requests("").await).await)
        .await;
    let leader = world.staff("secadmin");
    let mut drill = at("forum");
    drill["drill"] = json!(true);
    let (id, _) = opens(&leader, &drill).await;
    step(&leader, &id, json!({ "do": "prepare", "notice": notice() })).await;
    step(&leader, &id, json!({ "do": "tell" })).await;
    let answer = forum
        .names_subjects(&id, &[verified.subject().to_owned()])
        .await
        .expect(200)
        .json();
    assert_eq!(answer["named"], 1);
    assert!(notes(&person).await.is_empty());
}

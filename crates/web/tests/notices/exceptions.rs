//! Not telling, and telling later: by law and two persons, with a deadline that alarms (Art. 11(3), (4); R11.3, R11.4).

use identity::clock::Timestamp;
use identity::inbox::InboxNote;
use identity::platform::LocalText;
use serde_json::{Value, json};
use testkit::{Holder, World};

#[tokio::test]
async fn r11_3_an_exception_needs_a_law_of_the_list_and_two_persons() {
    let world = World::new().await;
    let (reviewer, security) = (world.staff("reviewer1"), world.staff("secadmin"));
    let until = world.now().day().plus(90);
    let act = |basis: &str, until: identity::clock::Day| {
        json!({ "act": "except_notice", "exception": {
            "legal_basis": basis, "processing": "legal-request-7", "reason": "保密要求", "until": until } })
    };
    assert_eq!(reviewer.propose(&act("because", until)).await.status, 403);
    let too_long = world.now().day().plus(900);
    assert_eq!(
        reviewer.propose(&act("pipl-18-1", too_long)).await.status,
        403
    );
    let excepted = async || {
        world
            .service()
            .is_excepted("legal-request-7")
            .await
            .unwrap()
    };
    let proposal = reviewer.proposes(&act("pipl-18-1", until)).await;
    assert!(!excepted().await, "one person is not enough");
    assert_eq!(
        world.staff("reviewer2").confirm(&proposal).await.status,
        403,
        "nor is a second of the same role"
    );
    assert_eq!(security.confirms(&proposal).await, "recorded");
    assert!(excepted().await);
    assert!(!world.service().is_excepted("anything else").await.unwrap());
    let listed = reviewer.gets("/staff/api/notices").await.expect(200).json();
    let recorded = &listed["exceptions"][0];
    assert_eq!(recorded["exception"]["legal_basis"], "pipl-18-1");
    assert_eq!(
        (&recorded["proposed_by"], &recorded["confirmed_by"]),
        (&json!("reviewer1"), &json!("secadmin"))
    );
    world.advance(91 * 86_400);
    assert!(!excepted().await, "it ends by itself");
}

async fn deferred(world: &World, person: &Holder, due: Timestamp) {
    let note = InboxNote {
        topic: "emergency".to_owned(),
        title: LocalText::new("紧急情况下的处理", "Processing in an emergency"),
        text: LocalText::new(
            "洪水中核对了你的身份。",
            "Your identity was checked during the flood.",
        ),
    };
    let row = world.person_row(person).await;
    let deferred = world.service().defer_notice(&row, &note, "flood-2026", due);
    deferred.await.unwrap();
}

#[tokio::test]
async fn r11_4_who_could_not_be_told_is_told_when_the_emergency_is_over() {
    let world = World::new().await;
    let (one, two) = (
        world.person("resident").applies().await,
        world.person("elder").applies().await,
    );
    let due = world.now().plus(3 * 86_400);
    deferred(&world, &one, due).await;
    deferred(&world, &two, due).await;
    assert!(
        !one.history_kinds().await.contains(&"notice".to_owned()),
        "not yet"
    );

    // The deadline alarms where the operators look.
    let leader = world.staff("secadmin");
    let listed = async || {
        leader.gets("/staff/api/deferrals").await.expect(200).json()["deferrals"][0].clone()
    };
    let waiting = listed().await;
    assert_eq!(
        (&waiting["overdue"], &waiting["deferral"]["notices"]),
        (&json!(false), &json!(2))
    );
    world.advance(3 * 86_400 + 1);
    leader.signs_in().await;
    assert_eq!(listed().await["overdue"], true);
    assert!(
        world
            .service()
            .alarms()
            .await
            .unwrap()
            .iter()
            .any(|alarm| alarm.contains("flood-2026"))
    );

    let lift = json!({ "reason": "flood-2026" });
    assert_eq!(
        world
            .staff("reviewer1")
            .posts("/staff/api/deferrals/lift", &lift)
            .await
            .status,
        403
    );
    let nothing = json!({ "reason": "earthquake" });
    assert_eq!(
        leader
            .posts("/staff/api/deferrals/lift", &nothing)
            .await
            .status,
        404
    );
    let answer = leader
        .posts("/staff/api/deferrals/lift", &lift)
        .await
        .expect(200)
        .json();
    assert_eq!(answer["delivered"], 2);
    for person in [&one, &two] {
        let history = person.history().await;
        let note: Value = serde_json::from_str(&history[0].text).unwrap();
        assert_eq!(note["title"]["chinese"], "紧急情况下的处理");
    }
    assert_eq!(listed().await["overdue"], false);
    let again = leader
        .posts("/staff/api/deferrals/lift", &lift)
        .await
        .expect(200)
        .json();
    assert_eq!(again["delivered"], 0, "each once");
    assert!(world.service().alarms().await.unwrap().is_empty());
}

/// C1: the row that waits says neither whom a reason touches nor, in clear, what will be said.
#[tokio::test]
async fn c1_a_notice_that_waits_is_sealed_and_does_not_name_its_reason() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let files = |world: &World| -> Vec<u8> {
        let files = world.database_files();
        files.into_iter().flat_map(|(_, bytes)| bytes).collect()
    };
    deferred(&world, &person, world.now().plus(60)).await;
    let bytes = files(&world);
    let contains = |text: &str| {
        bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    assert!(
        contains("flood-2026"),
        "the operators' list names the reason"
    );
    assert!(!contains("洪水中核对了你的身份"), "nobody reads the note");
}

//! P-minors: staff look at a minor's data with an approved ticket only, for its purpose and hours, and every look is logged.

use serde_json::{Value, json};
use testkit::{Staff, World};

use super::credential::handle;

async fn look(staff: &Staff, person: &str, ticket: Option<&str>) -> testkit::Answer {
    let body = json!({ "person": person, "purpose": "申领复核", "ticket": ticket });
    staff.posts("/staff/api/look", &body).await
}

async fn looks(world: &World) -> Vec<Value> {
    let bodies = world.event_bodies().await;
    let looks = bodies.into_iter();
    looks
        .filter(|body| body["event"] == "record_opened")
        .collect()
}

#[tokio::test]
async fn p_minors_a_minors_record_takes_a_ticket_of_two_persons() {
    let world = World::new().await;
    let applicant = world.person("resident");
    applicant.applies().await;
    let (reviewer, other, security) = (
        world.staff("reviewer3"),
        world.staff("reviewer4"),
        world.staff("secadmin"),
    );
    let person = handle(&reviewer, &applicant).await;
    // An adult's record: one look, logged, masked.
    let seen = look(&reviewer, &person, None).await.expect(200).json();
    assert_eq!(seen["minor"], false);
    assert!(
        !seen
            .to_string()
            .contains(applicant.person.document.holder().as_str())
    );
    assert_eq!(looks(&world).await.len(), 1);
    // A ticket of two: the security administrator confirms, nobody else.
    let ticket =
        json!({ "act": "read_minor", "person": person, "purpose": "申领复核", "hours": 2 });
    let proposal = reviewer.proposes(&ticket).await;
    assert_eq!(other.confirm(&proposal).await.code(), "wrong_role");
    assert_eq!(reviewer.confirm(&proposal).await.code(), "same_person");
    assert_eq!(security.confirms(&proposal).await, "done");
    for (hours, purpose) in [(0, "x"), (25, "x"), (1, " ")] {
        let act =
            json!({ "act": "read_minor", "person": person, "purpose": purpose, "hours": hours });
        assert_eq!(reviewer.propose(&act).await.code(), "not_possible");
    }
}

#[tokio::test]
async fn p_minors_the_ticket_is_for_one_person_one_reader_and_its_hours() {
    let world = World::new().await;
    let applicant = world.person("resident");
    applicant.applies().await;
    let young = |number: &u32| {
        let person = world.person(&format!("resident{number}")).person;
        person.document.birth_date().year() >= 1988
    };
    let number = (2..=9)
        .find(young)
        .expect("somebody else who was a minor in 2005");
    let second = world.person(&format!("resident{number}"));
    second.applies().await;
    let (reviewer, other, security) = (
        world.staff("reviewer3"),
        world.staff("reviewer4"),
        world.staff("secadmin"),
    );
    let (person, neighbour) = (
        handle(&reviewer, &applicant).await,
        handle(&reviewer, &second).await,
    );
    // The clock goes back to 2005: who was born in 1990 is fifteen.
    world.advance(-21 * 365 * 86_400);
    for staff in [&reviewer, &other, &security] {
        staff.signs_in().await;
    }
    let refused = (403, "ticket_needed".to_owned());
    assert_eq!(look(&reviewer, &person, None).await.outcome(), refused);
    assert_eq!(
        look(&reviewer, &person, Some("nonsense")).await.outcome(),
        refused
    );
    assert!(
        looks(&world).await.is_empty(),
        "nothing was shown, nothing was looked at"
    );
    let act = json!({ "act": "read_minor", "person": person, "purpose": "申领复核", "hours": 2 });
    let ticket = reviewer.proposes(&act).await;
    assert_eq!(
        look(&reviewer, &person, Some(&ticket)).await.outcome(),
        refused,
        "not confirmed"
    );
    security.confirms(&ticket).await;
    assert_eq!(
        look(&other, &person, Some(&ticket)).await.outcome(),
        refused,
        "another reader"
    );
    assert_eq!(
        look(&reviewer, &neighbour, Some(&ticket)).await.outcome(),
        refused,
        "another person"
    );
    for number in 1..=3 {
        let seen = look(&reviewer, &person, Some(&ticket))
            .await
            .expect(200)
            .json();
        assert_eq!(seen["minor"], true);
        let looks = looks(&world).await;
        assert_eq!(looks.len(), number, "every look");
        assert!(looks.iter().all(|look| look["ticket"] == ticket.as_str()));
        assert!(looks.iter().all(|look| look["by"] == "reviewer3"));
    }
    // The person's own events say it too, by the day.
    let of_person = world.event_bodies().await;
    let of_person = of_person
        .iter()
        .filter(|body| body["event"] == "person_looked_at");
    assert_eq!(of_person.count(), 3);
    world.advance(2 * 3600);
    reviewer.signs_in().await;
    assert_eq!(
        look(&reviewer, &person, Some(&ticket)).await.outcome(),
        refused,
        "its hours are over"
    );
}

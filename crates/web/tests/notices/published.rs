//! Publishing takes two persons, and nothing incomplete gets as far as a proposal (R11.1, R12.1).

use identity::notice::Notice;
use serde_json::{Value, json};
use testkit::World;

use super::{agrees, next_of, standing};

fn act(notice: &Notice) -> Value {
    json!({ "act": "publish_notice", "notice": notice })
}

fn today(world: &World, mut notice: Notice) -> Notice {
    notice.effective_from = world.now().day();
    notice
}

#[tokio::test]
async fn r11_1_a_notice_is_published_by_two_persons_and_not_with_a_part_missing() {
    let world = World::new().await;
    let (first, second) = (world.staff("reviewer1"), world.staff("reviewer2"));
    let good = today(
        &world,
        next_of("service", |n| n.chinese.other.push_str("更正。")),
    );

    // Nothing with a part missing, nothing of the past, nothing that says nothing.
    let changes: [fn(&mut Notice); 7] = [
        |n| n.chinese.rights.clear(),
        |n| n.english.processing.retention.clear(),
        |n| n.subject.kinds.clear(),
        |n| n.version = 1,
        |n| n.version = 7,
        |n| n.effective_from = identity::clock::Day(1),
        |n| n.chinese.language = "fr".to_owned(),
    ];
    for change in changes {
        let mut wrong = good.clone();
        change(&mut wrong);
        let answer = first.propose(&act(&wrong)).await;
        assert_eq!(answer.status, 403, "{}", answer.text());
    }
    let same = today(&world, next_of("service", |_| ()));
    assert_eq!(
        first.propose(&act(&same)).await.status,
        403,
        "nothing changed"
    );
    let unsaid = today(
        &world,
        next_of("service", |n| {
            n.subject.kinds.insert("phone_number".to_owned());
        }),
    );
    assert_eq!(
        first.propose(&act(&unsaid)).await.status,
        403,
        "the text does not say so"
    );
    let of_another_role = world.staff("cases").propose(&act(&good)).await;
    assert_eq!(of_another_role.status, 403);

    // One alone publishes nothing.
    let person = world.person("resident").applies().await;
    let proposal = first.proposes(&act(&good)).await;
    assert_eq!(standing(&person, "service").await["version"], 1);
    assert_eq!(
        first.confirm(&proposal).await.status,
        403,
        "R12.1: whoever proposed cannot confirm"
    );
    assert_eq!(standing(&person, "service").await["version"], 1);
    assert_eq!(second.confirms(&proposal).await, "published");
    let seen = standing(&person, "service").await;
    assert_eq!(
        (&seen["version"], &seen["state"]),
        (&json!(2), &json!("mended"))
    );
    agrees(&person, "service").await;
}

/// O6: who writes it sees, before proposing, what changed and whether everybody would be asked again.
#[tokio::test]
async fn r11_1_a_draft_is_shown_against_the_last_version() {
    let world = World::new().await;
    let reviewer = world.staff("reviewer1");
    let draft = today(
        &world,
        next_of("face", |n| {
            n.subject.retention = "one_day".to_owned();
            n.chinese.processing.retention = "保存一天。".to_owned();
            n.english.processing.retention = "For one day.".to_owned();
        }),
    );
    let path = "/staff/api/notices/preview";
    let preview = reviewer.posts(path, &json!(draft)).await.expect(200).json();
    assert_eq!(preview["problem"], Value::Null);
    assert_eq!(preview["version"]["asks_again"], true);
    assert_eq!(preview["version"]["changes"][0]["part"], "retention");
    let mut gap = draft;
    gap.english.title.clear();
    let preview = reviewer.posts(path, &json!(gap)).await.expect(200).json();
    assert!(preview["problem"].as_str().unwrap().contains("R11.1"));
    assert_eq!(
        world.staff("cases").posts(path, &json!({})).await.status,
        403
    );
}

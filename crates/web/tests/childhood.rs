//! One child from 7 to 18 (R4.2–R4.5, R5.2), told by a clock that a test moves.

use identity::registry::population::{SandboxPerson, Synthetic};
use identity::service::Policy;
use serde_json::json;
use testkit::{FakeClock, Holder, Platform, Redirect, Setup, Wallet, World};
use time::macros::date;

const BORN: time::Date = date!(2020 - 02 - 29);

fn person(name: &str, holder: &str, birth_date: time::Date, guardians: &[&str]) -> SandboxPerson {
    let valid_until = date!(2046 - 01 - 01);
    let person = Synthetic {
        name,
        holder,
        birth_date,
        valid_until,
        guardians,
    };
    SandboxPerson::synthetic(&person, FakeClock::BEGINNING.date()).expect("a synthetic person")
}

/// A world with one family, whose documents last for the whole story: renewals are told elsewhere (R15.2).
async fn world() -> World {
    let policy = Policy {
        credential_days: 20 * 365,
        ..Policy::default()
    };
    World::with(Setup {
        policy,
        generated: 0,
        also: vec![
            person("mama", "何静", date!(1990 - 05 - 01), &[]),
            person("leap", "王闰", BORN, &["mama"]),
        ],
        ..Setup::default()
    })
    .await
}

async fn refused(child: &Holder, platform: &Platform) -> (u16, String) {
    let request = platform.requests("").await;
    child.approval(&request).await.send().await.outcome()
}

async fn notes(holder: &Holder, topic: &str) -> usize {
    let history = holder.history().await;
    let about = |text: &str| text.contains(&format!("\"topic\":\"{topic}\""));
    history.iter().filter(|entry| about(&entry.text)).count()
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story, read from top to bottom")]
async fn r4_5_one_child_from_seven_to_eighteen() {
    let world = world().await;
    let (forum, shop) = (world.platform("forum"), world.platform("shop"));
    let leap = world.person("leap");
    let mother = world.person("mama").applies().await;

    // 7: no service, with or without the mother (R4.4).
    world.advance_to(date!(2027 - 06 - 01));
    let body = leap
        .application_with(&Wallet::generate("58203947"), &mother)
        .await;
    let too_young = (403, "too_young".to_owned());
    assert_eq!(leap.apply(&body).await.outcome(), too_young);

    // On the eighth birthday, 29 February, still 7: an age is reached on the day after. Then 8.
    world.advance_to(date!(2028 - 02 - 29));
    let body = leap
        .application_with(&Wallet::generate("58203947"), &mother)
        .await;
    assert_eq!(leap.apply(&body).await.outcome(), too_young);
    world.advance_to(date!(2028 - 03 - 01));
    let alone = leap.application(&Wallet::generate("58203947")).await;
    let needed = (403, "guardian_needed".to_owned());
    assert_eq!(leap.apply(&alone).await.outcome(), needed);
    world.epoch().await;
    let child = leap.applies_with(&mother).await;
    let mut events = world.waiting_events().await;
    events.sort();
    assert_eq!(
        events,
        [
            // The mother's side of the link; the child's is stored with the application.
            "guardian_applied:done",
            "guardian_consented:done",
            "guardian_link_changed:done",
            "person_applied:done",
            "wanghao_reserved:done",
            "wanghao_settled:done",
        ],
        "consent and application are two facts (R4.2)"
    );

    // The first verification: not alone, and with the mother beside.
    assert_eq!(refused(&child, &forum).await, needed);
    let redirect = child
        .approves_beside(&mother, &forum.requests("").await)
        .await;
    let first = forum.redeems(&redirect).await;

    // A standing consent for the forum; nowhere else.
    let request = forum.requests("").await;
    let decision = child.approval(&request).await.consented_by(&mother, true);
    forum
        .redeems(&Redirect::of(&decision.send().await.expect(200)))
        .await;
    let again = forum
        .redeems(&child.approves(&forum.requests("").await).await)
        .await;
    assert_eq!(first.subject(), again.subject());
    assert_eq!(refused(&child, &shop).await, needed);

    // Withdrawn by the mother, years later, with effect at once.
    world.advance_to(date!(2031 - 07 - 01));
    forum
        .redeems(&child.approves(&forum.requests("").await).await)
        .await;
    let consent = mother.standing_consents().await.remove(0);
    let which = json!({ "standing": consent["id"], "child": consent["child"] });
    let withdrawn = mother.acts("withdraw-standing-consent", &which).await;
    withdrawn.expect(200);
    assert_eq!(refused(&child, &forum).await, needed);
    let request = forum.requests("").await;
    let decision = child.approval(&request).await.consented_by(&mother, true);
    decision.send().await.expect(200);

    // 14 in a year without 29 February: the birthday is 1 March, the age is reached on the 2nd.
    world.advance_to(date!(2034 - 03 - 01));
    assert_eq!(world.service().turn_ages().await.unwrap(), 0);
    assert_eq!(refused(&child, &shop).await, needed);
    world.advance_to(date!(2034 - 03 - 02));
    // Duties follow the day, whether or not the job has come by.
    shop.redeems(&child.approves(&shop.requests("").await).await)
        .await;
    // The job comes late, and twice: both are told once, and nothing stands any more.
    world.advance_to(date!(2034 - 03 - 20));
    for told in [1, 0] {
        assert_eq!(world.service().turn_ages().await.unwrap(), told);
        for person in [&child, &mother] {
            assert_eq!(notes(person, "guardian_no_longer_needed").await, 1);
        }
    }
    assert!(mother.standing_consents().await.is_empty());
    let still = forum
        .redeems(&child.approves(&forum.requests("").await).await)
        .await;
    assert_eq!(first.subject(), still.subject(), "no re-application");
    assert_eq!(
        mother.family().await["children"][0]["age_group"],
        "guardian_supervises"
    );

    // 18: the tie ends, both are told, and the 网证 goes on.
    world.advance_to(date!(2038 - 03 - 01));
    assert_eq!(world.service().turn_ages().await.unwrap(), 0);
    world.advance_to(date!(2038 - 03 - 02));
    for told in [1, 0] {
        assert_eq!(world.service().turn_ages().await.unwrap(), told);
        for person in [&child, &mother] {
            assert_eq!(notes(person, "guardianship_ended").await, 1);
        }
    }
    assert!(
        mother.family().await["children"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    assert!(
        child.family().await["guardians"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let grown = forum
        .redeems(&child.approves(&forum.requests("").await).await)
        .await;
    assert_eq!(first.subject(), grown.subject());
    world.epoch().await;
    assert!(world.verify_log().await.is_good());
}

/// A job that did not run between 14 and 18 tells once, of what holds now.
#[tokio::test]
async fn r4_5_a_job_that_comes_years_late_tells_once() {
    let world = world().await;
    let mother = world.person("mama").applies().await;
    world.advance_to(date!(2029 - 01 - 01));
    let child = world.person("leap").applies_with(&mother).await;
    world.advance_to(date!(2039 - 01 - 01));
    assert_eq!(world.service().turn_ages().await.unwrap(), 1);
    assert_eq!(world.service().turn_ages().await.unwrap(), 0);
    for person in [&child, &mother] {
        assert_eq!(notes(person, "guardian_no_longer_needed").await, 0);
        assert_eq!(notes(person, "guardianship_ended").await, 1);
    }
}

//! 年龄标识: one predicate for a platform with a registered duty, fresh, with the person's own tick (Art. 10, R10.1).

use identity::age::marker::AgeMarkers;
use identity::service::Policy;
use serde_json::{Value, json};
use testkit::{Call, Setup, World};

const DAY: i64 = 86_400;

async fn tells(world: &World, person: &testkit::Holder, platform: &str) -> Value {
    let platform = world.platform(platform);
    let request = platform.requests_attributes("account-registration", &["age_marker"]);
    let request = request.await;
    let redirect = person.approves_with(&request, &["age_marker"]).await;
    let verified = platform.redeems(&redirect).await;
    assert_eq!(verified.receipt["disclosed"], json!(["age_marker"]));
    Value::Object(verified.claims())
}

#[tokio::test]
async fn r10_1_one_bracket_yes_or_no_and_never_a_date() {
    let world = World::new().await;
    let resident = world.person("resident").applies().await;
    let elder = world.person("elder").applies().await;
    let marker = |bracket: &str, holds: bool| json!({ "age_marker": { "bracket": bracket, "holds": holds } });
    assert_eq!(
        tells(&world, &resident, "game").await,
        marker("minor", false)
    );
    assert_eq!(
        tells(&world, &resident, "care").await,
        marker("elder", false)
    );
    assert_eq!(tells(&world, &elder, "care").await, marker("elder", true));
    // R8.2: it needs its own tick, like any attribute.
    let game = world.platform("game");
    let request = game
        .requests_attributes("account-registration", &["age_marker"])
        .await;
    let verified = game.redeems(&resident.approves(&request).await).await;
    assert!(verified.claims().is_empty());
    // R10.1: the birth date itself is outside the duty.
    let more = game.request_with("account-registration", &["birth_date"]);
    let answer = game.push(&more.fields).await;
    assert_eq!(answer.code(), "invalid_authorization_details");
}

/// R10.1: computed on the day it is asked; it changes by itself, on a day that is the same for everybody of the month.
#[tokio::test]
async fn r10_1_the_answer_is_fresh() {
    let markers: AgeMarkers =
        serde_json::from_str(r#"{"minor":{"below":37},"elder":{"at_least":60}}"#).unwrap();
    let world = World::with(Setup {
        policy: Policy {
            age_markers: markers,
            ..Policy::default()
        },
        ..Setup::default()
    })
    .await;
    // Born on 1990-01-31: 37 on 2027-01-31; the bracket is left on the 2nd of the month after.
    let person = world.person("resident").applies().await;
    let days_until = |year, month, day| {
        let date = time::Date::from_calendar_date(year, month, day).unwrap();
        (date - world.now().date()).whole_days()
    };
    world.advance(DAY * days_until(2027, time::Month::February, 1));
    assert_eq!(
        tells(&world, &person, "game").await["age_marker"]["holds"],
        true
    );
    world.advance(DAY);
    assert_eq!(
        tells(&world, &person, "game").await["age_marker"]["holds"],
        false
    );
}

/// P14: the person sees the question and the answer before ticking; the tick is empty.
#[tokio::test]
async fn r10_1_the_person_is_shown_what_would_be_told() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let cookie = person.signs_in().await;
    let game = world.platform("game");
    let request = game
        .requests_attributes("account-registration", &["age_marker"])
        .await;
    let page = world
        .send(Call::get(&request.address).header("cookie", cookie))
        .await
        .expect(200);
    let html = page.text();
    assert!(html.contains("是否未满 18 周岁"), "the question");
    assert!(html.contains("<span class=\"tag\">否</span>"), "the answer");
    assert!(html.contains(r#"value="age_marker""#) && !html.contains("checked"));
    let shown = person.looks_at(&request).await;
    assert_eq!(shown["attributes"][0]["bracket"], "minor");
}

/// R5.2, R8.2, R9.2: what says more than the result of a child under 14 needs the guardian's consent to this very request;
/// a standing consent for the platform is for the result alone.
#[tokio::test]
async fn r5_2_attributes_of_a_child_need_the_guardian_at_each_use() {
    let world = World::new().await;
    let mother = world.person("mother").applies().await;
    let child = world.person("child13").applies_with(&mother).await;
    let game = world.platform("game");
    let asks = || game.requests_attributes("account-registration", &["age_marker"]);
    // 1. The guardian beside the child, who also gives a standing consent: the marker is told.
    let decision = child
        .approval(&asks().await)
        .await
        .consents(&["age_marker"]);
    let told = decision.consented_by(&mother, true).send().await;
    let told = game
        .redeems(&testkit::Redirect::of(&told.expect(200)))
        .await;
    assert_eq!(told.claims()["age_marker"]["holds"], true);
    // 2. By the standing consent alone: the result, and nothing more.
    let alone = child
        .approval(&asks().await)
        .await
        .consents(&["age_marker"]);
    assert_eq!(
        alone.send().await.outcome(),
        (403, "guardian_needed".to_owned())
    );
    let verified = game.redeems(&child.approves(&asks().await).await).await;
    assert!(verified.claims().is_empty());
}

//! R9.1: what is past its time goes, leaves its tombstone, and a second run finds nothing to do.

use identity::erasure::retention::Retained;
use testkit::World;

const DAY: i64 = 86_400;

async fn run(world: &World) -> Retained {
    let mut buckets = 0;
    let done = world
        .service()
        .run_retention(&mut |bucket| buckets = bucket)
        .await
        .expect("there");
    assert_eq!(buckets, 4096, "progress is told to the end");
    done
}

#[tokio::test]
async fn r9_1_receipts_and_events_go_after_three_years_and_the_log_still_verifies() {
    let world = World::new().await;
    let forum = world.platform("forum");
    let person = world.person("resident").applies().await;
    let redirect = person.approves(&forum.requests("").await).await;
    forum.redeems(&redirect).await;
    world.epoch().await;
    assert_eq!(run(&world).await, Retained::default(), "nothing is old");
    world.advance(1095 * DAY);
    assert_eq!(
        run(&world).await,
        Retained::default(),
        "not a day too early"
    );
    // An act of today, so that the application is not the newest one and may go.
    let wrap = serde_json::json!({ "history_wrap": person.wallet().own_history_wrap() });
    person.acts("history-wrap", &wrap).await.expect(200);
    world.advance(DAY);
    let done = run(&world).await;
    // The receipt of the verification, and the application's own event, and what counted traffic.
    assert_eq!(done.receipts, 1);
    assert!(done.events >= 3, "{done:?}");
    assert_eq!(run(&world).await, Retained::default(), "once");
    assert_eq!(person.history().await.len(), 0);
    world.epoch().await;
    let report = world.verify_log().await;
    assert!(report.is_good(), "{:?}", report.findings);
    assert_eq!(report.counts.removed, done.events);
}

/// R9.1: five years of silence, a notice ninety days ahead, then the same erasure; one act undoes it.
#[tokio::test]
async fn r9_1_the_inactive_are_told_and_then_erased_and_who_acts_stays() {
    let world = World::new().await;
    let silent = world.person("resident").applies().await;
    let awake = world.person("resident2").applies().await;
    // Each bucket has its day of the month.
    world.advance((5 * 365 + 1) * DAY);
    let mut announced = 0;
    for _ in 0..30 {
        announced += run(&world).await.announced;
        world.advance(DAY);
    }
    assert_eq!(announced, 2);
    assert_eq!(silent.history_kinds().await, ["notice"]);
    // The credential has expired by then, but the person can still act.
    awake.acts("credential", &serde_json::json!({})).await;
    awake
        .acts(
            "history-wrap",
            &serde_json::json!({ "history_wrap": awake.wallet().own_history_wrap() }),
        )
        .await
        .expect(200);
    world.advance(90 * DAY);
    let erased = world.service().erase_due(world.now()).await.expect("there");
    assert_eq!(erased, 1);
    let gone = silent.acts("receipts", &serde_json::json!({})).await;
    assert_eq!(gone.json()["code"], "device_unknown");
    awake
        .acts("receipts", &serde_json::json!({}))
        .await
        .expect(200);
    world.epoch().await;
    assert!(world.verify_log().await.is_good());
}

#[tokio::test]
async fn r2_3_what_is_kept_of_who_left_goes_after_twelve_months() {
    let world = super::without_cooling_off().await;
    let person = world.person("resident").applies().await;
    super::leaves(&person).await.expect(200);
    world.advance(365 * DAY);
    assert_eq!(run(&world).await.tombstones, 0);
    world.advance(31 * DAY);
    assert_eq!(
        run(&world).await.tombstones,
        3,
        "the tombstone, the way to the receipt, and the mark that a restore asks"
    );
}

//! A guardian who is elsewhere (P23): the child's device leaves the request, the first no settles it.

use serde_json::json;
use testkit::{Redirect, Wallet};

use super::{Home, refused};

/// Asked, seen, decided, used: the child's device goes on by itself.
#[tokio::test]
async fn r5_2_a_guardian_elsewhere_consents_once() {
    let home = Home::new().await;
    let forum = home.world.platform("forum");
    let approval = home.child.approval(&forum.requests("").await).await;
    home.child
        .asks_guardian(&approval.transaction)
        .await
        .expect(200);
    // The same again is the same.
    home.child
        .asks_guardian(&approval.transaction)
        .await
        .expect(200);
    let asked = home.child.asked_guardian(&approval.transaction).await;
    assert_eq!(asked.json()["state"], "waiting");
    assert_eq!(approval.send().await.outcome(), refused("guardian_needed"));
    let waiting = home.mother.sees_waiting().await;
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0]["child_name"], "王*");
    assert_eq!(waiting[0]["host"], "forum.example");
    home.mother
        .answers(&waiting[0], "approve", false)
        .await
        .expect(200);
    let asked = home.child.asked_guardian(&approval.transaction).await;
    assert_eq!(asked.json()["state"], "approved");
    forum
        .redeems(&Redirect::of(&approval.send().await.expect(200)))
        .await;
    // Only this one.
    let next = home.child.approval(&forum.requests("").await).await;
    assert_eq!(next.send().await.outcome(), refused("guardian_needed"));
    assert!(home.mother.sees_waiting().await.is_empty());
}

/// Always for this platform.
#[tokio::test]
async fn r5_2_a_guardian_elsewhere_consents_for_a_platform() {
    let home = Home::new().await;
    let forum = home.world.platform("forum");
    let approval = home.child.approval(&forum.requests("").await).await;
    home.child
        .asks_guardian(&approval.transaction)
        .await
        .expect(200);
    let waiting = home.father.sees_waiting().await;
    home.father
        .answers(&waiting[0], "approve", true)
        .await
        .expect(200);
    approval.send().await.expect(200);
    let next = home.child.approval(&forum.requests("").await).await;
    next.send().await.expect(200);
}

/// Two guardians: the no of one settles the request, before and after the other's yes.
#[tokio::test]
async fn r5_2_the_first_no_settles_a_request() {
    let home = Home::new().await;
    let forum = home.world.platform("forum");
    for yes_first in [false, true] {
        let approval = home.child.approval(&forum.requests("").await).await;
        home.child
            .asks_guardian(&approval.transaction)
            .await
            .expect(200);
        let waiting = home.father.sees_waiting().await.remove(0);
        if yes_first {
            home.mother
                .answers(&waiting, "approve", false)
                .await
                .expect(200);
        }
        home.father
            .answers(&waiting, "refuse", false)
            .await
            .expect(200);
        let late = home.mother.answers(&waiting, "approve", false).await;
        assert_eq!(late.outcome(), refused("request_taken"));
        // The browser goes back with what the platform hears of every refusal.
        let asked = home
            .child
            .asked_guardian(&approval.transaction)
            .await
            .json();
        assert_eq!(asked["state"], "refused");
        let redirect = Redirect(asked["redirect"].as_str().unwrap().to_owned());
        assert_eq!(redirect.value("error"), "access_denied");
        let answer = approval.send().await.expect(200);
        assert_eq!(Redirect::of(&answer).value("error"), "access_denied");
        assert!(home.mother.sees_waiting().await.is_empty());
    }
}

/// Four may wait at once; what was decided waits for nobody and stands in no other request's way.
#[tokio::test]
async fn r5_2_only_requests_that_wait_are_counted() {
    let home = Home::new().await;
    let forum = home.world.platform("forum");
    for _ in 0..6 {
        let approval = home.child.approval(&forum.requests("").await).await;
        let asked = home.child.asks_guardian(&approval.transaction).await;
        asked.expect(200);
        let waiting = home.mother.sees_waiting().await.remove(0);
        let answer = home.mother.answers(&waiting, "approve", false).await;
        answer.expect(200);
        approval.send().await.expect(200);
    }
    let mut outcomes = Vec::new();
    for _ in 0..5 {
        let approval = home.child.approval(&forum.requests("").await).await;
        let asked = home.child.asks_guardian(&approval.transaction).await;
        outcomes.push(asked.status);
    }
    assert_eq!(outcomes, [200, 200, 200, 200, 429]);
}

/// Nobody else sees or decides; no other device uses the answer.
#[tokio::test]
async fn r5_2_a_waiting_request_is_the_familys_own() {
    let home = Home::new().await;
    let forum = home.world.platform("forum");
    let stranger = home.world.person("resident").applies().await;
    let approval = home.child.approval(&forum.requests("").await).await;
    home.child
        .asks_guardian(&approval.transaction)
        .await
        .expect(200);
    let waiting = home.mother.sees_waiting().await.remove(0);
    assert!(stranger.sees_waiting().await.is_empty());
    let answer = stranger.answers(&waiting, "approve", false).await;
    assert_eq!(answer.status, 404);
    home.mother.acts("lock", &json!({})).await.expect(200);
    let locked = home.mother.answers(&waiting, "approve", false).await;
    assert_eq!(locked.outcome(), refused("guardian_locked"));
    let mut other = waiting.clone();
    other["key"] = json!(Wallet::generate("58203947").thumbprint());
    let answer = home.father.answers(&other, "approve", false).await;
    assert_eq!(answer.status, 404);
    // An adult asks nobody.
    let own = stranger.approval(&forum.requests("").await).await;
    let asked = stranger.asks_guardian(&own.transaction).await;
    assert_eq!(asked.outcome(), refused("guardian_not_needed"));
    // It goes with the request.
    home.world.advance(600);
    assert!(home.father.sees_waiting().await.is_empty());
}

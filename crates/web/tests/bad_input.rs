//! Every field of every endpoint gets malformed, oversized, duplicated, foreign and replayed values: always the right
//! OAuth error or problem document, never a fault, never a panic, nothing half-written.
//!
//! Each property takes a good call, spoils one place of it, and judges the answer; at the end the good call still works
//! and the log verifies. The lists of fields are the good calls themselves, so a new field is spoiled as well.

use std::future::Future;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use testkit::{Answer, Call, Holder, Platform, World};
use tokio::runtime::Runtime;

mod answers;
mod bodies;
mod forms;
mod pages;
mod places;
mod spoil;
mod statements;

/// A world with two people and two platforms, and values that belong to somebody else or were used before.
struct Town {
    world: World,
    person: Holder,
    forum: Platform,
    lab: Platform,
    pool: Vec<String>,
}

impl Town {
    async fn new() -> Self {
        let world = World::new().await;
        let (forum, lab, shop) = (world.platform("forum"), world.lab(), world.platform("shop"));
        let person = world.person("resident").applies().await;
        let stranger = world.person("resident2").applies().await;
        // What belongs to others.
        let foreign_request = shop.requests("").await;
        let foreign = stranger.approves(&shop.requests("").await).await;
        let mut pool = vec![
            shop.client_id(),
            shop.redirect_uri(),
            foreign_request.request_uri(),
            foreign.code(),
            foreign.0.clone(),
            shop.assertion().sign(),
            stranger.wallet().handle.clone(),
            stranger.act("lock").sign(&stranger.wallet().device),
            stranger.wallet().own_history_wrap(),
            stranger.wallet().recovery_proof(),
            stranger
                .applicant()
                .person
                .document
                .number()
                .printed()
                .to_owned(),
        ];
        // What was used before.
        let request = forum.requests("").await;
        let redirect = person.approves(&request).await;
        let verified = forum.redeems(&redirect).await;
        let assertion = forum.assertion();
        let _ = forum
            .receive(
                Call::post("/oauth/token").form(&assertion.added_to(forum.redemption(&redirect))),
            )
            .await;
        let used = person.act("devices").sign(&person.wallet().device);
        let body = serde_json::json!({ "statement": used });
        world
            .send(Call::post("/person/api/devices").json(&body))
            .await
            .expect(200);
        pool.extend([
            request.request_uri(),
            redirect.code(),
            verified.access_token().to_owned(),
            verified.receipt_text().to_owned(),
            verified.commitment().to_owned(),
            assertion.sign(),
            used,
            person.wallet().credential.clone(),
        ]);
        world.epoch().await;
        Self {
            world,
            person,
            forum,
            lab,
            pool,
        }
    }

    /// The control: after everything a person still verifies, and every row still has its leaf.
    async fn is_well(&self) {
        let person = self.world.person("resident3").applies().await;
        let redirect = person.approves(&self.forum.requests("step-up").await).await;
        self.forum.redeems(&redirect).await;
        self.world.epoch().await;
        let report = self.world.verify_log().await;
        assert!(report.is_good(), "{:?}", report.findings);
    }

    /// Sends a call and judges its answer: the form of it, and that a refusal wrote nothing but its own event.
    async fn judge(&self, call: Call, expect: answers::Form) -> Answer {
        let line: String = call.line().chars().take(300).collect();
        let before = self.world.event_count().await;
        let answer = self.world.send(call).await;
        answers::check(&answer, expect, &line);
        if answer.status >= 400 && self.world.event_count().await != before {
            let events = self.world.waiting_events().await;
            let unexpected = events
                .iter()
                .find(|event| !answers::REFUSED.contains(&event.as_str()));
            assert!(
                unexpected.is_none(),
                "{line} answered {} and left {unexpected:?}",
                answer.status
            );
        }
        self.world.epoch().await;
        answer
    }
}

/// A `GET` that an HTTP library would send; longer targets never arrive.
fn get(target: String) -> Option<Call> {
    Some(Call::get(target)).filter(Call::can_be_sent)
}

/// Runs a property on one town.
fn property<S, F>(cases: u32, strategy: S, test: impl Fn(&'static Town, S::Value) -> F)
where
    S: Strategy,
    F: Future<Output = ()>,
{
    let runtime = Runtime::new().unwrap();
    // Kept until the process ends: a few megabytes, and no lifetime in any signature.
    let town: &'static Town = Box::leak(Box::new(runtime.block_on(Town::new())));
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 16,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(&strategy, |value| {
        runtime.block_on(test(town, value));
        Ok::<(), TestCaseError>(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    runtime.block_on(town.is_well());
}

//! 撤回这次同意: ten minutes, before and after the platform fetched its result (R9.2).

use serde_json::{Value, json};
use testkit::{Call, Holder, Redirect, Request, World};

use super::batch_leaves;

/// Approves by a statement that is kept, for a signature made again would be another one.
async fn approve(person: &Holder, request: &Request) -> (Redirect, Value) {
    let body = person.approval(request).await.body();
    let call = Call::post("/oauth/decide").json(&body);
    let redirect = Redirect::of(&person.world().send(call).await.expect(200));
    let kept = json!({ "transaction": body["transaction"], "approval": body["statement"] });
    (redirect, kept)
}

#[tokio::test]
async fn r9_2_an_approval_taken_back_before_the_exchange_gives_nothing() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let forum = world.platform("forum");
    let request = forum.requests("account-registration").await;
    let (redirect, kept) = approve(&person, &request).await;
    person.acts("undo-approval", &kept).await.expect(200);
    let fields = forum.redemption(&redirect);
    assert_eq!(
        forum.ask_for_tokens(&fields).await.outcome(),
        (400, "invalid_grant".to_owned())
    );
    let kinds = person.history_kinds().await;
    assert_eq!(
        kinds,
        ["withdrawal"],
        "no receipt, and a note of the withdrawal"
    );
}

#[tokio::test]
async fn r9_2_an_approval_taken_back_later_ends_the_token_and_tells_the_platform() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let forum = world.platform("forum");
    forum.opens_stream().await;
    let request = forum.requests("account-registration").await;
    let (redirect, kept) = approve(&person, &request).await;
    let verified = forum.redeems(&redirect).await;
    forum.userinfo(verified.access_token()).await.expect(200);
    // Not by anybody else, and not by another text.
    let other = world.person("resident2").applies().await;
    assert_eq!(other.acts("undo-approval", &kept).await.status, 404);
    world.advance(120);
    person.acts("undo-approval", &kept).await.expect(200);
    assert_eq!(forum.userinfo(verified.access_token()).await.status, 401);
    batch_leaves(&world);
    let told = forum.polls_events(&[]).await;
    assert_eq!(super::subject(&told[0]), verified.subject());
    // Ten minutes, and no more; a withdrawal is still possible then.
    assert_eq!(
        person.acts("undo-approval", &kept).await.outcome(),
        (409, "too_late".to_owned())
    );
    person.withdraws("forum").await;
}

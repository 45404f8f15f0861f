//! What platforms are told, and what they confirm (R8.3, R9.2, R9.5, C2, C3).

use openid::{EventType, SetClaims, SubjectIdentifier};
use serde_json::{Value, json};
use testkit::{Call, Holder, Platform, World};

mod consents;
mod streams;
mod undo;

/// A person who is verified at a platform that receives events; the person's identifier there.
async fn verified_at(person: &Holder, platform: &Platform) -> String {
    let redirect = person
        .approves(&platform.requests("account-registration").await)
        .await;
    platform.redeems(&redirect).await.subject().to_owned()
}

/// Whatever was set going has left its batch.
fn batch_leaves(world: &World) {
    world.advance(700);
}

fn subject(set: &SetClaims) -> &str {
    match &set.sub_id {
        SubjectIdentifier::IssSub { sub, .. } => sub,
        SubjectIdentifier::Opaque { id } => id,
    }
}

#[tokio::test]
async fn r8_3_a_withdrawal_reaches_the_platform_and_is_followed_until_it_confirms() {
    let world = World::new().await;
    let (forum, bank) = (world.platform("forum"), world.platform("bank"));
    let person = world.person("resident").applies().await;
    let at_forum = verified_at(&person, &forum).await;
    forum.opens_stream().await;
    bank.opens_stream().await;
    // The person withdraws. Until the batch leaves, nobody can tell.
    let going = person.withdraws("forum").await;
    assert!(forum.polls_events(&[]).await.is_empty());
    assert_eq!(person.follows(&going).await["state"], "sent");
    batch_leaves(&world);
    // The forum hears of its own account, and nobody else hears anything.
    let told = forum.polls_events(&[]).await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].event, EventType::ConsentWithdrawn);
    assert_eq!(subject(&told[0]), at_forum);
    assert_eq!(told[0].members["due"], going["due"]);
    assert!(bank.polls_events(&[]).await.is_empty());
    // What is not confirmed comes again; nobody else can confirm it.
    let jti = told[0].jti.clone();
    assert!(bank.polls_events(&[&jti]).await.is_empty());
    assert_eq!(forum.polls_events(&[]).await, told);
    assert_eq!(person.follows(&going).await["state"], "sent");
    // Confirmed: it never comes again, and the person sees when.
    assert!(forum.polls_events(&[&jti]).await.is_empty());
    world.advance(30 * 86_400);
    assert!(forum.polls_events(&[]).await.is_empty());
    let state = person.follows(&going).await;
    assert_eq!(state["state"], "confirmed");
    assert!(state["at"].as_i64() < Some(world.now().0));
}

#[tokio::test]
async fn r9_5_what_a_platform_does_not_confirm_in_time_is_overdue() {
    let world = World::new().await;
    let forum = world.platform("forum");
    let person = world.person("resident").applies().await;
    verified_at(&person, &forum).await;
    // Nobody listens there yet: the duty waits all the same.
    let going = person.asks_for_deletion("forum").await;
    batch_leaves(&world);
    let open = world.service().unconfirmed(&id("forum")).await.unwrap();
    assert_eq!(open.len(), 1);
    assert!(!open[0].overdue);
    assert!(world.service().overdue().await.unwrap().is_empty());
    world.advance(14 * 86_400 + 1);
    assert_eq!(person.follows(&going).await["state"], "overdue");
    let overdue = world.service().overdue().await.unwrap();
    assert_eq!(overdue.len(), 1);
    assert_eq!(overdue[0].platform, id("forum"));
    // Late is better than never.
    forum.opens_stream().await;
    let told = forum.polls_events(&[]).await;
    assert_eq!(told[0].event, EventType::DeletionRequested);
    forum.polls_events(&[&told[0].jti]).await;
    assert_eq!(person.follows(&going).await["state"], "confirmed");
    assert!(world.service().overdue().await.unwrap().is_empty());
}

#[tokio::test]
async fn c3_the_persons_own_lock_is_told_and_an_operators_suspension_is_not() {
    use identity::audit::{AuditEvent, EventDraft};
    use identity::wangzheng::WangzhengState;
    let world = World::new().await;
    let forum = world.platform("forum");
    let person = world.person("resident").applies().await;
    let at_forum = verified_at(&person, &forum).await;
    forum.opens_stream().await;
    // The device names whom to tell from its own receipts.
    person
        .acts("lock", &json!({ "clients": ["app-forum", "app-nobody"] }))
        .await
        .expect(200);
    batch_leaves(&world);
    let told = forum.polls_events(&[]).await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].event, EventType::AccountDisabled);
    assert_eq!(subject(&told[0]), at_forum);
    forum.polls_events(&[&told[0].jti]).await;
    let pin = person.wallet().pin.clone();
    let unlock = json!({ "pin": pin, "clients": ["app-forum"] });
    person.acts("unlock", &unlock).await.expect(200);
    batch_leaves(&world);
    let told = forum.polls_events(&[]).await;
    assert_eq!(told[0].event, EventType::AccountEnabled);
    forum.polls_events(&[&told[0].jti]).await;
    // A suspension for a listed reason changes the state, and no platform hears of it.
    let handle = identity::device::DeviceHandle(
        identity::id::OpaqueId::parse(&person.wallet().handle).unwrap(),
    );
    let (who, _) = handle.open(world.keys()).unwrap();
    let event = AuditEvent::WangzhengChanged {
        person: who,
        day: world.now().day(),
        to: "suspended".to_owned(),
        reason: "document_not_valid".to_owned(),
    };
    let event = EventDraft::new(event, &crypto::random::SystemRandom);
    let (from, to) = (WangzhengState::Active, WangzhengState::Suspended);
    world
        .service()
        .store()
        .transition_wangzheng(who, from, to, event)
        .await
        .unwrap();
    batch_leaves(&world);
    assert!(forum.polls_events(&[]).await.is_empty());
}

#[tokio::test]
async fn c2_two_platforms_that_are_told_of_one_person_share_nothing() {
    let world = World::new().await;
    let (forum, bank) = (world.platform("forum"), world.platform("bank"));
    let mut moments = Vec::new();
    for index in 0..6 {
        let person = world.person(&format!("generated-{index}")).applies().await;
        for platform in [&forum, &bank] {
            verified_at(&person, platform).await;
        }
        moments.push(person);
    }
    forum.opens_stream().await;
    bank.opens_stream().await;
    for person in &moments {
        person.withdraws("forum").await;
        person.withdraws("bank").await;
    }
    world.advance(1300);
    let (at_forum, at_bank) = (forum.polls_events(&[]).await, bank.polls_events(&[]).await);
    assert_eq!((at_forum.len(), at_bank.len()), (6, 6));
    for one in &at_forum {
        for other in &at_bank {
            assert_ne!(one.jti, other.jti);
            assert_ne!(subject(one), subject(other));
        }
        // The end of a batch, whatever the second of the act.
        assert_eq!(one.iat % 60, 0);
    }
    // All acted in the same second; the batches differ, so that a moment joins nobody.
    let batches: std::collections::BTreeSet<i64> =
        at_forum.iter().chain(&at_bank).map(|set| set.iat).collect();
    assert!(batches.len() > 3, "{batches:?}");
}

fn id(name: &str) -> identity::id::PlatformId {
    identity::id::PlatformId(name.to_owned())
}

/// A call about streams, without a body.
fn get(path: &str) -> Call {
    Call::get(path)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

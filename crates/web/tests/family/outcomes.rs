//! The table of `docs/decisions/0006-guardians.md`, row by row: two guardians, one who leaves, one whose 网证 is locked, a
//! revoked guardianship.

use identity::id::{OpaqueId, PersonId};
use serde_json::json;
use testkit::{Holder, Redirect};

use super::{Home, refused};

/// Who a holder is inside the service.
pub(crate) async fn person_of(holder: &Holder) -> PersonId {
    let handle = OpaqueId::parse(&holder.wallet().handle).unwrap();
    let handle = identity::device::DeviceHandle(handle);
    let view = holder.world().service().holder_view(handle).await.unwrap();
    view.unwrap().person.person
}

/// Two guardians: either suffices, whoever applied.
#[tokio::test]
async fn r5_2_of_two_guardians_either_suffices() {
    let home = Home::new().await;
    let forum = home.world.platform("forum");
    for guardian in [&home.mother, &home.father] {
        let request = forum.requests("").await;
        let redirect = home.child.approves_beside(guardian, &request).await;
        forum.redeems(&redirect).await;
    }
    assert_eq!(
        home.father.family().await["children"][0]["relation"],
        "father"
    );
    let guardians = home.child.family().await["guardians"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(guardians, 2);
}

/// A guardian who gets a 网证 later may act at once: the registry is asked at the first act.
#[tokio::test]
async fn r5_2_a_guardian_who_comes_later_acts_at_once() {
    let world = testkit::World::new().await;
    let mother = world.person("mother").applies().await;
    let child = world.person("child13").applies_with(&mother).await;
    let father = world.person("father").applies().await;
    let forum = world.platform("forum");
    let request = forum.requests("").await;
    let redirect = child.approves_beside(&father, &request).await;
    forum.redeems(&redirect).await;
    assert_eq!(
        father.family().await["children"].as_array().unwrap().len(),
        1
    );
}

/// A standing consent withdrawn by one guardian is withdrawn, whoever gave it; the child may withdraw it too.
#[tokio::test]
async fn r5_2_a_standing_consent_ends_for_all_when_one_withdraws() {
    let home = Home::new().await;
    let forum = home.world.platform("forum");
    for withdraws in [&home.father, &home.mother, &home.child] {
        let request = forum.requests("").await;
        let decision = home.child.approval(&request).await;
        let decision = decision.consented_by(&home.mother, true);
        decision.send().await.expect(200);
        let stands = home.child.approval(&forum.requests("").await).await;
        stands.send().await.expect(200);
        let consent = withdraws.standing_consents().await.remove(0);
        // Each of the family can read which platform it is.
        let opened = withdraws
            .wallet()
            .open(&json!({ "sealed": consent["sealed"], "day": "", "commitment": "" }));
        assert!(opened.unwrap().text.contains("\"platform_id\":\"forum\""));
        let mut which = json!({ "standing": consent["id"] });
        if !consent["child"].is_null() {
            which["child"] = consent["child"].clone();
        }
        let withdrawn = withdraws.acts("withdraw-standing-consent", &which).await;
        withdrawn.expect(200);
        let again = withdraws.acts("withdraw-standing-consent", &which).await;
        assert_eq!(again.status, 404);
        let after = home.child.approval(&forum.requests("").await).await;
        assert_eq!(after.send().await.outcome(), refused("guardian_needed"));
    }
    // Nobody outside the family can name it.
    let stranger = home.world.person("resident").applies().await;
    let decision = home.child.approval(&forum.requests("").await).await;
    decision
        .consented_by(&home.mother, true)
        .send()
        .await
        .expect(200);
    let consent = home.mother.standing_consents().await.remove(0);
    let which = json!({ "standing": consent["id"], "child": consent["child"] });
    let answer = stranger.acts("withdraw-standing-consent", &which).await;
    assert_eq!(answer.status, 404);
    assert!(stranger.standing_consents().await.is_empty());
}

/// A statement that gave a standing consent does not give it again after it was withdrawn.
#[tokio::test]
async fn r5_2_a_withdrawn_standing_consent_does_not_come_back_with_an_old_statement() {
    let home = Home::new().await;
    let forum = home.world.platform("forum");
    let decision = home.child.approval(&forum.requests("").await).await;
    let decision = decision.consented_by(&home.mother, true);
    let body = decision.body();
    let send = async || {
        let call = testkit::Call::post("/oauth/decide").json(&body);
        home.world.send(call).await
    };
    send().await.expect(200);
    let consent = home.mother.standing_consents().await.remove(0);
    let which = json!({ "standing": consent["id"], "child": consent["child"] });
    let withdrawn = home.mother.acts("withdraw-standing-consent", &which).await;
    withdrawn.expect(200);
    // B2: the same decision gets the same answer; the consent stays withdrawn.
    send().await.expect(200);
    assert!(home.mother.standing_consents().await.is_empty());
}

/// A guardian whose 网证 is locked cannot confirm, and is told so; what was given stands, and can be withdrawn.
#[tokio::test]
async fn r5_2_a_locked_guardian_confirms_nothing_and_withdraws_all_the_same() {
    let home = Home::new().await;
    let forum = home.world.platform("forum");
    let decision = home.child.approval(&forum.requests("").await).await;
    decision
        .consented_by(&home.mother, true)
        .send()
        .await
        .expect(200);
    home.mother.acts("lock", &json!({})).await.expect(200);
    let shop = home.world.platform("shop");
    let decision = home.child.approval(&shop.requests("").await).await;
    let locked = decision.consented_by(&home.mother, false).send().await;
    assert_eq!(locked.outcome(), refused("guardian_locked"));
    let stands = home.child.approval(&forum.requests("").await).await;
    stands.send().await.expect(200);
    let family = home.child.family().await;
    let guardians = family["guardians"].as_array().unwrap();
    let can = |can: bool| guardians.iter().filter(|g| g["can_decide"] == can).count();
    assert_eq!((can(true), can(false)), (1, 1));
    let consent = home.mother.standing_consents().await.remove(0);
    let which = json!({ "standing": consent["id"], "child": consent["child"] });
    let withdrawn = home.mother.acts("withdraw-standing-consent", &which).await;
    withdrawn.expect(200);
}

/// A revoked guardianship: known when the registry is asked, on demand or on the next day. Standing consents
/// are void, and both are told.
#[tokio::test]
async fn r5_2_a_revoked_guardian_confirms_nothing_more() {
    for on_demand in [true, false] {
        let home = Home::new().await;
        let forum = home.world.platform("forum");
        let decision = home.child.approval(&forum.requests("").await).await;
        decision
            .consented_by(&home.mother, true)
            .send()
            .await
            .expect(200);
        assert!(
            home.world
                .registry()
                .set_guardian("child13", "mother", false)
        );
        if on_demand {
            home.child
                .acts("refresh-guardians", &json!({}))
                .await
                .expect(200);
        } else {
            home.world.advance(86_400);
        }
        let standing = home.child.approval(&forum.requests("").await).await;
        assert_eq!(standing.send().await.outcome(), refused("guardian_needed"));
        let decision = home.child.approval(&forum.requests("").await).await;
        let beside = decision.consented_by(&home.mother, false).send().await;
        assert_eq!(beside.outcome(), refused("not_guardian"));
        assert!(home.mother.standing_consents().await.is_empty());
        let children = home.mother.family().await["children"].clone();
        assert!(children.as_array().unwrap().is_empty());
        for person in [&home.child, &home.mother] {
            let history = person.history().await;
            let told = |text: &str| text.contains("\"topic\":\"guardianship_revoked\"");
            assert_eq!(history.iter().filter(|entry| told(&entry.text)).count(), 1);
        }
        // The father goes on.
        let decision = home.child.approval(&forum.requests("").await).await;
        decision
            .consented_by(&home.father, false)
            .send()
            .await
            .expect(200);
    }
}

/// A consent that goes on working is given by who is a guardian at this moment: the registry is asked, even if it was
/// asked a second ago.
#[tokio::test]
async fn r5_2_a_guardian_revoked_a_moment_ago_gives_no_standing_consent() {
    let home = Home::new().await;
    let forum = home.world.platform("forum");
    assert!(
        home.world
            .registry()
            .set_guardian("child13", "mother", false)
    );
    let decision = home.child.approval(&forum.requests("").await).await;
    let lasting = decision.consented_by(&home.mother, true).send().await;
    assert_eq!(lasting.outcome(), refused("not_guardian"));
    let decision = home.child.approval(&forum.requests("").await).await;
    let one_use = decision.consented_by(&home.mother, false).send().await;
    assert_eq!(
        one_use.outcome(),
        refused("not_guardian"),
        "the link ended with it"
    );
}

/// R5.2, R4.2: one use rests on an answer of the same day at most; on the next day a revoked guardian confirms nothing.
#[tokio::test]
async fn r5_2_a_revoked_guardian_is_known_on_the_next_day() {
    let home = Home::new().await;
    let forum = home.world.platform("forum");
    assert!(
        home.world
            .registry()
            .set_guardian("child13", "mother", false)
    );
    home.world.advance(86_400);
    let decision = home.child.approval(&forum.requests("").await).await;
    let beside = decision.consented_by(&home.mother, false).send().await;
    assert_eq!(beside.outcome(), refused("not_guardian"));
}

/// R5.2, R9.2: who withdraws from a platform takes a guardian's standing consent to it along, and no other; the guardians
/// are told.
#[tokio::test]
async fn r5_2_withdrawing_from_a_platform_ends_the_standing_consent_to_it() {
    let home = Home::new().await;
    let (forum, shop) = (home.world.platform("forum"), home.world.platform("shop"));
    for platform in [&forum, &shop] {
        let decision = home.child.approval(&platform.requests("").await).await;
        let decision = decision.consented_by(&home.mother, true);
        decision.send().await.expect(200);
    }
    let own = json!({ "platform": "app-forum" });
    let alone = home.child.acts("withdraw-consent", &own).await;
    assert_eq!(alone.outcome(), refused("guardian_consents"));
    let child = home.child.family().await["child"].clone();
    let for_child = json!({ "platform": "app-forum", "child": child });
    let withdrawn = async || {
        let answer = home.mother.acts("withdraw-consent", &for_child).await;
        answer.expect(200).json()["standing_ended"].clone()
    };
    assert_eq!(withdrawn().await, 1);
    let again = home.child.approval(&forum.requests("").await).await;
    assert_eq!(again.send().await.outcome(), refused("guardian_needed"));
    let other = home.child.approval(&shop.requests("").await).await;
    other.send().await.expect(200);
    for guardian in [&home.mother, &home.father] {
        assert_eq!(guardian.standing_consents().await.len(), 1);
        let history = guardian.history().await;
        let told = |text: &str| text.contains("\"topic\":\"standing_consent_withdrawn\"");
        assert_eq!(history.iter().filter(|entry| told(&entry.text)).count(), 1);
    }
    // Again: there is none left to end, and nobody is told twice.
    assert_eq!(withdrawn().await, 0);
    assert_eq!(home.father.standing_consents().await.len(), 1);
}

/// The registry is not asked at every use, and when it has to be and does not answer, nothing is guessed.
#[tokio::test]
async fn r5_2_a_silent_registry_stops_only_what_is_too_old() {
    let home = Home::new().await;
    let forum = home.world.platform("forum");
    home.world.registry().set_silent(true);
    let decision = home.child.approval(&forum.requests("").await).await;
    decision
        .consented_by(&home.mother, false)
        .send()
        .await
        .expect(200);
    let decision = home.child.approval(&forum.requests("").await).await;
    let lasting = decision.consented_by(&home.mother, true).send().await;
    assert_eq!(lasting.outcome(), (503, "registry_unavailable".to_owned()));
    home.world.advance(86_400);
    let decision = home.child.approval(&forum.requests("").await).await;
    let answer = decision.consented_by(&home.mother, false).send().await;
    assert_eq!(answer.outcome(), (503, "registry_unavailable".to_owned()));
}

/// A guardian who leaves: open duties block, unless another guardian holds a 网证 or the child's is ended.
#[tokio::test]
async fn r9_5_open_duties_keep_the_only_guardian_from_leaving() {
    let world = testkit::World::new().await;
    let mother = world.person("mother").applies().await;
    let child = world.person("child13").applies_with(&mother).await;
    let service = world.service();
    let (parent, minor) = (person_of(&mother).await, person_of(&child).await);
    let duties = service.guardian_duties(parent).await.unwrap();
    assert_eq!(duties.len(), 1);
    assert_eq!(
        (duties[0].child, duties[0].name_masked.as_str()),
        (minor, "王*")
    );
    // One way out: the father takes a 网证, and the registry is asked.
    world.person("father").applies().await;
    child
        .acts("refresh-guardians", &json!({}))
        .await
        .expect(200);
    assert!(service.guardian_duties(parent).await.unwrap().is_empty());
    // A locked 网证 is still one; the child has nobody's duty of its own.
    assert!(service.guardian_duties(minor).await.unwrap().is_empty());
}

/// C1, C2: the rows name neither the other one nor a platform.
#[tokio::test]
async fn c1_rows_of_a_family_tell_a_thief_neither_who_nor_where() {
    let home = Home::new().await;
    let forum = home.world.platform("forum");
    let decision = home.child.approval(&forum.requests("").await).await;
    decision
        .consented_by(&home.mother, true)
        .send()
        .await
        .expect(200);
    let (child, mother) = (person_of(&home.child).await, person_of(&home.mother).await);
    let store = home.world.service().store();
    for (beside, other) in [(child, mother), (mother, child)] {
        for row in store.guardian_links(beside).await.unwrap() {
            let sealed = row.sealed;
            let id = serde_json::to_string(&other).unwrap();
            let id = id.trim_matches('"').as_bytes();
            assert!(!sealed.windows(id.len()).any(|window| window == id));
            assert!(!sealed.windows(12).any(|window| window == other.as_bytes()));
        }
    }
    let row = store.standing_consents(child).await.unwrap().remove(0);
    assert!(!String::from_utf8_lossy(&row.copies).contains("forum"));
    for body in home.world.event_bodies().await {
        let about_family = body["event"]
            .as_str()
            .unwrap_or_default()
            .contains("guardian")
            || body["event"] == "standing_consent_changed";
        assert!(
            !about_family || !body.to_string().contains("forum"),
            "{body}"
        );
    }
}

/// R4.5, R5.2: at the hour of the birthday a request under way needs nobody's consent any more.
#[tokio::test]
async fn r4_5_from_fourteen_on_a_guardian_beside_is_not_needed_and_leaves_no_mark() {
    let home = Home::new().await;
    let forum = home.world.platform("forum");
    home.world.advance_to(time::macros::date!(2027 - 01 - 01));
    home.world.epoch().await;
    let decision = home.child.approval(&forum.requests("").await).await;
    let beside = decision.consented_by(&home.mother, true);
    let redirect = Redirect::of(&beside.send().await.expect(200));
    let events = home.world.waiting_events().await;
    assert_eq!(events, ["request_taken:taken"]);
    forum.redeems(&redirect).await;
    assert!(home.mother.standing_consents().await.is_empty());
    // A no that the person hands in is still a no.
    let decision = home.child.approval(&forum.requests("").await).await;
    let no = decision.refused_by(&home.mother);
    let redirect = Redirect::of(&no.send().await.expect(200));
    assert_eq!(redirect.value("error"), "access_denied");
}

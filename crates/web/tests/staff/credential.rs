//! C3: a 网证 is suspended or revoked for a listed reason, by two persons, with notice and appeal, and nothing else.

use identity::registry::population::RegistryState;
use serde_json::{Value, json};
use testkit::{Applicant, Staff, World};

/// The handle of a person, as a case officer gets it.
pub(super) async fn handle(staff: &Staff, applicant: &Applicant) -> String {
    let body = json!({ "document": applicant.document(), "purpose": "举报 2026-17" });
    let answer = staff
        .posts("/staff/api/find-subject", &body)
        .await
        .expect(200);
    answer.json()["person"].as_str().unwrap().to_owned()
}

fn act(name: &str, person: &str, reason: &str) -> Value {
    json!({ "act": name, "person": person, "reason": reason, "order": "举报 2026-17" })
}

#[tokio::test]
async fn c3_two_persons_suspend_the_person_is_told_why_and_how_to_appeal() {
    let world = World::new().await;
    let applicant = world.person("resident");
    let person = applicant.applies().await;
    let (cases, reviewer) = (world.staff("cases"), world.staff("reviewer3"));
    let id = handle(&cases, &applicant).await;
    let proposal = cases
        .proposes(&act("suspend_wangzheng", &id, "key_stolen"))
        .await;
    assert_eq!(cases.confirm(&proposal).await.code(), "same_person");
    let forum = world.platform("forum");
    forum
        .redeems(&person.approves(&forum.requests("").await).await)
        .await;
    assert_eq!(reviewer.confirms(&proposal).await, "done");
    // It works nowhere now, and nobody is told why.
    let request = forum.requests("").await;
    let answer = person.approval(&request).await.send().await;
    assert_eq!(answer.code(), "suspended");
    // The person is: with the reason, what it does not do, and the way to appeal.
    let entries = person.history().await;
    let note = entries
        .iter()
        .find(|entry| entry.kind() == "notice")
        .unwrap();
    let text = &note.text;
    for part in ["credential_suspended", "申诉", "没有通知任何平台", "appeal"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let why = person.acts("explain", &json!({})).await.expect(200).json();
    let reason = &why["reasons"][0];
    assert_eq!(
        (&reason["code"], &reason["rule"]),
        (&json!("key_stolen"), &json!("C3"))
    );
    // A document in force does not lift what two persons decided (C3).
    world.advance(86_400 * i64::from(world.service().policy.recheck_days + 1));
    world.service().recheck_due().await.unwrap();
    let why = person.acts("explain", &json!({})).await.expect(200).json();
    assert_eq!(why["state"], "suspended");
    let (cases, reviewer) = (world.staff("cases"), world.staff("reviewer3"));
    // An appeal lifts it, to the person's own lock: who reinstates does not unlock.
    let lift = json!({ "act": "reinstate_wangzheng", "person": id, "order": "申诉 2026-3" });
    let lift = reviewer.proposes(&lift).await;
    assert_eq!(cases.confirms(&lift).await, "done");
    let answer = person
        .approval(&forum.requests("").await)
        .await
        .send()
        .await;
    assert_eq!(answer.code(), "locked");
    let pin = json!({ "pin": applicant.person.pin });
    person.acts("unlock", &pin).await.expect(200);
    let again = forum
        .redeems(&person.approves(&forum.requests("").await).await)
        .await;
    assert!(!again.access_token().is_empty());
}

#[tokio::test]
async fn c3_only_listed_reasons_and_only_where_the_state_allows_it() {
    let world = World::new().await;
    let applicant = world.person("resident");
    applicant.applies().await;
    let (cases, reviewer) = (world.staff("cases"), world.staff("reviewer3"));
    let id = handle(&cases, &applicant).await;
    for reason in ["spoke_against", "illegal_speech", "other", ""] {
        let answer = cases.propose(&act("suspend_wangzheng", &id, reason)).await;
        assert_eq!(
            answer.outcome(),
            (400, "statement_invalid".to_owned()),
            "{reason}"
        );
    }
    // A stolen key suspends; it does not end what a person has.
    let answer = cases
        .propose(&act("revoke_wangzheng", &id, "key_stolen"))
        .await;
    assert_eq!(answer.code(), "not_possible");
    let mut without_order = act("suspend_wangzheng", &id, "impersonation");
    without_order["order"] = json!(" ");
    assert_eq!(cases.propose(&without_order).await.code(), "not_possible");
    let lift = json!({ "act": "reinstate_wangzheng", "person": id, "order": "申诉" });
    assert_eq!(
        cases.propose(&lift).await.code(),
        "not_possible",
        "it is not suspended"
    );
    let revoke = cases
        .proposes(&act("revoke_wangzheng", &id, "impersonation"))
        .await;
    assert_eq!(reviewer.confirms(&revoke).await, "done");
    let answer = cases
        .propose(&act("suspend_wangzheng", &id, "impersonation"))
        .await;
    assert_eq!(answer.code(), "not_possible", "revoked is the end");
}

/// R15.2, C3: what is suspended for the document is lifted by a document in force, and not by staff.
#[tokio::test]
async fn c3_staff_do_not_lift_what_the_document_suspends() {
    let world = World::new().await;
    let applicant = world.person("resident");
    applicant.applies().await;
    let cases = world.staff("cases");
    let id = handle(&cases, &applicant).await;
    let number = applicant.person.document.number().clone();
    assert!(world.registry().report(&number, RegistryState::Lost));
    world.advance(86_400 * i64::from(world.service().policy.recheck_days + 1));
    assert_eq!(world.service().recheck_due().await.unwrap().suspended, 1);
    let cases = world.staff("cases");
    let lift = json!({ "act": "reinstate_wangzheng", "person": id, "order": "申诉" });
    assert_eq!(cases.propose(&lift).await.code(), "not_possible");
    assert!(world.registry().report(&number, RegistryState::InForce));
    world.advance(86_400 * i64::from(world.service().policy.recheck_days + 1));
    assert_eq!(world.service().recheck_due().await.unwrap().taken_over, 1);
}

/// C3: what staff do to a credential reaches no platform: nothing was received, no signal is asked for.
#[tokio::test]
async fn c3_no_platform_hears_of_it() {
    let world = World::new().await;
    let applicant = world.person("resident");
    let person = applicant.applies().await;
    let forum = world.platform("forum");
    forum
        .redeems(&person.approves(&forum.requests("").await).await)
        .await;
    let (cases, reviewer) = (world.staff("cases"), world.staff("reviewer3"));
    let id = handle(&cases, &applicant).await;
    let before = world.platforms_received().len();
    let events = world.event_count().await;
    let proposal = cases
        .proposes(&act("suspend_wangzheng", &id, "issued_in_error"))
        .await;
    reviewer.confirms(&proposal).await;
    assert_eq!(world.platforms_received().len(), before);
    assert!(world.event_count().await > events);
    let of_person: Vec<Value> = world
        .event_bodies()
        .await
        .into_iter()
        .filter(|body| body["event"] == "wangzheng_changed")
        .collect();
    // The day, the state, the reason; no platform, no second (C1).
    assert_eq!(of_person.len(), 1);
    assert_eq!(of_person[0]["reason"], "issued_in_error");
    for member in ["at", "platform"] {
        assert!(of_person[0].get(member).is_none(), "{member}");
    }
    // The source of these acts asks for no signal.
    for file in ["credential.rs", "carry_out.rs", "two_persons.rs"] {
        let path = format!(
            "{}/../identity/src/oversight/{file}",
            env!("CARGO_MANIFEST_DIR")
        );
        let text = std::fs::read_to_string(path).unwrap();
        assert!(!text.contains("tell_platforms"), "{file}");
    }
}

/// C3: no act names a person and a platform: there is no way to block one person at a platform's accounts.
#[test]
fn c3_no_act_names_a_person_and_a_platform() {
    let path = format!(
        "{}/../identity/src/oversight/act.rs",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = std::fs::read_to_string(path).unwrap();
    let acts = text.split("pub enum Act {").nth(1).unwrap();
    let acts = acts.split("impl Act").next().unwrap();
    let mut named = 0;
    for variant in acts.split("\n    },") {
        let person = variant.contains("person: Subject");
        named += u32::from(person);
        assert!(!(person && variant.contains("PlatformId")), "{variant}");
    }
    assert!(named >= 4, "the source was read");
}

/// R12.1: who has no work with persons learns nothing of any, and each look-up is in the log.
#[tokio::test]
async fn r12_1_a_person_is_found_by_the_whole_document_only_and_by_two_roles() {
    let world = World::new().await;
    let applicant = world.person("resident");
    applicant.applies().await;
    let body = json!({ "document": applicant.document(), "purpose": "复核" });
    for login in ["sysadmin", "secadmin", "reviewer1", "forum-member"] {
        let answer = world
            .staff(login)
            .posts("/staff/api/find-subject", &body)
            .await;
        assert_eq!(answer.code(), "not_your_duty", "{login}");
    }
    let cases = world.staff("cases");
    let mut other = body.clone();
    other["document"]["holder"] = json!("张三");
    assert_eq!(
        cases.posts("/staff/api/find-subject", &other).await.status,
        404
    );
    let stranger = json!({ "document": world.person("resident2").document(), "purpose": "复核" });
    assert_eq!(
        cases
            .posts("/staff/api/find-subject", &stranger)
            .await
            .status,
        404
    );
    let mut aimless = body.clone();
    aimless["purpose"] = json!("");
    assert_eq!(
        cases
            .posts("/staff/api/find-subject", &aimless)
            .await
            .code(),
        "purpose_needed"
    );
    let found = handle(&cases, &applicant).await;
    let reviewer = world.staff("reviewer3");
    assert_eq!(handle(&reviewer, &applicant).await, found);
    let sought = world.event_bodies().await;
    let sought = sought
        .iter()
        .filter(|body| body["event"] == "subject_sought");
    assert_eq!(sought.count(), 4);
}

//! Guardians: who may do what for whom, and what nobody else learns (Art. 4(2)–(3), 5(2); R4.2, R4.3, R5.2, R8.1).

use serde_json::{Value, json};
use testkit::{Applicant, Call, Holder, Redirect, Setup, Statement, Wallet, World};

mod code;
mod consents;
mod outcomes;
mod remote;

/// A world where both parents hold a 网证, and `child13` has applied with the mother.
pub(crate) struct Home {
    pub(crate) world: World,
    pub(crate) father: Holder,
    pub(crate) mother: Holder,
    pub(crate) child: Holder,
}

impl Home {
    pub(crate) async fn new() -> Self {
        let world = World::new().await;
        let father = world.person("father").applies().await;
        let mother = world.person("mother").applies().await;
        let child = world.person("child13").applies_with(&mother).await;
        Self {
            world,
            father,
            mother,
            child,
        }
    }
}

fn refused(code: &str) -> (u16, String) {
    (403, code.to_owned())
}

/// An application with the part of the mother in it, changed.
async fn with_part(
    person: &Applicant,
    mother: &Holder,
    change: impl FnOnce(Statement) -> Statement,
) -> (u16, String) {
    let wallet = Wallet::generate("58203947");
    let mut body = person.application(&wallet).await;
    let part = change(person.guardian_part(&wallet, mother).await);
    body["guardian"] = json!(part.sign(&mother.wallet().device));
    person.apply(&body).await.outcome()
}

/// R4.2: neither without the guardian, nor with somebody else, nor with less than consent and application.
#[tokio::test]
async fn r4_2_a_child_under_14_applies_with_the_guardians_consent_and_act_only() {
    let world = World::new().await;
    let mother = world.person("mother").applies().await;
    let stranger = world.person("resident").applies().await;
    let child = world.person("child13");
    let events = world.event_count().await;
    let alone = child.application(&Wallet::generate("58203947")).await;
    let answer = child.apply(&alone).await;
    assert_eq!(answer.outcome(), refused("guardian_needed"));
    assert_eq!(answer.json()["age_group"], "guardian_applies");
    assert!(answer.text().contains("R4.2"), "{}", answer.text());

    let body = child
        .application_with(&Wallet::generate("58203947"), &stranger)
        .await;
    assert_eq!(child.apply(&body).await.outcome(), refused("not_guardian"));
    let unsigned = |part: Statement| part.with("consents", json!([]));
    let no_consent = refused("guardian_consent_missing");
    assert_eq!(with_part(&child, &mother, unsigned).await, no_consent);
    let general = |mut part: Statement| {
        part.claims["consents"][0]["kind"] = json!("general");
        part
    };
    assert_eq!(with_part(&child, &mother, general).await, no_consent);
    let supervises = |part: Statement| part.with("act", "supervise");
    let other_act = refused("guardian_other_act");
    assert_eq!(with_part(&child, &mother, supervises).await, other_act);
    let other_key = |part: Statement| part.with("key", Wallet::generate("58203947").thumbprint());
    assert_eq!(with_part(&child, &mother, other_key).await, other_act);
    let as_act = |part: Statement| part.typed("wz-act+jwt");
    assert_eq!(with_part(&child, &mother, as_act).await.0, 400);
    let old = |part: Statement| part.with("iat", world.now().0 - 301);
    assert_eq!(
        with_part(&child, &mother, old).await,
        refused("statement_stale")
    );
    assert_eq!(world.event_count().await, events, "nothing was written");

    assert_eq!(with_part(&child, &mother, |part| part).await.0, 201);
}

/// R4.2: one statement, one use.
#[tokio::test]
async fn r4_2_a_guardians_statement_is_used_once() {
    let world = World::new().await;
    let mother = world.person("mother").applies().await;
    let child = world.person("child13");
    let wallet = Wallet::generate("58203947");
    let body = child.application_with(&wallet, &mother).await;
    child.apply(&body).await.expect(201);
    // The same device key, so that the statement is about it; but it was used.
    let mut again = child.document_check(&wallet).await;
    again["recovery_proof"] = json!(wallet.recovery_proof());
    again["guardian"] = body["guardian"].clone();
    let call = Call::post("/person/api/recover").json(&again);
    let answer = world.send(call).await;
    assert_eq!(answer.outcome(), refused("statement_replayed"));
}

/// R4.3: from 14 to 17 the guardian supervises, and that is no consent.
#[tokio::test]
async fn r4_3_a_person_of_14_to_17_applies_under_supervision() {
    let world = World::new().await;
    let mother = world.person("mother").applies().await;
    for name in ["teen16", "teen17"] {
        let teen = world.person(name);
        let alone = teen.application(&Wallet::generate("58203947")).await;
        let answer = teen.apply(&alone).await;
        assert_eq!(answer.outcome(), refused("guardian_needed"));
        assert!(answer.text().contains("R4.3"), "{}", answer.text());
        let consents = |part: Statement| part.with("act", "apply");
        assert_eq!(
            with_part(&teen, &mother, consents).await,
            refused("guardian_other_act")
        );
        world.epoch().await;
        let holder = teen.applies_with(&mother).await;
        let events = world.waiting_events().await;
        assert!(events.contains(&"guardian_supervised:done".to_owned()));
        assert!(!events.iter().any(|event| event.contains("consented")));
        // Used without anybody else.
        let forum = world.platform("forum");
        forum
            .redeems(&holder.approves(&forum.requests("").await).await)
            .await;
    }
}

/// R4.2: the guardian must hold a 网证 that can be used, and be of age.
#[tokio::test]
async fn r4_2_a_guardian_holds_an_active_wangzheng_and_is_of_age() {
    let world = World::new().await;
    let mother = world.person("mother").applies().await;
    let teen = world.person("teen17").applies_with(&mother).await;
    let child = world.person("child13");
    // The registry may say what it likes: a minor guards nobody.
    assert!(world.registry().set_guardian("child13", "teen17", true));
    let part = with_part(&child, &teen, |part| part).await;
    assert_eq!(part, refused("guardian_not_of_age"));
    mother.acts("lock", &json!({})).await.expect(200);
    let part = with_part(&child, &mother, |part| part).await;
    assert_eq!(part, refused("guardian_locked"));
    let unlock = json!({ "pin": mother.wallet().pin });
    mother.acts("unlock", &unlock).await.expect(200);
    assert_eq!(with_part(&child, &mother, |part| part).await.0, 201);
}

/// R4.4 is a setting, on by default.
#[tokio::test]
async fn r4_4_the_minimum_age_is_a_setting() {
    let mut setup = Setup::default();
    setup.policy.age.minimum_age = 6;
    let world = World::with(setup).await;
    let mother = world.person("mother").applies().await;
    world.person("child7").applies_with(&mother).await;
    let world = World::new().await;
    let mother = world.person("mother").applies().await;
    let child = world.person("child7");
    let part = with_part(&child, &mother, |part| part).await;
    assert_eq!(part, refused("too_young"));
}

/// R5.2: each use, by a guardian, about exactly this request of exactly this child.
#[tokio::test]
async fn r5_2_a_child_under_14_verifies_with_a_guardians_consent_only() {
    let home = Home::new().await;
    let forum = home.world.platform("forum");
    let stranger = home.world.person("resident").applies().await;
    let request = forum.requests("").await;
    let approval = home.child.approval(&request).await;
    assert_eq!(approval.send().await.outcome(), refused("guardian_needed"));
    let by = |guardian: &Holder| approval.clone().consented_by(guardian, false);
    assert_eq!(
        by(&stranger).send().await.outcome(),
        refused("not_guardian")
    );
    let other = home.child.approval(&forum.requests("").await).await;
    let about = |transaction: &str| {
        home.mother
            .states_about(transaction, "approve", home.child.wallet())
    };
    let other_request = approval
        .clone()
        .beside(&about(&other.transaction), &home.mother);
    assert_eq!(
        other_request.send().await.outcome(),
        refused("guardian_other_act")
    );
    let sibling = home.mother.states_about(
        &approval.transaction,
        "approve",
        &Wallet::generate("58203947"),
    );
    let other_child = approval.clone().beside(&sibling, &home.mother);
    assert_eq!(
        other_child.send().await.outcome(),
        refused("guardian_other_act")
    );
    home.world.epoch().await;
    let redirect = Redirect::of(&by(&home.mother).send().await.expect(200));
    let mut events = home.world.waiting_events().await;
    events.sort();
    let fact = "the consent is a fact of its own";
    assert_eq!(
        events,
        ["guardian_consented_to_use:done", "request_taken:taken"],
        "{fact}"
    );
    forum.redeems(&redirect).await;
}

/// R8.1: a guardian's no is a no like any, and no answer tells that there is a guardian.
#[tokio::test]
async fn r8_1_a_platform_never_notices_a_guardian() {
    let home = Home::new().await;
    let forum = home.world.platform("forum");
    let adult = home.world.person("resident").applies().await;
    let request = forum.requests("").await;
    let approval = home.child.approval(&request).await;
    let no = approval.clone().refused_by(&home.mother);
    let refusal = Redirect::of(&no.send().await.expect(200));
    let own = adult.refuses(&forum.requests("").await).await;
    assert_eq!(refusal.without_state(), own.without_state());
    assert_eq!(refusal.value("error"), "access_denied");
    // The same no again is the same answer; a yes comes too late.
    no.send().await.expect(200);
    let late = approval.consented_by(&home.mother, false).send().await;
    assert_eq!(late.outcome(), refused("request_taken"));

    // A yes: same length of code, same members, same acr and amr.
    let request = forum.requests("").await;
    let of_child = home.child.approves_beside(&home.mother, &request).await;
    let of_adult = adult.approves(&forum.requests("").await).await;
    assert_eq!(of_child.code().len(), of_adult.code().len());
    let tokens = |redirect: Redirect| {
        let forum = forum.clone();
        async move {
            let fields = forum.redemption(&redirect);
            let answer = forum.ask_for_tokens(&fields).await.expect(200).json();
            shape(&answer)
        }
    };
    assert_eq!(tokens(of_child).await, tokens(of_adult).await);
    for (_, bytes) in home.world.platforms_received() {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        assert!(
            !text.contains("guardian") && !text.contains("minor"),
            "{text}"
        );
    }
}

/// Names of members, and the claims of signed texts, without values that differ each time.
fn shape(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let inner = |(name, value): (&String, &Value)| match name.as_str() {
                "acr" | "amr" | "result" | "further_plaintext" => format!("{name}={value}"),
                _ => format!("{name}:{}", shape(value)),
            };
            members.iter().map(inner).collect::<Vec<_>>().join(",")
        }
        Value::Array(items) => items.iter().map(shape).collect::<Vec<_>>().join(";"),
        Value::String(text) if text.split('.').count() == 3 => {
            let jws = jose::jws::Unverified::parse(text).unwrap();
            shape(&jws.unverified_claims::<Value>().unwrap())
        }
        Value::String(text) => text.len().to_string(),
        other => other.to_string().len().to_string(),
    }
}

/// The guardian who consented gets a copy of the child's receipt; nobody else does (R5.2, C1).
#[tokio::test]
async fn r5_2_the_guardian_who_consented_keeps_a_copy_of_the_receipt() {
    let home = Home::new().await;
    let forum = home.world.platform("forum");
    let request = forum.requests("").await;
    let redirect = home.child.approves_beside(&home.mother, &request).await;
    let verified = forum.redeems(&redirect).await;
    let copy = eventually(&home.mother, "child_receipt").await;
    let note: Value = serde_json::from_str(&copy).unwrap();
    assert_eq!(note["receipt"], verified.receipt_text());
    assert_eq!(note["child"], "王*");
    let kinds = home.father.history_kinds().await;
    assert!(!kinds.contains(&"child_receipt".to_owned()));
    let own = home.child.history_kinds().await;
    assert_eq!(own.iter().filter(|kind| *kind == "receipt").count(), 1);
}

/// The copy goes its own way, so it may come a moment later.
async fn eventually(holder: &Holder, kind: &str) -> String {
    for _ in 0..100 {
        let history = holder.history().await;
        if let Some(entry) = history.iter().find(|entry| entry.kind() == kind) {
            return entry.text.clone();
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("no {kind} came")
}

/// P-recovery: no path is weaker than application.
#[tokio::test]
async fn p_recovery_a_minor_recovers_and_sets_a_pin_with_the_guardian_only() {
    let home = Home::new().await;
    let applicant = home.child.applicant();
    let proof = home.child.wallet().recovery_proof();
    let wallet = Wallet::generate("58203947");
    let alone = applicant.recover(&wallet, Some(&proof)).await;
    assert_eq!(alone.outcome(), refused("guardian_needed"));
    let mut body = applicant.document_check(&wallet).await;
    body["recovery_proof"] = json!(proof);
    let part = applicant.guardian_part(&wallet, &home.mother).await;
    body["guardian"] = json!(part.sign(&home.mother.wallet().device));
    let call = Call::post("/person/api/recover").json(&body);
    home.world.send(call).await.expect(201);

    let set_pin = |guardian: Value| {
        json!({
            "statement": home.child.act("set_pin").sign(&home.child.wallet().device),
            "document": applicant.document(),
            "evidence": { "chip": true },
            "pin": "60914275",
            "guardian": guardian,
        })
    };
    let call = Call::post("/person/api/set-pin").json(&set_pin(Value::Null));
    assert_eq!(
        home.world.send(call).await.outcome(),
        refused("guardian_needed")
    );
    let part = applicant
        .guardian_part(home.child.wallet(), &home.mother)
        .await;
    let part = json!(part.sign(&home.mother.wallet().device));
    let call = Call::post("/person/api/set-pin").json(&set_pin(part));
    home.world.send(call).await.expect(200);
}

/// P-minors: who is a minor, by the day.
#[tokio::test]
async fn p_minors_a_person_is_a_minor_until_eighteen() {
    let home = Home::new().await;
    let service = home.world.service();
    for (holder, minor) in [(&home.child, true), (&home.mother, false)] {
        let person = outcomes::person_of(holder).await;
        assert_eq!(service.is_minor(person).await.unwrap(), minor);
    }
}

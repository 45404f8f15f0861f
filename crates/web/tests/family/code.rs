//! Two browsers, one application (P22; R4.2, R4.3): eight digits, four digits to compare, the guardian's signature.

use serde_json::{Value, json};
use testkit::{Answer, Applicant, Call, Holder, Statement, Wallet, World};

use super::{Home, refused};

/// A child's browser with everything filled in.
struct Browser {
    child: Applicant,
    wallet: Wallet,
    body: Value,
    sealed: String,
}

impl Browser {
    async fn of(world: &World, name: &str, wallet: Wallet) -> Self {
        let child = world.person(name);
        let body = child.application(&wallet).await;
        // The pages seal what was filled in; here the domain does.
        let mut form = web::person::apply::Application::default();
        form.consents = serde_json::from_value(body["consents"].clone()).unwrap();
        form.document = serde_json::from_value(body["document"].clone()).unwrap();
        form.evidence = serde_json::from_value(body["evidence"].clone()).unwrap();
        form.pin = Some("58203947".to_owned());
        let sealed = world.sealed_application(&mut form);
        Self {
            child,
            wallet,
            body,
            sealed,
        }
    }

    async fn new(world: &World, name: &str) -> Self {
        Self::of(world, name, Wallet::generate("58203947")).await
    }

    /// The code it shows, with the claim.
    async fn code(&self, world: &World) -> Value {
        let statement = Statement::of_new_device(world).sign(&self.wallet.device);
        let asks = json!({ "statement": statement, "application": self.sealed });
        post(world, "", asks).await.expect(200).json()
    }

    /// Hands in the application with what the guardian said.
    async fn applies(mut self, world: &World, guardian: &Value) -> Answer {
        let statement = Statement::of_new_device(world).sign(&self.wallet.device);
        self.body["statement"] = json!(statement);
        self.body["guardian"] = guardian.clone();
        self.child.apply(&self.body).await
    }
}

async fn post(world: &World, path: &str, body: Value) -> Answer {
    let call = Call::post(format!("/person/api/guardian-code{path}")).json(&body);
    world.send(call).await
}

async fn reads(guardian: &Holder, code: &Value) -> Answer {
    let reads = guardian.act("guardian_code_read");
    let reads = reads.with("guardian_code", code["code"].clone());
    let body = json!({ "statement": reads.sign(&guardian.wallet().device) });
    post(guardian.world(), "/read", body).await
}

async fn answers(guardian: &Holder, code: &Value, part: Statement) -> Answer {
    let body = json!({
        "code": code["code"],
        "statement": part.sign(&guardian.wallet().device),
    });
    post(guardian.world(), "/answer", body).await
}

async fn state(world: &World, code: &Value) -> Answer {
    post(world, "/state", json!({ "claim": code["claim"] })).await
}

/// What lies in a guardian's own record of decisions.
async fn decisions(guardian: &Holder) -> Vec<Value> {
    let history = guardian.history().await;
    let decided = history.iter().filter(|e| e.kind() == "child_decision");
    decided
        .map(|entry| serde_json::from_str(&entry.text).unwrap())
        .collect()
}

#[tokio::test]
async fn r4_2_a_guardian_signs_at_another_browser() {
    let world = World::new().await;
    let mother = world.person("mother").applies().await;
    let browser = Browser::new(&world, "child13").await;
    let code = browser.code(&world).await;
    let waiting = state(&world, &code).await.expect(200).json();
    assert_eq!(waiting["state"], "waiting");
    let asked = reads(&mother, &code).await.expect(200).json();
    assert_eq!(asked["child_name"], "王*");
    assert_eq!(
        (&asked["act"], &asked["purpose"]),
        (&json!("apply"), &json!("apply"))
    );
    assert_eq!(asked["check"], code["check"]);
    assert_eq!(asked["key"], browser.wallet.thumbprint());
    // R4.2: without the consent of its own the yes is none.
    let part = browser.child.guardian_part(&browser.wallet, &mother).await;
    let bare = part.clone().with("consents", json!([]));
    let answer = answers(&mother, &code, bare).await;
    assert_eq!(answer.outcome(), refused("guardian_consent_missing"));
    world.epoch().await;
    answers(&mother, &code, part.clone()).await.expect(200);
    let mut events = world.waiting_events().await;
    events.sort();
    assert_eq!(events, ["handover_changed:advanced", "inbox_note_put:done"]);
    let twice = answers(&mother, &code, part).await;
    assert_eq!(twice.outcome(), refused("request_taken"));
    let done = state(&world, &code).await.expect(200).json();
    assert_eq!(done["state"], "done");
    browser.applies(&world, &done["guardian"]).await.expect(201);
    // The guardian's own record says what was signed, the child masked.
    let decided = decisions(&mother).await;
    assert_eq!(decided.len(), 1);
    assert_eq!(decided[0]["child"], "王*");
    assert_eq!(decided[0]["what"], "apply");
    assert_eq!(decided[0]["decision"], "approve");
}

/// A no is signed too; the child's browser hears it, and the statement opens nothing.
#[tokio::test]
async fn r4_2_a_guardian_declines_at_another_browser() {
    let world = World::new().await;
    let mother = world.person("mother").applies().await;
    let browser = Browser::new(&world, "child13").await;
    let code = browser.code(&world).await;
    let part = browser.child.guardian_part(&browser.wallet, &mother).await;
    let no = part.with("decision", "refuse").with("consents", json!([]));
    let answer = answers(&mother, &code, no.clone()).await.expect(200);
    assert_eq!(answer.json()["state"], "refused");
    let told = state(&world, &code).await.expect(200).json();
    assert_eq!(
        (&told["state"], &told["guardian"]),
        (&json!("refused"), &Value::Null)
    );
    assert_eq!(
        reads(&mother, &code).await.outcome(),
        refused("request_taken")
    );
    let no = json!(no.sign(&mother.wallet().device));
    let answer = browser.applies(&world, &no).await;
    assert_eq!(answer.outcome(), refused("guardian_declined"));
    assert_eq!(decisions(&mother).await[0]["decision"], "refuse");
}

/// Nobody but a guardian sees what is asked, whatever they guess; a code that was cancelled is none.
#[tokio::test]
async fn r4_3_a_code_is_for_the_guardians_of_this_child() {
    let world = World::new().await;
    let father = world.person("father").applies().await;
    let stranger = world.person("resident").applies().await;
    let browser = Browser::new(&world, "teen16").await;
    let code = browser.code(&world).await;
    let answer = reads(&stranger, &code).await;
    assert_eq!(answer.outcome(), refused("not_guardian"));
    let part = browser
        .child
        .guardian_part(&browser.wallet, &stranger)
        .await;
    let answer = answers(&stranger, &code, part).await;
    assert_eq!(answer.outcome(), refused("not_guardian"));
    let asked = reads(&father, &code).await.expect(200).json();
    assert_eq!(asked["act"], "supervise", "R4.3: no consent");
    let claim = json!({ "claim": code["claim"] });
    post(&world, "/cancel", claim).await.expect(200);
    assert_eq!(reads(&father, &code).await.status, 404);
    assert_eq!(state(&world, &code).await.status, 404);
    let claim = json!({ "claim": "nonsense" });
    assert_eq!(post(&world, "/cancel", claim).await.status, 404);
    // Ten minutes, no more.
    let code = browser.code(&world).await;
    world.advance(601);
    assert_eq!(reads(&father, &code).await.status, 404);
}

/// An adult needs nobody, and a code says what it is for by what the service knows.
#[tokio::test]
async fn p_recovery_a_minor_sets_a_pin_by_a_code() {
    let home = Home::new().await;
    let world = &home.world;
    let wallet = Wallet::generate("58203947");
    let adult = Browser::of(world, "resident", wallet).await;
    let statement = Statement::of_new_device(world).sign(&adult.wallet.device);
    let asks = json!({ "statement": statement, "application": adult.sealed });
    let answer = post(world, "", asks).await;
    assert_eq!(answer.outcome(), refused("application_expired"));

    let again = Browser::new(world, "child13").await;
    let code = again.code(world).await;
    let asked = reads(&home.mother, &code).await.expect(200).json();
    assert_eq!(asked["purpose"], "recover");

    let act = |name: &str| {
        let act = home.child.act(name);
        act.sign(&home.child.wallet().device)
    };
    let asks = json!({ "statement": act("guardian_code"), "application": again.sealed });
    let code = post(world, "/device", asks).await.expect(200).json();
    let asked = reads(&home.mother, &code).await.expect(200).json();
    assert_eq!(asked["purpose"], "new_pin");
    assert_eq!(asked["key"], home.child.wallet().thumbprint());
    let applicant = home.child.applicant();
    let part = applicant
        .guardian_part(home.child.wallet(), &home.mother)
        .await;
    answers(&home.mother, &code, part).await.expect(200);
    let done = state(world, &code).await.expect(200).json();
    let body = json!({
        "statement": act("set_pin"),
        "application": again.sealed,
        "pin": "60914275",
        "guardian": done["guardian"],
    });
    let call = Call::post("/person/api/set-pin").json(&body);
    world.send(call).await.expect(200);
    // Another person's document makes no code for this device.
    let other = Browser::new(world, "teen16").await;
    let asks = json!({ "statement": act("guardian_code"), "application": other.sealed });
    let answer = post(world, "/device", asks).await;
    assert_eq!(answer.outcome(), refused("document_no_match"));
}

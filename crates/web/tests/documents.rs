//! A document over time: expiry, loss, renewal, two documents of one person, all kinds (R15.1, R15.2, R4.1, R2.3).

use identity::document::{Document, DocumentKind, DocumentNumber};
use identity::registry::population::{RegistryState, SandboxPerson};
use serde_json::{Value, json};
use testkit::{Applicant, Call, Holder, Wallet, World};
use time::Duration;

const DAY: i64 = 86_400;

fn document_of(document: &Document) -> Value {
    json!({
        "kind": document.number().kind().as_str(),
        "number": document.number().printed(),
        "holder": document.holder().as_str(),
        "birth_date": document.birth_date().to_string(),
        "valid_until": document.valid_until().map(|date| date.to_string()),
    })
}

/// Shows a document again, chip and all, signed by a device of the person.
async fn renews(person: &Holder, document: Value) -> testkit::Answer {
    let statement = person.act("renew").sign(&person.wallet().device);
    let body = json!({
        "statement": statement,
        "document": document,
        "evidence": { "chip": true, "face": null },
    });
    let call = Call::post("/person/api/renew").json(&body);
    person.world().send(call).await
}

/// The topics of the notices, newest first.
async fn topics(person: &Holder) -> Vec<String> {
    let notes = person.history().await;
    notes
        .iter()
        .filter_map(|entry| serde_json::from_str::<Value>(&entry.text).ok())
        .filter_map(|note| note["topic"].as_str().map(str::to_owned))
        .collect()
}

async fn state(person: &Holder) -> (String, Vec<String>) {
    let why = person.acts("explain", &json!({})).await.expect(200).json();
    let reasons = why["reasons"].as_array().unwrap().iter();
    let codes = reasons.map(|reason| reason["code"].as_str().unwrap().to_owned());
    (why["state"].as_str().unwrap().to_owned(), codes.collect())
}

/// R15.2: past its last day the 网证 is suspended by itself, the person is told, and a renewed document ends it.
#[tokio::test]
async fn r15_2_an_expired_document_suspends_and_a_renewed_one_resumes() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let forum = world.platform("forum");
    let verified = forum
        .redeems(&person.approves(&forum.requests("").await).await)
        .await;
    let document = person.applicant().person.document.clone();
    let last = document.valid_until().unwrap();
    let days = (last - world.now().date()).whole_days();
    // The last day counts.
    world.advance(days * DAY);
    forum
        .redeems(&person.approves(&forum.requests("").await).await)
        .await;
    assert_eq!(state(&person).await, ("active".to_owned(), vec![]));
    // The day after: no job has run yet, and no platform gets an answer.
    world.advance(DAY);
    let request = forum.requests("").await;
    let refused = person.approval(&request).await.send().await;
    assert_eq!(refused.outcome(), (403, "suspended".to_owned()));
    let expired = vec!["document_expired".to_owned()];
    assert_eq!(
        state(&person).await,
        ("suspended".to_owned(), expired.clone())
    );
    assert_eq!(topics(&person).await, expired, "told at use");
    let pass = world.service().recheck_due().await.unwrap();
    assert_eq!(pass.suspended, 1);
    assert_eq!(topics(&person).await, expired, "told once");
    // Shown again it is still expired, and the refusal says so.
    let refused = renews(&person, document_of(&document)).await;
    assert_eq!(refused.outcome(), (403, "document_expired".to_owned()));
    assert!(refused.json()["next"]["chinese"].is_string());
    // Renewed with the same number.
    let today = world.now().date();
    let until = Some(today + Duration::days(3000));
    let (number, holder) = (document.number().clone(), document.holder().clone());
    let new = Document::new(number.clone(), holder, document.birth_date(), until, today).unwrap();
    assert!(world.registry().issue(&number, new.clone()));
    let renewed = renews(&person, document_of(&new)).await.expect(200).json();
    assert_eq!(renewed["changed"], json!(["valid_until"]));
    assert_eq!(renewed["wangzheng"], "active");
    assert_eq!(renewed["serial"], 2);
    let again = forum
        .redeems(&person.approves(&forum.requests("").await).await)
        .await;
    assert_eq!(
        again.subject(),
        verified.subject(),
        "the same person to the platform"
    );
}

/// R15.2: the job finds what expired without anybody's doing, and takes over a validity the registry has already.
#[tokio::test]
async fn r15_2_the_job_suspends_tells_and_takes_over() {
    let world = World::new().await;
    let expires = world.person("resident").applies().await;
    let renewed = world.person("resident2").applies().await;
    let lasting = world.person("elder").applies().await;
    let document = renewed.applicant().person.document.clone();
    let last = document.valid_until().unwrap();
    let days = (last - world.now().date()).whole_days();
    world.advance((days + 1) * DAY);
    let today = world.now().date();
    let (number, holder) = (document.number().clone(), document.holder().clone());
    let until = Some(today + Duration::days(3000));
    let new = Document::new(number.clone(), holder, document.birth_date(), until, today).unwrap();
    assert!(world.registry().issue(&number, new));
    // Silence of the registry changes nothing but what the date decides.
    world.registry().set_silent(true);
    let pass = world.service().recheck_due().await.unwrap();
    assert_eq!((pass.suspended, pass.taken_over), (2, 0), "{pass:?}");
    world.registry().set_silent(false);
    world.advance(DAY * i64::from(world.service().policy.recheck_days + 1));
    let pass = world.service().recheck_due().await.unwrap();
    assert_eq!(pass.taken_over, 1, "{pass:?}");
    assert_eq!(state(&renewed).await.0, "active");
    assert_eq!(
        topics(&renewed).await,
        ["document_renewed", "document_expired"]
    );
    assert_eq!(state(&expires).await.0, "suspended");
    assert_eq!(
        state(&lasting).await.0,
        "active",
        "a document without an end"
    );
    let pass = world.service().recheck_due().await.unwrap();
    assert_eq!(pass.looked_at, 0, "everybody was looked at");
}

/// R15.2: lost and cancelled suspend with notice; found again resumes; C3: no platform is told by the service.
#[tokio::test]
async fn r15_2_a_document_reported_lost_or_cancelled_suspends_with_notice() {
    for (reported, reason) in [
        (RegistryState::Lost, "document_lost"),
        (RegistryState::Cancelled, "document_cancelled"),
    ] {
        let world = World::new().await;
        let person = world.person("resident").applies().await;
        let holder = &person.applicant().person.holder_reference;
        let number = person.applicant().person.document.number();
        assert!(world.registry().report(number, reported));
        let before = world.platforms_received().len();
        world.service().recheck_holder(holder).await.unwrap();
        assert_eq!(world.platforms_received().len(), before);
        assert_eq!(
            state(&person).await,
            ("suspended".to_owned(), vec![reason.to_owned()])
        );
        assert_eq!(topics(&person).await, [reason]);
        let forum = world.platform("forum");
        let request = forum.requests("").await;
        let refused = person.approval(&request).await.send().await;
        assert_eq!(refused.code(), "suspended");
        // A correction says why (PIPL 50).
        let refused = person.acts("correct", &json!({})).await;
        assert_eq!(refused.code(), "registry_says_otherwise");
        assert_eq!(refused.json()["registry"], reason);
        world.registry().report(number, RegistryState::InForce);
        world.service().recheck_holder(holder).await.unwrap();
        assert_eq!(state(&person).await.0, "active");
    }
}

/// R2.2: a lock is not lost under a suspension.
#[tokio::test]
async fn r2_2_a_renewed_document_does_not_open_a_lock() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    person.acts("lock", &json!({})).await.expect(200);
    let document = &person.applicant().person.document;
    let holder = &person.applicant().person.holder_reference;
    world
        .registry()
        .report(document.number(), RegistryState::Lost);
    world.service().recheck_holder(holder).await.unwrap();
    let why = vec!["document_lost".to_owned(), "locked".to_owned()];
    assert_eq!(state(&person).await, ("suspended".to_owned(), why));
    world
        .registry()
        .report(document.number(), RegistryState::InForce);
    let renewed = renews(&person, document_of(document)).await.expect(200);
    assert_eq!(renewed.json()["wangzheng"], "locked");
}

/// A wallet that would apply with another document of the same human.
async fn applies_with(applicant: &Applicant, document: &Document) -> testkit::Answer {
    let wallet = Wallet::generate(&applicant.person.pin);
    let mut body = applicant.application(&wallet).await;
    body["document"] = document_of(document);
    applicant.apply(&body).await
}

/// R15.2: a passport's number changes with each book; the registry's reference finds the owner.
#[tokio::test]
async fn r15_2_a_new_passport_number_finds_its_owner() {
    let world = World::new().await;
    let person = world.person("overseas").applies().await;
    let SandboxPerson {
        document: old,
        further_documents,
        ..
    } = person.applicant().person.clone();
    let new = &further_documents[0];
    assert_ne!(old.number(), new.number());
    let forum = world.platform("forum");
    let before = forum
        .redeems(&person.approves(&forum.requests("").await).await)
        .await;
    let renewed = renews(&person, document_of(new)).await.expect(200).json();
    assert_eq!(renewed["changed"], json!(["document_number"]));
    let after = forum
        .redeems(&person.approves(&forum.requests("").await).await)
        .await;
    assert_eq!(before.subject(), after.subject());
    // R2.3: with either book there is one 网号; the old reservation stays the person's.
    for document in [&old, new] {
        let again = applies_with(person.applicant(), document).await;
        assert_eq!(again.outcome(), (403, "already_holds".to_owned()));
    }
    // The old book is cancelled: nothing is suspended, for the new one counts now.
    let report = world.registry();
    assert!(report.report_document(old.number(), RegistryState::Cancelled));
    world.advance(DAY * i64::from(world.service().policy.recheck_days + 1));
    world.service().recheck_due().await.unwrap();
    assert_eq!(state(&person).await.0, "active");
    // Back to a cancelled book is no renewal.
    let refused = renews(&person, document_of(&old)).await;
    assert_eq!(refused.outcome(), (403, "document_cancelled".to_owned()));
}

/// R15.2: a foreigner's 15 characters become 18.
#[tokio::test]
async fn r15_2_a_foreigners_card_grows_from_15_to_18_characters() {
    let world = World::new().await;
    let mut applicant = world.person("foreigner");
    let new = applicant.person.document.clone();
    let old = applicant.person.further_documents[0].clone();
    assert_eq!(
        (
            old.number().canonical().len(),
            new.number().canonical().len()
        ),
        (15, 18)
    );
    applicant.person.document = old;
    let person = applicant.applies().await;
    let renewed = renews(&person, document_of(&new)).await.expect(200).json();
    assert_eq!(renewed["changed"], json!(["document_number"]));
    let again = applies_with(person.applicant(), &new).await;
    assert_eq!(again.outcome(), (403, "already_holds".to_owned()));
}

/// R2.3: one human with a travel permit and a residence permit has one 网号, and the second attaches to it.
#[tokio::test]
async fn r2_3_two_documents_of_one_person_are_one_person() {
    let world = World::new().await;
    let person = world.person("hongkong").applies().await;
    let permit = person.applicant().person.further_documents[0].clone();
    assert_eq!(permit.kind(), DocumentKind::HongKongMacaoResidencePermit);
    let again = applies_with(person.applicant(), &permit).await;
    assert_eq!(again.outcome(), (403, "already_holds".to_owned()));
    let attached = renews(&person, document_of(&permit)).await.expect(200);
    let changed = attached.json()["changed"].clone();
    assert_eq!(changed, json!(["document_kind", "document_number"]));
    // Recovery works with either document.
    for document in [&permit, &person.applicant().person.document] {
        let wallet = Wallet::generate("58203947");
        let mut body = person.applicant().document_check(&wallet).await;
        body["document"] = document_of(document);
        body["recovery_proof"] = json!(person.wallet().recovery_proof());
        let call = Call::post("/person/api/recover").json(&body);
        world.send(call).await.expect(201);
    }
    // Somebody else's permit stays somebody else's.
    let other = world.person("hk_resident");
    let refused = renews(&person, other.document()).await;
    assert_eq!(refused.outcome(), (403, "document_of_another".to_owned()));
    other.applies().await;
    let refused = renews(&person, other.document()).await;
    assert_eq!(refused.outcome(), (403, "document_of_another".to_owned()));
}

/// R4.1, R15.1: every adult of the sandbox applies as one expects; all seven kinds are among them.
#[tokio::test]
async fn r4_1_every_sandbox_person_gets_the_answer_one_expects() {
    let world = World::new().await;
    let mut kinds = std::collections::BTreeSet::new();
    for name in [
        "resident",
        "resident2",
        "resident3",
        "resident4",
        "resident5",
        "resident6",
        "resident7",
        "resident8",
        "resident9",
        "overseas",
        "hongkong",
        "macau",
        "taiwan",
        "hk_resident",
        "tw_resident",
        "foreigner",
        "foreigner_old",
        "elder",
        "father",
        "mother",
    ] {
        let person = world.person(name).applies().await;
        let kind = person.applicant().person.document.kind();
        kinds.insert(kind.as_str());
    }
    assert_eq!(kinds.len(), 7);
    for (name, code) in [("expired", "document_expired"), ("lost", "document_lost")] {
        let applicant = world.person(name);
        let body = applicant
            .application(&Wallet::generate(&applicant.person.pin))
            .await;
        let refused = applicant.apply(&body).await;
        assert_eq!(refused.outcome(), (403, code.to_owned()));
        assert!(
            refused.json()["title"]
                .as_str()
                .unwrap()
                .starts_with("R4.1"),
            "the rule is named"
        );
    }
}

/// P-recovery: nobody goes through a recovery in vain: without a 网号 it ends at the document.
#[tokio::test]
async fn p_recovery_a_document_without_a_wanghao_fails_at_the_first_step() {
    let world = World::new().await;
    let number = DocumentNumber::parse(
        DocumentKind::ResidentIdentityCard,
        world.person("resident3").document()["number"]
            .as_str()
            .unwrap(),
        world.now().date(),
    );
    assert!(number.is_ok());
    let applicant = world.person("resident3");
    let answer = applicant.recover(&Wallet::generate("58203947"), None).await;
    assert_eq!(answer.outcome(), (403, "holds_none".to_owned()));
    let page = recovery_until_read(&world, &applicant).await;
    assert_eq!(page.status, 422);
    let text = String::from_utf8(page.body).unwrap();
    assert!(text.contains("没有可以找回的"), "{text}");
    applicant.applies().await;
    let page = recovery_until_read(&world, &applicant).await;
    assert_eq!(page.status, 200);
}

/// The pages of a recovery up to the reading of the document.
async fn recovery_until_read(world: &World, applicant: &Applicant) -> testkit::Answer {
    let post = async |path: &str, fields: &[(&str, &str)]| {
        let call = Call::post(path)
            .form(&testkit::Fields::of(fields))
            .header("sec-fetch-site", "same-origin")
            .header("accept-language", "zh-CN");
        world.send(call).await
    };
    let sealed = |answer: &testkit::Answer| {
        let text = String::from_utf8(answer.body.clone()).unwrap();
        let (_, rest) = text
            .split_once("name=\"application\" value=\"")
            .expect("a sealed form");
        rest.split('"').next().unwrap().to_owned()
    };
    let notices = world
        .send(Call::get("/person/api/notice?kind=apply"))
        .await
        .expect(200)
        .json();
    let consents: Vec<(String, String)> = notices["notices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|notice| {
            let id = notice["id"].as_str().unwrap();
            let digest = notice["digest"].as_str().unwrap();
            (format!("consent.{id}"), digest.to_owned())
        })
        .collect();
    let fields: Vec<(&str, &str)> = consents
        .iter()
        .map(|(name, digest)| (name.as_str(), digest.as_str()))
        .collect();
    let answer = post("/recover/document/consent", &fields).await;
    let application = sealed(&answer.expect(200));
    let document = applicant.document();
    let text = |name: &str| document[name].as_str().unwrap_or_default().to_owned();
    let kind = text("kind");
    let fields = [("application", application.as_str()), ("kind", &kind)];
    let answer = post("/recover/document/document", &fields).await;
    let application = sealed(&answer.expect(200));
    let (number, holder) = (text("number"), text("holder"));
    let (birth_date, valid_until) = (text("birth_date"), text("valid_until"));
    let fields = [
        ("application", application.as_str()),
        ("number", &number),
        ("holder", &holder),
        ("birth_date", &birth_date),
        ("valid_until", &valid_until),
        ("chip", "true"),
    ];
    post("/recover/document/read", &fields).await
}

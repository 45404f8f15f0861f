//! 申领: who may apply, with what, and why somebody may not (Art. 4, R4.1–R4.4, R9.2, R15.1, R2.3).

use serde_json::{Value, json};
use testkit::{Applicant, Call, Wallet, World};

mod keys;

/// Sends a good application with one thing changed.
async fn outcome(applicant: &Applicant, spoil: impl FnOnce(&mut Value)) -> (u16, String) {
    let mut body = applicant
        .application(&Wallet::generate(&applicant.person.pin))
        .await;
    spoil(&mut body);
    applicant.apply(&body).await.outcome()
}

fn refused(code: &str) -> (u16, String) {
    (403, code.to_owned())
}

#[tokio::test]
async fn r15_1_every_kind_of_document_applies() {
    let world = World::new().await;
    for name in [
        "resident",
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
        assert_eq!(person.wallet().wanghao.len(), 10, "{name}");
    }
}

#[tokio::test]
async fn r4_1_a_document_that_does_not_hold_is_refused_by_its_own_rule() {
    let world = World::new().await;
    let events = world.event_count().await;
    for (name, code) in [
        ("expired", "document_expired"),
        ("lost", "document_lost"),
        // R4.2–R4.4: none of them applies alone.
        ("child7", "too_young"),
        ("child13", "guardian_needed"),
        ("teen16", "guardian_needed"),
        ("teen17", "guardian_needed"),
    ] {
        assert_eq!(
            outcome(&world.person(name), |_| {}).await,
            refused(code),
            "{name}"
        );
    }
    let resident = world.person("resident");
    let other = world.person("resident2").document();
    let wrong =
        |field: &'static str, value: Value| move |body: &mut Value| body["document"][field] = value;
    for (field, value, code) in [
        ("holder", json!("王小明"), "document_no_match"),
        (
            "birth_date",
            other["birth_date"].clone(),
            "document_malformed",
        ),
        ("number", other["number"].clone(), "document_malformed"),
        ("number", json!("11010519491231002X"), "document_malformed"),
        ("number", json!("110105194912310021"), "document_malformed"),
        ("kind", json!("library_card"), "document_malformed"),
        (
            "kind",
            json!("mainland_exit_permit_hong_kong_macao"),
            "document_malformed",
        ),
        ("birth_date", json!("1990-02-31"), "document_malformed"),
        ("birth_date", json!("2090-01-31"), "document_malformed"),
        ("holder", json!(""), "document_malformed"),
    ] {
        let found = outcome(&resident, wrong(field, value.clone())).await;
        assert_eq!(found, refused(code), "{field} = {value}");
    }
    assert_eq!(
        world.event_count().await,
        events,
        "nothing was written for any of them"
    );
    resident.applies().await;
}

#[tokio::test]
async fn r9_2_nothing_is_processed_without_consent_to_the_notices_in_force() {
    let world = World::new().await;
    let resident = world.person("resident");
    let notices = world
        .send(Call::get("/person/api/notice?kind=apply"))
        .await
        .json();
    let consent = |id: &str, kind: &str| {
        let mut notices = notices["notices"].as_array().unwrap().iter();
        let notice = notices.find(|notice| notice["id"] == id).unwrap();
        json!({ "kind": kind, "notice": notice["digest"] })
    };
    let service = consent("service", "general");
    let number = consent("sensitive-data", "separate");
    let unknown = json!({ "kind": "separate", "notice": "A".repeat(43) });
    for (given, code) in [
        (json!([]), "consent_missing"),
        (json!([service]), "consent_missing"),
        (json!([number]), "consent_missing"),
        (
            json!([service, consent("sensitive-data", "general")]),
            "consent_missing",
        ),
        (
            json!([consent("service", "separate"), number]),
            "consent_missing",
        ),
        (json!([service, unknown]), "notice_outdated"),
        (json!([service, number, unknown]), "notice_outdated"),
    ] {
        let found = outcome(&resident, |body| body["consents"] = given.clone()).await;
        assert_eq!(found, refused(code), "{given}");
    }
    // Art. 11(2): a face is looked at only after its own separate consent.
    let found = outcome(&resident, |body| {
        body["consents"] = json!([service, number]);
        body["evidence"] = json!({ "chip": true, "face": "ok" });
    });
    assert_eq!(found.await, refused("consent_missing"));
    // The registry was never asked: even a document that nobody has is not looked at before consent.
    let found = outcome(&resident, |body| {
        body["consents"] = json!([]);
        body["document"]["number"] = json!("nonsense");
    });
    assert_eq!(found.await, refused("consent_missing"));
}

/// P-face: a number alone proves nothing; a face is never required, and never enough.
#[tokio::test]
async fn p_face_the_evidence_is_the_document_and_a_face_only_if_wished() {
    let world = World::new().await;
    let resident = world.person("resident");
    let mut with_face = resident.consents().await;
    let face = world
        .send(Call::get("/person/api/notice?kind=face"))
        .await
        .json();
    let face = &face["notices"][0];
    let face = json!({ "kind": face["kind"], "notice": face["digest"] });
    with_face.as_array_mut().unwrap().push(face);
    for (evidence, code) in [
        (json!({ "chip": false, "face": null }), "document_not_read"),
        (json!({ "chip": false, "face": "ok" }), "document_not_read"),
        (json!({}), "document_not_read"),
        (json!({ "chip": true, "face": "fail" }), "face_failed"),
    ] {
        let found = outcome(&resident, |body| {
            body["evidence"] = evidence.clone();
            if evidence["face"].is_string() {
                body["consents"] = with_face.clone();
            }
        });
        assert_eq!(found.await, refused(code), "{evidence}");
    }
    // The face alone, with its own consent, is welcome beside the document.
    let found = outcome(&resident, |body| {
        body["evidence"] = json!({ "chip": true, "face": "ok" });
        body["consents"] = with_face.clone();
    });
    assert_eq!(found.await.0, 201);
}

#[tokio::test]
async fn design_4_pin_a_weak_one_is_refused() {
    let world = World::new().await;
    let resident = world.person("resident");
    for weak in [
        "12345678",
        "11111111",
        "5820394",
        "582039477",
        "abcdefgh",
        "",
        "５８２０３９４７",
    ] {
        let found = outcome(&resident, |body| body["pin"] = json!(weak)).await;
        assert_eq!(found, refused("pin_weak"), "{weak}");
    }
    let found = outcome(&resident, |body| body["pin"] = json!(null)).await;
    assert_eq!(found, refused("pin_weak"));
}

/// A statement is good once: an application sent twice is one application.
#[tokio::test]
async fn b2_the_same_application_twice_is_one() {
    let world = World::new().await;
    let resident = world.person("resident");
    let body = resident
        .application(&Wallet::generate(&resident.person.pin))
        .await;
    resident.apply(&body).await.expect(201);
    assert_eq!(
        resident.apply(&body).await.outcome(),
        refused("statement_replayed")
    );
    let found = outcome(&resident, |_| {}).await;
    assert_eq!(found, refused("already_holds"));
}

/// R11.1: what is consented to is what was read, in either language.
#[tokio::test]
async fn r11_1_the_notices_are_there_in_both_languages() {
    let world = World::new().await;
    for (language, title) in [
        ("zh-CN", "申领网号、网证的告知"),
        ("en", "Notice on applying"),
    ] {
        let target = format!("/person/api/notice?kind=apply&language={language}");
        let notices = world.send(Call::get(target)).await.expect(200).json();
        let notices = notices["notices"].as_array().unwrap().clone();
        assert!(
            notices
                .iter()
                .any(|notice| notice["title"].as_str().unwrap().starts_with(title))
        );
        let consents = notices
            .iter()
            .map(|n| json!({ "kind": n["kind"], "notice": n["digest"] }));
        let consents: Value = consents.collect();
        let name = if language == "en" {
            "foreigner"
        } else {
            "resident"
        };
        let applicant = world.person(name);
        let found = outcome(&applicant, |body| body["consents"] = consents);
        assert_eq!(found.await.0, 201, "{language}");
    }
}

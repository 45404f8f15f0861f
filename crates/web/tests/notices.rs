//! The service's own notices over time: a new version, a withdrawal, a written consent (R9.2, R11.1, R11.2, P27).

use identity::consent::ConsentKind;
use identity::notice::{Notice, shipped_notices};
use serde_json::{Value, json};
use testkit::{Call, Holder, World};

mod exceptions;
mod published;
mod written;

/// The first version of a notice, to be changed into the next.
fn next_of(id: &str, change: impl FnOnce(&mut Notice)) -> Notice {
    let found = shipped_notices().into_iter().find(|n| n.id.as_str() == id);
    let mut notice = found.expect("a shipped notice");
    notice.version += 1;
    change(&mut notice);
    notice
}

async fn standing(person: &Holder, id: &str) -> Value {
    let answer = person.acts("notices", &json!({})).await.expect(200).json();
    let notices = answer["notices"].as_array().expect("notices").clone();
    let found = notices.into_iter().find(|notice| notice["id"] == id);
    found.expect("the notice")
}

async fn agrees(person: &Holder, id: &str) {
    let digest = standing(person, id).await["digest"].clone();
    let answer = person.acts("agree", &json!({ "notice": digest })).await;
    answer.expect(200);
}

async fn withdraws(person: &Holder, id: &str) -> String {
    let digest = standing(person, id).await["digest"].clone();
    let fields = json!({ "notice": digest });
    let answer = person.acts("withdraw-agreement", &fields).await;
    let answer = answer.expect(200).json();
    answer["effect"].as_str().expect("an effect").to_owned()
}

async fn can_verify(person: &Holder) -> (u16, String) {
    let request = person.world().platform("forum").requests("").await;
    person.approval(&request).await.send().await.outcome()
}

#[tokio::test]
async fn r11_1_a_mended_word_is_shown_and_a_new_kind_of_data_asks_again() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    assert_eq!(standing(&person, "service").await["state"], "agreed");

    // A typing error is mended: shown, sentence by sentence, and nobody is asked.
    let mended = next_of("service", |n| {
        n.chinese.rights = n.chinese.rights.replace("不收费", "不收取费用");
    });
    world.publishes(&mended).await;
    let seen = standing(&person, "service").await;
    assert_eq!(
        (&seen["state"], &seen["asked"]),
        (&json!("mended"), &json!(false))
    );
    let changed: Vec<&Value> = seen["changes"].as_array().unwrap().iter().collect();
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0]["part"], "rights");
    assert_eq!(changed[0]["sentences"][0]["change"], "removed");
    assert_eq!(changed[0]["sentences"][1]["change"], "added");
    assert_eq!(can_verify(&person).await.0, 200);

    // Another kind of data: asked again, and nothing is verified meanwhile.
    let wider = next_of("service", |n| {
        n.version = 3;
        n.subject.kinds.insert("phone_number".to_owned());
        n.chinese.processing.kinds.push_str("手机号。");
        n.english.processing.kinds.push_str(" Phone number.");
    });
    world.publishes(&wider).await;
    let seen = standing(&person, "service").await;
    assert_eq!(
        (&seen["state"], &seen["asked"]),
        (&json!("asked_again"), &json!(true))
    );
    assert_eq!(
        seen["agreed"]["version"], 1,
        "the diff is to the person's own version"
    );
    assert!(seen["changes"].to_string().contains("手机号"));
    assert_eq!(
        can_verify(&person).await,
        (403, "agreement_needed".to_owned())
    );

    agrees(&person, "service").await;
    assert_eq!(can_verify(&person).await.0, 200);
    let answer = person.acts("notices", &json!({})).await.json();
    let versions: Vec<_> = answer["history"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| line["id"] == "service")
        .map(|line| line["version"].clone())
        .collect();
    assert_eq!(versions, [3, 1], "P27: what was agreed to when");
}

/// R8.1: what a platform hears of a waiting consent is what it hears of any other no.
#[tokio::test]
async fn r8_1_a_platform_does_not_learn_that_a_consent_waits() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let forum = world.platform("forum");
    let before = person.refuses(&forum.requests("").await).await;
    withdraws(&person, "service").await;
    let request = forum.requests("").await;
    let blocked = person.approval(&request).await.send().await;
    assert_eq!(
        blocked.outcome(),
        (403, "agreement_needed".to_owned()),
        "told to the person"
    );
    let after = person.refuses(&request).await;
    assert_eq!(after.value("error"), "access_denied");
    assert_eq!(after.without_state(), before.without_state());
}

#[tokio::test]
async fn r11_1_a_version_is_published_before_it_is_in_force() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let later = next_of("sensitive-data", |n| {
        n.effective_from = world.now().day().plus(30);
        n.subject.retention = "ten_years".to_owned();
        n.chinese.processing.retention = "注销后再保存十年。".to_owned();
        n.english.processing.retention = "Ten years after you leave.".to_owned();
    });
    world.publishes(&later).await;
    let answer = person.acts("notices", &json!({})).await.json();
    assert_eq!(answer["upcoming"][0]["version"], 2);
    assert_eq!(answer["upcoming"][0]["asks_again"], true);
    assert_eq!(can_verify(&person).await.0, 200, "not yet");
    world.advance(30 * 86_400);
    assert_eq!(
        can_verify(&person).await,
        (403, "agreement_needed".to_owned())
    );
    // Who applies now reads the new version alone.
    let other = world.person("elder").applies().await;
    assert_eq!(
        standing(&other, "sensitive-data").await["agreed"]["version"],
        2
    );
    assert_eq!(can_verify(&other).await.0, 200);
    agrees(&person, "sensitive-data").await;
    assert_eq!(can_verify(&person).await.0, 200);
}

/// R9.2: one signed act each way, no 口令, and the effect is said and lies in the future.
#[tokio::test]
async fn r9_2_taking_back_is_as_easy_as_giving() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let forum = world.platform("forum");
    let redirect = person.approves(&forum.requests("").await).await;
    let given = forum.redeems(&redirect).await;
    assert_eq!(withdraws(&person, "service").await, "service_stops");
    assert_eq!(withdraws(&person, "service").await, "none_in_force");
    assert_eq!(standing(&person, "service").await["state"], "withdrawn");
    assert_eq!(
        can_verify(&person).await,
        (403, "agreement_needed".to_owned())
    );
    assert!(
        !given.access_token().is_empty(),
        "what was verified stays verified"
    );
    agrees(&person, "service").await;
    assert_eq!(can_verify(&person).await.0, 200);
    // Only the version in force can be agreed to.
    let old = standing(&person, "service").await["digest"].clone();
    world
        .publishes(&next_of("service", |n| n.chinese.other.push('。')))
        .await;
    let answer = person.acts("agree", &json!({ "notice": old })).await;
    assert_eq!(answer.outcome(), (403, "notice_outdated".to_owned()));
    let answer = person
        .acts("agree", &json!({ "notice": "A".repeat(43) }))
        .await;
    assert_eq!(answer.status, 404);
}

/// Art. 9(1), P-face: a face is checked with its own consent, which is given and taken back alone.
#[tokio::test]
async fn r9_2_the_face_has_a_consent_of_its_own() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let exam = world.platform("exam");
    assert_eq!(
        standing(&person, "face").await["state"],
        "not_given",
        "no face at application"
    );
    let request = exam.requests("supervised").await;
    let without = person
        .approval(&request)
        .await
        .with("face_notice", Value::Null);
    assert_eq!(
        without.send().await.outcome(),
        (403, "face_consent_needed".to_owned())
    );
    let other_notice = standing(&person, "service").await["digest"].clone();
    let wrong = person
        .approval(&request)
        .await
        .with("face_notice", other_notice);
    assert_eq!(
        wrong.send().await.outcome(),
        (403, "face_consent_needed".to_owned())
    );
    person.approval(&request).await.send().await.expect(200);
    assert_eq!(
        standing(&person, "face").await["state"],
        "agreed",
        "it stands until taken back"
    );
    let request = exam.requests("supervised").await;
    let without = person
        .approval(&request)
        .await
        .with("face_notice", Value::Null);
    without.send().await.expect(200);

    assert_eq!(withdraws(&person, "face").await, "face_no_longer_used");
    let request = exam.requests("supervised").await;
    let without = person
        .approval(&request)
        .await
        .with("face_notice", Value::Null);
    assert_eq!(
        without.send().await.outcome(),
        (403, "face_consent_needed".to_owned())
    );
    assert_eq!(
        can_verify(&person).await.0,
        200,
        "everything without a face goes on"
    );
}

#[tokio::test]
async fn p27_the_pages_show_what_waits_what_changed_and_what_was_agreed_to() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let cookie = person.signs_in().await;
    let page = async |path: &str| {
        let call = Call::get(path).header("cookie", &cookie);
        world.send(call).await.expect(200).text().to_owned()
    };
    assert!(!page("/").await.contains("/me/notices\">去看看"));
    let wider = next_of("service", |n| {
        n.subject.purposes.insert("statistics".to_owned());
        n.chinese.processing.purpose.push_str("统计使用人数。");
        n.english.processing.purpose.push_str(" To count users.");
    });
    world.publishes(&wider).await;
    assert!(
        page("/").await.contains("/me/notices\">去看看"),
        "asked on every page"
    );
    let mine = page("/me/notices").await;
    assert!(
        mine.contains("<ins>") && mine.contains("统计使用人数。"),
        "the diff"
    );
    let request = world.platform("forum").requests("").await;
    let approval = page(&request.address).await;
    assert!(
        !approval.contains("id=\"approve\""),
        "only a no is possible"
    );
    let public = world.send(Call::get("/notices/service")).await.expect(200);
    assert!(public.text().contains("第 2 版") && public.text().contains("统计使用人数。"));
    let first = world
        .send(Call::get("/notices/service/1"))
        .await
        .expect(200);
    assert!(
        !first.text().contains("统计使用人数。"),
        "the old text stays readable"
    );
    agrees(&person, "service").await;
    let history = page("/me/agreements").await;
    assert!(history.contains("/notices/service/2") && history.contains("/notices/service/1"));
    assert!(page("/inbox").await.contains("js/inbox.js"));
}

/// A notice that asks for writing is not part of an application and waits for the holder's device.
fn written_notice() -> Notice {
    next_of("sensitive-data", |n| {
        n.id = identity::id::NoticeId("written".to_owned());
        n.version = 1;
        n.consent = ConsentKind::Written;
        n.chinese.title = "书面同意示例".to_owned();
    })
}

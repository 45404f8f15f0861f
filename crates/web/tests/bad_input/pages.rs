//! The forms of our own pages: every field of every step.

use serde_json::Value;
use testkit::{Answer, Call, Fields};

use super::answers::Form;
use super::spoil::any_spoil;
use super::{Town, property};

/// Sends a form as one of our pages does.
async fn post(town: &Town, path: &str, fields: &Fields) -> Answer {
    let call = Call::post(path)
        .form(fields)
        .header("sec-fetch-site", "same-origin");
    town.judge(call, Form::Page).await
}

/// The sealed application in the next page; empty when the page has none.
fn application(page: &Answer) -> String {
    let text = String::from_utf8_lossy(&page.body).into_owned();
    let field = text
        .split("name=\"application\"")
        .nth(1)
        .unwrap_or_default();
    field
        .split("value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_default()
        .to_owned()
}

/// A good walk through the pages of an application, as far as each form goes.
async fn walk(town: &Town) -> Vec<(&'static str, Fields)> {
    let applicant = town.world.person("resident4");
    let document = applicant.document();
    let field = |name: &str| document[name].as_str().unwrap_or_default().to_owned();
    let notices = town
        .world
        .send(Call::get("/person/api/notice?kind=apply"))
        .await
        .json();
    let mut consent = Fields::default();
    for notice in notices["notices"].as_array().cloned().unwrap_or_default() {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        consent = consent.with(
            &format!("consent.{}", text(&notice["id"])),
            &text(&notice["digest"]),
        );
    }
    let sealed = application(&post(town, "/apply/consent", &consent).await);
    assert!(!sealed.is_empty(), "the walk begins");
    let choose = Fields::of(&[("application", &sealed), ("kind", &field("kind"))]);
    let sealed = application(&post(town, "/apply/document", &choose).await);
    let read = Fields::of(&[
        ("application", &sealed),
        ("number", &field("number")),
        ("holder", &field("holder")),
        ("birth_date", &field("birth_date")),
        ("valid_until", &field("valid_until")),
        ("chip", "true"),
    ]);
    let sealed = application(&post(town, "/apply/read", &read).await);
    let face = Fields::of(&[("application", &sealed), ("choice", "other")]);
    let sealed = application(&post(town, "/apply/face", &face).await);
    let pin = &applicant.person.pin;
    let pin = Fields::of(&[("application", &sealed), ("pin", pin), ("pin_again", pin)]);
    let end = post(town, "/apply/pin", &pin).await;
    assert!(
        String::from_utf8_lossy(&end.body).contains("data-application=\""),
        "the walk ends at the device"
    );
    vec![
        ("/apply/consent", consent),
        ("/apply/document", choose),
        ("/apply/read", read),
        ("/apply/face", face),
        ("/apply/pin", pin),
    ]
}

#[test]
fn every_field_of_every_step_of_an_application() {
    property(200, any_spoil(), |town, spoil| async move {
        let (written, events) = (town.world.written(), town.world.event_count().await);
        for (path, good) in walk(town).await {
            let spoiled = spoil.form(&good, &town.pool);
            let answer = post(town, path, &spoiled.call).await;
            if spoiled.twice || (spoiled.changed && spoiled.place == "application") {
                assert!(
                    answer.status >= 400,
                    "{path} took another {}",
                    spoiled.place
                );
            }
        }
        assert_eq!(
            (town.world.written(), town.world.event_count().await),
            (written, events),
            "nothing is stored"
        );
    });
}

#[test]
fn every_field_of_the_settings_and_of_the_scan() {
    property(200, any_spoil(), |town, spoil| async move {
        let settings = Fields::of(&[
            ("language", "en"),
            ("theme", "dark"),
            ("size", "large"),
            ("mode", "elder"),
            ("return_to", "/me"),
        ]);
        let answer = post(town, "/settings", &spoil.form(&settings, &town.pool).call).await;
        if let Some(location) = answer.location() {
            let local = location.starts_with('/')
                && !location.starts_with("//")
                && !location.contains('\\');
            assert!(local, "an open redirect to {location}");
        }
        post(
            town,
            "/scan",
            &spoil
                .form(&Fields::of(&[("code", "1234 5678")]), &town.pool)
                .call,
        )
        .await;
    });
}

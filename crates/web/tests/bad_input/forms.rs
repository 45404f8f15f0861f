//! The OAuth endpoints: every parameter.

use testkit::{Call, Fields, Platform};

use super::answers::Form;
use super::spoil::{Spoil, any_spoil};
use super::{Town, get, property};

/// Parameters that cannot be changed without being refused, wherever they stand.
const EXACT: [&str; 7] = [
    "client_assertion",
    "client_assertion_type",
    "code",
    "code_verifier",
    "grant_type",
    "redirect_uri",
    "response_type",
];

async fn spoiled_form(town: &Town, path: &str, good: Fields, spoil: Spoil) {
    let spoiled = spoil.form(&good, &town.pool);
    let call = Call::post(path).form(&spoiled.call);
    let answer = town.judge(call, Form::OAuth).await;
    let exact = spoiled.changed && EXACT.contains(&spoiled.place.as_str());
    if exact || spoiled.twice {
        assert!(
            answer.status >= 400,
            "{path} took another {}: {}",
            spoiled.place,
            spoiled.call.encode()
        );
    }
}

fn signed(platform: &Platform, fields: Fields) -> Fields {
    platform.assertion().added_to(fields)
}

#[test]
fn every_parameter_of_a_pushed_request() {
    property(500, any_spoil(), |town, spoil| async move {
        let details = r#"[{"type":"identity_verification","scenario":"sign-in"}]"#;
        let request = town.forum.request_for("").fields;
        let request = request
            .with("authorization_details", details)
            .with("acr_values", "urn:wangzheng:mode:wz")
            .with("ui_locales", "zh-CN en")
            .with("prompt", "login consent")
            .with("max_age", "60")
            .with("response_mode", "query");
        spoiled_form(town, "/oauth/par", signed(&town.forum, request), spoil).await;
    });
}

#[test]
fn every_parameter_of_a_token_request() {
    property(300, any_spoil(), |town, spoil| async move {
        let redirect = town.person.approves(&town.forum.requests("").await).await;
        let good = signed(&town.forum, town.forum.redemption(&redirect));
        spoiled_form(town, "/oauth/token", good, spoil).await;
    });
}

#[test]
fn every_parameter_at_the_sm_issuer() {
    property(150, any_spoil(), |town, spoil| async move {
        let forum = town.forum.clone().at_sm();
        let redirect = town.person.approves(&forum.requests("").await).await;
        let good = signed(&forum, forum.redemption(&redirect));
        spoiled_form(town, "/sm/oauth/token", good, spoil).await;
    });
}

/// The authorization endpoint, by browser and by wallet: nobody is sent to an address that is not registered.
#[test]
fn every_parameter_of_an_authorization_request() {
    property(500, any_spoil(), |town, spoil| async move {
        let pushed = town.forum.requests("").await;
        let reference = Fields::of(&[
            ("client_id", "app-forum"),
            ("request_uri", &pushed.request_uri()),
        ]);
        let spelled = town.lab.request_for("account-registration").fields;
        for good in [reference, spelled] {
            let spoiled = spoil.form(&good, &town.pool);
            for accept in ["application/json", "text/html"] {
                let target = format!("/oauth/authorize?{}", spoiled.call.encode());
                let Some(call) = get(target) else { continue };
                let answer = town.judge(call.header("accept", accept), Form::Page).await;
                if let Some(location) = answer.location() {
                    assert!(location.starts_with("https://lab.example/"), "{location}");
                    assert!(
                        location.contains("error=") && location.contains("iss="),
                        "{location}"
                    );
                }
                if spoiled.twice {
                    assert_eq!((answer.status, answer.location()), (400, None));
                }
            }
        }
    });
}

#[test]
fn every_parameter_of_the_other_way() {
    property(100, any_spoil(), |town, spoil| async move {
        let uri = town.forum.requests("").await.request_uri();
        let transaction = uri.rsplit(':').next().unwrap_or_default().to_owned();
        let spoiled = spoil.form(&Fields::of(&[("transaction", &transaction)]), &town.pool);
        let target = format!("/oauth/other?{}", spoiled.call.encode());
        let Some(call) = get(target) else { return };
        let answer = town.judge(call, Form::Page).await;
        if spoiled.twice || spoiled.changed {
            assert_ne!(
                answer.location().map(|to| to.starts_with("https://forum")),
                Some(true)
            );
        }
    });
}

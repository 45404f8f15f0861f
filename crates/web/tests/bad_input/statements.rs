//! What devices sign: every claim, rightly signed.

use serde_json::{Value, json};
use testkit::{Call, Statement};

use super::answers::Form;
use super::spoil::any_spoil;
use super::{Town, property};

/// The same statement with its claims replaced, signed by the device all the same.
fn resigned(town: &Town, statement: &Statement, claims: &str) -> Option<String> {
    let claims: Value = serde_json::from_str(claims).ok()?;
    let statement = Statement {
        claims: claims.as_object()?.clone(),
        ..statement.clone()
    };
    Some(statement.sign(&town.person.wallet().device))
}

#[test]
fn every_claim_of_a_decision() {
    property(300, any_spoil(), |town, spoil| async move {
        let request = town.forum.requests("").await;
        let decision = town
            .person
            .approval(&request)
            .await
            .pin("58203947")
            .face("ok")
            .with("number", "42");
        let claims = Value::Object(decision.statement.claims.clone());
        let spoiled = spoil.json(&claims, &town.pool);
        // Twice in the text is once in the map: the good value or the other.
        let Some(statement) = resigned(town, &decision.statement, &spoiled.call) else {
            return;
        };
        let body = json!({ "transaction": decision.transaction, "statement": statement });
        let answer = town
            .judge(Call::post("/oauth/decide").json(&body), Form::Api)
            .await;
        if spoiled.changed && ["/aud", "/transaction"].contains(&&*spoiled.place) && !spoiled.twice
        {
            assert!(
                answer.status >= 400,
                "another {}: {}",
                spoiled.place,
                spoiled.call
            );
        }
    });
}

#[test]
fn every_claim_of_an_act() {
    let acts = [
        ("unlock", json!({ "pin": "58203947" })),
        ("remove-device", json!({ "device": "a".repeat(26) })),
        ("history-wrap", json!({ "history_wrap": "AAAA" })),
        (
            "history-begin",
            json!({ "history_wrap": "AAAA", "history_key": "AAAA" }),
        ),
        ("link/claimed", json!({ "link_code": "12345678" })),
        (
            "link/confirm",
            json!({ "link_code": "12345678", "history_wrap": "AAAA" }),
        ),
        ("link/cancel", json!({ "link_code": "12345678" })),
        ("receipts", json!({})),
    ];
    property(600, any_spoil(), move |town, spoil| {
        let ((endpoint, fields), spoil) = spoil.turn(&acts);
        let (endpoint, fields) = (*endpoint, fields.clone());
        async move {
            let act = endpoint.replace(['-', '/'], "_");
            let statement = town.person.act(&act).with_all(&fields);
            let spoiled = spoil.json(&Value::Object(statement.claims.clone()), &town.pool);
            let Some(signed) = resigned(town, &statement, &spoiled.call) else {
                return;
            };
            let call =
                Call::post(format!("/person/api/{endpoint}")).json(&json!({ "statement": signed }));
            let answer = town.judge(call, Form::Api).await;
            if spoiled.changed && ["/aud", "/act"].contains(&&*spoiled.place) && !spoiled.twice {
                assert!(
                    answer.status >= 400,
                    "another {}: {}",
                    spoiled.place,
                    spoiled.call
                );
            }
        }
    });
}

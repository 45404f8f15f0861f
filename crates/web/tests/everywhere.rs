//! R2.4: two operations, register and verify again, wherever the person stands: in one browser, at a screen that is not
//! theirs, and at a counter whose screen shows the code.

use serde_json::{Value, json};
use testkit::{Call, Holder, Redirect, Request, Verified, World};

/// Approves on the phone what another screen shows as a code; the screen goes on.
async fn by_code(phone: &Holder, request: &Request, mode: &str) -> Redirect {
    let world = phone.world();
    let uri = request.request_uri();
    let transaction = uri.rsplit(':').next().unwrap();
    // 1. The screen: a session of its own, a code, a number.
    let call = Call::post("/x/open").json(&json!({ "transaction": transaction }));
    let opened = world.send(call).await.expect(200);
    let cookie = opened.header("set-cookie").split(';').next().unwrap();
    let cookie = cookie.to_owned();
    let opened = opened.json();
    let text = |value: &Value, name: &str| value[name].as_str().unwrap().to_owned();
    let status = format!("/x/status/{}", text(&opened, "session"));
    let look = async || {
        let call = Call::get(status.clone()).header("cookie", &cookie);
        world.send(call).await.expect(200).json()
    };
    let code = text(&look().await, "payload");
    // 2. The phone: scans, compares the number, decides.
    let path = code.strip_prefix(testkit::ISSUER).unwrap();
    let shown = phone.follow(path).await.expect(200).json();
    let decision = phone.approval_of(shown["transaction"].as_str().unwrap());
    let decision = decision.with("number", text(&opened, "number"));
    let decision = match mode {
        "pin" => decision.pin(&phone.wallet().pin),
        "face" => {
            // The separate consent that a face rests on (Art. 9(1)).
            let notices = world.send(Call::get("/person/api/notice?kind=face"));
            let notices = notices.await.expect(200).json();
            let notice = notices["notices"][0]["digest"].clone();
            decision.face("ok").with("face_notice", notice)
        }
        _ => decision,
    };
    let statement = decision.statement.sign(&phone.wallet().device);
    let body = json!({ "session": code, "statement": statement });
    let decided = Call::post("/oauth/decide").json(&body);
    world.send(decided).await.expect(200);
    // 3. The screen has what the platform waits for; the phone never sees it.
    Redirect(text(&look().await, "redirect"))
}

/// R2.4: whatever the place, the platform knows the same person by the same identifier, and learns the result alone.
#[tokio::test]
async fn r2_4_register_and_verify_in_a_browser_by_code_and_at_a_counter() {
    let world = World::new().await;
    let (forum, exam) = (world.platform("forum"), world.platform("exam"));
    let (register, again) = ("account-registration", "step-up");
    for first in ["browser", "code"] {
        let person = match first {
            "browser" => world.person("resident"),
            _ => world.person("resident2"),
        };
        let person = person.applies().await;
        let online = async |scenario: &str| {
            let request = forum.requests(scenario).await;
            let redirect = person.approves(&request).await;
            forum.redeems(&redirect).await
        };
        let across = async |scenario: &str| {
            let request = forum.requests(scenario).await;
            let mode = if scenario == again { "pin" } else { "" };
            let redirect = by_code(&person, &request, mode).await;
            forum.redeems(&redirect).await
        };
        let (registered, verified) = match first {
            "browser" => (online(register).await, across(again).await),
            _ => (across(register).await, online(again).await),
        };
        assert_eq!(registered.subject(), verified.subject(), "{first} first");
        let told = |verified: &Verified| verified.receipt["result"].clone();
        assert_eq!(
            (told(&registered), told(&verified)),
            (json!("pass"), json!("pass"))
        );
        // At the counter: the clerk's screen shows the code, the person's own phone answers, with the face the scenario
        // asks for, once to register for the examination and once at its door.
        let mut known = Vec::new();
        for (scenario, mode) in [(register, ""), ("on-site-check", "face")] {
            let request = exam.requests(scenario).await;
            let redirect = by_code(&person, &request, mode).await;
            known.push(exam.redeems(&redirect).await.subject().to_owned());
        }
        assert_eq!(known[0], known[1]);
        assert_ne!(
            known[0],
            registered.subject(),
            "another platform, another identifier"
        );
    }
}

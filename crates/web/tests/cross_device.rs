//! A request on another screen (H2): a code that is fresh for seconds, one phone, a number to match, one pick-up.

use serde_json::{Value, json};
use testkit::{Answer, Call, Holder, Redirect, Request, World};

/// A desktop browser with a hand-off open: it holds a cookie and shows a code and a number.
struct Desktop {
    world: World,
    cookie: String,
    session: String,
    number: String,
}

impl Desktop {
    async fn opens(world: &World, request: &Request) -> Self {
        let uri = request.request_uri();
        let transaction = uri.rsplit(':').next().unwrap();
        let call = Call::post("/x/open").json(&json!({ "transaction": transaction }));
        let answer = world.send(call).await.expect(200);
        let cookie = answer.header("set-cookie").to_owned();
        for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/x"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        let body = answer.json();
        let text = |name: &str| body[name].as_str().unwrap().to_owned();
        Self {
            world: world.clone(),
            cookie: cookie.split(';').next().unwrap().to_owned(),
            session: text("session"),
            number: text("number"),
        }
    }

    async fn status(&self) -> Answer {
        let call = Call::get(format!("/x/status/{}", self.session));
        self.world.send(call.header("cookie", &self.cookie)).await
    }

    async fn state(&self) -> String {
        self.status().await.expect(200).json()["state"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// What the code on the screen says now.
    async fn code(&self) -> String {
        self.status().await.expect(200).json()["payload"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    async fn extends(&self) -> Answer {
        let call = Call::post("/x/extend").json(&json!({ "session": self.session }));
        self.world.send(call.header("cookie", &self.cookie)).await
    }
}

/// A phone scans: an address of this service.
async fn scan(phone: &Holder, code: &str) -> Answer {
    let path = code
        .strip_prefix(testkit::ISSUER)
        .expect("a code of this service")
        .to_owned();
    phone.follow(&path).await
}

/// Decides what was scanned; `number` is what the person picked.
async fn decide(
    phone: &Holder,
    code: &str,
    shown: &Value,
    choice: &str,
    number: Option<&str>,
) -> Answer {
    let transaction = shown["transaction"].as_str().unwrap();
    let decision = match choice {
        "approve" => phone.approval_of(transaction),
        _ => phone.refusal_of(transaction),
    };
    let decision = match number {
        Some(number) => decision.with("number", number),
        None => decision,
    };
    let statement = decision.statement.sign(&phone.wallet().device);
    let body = json!({ "session": code, "statement": statement });
    phone
        .world()
        .send(Call::post("/oauth/decide").json(&body))
        .await
}

#[tokio::test]
async fn h2_a_person_approves_on_the_phone_what_stands_on_the_desktop() {
    let world = World::new().await;
    let phone = world.person("resident").applies().await;
    let forum = world.platform("forum");
    let desktop = Desktop::opens(&world, &forum.requests("").await).await;
    assert_eq!(desktop.state().await, "waiting");
    let code = desktop.code().await;
    let shown = scan(&phone, &code).await.expect(200).json();
    assert_eq!(desktop.state().await, "scanned");
    assert_eq!(shown["number_match"], true);
    let numbers: Vec<&str> = shown["numbers"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert!(
        numbers.len() == 3 && numbers.contains(&desktop.number.as_str()),
        "{numbers:?}"
    );

    // Without the number nothing; the phone never gets the platform's redirect.
    let without = decide(&phone, &code, &shown, "approve", None).await;
    assert_eq!(without.outcome(), (403, "number_needed".to_owned()));
    let done = decide(&phone, &code, &shown, "approve", Some(&desktop.number))
        .await
        .expect(200);
    assert_eq!(done.json(), json!({ "done": true }));

    // The desktop goes on, once.
    let decided = desktop.status().await.expect(200).json();
    let redirect = Redirect(decided["redirect"].as_str().unwrap().to_owned());
    let verified = forum.redeems(&redirect).await;
    assert_eq!(phone.history().await[0].text, verified.receipt_text());
    assert_eq!(
        desktop.status().await.outcome(),
        (404, "not_found".to_owned()),
        "picked up"
    );
    world.epoch().await;
    assert!(world.verify_log().await.is_good());
}

/// R8.2: a disclosure consented to on the phone reaches the platform by the desktop, and the phone never sees more.
#[tokio::test]
async fn r8_2_attributes_are_consented_to_on_the_phone() {
    let world = World::new().await;
    let phone = world.person("resident").applies().await;
    let bank = world.platform("bank");
    let both = ["name", "document_number"];
    let request = bank.requests_attributes("account-opening", &both).await;
    let desktop = Desktop::opens(&world, &request).await;
    let code = desktop.code().await;
    let shown = scan(&phone, &code).await.expect(200).json();
    assert_eq!(shown["attributes"][1]["name"], "document_number");
    let decision = phone
        .approval_of(shown["transaction"].as_str().unwrap())
        .consents(&["document_number"])
        .pin(&phone.wallet().pin)
        .with("number", desktop.number.as_str());
    let mut body = decision.body();
    body.as_object_mut().unwrap().remove("transaction");
    body["session"] = json!(code);
    let send = |body: &Value| world.send(Call::post("/oauth/decide").json(body));
    let mut without = body.clone();
    without.as_object_mut().unwrap().remove("presentation");
    assert_eq!(
        send(&without).await.outcome(),
        (403, "presentation_needed".to_owned())
    );
    assert_eq!(
        send(&body).await.expect(200).json(),
        json!({ "done": true })
    );
    let decided = desktop.status().await.expect(200).json();
    let redirect = Redirect(decided["redirect"].as_str().unwrap().to_owned());
    let verified = bank.redeems(&redirect).await;
    let claims: Vec<String> = verified.claims().keys().cloned().collect();
    assert_eq!(claims, ["document_number"]);
}

#[tokio::test]
async fn h2_a_wrong_number_twice_ends_the_session() {
    let world = World::new().await;
    let phone = world.person("resident").applies().await;
    let forum = world.platform("forum");
    let request = forum.requests("").await;
    let desktop = Desktop::opens(&world, &request).await;
    let code = desktop.code().await;
    let shown = scan(&phone, &code).await.expect(200).json();
    let numbers = shown["numbers"].as_array().unwrap();
    let wrong = numbers
        .iter()
        .filter_map(Value::as_str)
        .find(|n| *n != desktop.number)
        .unwrap();
    let first = decide(&phone, &code, &shown, "approve", Some(wrong)).await;
    assert_eq!(
        (
            first.code().as_str(),
            first.json()["attempts_left"].as_i64()
        ),
        ("number_wrong", Some(1))
    );
    decide(&phone, &code, &shown, "approve", Some(wrong)).await;
    let right = decide(&phone, &code, &shown, "approve", Some(&desktop.number)).await;
    assert_eq!(right.outcome(), (403, "request_expired".to_owned()));
    assert!(phone.history().await.is_empty());
    // The request itself is still the person's to answer, on a new screen.
    let desktop = Desktop::opens(&world, &request).await;
    let code = desktop.code().await;
    let shown = scan(&phone, &code).await.expect(200).json();
    decide(&phone, &code, &shown, "approve", Some(&desktop.number))
        .await
        .expect(200);
}

#[tokio::test]
async fn h2_a_refusal_needs_no_number_and_reads_like_any_other() {
    let world = World::new().await;
    let phone = world.person("resident").applies().await;
    let forum = world.platform("forum");
    let desktop = Desktop::opens(&world, &forum.requests("").await).await;
    let code = desktop.code().await;
    let shown = scan(&phone, &code).await.expect(200).json();
    decide(&phone, &code, &shown, "refuse", None)
        .await
        .expect(200);
    let decided = desktop.status().await.expect(200).json();
    let elsewhere = Redirect(decided["redirect"].as_str().unwrap().to_owned());
    let here = phone.refuses(&forum.requests("").await).await;
    assert_eq!(elsewhere.without_state(), here.without_state(), "R8.1");
}

/// A picture of a code, a forged one, a second phone, somebody else's screen: nothing.
#[tokio::test]
async fn h2_a_code_is_fresh_genuine_and_for_one_phone() {
    let world = World::new().await;
    let phone = world.person("resident").applies().await;
    let thief = world.person("resident2").applies().await;
    let forum = world.platform("forum");
    let desktop = Desktop::opens(&world, &forum.requests("").await).await;
    let old = desktop.code().await;
    world.advance(30);
    assert_ne!(desktop.code().await, old, "it rotates");
    assert_eq!(
        scan(&phone, &old).await.outcome(),
        (403, "code_stale".to_owned())
    );
    let code = desktop.code().await;
    let forged = format!("{}A", &code[..code.len() - 1]);
    if forged != code {
        assert_eq!(
            scan(&phone, &forged).await.outcome(),
            (404, "not_found".to_owned())
        );
    }
    // A signed-in phone takes it up: the request is that device's alone.
    let path = code.strip_prefix(testkit::ISSUER).unwrap();
    let call = Call::get(path).header("accept", "application/json");
    let call = call.header("cookie", phone.signs_in().await);
    let shown = world.send(call).await.expect(200).json();
    let late = scan(&thief, &code).await;
    assert_eq!(late.outcome(), (403, "request_taken".to_owned()));
    // Nobody else decides it, though the number was seen over a shoulder.
    let stolen = decide(&thief, &code, &shown, "approve", Some(&desktop.number)).await;
    assert_eq!(stolen.outcome(), (403, "request_taken".to_owned()));
    let stolen = decide(&thief, &code, &shown, "refuse", None).await;
    assert_eq!(stolen.outcome(), (403, "request_taken".to_owned()));
    // Another browser is not this screen.
    let other = Desktop::opens(&world, &forum.requests("").await).await;
    let call = Call::get(format!("/x/status/{}", desktop.session)).header("cookie", &other.cookie);
    assert_eq!(
        world.send(call).await.outcome(),
        (404, "not_found".to_owned())
    );
    let call = Call::get(format!("/x/status/{}", desktop.session));
    assert_eq!(
        world.send(call).await.outcome(),
        (404, "not_found".to_owned())
    );
}

#[tokio::test]
async fn h2_a_session_ends_after_two_minutes_unless_it_is_extended() {
    let world = World::new().await;
    let forum = world.platform("forum");
    let desktop = Desktop::opens(&world, &forum.requests("").await).await;
    world.advance(100);
    desktop.extends().await.expect(200);
    world.advance(100);
    assert_eq!(desktop.state().await, "waiting");
    world.advance(60);
    let over = desktop.status().await;
    assert_eq!(
        (over.status, &over.json()["state"]),
        (200, &json!("expired"))
    );
    let phone = world.person("resident").applies().await;
    let code = desktop.code().await;
    assert_eq!(
        scan(&phone, &code).await.outcome(),
        (403, "request_expired".to_owned())
    );
    // The person at the desktop is still there and may go on (no time limit without an extend button).
    desktop.extends().await.expect(200);
    assert_eq!(desktop.state().await, "waiting");
    scan(&phone, &desktop.code().await).await.expect(200);
}

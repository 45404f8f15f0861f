//! 异常账号二次核验: a platform starts it itself (S5; CIBA in poll mode).

use std::collections::BTreeSet;

use serde_json::json;
use testkit::{Fields, Holder, Platform, StepUp, World};

struct Scene {
    world: World,
    forum: Platform,
    person: Holder,
    subject: String,
}

/// A person with an account at the forum.
async fn scene() -> Scene {
    let world = World::new().await;
    let forum = world.platform("forum");
    let person = world.person("resident").applies().await;
    let redirect = person
        .approves(&forum.requests("account-registration").await)
        .await;
    let subject = forum.redeems(&redirect).await.subject().to_owned();
    Scene {
        world,
        forum,
        person,
        subject,
    }
}

impl Scene {
    async fn waiting(&self) -> usize {
        let waiting = self.person.waiting().await;
        waiting["requests"].as_array().unwrap().len()
    }

    /// Asks again after a decent pause.
    async fn hears(&self, step_up: &StepUp) -> String {
        self.world.advance(5);
        self.forum.asks_again(step_up).await.code()
    }
}

#[tokio::test]
async fn s5_the_holder_of_a_suspicious_account_proves_that_it_is_theirs() {
    let scene = scene().await;
    let Scene { forum, person, .. } = &scene;
    let step_up = forum.starts_step_up(&scene.subject).await;
    assert_eq!(scene.hears(&step_up).await, "authorization_pending");
    assert_eq!(forum.asks_again(&step_up).await.code(), "slow_down");
    // The person sees who asks what, and the number among others.
    let waiting = person.waiting().await;
    let request = &waiting["requests"][0];
    assert_eq!(request["platform"]["host"], "forum.example");
    assert_eq!(request["scenario"]["id"], "step-up");
    assert_eq!(request["binding_message"], "异地登录");
    let numbers: BTreeSet<_> = request["numbers"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|number| number.as_str())
        .collect();
    assert_eq!(numbers.len(), 3);
    assert!(numbers.contains(step_up.number.as_str()));
    // Approved on the phone; the forum learns what it learns of any verification.
    let answer = person.approves_waiting(&step_up.number).await.json();
    assert_eq!(answer, json!({ "done": true }));
    assert_eq!(scene.waiting().await, 0);
    scene.world.advance(60);
    let verified = forum.finishes(&step_up).await;
    assert_eq!(verified.subject(), scene.subject);
    assert_eq!(verified.id_token["acr"], "urn:wangzheng:mode:wz+pin");
    assert_eq!(verified.receipt["scenario"], "step-up");
    assert_eq!(
        verified.response["authorization_details"][0]["result"],
        "pass"
    );
    // Once.
    assert_eq!(scene.hears(&step_up).await, "invalid_grant");
    forum.userinfo(verified.access_token()).await.expect(200);
    assert_eq!(person.history_kinds().await, ["receipt", "receipt"]);
    scene.world.epoch().await;
    assert!(scene.world.verify_log().await.is_good());
}

#[tokio::test]
async fn r8_1_a_no_is_access_denied_without_description_and_nobody_is_told_why() {
    let scene = scene().await;
    let step_up = scene.forum.starts_step_up(&scene.subject).await;
    scene.person.refuses_waiting().await;
    scene.world.advance(5);
    let denied = scene.forum.asks_again(&step_up).await;
    assert_eq!(denied.json(), json!({ "error": "access_denied" }));
    assert_eq!(scene.hears(&step_up).await, "invalid_grant");
    // A locked person may say no as well, and it sounds the same.
    let step_up = scene.forum.starts_step_up(&scene.subject).await;
    scene.person.acts("lock", &json!({})).await.expect(200);
    let approval = scene.person.approval_of_waiting(&step_up.number).await;
    assert_eq!(approval.send().await.code(), "locked");
    assert_eq!(scene.hears(&step_up).await, "authorization_pending");
    scene.person.refuses_waiting().await;
    scene.world.advance(5);
    let same = scene.forum.asks_again(&step_up).await;
    assert_eq!((same.status, same.json()), (denied.status, denied.json()));
    // A lock between approval and pick-up gives nothing either.
    let pin = scene.person.wallet().pin.clone();
    scene
        .person
        .acts("unlock", &json!({ "pin": pin }))
        .await
        .expect(200);
    let step_up = scene.forum.starts_step_up(&scene.subject).await;
    scene.person.approves_waiting(&step_up.number).await;
    scene.person.acts("lock", &json!({})).await.expect(200);
    assert_eq!(scene.hears(&step_up).await, "access_denied");
}

#[tokio::test]
async fn r8_1_an_identifier_of_nobody_sounds_like_somebody_who_says_no_or_nothing() {
    let scene = scene().await;
    let bank = scene.world.platform("bank");
    let other = scene.world.person("resident2").applies().await;
    let redirect = other
        .approves(&bank.requests("account-registration").await)
        .await;
    let elsewhere = bank.redeems(&redirect).await.subject().to_owned();
    let real = scene
        .forum
        .start_step_up(&scene.forum.step_up_of(&scene.subject))
        .await;
    let mut ends = BTreeSet::new();
    // Of another platform, of nobody, of no form at all.
    let strangers = [elsewhere.as_str(), &"a".repeat(26), "nobody"];
    for subject in strangers.iter().cycle().take(24) {
        let answer = scene
            .forum
            .start_step_up(&scene.forum.step_up_of(subject))
            .await;
        assert_eq!(answer.status, real.status);
        let members = |answer: &testkit::Answer| {
            let answer = answer.json();
            let answer = answer.as_object().unwrap();
            let length = answer["auth_req_id"].as_str().unwrap().len();
            (
                answer.keys().cloned().collect::<Vec<_>>(),
                length,
                answer["expires_in"].clone(),
            )
        };
        assert_eq!(members(&answer), members(&real));
        let step_up = StepUp::of(&answer);
        assert_eq!(
            scene.forum.asks_again(&step_up).await.code(),
            "authorization_pending"
        );
        let mut code = String::new();
        for _ in 0..120 {
            code = scene.hears(&step_up).await;
            if code != "authorization_pending" {
                break;
            }
        }
        ends.insert(code);
    }
    assert_eq!(
        scene.person.waiting().await["requests"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
    assert_eq!(
        other.waiting().await["requests"].as_array().unwrap().len(),
        0
    );
    let both = ["access_denied".to_owned(), "expired_token".to_owned()];
    assert_eq!(ends, BTreeSet::from(both), "as people do");
}

#[tokio::test]
async fn s5_the_wrong_number_twice_ends_the_request() {
    let scene = scene().await;
    let step_up = scene.forum.starts_step_up(&scene.subject).await;
    let wrong = if step_up.number == "10" { "11" } else { "10" };
    let first = scene.person.approval_of_waiting(wrong).await.send().await;
    assert_eq!(
        (first.code(), first.json()["attempts_left"].clone()),
        ("number_wrong".to_owned(), json!(1))
    );
    let without = scene.person.approval_of_waiting("").await;
    let second = without.send().await;
    assert_eq!(second.json()["attempts_left"], 0);
    assert_eq!(scene.waiting().await, 0);
    assert_eq!(scene.hears(&step_up).await, "access_denied");
}

#[tokio::test]
async fn s5_a_person_is_not_worn_down_by_asking() {
    let scene = scene().await;
    for number in 1..=3 {
        scene.forum.starts_step_up(&scene.subject).await;
        scene.person.refuses_waiting().await;
        let waiting = scene.person.waiting().await;
        assert_eq!(waiting["refused_lately"], number);
        assert_eq!(waiting["left_in_peace"], number == 3);
    }
    // 最近 3 次请求都被拒绝: from now on nothing is shown for an hour, and the platform cannot tell.
    let step_up = scene.forum.starts_step_up(&scene.subject).await;
    assert_eq!(scene.waiting().await, 0);
    assert_eq!(scene.hears(&step_up).await, "authorization_pending");
    scene.world.advance(3600);
    scene.forum.starts_step_up(&scene.subject).await;
    assert_eq!(scene.waiting().await, 1);
    // No more than five at a time.
    for _ in 0..7 {
        scene.forum.starts_step_up(&scene.subject).await;
    }
    assert_eq!(scene.waiting().await, 5);
}

#[tokio::test]
async fn r5_1_over_asking_and_the_simple_profile_end_before_anybody_is_asked() {
    let scene = scene().await;
    let good = scene.forum.step_up_of(&scene.subject);
    let details = |scenario: &str| {
        json!([{ "type": "identity_verification", "scenario": scenario }]).to_string()
    };
    let over =
        json!([{ "type": "identity_verification", "scenario": "step-up", "attributes": ["name"] }]);
    for (fields, code) in [
        (
            good.clone()
                .with("authorization_details", &details("vip-lounge")),
            "invalid_authorization_details",
        ),
        (
            good.clone()
                .with("authorization_details", &over.to_string()),
            "invalid_authorization_details",
        ),
        (
            good.clone().with("acr_values", "urn:wangzheng:mode:wz"),
            "unmet_authentication_requirements",
        ),
        (
            good.clone().with("binding_message", &"x".repeat(41)),
            "invalid_binding_message",
        ),
        (good.clone().with("scope", "email"), "invalid_scope"),
        (good.clone().without("login_hint"), "invalid_request"),
    ] {
        assert_eq!(
            scene.forum.start_step_up(&fields).await.outcome(),
            (400, code.to_owned())
        );
    }
    let lab = scene.world.lab();
    assert_eq!(lab.start_step_up(&good).await.code(), "unauthorized_client");
    assert_eq!(scene.waiting().await, 0);
    // Another app, or the other issuer, does not pick up what was asked here.
    let step_up = scene.forum.starts_step_up(&scene.subject).await;
    scene.person.approves_waiting(&step_up.number).await;
    let bank = scene.world.platform("bank");
    assert_eq!(bank.asks_again(&step_up).await.code(), "invalid_grant");
    assert_eq!(
        scene
            .forum
            .clone()
            .at_sm()
            .asks_again(&step_up)
            .await
            .code(),
        "invalid_grant"
    );
    let fields = Fields::of(&[("grant_type", openid::CIBA_GRANT)]);
    assert_eq!(
        scene.forum.ask_for_tokens(&fields).await.code(),
        "invalid_request"
    );
    scene.forum.finishes(&step_up).await;
}

#[tokio::test]
async fn b2_nobody_else_decides_what_waits_for_a_person() {
    let scene = scene().await;
    let step_up = scene.forum.starts_step_up(&scene.subject).await;
    let decision = scene.person.approval_of_waiting(&step_up.number).await;
    let other = scene.world.person("resident2").applies().await;
    let pin = other.wallet().pin.clone();
    let others = other
        .approval_of(&decision.transaction)
        .pin(&pin)
        .with("number", step_up.number.clone());
    assert_eq!(others.send().await.code(), "request_taken");
    // Nor does it come by an address of the browser.
    let address = format!(
        "/oauth/authorize?client_id=app-forum&request_uri=urn:ietf:params:oauth:request_uri:{}",
        decision.transaction
    );
    assert_eq!(other.follow(&address).await.code(), "request_unknown");
    decision.send().await.expect(200);
    scene.forum.finishes(&step_up).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b2_of_32_polls_of_one_approved_request_one_gets_the_tokens() {
    let scene = scene().await;
    for _ in 0..3 {
        let step_up = scene.forum.starts_step_up(&scene.subject).await;
        scene.person.approves_waiting(&step_up.number).await;
        let polls: Vec<_> = (0..32)
            .map(|_| {
                let (forum, step_up) = (scene.forum.clone(), step_up.clone());
                tokio::spawn(async move { forum.asks_again(&step_up).await })
            })
            .collect();
        let mut tokens = Vec::new();
        for poll in polls {
            let answer = poll.await.unwrap();
            match answer.status {
                200 => tokens.push(answer.json()),
                _ => assert_eq!(answer.code(), "invalid_grant"),
            }
        }
        assert_eq!(tokens.len(), 1);
        // A poll that came too late takes nothing back.
        let token = tokens[0]["access_token"].as_str().unwrap();
        scene.forum.userinfo(token).await.expect(200);
        scene.world.advance(5);
    }
    scene.world.epoch().await;
    assert!(scene.world.verify_log().await.is_good());
}

#[tokio::test]
async fn rfc_7009_and_7662_a_client_asks_about_and_gives_up_its_own_tokens() {
    let scene = scene().await;
    let redirect = scene
        .person
        .approves(&scene.forum.requests("sign-in").await)
        .await;
    let verified = scene.forum.redeems(&redirect).await;
    let about = |platform: Platform, endpoint: &'static str| {
        let fields = Fields::of(&[("token", verified.access_token())]);
        async move {
            let call = testkit::Call::post(format!("/oauth/{endpoint}"));
            platform
                .receive(platform.authenticated(call, &fields))
                .await
        }
    };
    let active = about(scene.forum.clone(), "introspect").await.json();
    assert_eq!(active["active"], true);
    assert_eq!(active["sub"], scene.subject);
    assert_eq!(active.as_object().unwrap().len(), 8);
    let bank = scene.world.platform("bank");
    let foreign = about(bank.clone(), "introspect").await.json();
    assert_eq!(foreign, json!({ "active": false }));
    about(bank, "revoke").await.expect(200);
    scene
        .forum
        .userinfo(verified.access_token())
        .await
        .expect(200);
    about(scene.forum.clone(), "revoke").await.expect(200);
    assert_eq!(
        scene.forum.userinfo(verified.access_token()).await.status,
        401
    );
    let gone = about(scene.forum.clone(), "introspect").await.json();
    assert_eq!(gone, json!({ "active": false }));
}

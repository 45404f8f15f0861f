//! R12.4: a registered key beside a password; a bound session; fifteen minutes.

use serde_json::json;
use testkit::{Call, Staff, World};

#[tokio::test]
async fn r12_4_key_and_password_open_a_session_of_its_own() {
    let world = World::new().await;
    let reviewer = world.staff("reviewer1");
    let answer = reviewer.signs_in().await;
    let shown = answer.json();
    assert_eq!(shown["role"], "platform_reviewer");
    assert_eq!(shown["home"], "/operator");
    let cookie = answer.header("set-cookie");
    for part in [
        "wz_staff=",
        "HttpOnly",
        "SameSite=Strict",
        "Secure",
        "Path=/",
    ] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert_eq!(
        reviewer.gets("/staff/api/session").await.json()["login"],
        "reviewer1"
    );
    // The cookie says nothing: it is sealed.
    assert!(!reviewer.cookie().contains("reviewer"));
    reviewer
        .posts("/staff/api/sign-out", &json!({}))
        .await
        .expect(200);
    assert!(reviewer.cookie().is_empty());
}

#[tokio::test]
async fn r12_4_the_password_alone_the_key_alone_and_another_key_open_nothing() {
    let world = World::new().await;
    let reviewer = world.staff("reviewer1");
    let refused = (403, "sign_in_refused".to_owned());
    // Another key with the right login and password.
    let impostor = Staff::newcomer(&world, "reviewer1");
    let body = impostor.sign_in_body(reviewer.password()).await;
    let send = async |body| {
        world
            .send(Call::post("/staff/api/sign-in").json(&body))
            .await
            .outcome()
    };
    assert_eq!(send(body).await, refused);
    // A login nobody has: the same answer.
    let nobody = Staff::newcomer(&world, "nobody");
    assert_eq!(
        nobody.sign_in_with("password of nobody").await.outcome(),
        refused
    );
    // The right key, a wrong password.
    assert_eq!(
        reviewer
            .sign_in_with("password of reviewer2")
            .await
            .outcome(),
        refused
    );
    // A challenge that is none of ours, and one that is too old.
    let statement = reviewer.statement("wz-staff+jwt", &json!({ "challenge": "AAAA" }));
    let body = json!({ "statement": statement, "password": reviewer.password() });
    assert_eq!(send(body).await, refused);
    let body = reviewer.sign_in_body(reviewer.password()).await;
    world.advance(121);
    assert_eq!(send(body).await, refused);
    // A statement of another type.
    let statement = reviewer.statement("wz-staff-act+jwt", &json!({ "challenge": "AAAA" }));
    let body = json!({ "statement": statement, "password": reviewer.password() });
    assert_eq!(send(body).await, refused);
    // And a sign-in that was used: its statement counts once.
    let body = reviewer.sign_in_body(reviewer.password()).await;
    assert_eq!(send(body.clone()).await.0, 200);
    assert_eq!(send(body).await, (403, "statement_replayed".to_owned()));
}

/// Each challenge is taken once, also when the statement around it is a new one.
#[tokio::test]
async fn r12_4_a_challenge_is_answered_once() {
    let world = World::new().await;
    let reviewer = world.staff("reviewer1");
    let challenge = world
        .send(Call::post("/staff/api/challenge"))
        .await
        .expect(200)
        .json();
    let mut answers = Vec::new();
    for _ in 0..2 {
        let claims = json!({ "challenge": challenge["challenge"] });
        let statement = reviewer.statement("wz-staff+jwt", &claims);
        let body = json!({ "statement": statement, "password": reviewer.password() });
        let answer = world
            .send(Call::post("/staff/api/sign-in").json(&body))
            .await;
        answers.push(answer.status);
    }
    assert_eq!(answers, [200, 403]);
}

#[tokio::test]
async fn r12_4_five_wrong_passwords_and_the_account_rests_for_its_owner_only() {
    let world = World::new().await;
    let (reviewer, other) = (world.staff("reviewer1"), world.staff("reviewer2"));
    // Whoever has not the key cannot lock anybody out, however often.
    let impostor = Staff::newcomer(&world, "reviewer1");
    for _ in 0..20 {
        assert_eq!(
            impostor.sign_in_with("guess").await.code(),
            "sign_in_refused"
        );
    }
    for _ in 0..5 {
        assert_eq!(
            reviewer.sign_in_with("guess").await.code(),
            "sign_in_refused"
        );
    }
    let right = || reviewer.sign_in_with(reviewer.password());
    assert_eq!(right().await.code(), "sign_in_rests");
    other.signs_in().await;
    world.advance(15 * 60 - 1);
    assert_eq!(right().await.code(), "sign_in_rests");
    world.advance(1);
    right().await.expect(200);
}

#[tokio::test]
async fn r12_4_a_session_ends_after_fifteen_idle_minutes() {
    let world = World::new().await;
    let reviewer = world.staff("reviewer1");
    reviewer.signs_in().await;
    let look = || reviewer.sends(Call::get("/staff/api/session"));
    // Used again and again, it lives.
    for _ in 0..4 {
        world.advance(14 * 60 + 59);
        look().await.expect(200);
    }
    // Fifteen minutes without, and it does not.
    world.advance(15 * 60);
    assert_eq!(look().await.outcome(), (401, "not_signed_in".to_owned()));
    // Nor does it come back.
    world.advance(-60);
    let late = reviewer.cookie();
    world.advance(60);
    assert_eq!(reviewer.cookie(), late);
    assert_eq!(look().await.status, 401);
}

#[tokio::test]
async fn r12_4_no_session_outlives_a_working_day() {
    let world = World::new().await;
    let reviewer = world.staff("reviewer1");
    reviewer.signs_in().await;
    let mut hours = 0;
    while reviewer.sends(Call::get("/staff/api/session")).await.status == 200 {
        world.advance(600);
        hours += 1;
        assert!(hours < 100, "it never ends");
    }
    assert_eq!(hours, 12 * 6);
}

#[tokio::test]
async fn r12_4_a_session_is_bound_to_its_key_and_one_at_a_time() {
    let world = World::new().await;
    let (here, there) = (world.staff("reviewer1"), world.staff("reviewer1"));
    here.signs_in().await;
    there.signs_in().await;
    let look = async |staff: &Staff| staff.sends(Call::get("/staff/api/session")).await.status;
    assert_eq!((look(&here).await, look(&there).await), (401, 200));
    // Signing out ends it everywhere: a copy of the cookie is worth nothing.
    let copy = there.cookie();
    there
        .posts("/staff/api/sign-out", &json!({}))
        .await
        .expect(200);
    let call = Call::get("/staff/api/session").header("cookie", &copy);
    assert_eq!(world.send(call).await.status, 401);
}

/// Operator and supervisor never share the person's cookie (design §5), nor the person theirs.
#[tokio::test]
async fn sessions_of_staff_and_of_persons_are_strangers() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let value = |cookie: &str| cookie.split_once('=').unwrap().1.to_owned();
    let theirs = value(&person.signs_in().await);
    let staff = world.staff("reviewer1");
    staff.signs_in().await;
    let ours = value(&staff.cookie());
    for cookie in [format!("wz_session={theirs}"), format!("wz_staff={theirs}")] {
        let call = Call::get("/staff/api/session").header("cookie", &cookie);
        assert_eq!(world.send(call).await.status, 401);
    }
    for cookie in [format!("wz_staff={ours}"), format!("wz_session={ours}")] {
        let call = Call::get("/me").header("cookie", &cookie);
        let page = world.send(call).await.expect(200);
        assert!(page.text().contains("id=\"opening\""), "nobody's page");
    }
}

#[tokio::test]
async fn r12_4_a_page_of_another_site_posts_nothing() {
    let world = World::new().await;
    let staff = world.staff("cases");
    staff.signs_in().await;
    let call = Call::post("/staff/api/sign-out").header("sec-fetch-site", "cross-site");
    assert_eq!(staff.sends(call).await.code(), "cross_site");
}

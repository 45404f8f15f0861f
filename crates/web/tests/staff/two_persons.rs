//! R12.1: what is dangerous takes two named persons, each signing the act itself.

use serde_json::{Value, json};
use testkit::{Staff, World};

fn suspension(platform: &str) -> Value {
    json!({
        "act": "suspend_platform",
        "platform": platform,
        "reason": "over_asking",
        "explanation": "三次越权索取姓名",
    })
}

#[tokio::test]
async fn r12_1_one_reviewer_proposes_another_confirms_and_it_is_done() {
    let world = World::new().await;
    let (one, two) = (world.staff("reviewer1"), world.staff("reviewer2"));
    let proposal = one.proposes(&suspension("shop")).await;
    let shop = world.platform("shop");
    shop.requests("").await;
    assert_eq!(two.confirms(&proposal).await, "done");
    // R5.1: its requests are refused; nobody else's are.
    let refused = shop.push(&shop.request_for("").fields).await;
    assert_eq!(refused.outcome(), (400, "unauthorized_client".to_owned()));
    world.platform("forum").requests("").await;
    let listed = one.gets("/staff/api/proposals").await.expect(200).json();
    let row = &listed["proposals"][0];
    assert_eq!(
        (&row["state"], &row["result"]),
        (&json!("done"), &json!("done"))
    );
    assert_eq!(row["proposed_by"], "reviewer1");
    assert_eq!(row["decided_by"], "reviewer2");
    // Named persons and seconds, in the log.
    let bodies = world.event_bodies().await;
    let of = |name: &str| {
        let found = bodies.iter().find(|body| body["event"] == name);
        found.unwrap_or_else(|| panic!("{name}")).clone()
    };
    assert_eq!(of("act_proposed")["by"], "reviewer1");
    assert_eq!(of("act_decided")["by"], "reviewer2");
    assert_eq!(of("act_decided")["at"], world.now().0);
    assert_eq!(of("act_done")["proposal"], proposal.as_str());
    assert_eq!(of("platform_standing_changed")["change"], "suspended");
    // Lifted the same way.
    let lift = json!({ "act": "lift_platform", "platform": "shop", "explanation": "已整改" });
    let lift = two.proposes(&lift).await;
    assert_eq!(one.confirms(&lift).await, "done");
    shop.requests("").await;
}

#[tokio::test]
async fn r12_1_nobody_confirms_his_own_proposal() {
    let world = World::new().await;
    let one = world.staff("reviewer1");
    let proposal = one.proposes(&suspension("shop")).await;
    let refused = (403, "same_person".to_owned());
    assert_eq!(one.confirm(&proposal).await.outcome(), refused);
    assert_eq!(one.decline(&proposal).await.outcome(), refused);
    // Another session of the same person is the same person.
    let again = world.staff("reviewer1");
    assert_eq!(again.confirm(&proposal).await.outcome(), refused);
    world.platform("shop").requests("").await;
}

#[tokio::test]
async fn r12_1_other_roles_neither_propose_nor_confirm() {
    let world = World::new().await;
    let one = world.staff("reviewer1");
    let proposal = one.proposes(&suspension("shop")).await;
    for login in ["sysadmin", "secadmin", "reviewer3", "cases", "forum-member"] {
        let staff = world.staff(login);
        assert_eq!(
            staff.confirm(&proposal).await.code(),
            "wrong_role",
            "{login}"
        );
        if login != "cases" {
            let answer = staff.propose(&suspension("shop")).await;
            assert_eq!(answer.code(), "wrong_role", "{login}");
        }
    }
    // R3.1, R12.1: those who read do not even get that far.
    for login in [
        "auditor",
        "gongan",
        "wangxin",
        "minzheng",
        "wenlv",
        "weijian",
        "guangdian",
    ] {
        let staff = world.staff(login);
        let answers = [
            staff.confirm(&proposal).await,
            staff.decline(&proposal).await,
            staff.propose(&suspension("shop")).await,
        ];
        for answer in answers {
            assert_eq!(answer.outcome(), (403, "read_only".to_owned()), "{login}");
        }
        staff
            .posts("/staff/api/sign-out", &json!({}))
            .await
            .expect(200);
    }
}

#[tokio::test]
async fn r12_4_each_act_needs_a_fresh_signature_that_names_it() {
    let world = World::new().await;
    let (one, two) = (world.staff("reviewer1"), world.staff("reviewer2"));
    let proposal = one.proposes(&suspension("shop")).await;
    let other = one.proposes(&suspension("bank")).await;
    let digest = world.proposal(&proposal).await.unwrap().digest();
    let send = async |staff: &Staff, statement: String| {
        let body = json!({ "statement": statement });
        staff.posts("/staff/api/confirm", &body).await.code()
    };
    let claims = |id: &str| json!({ "answer": "confirm", "proposal": id, "digest": digest });
    // A session alone is not enough, nor somebody else's key, nor a sign-in statement.
    let by_other = one.statement("wz-staff-act+jwt", &claims(&proposal));
    assert_eq!(send(&two, by_other).await, "sign_in_refused");
    let wrong_type = two.statement("wz-staff+jwt", &claims(&proposal));
    assert_eq!(send(&two, wrong_type).await, "sign_in_refused");
    let impostor = Staff::newcomer(&world, "reviewer2");
    let forged = impostor.statement("wz-staff-act+jwt", &claims(&proposal));
    assert_eq!(send(&two, forged).await, "sign_in_refused");
    // The digest of one act does not confirm another.
    let mixed = two.statement("wz-staff-act+jwt", &claims(&other));
    assert_eq!(send(&two, mixed).await, "other_act");
    // A no is no yes.
    let mut no = claims(&proposal);
    no["answer"] = json!("decline");
    assert_eq!(
        send(&two, two.statement("wz-staff-act+jwt", &no)).await,
        "other_act"
    );
    // An old signature is stale, a used one is used.
    let old = two.statement("wz-staff-act+jwt", &claims(&proposal));
    world.advance(301);
    assert_eq!(send(&two, old).await, "statement_stale");
    let good = two.statement("wz-staff-act+jwt", &claims(&proposal));
    assert_eq!(send(&two, good.clone()).await, "");
    assert_eq!(send(&two, good).await, "statement_replayed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn b2_of_many_confirmations_one_wins() {
    let world = World::new().await;
    let cases = world.staff("cases");
    let proposal = cases.proposes(&suspension("shop")).await;
    let mut answers = Vec::new();
    for number in 0..12 {
        let login = if number % 2 == 0 {
            "reviewer1"
        } else {
            "reviewer2"
        };
        // Each with a session of its own person; the later sign-in ends the earlier, so both are made once.
        if number < 2 {
            world.staff(login).signs_in().await;
        }
    }
    let people = [world.staff("reviewer1"), world.staff("reviewer2")];
    for staff in &people {
        staff.signs_in().await;
    }
    let [one, two] = &people;
    let (a, b, c, d) = tokio::join!(
        one.confirm(&proposal),
        two.confirm(&proposal),
        one.confirm(&proposal),
        two.decline(&proposal),
    );
    answers.extend([a, b, c, d].map(|answer| answer.status));
    answers.sort_unstable();
    assert_eq!(answers, [200, 403, 403, 403]);
    let suspensions = world.event_bodies().await;
    let suspensions = suspensions
        .iter()
        .filter(|body| body["event"] == "platform_standing_changed");
    assert!(suspensions.count() <= 1);
}

/// The service stopped between the second signature and the deed: the next start does it, once.
#[tokio::test]
async fn b2_what_was_confirmed_before_a_stop_is_done_after_it_once() {
    let world = World::new().await;
    let (one, two) = (world.staff("reviewer1"), world.staff("reviewer2"));
    let proposal = one.proposes(&suspension("shop")).await;
    // As far as `confirm` goes: stored, not carried out.
    two.signs_in().await;
    let cookie = two.cookie();
    let value = cookie.split_once('=').unwrap().1;
    let (acting, _) = world.service().acting_staff(value).await.unwrap().unwrap();
    let digest = world.proposal(&proposal).await.unwrap().digest();
    let claims = json!({ "answer": "confirm", "proposal": proposal, "digest": digest });
    let statement = two.statement("wz-staff-act+jwt", &claims);
    let agreed = world.service().confirm(&acting, &statement).await.unwrap();
    drop(agreed);
    world.platform("shop").requests("").await;
    // The next start.
    assert_eq!(world.service().resume_confirmed().await.unwrap(), 1);
    assert_eq!(world.service().resume_confirmed().await.unwrap(), 0);
    let shop = world.platform("shop");
    let refused = shop.push(&shop.request_for("").fields).await;
    assert_eq!(refused.code(), "unauthorized_client");
    let done = world.event_bodies().await;
    let done = done.iter().filter(|body| body["event"] == "act_done");
    assert_eq!(done.count(), 1);
}

#[tokio::test]
async fn r12_1_a_proposal_waits_three_days() {
    let world = World::new().await;
    let (one, two) = (world.staff("reviewer1"), world.staff("reviewer2"));
    let proposal = one.proposes(&suspension("shop")).await;
    world.advance(72 * 3600 + 1);
    two.signs_in().await;
    assert_eq!(two.confirm(&proposal).await.code(), "proposal_expired");
}

/// 三员: the system administrator proposes an account, the security administrator confirms it, the newcomer sets the
/// password with the key; closing it ends the session.
#[tokio::test]
async fn r12_1_an_account_is_opened_and_closed_by_two() {
    let world = World::new().await;
    let (system, security) = (world.staff("sysadmin"), world.staff("secadmin"));
    let new = Staff::newcomer(&world, "reviewer9");
    let account = json!({
        "act": "open_account", "login": "reviewer9", "name": "平台审核员壬",
        "role": "platform_reviewer", "key": new.public_jwk(),
    });
    assert_eq!(
        new.sign_in_with("a long enough password").await.code(),
        "sign_in_refused"
    );
    let proposal = system.proposes(&account).await;
    assert_eq!(security.confirms(&proposal).await, "done");
    // The first sign-in with the key sets the password; it must be long enough.
    assert_eq!(new.sign_in_with("short").await.code(), "password_length");
    new.sign_in_with("a long enough password").await.expect(200);
    assert_eq!(
        new.sign_in_with("another long password").await.code(),
        "sign_in_refused"
    );
    new.sign_in_with("a long enough password").await.expect(200);
    // A login is one person's for ever.
    assert_eq!(system.propose(&account).await.code(), "not_possible");
    let close = json!({ "act": "close_account", "login": "reviewer9" });
    let close = system.proposes(&close).await;
    assert_eq!(security.confirms(&close).await, "done");
    assert_eq!(new.gets("/staff/api/session").await.status, 401);
    assert_eq!(system.propose(&account).await.code(), "not_possible");
    // Nobody proposes from the other chair.
    let close = json!({ "act": "close_account", "login": "reviewer1" });
    assert_eq!(security.propose(&close).await.code(), "wrong_role");
}

//! R5.1, R6.2, R7.3, R8.2: a platform comes in, scenario by scenario, before two reviewers.

use serde_json::{Value, json};
use testkit::{Staff, World};

fn both(text: &str) -> Value {
    json!({ "chinese": text, "english": text })
}

fn scenario(id: &str, attributes: &Value) -> Value {
    json!({ "kind": "scenario", "content": {
        "id": id, "title": both("实名注册"), "purpose": both("注册时核验真实身份"),
        "legal_basis": both("《网络安全法》"), "retention": both("注销后删除"),
        "mode": "urn:wangzheng:mode:wz", "attributes": attributes, "default": false,
    }})
}

fn registration() -> Value {
    json!({ "kind": "registration", "content": {
        "name": both("新论坛"), "host": "forum.example", "operator": "新论坛有限公司",
        "contact": "help@forum.example", "field": "culture_tourism",
        "alternatives": both("手机号码核验"), "equal_service": both("同等服务"), "clients": [],
    }})
}

/// Submits and gives back the digest of what was submitted.
async fn submits(member: &Staff, what: &Value) -> String {
    let answer = member
        .posts("/staff/api/submit", what)
        .await
        .expect(201)
        .json();
    assert_eq!(answer["state"], "waiting");
    answer["digest"].as_str().unwrap().to_owned()
}

fn approval(platform: &str, scenario: &str, digest: &str) -> Value {
    json!({
        "act": "approve_scenario", "platform": platform, "scenario": scenario,
        "submission": digest, "reasons": "用途与法律依据相符，只给结果",
    })
}

#[tokio::test]
async fn r5_1_a_scenario_works_once_two_reviewers_approved_it_and_not_before() {
    let world = World::new().await;
    let (member, one, two) = (
        world.staff("forum-member"),
        world.staff("reviewer1"),
        world.staff("reviewer2"),
    );
    let forum = world.platform("forum");
    let asks = async || {
        forum
            .push(&forum.request_for("lottery").fields)
            .await
            .code()
    };
    assert_eq!(asks().await, "invalid_authorization_details");
    let digest = submits(&member, &scenario("lottery", &json!([]))).await;
    assert_eq!(
        asks().await,
        "invalid_authorization_details",
        "submitted is not approved"
    );
    let proposal = one.proposes(&approval("forum", "lottery", &digest)).await;
    assert_eq!(
        asks().await,
        "invalid_authorization_details",
        "proposed is not approved"
    );
    assert_eq!(one.confirm(&proposal).await.code(), "same_person");
    assert_eq!(two.confirms(&proposal).await, "done");
    // It takes effect by `reload`, without a restart.
    let person = world.person("resident").applies().await;
    let request = forum.requests("lottery").await;
    forum.redeems(&person.approves(&request).await).await;
    let listed = member.gets("/staff/api/submissions").await.json();
    assert_eq!(listed["submissions"][0]["state"], "approved");
    assert_eq!(listed["submissions"][0]["reviewed_by"], "reviewer2");
    // And it ends the same way.
    let withdrawal = json!({
        "act": "withdraw_scenario", "platform": "forum", "scenario": "lottery", "reasons": "用途结束",
    });
    let proposal = two.proposes(&withdrawal).await;
    one.confirms(&proposal).await;
    assert_eq!(asks().await, "invalid_authorization_details");
}

#[tokio::test]
async fn r5_1_what_two_agreed_on_is_exactly_what_was_submitted() {
    let world = World::new().await;
    let member = world.staff("forum-member");
    let (one, two) = (world.staff("reviewer1"), world.staff("reviewer2"));
    let digest = submits(&member, &scenario("lottery", &json!([]))).await;
    let proposal = one.proposes(&approval("forum", "lottery", &digest)).await;
    // The platform submits another text under the same name in between.
    let mut other = scenario("lottery", &json!([]));
    other["content"]["purpose"] = both("抽奖时核验真实身份，并用于推荐");
    submits(&member, &other).await;
    assert_eq!(two.confirms(&proposal).await, "not_waiting");
    let forum = world.platform("forum");
    let answer = forum.push(&forum.request_for("lottery").fields).await;
    assert_eq!(answer.code(), "invalid_authorization_details");
    // Nor does a digest approve another scenario or another platform.
    for (platform, id) in [("bank", "lottery"), ("forum", "sign-in")] {
        let answer = one.propose(&approval(platform, id, &digest)).await;
        assert_eq!(answer.code(), "not_possible");
    }
}

#[tokio::test]
async fn r8_2_over_asking_is_explained_item_by_item() {
    let world = World::new().await;
    let member = world.staff("bank-member");
    let attributes = json!([
        { "name": "name", "legal_basis": both("《反洗钱法》第二十九条") },
        { "name": "birth_date", "legal_basis": both("") },
    ]);
    let answer = member
        .posts("/staff/api/submit", &scenario("loan", &attributes))
        .await;
    assert_eq!(
        answer.outcome(),
        (403, "submission_breaks_rules".to_owned())
    );
    let faults = answer.json()["faults"].clone();
    assert_eq!(faults.as_array().unwrap().len(), 1);
    assert_eq!(
        (&faults[0]["rule"], &faults[0]["item"]),
        (&json!("R8.2"), &json!("birth_date"))
    );
    assert!(
        faults[0]["text"]
            .as_str()
            .unwrap()
            .starts_with("over-asking")
    );
}

#[tokio::test]
async fn r6_2_r7_3_without_another_way_and_equal_service_there_is_no_registration() {
    let world = World::new().await;
    let member = world.staff("forum-member");
    for (member_name, rule) in [("alternatives", "R6.2"), ("equal_service", "R7.3")] {
        for empty in [both(""), json!({ "chinese": "有", "english": "" })] {
            let mut without = registration();
            without["content"][member_name] = empty;
            let answer = member.posts("/staff/api/submit", &without).await;
            assert_eq!(answer.code(), "submission_breaks_rules", "{member_name}");
            assert_eq!(answer.json()["faults"][0]["rule"], rule);
        }
    }
}

#[tokio::test]
async fn r5_1_a_registration_is_put_in_force_with_its_field() {
    let world = World::new().await;
    let member = world.staff("forum-member");
    let (one, two) = (world.staff("reviewer1"), world.staff("reviewer2"));
    let digest = submits(&member, &registration()).await;
    let act = json!({
        "act": "register_platform", "platform": "forum", "submission": digest, "reasons": "材料齐全",
    });
    let proposal = one.proposes(&act).await;
    assert_eq!(two.confirms(&proposal).await, "done");
    let id = identity::id::PlatformId("forum".to_owned());
    let platform = world.service().platform(&id).unwrap();
    assert_eq!(platform.operator, "新论坛有限公司");
    assert_eq!(
        platform.scenarios.len(),
        3,
        "scenarios stay as they were approved"
    );
    let field = world.service().standing(&id).field;
    assert_eq!(field, identity::staff::Field::CultureTourism);
}

#[tokio::test]
async fn r5_1_one_reviewer_returns_or_refuses_with_reasons() {
    let world = World::new().await;
    let (member, one) = (world.staff("forum-member"), world.staff("reviewer1"));
    for (verdict, state) in [("return", "returned"), ("refuse", "refused")] {
        let digest = submits(&member, &scenario("lottery", &json!([]))).await;
        let body =
            |reasons: &str| json!({ "digest": digest, "verdict": verdict, "reasons": reasons });
        let answer = one.posts("/staff/api/review", &body("  ")).await;
        assert_eq!(answer.code(), "reasons_needed");
        let answer = one
            .posts("/staff/api/review", &body("用途写得太宽"))
            .await
            .expect(200);
        assert_eq!(answer.json()["state"], state);
        // Decided is decided.
        let again = one.posts("/staff/api/review", &body("再来")).await;
        assert_eq!(again.status, 404);
        let answer = one.propose(&approval("forum", "lottery", &digest)).await;
        assert_eq!(answer.code(), "not_possible");
        let own = member.gets("/staff/api/submissions").await.json();
        assert_eq!(own["submissions"][0]["reasons"], "用途写得太宽");
    }
}

#[tokio::test]
async fn r12_1_members_see_and_speak_for_their_own_platform_only() {
    let world = World::new().await;
    let (forum, bank) = (world.staff("forum-member"), world.staff("bank-member"));
    let digest = submits(&forum, &scenario("lottery", &json!([]))).await;
    let seen = bank.gets("/staff/api/submissions").await.expect(200).json();
    assert!(seen["submissions"].as_array().unwrap().is_empty());
    for staff in [&forum, &bank] {
        let body = json!({ "digest": digest, "verdict": "refuse", "reasons": "x" });
        let answer = staff.posts("/staff/api/review", &body).await;
        assert_eq!(answer.code(), "not_your_duty");
        let answer = staff.propose(&approval("forum", "lottery", &digest)).await;
        assert_eq!(answer.code(), "wrong_role");
    }
    let reviewer = world.staff("reviewer1");
    let answer = reviewer.posts("/staff/api/submit", &registration()).await;
    assert_eq!(answer.code(), "not_your_duty");
}

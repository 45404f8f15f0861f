//! The desks as pages: who gets which, and forms that work without a script.

use serde_json::json;
use testkit::{Call, Fields, World};

#[tokio::test]
async fn each_desk_shows_itself_to_its_own_people() {
    let world = World::new().await;
    for (login, home) in [
        ("sysadmin", "/operator"),
        ("reviewer1", "/operator"),
        ("auditor", "/operator"),
        ("wangxin", "/supervisor"),
        ("forum-member", "/platform"),
    ] {
        let staff = world.staff(login);
        for place in ["/operator", "/supervisor", "/platform"] {
            let expected = if place == home { 200 } else { 404 };
            assert_eq!(staff.gets(place).await.status, expected, "{login} {place}");
        }
    }
    // A stranger, and a person with a session of their own, get the sign-in and nothing else.
    let person = world.person("resident").applies().await;
    let cookie = person.signs_in().await;
    for place in ["/operator", "/supervisor", "/platform", "/operator/people"] {
        let page = world
            .send(Call::get(place).header("cookie", &cookie))
            .await
            .expect(200);
        assert!(page.text().contains("id=\"staff-sign-in\""), "{place}");
        assert!(
            !page.text().contains("class=\"tabs\""),
            "nothing of the person"
        );
    }
}

#[tokio::test]
async fn r12_1_pages_of_one_duty_are_refused_to_another_and_say_whose_they_are() {
    let world = World::new().await;
    for (path, good, bad) in [
        ("/operator/persons", "cases", "reviewer1"),
        ("/operator/people", "sysadmin", "reviewer1"),
        ("/operator/audit", "auditor", "sysadmin"),
    ] {
        assert_eq!(world.staff(good).gets(path).await.status, 200, "{path}");
        let refused = world.staff(bad).gets(path).await.expect(403);
        assert!(refused.text().contains("你的岗位不能查看"), "{path}");
    }
}

/// O3: what a suspension does and does not do stands above the form that proposes it.
#[tokio::test]
async fn r5_1_the_effect_of_a_suspension_is_shown_before_it_is_proposed() {
    let world = World::new().await;
    let page = world
        .staff("reviewer1")
        .gets("/operator/platforms/forum")
        .await
        .expect(200);
    let text = page.text();
    let (effect, form) = (
        text.find("停用的场景").unwrap(),
        text.find("id=\"standing\"").unwrap(),
    );
    assert!(effect < form);
    assert!(text.contains("<dd>3</dd>"), "three scenarios stop");
    assert!(text.contains("不封禁任何人"));
    // Roles that do not propose it see no form.
    let page = world
        .staff("sysadmin")
        .gets("/operator/platforms/forum")
        .await
        .expect(200);
    assert!(!page.text().contains("id=\"standing\""));
}

/// The person who follows a link of a suspended platform sees why; the platform is told it is suspended.
#[tokio::test]
async fn r5_1_a_person_sees_that_the_platform_is_suspended() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let shop = world.platform("shop");
    let before = shop.requests("").await;
    let approved = person.approves(&shop.requests("").await).await;
    let act = json!({
        "act": "suspend_platform", "platform": "shop", "reason": "leak", "explanation": "泄露核验结果",
    });
    let proposal = world.staff("reviewer1").proposes(&act).await;
    world.staff("reviewer2").confirms(&proposal).await;
    let page = world.send(Call::get(&before.address)).await;
    assert_eq!(page.status, 400);
    assert!(
        page.text().contains("WZ-PLATFORM-SUSPENDED"),
        "{}",
        page.text()
    );
    // A request from before ends here too; so does a code that was not redeemed.
    let answer = person.follow(&before.address).await;
    assert_eq!(answer.code(), "scenario_not_approved");
    let answer = shop.ask_for_tokens(&shop.redemption(&approved)).await;
    assert_eq!(answer.outcome(), (400, "invalid_grant".to_owned()));
    // The simple profile asks in the browser: the person is told there.
    let lab = json!({
        "act": "suspend_platform", "platform": "lab", "reason": "ended", "explanation": "协议终止",
    });
    let proposal = world.staff("reviewer1").proposes(&lab).await;
    world.staff("reviewer2").confirms(&proposal).await;
    let request = world.lab().requests_in_the_browser("");
    let page = world.send(Call::get(&request.address)).await;
    assert!(page.text().contains("WZ-PLATFORM-SUSPENDED"));
}

/// R5: preview and submission are plain forms; the preview is P13's own parts.
#[tokio::test]
async fn r5_1_a_member_previews_and_submits_a_scenario_without_a_script() {
    let world = World::new().await;
    let member = world.staff("bank-member");
    let fields = Fields::of(&[
        ("id", "loan"),
        ("title", "贷款面签"),
        ("title_en", "Loan"),
        ("purpose", "核验借款人本人"),
        ("purpose_en", "verify the borrower"),
        ("legal_basis", "《反洗钱法》"),
        ("legal_basis_en", "Anti-Money Laundering Law"),
        ("retention", "合同期满五年"),
        ("retention_en", "five years"),
        ("mode", "urn:wangzheng:mode:wz+pin"),
        (
            "attributes",
            "name | 《反洗钱法》第二十九条 | Art. 29\nbirth_date | |",
        ),
        ("choice", "preview"),
    ]);
    let page = member
        .submits("/platform/scenario", &fields)
        .await
        .expect(200);
    for part in [
        "class=\"card preview\"",
        "核验借款人本人",
        "姓名",
        "id=\"who\"",
    ] {
        assert!(page.text().contains(part), "{part}");
    }
    let refused = member
        .submits(
            "/platform/scenario",
            &fields.clone().with("choice", "submit"),
        )
        .await;
    assert!(
        refused.text().contains("over-asking"),
        "explained, and the form is still there"
    );
    assert!(refused.text().contains("核验借款人本人"));
    let good = fields
        .with("choice", "submit")
        .with("attributes", "name | 《反洗钱法》第二十九条 | Art. 29");
    assert_eq!(
        member.submits("/platform/scenario", &good).await.status,
        303
    );
    let reviewer = world.staff("reviewer1");
    let queue = reviewer.gets("/operator").await.expect(200);
    let link = queue.text().split("/operator/reviews/").nth(1).unwrap();
    let digest = link.split('"').next().unwrap().to_owned();
    let page = reviewer
        .gets(&format!("/operator/reviews/{digest}"))
        .await
        .expect(200);
    assert!(
        page.text().contains("class=\"card preview\""),
        "the reviewer sees what the person will see"
    );
    let answer = Fields::of(&[
        ("digest", &digest),
        ("reasons", "法律依据不足"),
        ("choice", "return"),
    ]);
    assert_eq!(
        reviewer.submits("/operator/review", &answer).await.status,
        303
    );
    let home = member.gets("/platform").await.expect(200);
    assert!(home.text().contains("法律依据不足"));
    // Nobody posts it from elsewhere.
    let call = Call::post("/platform/scenario")
        .form(&good)
        .header("sec-fetch-site", "cross-site");
    assert_eq!(member.sends(call).await.status, 400);
}

/// R8: a platform's own counts, small ones hidden.
#[tokio::test]
async fn r9_3_a_platform_sees_counts_from_ten_on() {
    let world = World::new().await;
    let (member, forum) = (world.staff("forum-member"), world.platform("forum"));
    for _ in 0..10 {
        forum.requests("").await;
    }
    let person = world.person("resident").applies().await;
    forum
        .redeems(&person.approves(&forum.requests("").await).await)
        .await;
    let home = member.gets("/platform").await.expect(200);
    let row = home
        .text()
        .split("<td data-head=\"日期\">")
        .nth(1)
        .unwrap()
        .to_owned();
    assert!(row.contains(">11<"), "{row}");
    assert!(
        row.contains("10</td>") && !row.contains(">1<"),
        "one pass is not told: {row}"
    );
}

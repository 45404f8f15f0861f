//! O6: notices drafted, held against the law and the last version, published by two; telling that waits; what is left
//! untold by law (Art. 11, R11.1, R11.3, R11.4, R12.1).

use identity::id::NoticeId;
use identity::inbox::InboxNote;
use identity::platform::LocalText;
use serde_json::Value;
use testkit::{Fields, Staff, World};

/// Name and value of every field of a form of the page.
pub(super) fn fields_of(page: &str, form: &str) -> Vec<(String, String)> {
    let (_, rest) = page
        .split_once(&format!("<form id=\"{form}\""))
        .expect(form);
    let form = rest.split("</form>").next().unwrap_or_default();
    let mut fields = Vec::new();
    for part in form.split(" name=\"").skip(1) {
        let (name, rest) = part.split_once('"').expect("a name");
        let textarea = rest
            .split_once('>')
            .filter(|(tag, _)| tag.contains("rows="));
        let value = match textarea {
            Some((_, text)) => text.split("</textarea>").next().unwrap_or_default(),
            None => rest
                .split_once("value=\"")
                .and_then(|(_, value)| value.split('"').next())
                .unwrap_or_default(),
        };
        fields.push((name.to_owned(), plain(value)));
    }
    fields
}

/// What an attribute of the page says.
fn plain(html: &str) -> String {
    let mut text = html.to_owned();
    for (code, letter) in [
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#38;", "&"),
    ] {
        text = text.replace(code, letter);
    }
    text
}

/// What a page offers to be signed: the act with its fixed members.
pub(super) fn offered(page: &str, act: &str) -> Option<Value> {
    let (_, rest) = page.split_once(&format!("data-act=\"{act}\" data-fixed=\""))?;
    let fixed = plain(rest.split('"').next()?);
    let mut value: Value = serde_json::from_str(&fixed).ok()?;
    value["act"] = act.into();
    Some(value)
}

async fn draft(reviewer: &Staff) -> Fields {
    let page = reviewer.gets("/operator/notices/service").await.expect(200);
    let fields = fields_of(page.text(), "draft");
    let pairs: Vec<_> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert!(pairs.len() > 16, "both languages: {pairs:?}");
    Fields::of(&pairs)
}

#[tokio::test]
async fn r11_1_a_draft_says_what_is_missing_and_is_published_by_two() {
    let world = World::new().await;
    let (one, two) = (world.staff("reviewer1"), world.staff("reviewer2"));
    let good = draft(&one).await;
    let path = "/operator/notices/service";
    // As it stands it says nothing new.
    let checked = one.submits(path, &good).await.expect(200);
    assert!(checked.text().contains("和上一版没有任何不同"));
    for (name, value, said) in [
        ("rights_en", " ", "还缺：你的权利和怎样行使 · English"),
        ("retention", "", "还缺：保存期限 · 中文"),
        (
            "effective_from",
            "2020-01-01",
            "施行日期没有填，或者早于今天",
        ),
        ("purposes", "", "还缺：处理目的、方式、种类、期限的名称"),
        ("data", "document_number shoe_size", "中英文正文里都要说明"),
    ] {
        let wrong = good.clone().with(name, value);
        let checked = one.submits(path, &wrong).await.expect(200);
        assert!(checked.text().contains(said), "{name}: {said}");
        assert!(
            offered(checked.text(), "publish_notice").is_none(),
            "{name}"
        );
    }

    // Whole: the change is shown, and exactly that text is signed.
    let changed = good.with("rights", "你可以查阅、复制、更正和删除。不收取费用。");
    let checked = one.submits(path, &changed).await.expect(200);
    assert!(checked.text().contains("<ins>") && checked.text().contains("<del>"));
    assert!(checked.text().contains("只改文字：不用重新同意"));
    let act = offered(checked.text(), "publish_notice").expect("to be signed");
    assert_eq!(act["notice"]["version"], 2);
    let proposal = one.proposes(&act).await;
    let published = || {
        let id = NoticeId::parse("service").expect("an id");
        let editions = world.service().editions();
        editions.of(&id).next_back().map(|notice| notice.version)
    };
    assert_eq!(published(), Some(1), "one person publishes nothing");
    let asked = two.gets(&format!("/operator/proposals/{proposal}")).await;
    let asked = asked.expect(200);
    assert!(asked.text().contains("不收取费用") && asked.text().contains("<ins>"));
    two.confirms(&proposal).await;
    assert_eq!(published(), Some(2));
    let list = one.gets("/operator/notices").await.expect(200);
    assert!(list.text().contains("即将施行"), "from tomorrow");
}

#[tokio::test]
async fn r12_1_notices_are_written_by_reviewers_and_read_by_their_readers() {
    let world = World::new().await;
    let good = draft(&world.staff("reviewer1")).await;
    for login in ["secadmin", "auditor"] {
        let page = world.staff(login).gets("/operator/notices/service").await;
        assert!(!page.expect(200).text().contains("id=\"draft\""), "{login}");
        let posted = world.staff(login);
        let posted = posted.submits("/operator/notices/service", &good).await;
        assert_eq!(posted.status, 403, "{login}");
    }
    for login in ["sysadmin", "cases", "reviewer3"] {
        let page = world.staff(login).gets("/operator/notices").await;
        assert!(page.expect(403).text().contains("平台审核员"), "{login}");
    }
}

#[tokio::test]
async fn r11_3_an_exception_is_checked_before_two_persons_sign_it() {
    let world = World::new().await;
    let reviewer = world.staff("reviewer1");
    let until = world.now().day().plus(30).to_string();
    let good = Fields::of(&[
        ("legal_basis", "pipl-35"),
        ("processing", "反恐协查"),
        ("reason", "告知将妨碍职责"),
        ("until", &until),
    ]);
    let path = "/operator/exceptions";
    let too_long = world.now().day().plus(900).to_string();
    for wrong in [
        good.clone().with("until", &too_long),
        good.clone().with("until", "soon"),
        good.clone().with("legal_basis", "because"),
        good.clone().with("reason", " "),
    ] {
        let page = reviewer.submits(path, &wrong).await.expect(200);
        assert!(page.text().contains("不能提出"));
        assert!(offered(page.text(), "except_notice").is_none());
    }
    let page = reviewer.submits(path, &good).await.expect(200);
    let act = offered(page.text(), "except_notice").expect("to be signed");
    let proposal = reviewer.proposes(&act).await;
    world.staff("secadmin").confirms(&proposal).await;
    let list = reviewer.gets("/operator/notices").await.expect(200);
    assert!(list.text().contains("反恐协查") && list.text().contains("reviewer1 + secadmin"));
}

/// Art. 11(4): what waits stands in a queue, in red when it is late, and who may ends the wait.
#[tokio::test]
async fn r11_4_telling_that_waits_too_long_is_red_and_is_lifted_on_the_page() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let row = world.person_row(&person).await;
    let note = InboxNote {
        topic: "emergency".to_owned(),
        title: LocalText::new("紧急情况下的处理", "Processing in an emergency"),
        text: LocalText::new("洪水中核对了身份。", "Checked during the flood."),
    };
    let due = world.now().plus(3600);
    let waits = world.service().defer_notice(&row, &note, "flood-2026", due);
    waits.await.expect("deferred");
    let leader = world.staff("secadmin");
    let page = leader.gets("/operator/notices").await.expect(200);
    assert!(page.text().contains("flood-2026") && !page.text().contains("tag bad"));
    world.advance(3601);
    leader.signs_in().await;
    let page = leader.gets("/operator/notices").await.expect(200);
    assert!(page.text().contains("有 1 项推迟的告知超过了期限"));
    assert!(page.text().contains("tag bad"));
    // The reviewer sees it and does not end it.
    let lift = Fields::of(&[("reason", "flood-2026")]);
    let reviewer = world.staff("reviewer1");
    let seen = reviewer.gets("/operator/notices").await.expect(200);
    assert!(seen.text().contains("flood-2026") && !seen.text().contains("id=\"lift\""));
    assert_eq!(
        reviewer.submits("/operator/deferrals", &lift).await.status,
        403
    );
    let nothing = Fields::of(&[("reason", "earthquake")]);
    assert_eq!(
        leader.submits("/operator/deferrals", &nothing).await.status,
        404
    );
    assert_eq!(
        leader.submits("/operator/deferrals", &lift).await.status,
        303
    );
    let history = person.history().await;
    assert!(history[0].text.contains("紧急情况下的处理"));
}

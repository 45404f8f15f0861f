//! S10: a legal request on its own form: two persons, no search, what is given shown once, and the notice to the person
//! in the queue of Art. 11(4) (Art. 9(2), R9.4).

use testkit::{Fields, Holder, World};

use super::notice::offered;

fn request(person: &Holder) -> Fields {
    let document = person.applicant().document();
    let text = |name: &str| document[name].as_str().unwrap_or_default().to_owned();
    Fields::of(&[
        ("choice", "document"),
        ("basis", "anti_fraud32"),
        ("authority", "某市公安局"),
        ("reference", "市公(2026)0417号"),
        ("kind", &text("kind")),
        ("number", &text("number")),
        ("holder", &text("holder")),
        ("birth_date", &text("birth_date")),
        ("valid_until", &text("valid_until")),
        ("ask_name", "yes"),
        ("ask_state", "yes"),
        ("defer_until", ""),
    ])
}

#[tokio::test]
async fn r9_4_a_request_is_entered_confirmed_by_another_and_taken_once_on_its_pages() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let officer = world.staff("cases");
    let list = "/operator/legal-requests";
    let entered = officer.submits(list, &request(&person)).await.expect(303);
    let page = entered.location().expect("a page").to_owned();
    let shown = officer.gets(&page).await.expect(200);
    let holder = person
        .applicant()
        .person
        .document
        .holder()
        .as_str()
        .to_owned();
    assert!(shown.text().contains("市公(2026)0417号"));
    assert!(!shown.text().contains(&holder), "nobody is named again");
    assert!(
        !shown.text().contains("id=\"take\""),
        "nothing is given yet"
    );
    let act = offered(shown.text(), "provide_legal_request").expect("to be signed");
    let proposal = officer.proposes(&act).await;
    // The second person sees the document and its reach before confirming.
    let security = world.staff("secadmin");
    let asked = security
        .gets(&format!("/operator/proposals/{proposal}"))
        .await;
    let asked = asked.expect(200);
    for said in ["市公(2026)0417号", "某市公安局", "姓名", "id=\"confirm\""] {
        assert!(asked.text().contains(said), "{said}");
    }
    assert!(!asked.text().contains(&holder));
    security.confirms(&proposal).await;
    let shown = officer.gets(&page).await.expect(200);
    assert!(shown.text().contains("已提供") && shown.text().contains("id=\"take\""));
    let given = officer.submits(&page, &Fields::default()).await.expect(200);
    assert!(given.text().contains(&holder), "what was asked");
    assert!(given.text().contains("网证 · 有效"), "in words");
    let again = officer.submits(&page, &Fields::default()).await;
    assert_eq!(again.status, 409, "once");
    assert!(!again.text().contains(&holder));
}

#[tokio::test]
async fn r9_4_the_form_is_closed_and_so_is_the_list_to_others() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let officer = world.staff("cases");
    let list = "/operator/legal-requests";
    let good = request(&person);
    for (name, value) in [
        ("basis", "because"),
        ("authority", " "),
        ("reference", ""),
        ("choice", "name"),
        ("defer_until", "2020-01-01"),
    ] {
        let wrong = good.clone().with(name, value);
        let refused = officer.submits(list, &wrong).await;
        assert_eq!(refused.status, 403, "{name}");
    }
    let nothing = good.clone().with("ask_name", "").with("ask_state", "");
    assert_eq!(officer.submits(list, &nothing).await.status, 403);
    officer.submits(list, &good).await.expect(303);
    for login in ["secadmin", "auditor"] {
        let page = world.staff(login).gets(list).await.expect(200);
        assert!(page.text().contains("某市公安局"), "{login}");
        assert!(!page.text().contains("id=\"document\""), "{login}");
        assert_eq!(world.staff(login).submits(list, &good).await.status, 403);
    }
    for (login, status) in [("gongan", 200), ("wangxin", 200), ("weijian", 403)] {
        let page = world.staff(login).gets("/supervisor/legal-requests").await;
        assert_eq!(page.status, status, "{login}");
        assert!(!page.text().contains("type=\"text\""), "no search: {login}");
    }
    assert_eq!(world.staff("reviewer1").gets(list).await.status, 403);
}

/// Art. 11(4): a deferred notice waits in the one queue there is, with its deadline, and leaves it on its day.
#[tokio::test]
async fn r11_4_the_notice_of_a_legal_request_waits_in_the_queue() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let officer = world.staff("cases");
    let until = world.now().day().plus(30);
    let new = request(&person).with("defer_until", &until.to_string());
    let entered = officer.submits("/operator/legal-requests", &new).await;
    let page = entered.expect(303).location().expect("a page").to_owned();
    let number = page.rsplit('/').next().expect("a number").to_owned();
    let shown = officer.gets(&page).await.expect(200);
    let act = offered(shown.text(), "provide_legal_request").expect("to be signed");
    let proposal = officer.proposes(&act).await;
    world.staff("secadmin").confirms(&proposal).await;
    let deferral = async || {
        let deferrals = world.service().deferrals().await.expect("deferrals");
        deferrals.into_iter().find(|one| one.reason == number)
    };
    let waiting = deferral().await.expect("in the queue");
    assert_eq!((waiting.notices, waiting.lifted_at), (1, None));
    assert_eq!(waiting.due_at.day(), until.plus(1), "the end of its day");
    let told = || world.service().tell_of_legal_requests();
    assert_eq!(told().await.expect("told"), 0);
    assert_eq!(deferral().await.expect("once").notices, 1, "not put twice");
    let leader = world.staff("secadmin");
    let queue = leader.gets("/operator/notices").await.expect(200);
    assert!(queue.text().contains(&number));
    world.advance(30 * 86_400);
    assert_eq!(told().await.expect("told"), 1);
    let lifted = deferral().await.expect("kept").lifted_at;
    assert!(lifted.is_some());
    let told_of = person.history().await;
    let told_of = told_of
        .iter()
        .filter(|entry| entry.text.contains("legal_request"));
    assert_eq!(told_of.count(), 1);
}

/// The reason to wait was gone earlier: lifted by hand, told once, and the request knows.
#[tokio::test]
async fn r11_4_a_deferral_lifted_by_hand_is_told_once() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let officer = world.staff("cases");
    let until = world.now().day().plus(30).to_string();
    let new = request(&person).with("defer_until", &until);
    let entered = officer.submits("/operator/legal-requests", &new).await;
    let page = entered.expect(303).location().expect("a page").to_owned();
    let number = page.rsplit('/').next().expect("a number").to_owned();
    let shown = officer.gets(&page).await.expect(200);
    let act = offered(shown.text(), "provide_legal_request").expect("to be signed");
    let proposal = officer.proposes(&act).await;
    let leader = world.staff("secadmin");
    leader.confirms(&proposal).await;
    let lift = Fields::of(&[("reason", &number)]);
    assert_eq!(
        leader.submits("/operator/deferrals", &lift).await.status,
        303
    );
    world.advance(31 * 86_400);
    let told = world.service().tell_of_legal_requests().await;
    assert_eq!(told.expect("told"), 1, "the request learns it");
    let history = person.history().await;
    let told_of = history
        .iter()
        .filter(|entry| entry.text.contains("legal_request"));
    assert_eq!(told_of.count(), 1, "and the person is told once");
}

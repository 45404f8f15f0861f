//! A child under 14 does not decide about consents alone; a guardian does it for the child (R4.2, R9.2, R11.1).

use identity::notice::{Notice, shipped_notices};
use serde_json::{Value, json};
use testkit::{Call, Holder};

use super::{Home, refused};

fn next_of(id: &str) -> Notice {
    let found = shipped_notices().into_iter().find(|n| n.id.as_str() == id);
    let mut notice = found.expect("a shipped notice");
    notice.version += 1;
    notice.subject.purposes.insert("statistics".to_owned());
    notice.chinese.processing.purpose.push_str("统计使用人数。");
    notice
        .english
        .processing
        .purpose
        .push_str(" To count users.");
    notice
}

impl Home {
    /// What the mother's device calls the child.
    async fn handle(&self) -> Value {
        self.mother.family().await["children"][0]["child"].clone()
    }

    /// Whether the child can verify, with the mother beside.
    async fn child_verifies(&self) -> (u16, String) {
        let request = self.world.platform("forum").requests("").await;
        let approval = self.child.approval(&request).await;
        let beside = approval.consented_by(&self.mother, false);
        beside.send().await.outcome()
    }
}

/// A notice as a person sees it; with a handle, as a guardian sees the child's.
async fn standing(person: &Holder, id: &str, child: Option<&Value>) -> Option<Value> {
    let fields = child.map_or(json!({}), |child| json!({ "child": child }));
    let answer = person.acts("notices", &fields).await.expect(200).json();
    let notices = answer["notices"].as_array().expect("notices").clone();
    notices.into_iter().find(|notice| notice["id"] == id)
}

async fn page(holder: &Holder, path: &str) -> String {
    let cookie = holder.signs_in().await;
    let call = Call::get(path).header("cookie", cookie);
    holder
        .world()
        .send(call)
        .await
        .expect(200)
        .text()
        .to_owned()
}

#[tokio::test]
async fn r4_2_a_newer_notice_on_minors_asks_the_guardian_and_not_the_child() {
    let home = Home::new().await;
    let (mother, child) = (&home.mother, &home.child);
    let handle = home.handle().await;
    assert_eq!(home.child_verifies().await.0, 200);
    home.world.publishes(&next_of("minors")).await;
    // 1. Nothing is verified meanwhile; the platform hears what it hears of any no.
    let waits = (403, "agreement_needed".to_owned());
    assert_eq!(home.child_verifies().await, waits);
    assert!(page(child, "/").await.contains("有告知等监护人看过再决定"));
    assert!(page(mother, "/").await.contains("/family/notices"));
    let mine = page(mother, "/family/notices").await;
    assert!(mine.contains("统计使用人数。") && mine.contains("王*"));
    assert!(
        page(child, "/me/notices")
            .await
            .contains("由监护人替你决定")
    );
    // 2. It concerns nobody else: no adult is asked, and the mother's own uses go on.
    assert!(standing(mother, "minors", None).await.is_none());
    let request = home.world.platform("forum").requests("").await;
    mother.approves(&request).await;
    // 3. Not the child, nobody else, and nobody for themselves.
    let seen = standing(mother, "minors", Some(&handle)).await.unwrap();
    assert_eq!(
        (&seen["state"], &seen["asked"]),
        (&json!("asked_again"), &json!(true))
    );
    let digest = seen["digest"].clone();
    let own = json!({ "notice": digest });
    let answer = child.acts("agree", &own).await;
    assert_eq!(answer.outcome(), refused("guardian_consents"));
    assert_eq!(mother.acts("agree", &own).await.status, 404);
    let stranger = home.world.person("resident").applies().await;
    let for_child = json!({ "notice": digest, "child": handle });
    let answer = stranger.acts("agree", &for_child).await;
    assert_eq!(answer.outcome(), refused("not_guardian"));
    let answer = child.acts("agree", &for_child).await;
    assert_eq!(answer.outcome(), refused("guardian_not_of_age"));
    mother.acts("lock", &json!({})).await.expect(200);
    let answer = mother.acts("agree", &for_child).await;
    assert_eq!(answer.outcome(), refused("guardian_locked"));
    let unlock = json!({ "pin": mother.wallet().pin });
    mother.acts("unlock", &unlock).await.expect(200);
    assert_eq!(home.child_verifies().await, waits);
    // 4. The guardian: a fact beside the child, a line in the guardian's own record.
    home.world.epoch().await;
    mother.acts("agree", &for_child).await.expect(200);
    let mut events = home.world.waiting_events().await;
    events.sort();
    // The registry was asked whether she still is one: both sides of both guardians' links have the day.
    let asked = "guardian_link_changed:done";
    assert_eq!(events.iter().filter(|event| *event == asked).count(), 4);
    events.retain(|event| event != asked);
    assert_eq!(
        events,
        [
            "consent_changed:done",
            "guardian_consented:done",
            "inbox_note_put:done"
        ]
    );
    assert_eq!(home.child_verifies().await.0, 200);
    let kinds = mother.history_kinds().await;
    assert!(kinds.contains(&"child_decision".to_owned()));
}

/// R9.2: taken back as easily as given, by a guardian; a lock of the guardian's own 网证 is in nobody's way.
#[tokio::test]
async fn r9_2_a_guardian_takes_a_childs_consent_back() {
    let home = Home::new().await;
    let handle = home.handle().await;
    let seen = standing(&home.mother, "service", Some(&handle)).await;
    let digest = seen.unwrap()["digest"].clone();
    let own = json!({ "notice": digest });
    let answer = home.child.acts("withdraw-agreement", &own).await;
    assert_eq!(answer.outcome(), refused("guardian_consents"));
    assert_eq!(home.child_verifies().await.0, 200, "nothing was taken back");
    let for_child = json!({ "notice": digest, "child": handle });
    home.mother.acts("lock", &json!({})).await.expect(200);
    let answer = home.mother.acts("withdraw-agreement", &for_child).await;
    assert_eq!(answer.expect(200).json()["effect"], "service_stops");
    let unlock = json!({ "pin": home.mother.wallet().pin });
    home.mother.acts("unlock", &unlock).await.expect(200);
    let stopped = (403, "agreement_needed".to_owned());
    assert_eq!(home.child_verifies().await, stopped);
    home.mother.acts("agree", &for_child).await.expect(200);
    assert_eq!(home.child_verifies().await.0, 200);
}

/// R9.2: the consent of a child under 14 to a platform is withdrawn by a guardian; from 14 on by the person alone.
#[tokio::test]
async fn r9_2_a_guardian_withdraws_a_childs_consent_from_a_platform() {
    let home = Home::new().await;
    assert_eq!(home.child_verifies().await.0, 200);
    let handle = home.handle().await;
    let own = json!({ "platform": "app-forum" });
    for endpoint in ["withdraw-consent", "request-deletion"] {
        let answer = home.child.acts(endpoint, &own).await;
        assert_eq!(answer.outcome(), refused("guardian_consents"));
        let for_child = json!({ "platform": "app-forum", "child": handle });
        home.father.acts(endpoint, &for_child).await.expect(200);
        let stranger = json!({ "platform": "app-forum", "child": "A".repeat(26) });
        let answer = home.father.acts(endpoint, &stranger).await;
        assert_eq!(answer.outcome(), refused("not_guardian"));
    }
    let kinds = home.child.history_kinds().await;
    assert!(
        kinds.contains(&"withdrawal".to_owned()),
        "the child can read that it was done"
    );
    let teen = home.world.person("teen16").applies_with(&home.father).await;
    teen.acts("withdraw-consent", &own).await.expect(200);
    let family = home.father.family().await;
    let children = family["children"].as_array().unwrap();
    let older = children
        .iter()
        .find(|child| child["age_group"] == "guardian_supervises");
    let for_teen = json!({ "platform": "app-forum", "child": older.unwrap()["child"] });
    let answer = home.father.acts("withdraw-consent", &for_teen).await;
    assert_eq!(answer.outcome(), refused("guardian_not_needed"));
}

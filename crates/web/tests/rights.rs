//! A person's rights: see, copy, correct, restrict, explain, a new 网号 (PIPL 44–50, P-rights, R2.1).

use identity::document::{Document, HolderName};
use jose::jws::Unverified;
use jose::sd_jwt::{MOST_BYTES, SdJwt};
use serde_json::{Value, json};
use testkit::{Answer, Holder, World};

/// The claims of an export whose signature is by a published receipt key.
async fn exported(person: &Holder) -> (Value, Value) {
    let fields = json!({ "pin": person.wallet().pin });
    let answer = person.acts("export", &fields).await.expect(200).json();
    let text = answer["export"].as_str().unwrap();
    let unverified = Unverified::parse_up_to(text, 1 << 22).unwrap();
    assert_eq!(unverified.header().typ.as_deref(), Some("wz-export+jwt"));
    let keys = testkit::Call::get("/.well-known/wangzheng-keys");
    let keys = person.world().send(keys).await.expect(200).json();
    let keys: Vec<Value> = keys["keys"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|key| key["purpose"] == "receipt" && key["algorithm"] == "ES256")
        .map(|key| key["jwk"].clone())
        .collect();
    let keys: jose::jwk::JwkSet = serde_json::from_value(json!({ "keys": keys })).unwrap();
    let verified = unverified
        .verify_with_set(&keys)
        .expect("signed by the service");
    let claims = serde_json::from_slice(&verified.into_inner()).unwrap();
    (claims, answer)
}

/// PIPL 45: one signed file with everything, and a page that says the same; nothing of anybody else.
#[tokio::test]
async fn p_rights_the_copy_holds_everything_and_nobody_else() {
    let world = World::new().await;
    let other = world.person("resident2").applies().await;
    let person = world.person("resident").applies().await;
    let forum = world.platform("forum");
    forum
        .redeems(&person.approves(&forum.requests("").await).await)
        .await;
    let wrong = person.acts("export", &json!({ "pin": "11111111" })).await;
    assert_eq!(wrong.code(), "pin_wrong");
    let none = person.acts("export", &json!({})).await;
    assert_eq!(none.outcome(), (403, "pin_needed".to_owned()));

    let (claims, answer) = exported(&person).await;
    assert_eq!(claims["iss"], "https://wz.example");
    let document = person.applicant().document();
    for name in ["kind", "number", "holder", "birth_date", "valid_until"] {
        assert_eq!(claims["person"]["document"][name], document[name], "{name}");
    }
    assert_eq!(claims["person"]["wanghao"], person.wallet().wanghao);
    assert_eq!(claims["wangzheng"]["state"], "active");
    assert_eq!(claims["devices"][0]["name"], "我的手机");
    let consents = person.applicant().consents().await;
    assert_eq!(
        claims["consents"].as_array().unwrap().len(),
        consents.as_array().unwrap().len()
    );
    for given in claims["consents"].as_array().unwrap() {
        assert!(given["title"]["chinese"].is_string(), "{given}");
    }
    let events: Vec<&str> = claims["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["event"].as_str().unwrap())
        .collect();
    for event in ["person_applied", "verified", "pin_attempted"] {
        assert!(events.contains(&event), "{events:?}");
    }
    // The device can tie what it opens to what was signed.
    let receipts = person.acts("receipts", &json!({})).await.expect(200).json();
    let entries = receipts["receipts"].as_array().unwrap();
    assert_eq!(claims["history"].as_array().unwrap().len(), entries.len());
    for (signed, entry) in claims["history"].as_array().unwrap().iter().zip(entries) {
        assert_eq!(signed["commitment"], entry["commitment"]);
        assert_eq!(signed["id"], entry["id"]);
    }
    // The page says the same, needs nothing from elsewhere, and has a place for the history.
    let page = answer["page"].as_str().unwrap();
    let number = document["number"].as_str().unwrap();
    for text in [
        number,
        &person.wallet().wanghao,
        "<!-- history -->",
        "lang=\"en\"",
    ] {
        assert!(page.contains(text), "{text}");
    }
    for foreign in ["http://", "src=", "href=", "<script"] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    let everything = format!("{claims} {page}");
    let stranger = other.applicant().document();
    for foreign in [
        stranger["number"].as_str().unwrap(),
        stranger["holder"].as_str().unwrap(),
        &other.wallet().wanghao,
        "forum",
    ] {
        assert!(!everything.contains(foreign), "{foreign}");
    }
    // The other devices are told.
    let told = person.history().await;
    let topics: Vec<Value> = told
        .iter()
        .filter_map(|entry| serde_json::from_str::<Value>(&entry.text).ok())
        .map(|note| note["topic"].clone())
        .collect();
    assert_eq!(topics, ["exported"]);
}

/// PIPL 45: every table that holds something of a person is on the list.
#[test]
fn p_rights_the_list_of_what_is_held_forgets_no_table() {
    let folder =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../store/src/sqlite/migrations");
    let held = identity::rights::held::held();
    let listed: Vec<&str> = held.iter().flat_map(|row| row.tables).copied().collect();
    let mut found = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for table in text.split("CREATE TABLE ").skip(1) {
            let (name, columns) = table.split_once('(').unwrap();
            let columns = columns.split(';').next().unwrap();
            let of_person = columns
                .lines()
                .any(|line| line.trim_start().starts_with("person "));
            if of_person {
                found += 1;
                assert!(
                    listed.contains(&name.trim()),
                    "{name} holds something of a person: it belongs in identity::rights::held"
                );
            }
        }
    }
    assert!(found > 5, "the migrations were read");
}

#[tokio::test]
async fn p_rights_what_is_held_is_seen_with_purpose_and_retention() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let seen = person.acts("held", &json!({})).await.expect(200).json();
    assert_eq!(seen["name_masked"], "林*");
    for row in seen["held"].as_array().unwrap() {
        for name in ["title", "purpose", "retention"] {
            for language in ["chinese", "english"] {
                assert!(!row[name][language].as_str().unwrap().is_empty(), "{row}");
            }
        }
        assert!(!row["basis"].as_str().unwrap().is_empty());
    }
    let number = person.applicant().document()["number"].clone();
    assert!(!seen.to_string().contains(number.as_str().unwrap()));
}

/// PIPL 44: a restricted person's 网证 answers no platform; the person lifts it with the second factor.
#[tokio::test]
async fn p_rights_a_restricted_wangzheng_answers_no_platform() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let forum = world.platform("forum");
    let early = person.approves(&forum.requests("").await).await;
    person.acts("restrict", &json!({})).await.expect(200);
    let again = person.acts("restrict", &json!({})).await;
    assert_eq!(again.outcome(), (409, "not_in_state".to_owned()));
    // Neither a new approval nor a code that is on its way.
    let request = forum.requests("").await;
    let refused = person.approval(&request).await.send().await;
    assert_eq!(refused.outcome(), (403, "suspended".to_owned()));
    let late = forum.ask_for_tokens(&forum.redemption(&early)).await;
    assert_eq!(late.outcome(), (400, "invalid_grant".to_owned()));
    for act in ["lock", "credential", "link"] {
        assert_ne!(person.acts(act, &json!({})).await.status, 200, "{act}");
    }
    // Why, in words (PIPL 48).
    let why = person.acts("explain", &json!({})).await.expect(200).json();
    assert_eq!(why["state"], "suspended");
    assert_eq!(why["reasons"][0]["code"], "restricted");
    assert!(why["reasons"][0]["next"]["chinese"].is_string());
    // What was shut is opened with the 口令 alone.
    let refused = person.acts("unrestrict", &json!({})).await;
    assert_eq!(refused.outcome(), (403, "pin_needed".to_owned()));
    let refused = person
        .acts("unrestrict", &json!({ "pin": "11111111" }))
        .await;
    assert_eq!(refused.code(), "pin_wrong");
    let pin = json!({ "pin": person.wallet().pin });
    person.acts("unrestrict", &pin).await.expect(200);
    forum
        .redeems(&person.approves(&forum.requests("").await).await)
        .await;
    let why = person.acts("explain", &json!({})).await.expect(200).json();
    assert_eq!(why["reasons"], json!([]));
}

/// R2.1: the old number dies for ever; R2.3: nothing changes at any platform.
#[tokio::test]
async fn r2_1_a_new_wanghao_changes_no_identifier() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let (forum, bank) = (world.platform("forum"), world.platform("bank"));
    let subject = async |platform: &testkit::Platform| {
        let redirect = person.approves(&platform.requests("").await).await;
        platform.redeems(&redirect).await.subject().to_owned()
    };
    let before = (subject(&forum).await, subject(&bank).await);
    let old = person.wallet().wanghao.clone();
    let refused = person.acts("reissue", &json!({})).await;
    assert_eq!(refused.outcome(), (403, "pin_needed".to_owned()));
    let pin = json!({ "pin": person.wallet().pin });
    let answer = person.acts("reissue", &pin).await.expect(200).json();
    let new = answer["wanghao"].as_str().unwrap();
    assert_ne!(new, old);
    assert_eq!(answer["serial"], 2);
    assert_eq!((subject(&forum).await, subject(&bank).await), before);
    // The credential is issued anew and says the new number.
    let credential = SdJwt::parse(answer["credential"].as_str().unwrap()).unwrap();
    assert!(credential.jws.len() < MOST_BYTES);
    let (claims, _) = exported(&person).await;
    assert_eq!(claims["person"]["wanghao"], new);
    assert_eq!(claims["wangzheng"]["serial"], 2);
    // The old one is dead: nobody can get it again.
    let old = identity::wanghao::Wanghao::parse(&old).unwrap();
    let digest = old.digest(world.keys()).unwrap();
    let event = || {
        let day = world.now().day();
        let event = identity::audit::AuditEvent::WanghaoReserved { day };
        identity::audit::EventDraft::new(event, world.service().random())
    };
    let store = world.service().store();
    assert!(!store.confirm_wanghao(&digest, event()).await.unwrap());
    let reserved = store
        .reserve_wanghao(&digest, world.now().day(), event())
        .await;
    assert_eq!(reserved.unwrap(), identity::wanghao::Reserved::InUse);
    // A second one is another again; while locked there is none.
    let again = person.acts("reissue", &pin).await.expect(200).json();
    assert_eq!(again["serial"], 3);
    person.acts("lock", &json!({})).await.expect(200);
    let locked = person.acts("reissue", &pin).await;
    assert_eq!(locked.outcome(), (403, "locked".to_owned()));
}

/// A document of the person with something changed.
fn amended(person: &Holder, holder: Option<&str>, until: Option<time::Date>) -> Document {
    let old = &person.applicant().person.document;
    let holder = holder.map_or(old.holder().clone(), |name| {
        HolderName::parse(name).unwrap()
    });
    let today = person.world().now().date();
    let until = until.or(old.valid_until());
    Document::new(old.number().clone(), holder, old.birth_date(), until, today).unwrap()
}

async fn corrects(person: &Holder, holder: &str) -> Answer {
    let mut document = person.applicant().document();
    document["holder"] = json!(holder);
    let fields = json!({ "document": document });
    person.acts("correct", &fields).await
}

/// PIPL 46, 50: corrections follow the registry; a refusal says why, what to do and by when.
#[tokio::test]
async fn p_rights_a_name_is_corrected_through_the_registry() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let same = person.acts("correct", &json!({})).await.expect(200).json();
    assert_eq!(same["state"], "unchanged");
    // The registry does not know the name: refused, with everything PIPL 50 asks.
    let refused = corrects(&person, "林晓宁").await;
    assert_eq!(
        refused.outcome(),
        (403, "registry_says_otherwise".to_owned())
    );
    let refused = refused.json();
    for name in ["reason", "next"] {
        assert!(refused[name]["chinese"].is_string(), "{refused}");
        assert!(refused[name]["english"].is_string(), "{refused}");
    }
    let limit = world.now().day().plus(world.service().policy.rights_days);
    assert_eq!(refused["answered_by"], limit.to_string());
    assert!(
        !refused.to_string().contains("林晓宁"),
        "no name in an error"
    );
    // Corrected there, it is taken over here; identifiers stay.
    let number = person.applicant().person.document.number().clone();
    let new = amended(&person, Some("林晓宁"), None);
    assert!(world.registry().issue(&number, new));
    let done = corrects(&person, "林晓宁").await.expect(200).json();
    assert_eq!(done["state"], "changed");
    assert_eq!(done["changed"], json!(["name"]));
    assert_eq!(done["wangzheng"], "active");
    let (claims, _) = exported(&person).await;
    assert_eq!(claims["person"]["document"]["holder"], "林晓宁");
    // Somebody else's document is nobody's correction.
    let other = world.person("resident2").document();
    let fields = json!({ "document": other });
    let refused = person.acts("correct", &fields).await;
    assert_eq!(refused.outcome(), (403, "document_of_another".to_owned()));
}

/// R15.2: while the registry does not answer a correction waits, and the person is told when it is done.
#[tokio::test]
async fn r15_2_a_correction_waits_for_the_registry_and_is_told() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let number = person.applicant().person.document.number().clone();
    let new = amended(&person, Some("林晓宁"), None);
    assert!(world.registry().issue(&number, new));
    world.registry().set_silent(true);
    let waits = corrects(&person, "林晓宁").await;
    assert_eq!(waits.status, 202);
    let waits = waits.json();
    assert_eq!(waits["state"], "waiting");
    assert_eq!(waits["queue_number"].as_str().unwrap().len(), 8);
    let why = person.acts("explain", &json!({})).await.expect(200).json();
    assert!(why["waiting"]["chinese"].is_string());
    let pass = world.service().recheck_due().await.unwrap();
    assert_eq!((pass.looked_at, pass.unavailable), (1, 1), "never a guess");
    let (claims, _) = exported(&person).await;
    assert_eq!(claims["person"]["document"]["holder"], "林晓安");
    world.registry().set_silent(false);
    let pass = world.service().recheck_due().await.unwrap();
    assert_eq!((pass.looked_at, pass.unavailable), (1, 0));
    let (claims, _) = exported(&person).await;
    assert_eq!(claims["person"]["document"]["holder"], "林晓宁");
    let told = person.history().await;
    assert!(
        told.iter()
            .any(|entry| entry.text.contains("document_renewed")),
        "the person is told"
    );
    let pass = world.service().recheck_due().await.unwrap();
    assert_eq!(pass.looked_at, 0, "it waits no more");
}

/// R2.3: a reviewed recovery, by two persons, gives new identifiers at every platform; carried out twice it is once.
#[tokio::test]
async fn r2_3_two_reviewers_give_new_identifiers() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let forum = world.platform("forum");
    let before = forum
        .redeems(&person.approves(&forum.requests("").await).await)
        .await;
    let number = person.acts("review", &json!({})).await.expect(200).json();
    let act = json!({
        "act": "raise_generation",
        "review": number["review"],
        "explanation": "账号被盗后找回，旧标识仍被他人使用",
    });
    let (one, two) = (world.staff("reviewer3"), world.staff("reviewer4"));
    let proposal = one.proposes(&act).await;
    assert_eq!(one.confirm(&proposal).await.code(), "same_person");
    let unchanged = forum
        .redeems(&person.approves(&forum.requests("").await).await)
        .await;
    assert_eq!(unchanged.subject(), before.subject());
    assert_eq!(two.confirms(&proposal).await, "done");
    let after = forum
        .redeems(&person.approves(&forum.requests("").await).await)
        .await;
    assert_ne!(after.subject(), before.subject());
    // The same number again is good for nothing.
    let again = one.propose(&act).await;
    assert_eq!(again.status, 403, "{}", again.text());
    let told = person.history().await;
    assert!(
        told.iter()
            .any(|entry| entry.text.contains("generation_raised"))
    );
}

//! Three adversaries, played (issue 3 §7, C1, C2; `docs/threats.md`): a thief with the database, an operator with
//! database and ordinary keys, two platforms in collusion. The two platforms also play in `privacy/unlinkable.rs`.
//!
//! They look at everything there is: a new table, a new sealed value is read by them without a change here.

use serde_json::json;
use testkit::{Call, Fields, Holder, World};

use crate::complaint::complains;

mod collusion;
mod operator;
mod thief;

const PLATFORMS: [&str; 4] = ["forum", "bank", "shop", "exam"];
/// What only the officers may read.
const TEXT: &str = "她们把我的身份证号码贴到了群里";

/// People who live with platforms: they verify, refuse, complain with and without a 网证, are asked about by an
/// authority, lock and unlock. Officers work on a case and close it.
async fn a_busy_day() -> (World, Vec<Holder>) {
    let world = World::new().await;
    let mut people = Vec::new();
    for name in ["resident", "resident2", "resident3", "elder"] {
        let person = world.person(name).applies().await;
        for platform in PLATFORMS {
            let platform = world.platform(platform);
            platform
                .redeems(&person.approves(&platform.requests("").await).await)
                .await;
            person.refuses(&platform.requests("").await).await;
        }
        people.push(person);
    }
    complaints(&world, &people).await;
    legal_request(&world, &people[2]).await;
    for person in &people {
        person.acts("lock", &json!({})).await.expect(200);
        let pin = json!({ "pin": person.wallet().pin });
        person.acts("unlock", &pin).await.expect(200);
    }
    world.service().store_counts().await.expect("counted");
    world.epoch().await;
    (world, people)
}

async fn complaints(world: &World, people: &[Holder]) {
    let (forum, officer) = (world.platform("forum"), world.staff("cases"));
    let redirect = people[0].approves(&forum.requests("").await).await;
    let receipt = forum.redeems(&redirect).await.receipt_text().to_owned();
    let with_receipt = json!({
        "platform": "forum", "kind": "leak", "text": TEXT, "receipts": [receipt], "share": true,
    });
    let first = complains(&people[0], &with_receipt).await;
    let second = complains(&people[1], &json!({ "platform": "forum", "kind": "leak" })).await;
    complains(
        &people[3],
        &json!({ "platform": "bank", "kind": "unequal_service" }),
    )
    .await;
    let fields = [
        ("platform", "shop"),
        ("kind", "unequal_service"),
        ("text", TEXT),
    ];
    let call = Call::post("/complain").form(&Fields::of(&fields));
    let call = call.header("sec-fetch-site", "same-origin");
    world.send(call).await.expect(200);
    let open = json!({ "complaints": [first["number"], second["number"]] });
    let case = officer
        .posts("/staff/api/cases", &open)
        .await
        .expect(201)
        .json();
    let path = format!(
        "/staff/api/cases/{}",
        case["case"].as_str().expect("a case")
    );
    let note = json!({ "text": TEXT });
    officer
        .posts(&format!("{path}/note"), &note)
        .await
        .expect(200);
    officer
        .posts(&format!("{path}/evidence"), &json!({}))
        .await
        .expect(200);
    let result = json!({ "outcome": "measure_taken", "reasons": TEXT });
    officer
        .posts(&format!("{path}/close"), &result)
        .await
        .expect(200);
}

async fn legal_request(world: &World, person: &Holder) {
    let mut subject = person.applicant().document();
    subject["by"] = json!("document");
    let new = json!({
        "basis": "criminal_procedure54",
        "authority": "某市公安局",
        "reference": "市公刑(2026)88号",
        "subject": subject,
        "asks": ["name", "state"],
    });
    let officer = world.staff("cases");
    let answer = officer
        .posts("/staff/api/legal-requests", &new)
        .await
        .expect(201);
    let act = json!({ "act": "provide_legal_request", "request": answer.json()["request"] });
    let proposal = officer.proposes(&act).await;
    assert_eq!(
        world.staff("secadmin").confirms(&proposal).await,
        "provided"
    );
}

/// Every spelling by which a row could name a platform.
fn spellings(world: &World) -> Vec<(String, Vec<Vec<u8>>)> {
    PLATFORMS
        .iter()
        .map(|name| {
            let platform = world.platform(name);
            let id = identity::id::PlatformId((*name).to_owned());
            let registered = world.service().platform(&id).expect("registered");
            let texts = [
                format!("\"{name}\""),
                platform.client_id(),
                registered.host.clone(),
                registered.name.chinese.clone(),
                registered.operator.clone(),
            ];
            let texts = texts.into_iter().map(String::into_bytes).collect();
            ((*name).to_owned(), texts)
        })
        .collect()
}

//! R9.5: after the erasure, every byte of the store, of the log and of what was logged is searched for the person.

use crypto::keystore::SecretName;
use identity::device::DeviceHandle;
use identity::id::{OpaqueId, PersonId};
use identity::wanghao::Wanghao;
use testkit::{Holder, World, captured_logs};

use super::{leaves, without_cooling_off};
use crate::privacy::haystack::{Needles, with_decoded};

/// What would find the person: the texts, the ids, the digests, the keys, the sealed rows.
async fn needles(world: &World, person: &Holder) -> Needles {
    let mut needles = Needles::default();
    let document = &person.applicant().person.document;
    needles.add("document number", document.number().canonical().as_bytes());
    needles.add("name", document.holder().as_str().as_bytes());
    needles.add("网号", person.wallet().wanghao.as_bytes());
    needles.add("device handle", person.wallet().handle.as_bytes());
    let handle = OpaqueId::parse(&person.wallet().handle).expect("there");
    let (id, _) = DeviceHandle(handle).open(world.keys()).expect("there");
    needles.add("person id", id.as_bytes());
    let text = serde_json::to_string(&id).expect("there");
    needles.add("person id as text", text.trim_matches('"').as_bytes());
    let key = person.wallet().device.public().to_sec1().expect("there");
    needles.add("device key", &key);
    needles.add("document digest", &document_digest(world, person).0);
    let row = world
        .service()
        .store()
        .person(id)
        .await
        .expect("there")
        .expect("there");
    needles.add("wrapped data key", &row.wrapped_data_key);
    needles.add("sealed record", &row.sealed_record);
    needles.add("history key", &row.history_key);
    for event in world
        .service()
        .store()
        .events_of(id, 1000)
        .await
        .expect("there")
    {
        needles.add("salt of an event", &event.salt);
        needles.add("body of an event", &event.body);
    }
    for receipt in world
        .service()
        .store()
        .receipts(id, None, 1000)
        .await
        .expect("there")
    {
        needles.add("sealed receipt", &receipt.sealed[..64]);
        needles.add(
            "end of a sealed receipt",
            &receipt.sealed[receipt.sealed.len() - 64..],
        );
    }
    needles
}

fn document_digest(world: &World, person: &Holder) -> crypto::digest::Digest {
    let number = person.applicant().person.document.number();
    let parts: [&[u8]; 3] = [
        b"document",
        number.kind().as_str().as_bytes(),
        number.canonical().as_bytes(),
    ];
    world.keys().mac(SecretName::Index, &parts).expect("there")
}

/// The files of the database, and what was logged.
fn haystacks(world: &World) -> Vec<(String, Vec<u8>)> {
    let mut haystacks = world.database_files();
    haystacks.push(("logs".to_owned(), captured_logs()));
    haystacks
}

/// Many others live in the same pages; the person does what persons do; then every byte is searched.
#[tokio::test]
async fn r9_5_nothing_of_an_erased_person_is_found_anywhere() {
    let world = without_cooling_off().await;
    let forum = world.platform("forum");
    for index in 0..40 {
        world.person(&format!("generated-{index}")).applies().await;
    }
    let person = world.person("resident").applies().await;
    for index in 40..80 {
        let other = world.person(&format!("generated-{index}")).applies().await;
        let redirect = other.approves(&forum.requests("").await).await;
        forum.redeems(&redirect).await;
    }
    for scenario in ["", "", "step-up", ""] {
        let redirect = person.approves(&forum.requests(scenario).await).await;
        forum.redeems(&redirect).await;
        world.epoch().await;
    }
    person.refuses(&forum.requests("").await).await;
    let needles = needles(&world, &person).await;
    let before = haystacks(&world);
    let found = before.iter().find_map(|(_, bytes)| needles.first_in(bytes));
    assert!(found.is_some(), "before, the search finds");

    let wanghao = Wanghao::parse(&person.wallet().wanghao).expect("there");
    let wanghao = wanghao.digest(world.keys()).expect("there");
    let holder = holder(&world, &person).await;
    leaves(&person).await.expect(200);
    world.epoch().await;

    for (file, bytes) in haystacks(&world) {
        if file.ends_with("-wal") {
            // The epoch above wrote a little; of the time before nothing is left.
            assert!(bytes.len() < 1 << 20, "{file}: {}", bytes.len());
        }
        let found = needles.first_in(&with_decoded(&bytes));
        assert_eq!(found, None, "in {file}");
    }
    // What the receipt names is there, and is what it says.
    let store = world.service().store();
    let bucket = identity::id::Bucket::of(&holder);
    assert_eq!(
        store
            .tombstone(bucket, &holder)
            .await
            .expect("there")
            .expect("there")
            .count,
        1
    );
    let all: Vec<u8> = haystacks(&world)
        .into_iter()
        .flat_map(|(_, bytes)| bytes)
        .collect();
    for (what, digest) in [("wanghao digest", wanghao), ("tombstone", holder)] {
        assert!(all.windows(32).any(|window| window == digest.0), "{what}");
    }
    // The platform's receipt can still be proven in the log: it is evidence of the platform, not of the person.
    assert!(world.verify_log().await.is_good());
}

async fn holder(world: &World, person: &Holder) -> crypto::digest::Digest {
    let id = person_id(world, person);
    world
        .service()
        .store()
        .person(id)
        .await
        .expect("there")
        .expect("there")
        .holder
}

fn person_id(world: &World, person: &Holder) -> PersonId {
    let handle = OpaqueId::parse(&person.wallet().handle).expect("there");
    DeviceHandle(handle).open(world.keys()).expect("there").0
}

/// A receipt of a platform still proves itself: inclusion by its commitment, after the person is gone.
#[tokio::test]
async fn c6_a_platforms_receipt_is_still_in_the_log() {
    let world = without_cooling_off().await;
    let forum = world.platform("forum");
    let person = world.person("resident").applies().await;
    let redirect = person.approves(&forum.requests("").await).await;
    let verified = forum.redeems(&redirect).await;
    // Erased before its epoch: the leaf comes all the same.
    leaves(&person).await.expect(200);
    world.epoch().await;
    let address = format!("/log/proof?commitment={}", verified.commitment());
    let call = testkit::Call::get(address);
    world.send(call).await.expect(200);
}

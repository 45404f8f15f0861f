//! 网络身份应用标识: stable at one platform, unlinkable between platforms, one for each human (R2.3, C2).

use std::collections::HashSet;

use testkit::{Holder, Platform, Wallet, World};

async fn subject(person: &Holder, platform: &Platform) -> String {
    let redirect = person
        .approves(&platform.requests("account-registration").await)
        .await;
    platform.redeems(&redirect).await.subject().to_owned()
}

#[tokio::test]
async fn r2_3_one_person_is_one_identifier_at_a_platform_and_another_elsewhere() {
    let world = World::new().await;
    let platforms = ["forum", "exam", "bank", "shop", "lab"].map(|name| world.platform(name));
    let mut all = HashSet::new();
    for name in ["resident", "resident2", "hongkong", "foreigner", "elder"] {
        let person = world.person(name).applies().await;
        for platform in &platforms {
            let first = subject(&person, platform).await;
            world.advance(3600);
            assert_eq!(subject(&person, platform).await, first, "stable");
            assert!(first.len() == 26 && first.bytes().all(|b| b.is_ascii_alphanumeric()));
            assert!(
                all.insert(first),
                "nobody shares an identifier, nor one person between platforms"
            );
        }
    }
    assert_eq!(all.len(), 25);
}

/// The two issuers are one service: a platform that moves to SM2 keeps its people.
#[tokio::test]
async fn r2_3_the_same_platform_at_the_sm_issuer_knows_the_same_person() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let forum = world.platform("forum");
    assert_eq!(
        subject(&person, &forum).await,
        subject(&person, &forum.clone().at_sm()).await
    );
}

/// R2.3: one human holds one 网号, also with another document.
#[tokio::test]
async fn r2_3_a_second_document_is_the_same_human() {
    let world = World::new().await;
    let names = [
        "resident",
        "overseas",
        "hongkong",
        "macau",
        "taiwan",
        "hk_resident",
        "tw_resident",
        "foreigner",
    ];
    let mut tried = 0;
    for name in names {
        let mut applicant = world.person(name);
        applicant.applies().await;
        let further = applicant.person.further_documents.clone();
        for document in further
            .into_iter()
            .chain([applicant.person.document.clone()])
        {
            applicant.person.document = document;
            let application = applicant.application(&Wallet::generate("58203947")).await;
            let answer = applicant.apply(&application).await;
            assert_eq!(
                answer.outcome(),
                (403, "already_holds".to_owned()),
                "{name}"
            );
            tried += 1;
        }
    }
    assert!(
        tried > names.len(),
        "somebody in the population has two documents"
    );
}

/// Re-issue and recovery leave the identifier as it is: the platform keeps its account.
#[tokio::test]
async fn r2_3_a_recovered_person_is_the_same_to_every_platform() {
    let world = World::new().await;
    let applicant = world.person("resident");
    let person = applicant.applies().await;
    let forum = world.platform("forum");
    let before = subject(&person, &forum).await;
    let mut wallet = Wallet::generate(&applicant.person.pin);
    wallet.recovery_code = person.wallet().recovery_code;
    let proof = wallet.recovery_proof();
    let answer = applicant.recover(&wallet, Some(&proof)).await.expect(201);
    let recovered = applicant.holds(wallet, &answer.json());
    assert_eq!(subject(&recovered, &forum).await, before);
}

//! 互联网平台.

use crypto::random::SeededRandom;
use identity::audit::{AuditEvent, EventDraft, reference_bucket};
use identity::id::PlatformId;
use identity::platform::{LocalText, Platform};
use identity::store::Store;

use super::Backend;
use crate::sample::{self, NOW};

/// A platform without apps and scenarios.
pub(crate) fn platform(id: &str, name: &str) -> Platform {
    let text = LocalText::new(name, name);
    Platform {
        id: PlatformId::parse(id).unwrap(),
        name: text.clone(),
        host: "platform.example".to_owned(),
        operator: name.to_owned(),
        contact: name.to_owned(),
        alternatives: text.clone(),
        equal_service: text,
        clients: Vec::new(),
        scenarios: Vec::new(),
    }
}

pub(crate) async fn put(store: &dyn Store, platform: &Platform, random: &SeededRandom) {
    let id = platform.id.clone();
    let event = AuditEvent::PlatformChanged {
        platform: id,
        clients: Vec::new(),
        at: NOW,
    };
    store
        .put_platform(platform.clone(), EventDraft::new(event, random))
        .await
        .unwrap();
}

pub(crate) async fn a_platform_is_registered_and_replaced(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(1));
    assert!(store.platforms().await.unwrap().is_empty());
    let (forum, bank) = (platform("forum", "论坛"), platform("bank", "银行"));
    put(&*store, &forum, &random).await;
    put(&*store, &bank, &random).await;
    assert_eq!(
        store.platforms().await.unwrap(),
        [bank.clone(), forum.clone()]
    );
    let renamed = platform("forum", "新论坛");
    put(&*store, &renamed, &random).await;
    assert_eq!(store.platforms().await.unwrap(), [bank, renamed]);
    let bucket = reference_bucket("forum");
    assert_eq!(store.last_sequence(bucket).await.unwrap(), 2);
    assert_eq!(sample::last_outcome(&*store, bucket).await, "done");
}

pub(crate) async fn names_in_every_script_come_back(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(2));
    let names = [
        "中国·阿卜杜热西提",
        "𠮷野家 𪚥",
        "བོད་ཡིག",
        "ئۇيغۇرچە",
        "ᠮᠣᠩᠭᠣᠯ",
        "e\u{301} is not é",
        "👨‍👩‍👧 \u{202e}reversed",
        "\"quotes\" 'and' \\ ; DROP TABLE person; --",
        "line\nfeed\ttab\u{0}nul",
        "",
    ];
    for (number, name) in names.iter().enumerate() {
        put(&*store, &platform(&format!("p{number:02}"), name), &random).await;
    }
    let stored = backend.open().await.platforms().await.unwrap();
    let read: Vec<&str> = stored
        .iter()
        .map(|platform| platform.operator.as_str())
        .collect();
    assert_eq!(read, names);
}

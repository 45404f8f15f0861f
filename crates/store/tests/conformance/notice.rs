//! 告知.

use crypto::random::SeededRandom;
use identity::audit::{AuditEvent, EventDraft, reference_bucket};
use identity::notice::{Notice, application_notices};
use identity::store::Store;

use super::Backend;
use crate::sample::{self, NOW};

pub(crate) async fn publish(store: &dyn Store, notice: &Notice, random: &SeededRandom) -> bool {
    let event = AuditEvent::NoticePublished {
        notice: notice.id.clone(),
        digest: notice.digest_of(&notice.chinese),
        at: NOW,
    };
    let complete = notice.clone().complete().unwrap();
    store
        .publish_notice(complete, EventDraft::new(event, random))
        .await
        .unwrap()
}

pub(crate) async fn r11_1_a_version_is_published_once_and_the_newest_counts(
    backend: &impl Backend,
) {
    let (store, random) = (backend.open().await, SeededRandom::new(1));
    let first = application_notices();
    for notice in &first {
        assert!(publish(&*store, notice, &random).await);
        assert!(
            !publish(&*store, notice, &random).await,
            "published already"
        );
        let bucket = reference_bucket(notice.id.as_str());
        assert_eq!(sample::last_outcome(&*store, bucket).await, "known");
    }
    let by_id = |mut notices: Vec<Notice>| {
        notices.sort_by(|a, b| a.id.cmp(&b.id));
        notices
    };
    assert_eq!(by_id(store.notices().await.unwrap()), by_id(first.clone()));

    let mut tenth = first[0].clone();
    tenth.version = 10;
    tenth.chinese.rights.push_str("（第十版）");
    assert!(publish(&*store, &tenth, &random).await);
    let mut second = first[0].clone();
    second.version = 2;
    assert!(
        publish(&*store, &second, &random).await,
        "late, and not the newest"
    );
    let mut expected = first;
    expected[0] = tenth;
    assert_eq!(by_id(store.notices().await.unwrap()), by_id(expected));
}

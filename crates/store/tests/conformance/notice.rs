//! 告知.

use crypto::digest::Digest;
use crypto::random::{self, SeededRandom};
use identity::audit::{AuditEvent, EventDraft, reference_bucket};
use identity::id::{PersonId, StaffLogin};
use identity::notice::{DeferredNotice, Notice, application_notices};
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
    let mut expected = first.clone();
    expected[0] = tenth.clone();
    assert_eq!(by_id(store.notices().await.unwrap()), by_id(expected));
    let id = &first[0].id;
    let mut versions = store.notice_versions().await.unwrap();
    versions.retain(|notice| notice.id == *id);
    let expected = [first[0].clone(), second, tenth];
    assert_eq!(versions, expected, "what somebody agreed to stays readable");
}

fn deferred(person: PersonId, reason: &Digest, random: &SeededRandom) -> DeferredNotice {
    DeferredNotice {
        person,
        id: random::array(random),
        reason: *reason,
        sealed: sample::bytes(60, random),
    }
}

pub(crate) async fn r11_4_a_notice_that_waits_is_delivered_once(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(2));
    let (person, _) = sample::apply(&*store, &random).await;
    let (reason, other) = (sample::digest(&random), sample::digest(&random));
    let row = deferred(person, &reason, &random);
    let event = || sample::consent_changed(person, &random);
    store.defer_notice(row.clone(), event()).await.unwrap();
    let elsewhere = deferred(person, &other, &random);
    store
        .defer_notice(elsewhere.clone(), event())
        .await
        .unwrap();
    let bucket = person.bucket();
    let waiting = async |reason| store.deferred_notices(bucket, reason, 10).await.unwrap();
    assert_eq!(waiting(&reason).await, std::slice::from_ref(&row));
    let entry = sample::inbox_entry(person, &random);
    let delivered = store.deliver_deferred(row.clone(), Some(entry.clone()), event());
    delivered.await.unwrap();
    assert_eq!(waiting(&reason).await, []);
    assert_eq!(
        waiting(&other).await,
        [elsewhere],
        "what waits for something else waits on"
    );
    let history = store.receipts(person, None, 10).await.unwrap();
    assert_eq!(history[0].sealed, entry.sealed);
    // A second delivery changes nothing.
    let again = store.deliver_deferred(row, Some(entry), event()).await;
    again.unwrap();
    assert_eq!(sample::last_outcome(&*store, bucket).await, "gone");
    assert_eq!(
        store.receipts(person, None, 10).await.unwrap().len(),
        history.len()
    );
}

pub(crate) async fn r11_4_a_deferral_counts_and_keeps_the_earlier_deadline(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(3));
    let event = || sample::key_changed(&random);
    for due in [NOW.plus(500), NOW.plus(300), NOW.plus(900)] {
        let counted = store.count_deferral("flood", due, NOW, event()).await;
        counted.unwrap();
    }
    let found = store.deferrals().await.unwrap();
    assert_eq!((found.len(), found[0].notices), (1, 3));
    assert_eq!((found[0].due_at, found[0].lifted_at), (NOW.plus(300), None));
    let by = StaffLogin("secadmin".to_owned());
    let later = NOW.plus(1000);
    store
        .lift_deferral("flood", &by, later, event())
        .await
        .unwrap();
    store
        .lift_deferral("nothing", &by, later, event())
        .await
        .unwrap();
    let bucket = reference_bucket("nothing");
    assert_eq!(sample::last_outcome(&*store, bucket).await, "not_found");
    let found = store.deferrals().await.unwrap();
    assert_eq!(found[0].lifted_at, Some(later));
    assert_eq!(found.len(), 1);
}

//! 最小化: what platforms asked for without leave, counted (R8.2).

use crypto::random::SeededRandom;
use identity::audit::{AuditEvent, EventDraft, reference_bucket};
use identity::clock::Day;
use identity::disclosure::over_asking::{OverAsked, OverAsking, OverAskingCount};
use identity::id::PlatformId;
use identity::store::{Store, StoreError};

use super::Backend;
use crate::sample::{self, NOW};

/// Of one kind, in one month.
pub(crate) fn asking(platform: &str, month: i32, kind: OverAsked) -> OverAsking {
    OverAsking {
        platform: PlatformId::parse(platform).unwrap(),
        month: Day(month),
        kind,
    }
}

/// Counts one more.
pub(crate) async fn count(
    store: &dyn Store,
    asking: OverAsking,
    oldest: i32,
    random: &SeededRandom,
) -> Result<(), StoreError> {
    let event = AuditEvent::PlatformOverAsked {
        platform: asking.platform.clone(),
        kind: asking.kind,
        at: NOW,
    };
    let event = EventDraft::new(event, random);
    store.count_over_asking(asking, Day(oldest), event).await
}

pub(crate) async fn r8_2_over_asking_is_counted_by_platform_month_and_kind(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(3));
    assert!(store.over_asking().await.unwrap().is_empty());
    let attribute = |month| asking("greedy", month, OverAsked::Attribute);
    for (asking, times) in [
        (attribute(100), 2),
        (attribute(131), 3),
        (asking("greedy", 131, OverAsked::Scenario), 1),
        (asking("shop", 131, OverAsked::AgeBracket), 1),
    ] {
        for _ in 0..times {
            count(&*store, asking.clone(), 0, &random).await.unwrap();
        }
    }
    let read = |counts: Vec<OverAskingCount>| -> Vec<_> {
        let text = |count: &OverAskingCount| {
            let OverAsking {
                platform,
                month,
                kind,
            } = &count.of;
            format!("{platform} {} {} {}", month.0, kind.as_str(), count.count)
        };
        counts.iter().map(text).collect()
    };
    assert_eq!(
        read(store.over_asking().await.unwrap()),
        [
            "greedy 100 attribute 2",
            "greedy 131 attribute 3",
            "greedy 131 scenario 1",
            "shop 131 age_bracket 1"
        ]
    );
    // What is too old goes when something is counted.
    count(&*store, attribute(131), 131, &random).await.unwrap();
    let counts = read(store.over_asking().await.unwrap());
    assert_eq!(counts[0], "greedy 131 attribute 4");
    let bucket = reference_bucket("greedy");
    assert_eq!(sample::last_outcome(&*store, bucket).await, "done");
}

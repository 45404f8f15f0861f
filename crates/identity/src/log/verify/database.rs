use super::checkpoints::verify_signatures;
use super::events::Events;
use super::leaves::verify_tree;
use super::{OnProgress, Progress, Report, Step};
use crate::id::Bucket;
use crate::log::LogStore;
use crate::log::keys::LogKeys;
use crate::store::{AuditStore, StoreError};

/// Recomputes the log of a store from its rows: signatures and roots of all heads, which all lie on
/// one tree; every tile; every leaf row; every event row and sealed receipt of all buckets; and that
/// there is nothing beside them. The service may be at work meanwhile.
pub async fn verify_database<S: AuditStore + LogStore + ?Sized>(
    store: &S,
    keys: &LogKeys,
    on_progress: OnProgress<'_>,
) -> Result<Report, StoreError> {
    let mut report = Report::default();
    let size = store.tree_size().await?;
    let head = verify_signatures(store, keys, &mut report, on_progress).await?;
    verify_tree(store, size, head.as_ref(), &mut report, on_progress).await?;
    let mut events = Events::new(store, size);
    for bucket in (0..Bucket::COUNT).filter_map(Bucket::new) {
        events.verify_bucket(bucket, &mut report).await?;
        let done = u64::from(bucket.number()) + 1;
        on_progress(Progress {
            step: Step::Events,
            done,
            total: Some(u64::from(Bucket::COUNT)),
        });
    }
    events.finish(&mut report);
    Ok(report)
}

//! What no actor can see: the log, the events, the bytes on the disk.

use std::collections::hash_map::DefaultHasher;
use std::hash::Hasher;
use std::path::Path;
use std::sync::PoisonError;

use crypto::keystore::KeyStore;
use identity::audit::EventBody;
use identity::complaint::{ComplaintRow, ComplaintState, ComplaintStore};
use identity::device::DeviceHandle;
use identity::id::Bucket;
use identity::id::OpaqueId;
use identity::log::keys::{LogKeys, origin_of};
use identity::log::sequencer::{EpochSummary, Sequencer};
use identity::log::verify::{Report, verify_database};
use identity::log::{LogStore, StoredCheckpoint};
use identity::person::PersonRow;
use identity::store::AuditStore;
use serde_json::Value;

use crate::person::Holder;
use crate::world::{ISSUER, Inner, World};

impl World {
    /// One tick of the sequencer: what waits goes into the public log. `None` when nothing waited.
    pub async fn epoch(&self) -> Option<EpochSummary> {
        let Inner {
            store,
            keys,
            random,
            ..
        } = &*self.0;
        let sequencer = Sequencer::new(
            store.clone(),
            keys.clone(),
            random.clone(),
            origin_of(ISSUER),
        );
        sequencer.run_once().await.expect("an epoch is appended")
    }

    /// Recomputes the whole log and every row under it, as `audit verify` does.
    pub async fn verify_log(&self) -> Report {
        let keys = LogKeys::of_store(&origin_of(ISSUER), self.keys());
        let report = verify_database(&*self.0.store, &keys, &mut |_| {}).await;
        report.expect("the log can be read")
    }

    /// The keys of the service.
    pub fn keys(&self) -> &dyn KeyStore {
        &*self.0.keys
    }

    /// The signed heads so far.
    pub async fn checkpoints(&self) -> Vec<StoredCheckpoint> {
        self.0.store.checkpoints(0, u32::MAX).await.expect("heads")
    }

    /// How many events were ever stored: those in the log and those that wait for it.
    pub async fn event_count(&self) -> u64 {
        let waiting = self
            .0
            .store
            .pending_leaves(u32::MAX)
            .await
            .expect("pending leaves");
        self.0.store.tree_size().await.expect("a tree size") + waiting.len() as u64
    }

    /// The events that wait for the next epoch, as `event:outcome`, in the order they came to their buckets.
    pub async fn waiting_events(&self) -> Vec<String> {
        let waiting = self
            .0
            .store
            .pending_leaves(u32::MAX)
            .await
            .expect("pending leaves");
        let mut events = Vec::new();
        for leaf in waiting {
            let rows = self
                .0
                .store
                .events(leaf.bucket, leaf.sequence, 1)
                .await
                .expect("an event");
            // Of somebody who left only the leaf waits.
            let Some(row) = rows.first().filter(|row| row.sequence == leaf.sequence) else {
                continue;
            };
            let body: EventBody = row.parse().expect("an event body");
            let event = serde_json::to_value(&body.event).expect("JSON");
            events.push(format!(
                "{}:{}",
                event["event"].as_str().unwrap_or("?"),
                body.outcome
            ));
        }
        events
    }

    /// Every complaint as it is stored.
    pub async fn complaints(&self) -> Vec<ComplaintRow> {
        let mut rows = Vec::new();
        for bucket in (0..Bucket::COUNT).filter_map(Bucket::new) {
            for state in ComplaintState::ALL {
                let found = self.0.store.complaints_in(bucket, state, u32::MAX).await;
                rows.extend(found.expect("complaints"));
            }
        }
        rows
    }

    /// The bodies of all events of all buckets.
    pub async fn event_bodies(&self) -> Vec<Value> {
        let mut bodies = Vec::new();
        for (bucket, _) in self.sequences().await {
            let rows = self.0.store.events(bucket, 0, u32::MAX).await;
            for row in rows.expect("events") {
                bodies.push(serde_json::from_slice(&row.body).expect("JSON"));
            }
        }
        bodies
    }

    /// The last sequence of every bucket that has one.
    pub async fn sequences(&self) -> Vec<(Bucket, u64)> {
        let mut sequences = Vec::new();
        for bucket in (0..Bucket::COUNT).filter_map(Bucket::new) {
            match self
                .0
                .store
                .last_sequence(bucket)
                .await
                .expect("a sequence")
            {
                0 => {}
                last => sequences.push((bucket, last)),
            }
        }
        sequences
    }

    /// The row of a person, as the rules get it.
    pub async fn person_row(&self, holder: &Holder) -> PersonRow {
        let handle = OpaqueId::parse(&holder.wallet().handle).expect("a handle");
        let view = self.service().holder_view(DeviceHandle(handle)).await;
        view.expect("a view").expect("a person").person
    }

    /// The folder of the database.
    pub fn folder(&self) -> &Path {
        self.0.folder.path()
    }

    /// Every byte of the database: the file, its write-ahead log and their index.
    pub fn database_files(&self) -> Vec<(String, Vec<u8>)> {
        let folder = std::fs::read_dir(self.folder()).expect("the folder");
        let mut files: Vec<_> = folder
            .map(|file| file.expect("a file").path())
            .map(|path| {
                let bytes = std::fs::read(&path).expect("a readable file");
                (
                    path.file_name()
                        .unwrap_or_default()
                        .to_string_lossy()
                        .into_owned(),
                    bytes,
                )
            })
            .collect();
        files.sort();
        files
    }

    /// A fingerprint of what is written: it stays the same exactly when nothing was. (The `-shm` index holds locks
    /// of readers, so it is left out.)
    pub fn written(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for (name, bytes) in self.database_files() {
            if !name.ends_with("-shm") {
                hasher.write(name.as_bytes());
                hasher.write(&bytes);
            }
        }
        hasher.finish()
    }

    /// Notes what a platform receives: an answer, or a redirect.
    pub(crate) fn platform_receives(&self, platform: &str, bytes: Vec<u8>) {
        let mut received = self
            .0
            .platforms_received
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        received.push((platform.to_owned(), bytes));
    }

    /// Everything all platforms ever received from the service: platform, bytes.
    pub fn platforms_received(&self) -> Vec<(String, Vec<u8>)> {
        self.0
            .platforms_received
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

//! Rows of [`identity::signal`]: outboxes are a reference table, what lies in them is in the platform's bucket.

use async_trait::async_trait;
use identity::audit::EventDraft;
use identity::clock::Timestamp;
use identity::id::PlatformId;
use identity::signal::{Outbox, Queued, SignalId, SignalRow, SignalStore, Stream, outbox_bucket};
use identity::store::StoreError;

use super::Sqlite;
use super::audit;
use super::platform::to_json;
use super::row::Columns;
use super::statement::{
    CONFIRM_SIGNAL, COUNT_SIGNALS, DEFER_SIGNAL, DROP_UNTRACKED, EXPIRED_SIGNAL, OPEN_OUTBOX,
    OUTBOXES, PUT_STREAM, QUEUE_SIGNAL, READY_SIGNALS, SIGNAL, SWEEP_SIGNALS, UNCONFIRMED_SIGNALS,
};

fn read(columns: &mut Columns<'_, '_>) -> rusqlite::Result<SignalRow> {
    Ok(SignalRow {
        platform: columns.named(PlatformId::parse)?,
        signal: SignalId(columns.plain()?),
        sealed: columns.plain()?,
        ready_at: columns.timestamp()?,
        attempts: columns.plain()?,
        due_at: columns.timestamp_if_any()?,
        confirmed_at: columns.timestamp_if_any()?,
        expires_at: columns.timestamp()?,
    })
}

fn read_outbox(columns: &mut Columns<'_, '_>) -> rusqlite::Result<Outbox> {
    Ok(Outbox {
        platform: columns.named(PlatformId::parse)?,
        wrapped_key: columns.plain()?,
        stream: columns.json_if_any()?,
    })
}

#[async_trait]
impl SignalStore for Sqlite {
    async fn open_outbox(
        &self,
        platform: &PlatformId,
        wrapped_key: Vec<u8>,
        event: EventDraft,
    ) -> Result<(), StoreError> {
        let platform = platform.clone();
        self.write(move |link| {
            let made = link.execute(&OPEN_OUTBOX, (platform.as_str(), wrapped_key))? > 0;
            let outcome = if made { "done" } else { "known" };
            audit::record(link, outbox_bucket(&platform), &event, outcome, None)
        })
        .await
    }

    async fn outboxes(&self) -> Result<Vec<Outbox>, StoreError> {
        self.read(|link| link.all(&OUTBOXES, [], read_outbox))
    }

    async fn put_stream(
        &self,
        platform: &PlatformId,
        before: Option<&str>,
        stream: Option<Stream>,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        let (platform, before) = (platform.clone(), before.map(str::to_owned));
        self.write(move |link| {
            let id = stream.as_ref().map(|stream| stream.id.clone());
            let content = stream.as_ref().map(to_json).transpose()?;
            let row = (platform.as_str(), before, id, content);
            let done = link.execute(&PUT_STREAM, row)? > 0;
            let outcome = if done { "done" } else { "moved" };
            audit::record(link, outbox_bucket(&platform), &event, outcome, None)?;
            Ok(done)
        })
        .await
    }

    async fn queue_signal(
        &self,
        row: SignalRow,
        most: u32,
        event: EventDraft,
    ) -> Result<Queued, StoreError> {
        self.write(move |link| {
            let bucket = outbox_bucket(&row.platform);
            let place = (bucket.number(), row.platform.as_str());
            // What must be confirmed is never left out.
            if row.due_at.is_none() {
                let waiting: u32 = link.value(&COUNT_SIGNALS, place)?.unwrap_or(0);
                if waiting >= most {
                    audit::record(link, bucket, &event, "full", None)?;
                    return Ok(Queued::Full);
                }
            }
            let columns = (
                bucket.number(),
                row.platform.as_str(),
                row.signal.0,
                &row.sealed,
                row.ready_at.0,
                row.attempts,
                row.due_at.map(|at| at.0),
                row.confirmed_at.map(|at| at.0),
                row.expires_at.0,
            );
            link.execute(&QUEUE_SIGNAL, columns)?;
            audit::record(link, bucket, &event, "queued", None)?;
            Ok(Queued::Queued)
        })
        .await
    }

    async fn ready_signals(
        &self,
        platform: &PlatformId,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<SignalRow>, StoreError> {
        let bucket = outbox_bucket(platform).number();
        let key = (bucket, platform.as_str(), now.0, limit);
        self.read(|link| link.all(&READY_SIGNALS, key, read))
    }

    async fn settle_signals(
        &self,
        platform: &PlatformId,
        signals: Vec<SignalId>,
        now: Timestamp,
        event: EventDraft,
    ) -> Result<u32, StoreError> {
        let platform = platform.clone();
        self.write(move |link| {
            let bucket = outbox_bucket(&platform);
            let (number, name) = (bucket.number(), platform.as_str());
            let mut settled = 0;
            for signal in signals {
                settled += link.execute(&CONFIRM_SIGNAL, (number, name, signal.0, now.0))?;
                link.execute(&DROP_UNTRACKED, (number, name, signal.0))?;
            }
            let outcome = if settled > 0 { "confirmed" } else { "unknown" };
            audit::record(link, bucket, &event, outcome, None)?;
            Ok(u32::try_from(settled).unwrap_or(u32::MAX))
        })
        .await
    }

    async fn defer_signal(
        &self,
        platform: &PlatformId,
        signal: SignalId,
        until: Timestamp,
        event: EventDraft,
    ) -> Result<(), StoreError> {
        let platform = platform.clone();
        self.write(move |link| {
            let bucket = outbox_bucket(&platform);
            let row = (bucket.number(), platform.as_str(), signal.0, until.0);
            let deferred = link.execute(&DEFER_SIGNAL, row)? > 0;
            let outcome = if deferred { "deferred" } else { "unknown" };
            audit::record(link, bucket, &event, outcome, None)
        })
        .await
    }

    async fn signal(
        &self,
        platform: &PlatformId,
        signal: SignalId,
    ) -> Result<Option<SignalRow>, StoreError> {
        let bucket = outbox_bucket(platform).number();
        let key = (bucket, platform.as_str(), signal.0);
        self.read(|link| link.first(&SIGNAL, key, read))
    }

    async fn unconfirmed_signals(
        &self,
        platform: &PlatformId,
        limit: u32,
    ) -> Result<Vec<SignalRow>, StoreError> {
        let bucket = outbox_bucket(platform).number();
        let key = (bucket, platform.as_str(), limit);
        self.read(|link| link.all(&UNCONFIRMED_SIGNALS, key, read))
    }

    async fn sweep_signals(&self, now: Timestamp) -> Result<u32, StoreError> {
        self.sweep(&EXPIRED_SIGNAL, &SWEEP_SIGNALS, now).await
    }
}

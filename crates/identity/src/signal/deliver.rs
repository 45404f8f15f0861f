//! Out of the outbox: the platform fetches, or a courier brings.

use async_trait::async_trait;

use crate::clock::Timestamp;
use crate::id::PlatformId;
use crate::service::{Fault, Service};

use super::outbox::{self, Delivery, Notice, Stream, StreamPut, StreamStatus};
use super::{SignalId, SignalRow, settled};

/// Most signals of one answer, whatever was asked for.
pub const MOST_AT_ONCE: u32 = 100;
/// Longest wait between two attempts, in seconds.
const LONGEST_WAIT: i64 = 6 * 3600;

/// A signal as it goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signal {
    /// Which.
    pub id: SignalId,
    /// When it left its batch.
    pub at: Timestamp,
    /// When the confirmation is due, where one is waited for.
    pub due_at: Option<Timestamp>,
    /// What it says.
    pub notice: Notice,
}

/// What a platform says when it fetches.
#[derive(Debug, Clone, Default)]
pub struct Fetch {
    /// Confirmed: never sent again.
    pub confirmed: Vec<SignalId>,
    /// Not understood: sent again later.
    pub not_understood: Vec<SignalId>,
    /// How many it wants.
    pub most: u32,
}

/// What it gets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fetched {
    /// In no order of time.
    pub signals: Vec<Signal>,
    /// Whether more are ready.
    pub more: bool,
}

/// What brings a signal to a platform's address. It opens no other connection than to that address.
#[async_trait]
pub trait Courier: Send + Sync {
    /// Tries once.
    async fn bring(&self, parcel: Parcel) -> Brought;
}

/// A signal on its way.
#[derive(Debug, Clone)]
pub struct Parcel {
    /// Whom it is for.
    pub platform: PlatformId,
    /// How it receives.
    pub stream: Stream,
    /// Where it is brought.
    pub endpoint: String,
    /// What to show there.
    pub authorization: Option<String>,
    /// What it says.
    pub signal: Signal,
}

/// What became of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brought {
    /// The platform has it.
    Accepted,
    /// The platform does not take it, or did not answer.
    NotTaken,
}

impl Service {
    /// What waits for a platform: first what it says of earlier ones, then what is ready. What is not confirmed
    /// comes again; what is confirmed never does.
    pub async fn fetch_signals(
        &self,
        platform: &PlatformId,
        fetch: &Fetch,
    ) -> Result<Fetched, Fault> {
        // 1. What it says of earlier ones.
        if !fetch.confirmed.is_empty() {
            let confirmed = fetch.confirmed.clone();
            self.confirm_signals(platform, confirmed).await?;
        }
        for signal in &fetch.not_understood {
            self.try_later(platform, *signal).await?;
        }
        // 2. A stream that does not run gets nothing.
        let Some(stream) = self.stream(platform).await? else {
            return Ok(Fetched::default());
        };
        if stream.status != StreamStatus::Enabled || fetch.most == 0 {
            return Ok(Fetched::default());
        }
        // 3. What is ready, one more than asked for to know whether there is more.
        let most = fetch.most.min(MOST_AT_ONCE);
        let mut rows = self
            .store
            .ready_signals(platform, self.now(), most + 1)
            .await?;
        let more = rows.len() > usize::try_from(most).unwrap_or(usize::MAX);
        rows.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        Ok(Fetched {
            signals: self.open_rows(platform, &rows).await?,
            more,
        })
    }

    /// A platform confirms: nothing of it is sent again (R8.3, R9.5). Answers how many were open.
    pub async fn confirm_signals(
        &self,
        platform: &PlatformId,
        signals: Vec<SignalId>,
    ) -> Result<u32, Fault> {
        let (now, event) = (self.now(), settled(platform, self));
        Ok(self
            .store
            .settle_signals(platform, signals, now, event)
            .await?)
    }

    /// Brings what is ready to the platforms that want it brought; how many were accepted.
    pub async fn bring_signals(&self, courier: &dyn Courier) -> Result<u32, Fault> {
        let mut accepted = 0;
        for outbox in self.store.outboxes().await? {
            let Some(stream) = outbox.stream else {
                continue;
            };
            let Delivery::Push {
                endpoint,
                sealed_authorization,
            } = &stream.delivery
            else {
                continue;
            };
            if stream.status != StreamStatus::Enabled {
                continue;
            }
            let platform = outbox.platform;
            let rows = self
                .store
                .ready_signals(&platform, self.now(), MOST_AT_ONCE)
                .await?;
            if rows.is_empty() {
                continue;
            }
            let authorization = match sealed_authorization {
                None => None,
                Some(sealed) => {
                    let opened = self.open_authorization(&platform, sealed).await?;
                    Some(String::from_utf8_lossy(&opened).into_owned())
                }
            };
            for signal in self.open_rows(&platform, &rows).await? {
                let id = signal.id;
                let parcel = Parcel {
                    platform: platform.clone(),
                    stream: stream.clone(),
                    endpoint: endpoint.clone(),
                    authorization: authorization.clone(),
                    signal,
                };
                match courier.bring(parcel).await {
                    Brought::Accepted => {
                        accepted += self.confirm_signals(&platform, vec![id]).await?;
                    }
                    Brought::NotTaken => self.try_later(&platform, id).await?,
                }
            }
        }
        Ok(accepted)
    }

    /// Puts a trial into a stream's outbox, ready at once: it is about nobody.
    pub async fn try_stream(
        &self,
        platform: &PlatformId,
        state: Option<String>,
    ) -> Result<StreamPut, Fault> {
        if self.stream(platform).await?.is_none() {
            return Ok(StreamPut::Moved);
        }
        let notice = Notice::Trial { state };
        self.put_into_outbox(platform.clone(), &notice, self.now(), None)
            .await?;
        Ok(StreamPut::Done)
    }

    async fn open_rows(
        &self,
        platform: &PlatformId,
        rows: &[SignalRow],
    ) -> Result<Vec<Signal>, Fault> {
        let key = self.outbox_key(platform).await?;
        rows.iter()
            .map(|row| {
                let dated = outbox::open(&row.sealed, platform, row.signal, &key)?;
                Ok(Signal {
                    id: row.signal,
                    at: dated.at,
                    due_at: row.due_at,
                    notice: dated.notice,
                })
            })
            .collect()
    }

    /// Twice as long after each attempt, up to six hours.
    async fn try_later(&self, platform: &PlatformId, signal: SignalId) -> Result<(), Fault> {
        let Some(row) = self.store.signal(platform, signal).await? else {
            return Ok(());
        };
        let doubled = self.policy.signal_retry << row.attempts.min(16);
        let until = self.now().plus(doubled.min(LONGEST_WAIT));
        let event = settled(platform, self);
        self.store
            .defer_signal(platform, signal, until, event)
            .await?;
        Ok(())
    }
}

//! Listening, the work beside the requests, and stopping without losing any.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use identity::log::sequencer::Sequencer;
use identity::service::{Fault, Service};
use identity::signal::deliver::Courier;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::backup::erased;
use crate::backup::window::Window;

/// Seconds between two epochs of the public log.
const EPOCH: Duration = Duration::from_secs(1);
/// Between two looks at the documents that are due.
const RECHECK: Duration = Duration::from_mins(5);
/// Seconds between two sweeps of expired rows.
const SWEEP: Duration = Duration::from_mins(1);
/// Seconds between two turns of telling persons of an incident.
const TELL: Duration = Duration::from_secs(20);
/// Buckets told in one turn.
const BUCKETS_AT_ONCE: u16 = 512;

/// Seconds between two rounds of events to platforms.
const ROUND: Duration = Duration::from_secs(1);
/// Between two looks at the birthdays of minors, and at the keys of back-ups; retention runs every twenty-fourth time.
const HOUR: Duration = Duration::from_hours(1);

/// Everything that runs until it is told to stop.
pub(crate) struct Running {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Running {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self {
            stop: watch::Sender::new(false),
            tasks: JoinSet::new(),
        }
    }

    /// Serves a router on an address that is bound already.
    pub(crate) fn serve(&mut self, listener: TcpListener, router: Router) {
        let mut stop = self.stop.subscribe();
        self.tasks.spawn(async move {
            let stopped = async move {
                let _ = stop.wait_for(|stop| *stop).await;
            };
            let listener = axum::serve::ListenerExt::tap_io(listener, |stream| {
                let _ = stream.set_nodelay(true);
            });
            if let Err(error) = axum::serve(listener, router)
                .with_graceful_shutdown(stopped)
                .await
            {
                tracing::error!(%error, "a listener ended");
            }
        });
    }

    /// Appends the leaves of each second to the public log.
    pub(crate) fn sequence(&mut self, sequencer: Sequencer) {
        let mut stop = self.stop.subscribe();
        self.tasks.spawn(async move {
            loop {
                let stopping = tokio::time::timeout(EPOCH, stop.wait_for(|stop| *stop))
                    .await
                    .is_ok();
                if let Err(error) = sequencer.run_once().await {
                    tracing::error!(%error, "an epoch failed; the next one takes its leaves");
                }
                if stopping {
                    return;
                }
            }
        });
    }

    /// Looks at documents that are due (R15.2); a correction that waits for the registry is tried again.
    pub(crate) fn recheck(&mut self, service: Arc<Service>) {
        let mut stop = self.stop.subscribe();
        self.tasks.spawn(async move {
            while tokio::time::timeout(RECHECK, stop.wait_for(|stop| *stop))
                .await
                .is_err()
            {
                match service.recheck_due().await {
                    Ok(pass) if pass.looked_at > 0 => tracing::info!(?pass, "documents looked at"),
                    Ok(_) => {}
                    Err(error) => {
                        tracing::error!(%error, "a re-check failed; the next one takes the rest");
                    }
                }
            }
        });
    }

    /// Removes rows whose time is over. Whoever was erased goes on the list that a restore asks (R9.5).
    pub(crate) fn sweep(&mut self, service: Arc<Service>, backup_keys: PathBuf) {
        let mut stop = self.stop.subscribe();
        let window = Window::at(backup_keys);
        self.tasks.spawn(async move {
            while tokio::time::timeout(SWEEP, stop.wait_for(|stop| *stop))
                .await
                .is_err()
            {
                let now = service.now();
                // Whoever's cooling-off is over goes within the minute (R9.5).
                match service.erase_due(now).await {
                    Ok(0) => {}
                    Ok(erased) => tracing::info!(erased, "persons were erased"),
                    Err(error) => {
                        tracing::error!(%error, "an erasure failed; the next minute tries again");
                    }
                }
                let listed = erased::write(&window, service.store(), service.keys(), now);
                if let Err(error) = listed.await {
                    tracing::error!(%error, "the list of the erased was not written; the next sweep does it");
                }
                let swept = async {
                    service.store().sweep_taken(now).await?;
                    service.store().sweep_waiting(now).await?;
                    service.store().sweep_signals(now).await?;
                    service.store().sweep_handovers(now).await?;
                    service.store().sweep_applications(now.day()).await?;
                    service.store_counts().await?;
                    service.tell_of_legal_requests().await?;
                    service.open_findings().await?;
                    Ok::<_, Fault>(())
                };
                if let Err(error) = swept.await {
                    tracing::error!(%error, "a sweep failed; the next one takes its rows");
                }
                // What another process put in force or suspended counts here within a minute (R5.1).
                if let Err(error) = service.reload().await {
                    tracing::error!(%error, "platforms were not read anew; the next sweep does it");
                }
            }
        });
    }

    /// Brings security events to the platforms that want them brought.
    pub(crate) fn bring(&mut self, service: Arc<Service>, courier: impl Courier + 'static) {
        let mut stop = self.stop.subscribe();
        self.tasks.spawn(async move {
            while tokio::time::timeout(ROUND, stop.wait_for(|stop| *stop))
                .await
                .is_err()
            {
                if let Err(error) = service.bring_signals(&courier).await {
                    tracing::error!(%error, "a round failed; the next one takes its events");
                }
            }
        });
    }

    /// Tells families of birthdays (R4.5): at the start, then each hour, so that a day begins within the hour wherever
    /// the clock stood. Each telling happens once.
    pub(crate) fn birthdays(&mut self, service: Arc<Service>) {
        let mut stop = self.stop.subscribe();
        self.tasks.spawn(async move {
            loop {
                if let Err(error) = service.turn_ages().await {
                    tracing::error!(%error, "birthdays were not told; the next hour tries again");
                }
                let waited = tokio::time::timeout(HOUR, stop.wait_for(|stop| *stop)).await;
                if waited.is_ok() {
                    return;
                }
            }
        });
    }

    /// Once a day, and soon after the start: what is past its time goes (R9.1).
    pub(crate) fn retain(&mut self, service: Arc<Service>, backup_keys: PathBuf) {
        let mut stop = self.stop.subscribe();
        self.tasks.spawn(async move {
            let (mut wait, mut hours) = (SWEEP, 0_u32);
            while tokio::time::timeout(wait, stop.wait_for(|stop| *stop))
                .await
                .is_err()
            {
                wait = HOUR;
                // Keys of back-ups that are seven days old (R9.5).
                match Window::at(backup_keys.clone()).close(service.now()) {
                    Ok(0) => {}
                    Ok(destroyed) => tracing::info!(destroyed, "keys of back-ups were destroyed"),
                    Err(error) => tracing::error!(%error, "a key of a back-up was not destroyed"),
                }
                hours += 1;
                if hours % 24 != 1 {
                    continue;
                }
                let run = async { service.run_retention(&mut |_| {}).await };
                tokio::select! {
                    // A run that is cut off is carried on by the next one.
                    _ = stop.wait_for(|stop| *stop) => return,
                    done = run => match done {
                        Ok(done) => tracing::info!(
                            erased = done.erased, events = done.events, receipts = done.receipts,
                            "what was past its time is gone"
                        ),
                        Err(error) => tracing::error!(%error, "retention stopped; tomorrow's run carries on"),
                    },
                }
            }
        });
    }

    /// Goes on telling the persons of incidents, and says in the log what is overdue (R12.3, R11.4).
    pub(crate) fn tell(&mut self, service: Arc<Service>) {
        let mut stop = self.stop.subscribe();
        self.tasks.spawn(async move {
            while tokio::time::timeout(TELL, stop.wait_for(|stop| *stop))
                .await
                .is_err()
            {
                if let Err(error) = service.continue_telling(BUCKETS_AT_ONCE).await {
                    tracing::error!(%error, "telling stopped; the next turn goes on");
                }
                match service.alarms().await {
                    Ok(alarms) => {
                        for alarm in alarms {
                            tracing::error!(alarm, "overdue");
                        }
                    }
                    Err(error) => tracing::error!(%error, "the clocks cannot be read"),
                }
            }
        });
    }

    /// Waits for Ctrl-C or a termination signal.
    pub(crate) async fn until_told(&self) {
        let interrupt = tokio::signal::ctrl_c();
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            match signal(SignalKind::terminate()) {
                Ok(mut terminate) => {
                    tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
                    return;
                }
                Err(error) => tracing::warn!(%error, "no termination signal"),
            }
        }
        let _ = interrupt.await;
    }

    /// Answers what was begun, writes the last epoch, ends.
    pub(crate) async fn stop(mut self) {
        let _ = self.stop.send(true);
        let drained = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(Duration::from_secs(10), drained)
            .await
            .is_err()
        {
            tracing::warn!("some connections did not end in ten seconds");
        }
    }
}

/// Binds 127.0.0.1 and, where the machine has it, ::1.
pub(crate) async fn bind_local(port: u16) -> std::io::Result<Vec<TcpListener>> {
    let mut listeners = vec![bind((Ipv4Addr::LOCALHOST, port).into()).await?];
    match bind((Ipv6Addr::LOCALHOST, port).into()).await {
        Ok(listener) => listeners.push(listener),
        Err(error) => tracing::warn!(%error, "::1 is not available; 127.0.0.1 alone"),
    }
    Ok(listeners)
}

/// Binds one address, and says which when it cannot.
pub(crate) async fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        std::io::Error::new(
            error.kind(),
            format!("cannot listen on {address}: {error}; stop the other program or choose another --port"),
        )
    })
}

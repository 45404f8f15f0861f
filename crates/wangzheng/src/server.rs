//! Listening, the work beside the requests, and stopping without losing any.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use identity::log::sequencer::Sequencer;
use identity::service::Service;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Seconds between two epochs of the public log.
const EPOCH: Duration = Duration::from_secs(1);
/// Seconds between two sweeps of expired rows.
const SWEEP: Duration = Duration::from_mins(1);

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

    /// Removes rows whose time is over.
    pub(crate) fn sweep(&mut self, service: Arc<Service>) {
        let mut stop = self.stop.subscribe();
        self.tasks.spawn(async move {
            while tokio::time::timeout(SWEEP, stop.wait_for(|stop| *stop))
                .await
                .is_err()
            {
                let now = service.now();
                let swept = async {
                    service.store().sweep_taken(now).await?;
                    service.store().sweep_handovers(now).await
                };
                if let Err(error) = swept.await {
                    tracing::error!(%error, "a sweep failed; the next one takes its rows");
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

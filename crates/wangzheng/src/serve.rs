//! `wangzheng serve`: the service alone.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use crypto::random::SystemRandom;
use identity::log::keys::origin_of;
use identity::log::sequencer::Sequencer;
use identity::registry::population::Population;
use openid::Secret;
use web::app::App;
use web::metrics::Access;

use crate::config::Config;
use crate::egress::{Egress, EgressList};
use crate::events::HttpCourier;
use crate::server::{Running, bind};
use crate::wiring::{Plan, StartError, Wired, read_passphrase, wire};

/// `wangzheng serve --config FILE`
#[derive(Debug, Clone, Args)]
pub(crate) struct ServeArguments {
    /// Configuration file (TOML); `wangzheng doctor --config FILE` checks it
    #[arg(long, value_name = "FILE")]
    pub config: PathBuf,
}

/// Runs until told to stop.
pub(crate) async fn run(arguments: ServeArguments) -> Result<(), Box<dyn std::error::Error>> {
    let config = Config::read(&arguments.config)?;
    let passphrase = read_passphrase(&config.keys.passphrase_file)?;
    let database = config.sqlite_path()?;
    let today = identity::clock::Clock::now(&identity::clock::SystemClock).date();
    let wired = wire(Plan {
        issuer: &config.issuer,
        environment: config.environment,
        database: &database,
        key_file: &config.keys.file,
        passphrase: &passphrase,
        policy: config.policy.clone(),
        population: Population::demo(today),
    })
    .await?;
    let mut listeners = Vec::new();
    for address in &config.listen {
        listeners.push(bind(*address).await?);
    }
    let mut app = App::new(
        wired.service.clone(),
        config.environment.environment(),
        config.issuer.starts_with("https://"),
    );
    app.help_phone.clone_from(&config.help_phone);
    if let Some(file) = &config.metrics_token_file {
        app.metrics_access = Access::Token(read_token(file)?);
    }
    let router = web::router::router(Arc::new(app));
    let mut running = Running::new();
    for listener in listeners {
        running.serve(listener, router.clone());
    }
    background(&mut running, &wired, &config.egress);
    tracing::info!(issuer = config.issuer, "serving");
    running.until_told().await;
    running.stop().await;
    Ok(())
}

/// The first line of a token file, as a secret.
fn read_token(path: &Path) -> Result<Secret, StartError> {
    let line = read_passphrase(path)?;
    Ok(Secret::new(String::from_utf8_lossy(&line).trim()))
}

/// The log and the sweeper.
pub(crate) fn background(running: &mut Running, wired: &Wired, egress: &EgressList) {
    running.sequence(Sequencer::new(
        wired.store.clone(),
        wired.keys.clone(),
        Arc::new(SystemRandom),
        origin_of(&wired.service.issuer),
    ));
    running.recheck(wired.service.clone());
    running.sweep(wired.service.clone(), wired.backup_keys.clone());
    running.birthdays(wired.service.clone());
    // R12.2: whatever goes out goes through this door.
    match Egress::new(egress) {
        Ok(door) => {
            let courier = HttpCourier::new(wired.service.clone(), door);
            running.bring(wired.service.clone(), courier);
        }
        Err(error) => tracing::error!(%error, "no HTTP client: events wait for polls"),
    }
    running.retain(wired.service.clone(), wired.backup_keys.clone());
    running.tell(wired.service.clone());
}

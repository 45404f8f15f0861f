//! One function per command: files and network around the protocol.

mod apply;
mod approve;
mod lock;
mod receipts;
mod recover;

use crypto::random::SystemRandom;
use identity::clock::SystemClock;

use super::{
    Report, WalletArguments,
    arguments::WalletCommand,
    failure::Failure,
    folder::Folder,
    http::HttpService,
    protocol::{Failed, Service, Wallet, recovery},
};

/// Runs a command.
pub(super) async fn run(arguments: WalletArguments) -> Result<Report, Failure> {
    let data = arguments.data.as_path();
    match arguments.command {
        WalletCommand::Apply(apply) => apply::run(data, apply).await,
        WalletCommand::Approve(approve) => approve::run(data, approve).await,
        WalletCommand::Receipts(whose) => receipts::run(data, &whose).await,
        WalletCommand::Lock(whose) => lock::lock(data, &whose).await,
        WalletCommand::Unlock(unlock) => lock::unlock(data, unlock).await,
        WalletCommand::Recover(recover) => recover::run(data, recover).await,
    }
}

/// The service, the time and the randomness of this machine.
fn service(transport: &HttpService) -> Service<'_, HttpService> {
    Service {
        transport,
        issuer: transport.issuer(),
        clock: &SystemClock,
        random: &SystemRandom,
    }
}

/// A connection to a service, in the language of the terminal.
fn connect(issuer: &str) -> Result<HttpService, Failure> {
    let chinese = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
        .is_some_and(|value| value.starts_with("zh"));
    let language = if chinese { "zh-CN" } else { "en" };
    HttpService::new(issuer, language).map_err(|error| Failed::Unreachable(error).into())
}

/// A wallet and its service. A recovered device settles its history at the first act it may do.
async fn acting_wallet(folder: &Folder) -> Result<(Wallet, HttpService), Failure> {
    let mut wallet = folder.held_wallet()?;
    let transport = connect(&wallet.issuer)?;
    if !wallet.history_settled {
        recovery::settle_history(&service(&transport), &mut wallet).await?;
        folder.keep(&wallet)?;
    }
    Ok((wallet, transport))
}

//! One function per command: files and network around the protocol.

mod apply;
mod approve;
mod complain;
mod consents;
mod family;
mod guardian;
mod leave;
mod lock;
mod notices;
mod receipts;
mod recover;
mod requests;
mod rights;

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
        WalletCommand::Notices(notices) => notices::run(data, notices).await,
        WalletCommand::Complain(complain) => complain::run(data, complain).await,
        WalletCommand::Requests(whose) => requests::run(data, &whose).await,
        WalletCommand::Consents(consents) => consents::run(data, &consents).await,
        WalletCommand::Lock(arguments) => lock::lock(data, &arguments).await,
        WalletCommand::Unlock(unlock) => lock::unlock(data, unlock).await,
        WalletCommand::Leave(arguments) => leave::run(data, arguments).await,
        WalletCommand::Family(family) => family::run(data, family).await,
        WalletCommand::Recover(recover) => recover::run(data, recover).await,
        WalletCommand::Rights { right } => rights::run(data, right).await,
        WalletCommand::Reissue(arguments) => rights::reissue(data, arguments).await,
        WalletCommand::Renew(arguments) => rights::renew(data, arguments).await,
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

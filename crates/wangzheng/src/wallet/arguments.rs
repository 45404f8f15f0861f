//! The command line of `wangzheng wallet` (design §5).

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::protocol::{approval::Consent, keys::RecoveryCode};

/// `wangzheng wallet …`
#[derive(Debug, Clone, Args)]
pub(crate) struct WalletArguments {
    /// Folder with demo.json and the wallets
    #[arg(long, global = true, value_name = "DIR", default_value = "./data")]
    pub data: PathBuf,
    /// Print JSON for programs
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do
    #[command(subcommand)]
    pub command: WalletCommand,
}

/// One command of a person's life.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum WalletCommand {
    /// 申领: apply for 网号 and 网证 with the person's sandbox document
    Apply(Apply),
    /// 核验: approve (or refuse) what a platform asks, print where the browser goes next
    Approve(Approve),
    /// 使用记录: open and check the person's receipts
    Receipts(Whose),
    /// 锁定: lock the 网证; it answers no platform until unlocked
    Lock(Whose),
    /// 解锁: unlock it with the 口令
    Unlock(Unlock),
    /// 找回: make this a new device of the person, by the document check and the recovery code
    Recover(Recover),
}

/// Whose wallet.
#[derive(Debug, Clone, Args)]
pub(crate) struct Whose {
    /// Name of the sandbox person, as in demo.json
    #[arg(long, value_name = "NAME")]
    pub person: String,
}

/// `wallet apply`
#[derive(Debug, Clone, Args)]
pub(crate) struct Apply {
    /// Address of the service
    #[arg(long, value_name = "URL")]
    pub issuer: String,
    /// Who.
    #[command(flatten)]
    pub whose: Whose,
    /// The 口令 to set, 8 digits [default: the one in demo.json]
    #[arg(long, value_name = "PIN")]
    pub pin: Option<String>,
}

/// `wallet approve`
#[derive(Debug, Clone, Args)]
pub(crate) struct Approve {
    /// Who.
    #[command(flatten)]
    pub whose: Whose,
    /// Authorization URL, or the content of a QR code
    #[arg(value_name = "URL")]
    pub address: String,
    /// Refuse; prints the redirect with the error
    #[arg(long)]
    pub deny: bool,
    /// Separate consent, attribute by attribute: all, none, or names with commas
    #[arg(long, value_name = "all|none|NAMES", default_value = "none", value_parser = consent)]
    pub consent: Consent,
    /// Type this 口令 instead of the wallet's
    #[arg(long, value_name = "PIN")]
    pub mode_pin: Option<String>,
    /// What the simulated camera sees
    #[arg(long, value_name = "ok|fail", default_value = "ok")]
    pub mode_face: Face,
    /// The number the other screen shows (cross-device)
    #[arg(long, value_name = "NUMBER")]
    pub number: Option<String>,
}

/// What the simulated camera sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Face {
    /// The person.
    Ok,
    /// Somebody else.
    Fail,
}

/// `wallet unlock`
#[derive(Debug, Clone, Args)]
pub(crate) struct Unlock {
    /// Who.
    #[command(flatten)]
    pub whose: Whose,
    /// Type this 口令 instead of the wallet's
    #[arg(long, value_name = "PIN")]
    pub pin: Option<String>,
}

/// `wallet recover`
#[derive(Debug, Clone, Args)]
pub(crate) struct Recover {
    /// Who.
    #[command(flatten)]
    pub whose: Whose,
    /// Address of the service [default: the one in the wallet or demo.json]
    #[arg(long, value_name = "URL")]
    pub issuer: Option<String>,
    /// The recovery code [default: the one the wallet remembers]
    #[arg(long, value_name = "CODE")]
    pub code: Option<RecoveryCode>,
    /// Recover without the code, as if it were lost; may have to wait
    #[arg(long, conflicts_with = "code")]
    pub no_code: bool,
    /// The 口令, 8 digits [default: the one in the wallet or demo.json]
    #[arg(long, value_name = "PIN")]
    pub pin: Option<String>,
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of a value parser")]
fn consent(text: &str) -> Result<Consent, String> {
    Ok(match text {
        "all" => Consent::All,
        "none" => Consent::Only(Vec::new()),
        names => Consent::Only(
            names
                .split(',')
                .map(|name| name.trim().to_owned())
                .collect(),
        ),
    })
}

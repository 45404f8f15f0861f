//! The command line of `wangzheng wallet` (design §5).

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::protocol::{application::DocumentText, approval::Consent, keys::RecoveryCode};

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
    /// 告知与同意: what the service tells, what changed, what was agreed to
    Notices(NoticesArguments),
    /// 投诉: complain about a platform, or ask how a complaint stands
    Complain(Complain),
    /// 待确认: what platforms ask by themselves
    Requests(Whose),
    /// 授权管理: what platforms may use; withdraw, ask for deletion, see whether they confirmed
    Consents(Consents),
    /// 锁定: lock the 网证; it answers no platform until unlocked
    Lock(Lock),
    /// 解锁: unlock it with the 口令
    Unlock(Pinned),
    /// 注销: leave; everything of the person is erased, and the receipt of erasure printed
    Leave(Leave),
    /// 家人: children, guardians and standing consents
    Family(Family),
    /// 找回: make this a new device of the person, by the document check and the recovery code
    Recover(Recover),
    /// 个人信息权利: see, copy, correct, restrict, explain
    Rights {
        /// Which right
        #[command(subcommand)]
        right: Rights,
    },
    /// 更换网号: a new 网号; the old one dies, accounts at platforms stay
    Reissue(Pinned),
    /// 换证: show the renewed document (or another one of the same person) and get a new 网证.
    /// A second `apply` is refused as `already_holds`; use this, or `rights correct` when only a name or date was wrong
    Renew(Renew),
}

/// One right of the person (PIPL 44–50).
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Rights {
    /// 查阅: what is held, what for, how long
    See(Whose),
    /// 复制: a signed JSON file and a page to read; prints both paths and checks the signature
    Export(Export),
    /// 更正: ask the register again, or correct what it has corrected
    Correct(Correct),
    /// 限制处理: the 网证 answers no platform until the restriction is lifted
    Restrict(Restrict),
    /// 说明: why the 网证 does not answer, and what to do
    Explain(Whose),
}

/// `wallet rights export`
#[derive(Debug, Clone, Args)]
pub(crate) struct Export {
    /// Who.
    #[command(flatten)]
    pub whose: Whose,
    /// Where the file goes; the page lies beside it as .html [default: in the wallet's folder]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Type this 口令 instead of the wallet's
    #[arg(long, value_name = "PIN")]
    pub pin: Option<String>,
}

/// `wallet rights correct`
#[derive(Debug, Clone, Args)]
pub(crate) struct Correct {
    /// Who.
    #[command(flatten)]
    pub whose: Whose,
    /// What is right; with none of these the register is asked with what is held
    #[command(flatten)]
    pub document: DocumentChange,
}

/// `wallet renew`
#[derive(Debug, Clone, Args)]
pub(crate) struct Renew {
    /// Who.
    #[command(flatten)]
    pub whose: Whose,
    /// What differs from the document in demo.json
    #[command(flatten)]
    pub document: DocumentChange,
}

/// What differs from the document in demo.json.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct DocumentChange {
    /// Wire name of the kind
    #[arg(long, value_name = "KIND")]
    pub kind: Option<String>,
    /// The number
    #[arg(long, value_name = "NUMBER")]
    pub number: Option<String>,
    /// The holder's name
    #[arg(long, value_name = "NAME")]
    pub holder: Option<String>,
    /// Date of birth
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub birth_date: Option<String>,
    /// Last day of validity
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub valid_until: Option<String>,
}

impl DocumentChange {
    /// Whether nothing differs.
    pub(crate) fn is_empty(&self) -> bool {
        let Self {
            kind,
            number,
            holder,
            birth_date,
            valid_until,
        } = self;
        [kind, number, holder, birth_date, valid_until]
            .iter()
            .all(|field| field.is_none())
    }

    /// The document with the change.
    pub(crate) fn over(self, document: DocumentText) -> DocumentText {
        DocumentText {
            kind: self.kind.unwrap_or(document.kind),
            number: self.number.unwrap_or(document.number),
            holder: self.holder.unwrap_or(document.holder),
            birth_date: self.birth_date.unwrap_or(document.birth_date),
            valid_until: self.valid_until.or(document.valid_until),
        }
    }
}

/// `wallet rights restrict`
#[derive(Debug, Clone, Args)]
pub(crate) struct Restrict {
    /// Who.
    #[command(flatten)]
    pub whose: Whose,
    /// Lift the restriction, with the 口令
    #[arg(long)]
    pub lift: bool,
    /// Type this 口令 instead of the wallet's
    #[arg(long, value_name = "PIN")]
    pub pin: Option<String>,
}

/// `wallet lock`
#[derive(Debug, Clone, Args)]
pub(crate) struct Lock {
    /// Who.
    #[command(flatten)]
    pub whose: Whose,
    /// Lock without telling the platforms where it was used
    #[arg(long)]
    pub tell_nobody: bool,
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
    /// The guardian who applies for a child under 14, or supervises a person of 14 to 17: a name with a wallet here
    #[arg(long, value_name = "NAME")]
    pub guardian: Option<String>,
}

/// `wallet approve`
#[derive(Debug, Clone, Args)]
pub(crate) struct Approve {
    /// Who.
    #[command(flatten)]
    pub whose: Whose,
    /// Authorization URL, or the content of a QR code
    #[arg(value_name = "URL", required_unless_present = "pending")]
    pub address: Option<String>,
    /// Take the newest request that a platform started by itself (see `wallet requests`)
    #[arg(long, conflicts_with = "address")]
    pub pending: bool,
    /// Refuse; prints the redirect with the error
    #[arg(long)]
    pub deny: bool,
    /// The guardian of a child under 14, who consents (with --deny: refuses)
    #[arg(long, value_name = "NAME")]
    pub guardian: Option<String>,
    /// The guardian consents to every later use at this platform too
    #[arg(long, requires = "guardian", conflicts_with = "deny")]
    pub standing: bool,
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

/// `wallet consents`
#[derive(Debug, Clone, Args)]
pub(crate) struct Consents {
    /// Who.
    #[command(flatten)]
    pub whose: Whose,
    /// Withdraw from this platform: its name, host or client id
    #[arg(long, value_name = "PLATFORM")]
    pub withdraw: Option<String>,
    /// Ask this platform to delete what it holds
    #[arg(long, value_name = "PLATFORM")]
    pub delete: Option<String>,
    /// Who decides for a child under 14: the name of a guardian with a wallet here
    #[arg(long, value_name = "NAME")]
    pub guardian: Option<String>,
}

/// What the simulated camera sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Face {
    /// The person.
    Ok,
    /// Somebody else.
    Fail,
}

/// `wallet notices`
#[derive(Debug, Clone, Args)]
pub(crate) struct NoticesArguments {
    /// Who.
    #[command(flatten)]
    pub whose: Whose,
    /// Agree to every notice that waits
    #[arg(long, conflicts_with = "withdraw")]
    pub agree: bool,
    /// Take the consent to a notice back: service, sensitive-data, face
    #[arg(long, value_name = "NOTICE")]
    pub withdraw: Option<String>,
}

/// `wallet complain`
#[derive(Debug, Clone, Args)]
pub(crate) struct Complain {
    /// Who.
    #[command(flatten)]
    pub whose: Whose,
    /// About which platform, as in demo.json
    #[arg(long, value_name = "NAME", required_unless_present = "status")]
    pub platform: Option<String>,
    /// Of what: plaintext_demanded, unequal_service, over_asking, leak, impersonation
    #[arg(long, value_name = "KIND", required_unless_present = "status",
          value_parser = ["plaintext_demanded", "unequal_service", "over_asking", "leak", "impersonation"])]
    pub kind: Option<String>,
    /// What happened
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
    /// Attach a receipt, by its id or jti; this agrees to its use as evidence (repeatable)
    #[arg(long, value_name = "ID")]
    pub receipt: Vec<String>,
    /// How the complaint of this number stands
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["platform", "kind", "text", "receipt"])]
    pub status: Option<String>,
}

/// `wallet unlock`
/// Whose wallet, and the 口令.
#[derive(Debug, Clone, Args)]
pub(crate) struct Pinned {
    /// Who.
    #[command(flatten)]
    pub whose: Whose,
    /// Type this 口令 instead of the wallet's
    #[arg(long, value_name = "PIN")]
    pub pin: Option<String>,
}

/// `wallet leave`
#[derive(Debug, Clone, Args)]
pub(crate) struct Leave {
    /// Who.
    #[command(flatten)]
    pub whose: Whose,
    /// Think again, while the cooling-off runs
    #[arg(long)]
    pub cancel: bool,
    /// Type this 口令 instead of the wallet's
    #[arg(long, value_name = "PIN", conflicts_with = "cancel")]
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
    /// The guardian of a minor, whose part is the same as in an application
    #[arg(long, value_name = "NAME")]
    pub guardian: Option<String>,
}

/// `wallet family`
#[derive(Debug, Clone, Args)]
pub(crate) struct Family {
    /// Who.
    #[command(flatten)]
    pub whose: Whose,
    /// Have the register asked again who the guardians are
    #[arg(long)]
    pub refresh: bool,
    /// Withdraw the standing consents for this platform (its name, id or host)
    #[arg(long, value_name = "PLATFORM")]
    pub withdraw: Option<String>,
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of a value parser")]
fn consent(text: &str) -> Result<Consent, String> {
    Ok(match text {
        "all" => Consent::All,
        "none" => Consent::Only(Vec::new()),
        names => {
            let mut names: Vec<String> = names
                .split(',')
                .map(|name| name.trim().to_owned())
                .collect();
            names.retain(|name| !name.is_empty());
            Consent::Only(names)
        }
    })
}

use std::path::Path;

use serde_json::json;

use super::{acting_wallet, service};
use crate::wallet::{
    Report,
    arguments::Whose,
    failure::Failure,
    folder::Folder,
    protocol::{
        history::{self, Receipt, Signature},
        inclusion::Inclusion,
    },
};

/// `wallet receipts`
pub(super) async fn run(data: &Path, whose: &Whose) -> Result<Report, Failure> {
    let folder = Folder::new(data, &whose.person)?;
    let (mut wallet, transport) = acting_wallet(&folder).await?;
    let history = history::receipts(&service(&transport), &wallet).await?;
    if let Some(key) = history.unwrapped {
        wallet.history_key = Some(key);
        folder.keep(&wallet)?;
    }
    let receipts = history.receipts;
    let mut lines: Vec<String> = receipts.iter().map(line).collect();
    if lines.is_empty() {
        lines.push("还没有使用记录 · no receipts yet".to_owned());
    }
    Ok(Report {
        json: json!({ "receipts": receipts }),
        lines,
        notes: Vec::new(),
    })
}

fn line(receipt: &Receipt) -> String {
    // A message of the service: its title says what it is about, in both languages.
    if let Some(title) = receipt.both("title") {
        let (day, text) = (&receipt.day, receipt.both("text").unwrap_or_default());
        return format!(
            "{day} {}  {title}\n    {}",
            receipt.kind,
            text.replace('\n', "\n    ")
        );
    }
    let told = |claim| receipt.text(claim).unwrap_or("–");
    let signature = match receipt.signature {
        Signature::Good => "签名有效 signature good",
        Signature::Note => "仅本人可见的记录 a note for you alone",
        Signature::Unopened => "此设备打不开 sealed to a key this device does not have",
        Signature::Bad => "签名无效 NOT GENUINE",
    };
    let place = match receipt.inclusion {
        Inclusion::Included { index, tree_size } => {
            format!("在日志中 in the log ({index} of {tree_size})")
        }
        Inclusion::Pending => "即将进入日志 not yet in the log".to_owned(),
        Inclusion::Broken => "日志证明无效 LOG PROOF BROKEN".to_owned(),
    };
    format!(
        "{} {}  {}  {}  {}  {signature}  {place}",
        receipt.day,
        receipt.kind,
        told("platform"),
        told("scenario"),
        told("result"),
    )
}

use std::path::Path;

use serde_json::json;

use super::{acting_wallet, guardian, service};
use crate::wallet::{
    Report,
    arguments::Consents,
    failure::Failure,
    folder::Folder,
    protocol::consents::{self, Acting, AtPlatform, What},
};

/// `wallet consents`
pub(super) async fn run(data: &Path, arguments: &Consents) -> Result<Report, Failure> {
    let folder = Folder::new(data, &arguments.whose.person)?;
    let (wallet, transport) = acting_wallet(&folder).await?;
    let service = service(&transport);
    // 1. What the person's own receipts say.
    let receipts = consents::receipts(&service, &wallet).await?;
    let platforms = consents::platforms(&service, &wallet, &receipts).await?;
    // 2. What to do, if anything, and who decides it.
    let beside = arguments.guardian.as_deref();
    let beside = beside
        .map(|name| guardian::wallet(data, name, &wallet.issuer))
        .transpose()?;
    let acting = match &beside {
        Some(beside) => Acting::guardian(&service, beside, &wallet).await?,
        None => Acting::alone(&wallet),
    };
    let wishes = [
        (&arguments.withdraw, What::Withdraw),
        (&arguments.delete, What::Delete),
    ];
    let mut done = Vec::new();
    for (name, what) in wishes {
        if let Some(name) = name {
            let answer = consents::tell(&service, &acting, &platforms, name, what).await?;
            let act = match what {
                What::Withdraw => "withdrawn",
                What::Delete => "deletion_requested",
            };
            done.push(json!({
                "act": act, "platform": name, "tracking": answer["tracking"], "due": answer["due"],
                "standing_ended": answer["standing_ended"],
            }));
        }
    }
    // 3. How it stands now.
    let platforms = if done.is_empty() {
        platforms
    } else {
        let receipts = consents::receipts(&service, &wallet).await?;
        consents::platforms(&service, &wallet, &receipts).await?
    };
    let mut lines: Vec<String> = platforms.iter().map(line).collect();
    if lines.is_empty() {
        lines.push("还没有平台 · no platform yet".to_owned());
    }
    Ok(Report {
        json: json!({ "platforms": platforms, "done": done }),
        lines,
        notes: Vec::new(),
    })
}

fn line(one: &AtPlatform) -> String {
    let going: Vec<String> = one
        .going
        .iter()
        .map(|going| format!("{}: {}", going.kind, going.state))
        .collect();
    let state = if one.withdrawn {
        "已撤回 withdrawn"
    } else {
        "使用中 in use"
    };
    format!(
        "{} ({})  {state}  since {}  last {}  {}",
        one.platform,
        one.host,
        one.since.as_deref().unwrap_or("–"),
        one.last_use.as_deref().unwrap_or("–"),
        going.join(", "),
    )
}

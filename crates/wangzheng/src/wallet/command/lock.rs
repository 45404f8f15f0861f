use std::path::Path;
use std::time::Duration;

use serde_json::json;

use super::{acting_wallet, connect, service};
use crate::wallet::{
    Report,
    arguments::{Lock, Pinned},
    failure::Failure,
    folder::Folder,
    http::HttpService,
    protocol::{Service, Wallet, consents, lock},
};

/// How long a lock waits for the names of whom to tell.
const PATIENCE: Duration = Duration::from_secs(2);

/// `wallet lock`: one act, nothing before it.
pub(super) async fn lock(data: &Path, arguments: &Lock) -> Result<Report, Failure> {
    let wallet = Folder::new(data, &arguments.whose.person)?.held_wallet()?;
    let transport = connect(&wallet.issuer)?;
    let service = service(&transport);
    let clients = if arguments.tell_nobody {
        Vec::new()
    } else {
        told(&service, &wallet).await
    };
    lock::lock(&service, &wallet, &clients).await?;
    let effect =
        "网证已锁定；任何平台都得不到核验结果 · locked; no platform gets a result until you unlock";
    Ok(report(&wallet.person, "locked", effect))
}

/// `wallet unlock`
pub(super) async fn unlock(data: &Path, arguments: Pinned) -> Result<Report, Failure> {
    let folder = Folder::new(data, &arguments.whose.person)?;
    let (wallet, transport) = acting_wallet(&folder).await?;
    let pin = arguments.pin.as_ref().unwrap_or(&wallet.pin);
    let service = service(&transport);
    let clients = told(&service, &wallet).await;
    lock::unlock(&service, &wallet, pin, &clients).await?;
    Ok(report(&wallet.person, "active", "网证已解锁 · unlocked"))
}

/// Apps to be told, from the person's own receipts (C1). A lock waits two seconds for them, and no longer.
async fn told(service: &Service<'_, HttpService>, wallet: &Wallet) -> Vec<String> {
    let receipts = tokio::time::timeout(PATIENCE, consents::receipts(service, wallet)).await;
    let receipts = receipts.ok().and_then(Result::ok).unwrap_or_default();
    consents::clients(&receipts)
}

fn report(person: &str, state: &str, effect: &str) -> Report {
    Report {
        json: json!({ "person": person, "state": state }),
        lines: vec![format!("{person}: {effect}")],
        notes: Vec::new(),
    }
}

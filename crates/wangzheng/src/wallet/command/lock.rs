use std::path::Path;

use serde_json::json;

use super::{acting_wallet, connect, service};
use crate::wallet::{
    Report,
    arguments::{Unlock, Whose},
    failure::Failure,
    folder::Folder,
    protocol::lock,
};

/// `wallet lock`: one act, nothing before it.
pub(super) async fn lock(data: &Path, whose: &Whose) -> Result<Report, Failure> {
    let wallet = Folder::new(data, &whose.person)?.held_wallet()?;
    let transport = connect(&wallet.issuer)?;
    lock::lock(&service(&transport), &wallet).await?;
    let effect =
        "网证已锁定；任何平台都得不到核验结果 · locked; no platform gets a result until you unlock";
    Ok(report(&wallet.person, "locked", effect))
}

/// `wallet unlock`
pub(super) async fn unlock(data: &Path, arguments: Unlock) -> Result<Report, Failure> {
    let folder = Folder::new(data, &arguments.whose.person)?;
    let (wallet, transport) = acting_wallet(&folder).await?;
    let pin = arguments.pin.as_ref().unwrap_or(&wallet.pin);
    lock::unlock(&service(&transport), &wallet, pin).await?;
    Ok(report(&wallet.person, "active", "网证已解锁 · unlocked"))
}

fn report(person: &str, state: &str, effect: &str) -> Report {
    Report {
        json: json!({ "person": person, "state": state }),
        lines: vec![format!("{person}: {effect}")],
        notes: Vec::new(),
    }
}

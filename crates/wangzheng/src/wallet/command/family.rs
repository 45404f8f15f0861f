use std::path::Path;

use serde_json::{Value, json};

use super::{acting_wallet, service};
use crate::wallet::{
    Report, arguments::Family, failure::Failure, folder::Folder, protocol::guardian,
};

/// `wallet family`
pub(super) async fn run(data: &Path, arguments: Family) -> Result<Report, Failure> {
    let folder = Folder::new(data, &arguments.whose.person)?;
    let (wallet, transport) = acting_wallet(&folder).await?;
    let service = service(&transport);
    if arguments.refresh {
        guardian::refresh(&service, &wallet).await?;
    }
    let mut withdrawn = 0;
    if let Some(platform) = &arguments.withdraw {
        withdrawn = guardian::withdraw_standing(&service, &wallet, platform).await?;
        if withdrawn == 0 {
            let text =
                format!("R5.2: no standing consent for {platform} that this wallet can read");
            return Err(Failure::refused("no_standing_consent", text));
        }
    }
    let family = guardian::family(&service, &wallet).await?;
    let consents = guardian::standing_consents(&service, &wallet).await?;
    let mut lines = Vec::new();
    let text = |value: &Value, name: &str| value[name].as_str().unwrap_or("–").to_owned();
    for child in family["children"].as_array().into_iter().flatten() {
        lines.push(format!(
            "孩子 child {}  {}  {}",
            text(child, "name_masked"),
            text(child, "age_group"),
            text(child, "state"),
        ));
    }
    for guardian in family["guardians"].as_array().into_iter().flatten() {
        lines.push(format!(
            "监护人 guardian {}  {}",
            text(guardian, "name_masked"),
            text(guardian, "relation"),
        ));
    }
    for consent in &consents {
        lines.push(format!(
            "长期同意 standing consent {}  {}  {}",
            text(consent, "child_name"),
            text(consent, "platform"),
            text(consent, "given_on"),
        ));
    }
    if lines.is_empty() {
        lines.push("没有监护关系 · no guardianship".to_owned());
    }
    let mut json = family;
    json["standing_consents"] = json!(consents);
    json["withdrawn"] = json!(withdrawn);
    Ok(Report {
        json,
        lines,
        notes: Vec::new(),
    })
}

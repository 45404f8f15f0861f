use std::path::Path;

use serde_json::json;

use super::{acting_wallet, service};
use crate::wallet::{
    Report,
    arguments::Complain,
    failure::Failure,
    folder::Folder,
    protocol::complaint::{self, NewComplaint},
};

/// `wallet complain`: files a complaint, or asks how one stands.
pub(super) async fn run(data: &Path, arguments: Complain) -> Result<Report, Failure> {
    let folder = Folder::new(data, &arguments.whose.person)?;
    let (mut wallet, transport) = acting_wallet(&folder).await?;
    let service = service(&transport);
    if let Some(number) = &arguments.status {
        let status = complaint::status(&service, &mut wallet, number).await?;
        folder.keep(&wallet)?;
        let told = |name: &str| status[name].as_str().unwrap_or("–").to_owned();
        let mut line = format!("{} {} {}", told("number"), told("kind"), told("state"));
        match status["answer"]["outcome"].as_str() {
            Some(outcome) => {
                let reasons = status["answer"]["reasons"].as_str().unwrap_or_default();
                line = format!("{line} {outcome}: {reasons}");
            }
            None => line = format!("{line} · 最迟 due {}", told("due_on")),
        }
        return Ok(Report {
            json: status,
            lines: vec![line],
            notes: Vec::new(),
        });
    }
    let new = NewComplaint {
        // Both are required by the command line when no status is asked.
        platform: arguments.platform.unwrap_or_default(),
        kind: arguments.kind.unwrap_or_default(),
        text: arguments.text.unwrap_or_default(),
        receipts: arguments.receipt,
    };
    let filed = complaint::complain(&service, &mut wallet, &new).await?;
    folder.keep(&wallet)?;
    let text = |name: &str| filed[name].as_str().unwrap_or_default().to_owned();
    Ok(Report {
        json: json!({
            "person": wallet.person,
            "number": filed["number"],
            "secret": filed["secret"],
            "kind": new.kind,
            "received_on": filed["received_on"],
            "due_on": filed["due_on"],
            "deadline": filed["due_on"],
            "acknowledgement": filed["acknowledgement"],
        }),
        lines: vec![text("number")],
        notes: vec![format!("最迟 {} 告知结果 · result by then", text("due_on"))],
    })
}

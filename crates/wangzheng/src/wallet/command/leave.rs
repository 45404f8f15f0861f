use std::path::Path;

use serde_json::{Map, Value, json};

use super::{acting_wallet, connect, service};
use crate::wallet::{
    Report,
    arguments::Leave,
    failure::Failure,
    folder::Folder,
    protocol::leave::{self, Left},
};

/// `wallet leave`
pub(super) async fn run(data: &Path, arguments: Leave) -> Result<Report, Failure> {
    let folder = Folder::new(data, &arguments.whose.person)?;
    if arguments.cancel {
        let wallet = folder.held_wallet()?;
        let transport = connect(&wallet.issuer)?;
        let state = leave::cancel(&service(&transport), &wallet).await?;
        return Ok(Report {
            json: json!({ "person": wallet.person, "state": state }),
            lines: vec![format!(
                "{}: 注销已撤回，网证状态：{state} · leaving cancelled",
                wallet.person
            )],
            notes: Vec::new(),
        });
    }
    // A history not settled yet, or a device that is gone already, keeps nobody from leaving.
    let (wallet, transport) = if let Ok(acting) = acting_wallet(&folder).await {
        acting
    } else {
        let wallet = folder.held_wallet()?;
        let transport = connect(&wallet.issuer)?;
        (wallet, transport)
    };
    let pin = arguments.pin.as_ref().unwrap_or(&wallet.pin);
    match leave::leave(&service(&transport), &wallet, pin).await? {
        Left::Leaving { erase_on } => Ok(Report {
            json: json!({ "person": wallet.person, "state": "leaving", "erase_on": erase_on }),
            lines: vec![format!(
                "{}: 已停用，{erase_on} 注销；在此之前可用 --cancel 撤回 · restricted, erased on {erase_on}",
                wallet.person
            )],
            notes: Vec::new(),
        }),
        Left::Erased { receipt, claims } => {
            folder.leave(&receipt)?;
            Ok(erased(&wallet.person, &receipt, &claims))
        }
    }
}

fn erased(person: &str, receipt: &str, claims: &Map<String, Value>) -> Report {
    let text = |claim: &str| {
        claims
            .get(claim)
            .and_then(Value::as_str)
            .unwrap_or("?")
            .to_owned()
    };
    let mut lines = vec![
        format!("{person}: 已注销 · erased on {}", text("erased_on")),
        format!(
            "  备份中最迟至 {} 可能仍有加密数据 · back-ups may hold sealed data until then",
            text("backups_until")
        ),
    ];
    let remains = claims.get("remains").and_then(Value::as_array);
    for one in remains.into_iter().flatten() {
        let part = |name: &str| one[name].as_str().unwrap_or_default();
        lines.push(format!(
            "  仍保留 remains: {} — {}",
            part("what"),
            part("why")
        ));
    }
    Report {
        json: json!({
            "person": person,
            "state": "erased",
            "erased_on": text("erased_on"),
            "backups_until": text("backups_until"),
            "signature": "good",
            "receipt": receipt,
            "claims": claims,
        }),
        lines,
        notes: Vec::new(),
    }
}

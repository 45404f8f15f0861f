use std::path::Path;

use serde_json::json;

use super::{connect, guardian, service};
use crate::wallet::{
    Report,
    arguments::Recover,
    failure::Failure,
    folder::{self, Folder},
    protocol::{application::Applicant, recovery},
};

/// `wallet recover`
pub(super) async fn run(data: &Path, arguments: Recover) -> Result<Report, Failure> {
    let name = &arguments.whose.person;
    let folder = Folder::new(data, name)?;
    let person = folder::person(data, name)?;
    // 1. What is still known: an older wallet, or an application whose answer got lost.
    let (wallet, unanswered) = (folder.wallet()?, folder.unanswered()?);
    let issuer = arguments
        .issuer
        .or(wallet.as_ref().map(|wallet| wallet.issuer.clone()))
        .or(unanswered
            .as_ref()
            .map(|unanswered| unanswered.issuer.clone()))
        .ok_or_else(|| Failure::usage("name the service with --issuer URL"))?;
    let remembered = wallet
        .as_ref()
        .and_then(|wallet| wallet.recovery_code.clone())
        .or(unanswered.map(|unanswered| unanswered.recovery_code));
    let code = arguments.code.or(remembered).filter(|_| !arguments.no_code);
    let with_code = code.is_some();
    // 2. Recover.
    let pin = arguments
        .pin
        .or(wallet.map(|wallet| wallet.pin))
        .unwrap_or(person.pin);
    let applicant = Applicant {
        name: name.clone(),
        document: person.document,
        pin,
    };
    let transport = connect(&issuer)?;
    let guardian = arguments.guardian.as_deref();
    let guardian = guardian
        .map(|name| guardian::wallet(data, name, transport.issuer()))
        .transpose()?;
    let service = service(&transport);
    let mut wallet = recovery::recover(&service, applicant, code, guardian.as_ref()).await?;
    // 3. Keep, before anything else can fail.
    folder.keep(&wallet)?;
    folder.forget_unanswered()?;
    // 4. Settle the history, unless the device has to wait.
    if wallet.active_from.is_none() {
        recovery::settle_history(&service, &mut wallet).await?;
        folder.keep(&wallet)?;
    }
    let state = match wallet.active_from {
        None => "新设备已启用 · this device is active now".to_owned(),
        Some(from) => format!(
            "新设备将在 {from} 启用，其他设备已收到通知 · active from {from} (Unix seconds); other devices were told"
        ),
    };
    Ok(Report {
        json: json!({
            "person": wallet.person,
            "device": wallet.device,
            "with_code": with_code,
            "old_history": with_code && wallet.history_key.is_some(),
            "active_from": wallet.active_from,
        }),
        lines: vec![format!("{name}: {state}")],
        notes: Vec::new(),
    })
}

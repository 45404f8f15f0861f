use std::path::Path;

use crypto::random::SystemRandom;
use serde_json::json;

use super::{connect, guardian, service};
use crate::wallet::{
    Report,
    arguments::Apply,
    failure::Failure,
    folder::{self, Folder, Unanswered},
    protocol::{
        Failed,
        application::{self, Applicant},
        keys::FirstKeys,
    },
};

/// `wallet apply`
pub(super) async fn run(data: &Path, arguments: Apply) -> Result<Report, Failure> {
    let name = &arguments.whose.person;
    let folder = Folder::new(data, name)?;
    let person = folder::person(data, name)?;
    let transport = connect(&arguments.issuer)?;
    let service = service(&transport);
    let guardian = arguments.guardian.as_deref();
    let guardian = guardian
        .map(|name| guardian::wallet(data, name, transport.issuer()))
        .transpose()?;
    // 1. Keep the recovery code before the service hears of it: an answer may get lost.
    let keys = FirstKeys::generate(&SystemRandom)
        .map_err(|_| Failure::unable("no keys could be made; this machine gives no randomness"))?;
    let earlier = folder.unanswered()?;
    if earlier.is_none() {
        folder.keep_unanswered(&Unanswered {
            issuer: transport.issuer().to_owned(),
            recovery_code: keys.recovery.clone(),
        })?;
    }
    // 2. Apply.
    let applicant = Applicant {
        name: name.clone(),
        document: person.document,
        pin: arguments.pin.unwrap_or(person.pin),
    };
    let applied = match application::apply(&service, applicant, keys, guardian.as_ref()).await {
        Ok(applied) => applied,
        Err(failed) => {
            // A clear no ends it; an application that may have arrived is remembered for `recover`.
            if earlier.is_none() && matches!(failed, Failed::Refused(_)) {
                folder.forget_unanswered()?;
            }
            return Err(failed.into());
        }
    };
    // 3. Keep the wallet.
    folder.keep(&applied.wallet)?;
    folder.forget_unanswered()?;
    Ok(report(&applied))
}

fn report(applied: &application::Applied) -> Report {
    let wallet = &applied.wallet;
    let code = wallet
        .recovery_code
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    let agreed = applied
        .notices
        .iter()
        .map(|notice| format!("  已阅并同意 agreed to: {} ({})", notice.title, notice.kind));
    Report {
        json: json!({
            "person": wallet.person,
            "device": wallet.device,
            "wanghao": applied.wanghao,
            "wanghao_masked": wallet.wanghao_masked,
            "receipt_number": applied.receipt_number,
            "recovery_code": code,
        }),
        lines: vec![
            format!("{} 已领取网证 · holds a 网证 now", wallet.person),
            format!("  网号 number: {}", wallet.wanghao_masked),
            format!("  恢复码 recovery code: {code}"),
        ],
        notes: agreed.collect(),
    }
}

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
        application::{self, Applicant, Begun},
        keys::{FirstKeys, KeptKeys},
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
    let earlier = folder.unanswered()?;
    let (keys, begun) = keys(earlier.as_ref(), transport.issuer())?;
    let mut unanswered = Unanswered {
        issuer: transport.issuer().to_owned(),
        recovery_code: keys.recovery.clone(),
        kept: None,
    };
    if earlier.is_none() {
        folder.keep_unanswered(&unanswered)?;
    }
    let to_keep = KeptKeys::of(&keys).map_err(|_| Failure::unable("the keys cannot be kept"))?;
    // 2. Apply.
    let applicant = Applicant {
        name: name.clone(),
        document: person.document,
        pin: arguments.pin.unwrap_or(person.pin),
    };
    let applying = application::apply(&service, applicant, keys, guardian.as_ref(), begun);
    let applied = match applying.await {
        Ok(applied) => applied,
        Err(failed) => {
            match &failed {
                // R15.2: the service keeps it, for these keys.
                Failed::Waiting { .. } => {
                    unanswered.kept = Some(to_keep);
                    folder.keep_unanswered(&unanswered)?;
                }
                // The guardian's part is still to come, and what is kept waits for it.
                Failed::Refused(refusal)
                    if begun == Begun::Before && refusal.rule == "guardian_needed" => {}
                // A clear no ends it; an application that may have arrived is remembered for `recover`.
                Failed::Refused(_) if earlier.is_none() || begun == Begun::Before => {
                    folder.forget_unanswered()?;
                }
                _ => {}
            }
            return Err(failed.into());
        }
    };
    // 3. Keep the wallet.
    folder.keep(&applied.wallet)?;
    folder.forget_unanswered()?;
    Ok(report(&applied))
}

/// The keys of an application that waits at this service, or new ones.
fn keys(earlier: Option<&Unanswered>, issuer: &str) -> Result<(FirstKeys, Begun), Failure> {
    if let Some(earlier) = earlier.filter(|earlier| earlier.issuer == issuer)
        && let Some(kept) = &earlier.kept
    {
        let keys = kept.first_keys(earlier.recovery_code.clone());
        return keys
            .map(|keys| (keys, Begun::Before))
            .map_err(|_| Failure::unable("the kept keys of the application do not read"));
    }
    let mut keys = FirstKeys::generate(&SystemRandom)
        .map_err(|_| Failure::unable("no keys could be made; this machine gives no randomness"))?;
    // An application that may have arrived named this code: whichever of the two counts, the code is right.
    if let Some(earlier) = earlier.filter(|earlier| earlier.issuer == issuer) {
        keys.recovery = earlier.recovery_code.clone();
    }
    Ok((keys, Begun::Now))
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

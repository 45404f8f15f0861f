//! P-recovery: a new device takes over with the document check again, and with the recovery code at once.

use crypto::{Curve, PrivateKey};
use serde::Deserialize;
use serde_json::{Map, json};

use super::{
    Failed, Service, Wallet,
    application::{Applicant, DEVICE_NAME, check_bound, consents, evidence, notices},
    keys::{KeyText, RecoveryCode, public_jwk, wrap_history},
    lock, statement,
    transport::Transport,
    understand,
};

/// The keys of a device that takes over.
pub(crate) struct NewDevice {
    device: PrivateKey,
    agreement: PrivateKey,
    /// A new history key, for when no code brings the old one back.
    history: PrivateKey,
}

#[derive(Deserialize)]
struct Answer {
    device: String,
    #[serde(default)]
    credential: String,
    #[serde(default)]
    history_wrap_recovery: Option<String>,
    #[serde(default)]
    active_from: Option<i64>,
    #[serde(default)]
    wanghao: String,
    #[serde(default)]
    wanghao_masked: String,
}

/// Presents the document again and registers a new device; with the code the history comes along.
pub(crate) async fn recover<T: Transport>(
    service: &Service<'_, T>,
    applicant: Applicant,
    code: Option<RecoveryCode>,
) -> Result<Wallet, Failed> {
    let broken = |_| Failed::NotGenuine("a new key");
    // 1. New keys.
    let new = || PrivateKey::generate(Curve::P256, service.random).map_err(broken);
    let keys = NewDevice {
        device: new()?,
        agreement: new()?,
        history: new()?,
    };
    // 2. The document check again (no path is weaker than application).
    let notices = notices(service).await?;
    let statement =
        statement::of_new_key(&keys.device, service.issuer, service.now(), service.random)?;
    let mut body = json!({
        "statement": statement,
        "consents": consents(&notices),
        "document": applicant.document,
        "evidence": evidence(),
        "pin": applicant.pin,
        "agreement_key": public_jwk(keys.agreement.public()),
        "recovery_proof": code.as_ref().map(RecoveryCode::revealed),
        "device_name": DEVICE_NAME,
    });
    if code.is_none() {
        let wrap =
            wrap_history(&keys.history, keys.agreement.public(), service.random).map_err(broken)?;
        body["history_key"] = json!(public_jwk(keys.history.public()));
        body["history_wrap"] = json!(wrap);
    }
    let answer: Answer = understand(
        service.post("/person/api/recover", &body).await?,
        "recovery",
    )?;
    // 3. The history key: the old one out of the code's wrap, or the new one.
    let history = match (&code, &answer.history_wrap_recovery) {
        (Some(code), Some(wrap)) => Some(
            code.unwrap(wrap)
                .map_err(|_| Failed::NotGenuine("the history key kept for the recovery code"))?,
        ),
        (Some(_), None) => None,
        (None, _) => Some(keys.history.clone()),
    };
    let mut wallet = Wallet {
        issuer: service.issuer.to_owned(),
        person: applicant.name,
        device: answer.device,
        device_key: KeyText::of(&keys.device).map_err(broken)?,
        agreement_key: KeyText::of(&keys.agreement).map_err(broken)?,
        history_key: history
            .as_ref()
            .map(KeyText::of)
            .transpose()
            .map_err(broken)?,
        credential: answer.credential,
        wanghao: answer.wanghao,
        wanghao_masked: answer.wanghao_masked,
        pin: applicant.pin,
        recovery_code: code,
        active_from: answer.active_from.filter(|from| *from > service.now().0),
    };
    // 4. The credential for this device: with the answer, or once the device may act.
    if !wallet.credential.is_empty() {
        check_bound(&wallet.credential, &public_jwk(keys.device.public()))?;
    } else if wallet.active_from.is_none() {
        fetch_credential(service, &mut wallet).await?;
    }
    Ok(wallet)
}

/// Takes a credential bound to this device.
pub(crate) async fn fetch_credential<T: Transport>(
    service: &Service<'_, T>,
    wallet: &mut Wallet,
) -> Result<(), Failed> {
    #[derive(Deserialize)]
    struct Reissued {
        credential: String,
        wanghao: Option<String>,
        wanghao_masked: Option<String>,
    }
    let answer = lock::act(service, wallet, "credential", Map::new()).await?;
    let answer: Reissued = understand(answer, "credential")?;
    let device = wallet
        .device_key
        .key()
        .map_err(|_| Failed::NotGenuine("the device key of the wallet"))?;
    check_bound(&answer.credential, &public_jwk(device.public()))?;
    wallet.credential = answer.credential;
    wallet.wanghao = answer.wanghao.unwrap_or_else(|| wallet.wanghao.clone());
    wallet.wanghao_masked = answer
        .wanghao_masked
        .unwrap_or_else(|| wallet.wanghao_masked.clone());
    Ok(())
}

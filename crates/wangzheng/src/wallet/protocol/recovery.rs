//! P-recovery: a new device takes over with the document check again, and with the recovery code at once.

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::{Curve, PrivateKey};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    Failed, Service, Wallet,
    application::{Applicant, DEVICE_NAME, check_bound, consents, evidence, notices},
    guardian::part_of_application,
    keys::{KeyText, RecoveryCode, public_jwk, wrap_history},
    lock, statement,
    transport::Transport,
    understand,
};

#[derive(Deserialize)]
struct Answer {
    device: String,
    credential: String,
    wanghao_masked: String,
    #[serde(default)]
    recovery_wrap: Option<String>,
    active_from: i64,
}

/// Presents the document again and registers a new device; with the code the history comes along.
pub(crate) async fn recover<T: Transport>(
    service: &Service<'_, T>,
    applicant: Applicant,
    code: Option<RecoveryCode>,
    guardian: Option<&Wallet>,
) -> Result<Wallet, Failed> {
    let broken = |_| Failed::NotGenuine("a new key");
    // 1. New keys.
    let new = || PrivateKey::generate(Curve::P256, service.random).map_err(broken);
    let (device, agreement) = (new()?, new()?);
    // 2. The document check again (no path is weaker than application).
    let notices = notices(service).await?;
    let body = || -> Result<Value, Failed> {
        let now = service.now();
        let statement = statement::of_new_key(&device, service.issuer, now, service.random)?;
        Ok(json!({
            "statement": statement,
            "consents": consents(&notices),
            "document": applicant.document,
            "evidence": evidence(),
            "agreement_key": public_jwk(agreement.public()),
            "recovery_proof": code.as_ref().map(RecoveryCode::proof),
            "device_name": DEVICE_NAME,
        }))
    };
    let path = "/person/api/recover";
    let answered = match (service.post(path, &body()?).await, guardian) {
        // A minor's guardian has the same part in it as in an application (R4.2, R4.3).
        (Err(Failed::Refused(refusal)), Some(wallet)) => {
            let part = part_of_application(service, wallet, device.public(), &refusal).await?;
            let mut body = body()?;
            body["guardian"] = json!(part.ok_or(Failed::Refused(refusal))?);
            service.post(path, &body).await?
        }
        (answered, _) => answered?,
    };
    let answer: Answer = understand(answered, "recovery")?;
    check_bound(&answer.credential, &public_jwk(device.public()))?;
    // 3. The old history key, out of the code's wrap.
    let history = match (&code, &answer.recovery_wrap) {
        (Some(code), Some(wrap)) => Some(
            code.unwrap(wrap)
                .map_err(|_| Failed::NotGenuine("the history key kept for the recovery code"))?,
        ),
        _ => None,
    };
    let history_key = history.as_ref().map(KeyText::of).transpose();
    Ok(Wallet {
        issuer: service.issuer.to_owned(),
        person: applicant.name,
        device: answer.device,
        device_key: KeyText::of(&device).map_err(broken)?,
        agreement_key: KeyText::of(&agreement).map_err(broken)?,
        history_key: history_key.map_err(broken)?,
        credential: answer.credential,
        wanghao_masked: answer.wanghao_masked,
        pin: applicant.pin,
        recovery_code: code,
        history_settled: false,
        active_from: (answer.active_from > service.now().0).then_some(answer.active_from),
    })
}

/// The first act of a recovered device: the history key is wrapped for it, or a new history begins where nobody can
/// open the old one.
pub(crate) async fn settle_history<T: Transport>(
    service: &Service<'_, T>,
    wallet: &mut Wallet,
) -> Result<(), Failed> {
    let broken = |_| Failed::NotGenuine("a key of the wallet");
    let known = wallet.history_key.as_ref().map(KeyText::key).transpose();
    let known = known.map_err(broken)?;
    let (act, key) = match known {
        Some(key) => ("history_wrap", key),
        None => (
            "history_begin",
            PrivateKey::generate(Curve::P256, service.random).map_err(broken)?,
        ),
    };
    let agreement = wallet.agreement_key.key().map_err(broken)?;
    let wrap = wrap_history(&key, agreement.public(), service.random).map_err(broken)?;
    let mut fields: Map<String, Value> = Map::new();
    fields.insert("history_wrap".to_owned(), json!(wrap));
    if act == "history_begin" {
        let point = key.public().to_sec1().map_err(broken)?;
        let point = Base64UrlUnpadded::encode_string(&point);
        fields.insert("history_key".to_owned(), json!(point));
    }
    lock::act(service, wallet, act, fields).await?;
    wallet.history_key = Some(KeyText::of(&key).map_err(broken)?);
    wallet.history_settled = true;
    wallet.active_from = None;
    Ok(())
}

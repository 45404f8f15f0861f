//! 申领: a person without a 网证 applies for one (Art. 4, R4.1), from notice to credential.

use jose::{jwk::Jwk, sd_jwt::SdJwt};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Failed, Service, Wallet,
    guardian::part_of_application,
    keys::{FirstKeys, KeyText, public_jwk, wrap_history},
    statement,
    transport::Transport,
    understand,
};

/// A document as it is typed in or read from a chip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DocumentText {
    /// Wire name of the kind.
    pub kind: String,
    /// The number.
    pub number: String,
    /// The holder's name.
    pub holder: String,
    /// `YYYY-MM-DD`.
    pub birth_date: String,
    /// Last day of validity, `YYYY-MM-DD`; absent for a long-term document.
    pub valid_until: Option<String>,
}

/// Who applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Applicant {
    /// Name of the sandbox person.
    pub name: String,
    /// What the person presents.
    pub document: DocumentText,
    /// The 口令 the person chose.
    pub pin: String,
}

/// A notice the person agreed to (Art. 9, 11).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Notice {
    /// `general` or `separate`.
    pub kind: String,
    /// Digest of the text, which the consent names.
    pub digest: String,
    /// Title.
    pub title: String,
}

/// Whether the service keeps a part of the application already (R15.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Begun {
    /// Everything is said now.
    Now,
    /// Consents and document were said while the registry did not answer.
    Before,
}

/// What came of an application.
#[derive(Debug)]
pub(crate) struct Applied {
    /// The new wallet.
    pub wallet: Wallet,
    /// What was agreed to.
    pub notices: Vec<Notice>,
    /// The 网号; the person's alone. It stays readable in the credential on this device.
    pub wanghao: String,
    /// Number of the receipt of the application.
    pub receipt_number: Option<String>,
}

/// Name a wallet gives its device.
pub(crate) const DEVICE_NAME: &str = "命令行钱包 wallet";

/// Reads what has to be agreed to before an application.
pub(crate) async fn notices<T: Transport>(service: &Service<'_, T>) -> Result<Vec<Notice>, Failed> {
    #[derive(Deserialize)]
    struct Notices {
        notices: Vec<Notice>,
    }
    let answer = service.ask("/person/api/notice?kind=apply").await?;
    let Notices { notices } = understand(answer.accepted()?, "notices")?;
    if notices.is_empty() {
        return Err(Failed::NotUnderstood("no notice to agree to"));
    }
    Ok(notices)
}

/// Agrees to the notices, presents the document, and takes the credential.
///
/// `keys` come from the caller, who keeps them first: if the answer is lost, the service may know them already.
pub(crate) async fn apply<T: Transport>(
    service: &Service<'_, T>,
    applicant: Applicant,
    keys: FirstKeys,
    guardian: Option<&Wallet>,
    begun: Begun,
) -> Result<Applied, Failed> {
    #[derive(Deserialize)]
    struct Answer {
        device: String,
        credential: String,
        wanghao: String,
        wanghao_masked: String,
        receipt_number: Option<String>,
    }
    // 1. Read what is to be agreed to, and agree (R9.2). A person at a terminal asked for exactly this.
    let notices = notices(service).await?;
    // 2. Apply.
    let body = request(service, &applicant, &keys, &notices, begun)?;
    let path = "/person/api/apply";
    let answered = match (service.post(path, &body).await, guardian) {
        // A minor does not apply alone (R4.2, R4.3): the guardian does their part, and it goes in with it.
        (Err(Failed::Refused(refusal)), Some(wallet)) => {
            let device = keys.device.public();
            let part = part_of_application(service, wallet, device, &refusal).await?;
            let part = part.ok_or(Failed::Refused(refusal))?;
            let mut body = request(service, &applicant, &keys, &notices, begun)?;
            body["guardian"] = json!(part);
            service.post(path, &body).await?
        }
        (answered, _) => answered?,
    };
    if answered["state"] == "waiting" {
        let until = answered["kept_until"].as_str().unwrap_or_default();
        return Err(Failed::Waiting {
            until: until.to_owned(),
        });
    }
    let answer: Answer = understand(answered, "application")?;
    // 3. Take only a credential that is bound to this device.
    check_bound(&answer.credential, &public_jwk(keys.device.public()))?;
    let broken = |_| Failed::NotGenuine("a new key");
    let wallet = Wallet {
        issuer: service.issuer.to_owned(),
        person: applicant.name,
        device: answer.device,
        device_key: KeyText::of(&keys.device).map_err(broken)?,
        agreement_key: KeyText::of(&keys.agreement).map_err(broken)?,
        history_key: Some(KeyText::of(&keys.history).map_err(broken)?),
        credential: answer.credential,
        wanghao_masked: answer.wanghao_masked,
        pin: applicant.pin,
        recovery_code: Some(keys.recovery),
        history_settled: true,
        active_from: None,
    };
    Ok(Applied {
        wallet,
        notices,
        wanghao: answer.wanghao,
        receipt_number: answer.receipt_number,
    })
}

fn request<T: Transport>(
    service: &Service<'_, T>,
    applicant: &Applicant,
    keys: &FirstKeys,
    notices: &[Notice],
    begun: Begun,
) -> Result<Value, Failed> {
    let broken = |_| Failed::NotGenuine("a new key");
    let statement =
        statement::of_new_key(&keys.device, service.issuer, service.now(), service.random)?;
    let wrap =
        wrap_history(&keys.history, keys.agreement.public(), service.random).map_err(broken)?;
    let mut body = json!({
        "statement": statement,
        "pin": applicant.pin,
        "agreement_key": public_jwk(keys.agreement.public()),
        "history_key": public_jwk(keys.history.public()),
        "history_wrap": wrap,
        "recovery": {
            "wrap": keys.recovery.wrap(&keys.history).map_err(broken)?,
            "proof": keys.recovery.proof(),
        },
        "device_name": DEVICE_NAME,
    });
    match begun {
        Begun::Now => {
            body["consents"] = consents(notices);
            body["document"] = json!(applicant.document);
            body["evidence"] = evidence();
        }
        Begun::Before => body["kept"] = json!(true),
    }
    Ok(body)
}

/// The consents that answer the notices.
pub(super) fn consents(notices: &[Notice]) -> Value {
    notices
        .iter()
        .map(|notice| json!({ "kind": notice.kind, "notice": notice.digest }))
        .collect()
}

/// What the simulated chip reader says: the chip was read. No face is needed (P-face).
pub(super) fn evidence() -> Value {
    json!({ "chip": true, "face": null })
}

/// The credential parses and names this device's key (R2.2: bound to a key on the person's device).
pub(super) fn check_bound(credential: &str, device: &Jwk) -> Result<(), Failed> {
    let not_genuine = Failed::NotGenuine("the credential received");
    let parsed = SdJwt::parse(credential).map_err(|_| not_genuine.clone())?;
    let claims: Value = jose::jws::Unverified::parse_up_to(&parsed.jws, jose::sd_jwt::MOST_BYTES)
        .and_then(|jws| jws.unverified_claims())
        .map_err(|_| not_genuine.clone())?;
    let holder: Jwk =
        serde_json::from_value(claims["cnf"]["jwk"].clone()).map_err(|_| not_genuine.clone())?;
    match (holder.thumbprint(), device.thumbprint()) {
        (Ok(holder), Ok(device)) if holder == device => Ok(()),
        _ => Err(not_genuine),
    }
}

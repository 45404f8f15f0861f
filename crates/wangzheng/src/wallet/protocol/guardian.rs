//! 监护: what a guardian's device signs beside a child's, and what a family can see (Art. 4(2)–(3), 5(2)).

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::PublicKey;
use crypto::sealed_box;
use identity::receipt::{SEAL_CONTEXT, unpad};
use serde_json::{Map, Value, json};

use super::{
    Failed, Refusal, Service, Wallet,
    application::{Notice, consents},
    approval::Request,
    keys::{KeyText, public_jwk},
    lock::act,
    statement::{self, Kind},
    transport::Transport,
    understand,
};

/// What a guardian decides about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    /// Yes, to this one.
    Once,
    /// Yes, to this one and every later one at this platform.
    Always,
    /// No.
    No,
}

/// A guardian's decision, signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    /// The statement.
    pub statement: String,
    /// Whether it is a no.
    pub refuses: bool,
}

/// The guardian's part that a refused application asks for; any other refusal stays one. What the age asks of a
/// guardian is the service's rule, so the service is asked first and told nothing it could keep.
pub(crate) async fn part_of_application<T: Transport>(
    service: &Service<'_, T>,
    guardian: &Wallet,
    device: &PublicKey,
    refusal: &Refusal,
) -> Result<Option<String>, Failed> {
    if refusal.rule != "guardian_needed" {
        return Ok(None);
    }
    let mut fields = about(device)?;
    if refusal.further.get("age_group").and_then(Value::as_str) == Some("guardian_supervises") {
        fields.insert("act".to_owned(), json!("supervise"));
    } else {
        // R4.2: the guardian reads and consents, on its own.
        let notices = minors_notices(service).await?;
        fields.insert("act".to_owned(), json!("apply"));
        fields.insert("consents".to_owned(), consents(&notices));
    }
    sign(service, guardian, fields).map(Some)
}

/// The guardian's decision about a request of a child.
pub(crate) fn part_of_verification<T: Transport>(
    service: &Service<'_, T>,
    guardian: &Wallet,
    child: &Wallet,
    request: &Request,
    choice: Choice,
) -> Result<Part, Failed> {
    let key = child
        .device_key
        .key()
        .map_err(|_| Failed::NotGenuine("the device key of the child's wallet"))?;
    let refuses = choice == Choice::No;
    let mut fields = about(key.public())?;
    let transaction = statement::transaction_digest(&request.transaction);
    for (name, value) in [
        ("act", json!("verification")),
        ("transaction", json!(transaction)),
        (
            "decision",
            json!(if refuses { "refuse" } else { "approve" }),
        ),
        ("standing", json!(choice == Choice::Always)),
    ] {
        fields.insert(name.to_owned(), value);
    }
    Ok(Part {
        statement: sign(service, guardian, fields)?,
        refuses,
    })
}

/// The family of a wallet's person.
pub(crate) async fn family<T: Transport>(
    service: &Service<'_, T>,
    wallet: &Wallet,
) -> Result<Value, Failed> {
    act(service, wallet, "family", Map::new()).await
}

/// Has the register asked again: about the person's own guardians and about each child.
pub(crate) async fn refresh<T: Transport>(
    service: &Service<'_, T>,
    wallet: &Wallet,
) -> Result<(), Failed> {
    act(service, wallet, "refresh_guardians", Map::new()).await?;
    let family = family(service, wallet).await?;
    for child in family["children"].as_array().into_iter().flatten() {
        let mut fields = Map::new();
        fields.insert("child".to_owned(), child["child"].clone());
        act(service, wallet, "refresh_guardians", fields).await?;
    }
    Ok(())
}

/// The standing consents, with the platforms' names where this wallet can open them.
pub(crate) async fn standing_consents<T: Transport>(
    service: &Service<'_, T>,
    wallet: &Wallet,
) -> Result<Vec<Value>, Failed> {
    let answer = act(service, wallet, "standing_consents", Map::new()).await?;
    let consents = answer["standing_consents"].as_array().cloned();
    let mut consents = consents.ok_or(Failed::NotUnderstood("standing consents"))?;
    let key = wallet.history_key.as_ref().map(KeyText::key).transpose();
    let key = key.map_err(|_| Failed::NotGenuine("the history key of the wallet"))?;
    for consent in &mut consents {
        let sealed = consent["sealed"].as_str();
        let sealed = sealed.and_then(|text| Base64UrlUnpadded::decode_vec(text).ok());
        let opened = key.as_ref().zip(sealed).and_then(|(key, sealed)| {
            let padded = sealed_box::open(key, SEAL_CONTEXT, &sealed).ok()?;
            serde_json::from_slice::<Value>(unpad(&padded)?).ok()
        });
        if let Some(members) = consent.as_object_mut() {
            members.remove("sealed");
            if let Some(opened) = opened {
                for name in ["platform", "platform_id", "host"] {
                    members.insert(name.to_owned(), opened[name].clone());
                }
            }
        }
    }
    Ok(consents)
}

/// Withdraws the standing consents for a platform, by its name, id or host; how many.
pub(crate) async fn withdraw_standing<T: Transport>(
    service: &Service<'_, T>,
    wallet: &Wallet,
    platform: &str,
) -> Result<usize, Failed> {
    let mut withdrawn = 0;
    for consent in standing_consents(service, wallet).await? {
        let named = ["platform", "platform_id", "host"];
        if !named.iter().any(|name| consent[*name] == platform) {
            continue;
        }
        let mut fields = Map::new();
        fields.insert("standing".to_owned(), consent["id"].clone());
        if !consent["child"].is_null() {
            fields.insert("child".to_owned(), consent["child"].clone());
        }
        act(service, wallet, "withdraw_standing_consent", fields).await?;
        withdrawn += 1;
    }
    Ok(withdrawn)
}

/// What the guardian of a child under 14 consents to.
async fn minors_notices<T: Transport>(service: &Service<'_, T>) -> Result<Vec<Notice>, Failed> {
    #[derive(serde::Deserialize)]
    struct Notices {
        notices: Vec<Notice>,
    }
    let answer = service.ask("/person/api/notice?kind=minors").await?;
    let Notices { notices } = understand(answer.accepted()?, "notices")?;
    Ok(notices)
}

/// Every statement of a guardian names the device of the child it is about.
fn about(device: &PublicKey) -> Result<Map<String, Value>, Failed> {
    let thumbprint = public_jwk(device).thumbprint();
    let thumbprint = thumbprint.map_err(|_| Failed::NotGenuine("the child's device key"))?;
    let mut fields = Map::new();
    fields.insert("key".to_owned(), json!(thumbprint));
    Ok(fields)
}

fn sign<T: Transport>(
    service: &Service<'_, T>,
    guardian: &Wallet,
    fields: Map<String, Value>,
) -> Result<String, Failed> {
    let now = service.now();
    statement::of_device(guardian, Kind::Guardian, fields, now, service.random)
}

//! 投诉: filed by the device, found again by number and secret from the person's own inbox (R7.2, R7.3).

use serde_json::{Map, Value, json};

use super::{
    Failed, Refusal, Service, Wallet,
    history::{self, Signature},
    lock::act,
    transport::Transport,
};

/// What is complained of.
#[derive(Debug, Clone)]
pub(crate) struct NewComplaint {
    /// Id of the platform, as in demo.json, or its client id.
    pub platform: String,
    /// The kind.
    pub kind: String,
    /// In the person's words.
    pub text: String,
    /// Ids of receipts to attach; attaching one agrees to its use as evidence.
    pub receipts: Vec<String>,
}

/// Files a complaint; number, secret, time limit, and the service's signed word for it.
pub(crate) async fn complain<T: Transport>(
    service: &Service<'_, T>,
    wallet: &mut Wallet,
    new: &NewComplaint,
) -> Result<Value, Failed> {
    let receipts = match new.receipts.as_slice() {
        [] => Vec::new(),
        ids => attached(service, wallet, ids).await?,
    };
    let fields = json!({
        "platform": new.platform,
        "kind": new.kind,
        "text": new.text,
        "share": !receipts.is_empty(),
        "receipts": receipts,
    });
    act(service, wallet, "complain", members(fields)).await
}

/// How a complaint stands that this person filed, on whichever device.
pub(crate) async fn status<T: Transport>(
    service: &Service<'_, T>,
    wallet: &mut Wallet,
    number: &str,
) -> Result<Value, Failed> {
    let history = history::receipts(service, wallet).await?;
    if let Some(key) = history.unwrapped {
        wallet.history_key = Some(key);
    }
    let note = history.receipts.iter().find(|entry| {
        entry.signature == Signature::Note && entry.text("complaint") == Some(number)
    });
    let unknown = || Refusal::own("not_found", "no complaint of this number is in this inbox");
    let secret = note
        .and_then(|note| note.text("secret"))
        .ok_or_else(unknown)?;
    let fields = json!({ "complaints": [{ "number": number, "secret": secret }] });
    let mut answer = act(service, wallet, "complaints", members(fields)).await?;
    let found = answer["complaints"].as_array_mut().and_then(Vec::pop);
    Ok(found.ok_or_else(unknown)?)
}

/// The signed texts of receipts, by their ids.
async fn attached<T: Transport>(
    service: &Service<'_, T>,
    wallet: &mut Wallet,
    ids: &[String],
) -> Result<Vec<String>, Failed> {
    let history = history::receipts(service, wallet).await?;
    if let Some(key) = history.unwrapped {
        wallet.history_key = Some(key);
    }
    ids.iter()
        .map(|id| {
            let named = |entry: &&history::Receipt| {
                entry.signature == Signature::Good
                    && (entry.id == *id || entry.text("jti") == Some(id))
            };
            let found = history.receipts.iter().find(named);
            let text = found.map(|entry| entry.signed.clone()).ok_or_else(|| {
                let text = format!("{id} is not a signed receipt of this person");
                Refusal::own("receipt_not_found", text)
            })?;
            Ok(text)
        })
        .collect()
}

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

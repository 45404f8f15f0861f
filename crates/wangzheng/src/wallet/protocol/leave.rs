//! 注销: leaves, thinks again, and checks the receipt of erasure (R9.5).

use jose::jwk::JwkSet;
use serde_json::{Map, Value, json};

use super::{
    Failed, Service, Wallet, history, lock::act, statement, transport::Transport, understand,
};

/// How far a leave is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Left {
    /// Erased; the receipt is genuine and of this device.
    Erased {
        /// Compact JWS.
        receipt: String,
        /// What it says.
        claims: Map<String, Value>,
    },
    /// Restricted; erased on a day, unless cancelled before.
    Leaving {
        /// `YYYY-MM-DD`.
        erase_on: String,
    },
}

/// Leaves. The device names the apps of its own receipts, so that they are told and nobody else (C1).
pub(crate) async fn leave<T: Transport>(
    service: &Service<'_, T>,
    wallet: &Wallet,
    pin: &str,
) -> Result<Left, Failed> {
    // 1. The key that will have signed the receipt, while there is still time to refuse.
    let keys = history::receipt_keys(service).await?;
    let mut fields = Map::new();
    fields.insert("pin".to_owned(), json!(pin));
    fields.insert("clients".to_owned(), json!(clients(service, wallet).await));
    // 2. A lost answer, or an erasure when the cooling-off was over: the device is unknown, its receipt is there.
    let answer = match act(service, wallet, "leave", fields).await {
        Err(Failed::Refused(refusal)) if refusal.rule == "device_unknown" => {
            let statement = statement::of_erased_device(wallet, service.now(), service.random)?;
            let body = json!({ "statement": statement });
            let fetched = service.post("/person/api/leave-receipt", &body).await;
            fetched.map_err(|_| Failed::Refused(refusal))?
        }
        answer => answer?,
    };
    read(answer, wallet, &keys)
}

/// Thinks again; the state of the 网证 afterwards.
pub(crate) async fn cancel<T: Transport>(
    service: &Service<'_, T>,
    wallet: &Wallet,
) -> Result<String, Failed> {
    let answer = act(service, wallet, "leave_cancel", Map::new()).await?;
    let state = answer["state"].as_str().map(str::to_owned);
    state.ok_or(Failed::NotUnderstood("leave-cancel"))
}

/// The apps of the receipts this device can open; without the history nobody is named, and the service tells nobody.
async fn clients<T: Transport>(service: &Service<'_, T>, wallet: &Wallet) -> Vec<String> {
    let Ok(history) = history::receipts(service, wallet).await else {
        return Vec::new();
    };
    let named = history
        .receipts
        .iter()
        .filter_map(|receipt| receipt.text("aud"));
    let mut clients: Vec<String> = named.map(str::to_owned).collect();
    clients.sort_unstable();
    clients.dedup();
    clients
}

fn read(answer: Value, wallet: &Wallet, keys: &JwkSet) -> Result<Left, Failed> {
    if answer["state"] == "leaving" {
        let erase_on = answer["erase_on"].as_str().map(str::to_owned);
        let erase_on = erase_on.ok_or(Failed::NotUnderstood("leave"))?;
        return Ok(Left::Leaving { erase_on });
    }
    let mut answer: Map<String, Value> = understand(answer, "leave")?;
    let Some(Value::String(receipt)) = answer.remove("receipt") else {
        return Err(Failed::NotUnderstood("leave"));
    };
    let claims =
        genuine(&receipt, wallet, keys).ok_or(Failed::NotGenuine("the receipt of erasure"))?;
    Ok(Left::Erased { receipt, claims })
}

/// Signed by the service, about the holder of this device's key.
fn genuine(receipt: &str, wallet: &Wallet, keys: &JwkSet) -> Option<Map<String, Value>> {
    let claims = history::verified(receipt, "wz-erasure-receipt+jwt", keys)?;
    let key = wallet.device_key.key().ok()?;
    let thumbprint = super::keys::public_jwk(key.public()).thumbprint().ok()?;
    let ours = claims
        .get("iss")
        .is_some_and(|issuer| *issuer == wallet.issuer)
        && claims
            .get("cnf")
            .is_some_and(|cnf| cnf["jkt"] == thumbprint);
    ours.then_some(claims)
}

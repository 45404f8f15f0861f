//! 锁定 and 解锁: only the person locks, only the person unlocks (R2.2, C3).

use serde_json::{Map, Value, json};

use super::{
    Failed, Service, Wallet,
    statement::{self, Kind},
    transport::Transport,
};

/// Locks the 网证; needs nothing but the device. The apps named are told.
pub(crate) async fn lock<T: Transport>(
    service: &Service<'_, T>,
    wallet: &Wallet,
    clients: &[String],
) -> Result<Value, Failed> {
    let mut fields = Map::new();
    fields.insert("clients".to_owned(), json!(clients));
    act(service, wallet, "lock", fields).await
}

/// Unlocks it again with the 口令.
pub(crate) async fn unlock<T: Transport>(
    service: &Service<'_, T>,
    wallet: &Wallet,
    pin: &str,
    clients: &[String],
) -> Result<Value, Failed> {
    let mut fields = Map::new();
    fields.insert("clients".to_owned(), json!(clients));
    fields.insert("pin".to_owned(), json!(pin));
    act(service, wallet, "unlock", fields).await
}

/// Posts a signed act to the path of its name.
pub(crate) async fn act<T: Transport>(
    service: &Service<'_, T>,
    wallet: &Wallet,
    act: &str,
    mut fields: Map<String, Value>,
) -> Result<Value, Failed> {
    fields.insert("act".to_owned(), json!(act));
    let statement = statement::of_device(wallet, Kind::Act, fields, service.now(), service.random)?;
    let path = format!("/person/api/{}", act.replace('_', "-"));
    service
        .post(&path, &json!({ "statement": statement }))
        .await
}

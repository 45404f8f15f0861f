//! The person's rights: see, copy, correct, restrict, explain, a new 网号, a renewed document (PIPL 44–50, R15.2).

use jose::jws::Unverified;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    Failed, Service, Wallet,
    application::{DocumentText, check_bound, evidence},
    history,
    keys::public_jwk,
    lock::act,
    statement::{self, Kind},
    transport::Transport,
    understand,
};

/// Longest export that is read, in bytes.
const LONGEST: usize = 64 << 20;
/// Where the readable page takes the opened history.
const HISTORY: &str = "<!-- history -->";

/// A copy of everything, its signature checked.
#[derive(Debug)]
pub(crate) struct Export {
    /// The file: what the service signed, and the history this device opened.
    pub file: Value,
    /// The same to read.
    pub page: String,
    /// How many entries of the history are in it.
    pub entries: usize,
}

/// Asks for the copy, checks that the service signed it, and adds the history only this device can open.
pub(crate) async fn export<T: Transport>(
    service: &Service<'_, T>,
    wallet: &Wallet,
    pin: &str,
) -> Result<Export, Failed> {
    #[derive(Deserialize)]
    struct Answer {
        export: String,
        page: String,
    }
    // 1. The history first: the export names what is there now.
    let entries = history::opened(service, wallet).await?;
    // 2. The copy, signed by a receipt key of this service.
    let mut fields = Map::new();
    fields.insert("pin".to_owned(), json!(pin));
    let answer: Answer = understand(act(service, wallet, "export", fields).await?, "export")?;
    let not_genuine = || Failed::NotGenuine("the export");
    let keys = history::receipt_keys(service).await?;
    let unverified = Unverified::parse_up_to(&answer.export, LONGEST).map_err(|_| not_genuine())?;
    if !unverified.header().has_type("wz-export+jwt") {
        return Err(not_genuine());
    }
    let verified = unverified
        .verify_with_set(&keys)
        .map_err(|_| not_genuine())?;
    let claims: Map<String, Value> = verified
        .claims::<Map<String, Value>>()
        .map_err(|_| not_genuine())?
        .into_inner();
    if claims.get("iss") != Some(&json!(service.issuer)) {
        return Err(not_genuine());
    }
    // 3. Both together.
    let page = answer.page.replacen(HISTORY, &table(&entries), 1);
    Ok(Export {
        entries: entries.len(),
        file: json!({
            "format": "wz-export-1",
            "signed": answer.export,
            "history": entries,
        }),
        page,
    })
}

/// The opened history as a table in both languages.
fn table(entries: &[history::Opened]) -> String {
    let mut rows = String::new();
    for entry in entries {
        let cell = |text: &str| format!("<td>{}</td>", escaped(text));
        rows.push_str("<tr>");
        rows.push_str(&cell(&entry.day));
        rows.push_str(&cell(&entry.title));
        rows.push_str(&cell(&entry.text));
        rows.push_str("</tr>\n");
    }
    format!(
        "<table><thead><tr><th>日期 <span class=\"en\" lang=\"en\">day</span></th>\
         <th>对象 <span class=\"en\" lang=\"en\">about</span></th>\
         <th>凭据原文 <span class=\"en\" lang=\"en\">the receipt itself</span></th></tr></thead><tbody>\n\
         {rows}</tbody></table>"
    )
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// A change that may bring a new credential.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Change {
    /// `changed`, `unchanged`, `waiting`.
    pub state: String,
    /// What changed, by name.
    #[serde(default)]
    pub changed: Vec<String>,
    /// Which issue of the 网证 it is.
    #[serde(default)]
    pub serial: Option<u32>,
    /// Last day of validity.
    #[serde(default)]
    pub valid_until: Option<String>,
    /// The state of the 网证 now.
    #[serde(default)]
    pub wangzheng: Option<String>,
    /// To ask with, while the register does not answer.
    #[serde(default)]
    pub queue_number: Option<String>,
    #[serde(default)]
    credential: Option<String>,
}

/// Corrects through the register: with what the service holds, or with what the person says is right.
pub(crate) async fn correct<T: Transport>(
    service: &Service<'_, T>,
    wallet: &mut Wallet,
    document: Option<&DocumentText>,
) -> Result<Change, Failed> {
    let mut fields = Map::new();
    if let Some(document) = document {
        fields.insert("document".to_owned(), json!(document));
    }
    let answer = act(service, wallet, "correct", fields).await?;
    take(wallet, understand(answer, "correction")?)
}

/// Shows a renewed document, or another one of the same person, chip and all.
pub(crate) async fn renew<T: Transport>(
    service: &Service<'_, T>,
    wallet: &mut Wallet,
    document: &DocumentText,
) -> Result<Change, Failed> {
    let mut fields = Map::new();
    fields.insert("act".to_owned(), json!("renew"));
    let statement = statement::of_device(wallet, Kind::Act, fields, service.now(), service.random)?;
    let body = json!({
        "statement": statement,
        "document": document,
        "evidence": evidence(),
    });
    let answer = service.post("/person/api/renew", &body).await?;
    take(wallet, understand(answer, "renewal")?)
}

/// Takes only a credential that is bound to this device.
fn take(wallet: &mut Wallet, change: Change) -> Result<Change, Failed> {
    if let Some(credential) = &change.credential {
        bind(wallet, credential)?;
    }
    Ok(change)
}

fn bind(wallet: &mut Wallet, credential: &str) -> Result<(), Failed> {
    let broken = |_| Failed::NotGenuine("a key of the wallet");
    let device = wallet.device_key.key().map_err(broken)?;
    check_bound(credential, &public_jwk(device.public()))?;
    credential.clone_into(&mut wallet.credential);
    Ok(())
}

/// A new 网号; the old one is dead.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Reissued {
    /// The person's alone.
    pub wanghao: String,
    /// As it may be shown.
    pub wanghao_masked: String,
    /// Which issue of the 网证 it is.
    pub serial: u32,
    credential: String,
}

/// Asks for it with the 口令.
pub(crate) async fn reissue<T: Transport>(
    service: &Service<'_, T>,
    wallet: &mut Wallet,
    pin: &str,
) -> Result<Reissued, Failed> {
    let mut fields = Map::new();
    fields.insert("pin".to_owned(), json!(pin));
    let answer = act(service, wallet, "reissue", fields).await?;
    let reissued: Reissued = understand(answer, "re-issue")?;
    bind(wallet, &reissued.credential)?;
    wallet.wanghao_masked.clone_from(&reissued.wanghao_masked);
    Ok(reissued)
}

/// Restricts, or lifts the restriction with the 口令.
pub(crate) async fn restrict<T: Transport>(
    service: &Service<'_, T>,
    wallet: &Wallet,
    lift_with: Option<&str>,
) -> Result<Value, Failed> {
    let mut fields = Map::new();
    match lift_with {
        None => act(service, wallet, "restrict", fields).await,
        Some(pin) => {
            fields.insert("pin".to_owned(), json!(pin));
            act(service, wallet, "unrestrict", fields).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_platform_calls_itself_is_no_markup_in_the_page() {
        let entry = history::Opened {
            id: 1,
            day: "2026-11-22".to_owned(),
            commitment: crypto::digest::Digest([1; 32]),
            title: "<script>'x'</script>".to_owned(),
            text: "a & b".to_owned(),
        };
        let table = table(&[entry]);
        assert!(!table.contains("<script>"), "{table}");
        assert!(table.contains("a &amp; b") && table.contains("&#39;x&#39;"));
    }
}

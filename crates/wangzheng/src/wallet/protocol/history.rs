//! 使用记录: the receipts only this person can open (C1), each checked against the issuer's keys and the public log.

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::{PrivateKey, digest::Digest, sealed_box};
use identity::receipt::{SEAL_CONTEXT, unpad};
use jose::{
    jwk::{Jwk, JwkSet},
    jws::Unverified,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    Failed, Service, Wallet,
    inclusion::{self, Inclusion},
    keys::{KeyText, unwrap_history},
    statement::{self, Kind},
    transport::Transport,
    understand,
};

/// A receipt as its owner reads it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Receipt {
    /// Its id at the service.
    pub id: String,
    /// `YYYY-MM-DD`.
    pub day: String,
    /// `verification`, `refusal` …
    pub kind: String,
    /// Whether the issuer signed it.
    pub signature: Signature,
    /// Where its commitment stands in the public log.
    pub inclusion: Inclusion,
    /// What it says.
    pub claims: Map<String, Value>,
    /// The signed text itself, where there is one.
    #[serde(skip)]
    pub signed: String,
}

impl Receipt {
    /// A claim as a line of text: a text itself, or the `name`, `title` or `id` of an object.
    pub(crate) fn text(&self, claim: &str) -> Option<&str> {
        let value = self.claims.get(claim)?;
        value.as_str().or_else(|| {
            ["name", "title", "id"]
                .iter()
                .find_map(|name| value.get(name)?.as_str())
        })
    }
}

impl Receipt {
    /// A claim that the service wrote in both languages, as one text.
    pub(crate) fn both(&self, claim: &str) -> Option<String> {
        let value = self.claims.get(claim)?;
        let (chinese, english) = (
            value.get("chinese")?.as_str()?,
            value.get("english")?.as_str()?,
        );
        let between = if claim == "title" { " · " } else { "\n" };
        Some(format!("{chinese}{between}{english}"))
    }
}

/// Whether the issuer signed what an entry says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Signature {
    /// By a published receipt key, and about this very entry.
    Good,
    /// A note of the service to the person (a refusal, a new device): nobody else has it, so nobody signed it.
    Note,
    /// Sealed to an earlier history key that this device does not have (P-recovery without the code).
    Unopened,
    /// Opened, and not signed by the issuer or about another entry.
    Bad,
}

/// The person's history.
#[derive(Debug)]
pub(crate) struct History {
    /// Newest first, as the service gave them.
    pub receipts: Vec<Receipt>,
    /// The history key, if the wallet did not have it and could unwrap it now.
    pub unwrapped: Option<KeyText>,
}

#[derive(Deserialize)]
struct SealedEntry {
    id: u64,
    day: String,
    sealed: String,
    commitment: Digest,
}

#[derive(Deserialize)]
struct Page {
    receipts: Vec<SealedEntry>,
    history_wrap: Option<String>,
}

/// Fetches, opens and checks all receipts.
pub(crate) async fn receipts<T: Transport>(
    service: &Service<'_, T>,
    wallet: &Wallet,
) -> Result<History, Failed> {
    // 1. The sealed entries.
    let (entries, wrap) = sealed(service, wallet).await?;
    // 2. The key that opens them.
    let (key, unwrapped) = history_key(wallet, wrap.as_deref())?;
    // 3. The keys that signed them, and those that sign the heads of the log.
    let receipt_keys = receipt_keys(service).await?;
    let log_keys = inclusion::log_keys(service).await?;
    let mut receipts = Vec::new();
    for entry in entries {
        let text = open(&key, &entry.sealed);
        let (signature, claims) = match &text {
            Some(text) => read(text, service.issuer, &entry.commitment, &receipt_keys),
            None => (Signature::Unopened, Map::new()),
        };
        receipts.push(Receipt {
            id: entry.id.to_string(),
            day: entry.day,
            kind: kind(signature, &claims),
            signed: text
                .filter(|_| signature == Signature::Good)
                .unwrap_or_default(),
            signature,
            inclusion: inclusion::of(service, &entry.commitment, &log_keys).await?,
            claims,
        });
    }
    Ok(History {
        receipts,
        unwrapped,
    })
}

/// An entry as it is, opened and not judged.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Opened {
    /// Its id at the service.
    pub id: u64,
    /// `YYYY-MM-DD`.
    pub day: String,
    /// What finds it in the public log.
    pub commitment: Digest,
    /// The platform, or what a note is about.
    pub title: String,
    /// The receipt (compact JWS) or the note (JSON).
    pub text: String,
}

/// All entries this device can open, newest first.
pub(crate) async fn opened<T: Transport>(
    service: &Service<'_, T>,
    wallet: &Wallet,
) -> Result<Vec<Opened>, Failed> {
    let (entries, wrap) = sealed(service, wallet).await?;
    let (key, _) = history_key(wallet, wrap.as_deref())?;
    let opened = entries.into_iter().filter_map(|entry| {
        let text = open(&key, &entry.sealed)?;
        Some(Opened {
            id: entry.id,
            day: entry.day,
            commitment: entry.commitment,
            title: title(&claims_of(&text)),
            text,
        })
    });
    Ok(opened.collect())
}

/// What an entry says, whoever signed it: for a title, never for a judgement.
fn claims_of(text: &str) -> Map<String, Value> {
    if let Ok(note) = serde_json::from_str(text) {
        return note;
    }
    let receipt = Unverified::parse(text).ok();
    receipt
        .and_then(|receipt| receipt.unverified_claims().ok())
        .unwrap_or_default()
}

fn title(claims: &Map<String, Value>) -> String {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let note = claims
        .get("title")
        .and_then(|title| text(title.get("chinese")));
    text(claims.get("platform"))
        .or(note)
        .or_else(|| text(claims.get("kind")))
        .unwrap_or_default()
}

/// The sealed entries, page by page, until a page brings nothing new; and the wrap of their key.
async fn sealed<T: Transport>(
    service: &Service<'_, T>,
    wallet: &Wallet,
) -> Result<(Vec<SealedEntry>, Option<String>), Failed> {
    let mut entries: Vec<SealedEntry> = Vec::new();
    let mut wrap = None;
    loop {
        let page = page(service, wallet, entries.last().map(|entry| entry.id)).await?;
        wrap = wrap.or(page.history_wrap);
        if page.receipts.is_empty() {
            return Ok((entries, wrap));
        }
        entries.extend(page.receipts);
    }
}

/// What an entry is about: a note says so itself, a receipt is one of a verification.
fn kind(signature: Signature, claims: &Map<String, Value>) -> String {
    let named = claims.get("kind").and_then(Value::as_str);
    let known = match signature {
        Signature::Unopened => "sealed",
        _ => "verification",
    };
    named.unwrap_or(known).to_owned()
}

async fn page<T: Transport>(
    service: &Service<'_, T>,
    wallet: &Wallet,
    below: Option<u64>,
) -> Result<Page, Failed> {
    let mut act = Map::new();
    act.insert("act".to_owned(), json!("receipts"));
    let statement = statement::of_device(wallet, Kind::Act, act, service.now(), service.random)?;
    let body = json!({ "statement": statement, "below": below });
    understand(
        service.post("/person/api/receipts", &body).await?,
        "receipts",
    )
}

fn history_key(
    wallet: &Wallet,
    wrap: Option<&str>,
) -> Result<(PrivateKey, Option<KeyText>), Failed> {
    let broken = |_| Failed::NotGenuine("a key of the wallet");
    if let Some(text) = &wallet.history_key {
        return Ok((text.key().map_err(broken)?, None));
    }
    let agreement = wallet.agreement_key.key().map_err(broken)?;
    let wrap = wrap.filter(|wrap| !wrap.is_empty()).ok_or_else(|| {
        super::Refusal::own(
            "history_not_here",
            "this device has no key to the history; use an older device or the recovery code",
        )
    })?;
    let key = unwrap_history(wrap, &agreement)
        .map_err(|_| Failed::NotGenuine("the wrapped history key"))?;
    let text = KeyText::of(&key).map_err(broken)?;
    Ok((key, Some(text)))
}

/// The keys receipts are signed with.
pub(crate) async fn receipt_keys<T: Transport>(service: &Service<'_, T>) -> Result<JwkSet, Failed> {
    #[derive(Deserialize)]
    struct Published {
        keys: Vec<PublishedKey>,
    }
    #[derive(Deserialize)]
    struct PublishedKey {
        purpose: String,
        jwk: Jwk,
    }
    let body = service
        .ask("/.well-known/wangzheng-keys")
        .await?
        .accepted()?;
    let Published { keys } = understand(body, "keys of receipts")?;
    let receipt = keys.into_iter().filter(|key| key.purpose == "receipt");
    Ok(JwkSet {
        keys: receipt.map(|key| key.jwk).collect(),
    })
}

fn open(key: &PrivateKey, sealed: &str) -> Option<String> {
    let sealed = Base64UrlUnpadded::decode_vec(sealed).ok()?;
    let padded = sealed_box::open(key, SEAL_CONTEXT, &sealed).ok()?;
    String::from_utf8(unpad(&padded)?.to_vec()).ok()
}

/// Reads an opened entry: a signed receipt about this commitment, or a note.
fn read(
    text: &str,
    issuer: &str,
    commitment: &Digest,
    keys: &JwkSet,
) -> (Signature, Map<String, Value>) {
    if let Ok(note) = serde_json::from_str(text) {
        return (Signature::Note, note);
    }
    match verified(text, "wz-receipt+jwt", keys) {
        Some(claims) if claims["iss"] == issuer && claims["commitment"] == json!(commitment) => {
            (Signature::Good, claims)
        }
        other => (Signature::Bad, other.unwrap_or_default()),
    }
}

/// The claims of a receipt of this type, if one of the keys signed it.
pub(super) fn verified(text: &str, typ: &str, keys: &JwkSet) -> Option<Map<String, Value>> {
    let receipt = Unverified::parse(text).ok()?;
    if !receipt.header().has_type(typ) {
        return None;
    }
    let payload = receipt.verify_with_set(keys).ok()?;
    Some(payload.claims::<Map<String, Value>>().ok()?.into_inner())
}

#[cfg(test)]
mod tests {
    use crypto::{Curve, random::SeededRandom};
    use identity::receipt::InboxEntry;
    use jose::jws::{Header, LocalSigner, sign_compact};

    use super::*;

    const ISSUER: &str = "http://localhost:8080";

    fn signed(claims: &Value, typ: &str, key: &PrivateKey) -> String {
        let signer = LocalSigner::new(key.clone(), Some("receipt-1"));
        sign_compact(Header::typ(typ), claims.to_string().as_bytes(), &signer).unwrap()
    }

    /// C1: what the service seals, the person's history key opens, and no other.
    #[test]
    fn c1_a_sealed_entry_opens_with_the_history_key_alone() {
        let random = SeededRandom::new(21);
        let history = PrivateKey::generate(Curve::P256, &random).unwrap();
        let other = PrivateKey::generate(Curve::P256, &random).unwrap();
        let point = history.public().to_sec1().unwrap();
        let person = identity::id::PersonId::from_bytes([1; 12]);
        let day = identity::clock::Day(20_000);
        let entry = InboxEntry::seal(person, day, "receipt", &point, &random).unwrap();
        let sealed = Base64UrlUnpadded::encode_string(&entry.sealed);
        assert_eq!(open(&history, &sealed).as_deref(), Some("receipt"));
        assert_eq!(open(&other, &sealed), None);
    }

    #[test]
    fn a_receipt_is_good_only_by_the_issuers_key_and_about_its_own_commitment() {
        let random = SeededRandom::new(22);
        let key = PrivateKey::generate(Curve::P256, &random).unwrap();
        let other = PrivateKey::generate(Curve::P256, &random).unwrap();
        let set = JwkSet {
            keys: vec![Jwk::public(key.public(), Some("receipt-1"), None, None)],
        };
        let commitment = Digest([7; 32]);
        let claims =
            json!({"iss": ISSUER, "commitment": commitment, "platform": "论坛", "result": "pass"});
        let typ = "wz-receipt+jwt";
        let judge = |text: &str| read(text, ISSUER, &commitment, &set).0;
        assert_eq!(judge(&signed(&claims, typ, &key)), Signature::Good);
        assert_eq!(judge(&signed(&claims, typ, &other)), Signature::Bad);
        assert_eq!(judge(&signed(&claims, "JWT", &key)), Signature::Bad);
        assert_eq!(judge(""), Signature::Bad);
        assert_eq!(judge(r#"{"kind":"refusal"}"#), Signature::Note);
        let elsewhere = read(&signed(&claims, typ, &key), ISSUER, &Digest([8; 32]), &set);
        assert_eq!(elsewhere.0, Signature::Bad);
        let of_another = read(&signed(&claims, typ, &key), "http://x", &commitment, &set);
        assert_eq!(of_another.0, Signature::Bad);
    }
}

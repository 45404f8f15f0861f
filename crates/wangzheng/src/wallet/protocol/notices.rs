//! 告知与同意: where the person stands with the notices of the service, agreeing and taking back (R9.2, R11.1).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Failed, Service, Wallet, lock::act, transport::Transport, understand};

/// A notice in force and where the person stands with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Standing {
    /// Which.
    pub id: String,
    /// Version in force.
    pub version: u32,
    /// Title.
    pub title: String,
    /// `general`, `separate`, `written`.
    pub kind: String,
    /// What a consent names.
    pub digest: String,
    /// `agreed`, `mended`, `asked_again`, `not_given`, `withdrawn`.
    pub state: String,
    /// Whether nothing works until the person agrees.
    pub asked: bool,
    /// What changed since the version agreed to, part by part.
    pub changes: Vec<Change>,
}

/// A changed part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Change {
    /// Heading.
    pub heading: String,
    /// Sentences, `{"change": "kept|removed|added", "text": …}`.
    pub sentences: Vec<Sentence>,
}

/// A sentence of a changed part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Sentence {
    /// `kept`, `removed`, `added`.
    pub change: String,
    /// The sentence.
    pub text: String,
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Notices {
    /// In force.
    #[serde(rename = "notices")]
    pub in_force: Vec<Standing>,
    /// Published, to come into force.
    pub upcoming: Vec<Value>,
    /// What was agreed to when, newest first.
    pub history: Vec<Value>,
}

/// Reads where the person stands.
pub(crate) async fn notices<T: Transport>(
    service: &Service<'_, T>,
    wallet: &Wallet,
) -> Result<Notices, Failed> {
    let answer = act(service, wallet, "notices", Map::new()).await?;
    understand(answer, "notices")
}

/// Agrees to one version, by its digest.
pub(crate) async fn agree<T: Transport>(
    service: &Service<'_, T>,
    wallet: &Wallet,
    digest: &str,
) -> Result<Value, Failed> {
    act(service, wallet, "agree", named(digest)).await
}

/// Takes the consent to a notice back; the answer says what follows.
pub(crate) async fn withdraw<T: Transport>(
    service: &Service<'_, T>,
    wallet: &Wallet,
    digest: &str,
) -> Result<Value, Failed> {
    act(service, wallet, "withdraw_agreement", named(digest)).await
}

/// The digest of the face notice in force: what a consent given with a decision names.
pub(crate) async fn face_notice<T: Transport>(service: &Service<'_, T>) -> Result<String, Failed> {
    #[derive(Deserialize)]
    struct Published {
        notices: Vec<One>,
    }
    #[derive(Deserialize)]
    struct One {
        digest: String,
    }
    let answer = service.ask("/person/api/notice?kind=face").await?;
    let mut published: Published = understand(answer.accepted()?, "notices")?;
    match published.notices.pop() {
        Some(notice) => Ok(notice.digest),
        None => Err(Failed::NotUnderstood("no notice about the face")),
    }
}

fn named(digest: &str) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert("notice".to_owned(), json!(digest));
    fields
}

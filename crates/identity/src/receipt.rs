//! 凭据回执 and the person's own history: sealed to the history key, one size (C1).

use async_trait::async_trait;
use crypto::CryptoError;
use crypto::digest::Digest;
use crypto::random::Random;
use crypto::sealed_box;
use crypto::{Curve, PublicKey};

use crate::audit::EventDraft;
use crate::clock::Day;
use crate::id::PersonId;
use crate::store::StoreError;

/// Every sealed receipt holds this many bytes of plaintext, so that length tells nothing (C1).
pub const PADDED_SIZE: usize = 2048;
/// Associated data of a sealed receipt.
pub const SEAL_CONTEXT: &[u8] = b"receipt";

/// A receipt or notice for the person's eyes only, ready to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxEntry {
    /// Whose.
    pub person: PersonId,
    /// The day.
    pub day: Day,
    /// The text, sealed to the history key.
    pub sealed: Vec<u8>,
}

/// A sealed entry as it is read back, with what proves it is in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptRow {
    /// Sequence of the event it belongs to.
    pub sequence: u64,
    /// The day.
    pub day: Day,
    /// The text, sealed to the history key.
    pub sealed: Vec<u8>,
    /// The commitment of the event's leaf.
    pub commitment: Digest,
}

/// A sealed entry as an auditor reads it: by bucket, unopened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedReceipt {
    /// Sequence of the event it belongs to, in the bucket asked for.
    pub sequence: u64,
    /// Whose.
    pub person: PersonId,
    /// The day.
    pub day: Day,
    /// The text, sealed to the history key; the event row holds its SM3.
    pub sealed: Vec<u8>,
}

impl InboxEntry {
    /// Pads and seals `text` to the person's history key. `None` when the text does not fit or the
    /// key is not a key.
    pub fn seal(
        person: PersonId,
        day: Day,
        text: &str,
        history_key: &[u8],
        random: &dyn Random,
    ) -> Result<Self, CryptoError> {
        let key = PublicKey::from_sec1(Curve::P256, history_key)?;
        let padded = pad(text.as_bytes()).ok_or(CryptoError::Malformed)?;
        Ok(Self {
            person,
            day,
            sealed: sealed_box::seal(&key, SEAL_CONTEXT, &padded, random)?,
        })
    }
}

/// 4-byte length ‖ text ‖ zeros, [`PADDED_SIZE`] bytes in all.
pub fn pad(text: &[u8]) -> Option<Vec<u8>> {
    pad_to(text, PADDED_SIZE)
}

/// The same to another size.
pub fn pad_to(text: &[u8], size: usize) -> Option<Vec<u8>> {
    let length = u32::try_from(text.len()).ok()?;
    if text.len() + 4 > size {
        return None;
    }
    let mut padded = Vec::with_capacity(size);
    padded.extend_from_slice(&length.to_be_bytes());
    padded.extend_from_slice(text);
    padded.resize(size, 0);
    Some(padded)
}

/// The text of padded bytes.
pub fn unpad(padded: &[u8]) -> Option<&[u8]> {
    let (length, rest) = padded.split_first_chunk::<4>()?;
    rest.get(..usize::try_from(u32::from_be_bytes(*length)).ok()?)
}

/// The person's sealed history in the store.
#[async_trait]
pub trait ReceiptStore: Send + Sync {
    /// Puts an entry into the person's history with its event. Event outcome `done`.
    async fn put_receipt(&self, entry: InboxEntry, event: EventDraft) -> Result<(), StoreError>;
    /// Entries of a person, newest first, below a sequence (`None`: from the newest).
    async fn receipts(
        &self,
        person: PersonId,
        below: Option<u64>,
        limit: u32,
    ) -> Result<Vec<ReceiptRow>, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c1_every_receipt_has_one_size() {
        for length in [0, 1, 700, PADDED_SIZE - 4] {
            let padded = pad(&vec![b'x'; length]).unwrap();
            assert_eq!(padded.len(), PADDED_SIZE);
            assert_eq!(unpad(&padded).unwrap().len(), length);
        }
        assert_eq!(pad(&vec![b'x'; PADDED_SIZE - 3]), None);
    }
}

//! What a complaint says, as the officers read it.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{PersonId, PlatformId};
use crate::service::{Fault, Service};

use super::{ComplaintNumber, ComplaintRow, ComplaintSecret};

/// Longest text, in characters.
pub const LONGEST_TEXT: usize = 2000;
/// Most receipts.
pub const MOST_RECEIPTS: usize = 3;
/// Longest receipt, in bytes.
pub(super) const LONGEST_RECEIPT: usize = 1900;
/// Longest way to reach somebody who has no 网证, in characters.
pub const LONGEST_CONTACT: usize = 200;
/// Every complaint has this many bytes before sealing: its length tells nothing.
pub(super) const PADDED: usize = 16 * 1024;
const LABEL: &str = "complaint";

/// A complaint, opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// Its number.
    pub number: ComplaintNumber,
    /// Seals the answer; with it the officers' process can, and the store cannot.
    pub(super) secret: ComplaintSecret,
    /// About whom.
    pub platform: PlatformId,
    /// In the person's words; may be empty.
    pub text: String,
    /// Receipts the person attached: compact JWS.
    pub receipts: Vec<String>,
    /// Whether the person agreed that text and receipts go into an evidence package (Art. 9(2)).
    pub share: bool,
    /// How to reach somebody without a 网证, if they wish.
    pub contact: Option<String>,
    /// Who, where it came from a device: to put the answer into the inbox.
    pub(super) person: Option<PersonId>,
    /// The moment.
    pub filed_at: Timestamp,
}

impl Contents {
    /// Whether it came from the holder of a 网证. Who that is stays here.
    pub fn by_holder(&self) -> bool {
        self.person.is_some()
    }
}

impl Service {
    pub(super) async fn seal_contents(&self, contents: &Contents) -> Result<Vec<u8>, Fault> {
        let mut plain =
            serde_json::to_vec(contents).map_err(|_| Fault::Invariant("complaint contents"))?;
        if plain.len() > PADDED {
            return Err(Fault::Invariant("complaint contents are too long"));
        }
        // JSON followed by spaces is the same JSON.
        plain.resize(PADDED, b' ');
        self.seal_to_officers(LABEL, &plain).await
    }

    pub(super) async fn open_contents(&self, row: &ComplaintRow) -> Result<Contents, Fault> {
        let plain = self.open_for_officers(LABEL, &row.sealed).await?;
        serde_json::from_slice(&plain).map_err(|_| Fault::Invariant("complaint contents"))
    }
}

//! Why a 网证 is suspended: one list for the document and for a review by two persons (C3, R15.2).

use serde::{Deserialize, Serialize};

/// Why a 网证 is suspended; there is no other reason (C3, R15.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Suspension {
    /// The document is past its validity.
    DocumentExpired,
    /// The document was reported lost.
    DocumentLost,
    /// The document was cancelled.
    DocumentCancelled,
    /// The registry does not confirm number, name and date of birth any more.
    DocumentUnconfirmed,
    /// It was got with another human's document: found by two members of staff, open to appeal, as those that follow.
    Impersonation,
    /// The service made a mistake when it issued.
    IssuedInError,
    /// The device key is in wrong hands, and the person cannot be reached to lock it.
    KeyStolen,
    /// The registry reports the holder's death.
    HolderDied,
}

impl Suspension {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::DocumentExpired,
        Self::DocumentLost,
        Self::DocumentCancelled,
        Self::DocumentUnconfirmed,
        Self::Impersonation,
        Self::IssuedInError,
        Self::KeyStolen,
        Self::HolderDied,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DocumentExpired => "document_expired",
            Self::DocumentLost => "document_lost",
            Self::DocumentCancelled => "document_cancelled",
            Self::DocumentUnconfirmed => "document_unconfirmed",
            Self::Impersonation => "impersonation",
            Self::IssuedInError => "issued_in_error",
            Self::KeyStolen => "key_stolen",
            Self::HolderDied => "holder_died",
        }
    }

    /// The reason of a stored name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.as_str() == name)
    }

    /// Whether a document in force lifts it.
    pub fn is_of_document(self) -> bool {
        matches!(
            self,
            Self::DocumentExpired
                | Self::DocumentLost
                | Self::DocumentCancelled
                | Self::DocumentUnconfirmed
        )
    }
}

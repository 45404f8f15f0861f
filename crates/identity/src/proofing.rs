//! 核验证据: what an application or a mode rests on besides the document itself (S6, P-face, C8).

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// What a person shows, as the reader on the device reports it. In demo and sandbox the reader is
/// a simulator and says so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The chip of the document was read by this device.
    #[serde(default)]
    pub chip: bool,
    /// Or elsewhere, by a relative's device or at a counter: what the service sealed of it (C8).
    #[serde(default)]
    pub reading: Option<String>,
    /// What the face comparison is given, if the person chose it. Never stored (P-face).
    #[serde(default)]
    pub face: Option<String>,
}

/// How well a person was proofed at application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofingLevel {
    /// The document's chip was read and the registry agreed.
    Document,
    /// And the face matched the registry's picture.
    DocumentAndFace,
}

/// The outside comparison of a live face with the registry's picture.
#[async_trait]
pub trait FaceVerifier: Send + Sync {
    /// Compares; keeps nothing of it afterwards (P-face).
    async fn compare(&self, sample: &str) -> FaceAnswer;
}

/// What the comparison says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaceAnswer {
    /// The same person, alive.
    Match,
    /// Not, or not sure.
    NoMatch,
}

/// Why evidence does not carry an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceInsufficient {
    /// Nobody read the document's chip: a number alone proves nothing.
    #[error("the document was not read")]
    DocumentNotRead,
    /// A face was shown and is not the holder's.
    #[error("the face does not match")]
    FaceMismatch,
}

/// Whether the document was held to a reader, here or elsewhere (C8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentRead {
    /// Its chip was read.
    Yes,
    /// Its print was typed, and that is all.
    No,
}

/// Weighs the evidence. A face is never required: a path without one always exists (P-face).
pub async fn weigh(
    read: DocumentRead,
    evidence: &Evidence,
    face: &dyn FaceVerifier,
) -> Result<ProofingLevel, EvidenceInsufficient> {
    if read == DocumentRead::No {
        return Err(EvidenceInsufficient::DocumentNotRead);
    }
    match &evidence.face {
        None => Ok(ProofingLevel::Document),
        Some(sample) => match face.compare(sample).await {
            FaceAnswer::Match => Ok(ProofingLevel::DocumentAndFace),
            FaceAnswer::NoMatch => Err(EvidenceInsufficient::FaceMismatch),
        },
    }
}

/// A comparison for demo and sandbox: the sample says itself how it wants to come out.
pub struct FaceSimulator(());

impl FaceSimulator {
    /// Only where the environment is demo or sandbox.
    pub fn new(_sandbox: &crate::registry::simulator::SandboxOnly) -> Self {
        Self(())
    }
}

#[async_trait]
impl FaceVerifier for FaceSimulator {
    async fn compare(&self, sample: &str) -> FaceAnswer {
        if sample == "ok" {
            FaceAnswer::Match
        } else {
            FaceAnswer::NoMatch
        }
    }
}

//! Signed heads of the log: C2SP tlog-checkpoint text in a signed note with two signatures, SM2 and
//! ES256 (C6, R13.1). Both are demanded, so that neither algorithm alone carries the log.

use base64ct::{Base64, Encoding};
use crypto::SignatureAlgorithm;
use crypto::digest::Digest;
use crypto::keystore::{KeyError, KeyStore, SigningPurpose};

use super::keys::{LogKeys, hexadecimal};
use super::note::{Note, NoteSignature};

/// The algorithms every head is signed with, in the order of the lines.
pub const ALGORITHMS: [SignatureAlgorithm; 2] =
    [SignatureAlgorithm::Sm2Sm3, SignatureAlgorithm::Es256];

/// A head of the log: its size and root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: [`origin_of`](super::keys::origin_of) its issuer.
    pub origin: String,
    /// Leaves in the tree.
    pub tree_size: u64,
    /// Root of the tree.
    pub root: Digest,
}

/// Why a text is not a head of the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Not the text of a checkpoint.
    #[error("is not a checkpoint")]
    Malformed,
    /// A head of another log.
    #[error("is of another log")]
    WrongOrigin,
    /// A key of the log is named, and did not sign this.
    #[error("{algorithm} signature of key {key_id} does not verify")]
    BadSignature {
        /// `SM2` or `ES256`.
        algorithm: &'static str,
        /// Key id of the signature line.
        key_id: String,
    },
    /// No known key signed by this algorithm.
    #[error("has no {algorithm} signature of a known key")]
    NotSigned {
        /// `SM2` or `ES256`.
        algorithm: &'static str,
    },
}

impl Checkpoint {
    /// The text that is signed: origin, size and root, each with its newline.
    pub fn text(&self) -> String {
        let root = Base64::encode_string(&self.root.0);
        format!("{}\n{}\n{root}\n", self.origin, self.tree_size)
    }

    /// Reads the signed note, without looking at its signatures.
    pub fn parse_unverified(note: &str) -> Option<Self> {
        Self::of_text(Note::parse(note)?.text)
    }

    fn of_text(text: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let root = Base64::decode_vec(root).ok()?;
        let checkpoint = Self {
            origin: origin.to_owned(),
            tree_size: size.parse().ok()?,
            root: Digest(root.try_into().ok()?),
        };
        // One spelling; extension lines are not ours.
        (checkpoint.text() == text && !origin.is_empty()).then_some(checkpoint)
    }

    /// Signs by the current checkpoint keys: the note as it is published.
    pub fn sign(&self, keys: &dyn KeyStore) -> Result<String, KeyError> {
        let text = self.text();
        let mut signatures = Vec::with_capacity(ALGORITHMS.len());
        for algorithm in ALGORITHMS {
            let signature = keys.sign(SigningPurpose::Checkpoint, algorithm, text.as_bytes())?;
            // Published after signing: a rotation in between is seen.
            let published = LogKeys::of_store(&self.origin, keys);
            let key = published
                .keys
                .iter()
                .find(|key| key.key_id == signature.key_id);
            let line = key.and_then(|key| {
                let bytes = key.note_signature(&signature.bytes)?;
                Some(NoteSignature {
                    name: &self.origin,
                    key_id: key.note_id,
                    bytes,
                })
            });
            signatures.push(line.ok_or(KeyError::NoSuchKey {
                purpose: SigningPurpose::Checkpoint,
                algorithm,
            })?);
        }
        Ok(Note {
            text: &text,
            signatures,
        }
        .to_string())
    }

    /// Reads and verifies a signed head of the log that `keys` belong to: one signature of each of
    /// [`ALGORITHMS`] at least, and every signature of a known key good. Lines of unknown keys
    /// (witnesses) are ignored, as signed-note wants.
    pub fn verify(note: &str, keys: &LogKeys) -> Result<Self, CheckpointError> {
        let note = Note::parse(note).ok_or(CheckpointError::Malformed)?;
        let checkpoint = Self::of_text(note.text).ok_or(CheckpointError::Malformed)?;
        if checkpoint.origin != keys.origin {
            return Err(CheckpointError::WrongOrigin);
        }
        let mut signed = Vec::new();
        for signature in &note.signatures {
            let Some(key) = keys.find(signature.name, signature.key_id) else {
                continue;
            };
            let verified = key.verify(note.text.as_bytes(), &signature.bytes);
            verified.map_err(|_| CheckpointError::BadSignature {
                algorithm: short_name(key.algorithm),
                key_id: hexadecimal(signature.key_id),
            })?;
            signed.push(key.algorithm);
        }
        match ALGORITHMS
            .into_iter()
            .find(|algorithm| !signed.contains(algorithm))
        {
            Some(algorithm) => Err(CheckpointError::NotSigned {
                algorithm: short_name(algorithm),
            }),
            None => Ok(checkpoint),
        }
    }
}

fn short_name(algorithm: SignatureAlgorithm) -> &'static str {
    if algorithm == SignatureAlgorithm::Sm2Sm3 {
        "SM2"
    } else {
        "ES256"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::digest::sm3;
    use crypto::keystore::MemoryKeys;
    use crypto::random::SeededRandom;

    fn signed(keys: &MemoryKeys) -> (Checkpoint, String) {
        let checkpoint = Checkpoint {
            origin: "id.example/log".to_owned(),
            tree_size: 512,
            root: sm3(&[b"root"]),
        };
        let note = checkpoint.sign(keys).unwrap();
        (checkpoint, note)
    }

    #[test]
    fn c6_a_head_has_two_signatures_and_both_are_demanded() {
        let keys = MemoryKeys::generate(&SeededRandom::new(1));
        let (checkpoint, note) = signed(&keys);
        let known = LogKeys::of_store("id.example/log", &keys);
        assert_eq!(Checkpoint::verify(&note, &known), Ok(checkpoint));
        assert_eq!(note.lines().count(), 6);
        for (line, missing) in [(4, "SM2"), (5, "ES256")] {
            let kept: Vec<&str> = note
                .split_inclusive('\n')
                .enumerate()
                .filter(|(at, _)| *at != line)
                .map(|(_, text)| text)
                .collect();
            let error = Checkpoint::verify(&kept.concat(), &known).unwrap_err();
            assert_eq!(error, CheckpointError::NotSigned { algorithm: missing });
        }
    }

    #[test]
    fn c6_any_bit_changed_is_found() {
        let keys = MemoryKeys::generate(&SeededRandom::new(1));
        let (_, note) = signed(&keys);
        let known = LogKeys::of_store("id.example/log", &keys);
        for at in 0..note.len() {
            for bit in 0..8 {
                let mut bytes = note.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                if let Ok(changed) = String::from_utf8(bytes) {
                    assert!(
                        Checkpoint::verify(&changed, &known).is_err(),
                        "byte {at}, bit {bit}"
                    );
                }
            }
        }
    }

    #[test]
    fn heads_outlive_a_rotation_and_other_logs_and_keys_are_refused() {
        let keys = MemoryKeys::generate(&SeededRandom::new(1));
        let (_, before) = signed(&keys);
        for algorithm in ALGORITHMS {
            keys.rotate(SigningPurpose::Checkpoint, algorithm, &SeededRandom::new(2))
                .unwrap();
        }
        let (_, after) = signed(&keys);
        let known = LogKeys::of_store("id.example/log", &keys);
        assert!(Checkpoint::verify(&before, &known).is_ok());
        assert!(Checkpoint::verify(&after, &known).is_ok());
        assert_eq!(
            Checkpoint::verify(&after, &LogKeys::of_store("other.example/log", &keys)),
            Err(CheckpointError::WrongOrigin)
        );
        let strangers = MemoryKeys::generate(&SeededRandom::new(3));
        assert_eq!(
            Checkpoint::verify(&after, &LogKeys::of_store("id.example/log", &strangers)),
            Err(CheckpointError::NotSigned { algorithm: "SM2" })
        );
    }

    #[test]
    fn a_checkpoint_has_one_spelling() {
        let root = Base64::encode_string(&[7; 32]);
        assert!(Checkpoint::of_text(&format!("o\n0\n{root}\n")).is_some());
        for text in [
            format!("o\n00\n{root}\n"),
            format!("o\n+1\n{root}\n"),
            format!("\n1\n{root}\n"),
            format!("o\n1\n{root}\nmore\n"),
            format!("o\n1\n{root}"),
            format!("o\n1\n{}\n", &root[..40]),
            "o\n1\n".to_owned(),
        ] {
            assert_eq!(Checkpoint::of_text(&text), None, "{text:?}");
        }
    }
}

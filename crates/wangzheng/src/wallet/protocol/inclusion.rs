//! Whether a receipt's commitment stands in the public log, recomputed by the holder (C1, C6).

use base64ct::{Base64, Encoding};
use crypto::digest::Digest;
use identity::log::{Leaf, tree::verify_inclusion};
use serde::{Deserialize, Serialize};

use super::{Failed, Service, history::PublishedKey, transport::Transport};

/// Where a commitment stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub(crate) enum Inclusion {
    /// Proven to be in the tree of a signed head.
    Included {
        /// Position.
        index: u64,
        /// Size of the tree it was proven in.
        tree_size: u64,
    },
    /// The log does not have it yet; it is built in batches.
    Pending,
    /// The proof does not hold: show it to somebody.
    Broken,
}

#[derive(Deserialize)]
struct Proof {
    leaf_index: u64,
    tree_size: u64,
    blinded: Digest,
    path: Vec<Digest>,
    checkpoint: String,
}

/// Asks for the proof and recomputes it: leaf, path, root, signed head.
pub(super) async fn of<T: Transport>(
    service: &Service<'_, T>,
    commitment: &Digest,
    keys: &[PublishedKey],
) -> Result<Inclusion, Failed> {
    let text = serde_json::to_value(commitment).unwrap_or_default();
    let path = format!(
        "/log/proof?commitment={}",
        text.as_str().unwrap_or_default()
    );
    let answer = service.ask(&path).await?;
    if answer.status == 404 {
        return Ok(Inclusion::Pending);
    }
    let Ok(proof) = serde_json::from_value::<Proof>(answer.accepted()?) else {
        return Ok(Inclusion::Broken);
    };
    Ok(if holds(&proof, commitment, keys) {
        Inclusion::Included {
            index: proof.leaf_index,
            tree_size: proof.tree_size,
        }
    } else {
        Inclusion::Broken
    })
}

fn holds(proof: &Proof, commitment: &Digest, keys: &[PublishedKey]) -> bool {
    let leaf = Leaf {
        commitment: *commitment,
        blinded: proof.blinded,
    };
    Head::parse(&proof.checkpoint).is_some_and(|head| {
        let (index, size) = (proof.leaf_index, proof.tree_size);
        head.size == size
            && verify_inclusion(&leaf.digest(), index, size, &head.root, &proof.path)
            && head.is_signed_by(keys)
    })
}

/// A signed head: a C2SP checkpoint in a signed note.
struct Head<'a> {
    text: &'a str,
    size: u64,
    root: Digest,
    signatures: Vec<Vec<u8>>,
}

impl<'a> Head<'a> {
    fn parse(note: &'a str) -> Option<Self> {
        // The text ends with the newline before the empty line; signatures follow it.
        let (text, signatures) = note.split_at(note.find("\n\n")? + 1);
        let mut lines = text.lines();
        let (_origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let root: [u8; 32] = Base64::decode_vec(root).ok()?.try_into().ok()?;
        let signatures = signatures
            .lines()
            .filter_map(|line| line.strip_prefix("— ")?.split_once(' '))
            .filter_map(|(_name, signature)| Base64::decode_vec(signature).ok())
            // Four bytes name the key; every published key is tried instead.
            .filter_map(|signature| Some(signature.get(4..)?.to_vec()))
            .collect();
        Some(Self {
            text,
            size: size.parse().ok()?,
            root: Digest(root),
            signatures,
        })
    }

    fn is_signed_by(&self, keys: &[PublishedKey]) -> bool {
        keys.iter()
            .filter(|key| key.purpose == "checkpoint")
            .filter_map(|key| key.jwk.public_key().ok())
            .filter_map(|key| Some((key.curve()?.signature_algorithm(), key)))
            .any(|(algorithm, key)| {
                self.signatures.iter().any(|signature| {
                    key.verify(algorithm, self.text.as_bytes(), signature)
                        .is_ok()
                })
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_needs_its_three_lines_and_a_signature_of_a_published_key() {
        let root = Base64::encode_string(&[7; 32]);
        let note = format!("wangzheng.example\n42\n{root}\n\n— wangzheng.example AAAAAAA=\n");
        let head = Head::parse(&note).unwrap();
        assert_eq!((head.size, head.root), (42, Digest([7; 32])));
        assert!(head.text.ends_with("=\n"));
        assert!(!head.is_signed_by(&[]));
        assert!(Head::parse("wangzheng.example\n42\n\n").is_none());
        assert!(Head::parse("").is_none());
    }
}

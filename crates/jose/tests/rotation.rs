//! Signing while keys rotate.

use std::cell::Cell;

use crypto::{
    Curve, PrivateKey, SignatureAlgorithm,
    keystore::{KeyStore, MemoryKeys, SigningPurpose},
    random::SeededRandom,
};
use jose::{
    JoseError,
    jwk::{Jwk, JwkSet},
    jws::{self, Header, Signer, StoreSigner, Unverified},
};

fn sign(signer: &dyn Signer) -> String {
    jws::sign_compact(Header::default(), b"{}", signer).unwrap()
}

#[test]
fn a_store_signs_and_its_published_set_verifies_across_rotation() {
    let random = SeededRandom::new(2);
    let store = MemoryKeys::generate(&random);
    let purpose = SigningPurpose::Token;
    let set = |store: &MemoryKeys| {
        let keys = store.published(purpose);
        JwkSet {
            keys: keys
                .iter()
                .map(|key| Jwk::verifying(&key.key, &key.key_id, key.algorithm))
                .collect(),
        }
    };
    for algorithm in purpose.algorithms() {
        let signer = StoreSigner {
            store: &store,
            purpose,
            algorithm: *algorithm,
        };
        let before = sign(&signer);
        let cached = set(&store);
        store.rotate(purpose, *algorithm, &random).unwrap();
        let after = sign(&signer);
        assert_ne!(
            Unverified::parse(&before).unwrap().header().kid,
            Unverified::parse(&after).unwrap().header().kid
        );
        // A set fetched before the rotation verifies what was signed after it, and the other way round.
        for set in [&cached, &set(&store)] {
            for text in [&before, &after] {
                assert!(
                    Unverified::parse(text)
                        .unwrap()
                        .verify_with_set(set)
                        .is_ok()
                );
            }
        }
    }
}

/// A signer whose key rotates between the question for its id and the signature, `rotations` times.
struct Rotating {
    keys: Vec<PrivateKey>,
    current: Cell<usize>,
    rotations: Cell<usize>,
}

impl Signer for Rotating {
    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::Es256
    }

    fn key_id(&self) -> Result<Option<String>, JoseError> {
        Ok(Some(self.current.get().to_string()))
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, JoseError> {
        if self.rotations.get() > 0 {
            self.rotations.set(self.rotations.get() - 1);
            self.current.set(self.current.get() + 1);
        }
        Ok(self.keys[self.current.get()].sign(self.algorithm(), message, &SeededRandom::new(1))?)
    }
}

#[test]
fn a_rotation_while_signing_leaves_no_text_with_another_keys_id() {
    let random = SeededRandom::new(3);
    let signer = |rotations| Rotating {
        keys: (0..4)
            .map(|_| PrivateKey::generate(Curve::P256, &random).unwrap())
            .collect(),
        current: Cell::new(0),
        rotations: Cell::new(rotations),
    };
    for rotations in 0..3 {
        let signer = signer(rotations);
        let text = sign(&signer);
        let unverified = Unverified::parse(&text).unwrap();
        assert_eq!(unverified.header().kid, Some(rotations.to_string()));
        assert!(unverified.verify(signer.keys[rotations].public()).is_ok());
    }
    let endless = jws::sign_compact(Header::default(), b"{}", &signer(3));
    assert!(matches!(endless, Err(JoseError::NoSuchKey)));
}

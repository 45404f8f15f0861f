//! What is in the key file, and what a thief or a vandal can do with it.

use std::{
    fs,
    path::PathBuf,
    sync::{LazyLock, Mutex},
};

use base64ct::{Base64, Base64Unpadded, Base64UrlUnpadded, Encoding};
use crypto::{
    SignatureAlgorithm,
    keystore::{KdfCost, KeyError, SealedFile, SigningPurpose},
    random::{Random, SeededRandom},
};
use proptest::prelude::*;
use tempfile::TempDir;

/// Remembers every byte it gave, so that a test can look for them.
struct Remembering {
    inner: SeededRandom,
    given: Mutex<Vec<Vec<u8>>>,
}

impl Remembering {
    fn new(seed: u64) -> Self {
        Self {
            inner: SeededRandom::new(seed),
            given: Mutex::default(),
        }
    }
}

impl Random for Remembering {
    fn fill(&self, bytes: &mut [u8]) {
        self.inner.fill(bytes);
        self.given.lock().unwrap().push(bytes.to_vec());
    }
}

fn holds(text: &[u8], secret: &[u8]) -> bool {
    let digits = secret.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let hex: String = digits
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect();
    let forms = [
        secret.to_vec(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
        Base64::encode_string(secret).into_bytes(),
        Base64Unpadded::encode_string(secret).into_bytes(),
        Base64UrlUnpadded::encode_string(secret).into_bytes(),
    ];
    forms
        .iter()
        .any(|form| text.windows(form.len()).any(|window| window == form))
}

/// Every secret the store ever drew, in raw bytes, hexadecimal and base64: none is in the file, after any operation.
#[test]
fn keys_are_never_in_clear_on_disk() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("keys.json");
    let random = Remembering::new(1);
    let store = SealedFile::create_with(&path, b"the passphrase", KdfCost::Light, &random).unwrap();
    let mut texts = vec![fs::read(&path).unwrap()];
    for purpose in SigningPurpose::ALL {
        for algorithm in purpose.algorithms() {
            store.rotate(purpose, *algorithm, &random).unwrap();
        }
    }
    texts.push(fs::read(&path).unwrap());
    store.rotate_root(&random).unwrap();
    texts.push(fs::read(&path).unwrap());
    store
        .change_passphrase(b"another passphrase", KdfCost::Light, &random)
        .unwrap();
    texts.push(fs::read(&path).unwrap());

    let given = random.given.lock().unwrap();
    // 8 secrets; 16 EC keys at first and 8 by rotation. Root keys and salts have 16 bytes, nonces 12.
    let of = |length| given.iter().filter(move |bytes| bytes.len() == length);
    assert_eq!(of(32).count(), 8 + 16 + 8);
    for text in &texts {
        for secret in of(32) {
            assert!(!holds(text, secret));
        }
        assert!(!holds(text, b"passphrase"));
        // Of what has 16 bytes only one is there as it is: the salt. (A control: the search finds what is there.)
        assert_eq!(of(16).filter(|bytes| holds(text, bytes)).count(), 1);
    }
}

/// What is sealed of a retiring key is its point (65 bytes), of the others the scalar (32).
#[test]
fn rotation_destroys_the_private_key() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("keys.json");
    let random = SeededRandom::new(3);
    let store = SealedFile::create_with(&path, b"p", KdfCost::Light, &random).unwrap();
    let (purpose, algorithm) = (SigningPurpose::Receipt, SignatureAlgorithm::Sm2Sm3);
    store.rotate(purpose, algorithm, &random).unwrap();
    let file: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let entries = file["signing_keys"].as_array().unwrap().iter();
    let entries =
        entries.filter(|entry| entry["purpose"] == "receipt" && entry["algorithm"] == "sm2");
    let lengths: Vec<_> = entries
        .map(|entry| {
            let sealed = Base64UrlUnpadded::decode_vec(entry["sealed"].as_str().unwrap()).unwrap();
            (entry["state"].as_str().unwrap(), sealed.len() - 12 - 16)
        })
        .collect();
    assert_eq!(lengths, [("next", 32), ("current", 32), ("retiring", 65)]);
}

static FILE: LazyLock<(TempDir, PathBuf, Vec<u8>)> = LazyLock::new(|| {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("keys.json");
    SealedFile::create_with(&path, b"passphrase", KdfCost::Light, &SeededRandom::new(2)).unwrap();
    let text = fs::read(&path).unwrap();
    (folder, path, text)
});

fn open(text: &[u8]) -> Result<SealedFile, KeyError> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("keys.json");
    fs::write(&path, text).unwrap();
    SealedFile::open(&path, b"passphrase")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_flipped_bit_of_the_file_is_refused(bit: usize) {
        let mut changed = FILE.2.clone();
        let bit = bit % (changed.len() * 8);
        changed[bit / 8] ^= 1 << (bit % 8);
        // A parameter of argon2 that grew by a high bit would only be slow; the cap refuses the worst of them.
        prop_assert!(open(&changed).is_err(), "bit {bit}");
    }

    #[test]
    fn a_truncated_file_is_refused(length: usize) {
        prop_assert!(open(&FILE.2[..length % FILE.2.len()]).is_err());
    }
}

#[test]
fn a_wrong_passphrase_and_a_damaged_file_are_told_apart() {
    assert!(SealedFile::open(&FILE.1, b"passphrase").is_ok());
    for wrong in [&b"passphras"[..], b"passphrase ", b""] {
        let error = SealedFile::open(&FILE.1, wrong).err().unwrap();
        assert!(matches!(error, KeyError::WrongPassphrase), "{error}");
    }
    let missing = SealedFile::open(FILE.1.with_file_name("other"), b"passphrase")
        .err()
        .unwrap();
    assert!(matches!(missing, KeyError::File(_)));
    assert!(matches!(open(b"{}").err().unwrap(), KeyError::Damaged(_)));
}

/// Entries cannot change places, states or names, nor be left out, although each is a valid ciphertext of this root.
#[test]
fn entries_cannot_be_moved_renamed_or_left_out() {
    let original: serde_json::Value = serde_json::from_slice(&FILE.2).unwrap();
    let refused = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut changed = original.clone();
        change(&mut changed);
        matches!(
            open(&serde_json::to_vec(&changed).unwrap()),
            Err(KeyError::Damaged(_))
        )
    };
    assert!(open(&serde_json::to_vec(&original).unwrap()).is_ok());
    assert!(refused(&|file| {
        let first = file["secrets"][0]["sealed"].take();
        let second = std::mem::replace(&mut file["secrets"][1]["sealed"], first);
        file["secrets"][0]["sealed"] = second;
    }));
    assert!(refused(&|file| file["secrets"]
        .as_array_mut()
        .unwrap()
        .swap(0, 1)));
    assert!(refused(&|file| drop(
        file["secrets"].as_array_mut().unwrap().pop()
    )));
    assert!(refused(&|file| drop(
        file["signing_keys"].as_array_mut().unwrap().pop()
    )));
    assert!(refused(&|file| {
        let twice = file["signing_keys"][0].clone();
        file["signing_keys"].as_array_mut().unwrap().push(twice);
    }));
    for member in ["purpose", "algorithm", "state", "key_id"] {
        let other = original["signing_keys"].as_array().unwrap().iter();
        let other = other
            .map(|entry| &entry[member])
            .find(|value| **value != original["signing_keys"][0][member]);
        assert!(
            refused(&|file| file["signing_keys"][0][member] = other.unwrap().clone()),
            "{member}"
        );
    }
    assert!(refused(&|file| file["format"] = "wangzheng-keys-2".into()));
    assert!(refused(&|file| file["extra"] = 1.into()));
    assert!(refused(&|file| file["kdf"]["memory_kib"] = (2 << 20).into()));
    assert!(refused(&|file| file["kdf"]["algorithm"] = "none".into()));
}

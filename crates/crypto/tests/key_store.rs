//! The key stores: what survives, what rotates, what leaks nothing.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

use crypto::{
    SignatureAlgorithm,
    keystore::{
        KdfCost, KeyError, KeyState, KeyStore, MemoryKeys, PublishedKey, SealedFile, SecretName,
        SigningPurpose,
    },
    random::SeededRandom,
};
use tempfile::TempDir;

const HOUR: i64 = 3600;

/// What hangs on the secrets: if one of these changes, identifiers of persons change.
fn identifiers(store: &dyn KeyStore) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for name in SecretName::ALL {
        all.push(store.mac(name, &[b"a", b"b"]).unwrap().0.to_vec());
        all.push(
            store
                .encrypt_block(name, b"sector", [7; 16])
                .unwrap()
                .to_vec(),
        );
    }
    all.push(store.wrap(b"person", &[9; 16]).unwrap());
    all.push(
        store
            .seal("code", b"aad", b"value", 400_000 * HOUR)
            .unwrap(),
    );
    all
}

fn file_in(folder: &TempDir) -> PathBuf {
    folder.path().join("keys.json")
}

fn create(folder: &TempDir) -> SealedFile {
    SealedFile::create_with(
        file_in(folder),
        b"passphrase",
        KdfCost::Light,
        &SeededRandom::new(1),
    )
    .unwrap()
}

fn reopen(folder: &TempDir) -> SealedFile {
    SealedFile::open(file_in(folder), b"passphrase").unwrap()
}

fn published(store: &dyn KeyStore) -> Vec<PublishedKey> {
    SigningPurpose::ALL
        .iter()
        .flat_map(|purpose| store.published(*purpose))
        .collect()
}

#[test]
fn all_identifiers_and_keys_survive_reopening() {
    let folder = TempDir::new().unwrap();
    let store = create(&folder);
    let again = reopen(&folder);
    assert_eq!(identifiers(&store), identifiers(&again));
    assert_eq!(published(&store), published(&again));
    assert_eq!(
        fs::metadata(file_in(&folder)).unwrap().permissions().mode() & 0o777,
        0o600
    );
    for purpose in SigningPurpose::ALL {
        for algorithm in purpose.algorithms() {
            let signature = again.sign(purpose, *algorithm, b"m").unwrap();
            let keys = store.published(purpose);
            let key = keys
                .iter()
                .find(|key| key.key_id == signature.key_id)
                .unwrap();
            assert_eq!(key.state, KeyState::Current);
            assert_eq!(key.key.verify(*algorithm, b"m", &signature.bytes), Ok(()));
        }
    }
}

#[test]
fn rotating_the_root_changes_the_file_and_no_identifier() {
    let folder = TempDir::new().unwrap();
    let store = create(&folder);
    let (before, keys, text) = (
        identifiers(&store),
        published(&store),
        fs::read(file_in(&folder)).unwrap(),
    );
    store.rotate_root(&SeededRandom::new(2)).unwrap();
    assert_ne!(fs::read(file_in(&folder)).unwrap(), text);
    let again = reopen(&folder);
    for store in [&store, &again] {
        assert_eq!(identifiers(store), before);
        assert_eq!(published(store), keys);
    }
}

#[test]
fn a_changed_passphrase_opens_and_the_old_one_no_more() {
    let folder = TempDir::new().unwrap();
    let store = create(&folder);
    store
        .change_passphrase(b"another", KdfCost::Light, &SeededRandom::new(3))
        .unwrap();
    let again = SealedFile::open(file_in(&folder), b"another").unwrap();
    assert_eq!(identifiers(&again), identifiers(&store));
    let refused = SealedFile::open(file_in(&folder), b"passphrase")
        .err()
        .unwrap();
    assert!(matches!(refused, KeyError::WrongPassphrase));
    assert!(refused.to_string().starts_with("wrong passphrase"));
}

#[test]
fn rotation_overlaps() {
    let (purpose, algorithm) = (SigningPurpose::Token, SignatureAlgorithm::Sm2Sm3);
    let folder = TempDir::new().unwrap();
    let store = create(&folder);
    let random = SeededRandom::new(4);
    let old = store.sign(purpose, algorithm, b"m").unwrap();
    let of = |store: &dyn KeyStore, state| {
        let mut keys = store.published(purpose);
        keys.retain(|key| key.algorithm == algorithm && key.state == state);
        keys.into_iter().map(|key| key.key_id).collect::<Vec<_>>()
    };
    let next = of(&store, KeyState::Next);
    store.rotate(purpose, algorithm, &random).unwrap();

    // What was announced signs now; what signed before is still published and verifies.
    for store in [&store, &reopen(&folder)] {
        assert_eq!(of(store, KeyState::Current), next);
        assert_eq!(store.current_key_id(purpose, algorithm).unwrap(), next[0]);
        assert_eq!(
            of(store, KeyState::Retiring),
            std::slice::from_ref(&old.key_id)
        );
        assert_eq!(
            store.sign(purpose, algorithm, b"m").unwrap().key_id,
            next[0]
        );
        let keys = store.published(purpose);
        let retiring = keys.iter().find(|key| key.key_id == old.key_id).unwrap();
        assert_eq!(retiring.key.verify(algorithm, b"m", &old.bytes), Ok(()));
    }
    // Other keys did not move.
    assert_eq!(
        store.published(SigningPurpose::Receipt),
        reopen(&folder).published(SigningPurpose::Receipt)
    );

    store.rotate(purpose, algorithm, &random).unwrap();
    assert_eq!(of(&store, KeyState::Retiring).len(), 2);
    store.forget_retiring(purpose, algorithm, &random).unwrap();
    for store in [&store, &reopen(&folder)] {
        assert!(of(store, KeyState::Retiring).is_empty());
        assert_eq!(of(store, KeyState::Current).len(), 1);
        assert_eq!(of(store, KeyState::Next).len(), 1);
    }
}

#[test]
fn an_existing_file_is_never_overwritten_and_a_crashed_write_is_no_obstacle() {
    let folder = TempDir::new().unwrap();
    let store = create(&folder);
    let text = fs::read(file_in(&folder)).unwrap();
    let again = SealedFile::create_with(
        file_in(&folder),
        b"x",
        KdfCost::Light,
        &SeededRandom::new(9),
    );
    assert!(matches!(again, Err(KeyError::File(_))));
    assert_eq!(fs::read(file_in(&folder)).unwrap(), text);

    // A crash between writing and renaming leaves half a file beside: the old keys open, the next change succeeds.
    fs::write(folder.path().join("keys.json.new"), &text[..text.len() / 2]).unwrap();
    assert_eq!(identifiers(&reopen(&folder)), identifiers(&store));
    store.rotate_root(&SeededRandom::new(5)).unwrap();
    assert_eq!(identifiers(&reopen(&folder)), identifiers(&store));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_change_that_cannot_be_written_changes_nothing() {
    let folder = TempDir::new().unwrap();
    let store = create(&folder);
    let (purpose, algorithm) = (SigningPurpose::Receipt, SignatureAlgorithm::Es256);
    let before = (published(&store), identifiers(&store));
    // A directory of that name cannot be replaced by a file.
    fs::create_dir(folder.path().join("keys.json.new")).unwrap();
    assert!(matches!(
        store.rotate(purpose, algorithm, &SeededRandom::new(6)),
        Err(KeyError::File(_))
    ));
    assert!(matches!(
        store.rotate_root(&SeededRandom::new(6)),
        Err(KeyError::File(_))
    ));
    assert_eq!((published(&store), identifiers(&store)), before);
    assert_eq!(published(&reopen(&folder)), before.0);
}

#[test]
fn memory_keys_repeat_themselves_and_know_only_the_algorithms_of_a_purpose() {
    let store = MemoryKeys::generate(&SeededRandom::new(12));
    let again = MemoryKeys::generate(&SeededRandom::new(12));
    assert_eq!(identifiers(&store), identifiers(&again));
    assert_eq!(published(&store), published(&again));
    let refused = store.sign(SigningPurpose::Receipt, SignatureAlgorithm::Rs256, b"m");
    assert!(matches!(refused, Err(KeyError::NoSuchKey { .. })));
    let mut ids: Vec<_> = published(&store)
        .into_iter()
        .map(|key| key.key_id)
        .collect();
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), count), (18, 18));
}

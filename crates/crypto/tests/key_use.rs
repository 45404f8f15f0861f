//! What a service does with a key store: seals, frames, blocks, wraps.

use crypto::{
    keystore::{KeyError, KeyStore, MemoryKeys, SecretName},
    random::SeededRandom,
};

const HOUR: i64 = 3600;

#[test]
fn sealed_values_open_for_26_hours_with_the_same_label_and_data() {
    let store = MemoryKeys::generate(&SeededRandom::new(7));
    let now = 480_000 * HOUR + 1234;
    let sealed = store.seal("code", b"aad", b"value", now).unwrap();
    assert_eq!(
        sealed,
        store.seal("code", b"aad", b"value", now + 60).unwrap()
    );
    assert_ne!(
        sealed,
        store.seal("code", b"aad", b"value", now + HOUR).unwrap()
    );
    assert_ne!(sealed, store.seal("code", b"aad", b"valuE", now).unwrap());
    assert_eq!(sealed.len(), 4 + 12 + 5 + 16);
    for later in [0, HOUR, 26 * HOUR, -HOUR] {
        assert_eq!(
            store.open("code", b"aad", &sealed, now + later).unwrap(),
            b"value"
        );
    }
    for expired in [27 * HOUR, -2 * HOUR, 1_000_000 * HOUR] {
        assert!(matches!(
            store.open("code", b"aad", &sealed, now + expired),
            Err(KeyError::Expired)
        ));
    }
    assert!(store.open("token", b"aad", &sealed, now).is_err());
    assert!(store.open("code", b"other", &sealed, now).is_err());
    let other = MemoryKeys::generate(&SeededRandom::new(8));
    assert!(other.open("code", b"aad", &sealed, now).is_err());
}

#[test]
fn parts_are_framed_and_names_are_separate() {
    let store = MemoryKeys::generate(&SeededRandom::new(9));
    let mac = |name, parts: &[&[u8]]| store.mac(name, parts).unwrap();
    let lists: [&[&[u8]]; 5] = [
        &[b"ab", b"c"],
        &[b"a", b"bc"],
        &[b"abc"],
        &[b"abc", b""],
        &[b"", b"abc"],
    ];
    let mut seen: Vec<_> = lists
        .iter()
        .map(|parts| mac(SecretName::Index, parts))
        .collect();
    seen.extend(SecretName::ALL[1..].iter().map(|name| mac(*name, lists[0])));
    let count = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), count);
}

#[test]
fn blocks_come_back_and_differ_between_sectors() {
    let store = MemoryKeys::generate(&SeededRandom::new(10));
    // More diversifiers than the cache holds; the first again at the end.
    let first = store
        .encrypt_block(SecretName::Sector, &0_u32.to_be_bytes(), [1; 16])
        .unwrap();
    for sector in 1..5000_u32 {
        let block = store
            .encrypt_block(SecretName::Sector, &sector.to_be_bytes(), [1; 16])
            .unwrap();
        assert_ne!(block, first);
    }
    for name in [SecretName::Sector, SecretName::Handle] {
        let block = store
            .encrypt_block(name, &0_u32.to_be_bytes(), [1; 16])
            .unwrap();
        assert_eq!(block == first, name == SecretName::Sector);
        assert_eq!(
            store
                .decrypt_block(name, &0_u32.to_be_bytes(), block)
                .unwrap(),
            [1; 16]
        );
    }
}

#[test]
fn data_keys_unwrap_only_with_their_own_data() {
    let store = MemoryKeys::generate(&SeededRandom::new(11));
    let wrapped = store.wrap(b"person 1", &[5; 16]).unwrap();
    assert_eq!(
        store.unwrap(b"person 1", &wrapped).unwrap().as_slice(),
        [5; 16]
    );
    assert!(store.unwrap(b"person 2", &wrapped).is_err());
    for byte in 0..wrapped.len() {
        let mut changed = wrapped.clone();
        changed[byte] ^= 1;
        assert!(store.unwrap(b"person 1", &changed).is_err());
    }
    assert!(store.unwrap(b"person 1", &wrapped[..11]).is_err());
    assert!(store.wrap(b"person 1", &[5; 15]).is_err());
}

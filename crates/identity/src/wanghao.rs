//! 网号: ten letters and digits known to the person and the service only (R2.1).
//!
//! Nine random characters and one ISO 7064 MOD 37,36 check character. It is not derived from
//! anything, so nobody can compute it from a document number; no platform ever sees it.

use std::fmt;

use async_trait::async_trait;
use crypto::digest::Digest;
use crypto::keystore::{KeyError, KeyStore, SecretName};
use crypto::random::{self, Random};
use zeroize::Zeroize;

use crate::audit::EventDraft;
use crate::clock::Day;
use crate::id::Bucket;
use crate::store::StoreError;

const ALPHABET: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A 网号, checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Wanghao([u8; 10]);

impl Wanghao {
    /// A fresh one: 36⁹ possibilities, each equally likely.
    pub fn generate(random: &dyn Random) -> Self {
        let mut characters = [0; 10];
        for slot in characters.iter_mut().take(9) {
            *slot = ALPHABET[usize::from(random_below_36(random))];
        }
        characters[9] = check_character(&characters[..9]);
        Self(characters)
    }

    /// Reads what a person typed: spaces and case do not matter, the check character does.
    pub fn parse(text: &str) -> Option<Self> {
        let typed: Vec<u8> = text
            .bytes()
            .filter(|b| !b.is_ascii_whitespace())
            .map(|b| b.to_ascii_uppercase())
            .collect();
        let characters: [u8; 10] = typed.try_into().ok()?;
        let known = characters.iter().all(|c| ALPHABET.contains(c));
        (known && check_character(&characters[..9]) == characters[9]).then_some(Self(characters))
    }

    /// All ten characters: for the person's own eyes.
    pub fn reveal(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The form that screens show: `KO******2C`.
    pub fn masked(&self) -> String {
        let text = self.reveal();
        format!("{}******{}", &text[..2], &text[8..])
    }

    /// The keyed digest its row is found by.
    pub fn digest(&self, keys: &dyn KeyStore) -> Result<Digest, KeyError> {
        keys.mac(SecretName::Wanghao, &[b"wanghao", &self.0])
    }
}

impl fmt::Debug for Wanghao {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wanghao(…)")
    }
}

impl Drop for Wanghao {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// What became of a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reserved {
    /// The number is set aside.
    Reserved,
    /// Somebody has it, had it, or is about to: draw another.
    InUse,
}

/// 网号 rows, each in the bucket of its own digest. A number once used is never used again.
#[async_trait]
pub trait WanghaoStore: Send + Sync {
    /// Sets a number aside. Event outcome `done` or `in_use`.
    async fn reserve_wanghao(
        &self,
        digest: &Digest,
        day: Day,
        event: EventDraft,
    ) -> Result<Reserved, StoreError>;
    /// Makes a reservation last: `true` if there was one (or it is confirmed already).
    /// Event outcome `done` or `not_found`.
    async fn confirm_wanghao(&self, digest: &Digest, event: EventDraft)
    -> Result<bool, StoreError>;
    /// The number of somebody who left: dead for ever, and nothing says since when it lived (R2.1, R9.5). `true` if it
    /// was there. Event outcome `done` or `not_found`.
    async fn end_wanghao(&self, digest: &Digest, event: EventDraft) -> Result<bool, StoreError>;
    /// Reservations older than `before` that no application confirmed become dead. How many.
    /// Event outcome `done`; no event when there were none.
    async fn lapse_wanghao(
        &self,
        bucket: Bucket,
        before: Day,
        event: EventDraft,
    ) -> Result<u32, StoreError>;
}

/// One number below 36 without bias: bytes of 252 and more are drawn again.
fn random_below_36(random: &dyn Random) -> u8 {
    loop {
        let [byte] = random::array::<1>(random);
        if byte < 252 {
            return byte % 36;
        }
    }
}

/// ISO 7064 MOD 37,36 (hybrid system): the character that makes the whole check.
fn check_character(characters: &[u8]) -> u8 {
    let mut product: usize = 36;
    for character in characters {
        let value = ALPHABET
            .iter()
            .position(|known| known == character)
            .unwrap_or(0);
        let sum = (product + value) % 36;
        product = (if sum == 0 { 36 } else { sum } * 2) % 37;
    }
    ALPHABET[(37 - product) % 36]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::random::SeededRandom;
    use std::collections::HashSet;

    /// ISO 7064's own example for MOD 37,36: A12425GABC1234002 has check character M.
    #[test]
    fn check_character_of_the_standard() {
        assert_eq!(check_character(b"A12425GABC1234002"), b'M');
    }

    #[test]
    fn r2_1_a_wanghao_is_ten_letters_and_digits_and_none_repeats() {
        let random = SeededRandom::new(1);
        let mut seen = HashSet::new();
        for _ in 0..20_000 {
            let wanghao = Wanghao::generate(&random);
            let text = wanghao.reveal().to_owned();
            assert_eq!(text.len(), 10);
            assert!(
                text.bytes()
                    .all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
            );
            assert_eq!(Wanghao::parse(&text), Some(wanghao));
            assert!(seen.insert(text), "drawn twice");
        }
    }

    #[test]
    fn every_single_typing_error_is_noticed() {
        let wanghao = Wanghao::generate(&SeededRandom::new(2));
        let text = wanghao.reveal().as_bytes().to_vec();
        for position in 0..10 {
            for other in ALPHABET {
                if *other != text[position] {
                    let mut wrong = text.clone();
                    wrong[position] = *other;
                    assert_eq!(Wanghao::parse(&String::from_utf8(wrong).unwrap()), None);
                }
            }
        }
    }

    #[test]
    fn masked_shows_four_characters_and_debug_none() {
        let wanghao = Wanghao::generate(&SeededRandom::new(3));
        let masked = wanghao.masked();
        assert_eq!(masked.len(), 10);
        assert_eq!(masked.matches('*').count(), 6);
        assert_eq!(format!("{wanghao:?}"), "Wanghao(…)");
    }
}

//! Randomness comes in as an argument, everywhere, so that tests can repeat themselves.

use std::sync::atomic::{AtomicU64, Ordering};

use sm2::elliptic_curve::rand_core::{TryCryptoRng, TryRng};

use crate::digest;

/// A source of random bytes. Object safe and shared between threads.
pub trait Random: Send + Sync {
    /// Fills `bytes` with random bytes.
    fn fill(&self, bytes: &mut [u8]);
}

/// `N` random bytes.
pub fn array<const N: usize>(random: &dyn Random) -> [u8; N] {
    let mut bytes = [0; N];
    random.fill(&mut bytes);
    bytes
}

/// The generator of aws-lc, seeded by the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        aws_lc_rs::rand::fill(bytes)
            .expect("the operating system gives randomness or nothing can go on");
    }
}

/// **Unsafe for production**: the same seed gives the same bytes, and the seed is short. For tests and the sandbox only.
///
/// Block `i` of the stream is SM3(seed ‖ i); calls share one counter.
#[derive(Debug)]
pub struct SeededRandom {
    seed: u64,
    counter: AtomicU64,
}

impl SeededRandom {
    /// A repeatable stream for `seed`.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            counter: AtomicU64::new(0),
        }
    }
}

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let counter = self.counter.fetch_add(1, Ordering::Relaxed);
            let block = digest::sm3(&[b"seeded", &self.seed.to_be_bytes(), &counter.to_be_bytes()]);
            chunk.copy_from_slice(&block.0[..chunk.len()]);
        }
    }
}

/// [`Random`] in the shape RustCrypto wants.
pub(crate) struct RandomAdapter<'a>(pub(crate) &'a dyn Random);

impl TryRng for RandomAdapter<'_> {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(u32::from_le_bytes(array(self.0)))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(u64::from_le_bytes(array(self.0)))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for RandomAdapter<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_itself_and_another_seed_differs() {
        let (first, again, other) = (
            SeededRandom::new(7),
            SeededRandom::new(7),
            SeededRandom::new(8),
        );
        let bytes: [u8; 75] = array(&first);
        assert_eq!(bytes, array(&again));
        assert_ne!(bytes, array(&other));
        assert_ne!(bytes, array(&first));
    }

    #[test]
    fn the_system_does_not_repeat_itself() {
        assert_ne!(array::<32>(&SystemRandom), array::<32>(&SystemRandom));
    }
}

//! SM4 (GB/T 32907-2016), one block at a time.
//!
//! `sm4` 0.6 reads a byte table by secret index: its timing may leak to whoever shares the processor's cache.

use sm4::{
    Sm4,
    cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit},
};

/// A key schedule of SM4, erased when dropped.
#[derive(Clone)]
pub struct Sm4Block(Sm4);

impl Sm4Block {
    /// Expands a key of 16 bytes.
    pub fn new(key: &[u8; 16]) -> Self {
        Self(Sm4::new(key.into()))
    }

    /// Encrypts one block.
    pub fn encrypt(&self, mut block: [u8; 16]) -> [u8; 16] {
        self.0.encrypt_block((&mut block).into());
        block
    }

    /// Decrypts one block.
    pub fn decrypt(&self, mut block: [u8; 16]) -> [u8; 16] {
        self.0.decrypt_block((&mut block).into());
        block
    }
}

impl std::fmt::Debug for Sm4Block {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Sm4Block")
    }
}

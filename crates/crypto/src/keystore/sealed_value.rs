use zeroize::Zeroizing;

use super::{
    KeyError,
    ring::{Secret, first_12, framed_mac, half},
};
use crate::{
    CryptoError,
    aead::{AeadAlgorithm, AeadKey, NONCE_LEN},
};

/// Hours a key of an hour still opens.
const HOURS: u32 = 26;

/// The secret behind the hourly keys.
pub(super) struct SealingSecret<'a>(pub(super) &'a Secret);

impl SealingSecret<'_> {
    /// hour (4, big-endian) ‖ nonce (12) ‖ SM4-GCM.
    pub(super) fn seal(
        &self,
        label: &str,
        aad: &[u8],
        plaintext: &[u8],
        now: i64,
    ) -> Result<Vec<u8>, KeyError> {
        let hour = hour_of(now)?.to_be_bytes();
        let label = label.as_bytes();
        // The nonce depends on all of the input (SIV): two different values never share one.
        let nonce = first_12(&framed_mac(
            self.0.as_ref(),
            b"nonce",
            &[&hour, label, aad, plaintext],
        ));
        let text = self.key(hour, label)?.seal(nonce, aad, plaintext);
        Ok([&hour[..], &nonce, &text].concat())
    }

    pub(super) fn open(
        &self,
        label: &str,
        aad: &[u8],
        sealed: &[u8],
        now: i64,
    ) -> Result<Vec<u8>, KeyError> {
        let failed = KeyError::Crypto(CryptoError::DecryptionFailed);
        let Some((hour, rest)) = sealed.split_first_chunk::<4>() else {
            return Err(failed);
        };
        let Some((nonce, text)) = rest.split_first_chunk::<NONCE_LEN>() else {
            return Err(failed);
        };
        let (made, present) = (u32::from_be_bytes(*hour), hour_of(now)?);
        // One hour ahead is the clock of another node, more is not ours.
        if made > present.saturating_add(1) || present.saturating_sub(made) > HOURS {
            return Err(KeyError::Expired);
        }
        Ok(self.key(*hour, label.as_bytes())?.open(*nonce, aad, text)?)
    }

    fn key(&self, hour: [u8; 4], label: &[u8]) -> Result<AeadKey, KeyError> {
        let key = Zeroizing::new(half(&framed_mac(self.0.as_ref(), b"hour", &[&hour, label])));
        Ok(AeadKey::new(AeadAlgorithm::Sm4Gcm, key.as_ref())?)
    }
}

fn hour_of(now: i64) -> Result<u32, KeyError> {
    u32::try_from(now.div_euclid(3600)).map_err(|_| KeyError::Expired)
}

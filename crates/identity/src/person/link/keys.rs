//! The keys of a new device, and the four digits by which a person compares them.

use crypto::digest::sha256;
use crypto::{PublicKey, random};
use jose::jwk::Jwk;
use serde::{Deserialize, Serialize};

use crate::device::DeviceCurve;
use crate::handover::desk::Desk;
use crate::service::Fault;

use super::ClaimedLink;

/// What a new device brings. Its key has signed for it already.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct NewKeys {
    /// Names this claim: the code alone does not pick up its outcome.
    pub(super) claim: [u8; 16],
    pub(super) signing_key: Vec<u8>,
    pub(super) curve: DeviceCurve,
    pub(super) agreement_key: Vec<u8>,
    pub(super) name: String,
}

impl NewKeys {
    pub(super) fn new(key: &PublicKey, curve: DeviceCurve, desk: &Desk<'_>) -> Result<Self, Fault> {
        let point = key
            .to_sec1()
            .map_err(|_| Fault::Invariant("a device key has no point"))?;
        Ok(Self {
            claim: random::array(desk.random),
            signing_key: point.to_vec(),
            curve,
            agreement_key: Vec::new(),
            name: String::new(),
        })
    }

    pub(super) fn shown(&self) -> Result<ClaimedLink, Fault> {
        Ok(ClaimedLink {
            name: self.name.clone(),
            agreement_key: self.agreement_key.clone(),
            check: self.check()?,
        })
    }

    /// The first four bytes of SHA-256 over the thumbprint of the key (RFC 7638), as a number, its
    /// last four digits.
    pub(super) fn check(&self) -> Result<String, Fault> {
        let broken = || Fault::Invariant("a key of a link");
        let key =
            PublicKey::from_sec1(self.curve.curve(), &self.signing_key).map_err(|_| broken())?;
        let thumbprint = Jwk::public(&key, None, None, None)
            .thumbprint()
            .map_err(|_| broken())?;
        let digest = sha256(&[thumbprint.as_bytes()]);
        let first = digest.0.first_chunk::<4>().ok_or_else(broken)?;
        Ok(format!("{:04}", u32::from_be_bytes(*first) % 10_000))
    }
}

//! The officers' key: complaints, cases and legal requests are sealed to it.
//!
//! Sealing needs its public part alone. The private part is wrapped by the key store; it is unwrapped for an officer's
//! own act and nothing else. Token-signing and sealed-value keys do not open it (C1).

use crypto::keystore::KeyStore;
use crypto::random::Random;
use crypto::{Curve, PrivateKey, PublicKey, sealed_box};
use zeroize::Zeroizing;

use crate::audit::{AuditEvent, EventDraft};
use crate::service::{Fault, Service};

use super::CaseKeyRow;

const BROKEN: Fault = Fault::Invariant("the case officers' key");

fn wrap_context(number: u32) -> Vec<u8> {
    [&b"case-key"[..], &number.to_be_bytes()].concat()
}

fn seal_context(label: &str, number: u32) -> Vec<u8> {
    [label.as_bytes(), &[0], &number.to_be_bytes()].concat()
}

fn generate(number: u32, keys: &dyn KeyStore, random: &dyn Random) -> Result<CaseKeyRow, Fault> {
    let key = PrivateKey::generate(Curve::Sm2, random).map_err(|_| BROKEN)?;
    let scalar = key.scalar().map_err(|_| BROKEN)?;
    Ok(CaseKeyRow {
        number,
        public: key.public().to_sec1().map_err(|_| BROKEN)?.to_vec(),
        wrapped: keys.wrap(&wrap_context(number), scalar.as_ref())?,
    })
}

impl Service {
    /// Makes a new officers' key; what is sealed from now on is sealed to it. Event: `key_changed`.
    pub async fn new_case_key(&self) -> Result<CaseKeyRow, Fault> {
        let number = self.store.case_keys().await?.len();
        let number = u32::try_from(number).map_err(|_| BROKEN)? + 1;
        let row = generate(number, self.keys(), self.random())?;
        let event = AuditEvent::KeyChanged {
            key: format!("case-{number}"),
            change: "created".to_owned(),
            at: self.now(),
        };
        let event = EventDraft::new(event, self.random());
        if self.store.put_case_key(row.clone(), event).await? {
            return Ok(row);
        }
        // Another process was faster: its key is as good.
        let rows = self.store.case_keys().await?;
        rows.into_iter().next_back().ok_or(BROKEN)
    }

    async fn case_key(&self) -> Result<CaseKeyRow, Fault> {
        match self.store.case_keys().await?.into_iter().next_back() {
            Some(row) => Ok(row),
            None => self.new_case_key().await,
        }
    }

    /// Seals to the newest officers' key: number (4) ‖ sealed box.
    pub(crate) async fn seal_to_officers(
        &self,
        label: &str,
        plain: &[u8],
    ) -> Result<Vec<u8>, Fault> {
        let row = self.case_key().await?;
        let key = PublicKey::from_sec1(Curve::Sm2, &row.public).map_err(|_| BROKEN)?;
        let sealed = sealed_box::seal(&key, &seal_context(label, row.number), plain, self.random());
        let sealed = sealed.map_err(|_| BROKEN)?;
        Ok([&row.number.to_be_bytes()[..], &sealed].concat())
    }

    /// Opens what [`Service::seal_to_officers`] made under the same label. The caller answers for who asks.
    pub(crate) async fn open_for_officers(
        &self,
        label: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let (number, sealed) = sealed.split_first_chunk::<4>().ok_or(BROKEN)?;
        let number = u32::from_be_bytes(*number);
        let rows = self.store.case_keys().await?;
        let row = rows.into_iter().find(|row| row.number == number);
        let row = row.ok_or(BROKEN)?;
        let scalar = self.keys().unwrap(&wrap_context(number), &row.wrapped)?;
        let scalar: &[u8; 32] = scalar.as_slice().try_into().map_err(|_| BROKEN)?;
        let key = PrivateKey::from_scalar(Curve::Sm2, scalar).map_err(|_| BROKEN)?;
        let plain = sealed_box::open(&key, &seal_context(label, number), sealed);
        Ok(Zeroizing::new(plain.map_err(|_| BROKEN)?))
    }
}

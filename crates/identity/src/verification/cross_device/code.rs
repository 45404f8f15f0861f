//! The text of the code: `<session>.<counter>.<mac>`, a new one every two seconds.

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::keystore::SecretName;
use subtle::ConstantTimeEq;

use crate::clock::Timestamp;
use crate::service::Fault;

use super::CrossDevice;

/// Seconds one code is shown.
const SECONDS: i64 = 2;
/// Codes before and after the present one that count as fresh: time to aim and to load.
const FRESH: i64 = 5;
/// Bytes of the MAC: it has to hold for minutes.
const MAC_BYTES: usize = 8;

/// A code that was made here. Only [`CrossDevice::code`] and [`CrossDevice::read_code`] make one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    pub(super) session: String,
    counter: String,
    mac: String,
    /// Whether it is shown now, give or take ten seconds.
    pub fresh: bool,
}

impl Code {
    /// The session it names.
    pub fn session(&self) -> &str {
        &self.session
    }

    /// `<session>.<counter>.<mac>`.
    pub fn text(&self) -> String {
        format!("{}.{}.{}", self.session, self.counter, self.mac)
    }
}

impl CrossDevice<'_> {
    /// The code of a session at this moment.
    pub fn code(&self, session: &str) -> Result<Code, Fault> {
        let counter = counter_at(self.desk.now).to_string();
        let mac = self.mac(session, &counter)?;
        Ok(Code {
            session: session.to_owned(),
            counter,
            mac,
            fresh: true,
        })
    }

    /// Reads a code; `None` when it was not made here.
    pub fn read_code(&self, text: &str) -> Result<Option<Code>, Fault> {
        let mut parts = text.split('.');
        let (Some(session), Some(counter), Some(mac), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Ok(None);
        };
        let Ok(number) = counter.parse::<i64>() else {
            return Ok(None);
        };
        if text.len() > 96 {
            return Ok(None);
        }
        let genuine = self.mac(session, counter)?;
        if !bool::from(genuine.as_bytes().ct_eq(mac.as_bytes())) {
            return Ok(None);
        }
        let fresh = (counter_at(self.desk.now) - FRESH..=counter_at(self.desk.now) + FRESH)
            .contains(&number);
        Ok(Some(Code {
            session: session.to_owned(),
            counter: counter.to_owned(),
            mac: mac.to_owned(),
            fresh,
        }))
    }

    fn mac(&self, session: &str, counter: &str) -> Result<String, Fault> {
        let parts: [&[u8]; 3] = [b"cross-device-code", session.as_bytes(), counter.as_bytes()];
        let digest = self.desk.keys.mac(SecretName::Tag, &parts)?;
        Ok(Base64UrlUnpadded::encode_string(&digest.0[..MAC_BYTES]))
    }
}

fn counter_at(now: Timestamp) -> i64 {
    now.0.div_euclid(SECONDS)
}

//! Device-signed statements: what a person says, proven by the key on the person's device.

use jose::jws::Unverified;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crypto::{Curve, PublicKey, SignatureAlgorithm};

use crate::clock::Timestamp;
use crate::device::{DeviceCurve, DeviceHandle};
use crate::erasure::leave::ACTS_OF_LEAVING;
use crate::id::OpaqueId;
use crate::person::HolderView;
use crate::person::recover::ACT_TYPE;
use crate::replay::Seen;
use crate::service::{Fault, Service};
use crate::wangzheng::WangzhengState;

/// Seconds a device's clock may be off, either way.
pub const LEEWAY: i64 = 300;

/// Why a statement is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StatementRefused {
    /// Not a statement of this kind, or not signed by the key it names.
    #[error("the statement is not validly signed")]
    Invalid,
    /// The device is unknown, removed, or somebody else's.
    #[error("the device is not known")]
    UnknownDevice,
    /// A recovered device still waits (P-recovery).
    #[error("the device is not active yet")]
    DeviceWaiting {
        /// From when it works.
        active_from: Timestamp,
    },
    /// Made too long ago, in the future, or for another service.
    #[error("the statement is not for here and now")]
    Stale,
    /// The person asked to leave: all that is left is to leave, or to think again (R9.5).
    #[error("R9.5: a leaving is under way; cancel it first")]
    Leaving,
    /// Used before.
    #[error("the statement was used before")]
    Replayed,
    /// Too many statements at once.
    #[error("too many statements at once")]
    Busy,
}

/// A statement that is refused, or a fault.
#[derive(Debug, thiserror::Error)]
pub enum StatementError {
    /// Refused.
    #[error(transparent)]
    Refused(#[from] StatementRefused),
    /// Could not be judged.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// A statement whose device proved its key. Only [`Service::proven_device`] makes one.
pub struct ProvenDevice<T> {
    view: HolderView,
    statement: T,
}

impl<T> ProvenDevice<T> {
    /// Person, 网证 and device.
    pub fn view(&self) -> &HolderView {
        &self.view
    }

    /// What was said.
    pub fn statement(&self) -> &T {
        &self.statement
    }
}

/// A new key that signed its own statement. Only [`Service::proven_key`] makes one.
pub struct ProvenKey<T> {
    key: PublicKey,
    curve: DeviceCurve,
    statement: T,
}

impl<T> ProvenKey<T> {
    /// The key.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Its curve.
    pub fn curve(&self) -> DeviceCurve {
        self.curve
    }

    /// What was said.
    pub fn statement(&self) -> &T {
        &self.statement
    }
}

/// What every statement says besides its own content.
#[derive(Deserialize)]
struct Frame {
    aud: String,
    iat: i64,
    jti: String,
}

/// What every act says: its name.
#[derive(Deserialize)]
struct Named {
    act: String,
}

impl DeviceCurve {
    /// The one signature algorithm of the curve.
    pub fn algorithm(self) -> SignatureAlgorithm {
        match self {
            Self::P256 => SignatureAlgorithm::Es256,
            Self::Sm2 => SignatureAlgorithm::Sm2Sm3,
        }
    }

    /// The curve as the algorithms know it.
    pub fn curve(self) -> Curve {
        match self {
            Self::P256 => Curve::P256,
            Self::Sm2 => Curve::Sm2,
        }
    }
}

/// How often a statement may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uses {
    /// Once: its `jti` is remembered.
    Once,
    /// As often as its target allows: a repeated approval meets a request that is taken already,
    /// and gets the same answer (B2).
    GuardedByTarget,
}

impl Service {
    /// Checks a statement of type `typ` by a known device.
    pub async fn proven_device<T: DeserializeOwned>(
        &self,
        text: &str,
        typ: &str,
        uses: Uses,
    ) -> Result<ProvenDevice<T>, StatementError> {
        // 1. Whose device does it name?
        let unverified = Unverified::parse(text).map_err(|_| StatementRefused::Invalid)?;
        let header = unverified.header();
        if header.typ.as_deref() != Some(typ) {
            return Err(StatementRefused::Invalid.into());
        }
        let handle = header.kid.as_deref().and_then(OpaqueId::parse);
        let handle = DeviceHandle(handle.ok_or(StatementRefused::UnknownDevice)?);
        let (person, device) = handle.open(self.keys()).map_err(Fault::from)?;
        let view = self
            .store
            .holder_view(person, device)
            .await
            .map_err(Fault::from)?;
        let view = view.ok_or(StatementRefused::UnknownDevice)?;
        // 2. Did its key sign this, with the only algorithm of its curve?
        let curve = view.device.curve;
        if header.alg != curve.algorithm() {
            return Err(StatementRefused::Invalid.into());
        }
        let key = PublicKey::from_sec1(curve.curve(), &view.device.signing_key)
            .map_err(|_| Fault::Invariant("a stored device key is no key"))?;
        let verified = unverified
            .verify(&key)
            .map_err(|_| StatementRefused::Invalid)?;
        // 3. For here, for now, and not before?
        let payload = verified.into_inner();
        self.check_frame(&payload, uses)?;
        if self.now() < view.device.active_from {
            let active_from = view.device.active_from;
            return Err(StatementRefused::DeviceWaiting { active_from }.into());
        }
        // 4. Somebody on the way out is restricted (R9.5). Decisions meet the state of the 网证.
        if view.wangzheng.state == WangzhengState::Leaving && typ == ACT_TYPE {
            let act: Named =
                serde_json::from_slice(&payload).map_err(|_| StatementRefused::Invalid)?;
            if !ACTS_OF_LEAVING.contains(&act.act.as_str()) {
                return Err(StatementRefused::Leaving.into());
            }
        }
        let statement = serde_json::from_slice(&payload).map_err(|_| StatementRefused::Invalid)?;
        Ok(ProvenDevice { view, statement })
    }

    /// Checks a statement that carries the key it is signed with: the first word of a new device.
    pub fn proven_key<T: DeserializeOwned>(
        &self,
        text: &str,
        typ: &str,
    ) -> Result<ProvenKey<T>, StatementRefused> {
        let unverified = Unverified::parse(text).map_err(|_| StatementRefused::Invalid)?;
        let header = unverified.header();
        let curve = match header.alg {
            SignatureAlgorithm::Es256 => DeviceCurve::P256,
            SignatureAlgorithm::Sm2Sm3 => DeviceCurve::Sm2,
            _ => return Err(StatementRefused::Invalid),
        };
        let key = header
            .jwk
            .as_ref()
            .and_then(|jwk| jwk.public_key().ok())
            .filter(|key| key.curve() == Some(curve.curve()))
            .ok_or(StatementRefused::Invalid)?;
        if header.typ.as_deref() != Some(typ) {
            return Err(StatementRefused::Invalid);
        }
        let verified = unverified
            .verify(&key)
            .map_err(|_| StatementRefused::Invalid)?;
        let payload = verified.into_inner();
        self.check_frame(&payload, Uses::Once)?;
        let statement = serde_json::from_slice(&payload).map_err(|_| StatementRefused::Invalid)?;
        Ok(ProvenKey {
            key,
            curve,
            statement,
        })
    }

    pub(crate) fn check_frame(&self, payload: &[u8], uses: Uses) -> Result<(), StatementRefused> {
        let frame: Frame =
            serde_json::from_slice(payload).map_err(|_| StatementRefused::Invalid)?;
        let now = self.now();
        let fresh = (now.0 - LEEWAY..=now.0 + LEEWAY).contains(&frame.iat);
        if frame.aud != self.issuer || !fresh {
            return Err(StatementRefused::Stale);
        }
        if frame.jti.is_empty() || frame.jti.len() > 64 {
            return Err(StatementRefused::Invalid);
        }
        if uses == Uses::GuardedByTarget {
            return Ok(());
        }
        self.take_once("statement", &frame.jti)
    }

    /// Takes an identifier of a kind, once (B2).
    pub(crate) fn take_once(&self, kind: &str, identifier: &str) -> Result<(), StatementRefused> {
        match self.statements.take(kind, identifier, self.now()) {
            Seen::Fresh => Ok(()),
            Seen::Replayed => Err(StatementRefused::Replayed),
            Seen::Full => Err(StatementRefused::Busy),
        }
    }
}

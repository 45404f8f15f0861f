//! What the person's device shows: the credential with exactly the ticked disclosures, bound by the device key to this
//! transaction (RFC 9901, R8.2). Verified, passed on sealed, kept nowhere.

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::PublicKey;
use crypto::keystore::SigningPurpose;
use jose::jwk::Jwk;
use jose::sd_jwt::{ExpectedBinding, Presentation};
use serde_json::{Map, Value};

use crate::clock::Timestamp;
use crate::person::recover::open_record;
use crate::person::{HolderView, PersonRecord};
use crate::service::Service;
use crate::statement::LEEWAY;
use crate::verification::decision::{DecisionError, DecisionRefused};
use crate::wangzheng::credential::CREDENTIAL_TYPE;

use super::ConsentedAttributes;
use super::attribute::Attribute;

/// `typ` of the credential (SD-JWT VC).
const CREDENTIAL_FORMAT: &str = "dc+sd-jwt";

/// Values the person's device showed for exactly the consented attributes. Only [`Service::presented`] makes one, and
/// they are shown to nobody: no `Debug`, no `Serialize`.
#[derive(Default)]
pub struct PresentedValues(Map<String, Value>);

impl PresentedValues {
    pub(super) fn into_claims(self) -> Map<String, Value> {
        self.0
    }
}

impl Service {
    /// Checks a presentation against the consent; `transaction` is what the device binds it to: base64url of the
    /// SHA-256 of the sealed request, as in the decision itself.
    pub(crate) fn presented(
        &self,
        consented: &ConsentedAttributes,
        view: &HolderView,
        transaction: &str,
        presentation: Option<&str>,
    ) -> Result<PresentedValues, DecisionError> {
        // 1. Shown if and only if something of it was ticked.
        let wished: Vec<Attribute> = consented.presented().collect();
        let text = match (presentation, wished.is_empty()) {
            (None, true) => return Ok(PresentedValues::default()),
            (Some(_), true) => return Err(DecisionRefused::PresentationInvalid.into()),
            (None, false) => return Err(DecisionRefused::PresentationNeeded.into()),
            (Some(text), false) => text,
        };
        let invalid = || DecisionRefused::PresentationInvalid;
        let shown = Presentation::parse(text).map_err(|_| invalid())?;
        // 2. Exactly the ticked attributes: not one fewer, not one more (Art. 8(2), 最小化).
        if !shows_exactly(&shown, &wished) {
            return Err(invalid().into());
        }
        // 3. Our own signature, the disclosures, the binding to this transaction (RFC 9901 §7.3).
        let issuer = self.credential_key(&shown)?;
        let expected = ExpectedBinding {
            audience: &self.issuer,
            nonce: transaction,
            now: self.now().0,
            max_age: LEEWAY,
            leeway: LEEWAY,
        };
        let verified = shown.verify(CREDENTIAL_FORMAT, &issuer, &expected);
        let claims = verified.map_err(|_| invalid())?.into_inner();
        // 4. The key it is bound to is the key of the device that decides.
        if holder_key(&claims) != Some(view.device.signing_key.clone()) {
            return Err(invalid().into());
        }
        // 5. The credential in force, not an earlier one (R2.2, R15.2).
        let record = open_record(&view.person, &self.data_key(&view.person)?)?;
        if !self.is_current(&claims, view) || !agrees(&claims, &wished, &record) {
            return Err(DecisionRefused::CredentialOutdated.into());
        }
        let values = wished
            .iter()
            .filter_map(|attribute| claims.get_key_value(attribute.as_str()))
            .map(|(name, value)| (name.clone(), value.clone()));
        Ok(PresentedValues(values.collect()))
    }

    /// The key of ours that signed a credential, by its `kid`.
    fn credential_key(&self, shown: &Presentation) -> Result<PublicKey, DecisionRefused> {
        let header = shown
            .header()
            .map_err(|_| DecisionRefused::PresentationInvalid)?;
        let published = self.keys().published(SigningPurpose::Credential);
        let key = published.into_iter().find(|key| {
            key.algorithm == header.alg && header.kid.as_deref() == Some(key.key_id.as_str())
        });
        key.map(|key| key.key)
            .ok_or(DecisionRefused::CredentialOutdated)
    }

    /// Ours, of the one type, in its validity, and not older than the 网证 as it was issued last.
    fn is_current(&self, claims: &Map<String, Value>, view: &HolderView) -> bool {
        let second = |name: &str| claims.get(name).and_then(Value::as_i64);
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        text("iss") == Some(self.issuer.as_str())
            && text("vct") == Some(CREDENTIAL_TYPE)
            && second("exp").is_some_and(|end| self.now().0 < end)
            && second("iat").is_some_and(|made| Timestamp(made).day() >= view.wangzheng.issued_on)
    }
}

/// Whether the disclosures are those of the wished attributes, each once.
fn shows_exactly(shown: &Presentation, wished: &[Attribute]) -> bool {
    let mut names: Vec<Option<&str>> = shown
        .sd_jwt
        .disclosures
        .iter()
        .map(jose::sd_jwt::Disclosure::name)
        .collect();
    let mut wanted: Vec<Option<&str>> = wished.iter().map(|name| Some(name.as_str())).collect();
    names.sort_unstable();
    wanted.sort_unstable();
    names == wanted
}

/// SEC1 of the key in `cnf` (RFC 7800).
fn holder_key(claims: &Map<String, Value>) -> Option<Vec<u8>> {
    let jwk = claims.get("cnf")?.get("jwk")?.clone();
    let jwk: Jwk = serde_json::from_value(jwk).ok()?;
    Some(jwk.public_key().ok()?.to_sec1().ok()?.to_vec())
}

/// Whether what is shown is what the service's own record says now, as far as it keeps it (a renewed document has a
/// new number; what was true of the old one is not passed on).
fn agrees(claims: &Map<String, Value>, wished: &[Attribute], record: &PersonRecord) -> bool {
    wished.iter().all(|attribute| {
        let kept = match attribute {
            Attribute::DocumentNumber => Some(serde_json::json!(record.document_number)),
            Attribute::DocumentKind => Some(serde_json::json!(record.document_kind)),
            Attribute::BirthDate => {
                let day = crate::clock::Day::of(record.birth_date);
                Some(serde_json::json!(day.to_string()))
            }
            Attribute::Name => Some(serde_json::json!(record.holder_name)),
            // Not kept by the service at all (R9.1).
            Attribute::Nationality | Attribute::Sex | Attribute::AgeMarker => None,
        };
        kept.is_none_or(|kept| claims.get(attribute.as_str()) == Some(&kept))
    })
}

/// What a device binds its presentation to: the same text that its decision names.
pub fn transaction_digest(sealed_request: &str) -> String {
    Base64UrlUnpadded::encode_string(&crypto::digest::sha256(&[sealed_request.as_bytes()]).0)
}

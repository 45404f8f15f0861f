//! 网证 as it lies on the device: an SD-JWT VC bound to the device key (R2.2).
//!
//! The signed part holds salted digests only; what they hide goes to the device and is kept by
//! nobody else.

use crypto::keystore::SigningPurpose;
use jose::jwk::Jwk;
use jose::jws::StoreSigner;
use jose::sd_jwt::{Issue, SdJwt};
use serde_json::{Map, Value, json};

use crypto::PublicKey;

use crate::clock::Day;
use crate::device::DeviceCurve;
use crate::person::PersonRecord;
use crate::registry::{RegistryRecord, Sex};
use crate::service::{Fault, Service};

/// `vct` of the credential.
pub const CREDENTIAL_TYPE: &str = "urn:wangzheng:credential:1";
/// Digests of nothing, so that their number does not tell which kind of document it is.
const DIGESTS: usize = 8;

impl Service {
    /// Issues the credential for one device. The algorithm follows the device's key.
    pub(crate) fn issue_credential(
        &self,
        record: &PersonRecord,
        registry: &RegistryRecord,
        valid_until: Day,
        device: (&PublicKey, DeviceCurve),
    ) -> Result<String, Fault> {
        let (holder, curve) = device;
        let disclosable = disclosable(record, registry);
        let decoys = DIGESTS.saturating_sub(disclosable.len());
        let algorithm = curve.algorithm();
        let issue = Issue {
            typ: "dc+sd-jwt".to_owned(),
            claims: self.open_claims(valid_until),
            disclosable,
            holder: Some(Jwk::public(holder, None, None, None)),
            decoys,
        };
        let signer = StoreSigner {
            store: self.keys(),
            purpose: SigningPurpose::Credential,
            algorithm,
        };
        SdJwt::issue(issue, &signer, self.random())
            .map(|credential| credential.to_string())
            .map_err(|_| Fault::Invariant("a credential does not sign"))
    }

    /// What every reader sees: issuer, type, validity. The day, not the second: two credentials of
    /// one day look alike (C2).
    fn open_claims(&self, valid_until: Day) -> Map<String, Value> {
        let at_midnight = |day: Day| i64::from(day.0) * 86_400 - 8 * 3600;
        let mut claims = Map::new();
        claims.insert("iss".to_owned(), json!(self.issuer));
        claims.insert("vct".to_owned(), json!(CREDENTIAL_TYPE));
        claims.insert("iat".to_owned(), json!(at_midnight(self.now().day())));
        claims.insert("exp".to_owned(), json!(at_midnight(valid_until.plus(1))));
        claims
    }
}

fn disclosable(record: &PersonRecord, registry: &RegistryRecord) -> Map<String, Value> {
    let mut claims = Map::new();
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("wanghao", json!(record.wanghao));
    put("name", json!(registry.name.as_str()));
    put("document_kind", json!(record.document_kind));
    put("document_number", json!(record.document_number));
    let date = record.birth_date;
    let day = format!(
        "{:04}-{:02}-{:02}",
        date.year(),
        u8::from(date.month()),
        date.day()
    );
    put("birth_date", json!(day));
    put("nationality", json!(registry.nationality));
    if let Some(sex) = registry.sex {
        put(
            "sex",
            json!(match sex {
                Sex::Male => "male",
                Sex::Female => "female",
            }),
        );
    }
    claims
}

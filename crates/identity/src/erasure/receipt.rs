//! The receipt of erasure: what is gone, what survives and why, until when back-ups may still hold sealed data (R9.5).

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::PublicKey;
use crypto::keystore::SigningPurpose;
use crypto::random;
use jose::jws::{Header, StoreSigner, sign_compact};
use serde::{Deserialize, Serialize};

use crate::clock::Day;
use crate::device::{DeviceHandle, DeviceRow};
use crate::id::OpaqueId;
use crate::service::{Fault, Service, Suite};
use crate::statement::StatementError;

use super::due::{erased_key, thumbprint};
use super::{LeaveReason, Month};

/// `typ` of a receipt of erasure.
pub const ERASURE_RECEIPT_TYPE: &str = "wz-erasure-receipt+jwt";
/// `typ` of the statement by which a device of somebody who left fetches the receipt again; it carries its key.
pub const FETCH_TYPE: &str = "wz-erased+jwt";

/// What was destroyed, by name.
const ERASED: [&str; 9] = [
    "data_key",
    "sealed_record",
    "document_digests",
    "credential_state",
    "devices",
    "pin",
    "consents",
    "history_and_receipts",
    "events",
];

/// The claims of a receipt of erasure. No name, no number: `cnf` is the device's own key.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    iat: i64,
    jti: String,
    erased_on: String,
    cnf: Confirmation,
    erased: [&'static str; 9],
    remains: Vec<Remains>,
    backups_until: String,
    credential: &'static str,
    wanghao: &'static str,
}

/// RFC 7800.
#[derive(Serialize)]
struct Confirmation {
    jkt: String,
}

/// One thing that survives.
#[derive(Serialize)]
struct Remains {
    what: &'static str,
    why: &'static str,
    /// The last day; absent: for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

/// What a device says that fetches the receipt again.
#[derive(Deserialize)]
pub struct Fetch {
    /// The handle it had.
    pub device: String,
}

impl Service {
    /// Signs the receipt for a device of the person.
    pub(super) fn erasure_receipt(
        &self,
        erased_on: Day,
        device: &DeviceRow,
    ) -> Result<String, Fault> {
        let key = PublicKey::from_sec1(device.curve.curve(), &device.signing_key)
            .map_err(|_| Fault::Invariant("a stored device key is no key"))?;
        self.erasure_receipt_for(erased_on, &key)
    }

    /// The receipt of an erasure that happened while the device was away, or whose answer got lost. `None`: the
    /// person of this device was not erased, or so long ago that nothing is kept of it.
    pub async fn fetch_erasure_receipt(
        &self,
        statement: &str,
    ) -> Result<Option<String>, StatementError> {
        let proven = self.proven_key::<Fetch>(statement, FETCH_TYPE)?;
        let Some(handle) = OpaqueId::parse(&proven.statement().device) else {
            return Ok(None);
        };
        // The handle tells the bucket, the key the row: nobody else's key finds it.
        let (person, _) = DeviceHandle(handle)
            .open(self.keys())
            .map_err(Fault::from)?;
        let device = erased_key(self.keys(), proven.key())?;
        let erased_on = self.store.erased_on(person.bucket(), &device).await;
        match erased_on.map_err(Fault::from)? {
            Some(day) => Ok(Some(self.erasure_receipt_for(day, proven.key())?)),
            None => Ok(None),
        }
    }

    fn erasure_receipt_for(&self, erased_on: Day, key: &PublicKey) -> Result<String, Fault> {
        let claims = Claims {
            iss: &self.issuer,
            iat: self.now().0,
            jti: Base64UrlUnpadded::encode_string(&random::array::<16>(self.random())),
            erased_on: erased_on.to_string(),
            cnf: Confirmation {
                jkt: thumbprint(key)?,
            },
            erased: ERASED,
            remains: self.remains(erased_on),
            backups_until: erased_on.plus(self.policy.backup_days).to_string(),
            credential: "revoked",
            wanghao: "never_given_again",
        };
        let payload = serde_json::to_vec(&claims).map_err(|_| Fault::Invariant("receipt"))?;
        let signer = StoreSigner {
            store: self.keys(),
            purpose: SigningPurpose::Receipt,
            algorithm: Suite::International.signature(),
        };
        sign_compact(Header::typ(ERASURE_RECEIPT_TYPE), &payload, &signer)
            .map_err(|_| Fault::Invariant("a receipt does not sign"))
    }

    /// R9.5: what must survive is named. `docs/threats.md` says what each of them tells whom.
    fn remains(&self, erased_on: Day) -> Vec<Remains> {
        let kept = Month::of(erased_on).plus(self.policy.tombstone_months);
        let kept = Some(kept.last_day().to_string());
        vec![
            Remains {
                what: "log_leaves",
                why: "C6: salted commitments in the public log; their salts are destroyed, nobody can tell whose they were",
                until: None,
            },
            Remains {
                what: "removal_event",
                why: "C6: an event that names which rows of a bucket went, and no person",
                until: None,
            },
            Remains {
                what: "wanghao_digest",
                why: "R2.1: a number is never given again; keyed digest, no date",
                until: None,
            },
            Remains {
                what: "tombstone",
                why: "R2.3: coming back is limited and counted; keyed digest of the register's reference, month, count",
                until: kept.clone(),
            },
            Remains {
                what: "erasure_receipt",
                why: "R9.5: this receipt can be fetched again, and a restored back-up does not bring you back; keyed digests of the device's key and of your internal number, day",
                until: kept,
            },
            Remains {
                what: "messages_to_platforms",
                why: "R9.5: what tells a platform of this, sealed to its outbox, until it has confirmed or at most this long",
                until: Some(
                    erased_on
                        .plus(
                            i32::try_from(self.policy.signal_life / 86_400).unwrap_or(i32::MAX) + 1,
                        )
                        .to_string(),
                ),
            },
            Remains {
                what: "platform_accounts",
                why: "PIPL 47: each platform keeps and deletes what is its own; it was told",
                until: None,
            },
        ]
    }
}

impl LeaveReason {
    /// Whether the 网证 is restricted meanwhile: an announcement of inactivity restricts nothing.
    pub fn restricts(self) -> bool {
        self == Self::Requested
    }
}

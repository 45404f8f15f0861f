//! Two browsers, one application: the child's shows eight digits, the guardian types them on a device of their own and
//! signs, the child's browser goes on (P22).
//!
//! What is compared on both screens are four digits of the child's new key, so that a service that exchanged the key
//! would be seen.

use crypto::digest::{Digest, sha256};
use crypto::keystore::SecretName;
use crypto::random;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::handover::guess::{self, eight_digits};
use crate::person::account::mask_name;
use crate::person::apply::{APPLY_TYPE, ApplyError, ApplyRefused, CheckedDocument};
use crate::person::recover::Act;
use crate::service::{Fault, Service};
use crate::statement::{ProvenDevice, Uses};

use super::request::{AskError, AskRefused};
use super::statement::{GuardianAct, GuardianRefused, key_thumbprint};

const LABEL: &str = "guardian-code";
/// Seconds a code waits: time to call a parent into the room.
const LIFE: i64 = 600;

#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Asked {
    key: String,
    child_name: String,
    supervises: bool,
    expires_at: Timestamp,
    claim: [u8; 16],
    /// The guardian's statement, once there; checked when the application uses it.
    statement: Option<String>,
}

/// A code for the guardian.
pub struct GuardianCode {
    /// Eight digits.
    pub code: String,
    /// Sealed; asks for the guardian's statement.
    pub claim: String,
    /// Four digits of the new key, to compare.
    pub check: String,
    /// Until when.
    pub expires_at: Timestamp,
}

/// What the guardian sees.
pub struct CodeAsks {
    /// The child's name, masked.
    pub child_name: String,
    /// What is asked.
    pub act: GuardianAct,
    /// The key the statement has to name.
    pub key: String,
    /// Four digits of it, to compare.
    pub check: String,
}

#[derive(Serialize, Deserialize)]
struct Claim {
    code: String,
    claim: [u8; 16],
}

impl Service {
    /// The child's browser asks for a code, by the new key it will apply with.
    pub async fn guardian_code(
        &self,
        checked: &CheckedDocument,
        statement: &str,
    ) -> Result<GuardianCode, ApplyError> {
        let act = GuardianAct::of_application(checked.group).ok_or(ApplyRefused::Expired)?;
        let proven = self
            .proven_key::<IgnoredAny>(statement, APPLY_TYPE)
            .map_err(ApplyRefused::from)?;
        let key = key_thumbprint(proven.key())?;
        let expires_at = self.now().plus(LIFE);
        let asked = Asked {
            key: key.clone(),
            child_name: mask_name(&checked.name),
            supervises: act == GuardianAct::Supervise,
            expires_at,
            claim: random::array(self.random()),
            statement: None,
        };
        for _ in 0..8 {
            let code = eight_digits(self.random());
            let digest = self.code_digest(&code)?;
            if self.desk(LABEL).open(digest, &asked, expires_at).await? {
                let claim = Claim {
                    code: code.clone(),
                    claim: asked.claim,
                };
                return Ok(GuardianCode {
                    code,
                    claim: self.seal_value(LABEL, &claim)?,
                    check: check_digits(&key),
                    expires_at,
                });
            }
        }
        Err(Fault::Invariant("eight guardian codes in a row were in use").into())
    }

    /// A person of age types the code and sees what is asked.
    pub async fn read_guardian_code(
        &self,
        proven: &ProvenDevice<Act>,
    ) -> Result<CodeAsks, AskError> {
        self.may_be_guardian(proven)?;
        let typed = proven.statement().guardian_code.as_deref();
        let (_, asked) = self.asked_by_code(typed.unwrap_or_default()).await?;
        Ok(CodeAsks {
            check: check_digits(&asked.key),
            act: asked.act(),
            child_name: asked.child_name,
            key: asked.key,
        })
    }

    /// The guardian's statement, for the child's browser to hand in.
    pub async fn answer_guardian_code(&self, typed: &str, statement: &str) -> Result<(), AskError> {
        let (digest, asked) = self.asked_by_code(typed).await?;
        // Refused here what would be refused there, as far as it can be known; the application checks all of it.
        let proven = self
            .guardian_states(statement, &asked.key, Uses::GuardedByTarget)
            .await?;
        if proven.statement().act != asked.act() {
            return Err(AskRefused::Guardian(GuardianRefused::AboutSomethingElse).into());
        }
        self.desk(LABEL)
            .change(&digest, |row: &mut Asked| {
                if row.statement.is_some() {
                    return Err(AskError::from(AskRefused::AlreadyDecided));
                }
                row.statement = Some(statement.to_owned());
                Ok(())
            })
            .await?
            .ok_or(AskRefused::Unknown)?;
        Ok(())
    }

    /// The child's browser asks for the guardian's statement; `None` while it waits.
    pub async fn guardian_code_state(&self, claim: &str) -> Result<Option<String>, AskError> {
        let claim: Claim = self.open_value(LABEL, claim).ok_or(AskRefused::Unknown)?;
        let digest = self.code_digest(&claim.code)?;
        let held = self.desk(LABEL).read::<Asked>(&digest).await?;
        let asked = held.map(|held| held.content);
        let asked = asked.filter(|asked| asked.claim == claim.claim);
        Ok(asked.ok_or(AskRefused::Unknown)?.statement)
    }

    async fn asked_by_code(&self, typed: &str) -> Result<(Digest, Asked), AskError> {
        let now = self.now();
        let code = guess::typed(typed).ok_or(AskRefused::Unknown)?;
        if !self.guesses.try_one(&code, now) {
            return Err(AskRefused::TooMany.into());
        }
        let digest = self.code_digest(&code)?;
        let held = self.desk(LABEL).read::<Asked>(&digest).await?;
        let asked = held.ok_or(AskRefused::Unknown)?.content;
        self.guesses.right(&code, now);
        Ok((digest, asked))
    }

    fn code_digest(&self, code: &str) -> Result<Digest, Fault> {
        let parts: [&[u8]; 2] = [LABEL.as_bytes(), code.as_bytes()];
        Ok(self.keys().mac(SecretName::Tag, &parts)?)
    }
}

impl Asked {
    fn act(&self) -> GuardianAct {
        if self.supervises {
            GuardianAct::Supervise
        } else {
            GuardianAct::Apply
        }
    }
}

/// As the devices compute them: the first four bytes of SHA-256 over the thumbprint's text, as a number, its last four
/// digits.
fn check_digits(thumbprint: &str) -> String {
    let digest = sha256(&[thumbprint.as_bytes()]).0;
    let number = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
    format!("{:04}", number % 10_000)
}

//! Two browsers, one application: the child's shows eight digits, the guardian types them on a device of their own and
//! signs, the child's browser goes on (P22).
//!
//! What is compared on both screens are four digits of the child's new key, so that a service that exchanged the key
//! would be seen.

use crypto::PublicKey;
use crypto::digest::{Digest, sha256};
use crypto::keystore::SecretName;
use crypto::random;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::handover::desk::Held;
use crate::handover::guess::{self, eight_digits};
use crate::person::account::mask_name;
use crate::person::apply::{APPLY_TYPE, ApplyError, ApplyRefused, CheckedDocument};
use crate::person::recover::Act;
use crate::service::{Fault, Service};
use crate::statement::{ProvenDevice, Uses};
use crate::verification::decision::Choice;

use super::link::document_of_checked;
use super::notes::ChildDecision;
use super::request::{AskError, AskRefused};
use super::statement::{GuardianAct, GuardianRefused, key_thumbprint};
use super::usage::device_key;

const LABEL: &str = "guardian-code";
/// Seconds a code waits: time to call a parent into the room.
const LIFE: i64 = 600;

/// What the child's browser needs a guardian for. Found by the service, not claimed by the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodePurpose {
    /// A first 网证.
    Apply,
    /// Another device after the keys were lost.
    Recover,
    /// A forgotten 口令.
    NewPin,
}

impl CodePurpose {
    /// The name for programs and texts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Recover => "recover",
            Self::NewPin => "new_pin",
        }
    }
}

/// Which device of the child the guardian's statement will name.
pub enum CodeFor<'a> {
    /// A new one, by a statement of the key it will bring.
    NewDevice(&'a str),
    /// One that is there, for a new 口令.
    Device(&'a ProvenDevice<Act>),
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Asked {
    key: String,
    child_name: String,
    supervises: bool,
    purpose: CodePurpose,
    /// Whom the registry names as guardians, by holder digest: nobody else sees what is asked, whatever they guess.
    guardians: Vec<Digest>,
    expires_at: Timestamp,
    claim: [u8; 16],
    answer: Option<Answer>,
}

/// What the guardian said.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
enum Answer {
    /// The statement; checked in full when the application uses it.
    Agreed(String),
    Refused,
}

/// Where a code stands, for the child's browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeState {
    /// Nobody decided yet.
    Waiting,
    /// The guardian's statement, to be handed in.
    Agreed(String),
    /// The guardian said no.
    Refused,
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
    /// What is asked of the guardian.
    pub act: GuardianAct,
    /// What it is for.
    pub purpose: CodePurpose,
    /// Until when the code waits.
    pub expires_at: Timestamp,
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
    /// The child's browser asks for a code, by the key it applies with.
    pub async fn guardian_code(
        &self,
        checked: &CheckedDocument,
        by: CodeFor<'_>,
    ) -> Result<GuardianCode, ApplyError> {
        // 1. Is a guardian needed at this age (R4.2, R4.3), and for what?
        let act = GuardianAct::of_application(checked.group).ok_or(ApplyRefused::Expired)?;
        let (key, purpose) = self.code_for(checked, by).await?;
        let key = key_thumbprint(&key)?;
        // 2. Whom does the registry name?
        let document = document_of_checked(checked, self.now().date())?;
        let guardians = self.ask_for_guardians(&document).await?;
        let guardians = guardians.iter().map(|g| &g.holder_reference);
        let guardians: Result<Vec<_>, Fault> =
            guardians.map(|holder| self.holder_digest(holder)).collect();
        // 3. A code that is free.
        let expires_at = self.now().plus(LIFE);
        let asked = Asked {
            key: key.clone(),
            child_name: mask_name(&checked.name),
            supervises: act == GuardianAct::Supervise,
            purpose,
            guardians: guardians?,
            expires_at,
            claim: random::array(self.random()),
            answer: None,
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

    /// The key the guardian's statement has to name, and what it will be used for.
    async fn code_for(
        &self,
        checked: &CheckedDocument,
        by: CodeFor<'_>,
    ) -> Result<(PublicKey, CodePurpose), ApplyError> {
        match by {
            CodeFor::NewDevice(statement) => {
                let proven = self
                    .proven_key::<IgnoredAny>(statement, APPLY_TYPE)
                    .map_err(ApplyRefused::from)?;
                let purpose = if self.already_holds(checked).await? {
                    CodePurpose::Recover
                } else {
                    CodePurpose::Apply
                };
                Ok((proven.key().clone(), purpose))
            }
            CodeFor::Device(proven) => {
                let view = proven.view();
                if self.holder_digest(&checked.holder())? != view.person.holder {
                    return Err(ApplyRefused::Mismatch.into());
                }
                Ok((device_key(&view.device)?, CodePurpose::NewPin))
            }
        }
    }

    /// A guardian types the code and sees what is asked.
    pub async fn read_guardian_code(
        &self,
        proven: &ProvenDevice<Act>,
    ) -> Result<CodeAsks, AskError> {
        self.may_be_guardian(proven.view())?;
        let typed = proven.statement().guardian_code.as_deref();
        let (_, asked) = self.asked_by_code(typed.unwrap_or_default()).await?;
        asked.is_for(&proven.view().person.holder)?;
        if asked.answer.is_some() {
            return Err(AskRefused::AlreadyDecided.into());
        }
        Ok(CodeAsks {
            check: check_digits(&asked.key),
            act: asked.act(),
            purpose: asked.purpose,
            expires_at: asked.expires_at,
            child_name: asked.child_name,
            key: asked.key,
        })
    }

    /// The guardian's statement, for the child's browser to hand in; a no ends the matter.
    pub async fn answer_guardian_code(
        &self,
        typed: &str,
        statement: &str,
    ) -> Result<CodeState, AskError> {
        let (digest, asked) = self.asked_by_code(typed).await?;
        // Refused here what would be refused there, as far as it can be known; the application checks all of it.
        let proven = self
            .guardian_states(statement, &asked.key, Uses::GuardedByTarget)
            .await?;
        asked.is_for(&proven.view().person.holder)?;
        let says = proven.statement();
        if says.act != asked.act() {
            return Err(AskRefused::Guardian(GuardianRefused::AboutSomethingElse).into());
        }
        let answer = match says.decision {
            Choice::Refuse => Answer::Refused,
            Choice::Approve => Answer::Agreed(statement.to_owned()),
        };
        if says.decision == Choice::Approve && says.act == GuardianAct::Apply {
            self.guardian_consents(says)?;
        }
        self.desk(LABEL)
            .change(&digest, |row: &mut Asked| {
                if row.answer.is_some() {
                    return Err(AskError::from(AskRefused::AlreadyDecided));
                }
                row.answer = Some(answer.clone());
                Ok(())
            })
            .await?
            .ok_or(AskRefused::Unknown)?;
        let decision = ChildDecision {
            child: None,
            name: &asked.child_name,
            what: asked.purpose.as_str(),
            approved: says.decision == Choice::Approve,
            about: serde_json::json!({ "act": asked.act().as_str() }),
        };
        self.note_child_decision(&proven.view().person, decision)
            .await?;
        Ok(answer.into())
    }

    /// The child's browser asks what the guardian said.
    pub async fn guardian_code_state(&self, claim: &str) -> Result<CodeState, AskError> {
        let held = self.claimed(claim).await?;
        Ok(held
            .content
            .answer
            .map_or(CodeState::Waiting, CodeState::from))
    }

    /// The child's browser waits no longer: the code is worth nothing from now on.
    pub async fn cancel_guardian_code(&self, claim: &str) -> Result<(), AskError> {
        let held = self.claimed(claim).await?;
        self.desk(LABEL).take(&held.row).await?;
        Ok(())
    }

    async fn claimed(&self, claim: &str) -> Result<Held<Asked>, AskError> {
        let claim: Claim = self.open_value(LABEL, claim).ok_or(AskRefused::Unknown)?;
        let digest = self.code_digest(&claim.code)?;
        let held = self.desk(LABEL).read::<Asked>(&digest).await?;
        let held = held.filter(|held| held.content.claim == claim.claim);
        Ok(held.ok_or(AskRefused::Unknown)?)
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

impl From<Answer> for CodeState {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Agreed(statement) => Self::Agreed(statement),
            Answer::Refused => Self::Refused,
        }
    }
}

impl Asked {
    /// R4.2: only whom the registry names as a guardian of this child.
    fn is_for(&self, holder: &Digest) -> Result<(), GuardianRefused> {
        if self.guardians.contains(holder) {
            Ok(())
        } else {
            Err(GuardianRefused::NotGuardian)
        }
    }

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

//! A code is exchanged for the result (核验, the last step): the answer and nothing else (R8.1).

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::digest::Digest;
use crypto::keystore::SigningPurpose;
use crypto::random;
use jose::jws::{Header, StoreSigner, sign_compact};
use serde::{Deserialize, Serialize};

use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Timestamp;
use crate::disclosure::Disclosed;
use crate::disclosure::attribute::Attribute;
use crate::guardianship::usage::{GuardianCleared, GuardianCopy, ReceiptCopyTo};
use crate::id::{ClientId, PersonId, PlatformId, ScenarioId};
use crate::person::HolderView;
use crate::receipt::InboxEntry;
use crate::service::{Fault, Service, Suite};
use crate::transparency::VERIFICATIONS;

use super::mode::Mode;
use super::pairwise::PairwiseId;
use super::request::{Channel, OpenRequest};
use super::{GrantState, Redeemed, Redemption};

const CODE_LABEL: &str = "authorization-code";
const TOKEN_LABEL: &str = "access-token";

/// What a code stands for. Sealed on its way, so that any process can redeem it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Grant {
    /// The decision it comes from: what is taken once.
    identity: Digest,
    person: PersonId,
    history_key: String,
    pairwise: PairwiseId,
    platform: PlatformId,
    /// The app the code was given to.
    pub client: ClientId,
    /// The scenario.
    pub scenario: ScenarioId,
    /// The mode that was shown.
    pub mode: Mode,
    /// The algorithms the answer is signed with.
    pub suite: Suite,
    /// How it gets to the platform; a code of one way is none of the other.
    #[serde(default)]
    pub channel: Channel,
    /// When the person decided.
    pub auth_time: Timestamp,
    expires_at: Timestamp,
    /// Whom a copy of the receipt goes to (R5.2); always there and of one length, so that a code does not tell (R8.1).
    copy_to: ReceiptCopyTo,
    /// What the protocol bound to the request.
    pub binding: String,
    /// What the person consented to give: names, and the platform's ciphertext (R8.2).
    #[serde(default)]
    pub disclosed: Disclosed,
}

/// The answer of a verification.
#[derive(Debug, Clone)]
pub struct VerificationResult {
    /// Who it is, to this platform.
    pub subject: PairwiseId,
    /// The signed receipt, compact JWS.
    pub receipt: String,
    /// Proof for UserInfo and introspection, opaque.
    pub access_token: String,
    /// Seconds it is good for.
    pub expires_in: i64,
    /// When the person decided.
    pub auth_time: Timestamp,
    /// What the person consented to give (R8.2).
    pub disclosed: Disclosed,
    /// The receipt's copy for a guardian, to be kept by [`Service::keep_guardian_copy`] apart from the answer (R5.2).
    pub guardian_copy: Option<Box<GuardianCopy>>,
}

/// What came of an exchange.
#[derive(Debug, Clone)]
pub enum Exchange {
    /// Verified; first and only time.
    Verified(VerificationResult),
    /// Used before: what it gave is revoked now.
    Replayed,
    /// Too late.
    Expired,
    /// The 网证 was locked or ended in between.
    NotActive,
}

/// What an access token stands for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccessToken {
    identity: Digest,
    person: PersonId,
    /// Who, to the platform.
    pub subject: PairwiseId,
    /// The app.
    pub client: ClientId,
    /// Until when.
    pub expires_at: Timestamp,
    /// Issuer variant it came from.
    pub suite: Suite,
}

/// The claims of a receipt (R8.2, R8.3): bound to purpose and recipient; no identity.
#[derive(Serialize)]
struct ReceiptClaims<'a> {
    iss: &'a str,
    aud: &'a ClientId,
    sub: &'a PairwiseId,
    jti: String,
    iat: i64,
    platform: &'a str,
    host: &'a str,
    scenario: &'a ScenarioId,
    purpose: &'a str,
    result: &'static str,
    acr: &'static str,
    /// Names, never values (R8.2): in the platform's copy and in the person's.
    disclosed: &'a [Attribute],
    further_plaintext: &'static str,
    commitment: &'a Digest,
}

impl Grant {
    pub(super) fn new(
        identity: Digest,
        view: &HolderView,
        open: &OpenRequest,
        decided_at: i64,
        service: &Service,
    ) -> Result<Self, Fault> {
        let person = &view.person;
        let now = service.now();
        let sector = open.platform.sector();
        let pairwise = PairwiseId::of(person.person, person.generation, sector, service.keys())?;
        Ok(Self {
            identity,
            person: person.person,
            history_key: Base64UrlUnpadded::encode_string(&person.history_key),
            pairwise,
            platform: open.platform.id.clone(),
            client: open.request.client.clone(),
            scenario: open.request.scenario.clone(),
            mode: open.request.mode,
            suite: open.request.suite,
            auth_time: Timestamp(decided_at.min(now.0)),
            expires_at: match open.request.channel {
                Channel::Redirect => issued_at(decided_at, now).plus(service.policy.code_life),
                // It never leaves the service: it waits until the platform asks.
                Channel::Backchannel => open.request.expires_at.plus(service.policy.code_life),
            },
            channel: open.request.channel,
            copy_to: ReceiptCopyTo::nobody(person),
            binding: open.request.binding.clone(),
            disclosed: Disclosed::default(),
        })
    }

    /// The person, to the platform the code is for.
    pub(super) fn subject(&self) -> &PairwiseId {
        &self.pairwise
    }

    /// No code without the guardian's part (Art. 5(2), R5.2).
    pub(super) fn seal(
        mut self,
        cleared: &GuardianCleared,
        service: &Service,
    ) -> Result<String, Fault> {
        if let Some(copy_to) = cleared.receipt_copy_to() {
            self.copy_to = copy_to;
        }
        service.seal_value(CODE_LABEL, &self)
    }
}

impl Service {
    /// Opens a code. `None`: not a code of this service. The caller checks who presents it before
    /// [`Service::exchange`].
    pub fn open_code(&self, text: &str) -> Option<Grant> {
        self.open_value(CODE_LABEL, text)
    }

    /// Exchanges a code: signs the receipt, takes the code, keeps the person's copy (B2, C1).
    pub async fn exchange(&self, grant: &Grant) -> Result<Exchange, Fault> {
        // 1. In time? A late replay still revokes what the code gave (RFC 6749 §4.1.2).
        //    Neither does a platform that was suspended since get a result (R5.1).
        let now = self.now();
        let suspended = self.standing(&grant.platform).suspended.is_some();
        let late = now >= grant.expires_at || suspended;
        let redeemed_before =
            late && self.store.grant(grant.person, &grant.identity).await? == GrantState::Good;
        if late && !redeemed_before {
            return Ok(Exchange::Expired);
        }
        // 2. The event, whose commitment the receipt names.
        let event = AuditEvent::Verified {
            person: grant.person,
            day: now.day(),
        };
        let event = EventDraft::new(event, self.random());
        // 3. The receipt, signed; the person's copy sealed to one size.
        let receipt = self.sign_receipt(grant, &event.commitment())?;
        let history_key = Base64UrlUnpadded::decode_vec(&grant.history_key)
            .map_err(|_| Fault::Invariant("history key in a code"))?;
        let copy = InboxEntry::seal(
            grant.person,
            now.day(),
            &receipt,
            &history_key,
            self.random(),
        )
        .map_err(|_| Fault::Invariant("a receipt does not seal"))?;
        // 4. Take the code: code, event, leaf and copy, or nothing.
        let redemption = Redemption {
            code: grant.identity,
            person: grant.person,
            today: now.day(),
            expires_at: grant
                .expires_at
                .max(now)
                .plus(self.policy.access_token_life + self.policy.code_life),
            receipt: copy,
        };
        match self.store.redeem_code(redemption, event).await? {
            Redeemed::Fresh => self.passed(grant, receipt),
            Redeemed::Replayed => Ok(Exchange::Replayed),
            Redeemed::NotActive => Ok(Exchange::NotActive),
        }
    }

    fn passed(&self, grant: &Grant, receipt: String) -> Result<Exchange, Fault> {
        // R9.3: a counter, of nobody and of no platform; and the platform's own.
        self.counts.one(VERIFICATIONS);
        self.platform_days.passed(&grant.platform, self.now().day());
        Ok(Exchange::Verified(VerificationResult {
            guardian_copy: grant.copy_to.copy_of(grant.person, &receipt),
            subject: grant.pairwise.clone(),
            receipt,
            access_token: self.access_token(grant)?,
            expires_in: self.policy.access_token_life,
            auth_time: grant.auth_time,
            disclosed: grant.disclosed.clone(),
        }))
    }

    /// Opens an access token that is still good: in time, and not revoked by a replay.
    pub async fn open_access_token(&self, text: &str) -> Result<Option<AccessToken>, Fault> {
        let Some(token) = self.open_value::<AccessToken>(TOKEN_LABEL, text) else {
            return Ok(None);
        };
        if self.now() >= token.expires_at {
            return Ok(None);
        }
        let state = self.store.grant(token.person, &token.identity).await?;
        Ok((state == GrantState::Good).then_some(token))
    }

    /// An access token is given up by the app it was given to (RFC 7009).
    pub async fn revoke_access_token(&self, token: &AccessToken) -> Result<(), Fault> {
        let event = AuditEvent::GrantRevoked {
            person: token.person,
            day: self.now().day(),
        };
        let event = EventDraft::new(event, self.random());
        let until = token.expires_at.plus(self.policy.code_life);
        self.store
            .revoke_grant(token.person, &token.identity, until, event)
            .await?;
        Ok(())
    }

    fn access_token(&self, grant: &Grant) -> Result<String, Fault> {
        let token = AccessToken {
            identity: grant.identity,
            person: grant.person,
            subject: grant.pairwise.clone(),
            client: grant.client.clone(),
            expires_at: self.now().plus(self.policy.access_token_life),
            suite: grant.suite,
        };
        self.seal_value(TOKEN_LABEL, &token)
    }

    fn sign_receipt(&self, grant: &Grant, commitment: &Digest) -> Result<String, Fault> {
        let platform = self
            .platform(&grant.platform)
            .ok_or(Fault::Invariant("platform of a code"))?;
        let scenario = platform
            .scenarios
            .iter()
            .find(|scenario| scenario.id == grant.scenario)
            .ok_or(Fault::Invariant("scenario of a code"))?;
        let claims = ReceiptClaims {
            iss: &self.issuer,
            aud: &grant.client,
            sub: &grant.pairwise,
            jti: Base64UrlUnpadded::encode_string(&random::array::<16>(self.random())),
            iat: self.now().0,
            platform: platform.name.text("zh-CN"),
            host: &platform.host,
            scenario: &grant.scenario,
            purpose: scenario.purpose.text("zh-CN"),
            result: "pass",
            acr: grant.mode.acr(),
            disclosed: &grant.disclosed.attributes,
            further_plaintext: "prohibited",
            commitment,
        };
        let payload = serde_json::to_vec(&claims).map_err(|_| Fault::Invariant("receipt"))?;
        let signer = StoreSigner {
            store: self.keys(),
            purpose: SigningPurpose::Receipt,
            algorithm: grant.suite.signature(),
        };
        sign_compact(Header::typ("wz-receipt+jwt"), &payload, &signer)
            .map_err(|_| Fault::Invariant("a receipt does not sign"))
    }
}

/// Seconds within which a decision arrives from a device whose clock is right.
const PROMPT: i64 = 10;

/// From when a code counts. A prompt decision counts from its own second, so that the same
/// statement sent twice gives the same code; any other from now. Whatever the text of the code,
/// one decision is exchanged once.
fn issued_at(decided_at: i64, now: Timestamp) -> Timestamp {
    if (now.0 - PROMPT..=now.0).contains(&decided_at) {
        Timestamp(decided_at)
    } else {
        now
    }
}

impl OpenRequest {
    /// What the person keeps of a refusal: nobody else has it (P17 of the screens).
    pub(super) fn refusal_note(&self, decided_at: i64) -> String {
        serde_json::json!({
            "kind": "refusal",
            "platform": self.platform.name.text("zh-CN"),
            "host": self.platform.host,
            "aud": self.request.client,
            "scenario": self.request.scenario,
            "purpose": self.scenario().purpose.text("zh-CN"),
            "iat": decided_at,
        })
        .to_string()
    }
}

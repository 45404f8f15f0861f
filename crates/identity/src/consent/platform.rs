//! Consents to what a platform gets: the row knows a keyed tag, the person's devices know the rest (C1, R8.2).

use crypto::digest::{Digest, sm3};
use crypto::keystore::{KeyError, KeyStore, SecretName};
use crypto::{Curve, PublicKey, sealed_box};
use serde::{Deserialize, Serialize};

use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Timestamp;
use crate::id::{ClientId, PersonId, PlatformId, ScenarioId};
use crate::person::{HolderView, PersonRow};
use crate::platform::Platform;
use crate::receipt::pad_to;
use crate::scenario::Scenario;
use crate::service::{Fault, Service};

use super::{ConsentKind, ConsentRow};

/// Associated data of what is sealed in a consent.
pub const SEAL_CONTEXT: &[u8] = b"consent";
/// All of them hold this many bytes.
const PADDED: usize = 512;

/// What is consented to at a platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matter<'a> {
    /// Everything there.
    Whole,
    /// One scenario.
    Scenario(&'a ScenarioId),
}

/// The tag of a consent to a platform: the same thing has the same tag, and nobody without the key can tell which.
pub fn platform_tag(
    person: PersonId,
    platform: &PlatformId,
    matter: Matter<'_>,
    keys: &dyn KeyStore,
) -> Result<Digest, KeyError> {
    let scenario = match matter {
        Matter::Whole => "",
        Matter::Scenario(scenario) => scenario.as_str(),
    };
    let parts: [&[u8]; 4] = [
        b"consent-to-platform",
        person.as_bytes(),
        platform.as_str().as_bytes(),
        scenario.as_bytes(),
    ];
    keys.mac(SecretName::Tag, &parts)
}

/// What was shown of a scenario when somebody consented: another purpose, basis or retention is another consent.
pub fn scenario_digest(scenario: &Scenario) -> Digest {
    // A plain struct of strings always serialises.
    sm3(&[
        b"wangzheng-scenario",
        &serde_json::to_vec(scenario).unwrap_or_default(),
    ])
}

/// What the person's devices read in a consent to a platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformConsent {
    /// Trade name.
    pub platform: String,
    /// Host name.
    pub host: String,
    /// An app of the platform, to name it by.
    pub client: Option<ClientId>,
    /// What for; none: everything there.
    pub scenario: Option<ScenarioId>,
    /// Attributes by name, never their values.
    pub attributes: Vec<String>,
    /// When, in seconds.
    pub iat: i64,
}

impl PlatformConsent {
    /// Seals it to a history key.
    pub(crate) fn seal(&self, person: &PersonRow, service: &Service) -> Result<Vec<u8>, Fault> {
        let broken = || Fault::Invariant("a consent does not seal");
        let text = serde_json::to_vec(self).map_err(|_| broken())?;
        let padded = pad_to(&text, PADDED).ok_or_else(broken)?;
        let key = PublicKey::from_sec1(Curve::P256, &person.history_key).map_err(|_| broken())?;
        sealed_box::seal(&key, SEAL_CONTEXT, &padded, service.random()).map_err(|_| broken())
    }

    pub(crate) fn of(platform: &Platform, at: Timestamp) -> Self {
        Self {
            platform: platform.name.text("zh-CN").to_owned(),
            host: platform.host.clone(),
            client: platform.clients.first().map(|client| client.id.clone()),
            scenario: None,
            attributes: Vec::new(),
            iat: at.0,
        }
    }
}

/// A separate consent to a disclosure, given with one approval (R8.2).
#[derive(Debug, Clone, Copy)]
pub struct DisclosureConsent<'a> {
    /// To whom.
    pub platform: &'a Platform,
    /// What for.
    pub scenario: &'a Scenario,
    /// Attributes ticked, by name.
    pub attributes: &'a [String],
}

/// A consent as the person's own list shows it; what is sealed only the devices open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentView {
    /// The row.
    pub row: ConsentRow,
    /// The notice it is to, where it is one of the service's own.
    pub notice: Option<String>,
}

impl Service {
    /// Keeps a separate consent to a disclosure: one row for each scenario of a platform. Event `consent_changed`.
    pub async fn record_disclosure_consent(
        &self,
        person: &PersonRow,
        consent: &DisclosureConsent<'_>,
    ) -> Result<(), Fault> {
        let DisclosureConsent {
            platform,
            scenario,
            attributes,
        } = consent;
        let matter = Matter::Scenario(&scenario.id);
        let told = PlatformConsent {
            scenario: Some(scenario.id.clone()),
            attributes: attributes.to_vec(),
            ..PlatformConsent::of(platform, self.now())
        };
        let row = ConsentRow {
            person: person.person,
            tag: platform_tag(person.person, &platform.id, matter, self.keys())?,
            kind: ConsentKind::Separate,
            notice: scenario_digest(scenario),
            given_on: self.now().day(),
            withdrawn_on: None,
            sealed: told.seal(person, self)?,
        };
        let event = self.consent_event(person.person);
        self.store.give_consent(row, event).await?;
        Ok(())
    }

    /// All consents of a person, withdrawn ones too.
    pub async fn consent_list(&self, view: &HolderView) -> Result<Vec<ConsentView>, Fault> {
        let notices = self.notices();
        let rows = self.store.consents(view.person.person).await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let notice = notices
                    .iter()
                    .find(|notice| notice.digests().any(|digest| digest == row.notice));
                ConsentView {
                    notice: notice.map(|notice| notice.id.to_string()),
                    row,
                }
            })
            .collect())
    }

    /// Whether the person withdrew from a platform and has not come back since.
    pub async fn withdrew_from(
        &self,
        person: PersonId,
        platform: &PlatformId,
    ) -> Result<bool, Fault> {
        Ok(self.withdrawal_mark(person, platform).await?.is_some())
    }

    /// An approval after a withdrawal is a consent anew.
    pub(crate) async fn renew_platform_consent(
        &self,
        person: &PersonRow,
        platform: &PlatformId,
    ) -> Result<(), Fault> {
        if let Some(mark) = self.withdrawal_mark(person.person, platform).await? {
            let anew = ConsentRow {
                given_on: self.now().day(),
                withdrawn_on: None,
                ..mark
            };
            let event = self.consent_event(person.person);
            self.store.give_consent(anew, event).await?;
        }
        Ok(())
    }

    async fn withdrawal_mark(
        &self,
        person: PersonId,
        platform: &PlatformId,
    ) -> Result<Option<ConsentRow>, Fault> {
        let tag = platform_tag(person, platform, Matter::Whole, self.keys())?;
        let rows = self.store.consents(person).await?;
        Ok(rows
            .into_iter()
            .find(|row| row.tag == tag && row.withdrawn_on.is_some()))
    }

    pub(crate) fn consent_event(&self, person: PersonId) -> EventDraft {
        let day = self.now().day();
        let event = AuditEvent::ConsentChanged { person, day };
        EventDraft::new(event, self.random())
    }
}

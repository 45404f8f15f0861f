//! Which attributes a platform may ask for at all: reviewed, each with its own legal basis (Art. 8(2), R8.2; Art. 10, R10.1).

use crate::age::marker::{AgeMarkers, Bracket};
use crate::platform::{Client, Platform, Profile};
use crate::scenario::{ApprovedAttribute, Scenario};
use crate::service::Suite;
use crate::verification::request::OpenRequest;

use super::attribute::Attribute;

/// Why an attribute may not be asked for, nor approved in a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotApproved {
    /// The reviewed scenario does not hold it.
    #[error("R8.2: the attribute lies outside the approved scenario")]
    OutsideScenario,
    /// The statute that allows it is not named.
    #[error("R8.2: the attribute has no legal basis of its own")]
    NoLegalBasis,
    /// The sandbox profile is for results only.
    #[error("R8.1: the simple profile gets the result only")]
    SimpleProfile,
    /// The app registered no key that values could be encrypted to.
    #[error("R8.2: the app has no encryption key for this issuer")]
    NoEncryptionKey,
    /// An age marker without exactly one configured bracket of the platform's duty.
    #[error("R10.1: the platform has no registered duty about exactly one configured bracket")]
    NoBracket,
}

/// Who asks, where.
pub(crate) struct Asking<'a> {
    pub(crate) platform: &'a Platform,
    pub(crate) client: &'a Client,
    pub(crate) scenario: &'a Scenario,
    pub(crate) suite: Suite,
}

impl<'a> Asking<'a> {
    /// The attribute as it was approved; every part of R8.2 that is the platform's.
    pub(crate) fn approved(
        &self,
        attribute: Attribute,
        markers: &AgeMarkers,
    ) -> Result<&'a ApprovedAttribute, NotApproved> {
        // R8.2, Art. 8(2): reviewed for this scenario, on a statute of its own.
        let approved = self
            .scenario
            .approved(attribute)
            .ok_or(NotApproved::OutsideScenario)?;
        approved.check(self.platform, markers)?;
        // R8.1: a sandbox app never sees more than a result.
        if self.client.profile == Profile::Simple {
            return Err(NotApproved::SimpleProfile);
        }
        // R8.2: it leaves encrypted, or not at all.
        if self.client.encryption_key(self.suite).is_none() {
            return Err(NotApproved::NoEncryptionKey);
        }
        Ok(approved)
    }
}

impl ApprovedAttribute {
    fn check(&self, platform: &Platform, markers: &AgeMarkers) -> Result<(), NotApproved> {
        let stated = |text: &str| !text.trim().is_empty();
        if !stated(&self.legal_basis.chinese) || !stated(&self.legal_basis.english) {
            return Err(NotApproved::NoLegalBasis);
        }
        match (&self.bracket, self.name) {
            (None, Attribute::AgeMarker) | (Some(_), _) if !self.has_duty(platform, markers) => {
                Err(NotApproved::NoBracket)
            }
            _ => Ok(()),
        }
    }

    /// R10.1: an age marker about one configured bracket, and no other scenario of this platform about another one:
    /// until a review replaces it, one person is asked about one bracket here.
    fn has_duty(&self, platform: &Platform, markers: &AgeMarkers) -> bool {
        let Some(bracket) = &self.bracket else {
            return false;
        };
        self.name == Attribute::AgeMarker
            && markers.span(bracket).is_some()
            && platform.brackets().all(|other| other == bracket)
    }
}

impl Platform {
    /// The age brackets of all its scenarios.
    pub fn brackets(&self) -> impl Iterator<Item = &Bracket> {
        let attributes = self
            .scenarios
            .iter()
            .flat_map(|scenario| &scenario.attributes);
        attributes.filter_map(|approved| approved.bracket.as_ref())
    }

    /// Whether all its scenarios may be approved as they stand: what a review asks before it says yes (R8.2, R10.1).
    /// Values have to be encrypted at the main issuer; at `<issuer>/sm` only where the app has an SM2 key too.
    pub fn approvable(&self, markers: &AgeMarkers) -> Result<(), NotApproved> {
        for scenario in &self.scenarios {
            for client in &self.clients {
                let asking = Asking {
                    platform: self,
                    client,
                    scenario,
                    suite: Suite::International,
                };
                for approved in &scenario.attributes {
                    asking.approved(approved.name, markers)?;
                }
            }
        }
        Ok(())
    }
}

impl OpenRequest {
    /// An attribute of this request as it is approved now.
    pub(crate) fn approved(
        &self,
        attribute: Attribute,
        markers: &AgeMarkers,
    ) -> Result<&ApprovedAttribute, NotApproved> {
        let client = self.platform.client(&self.request.client);
        let asking = Asking {
            platform: &self.platform,
            client: client.ok_or(NotApproved::OutsideScenario)?,
            scenario: self.scenario(),
            suite: self.request.suite,
        };
        asking.approved(attribute, markers)
    }
}

#[cfg(test)]
mod tests;

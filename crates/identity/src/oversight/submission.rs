//! What platforms submit and reviewers look at: a registration, or one scenario (Art. 7, R5.1, R6.2, R7.3, R8.2).
//!
//! The rules here are told to the platform at once, each with its requirement; what remains is judgement.

use crypto::digest::{Digest, sm3};
use serde::{Deserialize, Serialize};

use super::standing::LONGEST_TEXT;
use crate::age::marker::AgeMarkers;
use crate::clock::Timestamp;
use crate::id::{PlatformId, ScenarioId, StaffLogin};
use crate::platform::{Client, LocalText, Platform};
use crate::scenario::Scenario;
use crate::staff::Field;

/// A platform as it wants to be registered. Its scenarios come one by one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// Trade name.
    pub name: LocalText,
    /// Host name shown to the person.
    pub host: String,
    /// The legal entity that processes the result.
    pub operator: String,
    /// How to reach it.
    pub contact: String,
    /// The field it works in (R3.1).
    pub field: Field,
    /// At least one other lawful way to register or verify (R6.2).
    pub alternatives: LocalText,
    /// Statement of equal service for those who do not use 网证 (R7.3).
    pub equal_service: LocalText,
    /// Its apps.
    pub clients: Vec<Client>,
}

/// What was submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "content", rename_all = "snake_case")]
pub enum Submitted {
    /// The platform itself.
    Registration(Box<Registration>),
    /// One scenario.
    Scenario(Box<Scenario>),
}

/// Where a submission stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubmissionState {
    /// Waits for a reviewer.
    Waiting,
    /// Sent back with remarks; the platform may submit anew.
    Returned,
    /// Refused with reasons.
    Refused,
    /// In force.
    Approved,
}

impl SubmissionState {
    /// The name stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Returned => "returned",
            Self::Refused => "refused",
            Self::Approved => "approved",
        }
    }
}

/// A submission: one for each platform and subject, the newest counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmissionRow {
    /// Whose.
    pub platform: PlatformId,
    /// What.
    pub submitted: Submitted,
    /// Where it stands.
    pub state: SubmissionState,
    /// Who submitted it.
    pub by: StaffLogin,
    /// When.
    pub at: Timestamp,
    /// The reviewer's reasons, item by item.
    pub reasons: String,
    /// Who reviewed it last.
    pub reviewed_by: Option<StaffLogin>,
}

impl SubmissionRow {
    /// `registration`, or `scenario/<id>`.
    pub fn subject(&self) -> String {
        subject_of(&self.submitted)
    }

    /// What reviewers sign: another text is another submission.
    pub fn digest(&self) -> Digest {
        let text = serde_json::to_vec(&(&self.platform, &self.submitted)).unwrap_or_default();
        sm3(&[b"wangzheng-submission", &text])
    }
}

/// `registration`, or `scenario/<id>`.
pub fn subject_of(submitted: &Submitted) -> String {
    match submitted {
        Submitted::Registration(_) => "registration".to_owned(),
        Submitted::Scenario(scenario) => scenario_subject(&scenario.id),
    }
}

/// The subject of a scenario.
pub fn scenario_subject(id: &ScenarioId) -> String {
    format!("scenario/{id}")
}

/// A rule that a submission breaks: which, where, and in words for the platform's people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{rule}: {text} ({item})")]
pub struct Fault {
    /// The requirement.
    pub rule: &'static str,
    /// Which member.
    pub item: String,
    /// What is wrong with it.
    pub text: String,
}

fn fault(rule: &'static str, item: impl Into<String>, text: &str) -> Fault {
    let (item, text) = (item.into(), text.to_owned());
    Fault { rule, item, text }
}

fn missing(text: &LocalText) -> bool {
    [&text.chinese, &text.english].into_iter().any(|part| {
        let length = part.trim().chars().count();
        !(2..=LONGEST_TEXT).contains(&length)
    })
}

impl Registration {
    /// What the rules say of it, all at once.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        // R6.2, Art. 6(2): another lawful way is declared, or there is no registration.
        if missing(&self.alternatives) {
            let text = "at least one other lawful way to register or verify must be declared";
            faults.push(fault("R6.2", "alternatives", text));
        }
        // R7.3, Art. 7: equal service for those who do not use 网证.
        if missing(&self.equal_service) {
            let text = "the statement of equal service is mandatory";
            faults.push(fault("R7.3", "equal_service", text));
        }
        if missing(&self.name) {
            faults.push(fault(
                "R5.1",
                "name",
                "a trade name in both languages is needed",
            ));
        }
        for (item, text) in [
            ("host", &self.host),
            ("operator", &self.operator),
            ("contact", &self.contact),
        ] {
            if text.trim().is_empty() || text.chars().count() > 200 {
                faults.push(fault(
                    "R11.1",
                    item,
                    "the person is told this before deciding",
                ));
            }
        }
        for client in &self.clients {
            if client.keys.keys.iter().any(jose::jwk::Jwk::is_private) {
                let text = "a private key never leaves its owner";
                faults.push(fault("R13.1", client.id.as_str(), text));
            }
            if client.redirect_uris.is_empty() {
                let text = "an app needs an exact redirect URI";
                faults.push(fault("RFC 9700 §2.1", client.id.as_str(), text));
            }
        }
        faults
    }

    /// The platform it becomes, with the scenarios it has.
    pub(super) fn platform(&self, id: PlatformId, scenarios: Vec<Scenario>) -> Platform {
        Platform {
            id,
            name: self.name.clone(),
            host: self.host.clone(),
            operator: self.operator.clone(),
            contact: self.contact.clone(),
            alternatives: self.alternatives.clone(),
            equal_service: self.equal_service.clone(),
            clients: self.clients.clone(),
            scenarios,
        }
    }
}

/// What the rules say of a scenario of a platform, all at once.
pub fn scenario_faults(
    platform: &Platform,
    scenario: &Scenario,
    markers: &AgeMarkers,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    if ScenarioId::parse(scenario.id.as_str()).is_none() {
        faults.push(fault(
            "R5.1",
            "id",
            "an id has 1 to 64 of a-z, 0-9, - and _",
        ));
    }
    for (item, text, what) in [
        ("title", &scenario.title, "what the person is asked to do"),
        (
            "purpose",
            &scenario.purpose,
            "one purpose, in words the person understands",
        ),
        (
            "legal_basis",
            &scenario.legal_basis,
            "the law that asks for it",
        ),
        (
            "retention",
            &scenario.retention,
            "how long the result is kept",
        ),
    ] {
        if missing(text) {
            faults.push(fault("R5.1", item, what));
        }
    }
    for attribute in &scenario.attributes {
        // R8.2, Art. 8(2): each attribute rests on a law of its own; without one it is over-asking.
        if missing(&attribute.legal_basis) {
            let text =
                "over-asking: no law is named that requires this attribute; result only suffices";
            faults.push(fault("R8.2", attribute.name.as_str(), text));
        }
        let same = scenario
            .attributes
            .iter()
            .filter(|other| other.name == attribute.name);
        if same.count() > 1 {
            faults.push(fault(
                "R8.2",
                attribute.name.as_str(),
                "an attribute is named once",
            ));
        }
    }
    // R8.1, R8.2, R10.1: what the registration of disclosures asks of the platform as it would be.
    if faults.is_empty()
        && let Err(not) = with_scenario(platform.clone(), scenario.clone()).approvable(markers)
    {
        let text = not.to_string();
        let (rule, text) = text.split_once(": ").unwrap_or(("R8.2", &text));
        let rule = ["R8.1", "R10.1"].into_iter().find(|known| *known == rule);
        faults.push(fault(rule.unwrap_or("R8.2"), "attributes", text));
    }
    faults
}

/// One scenario in its place; at most one is the default.
pub(super) fn with_scenario(mut platform: Platform, mut scenario: Scenario) -> Platform {
    platform.scenarios.retain(|known| known.id != scenario.id);
    if scenario.default {
        for known in &mut platform.scenarios {
            known.default = false;
        }
    } else {
        scenario.default = !platform.scenarios.iter().any(|known| known.default);
    }
    platform.scenarios.push(scenario);
    platform
}

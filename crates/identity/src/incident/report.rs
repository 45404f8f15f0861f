//! The report of an incident: one signed document for the authorities (R12.3).

use crypto::keystore::SigningPurpose;
use jose::jws::{Header, StoreSigner, sign_compact};
use serde::Serialize;

use crate::clock::Timestamp;
use crate::notice::Deferral;
use crate::service::{Fault, Service, Suite};

use super::Incident;
use super::clock::{ClockState, RunningClock};
use super::level::{IncidentPolicy, ReportingProfile};

/// Type of the document.
pub const REPORT_TYPE: &str = "wz-incident-report+jwt";

/// What is reported: everything recorded, and nobody's name.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    /// Issuer.
    pub iss: &'a str,
    /// When it was made.
    pub iat: Timestamp,
    /// Loud: a drill says so first.
    pub drill: bool,
    /// Whose clocks run.
    pub profile: ReportingProfile,
    /// The clocks as of now.
    pub clocks: Vec<RunningClock>,
    /// The record.
    pub incident: &'a Incident,
}

/// What is late that nobody did: clocks of incidents, and telling that waits too long. One line each, for the
/// operators' pages, the log and `doctor`; no person is in it.
pub fn alarms(
    incidents: &[Incident],
    deferrals: &[Deferral],
    policy: &IncidentPolicy,
    now: Timestamp,
) -> Vec<String> {
    let mut alarms = Vec::new();
    for incident in incidents {
        let drill = if incident.drill { "drill " } else { "" };
        let clocks = incident.clocks(policy, now);
        let overdue = clocks
            .iter()
            .filter(|clock| clock.state == ClockState::Overdue);
        alarms.extend(overdue.map(|clock| {
            format!(
                "{drill}incident {}: {} overdue",
                incident.id,
                clock.name.as_str()
            )
        }));
    }
    let late = deferrals.iter().filter(|deferral| deferral.is_overdue(now));
    alarms.extend(
        late.map(|deferral| format!("telling deferred for {} is overdue", deferral.reason)),
    );
    alarms
}

impl Service {
    /// The report as of now.
    pub fn incident_report<'a>(&'a self, incident: &'a Incident) -> Report<'a> {
        Report {
            iss: &self.issuer,
            iat: self.now(),
            drill: incident.drill,
            profile: self.policy.incident.profile,
            clocks: incident.clocks(&self.policy.incident, self.now()),
            incident,
        }
    }

    /// What is late that nobody did ([`alarms`]).
    pub async fn alarms(&self) -> Result<Vec<String>, Fault> {
        let incidents = self.incidents().await?;
        let deferrals = self.deferrals().await?;
        Ok(alarms(
            &incidents,
            &deferrals,
            &self.policy.incident,
            self.now(),
        ))
    }

    /// The same, signed with a published key (SM2): what is handed over is what was recorded.
    pub fn signed_incident_report(&self, incident: &Incident) -> Result<String, Fault> {
        let report = self.incident_report(incident);
        let payload = serde_json::to_vec(&report).map_err(|_| Fault::Invariant("report"))?;
        let signer = StoreSigner {
            store: self.keys(),
            purpose: SigningPurpose::Receipt,
            algorithm: Suite::Commercial.signature(),
        };
        sign_compact(Header::typ(REPORT_TYPE), &payload, &signer)
            .map_err(|_| Fault::Invariant("a report does not sign"))
    }
}

//! The table role × duty (R12.1): what one person of a role may do alone. Acts of two are in `oversight::act`.

use serde::{Deserialize, Serialize};

use super::role::Role;

/// Something staff does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// See the state of queues and machines; no person, no case.
    OperateMachines,
    /// Keys: see the calendar, rotate.
    ManageKeys,
    /// Record and lead incidents, send their reports.
    LeadIncidents,
    /// Read every privileged act and every event of staff.
    ReadAudit,
    /// Return or refuse what platforms submit; propose to approve.
    ReviewPlatforms,
    /// Draft and propose notices.
    EditNotices,
    /// Review applications, recoveries and appeals by hand, at the least data that does.
    ReviewApplications,
    /// Work on complaints, cases and legal requests.
    WorkOnCases,
    /// Read overview, platforms, log, compliance, cases of the own field.
    Supervise,
    /// Speak for one platform: submit its registration and scenarios, read its counts.
    SpeakForPlatform,
}

impl Duty {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::OperateMachines,
        Self::ManageKeys,
        Self::LeadIncidents,
        Self::ReadAudit,
        Self::ReviewPlatforms,
        Self::EditNotices,
        Self::ReviewApplications,
        Self::WorkOnCases,
        Self::Supervise,
        Self::SpeakForPlatform,
    ];

    /// The name stored and logged.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OperateMachines => "operate_machines",
            Self::ManageKeys => "manage_keys",
            Self::LeadIncidents => "lead_incidents",
            Self::ReadAudit => "read_audit",
            Self::ReviewPlatforms => "review_platforms",
            Self::EditNotices => "edit_notices",
            Self::ReviewApplications => "review_applications",
            Self::WorkOnCases => "work_on_cases",
            Self::Supervise => "supervise",
            Self::SpeakForPlatform => "speak_for_platform",
        }
    }

    /// Whether it only reads.
    pub const fn reads_only(self) -> bool {
        matches!(self, Self::ReadAudit | Self::Supervise)
    }
}

/// It is somebody else's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("R12.1: this role does not hold the duty {}", duty.as_str())]
pub struct NotYourDuty {
    /// Which.
    pub duty: Duty,
}

impl Role {
    /// The duties of the role.
    pub const fn duties(self) -> &'static [Duty] {
        match self {
            // 三员: the three never overlap.
            Self::SystemAdministrator => &[Duty::OperateMachines],
            Self::SecurityAdministrator => &[Duty::ManageKeys, Duty::LeadIncidents],
            Self::AuditAdministrator => &[Duty::ReadAudit],
            Self::PlatformReviewer => &[Duty::ReviewPlatforms, Duty::EditNotices],
            Self::ApplicationReviewer => &[Duty::ReviewApplications],
            Self::CaseOfficer => &[Duty::WorkOnCases],
            Self::SupervisorPublicSecurity
            | Self::SupervisorCyberspace
            | Self::SupervisorCivilAffairs
            | Self::SupervisorCultureTourism
            | Self::SupervisorHealth
            | Self::SupervisorBroadcasting => &[Duty::Supervise],
            Self::PlatformMember => &[Duty::SpeakForPlatform],
        }
    }

    /// Whether the role holds a duty.
    pub fn has(self, duty: Duty) -> bool {
        self.duties().contains(&duty)
    }
}

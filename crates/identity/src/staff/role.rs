//! The roles: one each, and what kind of work it is.

use serde::{Deserialize, Serialize};

/// What a member of staff may do. Nobody has two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 系统管理员: runs the machines, opens accounts with a second person; sees no person.
    SystemAdministrator,
    /// 安全管理员: keys, incidents; the second person for accounts and for looks at minors' data.
    SecurityAdministrator,
    /// 审计管理员: reads every privileged act; changes nothing.
    AuditAdministrator,
    /// Reviews platforms, scenarios and notices.
    PlatformReviewer,
    /// Reviews applications and recoveries by hand.
    ApplicationReviewer,
    /// Works on complaints and cases.
    CaseOfficer,
    /// 公安.
    SupervisorPublicSecurity,
    /// 网信.
    SupervisorCyberspace,
    /// 民政.
    SupervisorCivilAffairs,
    /// 文旅.
    SupervisorCultureTourism,
    /// 卫健.
    SupervisorHealth,
    /// 广电.
    SupervisorBroadcasting,
    /// A member of a connected platform: its own console and nothing else.
    PlatformMember,
}

/// The field a platform works in, and a supervisor watches (Art. 3, R3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Everything else on the internet: 网信 and 公安 alone.
    General,
    /// 民政.
    CivilAffairs,
    /// 文旅.
    CultureTourism,
    /// 卫健.
    Health,
    /// 广电.
    Broadcasting,
}

impl Field {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::General,
        Self::CivilAffairs,
        Self::CultureTourism,
        Self::Health,
        Self::Broadcasting,
    ];

    /// The name stored and logged.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::CivilAffairs => "civil_affairs",
            Self::CultureTourism => "culture_tourism",
            Self::Health => "health",
            Self::Broadcasting => "broadcasting",
        }
    }
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::SystemAdministrator,
        Self::SecurityAdministrator,
        Self::AuditAdministrator,
        Self::PlatformReviewer,
        Self::ApplicationReviewer,
        Self::CaseOfficer,
        Self::SupervisorPublicSecurity,
        Self::SupervisorCyberspace,
        Self::SupervisorCivilAffairs,
        Self::SupervisorCultureTourism,
        Self::SupervisorHealth,
        Self::SupervisorBroadcasting,
        Self::PlatformMember,
    ];

    /// The name stored and logged.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SystemAdministrator => "system_administrator",
            Self::SecurityAdministrator => "security_administrator",
            Self::AuditAdministrator => "audit_administrator",
            Self::PlatformReviewer => "platform_reviewer",
            Self::ApplicationReviewer => "application_reviewer",
            Self::CaseOfficer => "case_officer",
            Self::SupervisorPublicSecurity => "supervisor_public_security",
            Self::SupervisorCyberspace => "supervisor_cyberspace",
            Self::SupervisorCivilAffairs => "supervisor_civil_affairs",
            Self::SupervisorCultureTourism => "supervisor_culture_tourism",
            Self::SupervisorHealth => "supervisor_health",
            Self::SupervisorBroadcasting => "supervisor_broadcasting",
            Self::PlatformMember => "platform_member",
        }
    }

    /// The role of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// A department of Art. 3.
    pub const fn is_supervisor(self) -> bool {
        matches!(
            self,
            Self::SupervisorPublicSecurity
                | Self::SupervisorCyberspace
                | Self::SupervisorCivilAffairs
                | Self::SupervisorCultureTourism
                | Self::SupervisorHealth
                | Self::SupervisorBroadcasting
        )
    }

    /// Reads and never writes: supervisors (R3.1) and the audit administrator (R12.1).
    pub const fn is_read_only(self) -> bool {
        self.is_supervisor() || matches!(self, Self::AuditAdministrator)
    }

    /// Works for the operator of the service.
    pub const fn is_operator(self) -> bool {
        !self.is_supervisor() && !matches!(self, Self::PlatformMember)
    }

    /// Whether a supervisor watches a field: 网信 and 公安 watch all (Art. 3(1)), the others their own (R3.1).
    pub fn watches(self, field: Field) -> bool {
        match self {
            Self::SupervisorPublicSecurity | Self::SupervisorCyberspace => true,
            Self::SupervisorCivilAffairs => field == Field::CivilAffairs,
            Self::SupervisorCultureTourism => field == Field::CultureTourism,
            Self::SupervisorHealth => field == Field::Health,
            Self::SupervisorBroadcasting => field == Field::Broadcasting,
            _ => false,
        }
    }
}

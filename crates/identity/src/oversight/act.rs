//! The dangerous acts, and the table of who proposes and who confirms each (R12.1).

use crypto::digest::Digest;
use jose::jwk::Jwk;
use serde::{Deserialize, Serialize};

use super::credential::ListedReason;
use super::standing::SuspensionReason;
use super::subject::Subject;
use crate::id::{PlatformId, ScenarioId, StaffLogin};
use crate::legal_request::LegalRequestId;
use crate::notice::{Notice, NoticeException};
use crate::residency::ExportAssessment;
use crate::staff::Role;

/// Makes [`ActName`] from its table.
macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident $text:literal by [$($proposer:ident),+] then [$($confirmer:ident),+])+) => {
        /// Which act, without what it is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum ActName {
            $($(#[$doc])* $name,)+
        }

        impl ActName {
            /// All of them.
            pub const ALL: [Self; [$($text),+].len()] = [$(Self::$name),+];

            /// The name stored and logged.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// Roles that may propose it.
            pub const fn proposers(self) -> &'static [Role] {
                match self { $(Self::$name => &[$(Role::$proposer),+],)+ }
            }

            /// Roles that may confirm it, never the same person.
            pub const fn confirmers(self) -> &'static [Role] {
                match self { $(Self::$name => &[$(Role::$confirmer),+],)+ }
            }
        }
    };
}

acts! {
    /// Opens an account of staff.
    OpenAccount "open_account" by [SystemAdministrator] then [SecurityAdministrator]
    /// Closes an account of staff.
    CloseAccount "close_account" by [SystemAdministrator] then [SecurityAdministrator]
    /// Carries out a legal request (R9.4).
    ProvideLegalRequest "provide_legal_request" by [CaseOfficer] then [SecurityAdministrator]
    /// Registers a platform, or changes it: alternatives and equal service declared (R6.2, R7.3).
    RegisterPlatform "register_platform" by [PlatformReviewer] then [PlatformReviewer]
    /// Approves one scenario, with reasons (R5.1).
    ApproveScenario "approve_scenario" by [PlatformReviewer] then [PlatformReviewer]
    /// Takes the approval of one scenario back.
    WithdrawScenario "withdraw_scenario" by [PlatformReviewer, CaseOfficer] then [PlatformReviewer]
    /// Suspends a person's 网证 for a listed reason (C3).
    SuspendWangzheng "suspend_wangzheng" by [ApplicationReviewer, CaseOfficer] then [ApplicationReviewer, CaseOfficer]
    /// Revokes a person's 网证 for a listed reason (C3).
    RevokeWangzheng "revoke_wangzheng" by [ApplicationReviewer, CaseOfficer] then [ApplicationReviewer, CaseOfficer]
    /// Reinstates it: an appeal was upheld (C3).
    ReinstateWangzheng "reinstate_wangzheng" by [ApplicationReviewer, CaseOfficer] then [ApplicationReviewer, CaseOfficer]
    /// A ticket to look at a minor's record, for a purpose and some hours (P-minors).
    ReadMinor "read_minor" by [ApplicationReviewer, CaseOfficer] then [SecurityAdministrator]
    /// Gives a person new identifiers at all platforms, after a reviewed recovery (R2.3).
    RaiseGeneration "raise_generation" by [ApplicationReviewer, CaseOfficer] then [ApplicationReviewer]
    /// Suspends a platform: its requests are refused, nobody's account there is touched.
    SuspendPlatform "suspend_platform" by [PlatformReviewer, CaseOfficer] then [PlatformReviewer]
    /// Publishes a version of a notice (Art. 11).
    PublishNotice "publish_notice" by [PlatformReviewer] then [PlatformReviewer]
    /// Leaves a processing untold, by a law that says so (Art. 11(3)).
    ExceptNotice "except_notice" by [PlatformReviewer] then [SecurityAdministrator]
    /// Records an approved security assessment of a destination abroad (Art. 12(2)).
    ApproveExport "approve_export" by [SystemAdministrator] then [SecurityAdministrator]
    /// Lifts the suspension.
    LiftPlatform "lift_platform" by [PlatformReviewer, CaseOfficer] then [PlatformReviewer]
}

/// A dangerous act with what it is about: exactly this is signed by both persons. Never a person's name or number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// Opens an account; its first sign-in with the key sets the password.
    OpenAccount {
        /// What will be typed.
        login: StaffLogin,
        /// The person's name.
        name: String,
        /// The one role.
        role: Role,
        /// Whose member, in the role of a platform's member.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        platform: Option<PlatformId>,
        /// The registered key, public part.
        key: Box<Jwk>,
    },
    /// Closes an account; its sessions end.
    CloseAccount {
        /// Whose.
        login: StaffLogin,
    },
    /// Gives an authority what a request asks of what the service holds.
    ProvideLegalRequest {
        /// Which.
        request: LegalRequestId,
    },
    /// Puts a submitted registration in force.
    RegisterPlatform {
        /// Whose.
        platform: PlatformId,
        /// Digest of the submission: exactly this text.
        submission: Digest,
        /// Why it may be.
        reasons: String,
    },
    /// Puts a submitted scenario in force.
    ApproveScenario {
        /// Whose.
        platform: PlatformId,
        /// Which.
        scenario: ScenarioId,
        /// Digest of the submission: exactly this text.
        submission: Digest,
        /// Why it may be.
        reasons: String,
    },
    /// Takes the approval of a scenario back.
    WithdrawScenario {
        /// Whose.
        platform: PlatformId,
        /// Which.
        scenario: ScenarioId,
        /// Why.
        reasons: String,
    },
    /// Suspends a 网证.
    SuspendWangzheng {
        /// Whose, by handle.
        person: Subject,
        /// Why: one of a list (C3).
        reason: ListedReason,
        /// Number of the case or report it rests on.
        order: String,
    },
    /// Revokes a 网证.
    RevokeWangzheng {
        /// Whose, by handle.
        person: Subject,
        /// Why: one of a list (C3).
        reason: ListedReason,
        /// Number of the case or report it rests on.
        order: String,
    },
    /// Reinstates a suspended 网证.
    ReinstateWangzheng {
        /// Whose, by handle.
        person: Subject,
        /// Number of the appeal.
        order: String,
    },
    /// A ticket for a minor's record.
    ReadMinor {
        /// Whose, by handle.
        person: Subject,
        /// What for.
        purpose: String,
        /// How long, from the confirmation.
        hours: u32,
    },
    /// New identifiers at all platforms.
    RaiseGeneration {
        /// The number the person's device made.
        review: String,
        /// What happened, in words without a name or number.
        explanation: String,
    },
    /// Suspends a platform.
    SuspendPlatform {
        /// Which.
        platform: PlatformId,
        /// Why: one of a list.
        reason: SuspensionReason,
        /// What happened, for the platform and the supervisor.
        explanation: String,
    },
    /// Publishes a version of a notice, whole: exactly this text is signed.
    PublishNotice {
        /// The version.
        notice: Box<Notice>,
    },
    /// Leaves a processing untold.
    ExceptNotice {
        /// What, why, on which law, until when.
        exception: NoticeException,
    },
    /// Records an approved assessment.
    ApproveExport {
        /// What may leave, where to, by which decision.
        assessment: ExportAssessment,
    },
    /// Lifts the suspension.
    LiftPlatform {
        /// Which.
        platform: PlatformId,
        /// What was mended.
        explanation: String,
    },
}

impl Act {
    /// Which act it is.
    pub const fn name(&self) -> ActName {
        match self {
            Self::OpenAccount { .. } => ActName::OpenAccount,
            Self::CloseAccount { .. } => ActName::CloseAccount,
            Self::ProvideLegalRequest { .. } => ActName::ProvideLegalRequest,
            Self::RegisterPlatform { .. } => ActName::RegisterPlatform,
            Self::ApproveScenario { .. } => ActName::ApproveScenario,
            Self::WithdrawScenario { .. } => ActName::WithdrawScenario,
            Self::SuspendWangzheng { .. } => ActName::SuspendWangzheng,
            Self::RevokeWangzheng { .. } => ActName::RevokeWangzheng,
            Self::ReinstateWangzheng { .. } => ActName::ReinstateWangzheng,
            Self::ReadMinor { .. } => ActName::ReadMinor,
            Self::RaiseGeneration { .. } => ActName::RaiseGeneration,
            Self::SuspendPlatform { .. } => ActName::SuspendPlatform,
            Self::PublishNotice { .. } => ActName::PublishNotice,
            Self::ExceptNotice { .. } => ActName::ExceptNotice,
            Self::ApproveExport { .. } => ActName::ApproveExport,
            Self::LiftPlatform { .. } => ActName::LiftPlatform,
        }
    }
}

//! Whom an event is about, and on which day: what the retention and the rights of a person ask of it.

use crate::clock::Day;
use crate::id::PersonId;

use super::AuditEvent;

impl AuditEvent {
    /// The person the event is about, if any.
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::PersonApplied { person, .. }
            | Self::ConsentChanged { person, .. }
            | Self::Verified { person, .. }
            | Self::VerificationRefused { person, .. }
            | Self::GrantRevoked { person, .. }
            | Self::PinAttempted { person, .. }
            | Self::PinReplaced { person, .. }
            | Self::WangzhengChanged { person, .. }
            | Self::LeaveChanged { person, .. }
            | Self::GuardianConsented { person, .. }
            | Self::GuardianApplied { person, .. }
            | Self::GuardianSupervised { person, .. }
            | Self::GuardianConsentedToUse { person, .. }
            | Self::GuardianLinkChanged { person, .. }
            | Self::StandingConsentChanged { person, .. }
            | Self::InboxNotePut { person, .. }
            | Self::InboxNoteDeferred { person, .. }
            | Self::PersonLookedAt { person, .. }
            | Self::DocumentChecked { person, .. }
            | Self::WanghaoReissued { person, .. }
            | Self::GenerationRaised { person, .. }
            | Self::DeviceChanged { person, .. } => Some(*person),
            _ => None,
        }
    }

    /// The day of an event of a person; other events carry a moment or a minute.
    pub fn day(&self) -> Option<Day> {
        match self {
            Self::WanghaoReserved { day }
            | Self::WanghaoSettled { day }
            | Self::SignalQueued { day, .. }
            | Self::WaitingRequestChanged { day }
            | Self::ApplicationKept { day }
            | Self::ComplaintChanged { day, .. }
            | Self::PersonApplied { day, .. }
            | Self::ConsentChanged { day, .. }
            | Self::Verified { day, .. }
            | Self::VerificationRefused { day, .. }
            | Self::GrantRevoked { day, .. }
            | Self::PinAttempted { day, .. }
            | Self::PinReplaced { day, .. }
            | Self::WangzhengChanged { day, .. }
            | Self::LeaveChanged { day, .. }
            | Self::WanghaoEnded { day }
            | Self::PersonGone { day }
            | Self::RowsRemoved { day, .. }
            | Self::GuardianConsented { day, .. }
            | Self::GuardianApplied { day, .. }
            | Self::GuardianSupervised { day, .. }
            | Self::GuardianConsentedToUse { day, .. }
            | Self::GuardianLinkChanged { day, .. }
            | Self::StandingConsentChanged { day, .. }
            | Self::InboxNotePut { day, .. }
            | Self::InboxNoteDeferred { day, .. }
            | Self::PersonLookedAt { day, .. }
            | Self::DocumentChecked { day, .. }
            | Self::WanghaoReissued { day, .. }
            | Self::GenerationRaised { day, .. }
            | Self::DeviceChanged { day, .. } => Some(*day),
            _ => None,
        }
    }
}

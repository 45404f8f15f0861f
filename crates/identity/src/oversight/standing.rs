//! Where a platform stands: the field it works in, and whether it is suspended (R5.1, R7.2, R7.3, R3.1).
//!
//! A suspension refuses the platform's requests. It touches no person: nobody is blocked, nobody's account at the
//! platform is reached, and it is lifted the same way (C3).

use serde::{Deserialize, Serialize};

use super::carry_out::Done;
use super::two_persons::NotPossible;
use super::{Act, TwoPersons};
use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Timestamp;
use crate::id::{PlatformId, ProposalId};
use crate::service::{Fault, Service};
use crate::staff::Field;

/// Longest explanation, in characters.
pub(super) const LONGEST_TEXT: usize = 2000;

/// Why a platform is suspended; there is no other reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuspensionReason {
    /// It demanded plaintext identity after a pass (Art. 7).
    PlaintextDemanded,
    /// It served people without 网证 worse (Art. 7).
    UnequalService,
    /// It keeps asking for more than was approved (Art. 8).
    OverAsking,
    /// It leaked what it got, or used it for something else (Art. 8, 12).
    Leak,
    /// Its keys or its systems are in wrong hands.
    Compromised,
    /// It does not answer withdrawals, deletions or the service.
    NotReachable,
    /// It asked for it, or its agreement ended.
    Ended,
}

impl SuspensionReason {
    /// All reasons.
    pub const ALL: [Self; 7] = [
        Self::PlaintextDemanded,
        Self::UnequalService,
        Self::OverAsking,
        Self::Leak,
        Self::Compromised,
        Self::NotReachable,
        Self::Ended,
    ];

    /// The name stored and logged.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PlaintextDemanded => "plaintext_demanded",
            Self::UnequalService => "unequal_service",
            Self::OverAsking => "over_asking",
            Self::Leak => "leak",
            Self::Compromised => "compromised",
            Self::NotReachable => "not_reachable",
            Self::Ended => "ended",
        }
    }
}

/// A suspension in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// Why.
    pub reason: SuspensionReason,
    /// What happened.
    pub explanation: String,
    /// Since when.
    pub since: Timestamp,
    /// By which proposal.
    pub by: ProposalId,
}

/// Where a platform stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformStanding {
    /// Which.
    pub platform: PlatformId,
    /// The field it works in, and who watches it (R3.1).
    pub field: Field,
    /// The suspension, if there is one.
    pub suspended: Option<Suspension>,
}

impl PlatformStanding {
    /// A platform nobody has said anything about.
    pub fn good(platform: PlatformId) -> Self {
        Self {
            platform,
            field: Field::General,
            suspended: None,
        }
    }
}

impl Service {
    pub(super) fn check_standing(&self, act: &Act) -> Result<(), NotPossible> {
        let (id, text, suspend) = match act {
            Act::SuspendPlatform {
                platform,
                explanation,
                ..
            } => (platform, explanation, true),
            Act::LiftPlatform {
                platform,
                explanation,
            } => (platform, explanation, false),
            _ => return Ok(()),
        };
        let wrong = |rule, text| Err(NotPossible { rule, text });
        if self.platform(id).is_none() {
            return wrong("R5.1", "there is no such platform");
        }
        if text.trim().is_empty() || text.chars().count() > LONGEST_TEXT {
            return wrong("R12.1", "a reason is needed, of at most 2000 characters");
        }
        match (suspend, self.standing(id).suspended.is_some()) {
            (true, true) => wrong("R5.1", "the platform is suspended already"),
            (false, false) => wrong("R5.1", "the platform is not suspended"),
            _ => Ok(()),
        }
    }

    /// Suspends the platform two persons agreed on, or lifts it. Event `platform_standing_changed`.
    pub(super) async fn change_standing(&self, two: TwoPersons) -> Result<Done, Fault> {
        let by = two.id().clone();
        let (platform, suspended) = match two.act() {
            Act::SuspendPlatform {
                platform,
                reason,
                explanation,
            } => {
                let suspension = Suspension {
                    reason: *reason,
                    explanation: explanation.clone(),
                    since: self.now(),
                    by,
                };
                (platform, Some(suspension))
            }
            Act::LiftPlatform { platform, .. } => (platform, None),
            _ => return Err(Fault::Invariant("not an act about a platform's standing")),
        };
        // Read from the store, not from the directory: another process may have changed it.
        let standings = self.store.standings().await?;
        let known = standings
            .into_iter()
            .find(|known| known.platform == *platform);
        let known = known.unwrap_or_else(|| PlatformStanding::good(platform.clone()));
        if known.suspended.is_some() == suspended.is_some() {
            self.reload().await?;
            return Ok(Done("nothing_to_do"));
        }
        let change = if suspended.is_some() {
            "suspended"
        } else {
            "lifted"
        };
        self.put_standing(PlatformStanding { suspended, ..known }, change)
            .await?;
        Ok(Done("done"))
    }

    /// Says in which field a platform works: at its registration.
    pub async fn set_field(&self, platform: &PlatformId, field: Field) -> Result<(), Fault> {
        let standing = self.standing(platform);
        if standing.field == field {
            return Ok(());
        }
        self.put_standing(PlatformStanding { field, ..standing }, "field")
            .await
    }

    async fn put_standing(&self, standing: PlatformStanding, change: &str) -> Result<(), Fault> {
        let event = AuditEvent::PlatformStandingChanged {
            platform: standing.platform.clone(),
            change: change.to_owned(),
            at: self.now(),
        };
        let event = EventDraft::new(event, self.random());
        self.store.put_standing(standing, event).await?;
        self.reload().await
    }
}

//! P10: the card and what a person does with it.

use super::document::{DocumentKind, SAMPLE_KINDS};
use super::requests::WaitingRequest;
use super::{Frame, Page, Template};

/// P10 at `/` when signed in. The last uses come from the device: the script opens the sealed receipts.
#[derive(Debug, Template)]
#[template(path = "person/home.html")]
pub struct Home {
    /// What surrounds the page.
    pub frame: Frame,
    /// The 网证.
    pub card: Card,
    /// Requests that wait, the newest first; more may be held by the device.
    pub waiting: Vec<WaitingRequest>,
}

/// The 网证 as shown to its holder.
#[derive(Clone, Debug)]
pub struct Card {
    /// The holder's name, masked (`张*`).
    pub holder: String,
    /// The document it was made from.
    pub document: DocumentKind,
    /// Its state.
    pub state: CardState,
    /// The 网号, masked (`KO******2C`).
    pub wanghao: String,
}

/// The state of a 网证 (R2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardState {
    /// 正常可用
    Active,
    /// Locked by the person.
    Locked,
    /// Suspended, with a reason and an appeal.
    Suspended,
    /// On the way out.
    Leaving,
    /// Replaced by a newer one.
    Superseded,
    /// Its document is no longer valid.
    Expired,
    /// Revoked.
    Revoked,
}

impl CardState {
    /// Every state.
    pub const ALL: [Self; 7] = [
        Self::Active,
        Self::Locked,
        Self::Suspended,
        Self::Leaving,
        Self::Superseded,
        Self::Expired,
        Self::Revoked,
    ];

    /// The name in the texts (`card.<name>.tag|help`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Locked => "locked",
            Self::Suspended => "suspended",
            Self::Leaving => "leaving",
            Self::Superseded => "superseded",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }

    /// The key of the word on the tag.
    pub fn tag(self) -> String {
        format!("card.{}.tag", self.name())
    }

    /// The key of what it means and what to do, for every state but the ordinary one.
    pub fn help(self) -> String {
        format!("card.{}.help", self.name())
    }

    /// The tag's icon.
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Active => "check",
            Self::Locked => "lock",
            Self::Suspended | Self::Leaving | Self::Superseded | Self::Expired | Self::Revoked => {
                "warning"
            }
        }
    }

    /// The tag's colour class: the colour never stands alone.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Active => "ok",
            Self::Locked | Self::Leaving | Self::Superseded => "warn",
            Self::Suspended | Self::Expired | Self::Revoked => "bad",
        }
    }
}

impl Page for Home {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |state, waiting: Vec<WaitingRequest>| Self {
            frame: Frame {
                signed_in: true,
                waiting: waiting.len(),
                locked: state == CardState::Locked,
                path: "/".to_owned(),
                ..frame.clone()
            },
            card: sample_card(state),
            waiting,
        };
        let mut samples = vec![
            (
                "one-waiting",
                page(CardState::Active, vec![WaitingRequest::sample()]),
            ),
            ("quiet", page(CardState::Active, Vec::new())),
        ];
        for state in CardState::ALL.into_iter().skip(1) {
            samples.push((state.name(), page(state, Vec::new())));
        }
        samples
    }
}

pub(crate) fn sample_card(state: CardState) -> Card {
    Card {
        holder: "沙**".to_owned(),
        document: SAMPLE_KINDS[0],
        state,
        wanghao: "KO******2C".to_owned(),
    }
}

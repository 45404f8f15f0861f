//! P22 and P23: a person's children and guardians, what waits for a guardian, and standing consents (R4.2–R5.2).

use super::apply::NoticeText;
use super::home::CardState;
use super::{AgreementWaits, Frame, Page, Template};

/// P22 at `/family`. What waits and what stands is added by the script: only the device opens platforms' names.
#[derive(Debug, Template)]
#[template(path = "person/family.html")]
pub struct FamilyPage {
    /// What surrounds the page.
    pub frame: Frame,
    /// The `aud` of what the device signs.
    pub issuer: String,
    /// Whether the person is of age, and so may be asked to confirm for a child whom nobody knows here yet.
    pub adult: bool,
    /// What the guardian of a child under 14 consents to (Art. 11, R4.2).
    pub minors_notice: Option<NoticeText>,
    /// The person's children.
    pub children: Vec<Child>,
    /// The person's guardians.
    pub guardians: Vec<Relative>,
}

/// A child, as its guardian sees it.
#[derive(Clone, Debug)]
pub struct Child {
    /// `王*`.
    pub name: String,
    /// Under 14: the guardian decides each use.
    pub under_14: bool,
    /// State of the child's 网证.
    pub card: CardState,
    /// The day on which duties change next (R4.5).
    pub changes_on: String,
}

impl Child {
    const fn state(&self) -> &'static str {
        if self.under_14 {
            "family.acts"
        } else {
            "family.supervises"
        }
    }

    const fn turns(&self) -> &'static str {
        if self.under_14 {
            "family.turns_14"
        } else {
            "family.turns_18"
        }
    }
}

/// A guardian, as the child sees one.
#[derive(Clone, Debug)]
pub struct Relative {
    /// `王*`.
    pub name: String,
    /// Key of what holds for them today.
    pub state: &'static str,
}

impl Page for FamilyPage {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let child = |under_14, card| Child {
            name: "王*".to_owned(),
            under_14,
            card,
            changes_on: "2028-03-05".to_owned(),
        };
        let relative = |state| Relative {
            name: "王*".to_owned(),
            state,
        };
        let page = |adult, children, guardians| Self {
            frame: Frame {
                signed_in: true,
                path: "/family".to_owned(),
                agreement_waits: if adult {
                    AgreementWaits::ForChild
                } else {
                    AgreementWaits::OfGuardian
                },
                ..frame.clone()
            },
            issuer: "http://localhost:8080".to_owned(),
            adult,
            minors_notice: adult.then(|| NoticeText::sample("minors")),
            children,
            guardians,
        };
        let children = vec![
            child(true, CardState::Active),
            child(false, CardState::Locked),
        ];
        let guardians = vec![relative("family.can"), relative("family.cannot")];
        vec![
            ("guardian", page(true, children, Vec::new())),
            ("child", page(false, Vec::new(), guardians)),
            ("nobody", page(true, Vec::new(), Vec::new())),
        ]
    }
}

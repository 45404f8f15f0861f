//! P22 and P23: a person's children and guardians, what waits for a guardian, and standing consents (R4.2–R5.2).

use super::{Frame, Page, Template};

/// P22 at `/family`. What waits and what stands is added by the script: only the device opens platforms' names.
#[derive(Debug, Template)]
#[template(path = "person/family.html")]
pub struct FamilyPage {
    /// What surrounds the page.
    pub frame: Frame,
    /// The `aud` of what the device signs.
    pub issuer: String,
    /// The person's children.
    pub children: Vec<Relative>,
    /// The person's guardians.
    pub guardians: Vec<Relative>,
}

/// A child or a guardian.
#[derive(Clone, Debug)]
pub struct Relative {
    /// `王*`.
    pub name: String,
    /// Key of what holds for them today.
    pub state: &'static str,
}

impl Page for FamilyPage {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let relative = |state| Relative {
            name: "王*".to_owned(),
            state,
        };
        let page = |children, guardians| Self {
            frame: Frame {
                signed_in: true,
                path: "/family".to_owned(),
                ..frame.clone()
            },
            issuer: "http://localhost:8080".to_owned(),
            children,
            guardians,
        };
        let children = vec![relative("family.acts"), relative("family.supervises")];
        let guardians = vec![relative("family.can"), relative("family.cannot")];
        vec![
            ("guardian", page(children, Vec::new())),
            ("child", page(Vec::new(), guardians)),
            ("nobody", page(Vec::new(), Vec::new())),
        ]
    }
}

//! The document part of a page: the seven kinds of Art. 15, the sandbox persons of the simulator, what can go wrong.

/// A kind of legal identity document (Art. 15, R15.1) by its wire name, as a choice on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentKind(pub &'static str);

impl DocumentKind {
    /// The key of its name.
    pub fn title(self) -> String {
        format!("document.{}.title", self.0)
    }

    /// The key of the line that says whom it is for.
    pub fn for_whom(self) -> String {
        format!("document.{}.for_whom", self.0)
    }

    /// An icon that hints at its shape.
    pub fn icon(self) -> &'static str {
        if self.0.starts_with("passport") {
            "book"
        } else {
            "card"
        }
    }
}

/// A person of the sandbox register, offered by the document simulator. Never a real person.
#[derive(Clone, Debug)]
pub struct SandboxPerson {
    /// `resident`, `elder`, …
    pub name: String,
    /// What the choice says: `resident · 1990-01-31`.
    pub label: String,
    /// The document's fields.
    pub document: DocumentFields,
}

/// What a document says.
#[derive(Clone, Debug, Default)]
pub struct DocumentFields {
    /// The number as printed.
    pub number: String,
    /// The holder's name as printed.
    pub holder: String,
    /// `YYYY-MM-DD`.
    pub birth_date: String,
    /// `YYYY-MM-DD`, empty when it does not expire.
    pub valid_until: String,
}

/// Why a document was not accepted, as a person is told (R4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentTrouble {
    /// Not how such a number is written.
    Malformed,
    /// The register knows no such document or the fields differ. One text for both.
    NoMatch,
    /// Past its validity.
    Expired,
    /// Reported lost, or cancelled.
    Cancelled,
    /// The chip could not be read.
    Unreadable,
    /// The register does not answer.
    RegistryDown,
    /// Under 8 (R4.4).
    TooYoung,
    /// This person already has a 网证: recover it.
    AlreadyHolds,
    /// This person has no 网证: there is nothing to recover.
    HoldsNone,
    /// A kind of document that Art. 15 does not list.
    KindNotListed,
}

impl DocumentTrouble {
    /// Every case.
    pub const ALL: [Self; 10] = [
        Self::Malformed,
        Self::NoMatch,
        Self::Expired,
        Self::Cancelled,
        Self::Unreadable,
        Self::RegistryDown,
        Self::TooYoung,
        Self::AlreadyHolds,
        Self::HoldsNone,
        Self::KindNotListed,
    ];

    /// The name in the texts (`document_trouble.<name>.what|next`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::NoMatch => "no_match",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
            Self::Unreadable => "unreadable",
            Self::RegistryDown => "registry_down",
            Self::TooYoung => "too_young",
            Self::AlreadyHolds => "already_holds",
            Self::HoldsNone => "holds_none",
            Self::KindNotListed => "kind_not_listed",
        }
    }

    /// The key of what happened.
    pub fn what(self) -> String {
        format!("document_trouble.{}.what", self.name())
    }

    /// The key of the one next step.
    pub fn next(self) -> String {
        format!("document_trouble.{}.next", self.name())
    }
}

pub(crate) const SAMPLE_KINDS: [DocumentKind; 7] = [
    DocumentKind("resident_identity_card"),
    DocumentKind("passport_settled_abroad"),
    DocumentKind("hong_kong_macao_travel_permit"),
    DocumentKind("taiwan_travel_permit"),
    DocumentKind("hong_kong_macao_residence_permit"),
    DocumentKind("taiwan_residence_permit"),
    DocumentKind("foreigner_permanent_residence_card"),
];

pub(crate) fn sample_persons() -> Vec<SandboxPerson> {
    let person = |name: &str, number: &str, holder: &str, birth_date: &str| SandboxPerson {
        name: name.to_owned(),
        label: format!("{holder} · {name}"),
        document: DocumentFields {
            number: number.to_owned(),
            holder: holder.to_owned(),
            birth_date: birth_date.to_owned(),
            valid_until: "2036-01-31".to_owned(),
        },
    };
    vec![
        person("resident", "110000199001310018", "沙盒甲", "1990-01-31"),
        person("elder", "110000195303040027", "沙盒乙", "1953-03-04"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Locale;

    #[test]
    fn r15_1_each_of_the_seven_kinds_has_its_words() {
        for kind in identity::document::DocumentKind::ALL {
            let shown = DocumentKind(kind.as_str());
            assert!(SAMPLE_KINDS.contains(&shown), "{kind}");
            assert_eq!(Locale::ZhCn.say(&shown.title()), kind.chinese_name());
            for locale in Locale::ALL {
                for key in [shown.title(), shown.for_whom()] {
                    assert!(!locale.say(&key).starts_with('⟦'), "{key}");
                }
            }
        }
    }
}

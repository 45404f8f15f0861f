//! The attributes there are: a closed list of typed names (Art. 8(2), R8.2).

use serde::{Deserialize, Serialize};

/// Something that may be told of a person beside the result. The 网号 is none: no platform ever sees it (R2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attribute {
    /// 姓名.
    Name,
    /// 证件种类.
    DocumentKind,
    /// 证件号码.
    DocumentNumber,
    /// 出生日期.
    BirthDate,
    /// 国籍.
    Nationality,
    /// 性别, where the document records it.
    Sex,
    /// 年龄标识: one bracket, yes or no, never a date (Art. 10, R10.1).
    AgeMarker,
}

impl Attribute {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Name,
        Self::DocumentKind,
        Self::DocumentNumber,
        Self::BirthDate,
        Self::Nationality,
        Self::Sex,
        Self::AgeMarker,
    ];

    /// The name in requests, credentials, consents and receipts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::DocumentKind => "document_kind",
            Self::DocumentNumber => "document_number",
            Self::BirthDate => "birth_date",
            Self::Nationality => "nationality",
            Self::Sex => "sex",
            Self::AgeMarker => "age_marker",
        }
    }

    /// The attribute of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|attribute| attribute.as_str() == name)
    }

    /// Whether its value is shown by the person's device. An age marker is not in the credential: it is computed
    /// on the day.
    pub fn is_presented(self) -> bool {
        self != Self::AgeMarker
    }
}

impl std::fmt::Display for Attribute {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r8_2_names_are_read_back_and_no_other_is_an_attribute() {
        for attribute in Attribute::ALL {
            assert_eq!(Attribute::from_name(attribute.as_str()), Some(attribute));
            let json = serde_json::to_string(&attribute).unwrap();
            assert_eq!(json, format!("\"{attribute}\""));
        }
        for name in ["wanghao", "Name", "", "age", "photo", "iss", "cnf"] {
            assert_eq!(Attribute::from_name(name), None, "{name}");
        }
    }
}

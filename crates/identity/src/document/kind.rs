//! The kinds of legal identity document that the service accepts.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::DocumentError;

/// A legal identity document (法定身份证件) of Art. 15.
///
/// The article ends in "等": a further kind is one variant here, one row in each `match` the compiler then asks
/// for, and one file with its number's rules (R15.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentKind {
    /// 居民身份证.
    ResidentIdentityCard,
    /// 定居国外的中国公民的护照.
    PassportOfCitizenSettledAbroad,
    /// 港澳居民来往内地通行证.
    HongKongMacaoTravelPermit,
    /// 台湾居民来往大陆通行证.
    TaiwanTravelPermit,
    /// 港澳居民居住证.
    HongKongMacaoResidencePermit,
    /// 台湾居民居住证.
    TaiwanResidencePermit,
    /// 外国人永久居留身份证, in its 18-character and its 15-character form.
    ForeignerPermanentResidenceCard,
}

impl DocumentKind {
    /// Every accepted kind, in the order of Art. 15.
    pub const ALL: [Self; 7] = [
        Self::ResidentIdentityCard,
        Self::PassportOfCitizenSettledAbroad,
        Self::HongKongMacaoTravelPermit,
        Self::TaiwanTravelPermit,
        Self::HongKongMacaoResidencePermit,
        Self::TaiwanResidencePermit,
        Self::ForeignerPermanentResidenceCard,
    ];

    /// Wire name of 前往港澳通行证, which the draft listed and the final Art. 15 does not.
    pub const DRAFT_EXIT_PERMIT: &str = "mainland_exit_permit_hong_kong_macao";

    /// The wire name, stable for ever: it is part of the document's digest.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ResidentIdentityCard => "resident_identity_card",
            Self::PassportOfCitizenSettledAbroad => "passport_settled_abroad",
            Self::HongKongMacaoTravelPermit => "hong_kong_macao_travel_permit",
            Self::TaiwanTravelPermit => "taiwan_travel_permit",
            Self::HongKongMacaoResidencePermit => "hong_kong_macao_residence_permit",
            Self::TaiwanResidencePermit => "taiwan_residence_permit",
            Self::ForeignerPermanentResidenceCard => "foreigner_permanent_residence_card",
        }
    }

    /// The name in zh-CN, in the words of Art. 15.
    pub const fn chinese_name(self) -> &'static str {
        match self {
            Self::ResidentIdentityCard => "居民身份证",
            Self::PassportOfCitizenSettledAbroad => "定居国外的中国公民的护照",
            Self::HongKongMacaoTravelPermit => "港澳居民来往内地通行证",
            Self::TaiwanTravelPermit => "台湾居民来往大陆通行证",
            Self::HongKongMacaoResidencePermit => "港澳居民居住证",
            Self::TaiwanResidencePermit => "台湾居民居住证",
            Self::ForeignerPermanentResidenceCard => "外国人永久居留身份证",
        }
    }

    /// The name in English, after Art. 15.
    pub const fn english_name(self) -> &'static str {
        match self {
            Self::ResidentIdentityCard => "Resident identity card",
            Self::PassportOfCitizenSettledAbroad => "Passport of a Chinese citizen settled abroad",
            Self::HongKongMacaoTravelPermit => {
                "Mainland travel permit for Hong Kong and Macao residents"
            }
            Self::TaiwanTravelPermit => "Mainland travel permit for Taiwan residents",
            Self::HongKongMacaoResidencePermit => {
                "Residence permit for Hong Kong and Macao residents"
            }
            Self::TaiwanResidencePermit => "Residence permit for Taiwan residents",
            Self::ForeignerPermanentResidenceCard => {
                "Foreigner's permanent residence identity card"
            }
        }
    }

    /// Whether a renewed document of this kind keeps its canonical number (R15.2).
    ///
    /// Passports get a new number with each book, and the 15-character card may have become an 18-character one:
    /// there only the registry's holder reference finds the owner.
    pub const fn number_survives_renewal(self) -> bool {
        !matches!(
            self,
            Self::PassportOfCitizenSettledAbroad | Self::ForeignerPermanentResidenceCard
        )
    }
}

impl fmt::Display for DocumentKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for DocumentKind {
    type Err = DocumentError;

    /// From the wire name: [`DocumentError::KindNotAccepted`] for the draft's eighth kind (R15.1), else
    /// [`DocumentError::UnknownKind`].
    fn from_str(name: &str) -> Result<Self, DocumentError> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == name)
            .ok_or_else(|| DocumentError::for_unlisted_kind(name))
    }
}

impl Serialize for DocumentKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for DocumentKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        name.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wire_names_round_trip() {
        for kind in DocumentKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            let json = serde_json::to_string(&kind).unwrap();
            assert_eq!(serde_json::from_str::<DocumentKind>(&json).unwrap(), kind);
        }
    }

    /// Art. 15 of the measures, in its own words and order.
    #[test]
    fn names_are_those_of_the_article() {
        let names = DocumentKind::ALL.map(DocumentKind::chinese_name).join("、");
        assert_eq!(
            names,
            "居民身份证、定居国外的中国公民的护照、港澳居民来往内地通行证、台湾居民来往大陆通行证、港澳居民居住证、\
             台湾居民居住证、外国人永久居留身份证"
        );
    }

    /// R15.1: the draft's eighth kind is refused and told why.
    #[test]
    fn the_eighth_kind_of_the_draft_is_refused_with_its_reason() {
        let refusal = "mainland_exit_permit_hong_kong_macao"
            .parse::<DocumentKind>()
            .unwrap_err();
        assert_eq!(refusal, DocumentError::KindNotAccepted);
        assert!(refusal.to_string().contains("前往港澳通行证"));
        assert!(refusal.to_string().contains("final Art. 15"));
        assert_eq!(
            "driving_licence".parse::<DocumentKind>(),
            Err(DocumentError::UnknownKind)
        );
    }
}

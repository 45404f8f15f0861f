//! How strongly the person was authenticated: the four modes, as OpenID Connect names such things.

use serde::{Deserialize, Serialize};

use crate::{ErrorCode, OAuthError};

/// An authentication context class: one of the four modes (S6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Acr {
    /// 网证: the device key of the credential.
    #[serde(rename = "urn:wangzheng:mode:wz")]
    Wz,
    /// 网证 and 口令.
    #[serde(rename = "urn:wangzheng:mode:wz+pin")]
    WzPin,
    /// 网证 and 人像.
    #[serde(rename = "urn:wangzheng:mode:wz+face")]
    WzFace,
    /// 网证, 口令 and 人像.
    #[serde(rename = "urn:wangzheng:mode:wz+pin+face")]
    WzPinFace,
}

impl Acr {
    /// All four, weakest first.
    pub const ALL: [Self; 4] = [Self::Wz, Self::WzPin, Self::WzFace, Self::WzPinFace];

    /// Longest accepted `acr_values`, in bytes.
    pub const LIST_LIMIT: usize = 512;

    /// The URN.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wz => "urn:wangzheng:mode:wz",
            Self::WzPin => "urn:wangzheng:mode:wz+pin",
            Self::WzFace => "urn:wangzheng:mode:wz+face",
            Self::WzPinFace => "urn:wangzheng:mode:wz+pin+face",
        }
    }

    /// The mode with this URN, compared byte by byte.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|acr| acr.as_str() == name)
    }

    /// The methods the mode consists of, as told in `amr`.
    pub const fn methods(self) -> &'static [AuthenticationMethod] {
        use AuthenticationMethod::{Face, Pin, Pop};
        match self {
            Self::Wz => &[Pop],
            Self::WzPin => &[Pop, Pin],
            Self::WzFace => &[Pop, Face],
            Self::WzPinFace => &[Pop, Pin, Face],
        }
    }

    /// Reads `acr_values`: names separated by single spaces, in order of preference (OIDC Core §3.1.2.1).
    ///
    /// Names of other houses are passed over while one of ours is there. A list of nothing but strangers cannot be met,
    /// which is `unmet_authentication_requirements`.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, OAuthError> {
        if text.len() > Self::LIST_LIMIT || text.split(' ').any(str::is_empty) {
            return Err(ErrorCode::InvalidRequest.because("acr_values is too long or malformed"));
        }
        let mut list = Vec::new();
        for acr in text.split(' ').filter_map(Self::from_name) {
            if !list.contains(&acr) {
                list.push(acr);
            }
        }
        if list.is_empty() {
            return Err(
                ErrorCode::UnmetAuthenticationRequirements.because("no acr_values is known here")
            );
        }
        Ok(list)
    }
}

/// A value of `amr` (RFC 8176 §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuthenticationMethod {
    /// Proof of possession of the device key.
    Pop,
    /// 口令.
    Pin,
    /// 人像.
    Face,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_design() {
        for acr in Acr::ALL {
            assert_eq!(Acr::from_name(acr.as_str()), Some(acr));
            assert_eq!(
                serde_json::to_string(&acr).expect("serialises"),
                format!("\"{}\"", acr.as_str())
            );
        }
        assert_eq!(
            serde_json::to_string(Acr::WzPinFace.methods()).expect("serialises"),
            r#"["pop","pin","face"]"#
        );
    }

    #[test]
    fn keeps_the_order_of_preference() {
        let text =
            "urn:wangzheng:mode:wz+face phr urn:wangzheng:mode:wz+pin urn:wangzheng:mode:wz+face";
        assert_eq!(Acr::parse_list(text), Ok(vec![Acr::WzFace, Acr::WzPin]));
    }

    #[test]
    fn strangers_alone_cannot_be_met() {
        for text in [
            "phr",
            "1 2",
            "urn:wangzheng:mode:WZ",
            "urn:wangzheng:mode:wz+",
        ] {
            let code = Acr::parse_list(text).map_err(|error| error.code);
            assert_eq!(
                code,
                Err(ErrorCode::UnmetAuthenticationRequirements),
                "{text}"
            );
        }
    }

    #[test]
    fn refuses_the_malformed_with_invalid_request() {
        let long = format!("{} {}", Acr::Wz.as_str(), "x".repeat(Acr::LIST_LIMIT));
        for text in ["", " ", "urn:wangzheng:mode:wz ", &long] {
            assert_eq!(
                Acr::parse_list(text).map_err(|error| error.code),
                Err(ErrorCode::InvalidRequest),
                "{text:?}"
            );
        }
    }
}

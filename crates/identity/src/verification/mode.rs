//! Modes of a verification (S6): 网证 · 网证+口令 · 网证+人像 · 网证+口令+人像.

use serde::{Deserialize, Serialize};

/// What a person shows beside the 网证 itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Mode {
    /// 网证: the device key alone.
    #[serde(rename = "urn:wangzheng:mode:wz")]
    Wangzheng,
    /// 网证+口令.
    #[serde(rename = "urn:wangzheng:mode:wz+pin")]
    WangzhengPin,
    /// 网证+人像.
    #[serde(rename = "urn:wangzheng:mode:wz+face")]
    WangzhengFace,
    /// 网证+口令+人像.
    #[serde(rename = "urn:wangzheng:mode:wz+pin+face")]
    WangzhengPinFace,
}

impl Mode {
    /// All four, weakest first.
    pub const ALL: [Self; 4] = [
        Self::Wangzheng,
        Self::WangzhengPin,
        Self::WangzhengFace,
        Self::WangzhengPinFace,
    ];

    /// The `acr` value.
    pub fn acr(self) -> &'static str {
        match self {
            Self::Wangzheng => "urn:wangzheng:mode:wz",
            Self::WangzhengPin => "urn:wangzheng:mode:wz+pin",
            Self::WangzhengFace => "urn:wangzheng:mode:wz+face",
            Self::WangzhengPinFace => "urn:wangzheng:mode:wz+pin+face",
        }
    }

    /// The mode of an `acr` value.
    pub fn from_acr(acr: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.acr() == acr)
    }

    /// `amr` values (RFC 8176): proof of possession, then what else was shown.
    pub fn amr(self) -> &'static [&'static str] {
        match self {
            Self::Wangzheng => &["pop"],
            Self::WangzhengPin => &["pop", "pin"],
            Self::WangzhengFace => &["pop", "face"],
            Self::WangzhengPinFace => &["pop", "pin", "face"],
        }
    }

    /// Whether the 口令 is asked.
    pub fn asks_pin(self) -> bool {
        matches!(self, Self::WangzhengPin | Self::WangzhengPinFace)
    }

    /// Whether a face is asked.
    pub fn asks_face(self) -> bool {
        matches!(self, Self::WangzhengFace | Self::WangzhengPinFace)
    }

    /// Whether this mode shows everything `other` shows.
    pub fn covers(self, other: Self) -> bool {
        (self.asks_pin() || !other.asks_pin()) && (self.asks_face() || !other.asks_face())
    }

    /// The mode of a request: the first wished one that raises (or equals) the scenario's; the
    /// scenario's own when none is wished; `None` when every wish is weaker (S6).
    pub fn negotiate(scenario: Self, wished: &[Self]) -> Option<Self> {
        if wished.is_empty() {
            return Some(scenario);
        }
        wished.iter().copied().find(|mode| mode.covers(scenario))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s6_a_request_may_only_raise_the_mode() {
        use Mode::{Wangzheng as W, WangzhengFace as F, WangzhengPin as P, WangzhengPinFace as PF};
        for (scenario, wished, expected) in [
            (W, vec![], Some(W)),
            (P, vec![], Some(P)),
            (W, vec![PF], Some(PF)),
            (P, vec![W], None),
            (P, vec![F], None),
            (F, vec![P], None),
            (P, vec![W, PF], Some(PF)),
            (PF, vec![P, F], None),
            (F, vec![F, PF], Some(F)),
        ] {
            assert_eq!(
                Mode::negotiate(scenario, &wished),
                expected,
                "{scenario:?} {wished:?}"
            );
        }
    }

    #[test]
    fn acr_values_are_read_back() {
        for mode in Mode::ALL {
            assert_eq!(Mode::from_acr(mode.acr()), Some(mode));
        }
    }
}

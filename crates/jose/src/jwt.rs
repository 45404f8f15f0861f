//! Claims of JSON Web Tokens (RFC 7519 §4.1). Time comes in as an argument.

use serde::{Deserialize, Deserializer, Serialize, de::Error};

use crate::JoseError;

/// `aud`: one text or several (RFC 7519 §4.1.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    /// `"aud": "a"`
    One(String),
    /// `"aud": ["a", "b"]`
    Many(Vec<String>),
}

impl Audience {
    /// Whether `reader` is named, exactly.
    pub fn contains(&self, reader: &str) -> bool {
        match self {
            Self::One(audience) => audience == reader,
            Self::Many(audiences) => audiences.iter().any(|audience| audience == reader),
        }
    }

    /// Whether `reader` is named and nobody else.
    pub fn is_only(&self, reader: &str) -> bool {
        match self {
            Self::One(audience) => audience == reader,
            Self::Many(audiences) => {
                matches!(audiences.as_slice(), [audience] if audience == reader)
            }
        }
    }
}

impl From<&str> for Audience {
    fn from(audience: &str) -> Self {
        Self::One(audience.to_owned())
    }
}

/// The registered claims, all optional; what else is required is the reader's rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisteredClaims {
    /// `iss`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// `sub`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// `aud`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aud: Option<Audience>,
    /// `exp`, seconds since 1970
    #[serde(
        skip_serializing_if = "Option::is_none",
        default,
        deserialize_with = "numeric_date"
    )]
    pub exp: Option<i64>,
    /// `nbf`, seconds since 1970
    #[serde(
        skip_serializing_if = "Option::is_none",
        default,
        deserialize_with = "numeric_date"
    )]
    pub nbf: Option<i64>,
    /// `iat`, seconds since 1970
    #[serde(
        skip_serializing_if = "Option::is_none",
        default,
        deserialize_with = "numeric_date"
    )]
    pub iat: Option<i64>,
    /// `jti`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
}

impl RegisteredClaims {
    /// [`check_times`] of these claims.
    pub fn check_times(&self, now: i64, leeway: i64) -> Result<(), JoseError> {
        check_times(self.exp, self.nbf, self.iat, now, leeway)
    }

    /// `aud` is there and names `reader`.
    pub fn check_audience(&self, reader: &str) -> Result<(), JoseError> {
        match &self.aud {
            Some(audience) if audience.contains(reader) => Ok(()),
            _ => Err(JoseError::WrongAudience),
        }
    }
}

/// `now` lies before `exp` (RFC 7519 §4.1.4) and not before `nbf` (§4.1.5) or `iat`, each if given, with `leeway` seconds.
pub fn check_times(
    exp: Option<i64>,
    nbf: Option<i64>,
    iat: Option<i64>,
    now: i64,
    leeway: i64,
) -> Result<(), JoseError> {
    if exp.is_some_and(|exp| now >= exp.saturating_add(leeway)) {
        return Err(JoseError::Expired);
    }
    if [nbf, iat]
        .into_iter()
        .flatten()
        .any(|start| now < start.saturating_sub(leeway))
    {
        return Err(JoseError::NotYetValid);
    }
    Ok(())
}

/// A `NumericDate` (RFC 7519 §2) as whole seconds; fractions are cut. For `deserialize_with`.
pub fn numeric_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Number {
        Whole(i64),
        Fraction(f64),
    }
    /// The year 9999, and far within what an `f64` holds exactly.
    const LATEST: i64 = 253_402_300_799;
    let seconds = match Number::deserialize(deserializer)? {
        Number::Whole(seconds) => seconds,
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a cast of f64 to i64 saturates, and the range is checked below"
        )]
        Number::Fraction(seconds) => seconds.floor() as i64,
    };
    if (0..=LATEST).contains(&seconds) {
        Ok(Some(seconds))
    } else {
        Err(D::Error::custom("not a NumericDate"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, from_value, json};

    use super::*;

    fn claims(value: Value) -> Result<RegisteredClaims, serde_json::Error> {
        from_value(value)
    }

    #[test]
    fn times_are_half_open_and_leeway_widens_both_ends() {
        let check = |now, leeway| check_times(Some(100), Some(50), Some(40), now, leeway);
        assert!(check(50, 0).is_ok() && check(99, 0).is_ok());
        assert!(matches!(check(49, 0), Err(JoseError::NotYetValid)));
        assert!(matches!(check(100, 0), Err(JoseError::Expired)));
        assert!(check(45, 5).is_ok() && check(104, 5).is_ok());
        assert!(check(44, 5).is_err() && check(105, 5).is_err());
        assert!(check_times(None, None, None, 0, 0).is_ok());
        assert!(check_times(Some(i64::MAX), Some(i64::MIN), None, 0, 60).is_ok());
    }

    #[test]
    fn dates_are_numbers_within_reason() {
        assert_eq!(claims(json!({"exp": 100})).unwrap().exp, Some(100));
        assert_eq!(claims(json!({"exp": 100.9})).unwrap().exp, Some(100));
        assert_eq!(
            claims(json!({"exp": 1.5e9})).unwrap().exp,
            Some(1_500_000_000)
        );
        for wrong in [
            json!("100"),
            json!(-1),
            json!(1e300),
            json!(u64::MAX),
            json!(null),
            json!([1]),
        ] {
            assert!(claims(json!({ "exp": wrong })).is_err(), "{wrong}");
        }
    }

    #[test]
    fn audiences_are_exact() {
        let one = claims(json!({"aud": "a"})).unwrap();
        let many = claims(json!({"aud": ["a", "b"]})).unwrap();
        assert!(one.check_audience("a").is_ok() && many.check_audience("b").is_ok());
        assert!(one.aud.unwrap().is_only("a"));
        assert!(!many.aud.as_ref().unwrap().is_only("a"));
        assert!(many.check_audience("A").is_err() && many.check_audience("ab").is_err());
        assert!(RegisteredClaims::default().check_audience("a").is_err());
        assert!(claims(json!({"aud": 1})).is_err());
    }
}

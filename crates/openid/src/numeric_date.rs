//! Seconds since 1970 in a token (RFC 7519 §2), in whatever spelling JSON allows.

use serde::de::{Deserialize, Deserializer, Error};
use serde_json::Number;

/// Largest magnitude accepted: the year 9999.
const LIMIT: i64 = 253_402_300_799;

/// A date that must be there.
pub(crate) fn required<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let number = Number::deserialize(deserializer)?;
    whole_seconds(&number).ok_or_else(|| D::Error::custom("not a date"))
}

/// A date that may be left out, but is never `null`; use with `#[serde(default)]`.
pub(crate) fn optional<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<i64>, D::Error> {
    required(deserializer).map(Some)
}

/// RFC 7519 §2 allows fractions; they are cut off towards the past.
fn whole_seconds(number: &Number) -> Option<i64> {
    let seconds = number.as_i64().or_else(|| {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "`as` saturates, and the limit below is far within i64"
        )]
        number.as_f64().map(|seconds| seconds.floor() as i64)
    })?;
    (0..=LIMIT).contains(&seconds).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<i64> {
        required(&mut serde_json::Deserializer::from_str(text)).ok()
    }

    #[test]
    fn reads_whole_numbers_and_fractions() {
        assert_eq!(seconds("0"), Some(0));
        assert_eq!(seconds("1763800000"), Some(1_763_800_000));
        assert_eq!(seconds("1763800000.999"), Some(1_763_800_000));
        assert_eq!(seconds("1.7638e9"), Some(1_763_800_000));
        assert_eq!(seconds("253402300799"), Some(LIMIT));
    }

    #[test]
    fn refuses_what_is_no_date() {
        for text in [
            "-1",
            "-0.5",
            "253402300800",
            "1e300",
            "18446744073709551615",
            "\"1\"",
            "null",
            "[1]",
            "{}",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}

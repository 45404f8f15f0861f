//! 年龄标识: one bracket, yes or no, for a platform with a registered duty (Art. 10, R10.1).
//!
//! The answer depends on the *month* of birth and on the day it is asked, on nothing else. So no number of brackets,
//! platforms and days tells more than the month: people born in one month are answered alike, for ever. Who never
//! turns an edge while asked tells only the side.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use time::{Date, Month};

/// The name of a configured bracket: `minor`, `elder` …
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Bracket(String);

impl Bracket {
    /// The bracket of a name; which exist, [`AgeMarkers`] knows.
    pub fn new(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Bracket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The ages of a bracket, in full years (周岁). One edge each: what lies between two edges would be two predicates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// Not yet this old.
    Below(u8),
    /// This old or older.
    AtLeast(u8),
}

/// The brackets there are: configuration (R10.1). No official list was found (`domain.md` §1.3), so each rests on the
/// law that draws the line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AgeMarkers(BTreeMap<Bracket, Span>);

impl Default for AgeMarkers {
    fn default() -> Self {
        let brackets = [
            // 《未成年人保护法》第二条.
            ("minor", Span::Below(18)),
            // 《个人信息保护法》第二十八条: sensitive below 14.
            ("under_14", Span::Below(14)),
            // 《民法典》第二十条.
            ("under_8", Span::Below(8)),
            // 《老年人权益保障法》第二条.
            ("elder", Span::AtLeast(60)),
        ];
        let named = brackets.map(|(name, span)| (Bracket::new(name), span));
        Self(BTreeMap::from(named))
    }
}

/// An answer: one predicate, without a date and without a day on which it will change (R10.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgeMarker {
    /// About which bracket.
    pub bracket: Bracket,
    /// Whether the person is in it today.
    pub holds: bool,
}

impl AgeMarkers {
    /// The ages of a bracket; `None` when it is not configured.
    pub fn span(&self, bracket: &Bracket) -> Option<Span> {
        self.0.get(bracket).copied()
    }

    /// Every bracket.
    pub fn brackets(&self) -> impl Iterator<Item = &Bracket> {
        self.0.keys()
    }

    /// The answer about somebody born on `birth`, fresh for `today`; `None` for a bracket nobody configured.
    pub fn answer(&self, bracket: &Bracket, birth: Date, today: Date) -> Option<AgeMarker> {
        let span = self.span(bracket)?;
        Some(AgeMarker {
            bracket: bracket.clone(),
            holds: span.holds(birth, today),
        })
    }
}

impl Span {
    /// Whether somebody born on `birth` counts as inside on `today`, by the month and to the side that protects:
    ///
    /// * a child's bracket is left on the 2nd of the month after the birthday's month: whoever was born in that month,
    ///   even on 29 February, has reached the age by then, under either reading of the day
    ///   ([`DayBoundary`](super::DayBoundary));
    /// * an elder's bracket is entered on the 1st of the birthday's month.
    pub fn holds(self, birth: Date, today: Date) -> bool {
        match self {
            Self::Below(age) => {
                let (year, month) = (birth.year() + i32::from(age), birth.month());
                let (year, month) = match month {
                    Month::December => (year + 1, Month::January),
                    other => (year, other.next()),
                };
                today < day(year, month, 2)
            }
            Self::AtLeast(age) => today >= day(birth.year() + i32::from(age), birth.month(), 1),
        }
    }
}

fn day(year: i32, month: Month, day: u8) -> Date {
    Date::from_calendar_date(year, month, day).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests;

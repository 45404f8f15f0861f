//! Which rows of a bucket went, exactly: what a tombstone names (C6, R9.5).

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

/// What went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Removed {
    /// Whole event rows, each with its sealed receipt.
    Events,
    /// Sealed receipts alone; the rows of their events stay.
    Receipts,
}

/// By which duty it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemovedBy {
    /// The person left (R9.5).
    Erasure,
    /// Its time was over (R9.1).
    Retention,
}

/// Sequences of one bucket, as ranges in order that do not touch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<(u64, u64)>", into = "Vec<(u64, u64)>")]
pub struct Sequences(Vec<(u64, u64)>);

impl From<Vec<(u64, u64)>> for Sequences {
    /// Sorts and joins; a range that ends before it begins is left out.
    fn from(mut ranges: Vec<(u64, u64)>) -> Self {
        ranges.retain(|(first, last)| first <= last);
        ranges.sort_unstable();
        let mut joined: Vec<(u64, u64)> = Vec::new();
        for (first, last) in ranges {
            match joined.last_mut() {
                Some((_, end)) if first <= end.saturating_add(1) => *end = last.max(*end),
                _ => joined.push((first, last)),
            }
        }
        Self(joined)
    }
}

impl From<Sequences> for Vec<(u64, u64)> {
    fn from(sequences: Sequences) -> Self {
        sequences.0
    }
}

impl FromIterator<u64> for Sequences {
    fn from_iter<I: IntoIterator<Item = u64>>(sequences: I) -> Self {
        let single = sequences.into_iter().map(|sequence| (sequence, sequence));
        Self::from(single.collect::<Vec<_>>())
    }
}

impl Sequences {
    /// How many.
    pub fn count(&self) -> u64 {
        let lengths = self.0.iter().map(|(first, last)| last - first + 1);
        lengths.fold(0, u64::saturating_add)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether one is among them.
    pub fn contains(&self, sequence: u64) -> bool {
        let after = self.0.partition_point(|(first, _)| *first <= sequence);
        after > 0 && self.0[after - 1].1 >= sequence
    }

    /// Takes in all of another.
    pub fn join(&mut self, other: &Self) {
        let both = self.0.iter().chain(&other.0).copied();
        *self = Self::from(both.collect::<Vec<_>>());
    }

    /// What of a range is not among them.
    #[must_use]
    pub fn missing_from(&self, range: &RangeInclusive<u64>) -> Self {
        let (mut next, end) = (*range.start(), *range.end());
        let mut missing = Vec::new();
        for (first, last) in &self.0 {
            if *first > end {
                break;
            }
            if next < *first {
                missing.push((next, first - 1));
            }
            next = next.max(last.saturating_add(1));
        }
        if next <= end {
            missing.push((next, end));
        }
        Self::from(missing)
    }

    /// The ranges, in order.
    pub fn ranges(&self) -> impl Iterator<Item = (u64, u64)> {
        self.0.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_joined_and_searched() {
        let some: Sequences = [9, 4, 10, 5, 12].into_iter().collect();
        assert_eq!(
            serde_json::to_string(&some).unwrap(),
            "[[4,5],[9,10],[12,12]]"
        );
        assert_eq!(some.count(), 5);
        for sequence in 0..20 {
            let expected = [4, 5, 9, 10, 12].contains(&sequence);
            assert_eq!(some.contains(sequence), expected, "{sequence}");
        }
        let odd: Sequences = serde_json::from_str("[[7,3],[5,8],[1,6]]").unwrap();
        assert_eq!(odd, Sequences::from(vec![(1, 8)]));
    }

    #[test]
    fn what_is_missing_from_a_range() {
        let some = Sequences::from(vec![(4, 5), (9, 10)]);
        let missing = |range| some.missing_from(&range).0;
        assert_eq!(missing(1..=12), [(1, 3), (6, 8), (11, 12)]);
        assert_eq!(missing(4..=10), [(6, 8)]);
        assert_eq!(missing(9..=10), []);
        assert_eq!(missing(1..=2), [(1, 2)]);
        let mut all = some.clone();
        all.join(&Sequences::from(vec![(6, 8)]));
        assert_eq!(all.0, [(4, 10)]);
    }
}

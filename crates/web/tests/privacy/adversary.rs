//! Two platforms in collusion: they compare everything they hold, in every way they can think of.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// What one platform holds of one verification. Records of the same person have the same position in both lists; the
/// adversary never looks at positions, only the count of right guesses does.
#[derive(Debug, Clone, Default)]
pub(super) struct Record {
    pub(super) texts: BTreeMap<String, String>,
    pub(super) numbers: BTreeMap<String, i64>,
    /// Inner nodes of the log's tree in the inclusion proof.
    pub(super) nodes: BTreeSet<String>,
    /// All pieces of five letters of each text, in order.
    pieces: BTreeMap<String, Vec<[u8; 5]>>,
}

impl Record {
    /// Takes every member of an object but some.
    pub(super) fn take(&mut self, from: &str, object: &Value, but: &[&str]) {
        for (name, value) in object.as_object().expect("an object") {
            let place = format!("{from}.{name}");
            match value {
                _ if but.contains(&name.as_str()) => {}
                Value::Number(number) => {
                    self.numbers.insert(place, number.as_i64().unwrap_or(0));
                }
                Value::String(text) => self.text(&place, text),
                other => self.text(&place, &other.to_string()),
            }
        }
    }

    /// Takes a text.
    pub(super) fn text(&mut self, place: &str, text: &str) {
        self.pieces.insert(place.to_owned(), pieces(text));
        self.texts.insert(place.to_owned(), text.to_owned());
    }
}

impl Record {
    fn read(&self, place: &str) -> &str {
        self.texts.get(place).map_or("", String::as_str)
    }

    fn pieces(&self, place: &str) -> &[[u8; 5]] {
        self.pieces.get(place).map_or(&[], Vec::as_slice)
    }
}

/// How far two records are apart by one feature; the nearest is the guess.
type Distance<'a> = Box<dyn Fn(&Record, &Record) -> i64 + 'a>;

/// The feature that joins best, and how many people it joins rightly. A feature beyond `chance` ends the search.
pub(super) fn best_join(first: &[Record], second: &[Record], chance: usize) -> (String, usize) {
    let mut best = (String::new(), 0);
    for (name, distance) in features(first, second) {
        let found = joined(first, second, &distance);
        if found > best.1 {
            best = (name, found);
        }
        if best.1 > chance {
            break;
        }
    }
    best
}

/// How many of the first list find themselves in the second as the nearest. Of several equally near ones a fixed but
/// meaningless one is taken.
fn joined(first: &[Record], second: &[Record], distance: &Distance<'_>) -> usize {
    let mut found = 0;
    for (position, ours) in first.iter().enumerate() {
        let scramble = |other: usize| (other * 7919 + position * 104_729) % 1_000_003;
        let nearest = (0..second.len())
            .min_by_key(|&other| (distance(ours, &second[other]), scramble(other)));
        found += usize::from(nearest == Some(position));
    }
    found
}

fn features<'a>(first: &'a [Record], second: &'a [Record]) -> Vec<(String, Distance<'a>)> {
    let mut features: Vec<(String, Distance<'a>)> = Vec::new();
    let mut feature = |name: String, distance: Distance<'a>| features.push((name, distance));
    for name in first[0].texts.keys() {
        let compare = move |measure: fn(&str, &str) -> i64| -> Distance<'a> {
            Box::new(move |a, b| measure(a.read(name), b.read(name)))
        };
        feature(format!("{name}, equal"), compare(|a, b| i64::from(a != b)));
        feature(
            format!("{name}, length"),
            compare(|a, b| difference(a.len(), b.len())),
        );
        feature(
            format!("{name}, first letters"),
            compare(|a, b| -common(a.bytes(), b.bytes())),
        );
        feature(
            format!("{name}, last letters"),
            compare(|a, b| -common(a.bytes().rev(), b.bytes().rev())),
        );
        feature(
            format!("{name}, same letters at the same place"),
            compare(|a, b| -agreement(a, b)),
        );
        feature(
            format!("{name}, same pieces anywhere"),
            Box::new(move |a, b| -pieces_in_common(a.pieces(name), b.pieces(name))),
        );
        let (ranks_a, ranks_b) = (text_ranks(first, name), text_ranks(second, name));
        feature(
            format!("{name}, order"),
            Box::new(move |a, b| (ranks_a[a.read(name)] - ranks_b[b.read(name)]).abs()),
        );
    }
    for name in first[0].numbers.keys() {
        let read = move |record: &Record| record.numbers.get(name).copied().unwrap_or(0);
        feature(
            format!("{name}, nearest"),
            Box::new(move |a, b| (read(a) - read(b)).abs()),
        );
        feature(
            format!("{name}, next after"),
            Box::new(move |a, b| {
                let gap = read(b) - read(a);
                if gap < 0 { i64::MAX } else { gap }
            }),
        );
        feature(
            format!("{name}, next before"),
            Box::new(move |a, b| {
                let gap = read(a) - read(b);
                if gap < 0 { i64::MAX } else { gap }
            }),
        );
        let (ranks_a, ranks_b) = (number_ranks(first, name), number_ranks(second, name));
        feature(
            format!("{name}, order"),
            Box::new(move |a, b| (ranks_a[&read(a)] - ranks_b[&read(b)]).abs()),
        );
    }
    feature(
        "the most nodes of the tree in common".to_owned(),
        Box::new(|a, b| -difference(a.nodes.intersection(&b.nodes).count(), 0)),
    );
    feature(
        "the whole length".to_owned(),
        Box::new(|a, b| difference(length(a), length(b))),
    );
    feature(
        "all texts, same letters at the same place".to_owned(),
        Box::new(|a, b| {
            -a.texts
                .iter()
                .map(|(name, text)| b.texts.get(name).map_or(0, |other| agreement(text, other)))
                .sum::<i64>()
        }),
    );
    features
}

fn difference(a: usize, b: usize) -> i64 {
    i64::try_from(a.abs_diff(b)).unwrap_or(i64::MAX)
}

fn length(record: &Record) -> usize {
    record.texts.values().map(String::len).sum()
}

fn common(a: impl Iterator<Item = u8>, b: impl Iterator<Item = u8>) -> i64 {
    difference(a.zip(b).take_while(|(a, b)| a == b).count(), 0)
}

fn agreement(a: &str, b: &str) -> i64 {
    difference(a.bytes().zip(b.bytes()).filter(|(a, b)| a == b).count(), 0)
}

/// Pieces of five letters that both have; both lists are in order.
fn pieces_in_common(a: &[[u8; 5]], b: &[[u8; 5]]) -> i64 {
    let (mut a, mut b, mut count) = (a.iter().peekable(), b.iter().peekable(), 0);
    while let (Some(left), Some(right)) = (a.peek(), b.peek()) {
        match left.cmp(right) {
            Ordering::Less => drop(a.next()),
            Ordering::Greater => drop(b.next()),
            Ordering::Equal => {
                count += 1;
                a.next();
                b.next();
            }
        }
    }
    count
}

fn pieces(text: &str) -> Vec<[u8; 5]> {
    let all: BTreeSet<[u8; 5]> = text
        .as_bytes()
        .windows(5)
        .filter_map(|piece| piece.try_into().ok())
        .collect();
    all.into_iter().collect()
}

fn text_ranks(records: &[Record], name: &str) -> BTreeMap<String, i64> {
    let texts: BTreeSet<String> = records
        .iter()
        .filter_map(|record| record.texts.get(name).cloned())
        .collect();
    texts.into_iter().zip(0..).collect()
}

fn number_ranks(records: &[Record], name: &str) -> BTreeMap<i64, i64> {
    let numbers: BTreeSet<i64> = records
        .iter()
        .filter_map(|record| record.numbers.get(name).copied())
        .collect();
    numbers.into_iter().zip(0..).collect()
}

//! The sandbox population: synthetic persons of every kind of document and every age group.
//!
//! Deterministic from a seed and the year, with numbers that belong to nobody:
//!
//! | kind | numbers used | why nobody has one |
//! |---|---|---|
//! | resident identity card | province code ending in `0000` | cards name a county |
//! | passport | `E0000` and four digits | the first books of 2012, run out in 2022 |
//! | travel permits | `H9`, `M9`, `9` and seven digits | more numbers before them than inhabitants |
//! | residence permits | sequence 900 to 999 of a birth date | more than the births of a day |
//! | foreigner, 18 characters | country 999 | ISO 3166-1 keeps 900 to 999 free for users |
//! | foreigner, 15 characters | country `UTO` | Utopia, the specimen state of ICAO Doc 9303 |
//!
//! Numbers in a register are dense only where that register filled them; the third and fourth reasons rest on
//! that, the others on the codes themselves. Named and generated persons never share a number.

use std::collections::HashMap;

use time::Date;

use crate::document::{DocumentKind, DocumentNumber};
use generated::Generated;

pub use person::{RegistryState, SandboxPerson, Synthetic};

mod demo;
mod generated;
mod number;
mod person;

/// The synthetic persons that a registry simulator knows.
#[derive(Debug, Clone)]
pub struct Population {
    /// The persons with names of their own, current ones first.
    named: Vec<SandboxPerson>,
    /// How many of `named` are current; the others are those of earlier years.
    current: usize,
    /// Positions in `named` of persons that were added.
    also: Vec<usize>,
    by_number: HashMap<(DocumentKind, String), usize>,
    generated: Option<Generated>,
}

impl Population {
    /// The named persons of the demo and the sandbox, with ages true on `today`.
    ///
    /// Persons whose name says an age are born on 31 December, so under the default policy they and their numbers
    /// stay the same for a calendar year. In the next year the name belongs to someone younger; those of up to ten
    /// earlier years stay known to the registry, so that old wallets go on.
    pub fn demo(today: Date) -> Self {
        let (named, current) = demo::persons(today);
        let mut by_number = HashMap::new();
        for (position, person) in named.iter().enumerate() {
            for document in person.documents() {
                let number = document.number();
                by_number.insert((number.kind(), number.canonical().to_owned()), position);
            }
        }
        Self {
            named,
            current,
            also: Vec::new(),
            by_number,
            generated: None,
        }
    }

    /// `count` adults of all seven kinds, computed when asked for: no memory per person.
    ///
    /// The same seed, index and calendar year give the same person. At most [`Population::LARGEST`] persons; a larger
    /// `count` is cut to it.
    pub fn generated(seed: u64, count: u64, today: Date) -> Self {
        Self {
            named: Vec::new(),
            current: 0,
            also: Vec::new(),
            by_number: HashMap::new(),
            generated: Some(Generated::new(seed, count, today)),
        }
    }

    /// These persons and `count` generated ones.
    #[must_use]
    pub fn with_generated(self, seed: u64, count: u64, today: Date) -> Self {
        Self {
            generated: Some(Generated::new(seed, count, today)),
            ..self
        }
    }

    /// With one person more, known by name as the others are.
    #[must_use]
    pub fn with_person(mut self, person: SandboxPerson) -> Self {
        for document in person.documents() {
            let number = document.number();
            let key = (number.kind(), number.canonical().to_owned());
            // Behind the current ones: positions of the others stay.
            self.by_number.insert(key, self.named.len());
        }
        self.also.push(self.named.len());
        self.named.push(person);
        self
    }

    /// The most persons that can be generated; the number spaces above hold no more.
    pub const LARGEST: u64 = Generated::LARGEST;

    /// The named persons, in the order of the design's list.
    pub fn named(&self) -> &[SandboxPerson] {
        &self.named[..self.current]
    }

    /// How many generated persons there are; their indices are `0..generated_count`.
    pub fn generated_count(&self) -> u64 {
        self.generated.as_ref().map_or(0, Generated::count)
    }

    /// The generated person at an index.
    pub fn generated_person(&self, index: u64) -> Option<SandboxPerson> {
        self.generated.as_ref()?.person(index)
    }

    /// A person by name: one of the named, or `generated-<index>`.
    pub fn by_name(&self, name: &str) -> Option<SandboxPerson> {
        if let Some(index) = name.strip_prefix(generated::NAME_PREFIX) {
            return self.generated_person(index.parse().ok()?);
        }
        let also = self
            .also
            .iter()
            .filter_map(|position| self.named.get(*position));
        self.named()
            .iter()
            .chain(also)
            .find(|person| person.name == name)
            .cloned()
    }

    /// The person who holds, or held in an earlier year, the document with this canonical number.
    pub fn by_number(&self, number: &DocumentNumber) -> Option<SandboxPerson> {
        let key = (number.kind(), number.canonical().to_owned());
        match self.by_number.get(&key) {
            Some(&position) => self.named.get(position).cloned(),
            None => self.generated.as_ref()?.by_number(number),
        }
    }
}

#[cfg(test)]
mod tests;

//! The named persons of the demo and the sandbox (design §5).

use time::{Date, Month};

use super::number::{dated, document};
use super::person::{MATCHING_FACE, RegistryState, SandboxPerson, pin, valid_until};
use crate::document::{Document, DocumentError, DocumentKind};
use crate::registry::HolderReference;
use rows::{Birth, Number, ROWS, Row};

mod rows;

/// For how many earlier years the persons whose name says an age stay known.
const EARLIER_YEARS: i32 = 10;

/// The current persons, then those of earlier years; and how many are current.
///
/// Who is not born yet on `today`, or too young for a document without an end, is left out.
pub(super) fn persons(today: Date) -> (Vec<SandboxPerson>, usize) {
    let mut persons: Vec<_> = (0..)
        .zip(ROWS)
        .filter_map(|(i, row)| row.person(i, 0, today).ok())
        .collect();
    let current = persons.len();
    for (i, row) in (0..)
        .zip(ROWS)
        .filter(|(_, row)| matches!(row.birth, Birth::Aged(_)))
    {
        persons.extend((1..=EARLIER_YEARS).filter_map(|years| row.person(i, years, today).ok()));
    }
    (persons, current)
}

const GUARDIANS: [&str; 2] = ["father", "mother"];
const CHILDREN: [&str; 4] = ["child7", "child13", "teen16", "teen17"];

impl Row {
    /// The person of this row, as of `years` before `today`.
    fn person(
        &self,
        position: u64,
        years: i32,
        today: Date,
    ) -> Result<SandboxPerson, DocumentError> {
        let birth_date = self.birth.date(today.year() - years)?;
        let own = self.document(self.kind, &self.number, birth_date, today)?;
        let further = self.further.iter();
        let further_documents = further
            .map(|(kind, number)| self.document(*kind, number, birth_date, today))
            .collect::<Result<_, _>>()?;
        let human = format!("{}-{}", self.name, birth_date.year());
        Ok(SandboxPerson {
            name: self.name.to_owned(),
            document: own,
            further_documents,
            holder_reference: HolderReference::new(format!("sandbox-{human}")),
            state: if self.name == "lost" {
                RegistryState::Lost
            } else {
                RegistryState::InForce
            },
            nationality: if self.kind == DocumentKind::ForeignerPermanentResidenceCard {
                "UTO"
            } else {
                "CHN"
            },
            sex: self.sex,
            pin: pin(position),
            face: MATCHING_FACE,
            guardians: if CHILDREN.contains(&self.name) {
                GUARDIANS.map(str::to_owned).to_vec()
            } else {
                Vec::new()
            },
        })
    }

    fn document(
        &self,
        kind: DocumentKind,
        number: &Number,
        birth_date: Date,
        today: Date,
    ) -> Result<Document, DocumentError> {
        let text = match number {
            Number::Dated(leading, sequence) => dated(leading, birth_date, *sequence)?,
            Number::Plain(text) => (*text).to_owned(),
        };
        let last_day = match self.name {
            "expired" => Date::from_calendar_date(2020, Month::May, 31).ok(),
            "elder" => None,
            _ => Some(valid_until(today)),
        };
        document(kind, &text, self.holder, (birth_date, last_day), today)
    }
}

impl Birth {
    /// The birth date, for someone who has the age of the name in `year`.
    fn date(&self, year: i32) -> Result<Date, DocumentError> {
        let (year, month, day) = match *self {
            Self::On(year, month, day) => (year, month, day),
            Self::Aged(age) => (year - age - 1, Month::December, 31),
        };
        Date::from_calendar_date(year, month, day).map_err(|_| DocumentError::Date)
    }
}

//! The named persons of the demo and the sandbox (design §5).

use time::{Date, Month};

use super::number::{dated, document};
use super::person::{RegistryState, SandboxPerson, pin, valid_until};
use crate::document::{Document, DocumentError, DocumentKind};
use crate::registry::HolderReference;
use crate::registry::Sex::{self, Female, Male};

use DocumentKind::{
    ForeignerPermanentResidenceCard, HongKongMacaoResidencePermit, HongKongMacaoTravelPermit,
    PassportOfCitizenSettledAbroad, ResidentIdentityCard, TaiwanResidencePermit,
    TaiwanTravelPermit,
};

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

struct Row {
    name: &'static str,
    holder: &'static str,
    sex: Sex,
    birth: Birth,
    kind: DocumentKind,
    number: Number,
    /// Another document of the same human.
    further: Option<(DocumentKind, Number)>,
}

enum Birth {
    /// On the same day for ever.
    On(i32, Month, u8),
    /// On 31 December, so many full years ago under the default policy.
    Aged(i32),
}

enum Number {
    /// Six leading digits and a sequence of 990 to 999, odd for men.
    Dated(&'static str, u64),
    Plain(&'static str),
}

const GUARDIANS: [&str; 2] = ["father", "mother"];
const CHILDREN: [&str; 4] = ["child7", "child13", "teen16", "teen17"];

const ROWS: &[Row] = &[
    resident(
        "resident",
        "林晓安",
        Male,
        Birth::On(1990, Month::January, 31),
        ("110000", 991),
    ),
    resident(
        "resident2",
        "周明月",
        Female,
        Birth::On(1985, Month::July, 19),
        ("310000", 992),
    ),
    resident(
        "resident3",
        "何家豪",
        Male,
        Birth::On(1998, Month::November, 5),
        ("440000", 993),
    ),
    resident(
        "resident4",
        "唐秀兰",
        Female,
        Birth::On(1976, Month::April, 23),
        ("510000", 994),
    ),
    resident(
        "resident5",
        "秦朗",
        Male,
        Birth::On(1996, Month::February, 29),
        ("610000", 995),
    ),
    resident(
        "resident6",
        "沈一诺",
        Female,
        Birth::On(2003, Month::August, 8),
        ("330000", 996),
    ),
    resident(
        "resident7",
        "艾力·阿卜杜拉",
        Male,
        Birth::On(1988, Month::December, 1),
        ("650000", 997),
    ),
    resident(
        "resident8",
        "卓玛",
        Female,
        Birth::On(1969, Month::June, 30),
        ("540000", 998),
    ),
    resident(
        "resident9",
        "于冬",
        Male,
        Birth::On(1993, Month::October, 10),
        ("230000", 999),
    ),
    Row {
        name: "overseas",
        holder: "陈海云",
        sex: Female,
        birth: Birth::On(1987, Month::May, 12),
        kind: PassportOfCitizenSettledAbroad,
        number: Number::Plain("E00009901"),
        further: Some((PassportOfCitizenSettledAbroad, Number::Plain("E00009902"))),
    },
    Row {
        name: "hongkong",
        holder: "黄俊杰",
        sex: Male,
        birth: Birth::On(1991, Month::March, 14),
        kind: HongKongMacaoTravelPermit,
        number: Number::Plain("H99900001"),
        further: Some((HongKongMacaoResidencePermit, Number::Dated("810000", 991))),
    },
    Row {
        name: "macau",
        holder: "何美仪",
        sex: Female,
        birth: Birth::On(1984, Month::September, 9),
        kind: HongKongMacaoTravelPermit,
        number: Number::Plain("M99900001"),
        further: None,
    },
    Row {
        name: "taiwan",
        holder: "陈志明",
        sex: Male,
        birth: Birth::On(1992, Month::December, 25),
        kind: TaiwanTravelPermit,
        number: Number::Plain("99900001"),
        further: None,
    },
    Row {
        name: "hk_resident",
        holder: "李嘉欣",
        sex: Female,
        birth: Birth::On(1995, Month::January, 20),
        kind: HongKongMacaoResidencePermit,
        number: Number::Dated("810000", 992),
        further: None,
    },
    Row {
        name: "tw_resident",
        holder: "林柏翰",
        sex: Male,
        birth: Birth::On(1989, Month::August, 16),
        kind: TaiwanResidencePermit,
        number: Number::Dated("830000", 993),
        further: None,
    },
    Row {
        name: "foreigner",
        holder: "SPECIMEN MARIA",
        sex: Female,
        birth: Birth::On(1986, Month::November, 2),
        kind: ForeignerPermanentResidenceCard,
        number: Number::Dated("931999", 994),
        further: Some((
            ForeignerPermanentResidenceCard,
            Number::Plain("UTO999900000001"),
        )),
    },
    Row {
        name: "foreigner_old",
        holder: "SPECIMEN ALEX",
        sex: Male,
        birth: Birth::On(1979, Month::February, 17),
        kind: ForeignerPermanentResidenceCard,
        number: Number::Plain("UTO999900000002"),
        further: None,
    },
    resident("elder", "顾桂英", Female, Birth::Aged(72), ("320000", 990)),
    resident(
        "father",
        "王建国",
        Male,
        Birth::On(1984, Month::June, 18),
        ("420000", 991),
    ),
    resident(
        "mother",
        "刘芳",
        Female,
        Birth::On(1986, Month::September, 27),
        ("420000", 992),
    ),
    resident("child7", "王小乐", Male, Birth::Aged(7), ("420000", 993)),
    resident(
        "child13",
        "王子涵",
        Female,
        Birth::Aged(13),
        ("420000", 994),
    ),
    resident("teen16", "王雨桐", Female, Birth::Aged(16), ("420000", 996)),
    resident("teen17", "王浩然", Male, Birth::Aged(17), ("420000", 995)),
    resident(
        "expired",
        "孙志远",
        Male,
        Birth::On(1980, Month::April, 4),
        ("370000", 997),
    ),
    resident(
        "lost",
        "吴思敏",
        Female,
        Birth::On(1994, Month::July, 7),
        ("350000", 998),
    ),
];

/// Someone with a resident identity card.
const fn resident(
    name: &'static str,
    holder: &'static str,
    sex: Sex,
    birth: Birth,
    (leading, sequence): (&'static str, u64),
) -> Row {
    Row {
        name,
        holder,
        sex,
        birth,
        kind: ResidentIdentityCard,
        number: Number::Dated(leading, sequence),
        further: None,
    }
}

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
            nationality: if self.kind == ForeignerPermanentResidenceCard {
                "UTO"
            } else {
                "CHN"
            },
            sex: self.sex,
            pin: pin(position),
            face: format!("sandbox-face-{human}"),
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

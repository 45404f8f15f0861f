//! The list itself.

use time::Month;

use crate::document::DocumentKind;
use crate::registry::Sex::{self, Female, Male};

use DocumentKind::{
    ForeignerPermanentResidenceCard, HongKongMacaoResidencePermit, HongKongMacaoTravelPermit,
    PassportOfCitizenSettledAbroad, ResidentIdentityCard, TaiwanResidencePermit,
    TaiwanTravelPermit,
};

pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) holder: &'static str,
    pub(super) sex: Sex,
    pub(super) birth: Birth,
    pub(super) kind: DocumentKind,
    pub(super) number: Number,
    /// Another document of the same human.
    pub(super) further: Option<(DocumentKind, Number)>,
}

pub(super) enum Birth {
    /// On the same day for ever.
    On(i32, Month, u8),
    /// On 31 December, so many full years ago under the default policy.
    Aged(i32),
}

pub(super) enum Number {
    /// Six leading digits and a sequence of 990 to 999, odd for men.
    Dated(&'static str, u64),
    Plain(&'static str),
}

/// In the order of the design's list.
pub(super) const ROWS: &[Row] = &[
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

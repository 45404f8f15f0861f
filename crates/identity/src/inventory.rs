//! The data inventory (R9.1, S3, 分级分类): every stored column and every field of the log, what it is for, on which
//! law or rule it rests, what kind of data it is, and how long it is kept.
//!
//! `docs/data-inventory.md` is printed from here. A column of the schema or a field of the log without an entry fails
//! the tests of `web`, and so does an entry without a column. The retention jobs read their periods here.

use std::fmt::Write as _;

use crate::erasure::retention::{Period, Periods};

mod columns;

/// What kind of data a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// A day, no time.
    Day,
    /// A day and whom it is about.
    DayAndIdentifier,
    /// A digest without a key.
    Digest,
    /// A random identifier that never leaves the service.
    Identifier,
    /// A key under another key.
    WrappedKey,
    /// A digest under a secret: it cannot be searched for without it.
    KeyedDigest,
    /// Personal, under the person's data key.
    PersonalSealed,
    /// Public.
    Public,
    /// The public part of a key.
    PublicKey,
    /// Public, beside the digest of a secret.
    PublicWithSecretDigest,
    /// A digest with a random salt.
    SaltedDigest,
    /// Sealed for minutes.
    Sealed,
    /// Sealed by the person; the service cannot open it.
    SealedByPerson,
    /// Sealed to the person's own key.
    SealedToPerson,
    /// What verifies a secret, sealed.
    SecretSealed,
    /// Sensitive personal information (Art. 9), under the person's data key.
    SensitiveSealed,
    /// A named member of staff.
    Staff,
    /// A state.
    Status,
    /// Neither about anybody nor about anything outside.
    Technical,
    /// A moment.
    Time,
}

/// 数据分级.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// 一般.
    General,
    /// 重要.
    Important,
    /// 敏感.
    Sensitive,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 20] = [
        Self::Day,
        Self::DayAndIdentifier,
        Self::Digest,
        Self::Identifier,
        Self::WrappedKey,
        Self::KeyedDigest,
        Self::PersonalSealed,
        Self::Public,
        Self::PublicKey,
        Self::PublicWithSecretDigest,
        Self::SaltedDigest,
        Self::Sealed,
        Self::SealedByPerson,
        Self::SealedToPerson,
        Self::SecretSealed,
        Self::SensitiveSealed,
        Self::Staff,
        Self::Status,
        Self::Technical,
        Self::Time,
    ];

    /// As the document prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::DayAndIdentifier => "day and identifier",
            Self::Digest => "digest",
            Self::Identifier => "identifier",
            Self::WrappedKey => "key, wrapped",
            Self::KeyedDigest => "keyed digest",
            Self::PersonalSealed => "personal, sealed",
            Self::Public => "public",
            Self::PublicKey => "public key",
            Self::PublicWithSecretDigest => "public, and a digest of a secret",
            Self::SaltedDigest => "salted digest",
            Self::Sealed => "sealed",
            Self::SealedByPerson => "sealed by the person",
            Self::SealedToPerson => "sealed to the person",
            Self::SecretSealed => "secret, sealed",
            Self::SensitiveSealed => "sensitive, sealed",
            Self::Staff => "staff",
            Self::Status => "status",
            Self::Technical => "technical",
            Self::Time => "time",
        }
    }

    /// 一般, 重要 or 敏感 (分级分类). What is sealed keeps the level of what is inside.
    pub fn level(self) -> Level {
        match self {
            Self::SensitiveSealed | Self::SecretSealed | Self::WrappedKey => Level::Sensitive,
            Self::DayAndIdentifier
            | Self::Identifier
            | Self::KeyedDigest
            | Self::PersonalSealed
            | Self::PublicWithSecretDigest
            | Self::Sealed
            | Self::SealedByPerson
            | Self::SealedToPerson
            | Self::Staff => Level::Important,
            Self::Day
            | Self::Digest
            | Self::Public
            | Self::PublicKey
            | Self::SaltedDigest
            | Self::Status
            | Self::Technical
            | Self::Time => Level::General,
        }
    }

    /// Whether who has the database alone cannot read it.
    pub fn is_sealed(self) -> bool {
        matches!(
            self,
            Self::WrappedKey
                | Self::PersonalSealed
                | Self::Sealed
                | Self::SealedByPerson
                | Self::SealedToPerson
                | Self::SecretSealed
                | Self::SensitiveSealed
        )
    }
}

impl Level {
    /// As the law says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::General => "一般 general",
            Self::Important => "重要 important",
            Self::Sensitive => "敏感 sensitive",
        }
    }
}

/// How long something is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Until the person leaves; the erasure deletes the row.
    Life,
    /// A period of the policy, and at most until the person leaves; the retention job removes it and a tombstone in
    /// the log says so.
    Period(Period),
    /// What is kept of somebody who left, twelve months.
    Tombstone,
    /// In words; whoever owns the row sees to it.
    Text(&'static str),
}

impl Kept {
    /// As the document prints it.
    fn text(self) -> String {
        match self {
            Self::Life => "life".to_owned(),
            Self::Period(Period::UnconfirmedWanghao) => format!(
                "{} day unconfirmed, then the number is dead; cleared when the person leaves",
                Periods::default().days(Period::UnconfirmedWanghao)
            ),
            Self::Period(period) => format!(
                "{} days, at most until the person leaves; then a tombstone in the log names the row",
                Periods::default().days(period)
            ),
            Self::Tombstone => "12 months".to_owned(),
            Self::Text(text) => text.to_owned(),
        }
    }
}

/// A stored column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// `table.column`.
    pub name: &'static str,
    /// What for.
    pub purpose: &'static str,
    /// The law or rule it rests on.
    pub basis: &'static str,
    /// What kind of data.
    pub class: Class,
    /// How long.
    pub kept: Kept,
}

const fn column(
    name: &'static str,
    purpose: &'static str,
    basis: &'static str,
    class: Class,
    kept: Kept,
) -> Column {
    Column {
        name,
        purpose,
        basis,
        class,
        kept,
    }
}

/// Every column.
pub fn columns() -> &'static [Column] {
    columns::COLUMNS
}

/// The period a column is kept by, for the retention jobs.
pub fn period_of(name: &str) -> Option<Period> {
    let column = columns().iter().find(|column| column.name == name)?;
    match column.kept {
        Kept::Period(period) => Some(period),
        _ => None,
    }
}

/// Fields of the log and what they hold; nothing of a person is ever among them (R9.1, R8.1). Logs are kept six
/// months (网络安全法 21) by whoever collects the standard output.
pub const LOG_FIELDS: &[(&str, &str)] = &[
    (
        "alarm",
        "which clock of an incident, or which deferral, is overdue",
    ),
    ("destroyed", "how many keys of back-ups went"),
    ("erased", "how many persons were erased"),
    ("error", "what failed, in technical words"),
    ("events", "how many event rows were past their time"),
    ("fault", "what failed, in technical words"),
    ("issuer", "the service's own address"),
    (
        "not_listed",
        "a host of a platform that the operator did not list",
    ),
    ("operations", "how many writes a group had"),
    (
        "pass",
        "how many documents a daily look found in which state",
    ),
    (
        "platform",
        "id of a registered platform that could not be told",
    ),
    ("receipts", "how many sealed receipts were past their time"),
    ("reference", "the number an error page shows"),
    ("what", "in which way the log is broken"),
];

/// What stands in front of the table.
const INTRODUCTION: &str = "\
# Data inventory

Every column of the database: what it is for, the law or rule it rests on, what kind of data it is, and how long it is
kept (R9.1, S3). **Printed from `crates/identity/src/inventory/columns.rs`; add your row there**, then
`WANGZHENG_WRITE_DOCS=1 cargo test -p web --test main inventory`. A test fails when a column of the schema has no
entry, an entry no column, a field of the log no entry, or this page says anything else.

Nothing else is stored of a person. Not stored: location, addresses of the network, what a platform does with a result,
images or features of faces, which platform asked, the second of a verification (only the day).
\"Life\" is until the person leaves; then the data key is destroyed and with it everything sealed.
";

/// `docs/data-inventory.md`.
pub fn render() -> String {
    let mut page = INTRODUCTION.to_owned();
    page.push_str(
        "\n## Columns\n\n| column | what for | rests on | class | kept |\n|---|---|---|---|---|\n",
    );
    for column in columns() {
        let Column {
            name,
            purpose,
            basis,
            class,
            kept,
        } = column;
        let (class, kept) = (class.as_str(), kept.text());
        // Writing into a text does not fail.
        let _ = writeln!(
            page,
            "| `{name}` | {purpose} | {basis} | {class} | {kept} |"
        );
    }
    page.push_str("\n## Classes (分级分类)\n\n| class | level | sealed |\n|---|---|---|\n");
    for class in Class::ALL {
        let sealed = if class.is_sealed() { "yes" } else { "no" };
        let _ = writeln!(
            page,
            "| {} | {} | {sealed} |",
            class.as_str(),
            class.level().as_str()
        );
    }
    page.push_str("\n## Fields of the log\n\nKept six months by whoever collects it. Nothing of a person.\n\n");
    page.push_str("| field | what it holds |\n|---|---|\n");
    for (field, holds) in LOG_FIELDS {
        let _ = writeln!(page, "| {field} | {holds} |");
    }
    page
}

//! S4 条款对照 (R14.2): article → requirement → code → tests → last result, as the last long test run found it.
//!
//! The table is made by `./test` from the ids cited in code and tests and is built into the binary with its revision
//! and date. Only what ran and held is shown as good.

use std::sync::{Arc, LazyLock};

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use crate::app::App;
use crate::page::console::{Block, Cell, Table, Tone};

use super::desk::Desk;

/// What the last long run found.
static RESULT: LazyLock<Option<Compliance>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../../../docs/compliance/result.json")).ok()
});

#[derive(Deserialize)]
struct Compliance {
    revision: String,
    date: String,
    requirements: Vec<Requirement>,
}

#[derive(Deserialize)]
struct Requirement {
    id: String,
    article: String,
    chinese: String,
    english: String,
    state: Standing,
    code: Vec<String>,
    tests: Vec<Test>,
}

#[derive(Deserialize)]
struct Test {
    name: String,
    result: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Standing {
    Met,
    Failed,
    NotChecked,
    NotMet,
}

impl Standing {
    const ALL: [Self; 4] = [Self::Met, Self::Failed, Self::NotChecked, Self::NotMet];

    fn key(self) -> &'static str {
        match self {
            Self::Met => "compliance.met",
            Self::Failed => "compliance.failed",
            Self::NotChecked => "compliance.not_checked",
            Self::NotMet => "compliance.not_met",
        }
    }

    /// Only what ran and held is green.
    fn tone(self) -> Tone {
        match self {
            Self::Met => Tone::Ok,
            Self::Failed | Self::NotMet => Tone::Bad,
            Self::NotChecked => Tone::Warn,
        }
    }
}

/// S4.
pub(super) async fn page(State(_): State<Arc<App>>, desk: Desk) -> Response {
    let title = desk.say("compliance.title");
    let Some(result) = RESULT.as_ref() else {
        let text = desk.say("compliance.missing");
        return desk.page(title, vec![Block::Note(Tone::Bad, text)]);
    };
    let counts = Standing::ALL.map(|standing| {
        let rows = result.requirements.iter();
        let count = rows.filter(|row| row.state == standing).count();
        (desk.say(standing.key()), count.to_string())
    });
    let mut facts = vec![
        (desk.say("compliance.date"), result.date.clone()),
        (desk.say("compliance.revision"), result.revision.clone()),
    ];
    facts.extend(counts);
    let table = Table {
        caption: desk.say("compliance.title"),
        heads: ["article", "requirement", "state", "code", "tests"]
            .map(|name| desk.say(&format!("compliance.{name}")))
            .to_vec(),
        rows: result
            .requirements
            .iter()
            .map(|row| cells(&desk, row))
            .collect(),
        empty: desk.say("staff.none"),
    };
    let explained = Block::Text(desk.say("compliance.explained"));
    desk.page(
        title,
        vec![Block::Facts(facts), explained, Block::Table(table)],
    )
}

fn cells(desk: &Desk, row: &Requirement) -> Vec<Cell> {
    let text = if desk.language() == "en" {
        &row.english
    } else {
        &row.chinese
    };
    let passed = row
        .tests
        .iter()
        .filter(|test| test.result == "passed")
        .count();
    let first = row.tests.first().map_or("", |test| test.name.as_str());
    let place = row
        .code
        .first()
        .map_or("", |place| place.trim_start_matches("crates/"));
    vec![
        Cell::text(&row.article),
        Cell::text(format!("{} {text}", row.id)),
        Cell::state(desk.say(row.state.key()), row.state.tone()),
        Cell::text(format!("{} · {place}", row.code.len())),
        Cell::text(format!("{passed}/{} · {first}", row.tests.len())),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r14_2_the_table_of_the_last_run_is_built_in_and_whole() {
        let result = RESULT
            .as_ref()
            .expect("docs/compliance/result.json is a table");
        assert!(result.requirements.len() > 50);
        assert!(!result.revision.is_empty() && !result.date.is_empty());
        for row in &result.requirements {
            let all_passed =
                !row.tests.is_empty() && row.tests.iter().all(|test| test.result == "passed");
            assert_eq!(row.state == Standing::Met, all_passed, "{}", row.id);
        }
    }

    #[test]
    fn r14_2_not_checked_is_never_green() {
        for standing in Standing::ALL {
            assert_eq!(
                matches!(standing.tone(), Tone::Ok),
                standing == Standing::Met
            );
        }
    }
}

//! The table.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use crate::Failed;
use crate::outcome::{Outcome, Outcomes};
use crate::requirement::Requirement;
use crate::source::Sources;

/// How a requirement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// Tests cite it, all of them ran, all of them held.
    Met,
    /// A test that cites it did not hold.
    Failed,
    /// A test that cites it did not run.
    NotChecked,
    /// No test cites it.
    NotMet,
}

#[derive(Debug, Serialize)]
struct Test {
    name: String,
    place: String,
    result: &'static str,
}

#[derive(Debug, Serialize)]
struct Row {
    id: String,
    article: String,
    chinese: String,
    english: String,
    state: State,
    code: Vec<String>,
    tests: Vec<Test>,
}

/// All rows, in the order of the law.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    revision: String,
    date: String,
    requirements: Vec<Row>,
}

impl Report {
    /// Brings duties, citations and results together.
    pub(crate) fn of(requirements: &[Requirement], outcomes: &Outcomes, sources: &Sources) -> Self {
        let rows = requirements
            .iter()
            .map(|requirement| row(requirement, outcomes, sources));
        Self {
            revision: said_by("git", &["rev-parse", "--short=12", "HEAD"]),
            date: said_by("date", &["-u", "+%Y-%m-%d"]),
            requirements: rows.collect(),
        }
    }

    /// For the page.
    pub(crate) fn to_json(&self) -> Result<String, Failed> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// For readers.
    pub(crate) fn to_markdown(&self) -> String {
        let mut text = format!(
            "# Compliance\n\nArticle → requirement → code → tests → last result. Made by `./test` at revision {} on {}: do not \
             edit.\n\nState: *met* — every test that cites it ran and held; *failed*; *not checked* — a test did not \
             run; *not met* — no test cites it. Text: `requirements.json`; places and tests: `result.json`.\n\n\
             | article | id | requirement | state | code | tests |\n|---|---|---|---|---|---|\n",
            self.revision, self.date
        );
        for row in &self.requirements {
            let passed = row
                .tests
                .iter()
                .filter(|test| test.result == "passed")
                .count();
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} places | {passed} of {} passed |",
                row.article,
                row.id,
                row.english,
                spelled(row.state),
                row.code.len(),
                row.tests.len()
            );
        }
        text
    }

    /// One line.
    pub(crate) fn summary(&self) -> String {
        let mut counts: BTreeMap<State, Vec<&str>> = BTreeMap::new();
        for row in &self.requirements {
            counts.entry(row.state).or_default().push(&row.id);
        }
        let parts = counts.iter().map(|(state, ids)| match state {
            State::Met => format!("{} {}", ids.len(), spelled(*state)),
            _ => format!("{} {} ({})", ids.len(), spelled(*state), ids.join(" ")),
        });
        parts.collect::<Vec<_>>().join("; ")
    }
}

fn row(requirement: &Requirement, outcomes: &Outcomes, sources: &Sources) -> Row {
    let id = &requirement.id;
    let cites = |ids: &std::collections::BTreeSet<String>| ids.contains(id);
    let functions = sources
        .functions
        .iter()
        .filter(|function| cites(&function.ids));
    let tests: Vec<Test> = functions
        .filter_map(|function| {
            let result = match outcomes.get(&function.name)? {
                Outcome::Passed => "passed",
                Outcome::Failed => "failed",
                Outcome::Ignored => "not_run",
            };
            let (name, place) = (function.name.clone(), function.place.clone());
            Some(Test {
                name,
                place,
                result,
            })
        })
        .collect();
    let any = |result: &str| tests.iter().any(|test| test.result == result);
    let state = if tests.is_empty() {
        State::NotMet
    } else if any("failed") {
        State::Failed
    } else if any("not_run") {
        State::NotChecked
    } else {
        State::Met
    };
    let citing = sources
        .citations
        .iter()
        .filter(|citation| cites(&citation.ids));
    Row {
        id: id.clone(),
        article: requirement.article.clone(),
        chinese: requirement.chinese.clone(),
        english: requirement.english.clone(),
        state,
        code: citing.map(|citation| citation.place.clone()).collect(),
        tests,
    }
}

fn spelled(state: State) -> &'static str {
    match state {
        State::Met => "met",
        State::Failed => "**failed**",
        State::NotChecked => "not checked",
        State::NotMet => "**not met**",
    }
}

fn said_by(program: &str, arguments: &[&str]) -> String {
    let said = std::process::Command::new(program).args(arguments).output();
    let said = said.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    said.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Function;

    #[test]
    fn r14_2_only_what_ran_and_held_is_met() {
        let requirement = Requirement {
            id: "R8.1".to_owned(),
            article: "Art. 8".to_owned(),
            chinese: String::new(),
            english: String::new(),
        };
        let function = |name: &str| Function {
            name: name.to_owned(),
            place: String::new(),
            ids: [String::from("R8.1")].into(),
        };
        let state = |results: &[(&str, Outcome)]| {
            let sources = Sources {
                functions: results.iter().map(|(name, _)| function(name)).collect(),
                citations: Vec::new(),
            };
            let outcomes = results
                .iter()
                .map(|(name, outcome)| ((*name).to_owned(), *outcome))
                .collect();
            row(&requirement, &outcomes, &sources).state
        };
        assert_eq!(state(&[]), State::NotMet);
        assert_eq!(state(&[("a", Outcome::Passed)]), State::Met);
        assert_eq!(
            state(&[("a", Outcome::Passed), ("b", Outcome::Ignored)]),
            State::NotChecked
        );
        assert_eq!(
            state(&[("a", Outcome::Failed), ("b", Outcome::Ignored)]),
            State::Failed
        );
    }
}

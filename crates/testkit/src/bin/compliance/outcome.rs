//! What the test runner printed.

use std::collections::BTreeMap;
use std::path::Path;

use crate::Failed;

/// What became of one test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It ran and held.
    Passed,
    /// It ran and did not hold.
    Failed,
    /// It was there and was not run.
    Ignored,
}

/// Outcomes by the last part of a test's name. A name several tests have is passed only when all of them are.
pub(crate) type Outcomes = BTreeMap<String, Outcome>;

/// Reads the lines `test path::name ... ok`.
pub(crate) fn read(log: &Path) -> Result<Outcomes, Failed> {
    let text = std::fs::read(log).map_err(|error| format!("{}: {error}", log.display()))?;
    let outcomes = parse(&String::from_utf8_lossy(&text));
    if outcomes.is_empty() {
        return Err(format!("{} holds no test result", log.display()).into());
    }
    Ok(outcomes)
}

fn parse(text: &str) -> Outcomes {
    let mut outcomes = Outcomes::new();
    for line in text.lines() {
        let Some((name, result)) = line
            .strip_prefix("test ")
            .and_then(|line| line.split_once(" ... "))
        else {
            continue;
        };
        let name = name.trim_end_matches(" - should panic");
        let outcome = match result.split([' ', ',']).next() {
            Some("ok") => Outcome::Passed,
            Some("ignored") => Outcome::Ignored,
            _ => Outcome::Failed,
        };
        let last = name.rsplit("::").next().unwrap_or(name).to_owned();
        let worst = outcomes.entry(last).or_insert(outcome);
        if *worst == Outcome::Passed {
            *worst = outcome;
        }
    }
    outcomes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_runner_are_read() {
        let outcomes = parse(
            "running 3 tests\ntest a::b::r8_1_x ... ok\ntest c::y ... FAILED\ntest z ... ignored, the other starts it\n\
             test d::r8_1_x ... FAILED\ntest result: FAILED. 1 passed",
        );
        assert_eq!(outcomes["y"], Outcome::Failed);
        assert_eq!(outcomes["z"], Outcome::Ignored);
        assert_eq!(
            outcomes["r8_1_x"],
            Outcome::Failed,
            "two of one name: the worse counts"
        );
        assert_eq!(outcomes.len(), 3);
    }
}

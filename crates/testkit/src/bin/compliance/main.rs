//! Makes the compliance table (R14.2): article → requirement → where in the code → which tests → their last result.
//!
//! ```text
//! cargo test --workspace 2>&1 | tee target/tests.log
//! cargo run -p testkit --bin compliance -- target/tests.log docs/compliance
//! ```
//!
//! The requirements are in `docs/compliance/requirements.json`, the ids are cited in code and tests, the results are
//! what the test runner printed. Writes `result.json`, which the supervisors' page shows, and `README.md`. A requirement without a test is *not met*; a test that did not run is *not checked*,
//! and neither is ever shown as good.
#![expect(clippy::print_stdout, reason = "a tool tells what it did")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

mod outcome;
mod report;
mod requirement;
mod source;

type Failed = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let paths: Vec<PathBuf> = std::env::args().skip(1).map(PathBuf::from).collect();
    let [log, folder] = &paths[..] else {
        eprintln!("usage: compliance TEST-LOG FOLDER");
        return ExitCode::from(2);
    };
    match run(log, folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(3)
        }
    }
}

fn run(log: &Path, folder: &Path) -> Result<(), Failed> {
    // 1. What must be true, what ran, what is written.
    let requirements = requirement::read(Path::new("docs/compliance/requirements.json"))?;
    let outcomes = outcome::read(log)?;
    let sources = source::read(Path::new("crates"))?;
    // 2. Which belongs to which.
    let report = report::Report::of(&requirements, &outcomes, &sources);
    // 3. Kept for the page and for readers.
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("result.json"), report.to_json()?)?;
    std::fs::write(folder.join("README.md"), report.to_markdown())?;
    println!("{}", report.summary());
    Ok(())
}

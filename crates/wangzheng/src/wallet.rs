//! A person's wallet at a terminal (design §5): the same protocol as the web app, with files instead of a browser.
//!
//! [`protocol`] is what a wallet says and understands, without files and network; [`folder`] keeps it, [`http`] carries
//! it, [`command`] is one function per command.

pub(crate) mod arguments;
mod command;
pub(crate) mod failure;
pub(crate) mod folder;
pub(crate) mod http;
pub(crate) mod private_file;
pub(crate) mod protocol;
#[cfg(test)]
pub(crate) mod sample;

use std::{io::Write, process::ExitCode};

use serde_json::Value;

pub(crate) use arguments::WalletArguments;
use failure::Failure;

/// What a command has to tell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Report {
    /// For a program, and for `--json`.
    pub json: Value,
    /// For a person, on the standard output: what was asked for and nothing else.
    pub lines: Vec<String>,
    /// For a person, on the error output: what goes with it.
    pub notes: Vec<String>,
}

/// Runs one `wallet` command and prints what came of it: 0 done, 1 refused by a rule, 2 wrong usage, 3 could not.
pub(crate) async fn run(
    arguments: WalletArguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> ExitCode {
    let json = arguments.json;
    let (status, printed) = match command::run(arguments).await {
        Ok(report) => (0, print(&report, json, out, err)),
        Err(failure) => (
            failure.exit_status(),
            print_failure(&failure, json, out, err),
        ),
    };
    // A closed pipe: nobody listens any more.
    ExitCode::from(if printed.is_ok() { status } else { 3 })
}

fn print(
    report: &Report,
    json: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> std::io::Result<()> {
    if json {
        return writeln!(out, "{}", report.json);
    }
    for note in &report.notes {
        writeln!(err, "{note}")?;
    }
    for line in &report.lines {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn print_failure(
    failure: &Failure,
    json: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> std::io::Result<()> {
    if json {
        writeln!(out, "{}", failure.json())?;
    }
    writeln!(err, "{}", failure.text())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        wallet: WalletArguments,
    }

    fn run_line(line: &str) -> (ExitCode, String, String) {
        let arguments = Line::try_parse_from(line.split(' ')).unwrap().wallet;
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let status = runtime.block_on(run(arguments, &mut out, &mut err));
        (
            status,
            String::from_utf8(out).unwrap(),
            String::from_utf8(err).unwrap(),
        )
    }

    #[test]
    fn exit_statuses_are_those_of_the_contract() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().display();
        // 1: a rule, named. Nobody applied here.
        let (status, out, err) = run_line(&format!(
            "wallet lock --person resident --json --data {data}"
        ));
        assert_eq!(status, ExitCode::from(1));
        assert!(out.contains(r#""error":"no_wangzheng""#), "{out}");
        assert!(err.contains("no_wangzheng"), "{err}");
        // 2: no such name can be.
        let (status, ..) = run_line(&format!("wallet lock --person ../x --data {data}"));
        assert_eq!(status, ExitCode::from(2));
        // 3: the file is not there, and the text says what to do.
        let line = "wallet apply --issuer http://localhost:8080 --person resident";
        let (status, out, err) = run_line(&format!("{line} --data {data}"));
        assert_eq!((status, out.as_str()), (ExitCode::from(3), ""));
        assert!(err.contains("--data"), "{err}");
    }

    #[test]
    fn a_wrong_line_is_wrong_usage() {
        for line in [
            "wallet",
            "wallet apply --person x",
            "wallet approve --person x",
            "wallet fly",
        ] {
            let Err(error) = Line::try_parse_from(line.split(' ')) else {
                panic!("{line} was understood")
            };
            assert_eq!(error.exit_code(), 2, "{line}");
        }
    }
}

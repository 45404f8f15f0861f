//! `wangzheng audit evidence`: verifies an evidence package, offline or against the service that made it (R14.1).

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use identity::case_file::evidence::keys::KeyDocument;
use identity::case_file::evidence::verify::{EvidenceReport, Trust, verify_evidence};

use super::Unable;
use crate::wallet::http::client;

/// A package longer than this is not read.
const LARGEST: u64 = 64 << 20;
/// Where a service publishes its keys.
const KEYS: &str = "/.well-known/wangzheng-keys";

/// `wangzheng audit evidence`
#[derive(Debug, Clone, Args)]
pub(crate) struct EvidenceArguments {
    /// The package
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Believe the keys this service publishes now
    #[arg(long, value_name = "URL", conflicts_with_all = ["keys", "fingerprint"])]
    pub issuer: Option<String>,
    /// Believe the keys in this file: what `/.well-known/wangzheng-keys` gave
    #[arg(long, value_name = "FILE", conflicts_with = "fingerprint")]
    pub keys: Option<PathBuf>,
    /// Believe the keys in the package, if this is their fingerprint (offline)
    #[arg(long, value_name = "FINGERPRINT")]
    pub fingerprint: Option<String>,
    /// Print JSON for programs
    #[arg(long)]
    pub json: bool,
}

/// Verifies and prints; whether everything fits.
pub(super) async fn run(
    arguments: &EvidenceArguments,
    out: &mut dyn Write,
) -> Result<bool, Unable> {
    let bytes = read(&arguments.file)?;
    let trust = trust(arguments).await?;
    let report = verify_evidence(&bytes, &trust);
    print(&report, arguments.json, out).map_err(|error| Unable(error.to_string()))?;
    Ok(report.good)
}

async fn trust(arguments: &EvidenceArguments) -> Result<Trust, Unable> {
    if let Some(issuer) = &arguments.issuer {
        let body = published(issuer).await?;
        let unable = || {
            Unable(format!(
                "{issuer} publishes no keys this version understands"
            ))
        };
        return Ok(Trust::Keys(KeyDocument::read(&body).ok_or_else(unable)?));
    }
    if let Some(file) = &arguments.keys {
        let unable = || Unable(format!("{}: not a document of keys", file.display()));
        return Ok(Trust::Keys(
            KeyDocument::read(&read(file)?).ok_or_else(unable)?,
        ));
    }
    Ok(match &arguments.fingerprint {
        Some(fingerprint) => Trust::Fingerprint(fingerprint.trim().to_ascii_lowercase()),
        None => Trust::InFile,
    })
}

async fn published(issuer: &str) -> Result<Vec<u8>, Unable> {
    let issuer = issuer.trim_end_matches('/');
    let failed = |error: reqwest::Error| {
        let error = error.without_url();
        Unable(format!("{issuer} does not give {KEYS}: {error}"))
    };
    let client = client().map_err(|_| Unable("no HTTP client could be made".to_owned()))?;
    let answer = client.get(format!("{issuer}{KEYS}")).send().await;
    let answer = answer.and_then(reqwest::Response::error_for_status);
    let body = answer.map_err(failed)?.bytes().await.map_err(failed)?;
    Ok(body.to_vec())
}

fn read(file: &Path) -> Result<Vec<u8>, Unable> {
    let unable = |error: std::io::Error| Unable(format!("{}: {error}", file.display()));
    if std::fs::metadata(file).map_err(unable)?.len() > LARGEST {
        return Err(Unable(format!("{}: too large", file.display())));
    }
    std::fs::read(file).map_err(unable)
}

fn print(report: &EvidenceReport, as_json: bool, out: &mut dyn Write) -> std::io::Result<()> {
    if as_json {
        let document = serde_json::to_value(report).unwrap_or_default();
        return writeln!(out, "{document}");
    }
    writeln!(
        out,
        "{} · {} · made by {} · {} parts",
        report.case, report.platform, report.made_by, report.parts
    )?;
    writeln!(
        out,
        "{} receipts, {} entries, {} leaves proven in the log, {} not yet in it",
        report.receipts, report.entries, report.proven, report.pending
    )?;
    writeln!(out, "keys {}", report.fingerprint)?;
    if !report.keys_compared {
        writeln!(
            out,
            "密钥只来自文件本身，请核对指纹 the keys are those in the file: compare the fingerprint with the one the \
             service publishes (/transparency), or give --issuer, --keys or --fingerprint"
        )?;
    }
    for finding in &report.findings {
        writeln!(out, "BAD {}: {}", finding.part, finding.problem)?;
    }
    if report.good {
        writeln!(out, "好 good: everything fits")
    } else {
        writeln!(out, "坏 bad: {} do not fit", report.findings.len())
    }
}

#[cfg(test)]
mod tests {
    use std::process::ExitCode;

    use clap::Parser;

    use super::super::{AuditArguments, run};

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        audit: AuditArguments,
    }

    async fn run_line(line: &[&str]) -> (ExitCode, String, String) {
        let arguments = Line::try_parse_from(line).unwrap().audit;
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let status = run(arguments, &mut out, &mut err).await;
        (
            status,
            String::from_utf8(out).unwrap(),
            String::from_utf8(err).unwrap(),
        )
    }

    #[tokio::test]
    async fn r14_1_exit_statuses_are_those_of_the_contract() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("case.json");
        let path = file.to_str().unwrap();
        // 3: there is no file.
        let (status, _, err) = run_line(&["audit", "evidence", path]).await;
        assert_eq!(status, ExitCode::from(3), "{err}");
        // 1: what is no package does not fit, and says where.
        std::fs::write(&file, "{\"format\":\"wangzheng-evidence-1\"}").unwrap();
        let (status, out, _) = run_line(&["audit", "evidence", path, "--json"]).await;
        assert_eq!(status, ExitCode::from(1));
        let report: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(report["good"], false);
        assert_eq!(report["findings"][0]["part"], "file");
        // 2: two ways to believe keys at once.
        let line = [
            "audit",
            "evidence",
            path,
            "--keys",
            "x",
            "--fingerprint",
            "y",
        ];
        assert!(Line::try_parse_from(line).is_err());
    }
}

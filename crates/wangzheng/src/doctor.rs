//! `wangzheng doctor`: the effective configuration, what is unsafe in it, and whether it would start.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use identity::clock::{Clock, SystemClock};
use identity::incident::{IncidentPolicy, IncidentStore, report};
use identity::notice::NoticeStore;
use identity::store::StoreError;
use serde_json::json;
use store::{Options, Sqlite};

use crate::config::{Config, EnvironmentName};
use crate::residency::Misplaced;

/// `wangzheng doctor`
#[derive(Debug, Clone, Args)]
pub(crate) struct DoctorArguments {
    /// Configuration file of the service
    #[arg(long, value_name = "FILE", conflicts_with = "data")]
    pub config: Option<PathBuf>,
    /// Folder of a demo, checked where no configuration is given
    #[arg(long, value_name = "DIR", default_value = "./data")]
    pub data: PathBuf,
    /// Print JSON for programs
    #[arg(long)]
    pub json: bool,
}

/// One thing that was looked at.
struct Finding {
    what: &'static str,
    good: bool,
    says: String,
}

/// Prints all findings; `false` when one is bad.
pub(crate) async fn run(
    arguments: &DoctorArguments,
    out: &mut dyn Write,
) -> Result<bool, Box<dyn std::error::Error>> {
    let (effective, findings) = if let Some(path) = &arguments.config {
        let config = Config::read(path)?;
        let mut findings = of_config(&config);
        findings.extend(alarms(&config.sqlite_path()?, &config.policy.incident).await?);
        (Some(toml::to_string(&config)?), findings)
    } else {
        let mut findings = of_folder(arguments);
        let database = arguments.data.join("wangzheng.db");
        findings.extend(alarms(&database, &IncidentPolicy::default()).await?);
        (None, findings)
    };
    let good = findings.iter().all(|finding| finding.good);
    if arguments.json {
        let list: Vec<_> = findings
            .iter()
            .map(|f| json!({ "what": f.what, "good": f.good, "says": f.says }))
            .collect();
        writeln!(
            out,
            "{}",
            json!({ "good": good, "effective": effective, "findings": list })
        )?;
        return Ok(good);
    }
    if let Some(text) = effective {
        writeln!(out, "{text}")?;
    }
    for finding in &findings {
        let mark = if finding.good { "ok " } else { "BAD" };
        writeln!(out, "{mark} {:<12} {}", finding.what, finding.says)?;
    }
    Ok(good)
}

fn of_config(config: &Config) -> Vec<Finding> {
    let mut findings = vec![Finding {
        what: "environment",
        good: config.environment != EnvironmentName::Production,
        says: match config.environment {
            EnvironmentName::Production => {
                "production needs registry and face adapters, and none is built yet: it will not start".to_owned()
            }
            other => format!("{}: synthetic persons only, simulators are on", other.name()),
        },
    }];
    findings.push(Finding {
        what: "code life",
        good: config.policy.code_life <= 60,
        says: format!("{} s (FAPI 2.0: at most 60)", config.policy.code_life),
    });
    findings.push(Finding {
        what: "recovery",
        good: config.policy.recovery_delay >= 3600,
        says: format!(
            "a device without vouching waits {} s",
            config.policy.recovery_delay
        ),
    });
    findings.extend(residency(config));
    findings.push(Finding {
        what: "egress",
        good: true,
        says: if config.egress.hosts.is_empty() {
            "only the hosts of reviewed platforms are called".to_owned()
        } else {
            format!(
                "of reviewed platforms only these hosts are called: {}",
                config.egress.hosts.join(", ")
            )
        },
    });
    findings.push(private("key file", &config.keys.file));
    findings.push(private("passphrase", &config.keys.passphrase_file));
    let apart = config.keys.file.parent() != config.keys.passphrase_file.parent();
    findings.push(Finding {
        what: "apart",
        good: apart,
        says: if apart {
            "key file and passphrase lie in different folders".to_owned()
        } else {
            "key file and passphrase lie in one folder: who takes one takes both".to_owned()
        },
    });
    findings
}

/// Where each store lies (Art. 12(2), R12.2). A sandbox holds nobody's data, so there it is a warning in words.
fn residency(config: &Config) -> Vec<Finding> {
    let production = config.environment == EnvironmentName::Production;
    let misplaced = config.residency.misplaced();
    let stores = config.residency.stores().into_iter();
    let mut findings: Vec<Finding> = stores
        .filter_map(|(store, place)| {
            place.map(|place| Finding {
                what: "residency",
                good: true,
                says: format!("{store} lies in {place}"),
            })
        })
        .collect();
    findings.extend(misplaced.iter().map(|wrong| Finding {
        what: "residency",
        good: !production && matches!(wrong, Misplaced::Unsaid(_)),
        says: if production {
            wrong.to_string()
        } else {
            format!("{wrong}; production would not start")
        },
    }));
    findings
}

/// Clocks of incidents and telling that waits too long (R12.3, R11.4): what is late is bad.
async fn alarms(database: &Path, policy: &IncidentPolicy) -> Result<Vec<Finding>, StoreError> {
    if !database.exists() {
        return Ok(Vec::new());
    }
    let store = Sqlite::open(database, &Options::default())?;
    let (incidents, deferrals) = (store.incidents().await?, store.deferrals().await?);
    let late = report::alarms(&incidents, &deferrals, policy, SystemClock.now());
    if late.is_empty() {
        return Ok(vec![Finding {
            what: "clocks",
            good: true,
            says: "no clock of an incident and no deferred notice is overdue".to_owned(),
        }]);
    }
    let bad = late.into_iter().map(|says| Finding {
        what: "clocks",
        good: false,
        says,
    });
    Ok(bad.collect())
}

fn of_folder(arguments: &DoctorArguments) -> Vec<Finding> {
    let folder = &arguments.data;
    let database = folder.join("wangzheng.db");
    vec![
        Finding {
            what: "database",
            good: database.exists(),
            says: if database.exists() {
                format!("{}", database.display())
            } else {
                format!(
                    "{} is not there; run wangzheng demo first",
                    database.display()
                )
            },
        },
        private("key file", &folder.join("keys")),
        private("passphrase", &folder.join("passphrase")),
        private("demo.json", &folder.join("demo.json")),
    ]
}

/// A file that is there and is its owner's alone.
fn private(what: &'static str, path: &Path) -> Finding {
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) => {
            return Finding {
                what,
                good: false,
                says: format!("{}: {error}", path.display()),
            };
        }
    };
    #[cfg(unix)]
    let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777;
    #[cfg(not(unix))]
    let mode = 0o600;
    let good = mode.trailing_zeros() >= 6;
    let says = if good {
        format!("{} is its owner's alone", path.display())
    } else {
        format!(
            "{} can be read by others (mode {mode:o}); chmod 600 it",
            path.display()
        )
    };
    Finding { what, good, says }
}

//! `wangzheng`: one binary for the service, its demo, a wallet at a terminal, and operations.
//!
//! Exit status: 0 done, 1 refused by a rule, 2 wrong usage, 3 could not (network, disk).

mod audit;
mod backup;
mod bench;
mod config;
mod demo;
mod demonstrate;
mod doctor;
mod egress;
mod events;
mod keys;
mod residency;
mod serve;
mod server;
mod staff;
mod wallet;
mod wiring;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// 国家网络身份认证公共服务的开源实现 · an open implementation of the national network identity
/// authentication public service (令第173号). 非国家官方服务 · not the state's own service.
#[derive(Debug, Parser)]
#[command(name = "wangzheng", version, about)]
struct Arguments {
    /// What to do
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run service, sandbox persons and demo platforms on this machine
    Demo(demonstrate::DemoArguments),
    /// Run the service
    Serve(serve::ServeArguments),
    /// A person's wallet at the terminal
    Wallet(wallet::WalletArguments),
    /// A member of staff of a demo at the terminal
    Staff(staff::StaffArguments),
    /// Keys: list, rotate
    Keys(keys::KeysArguments),
    /// The log, recomputed
    Audit(audit::AuditArguments),
    /// Back up the database, with the data keys apart under a key that lives seven days
    Backup(backup::BackupArguments),
    /// Restore a back-up; needs both its parts and their key
    Restore(backup::RestoreArguments),
    /// Measure whole verifications
    Bench(bench::BenchArguments),
    /// Check a configuration and say what is unsafe in it
    Doctor(doctor::DoctorArguments),
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log_to_stderr();
    let mut out = std::io::stdout();
    let mut err = std::io::stderr();
    let outcome = match arguments.command {
        Command::Demo(arguments) => demonstrate::run(arguments, &mut out).await,
        Command::Serve(arguments) => serve::run(arguments).await,
        Command::Wallet(arguments) => return wallet::run(arguments, &mut out, &mut err).await,
        Command::Staff(arguments) => return staff::run(arguments, &mut out).await,
        Command::Audit(arguments) => return audit::run(arguments, &mut out, &mut err).await,
        Command::Backup(arguments) => {
            return backup::back_up(&arguments, &mut out, &mut err).await;
        }
        Command::Restore(arguments) => {
            return backup::restore::restore(&arguments, &mut out, &mut err).await;
        }
        Command::Bench(arguments) => bench::run(arguments, &mut out).await,
        Command::Keys(arguments) => keys::run(arguments, &mut out).await,
        Command::Doctor(arguments) => match doctor::run(&arguments, &mut out).await {
            Ok(true) => Ok(()),
            Ok(false) => return ExitCode::from(1),
            Err(error) => Err(error),
        },
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(err, "wangzheng: {error}");
            ExitCode::from(3)
        }
    }
}

/// Structured logs on the error output; warnings and worse unless `WANGZHENG_LOG` says otherwise.
fn log_to_stderr() {
    let level = std::env::var("WANGZHENG_LOG")
        .ok()
        .and_then(|name| name.parse::<tracing::Level>().ok())
        .unwrap_or(tracing::Level::WARN);
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        subscriber.without_time().with_target(false).init();
    } else {
        subscriber.json().init();
    }
}

//! `wangzheng bench`: whole verifications against a running service, measured.
//!
//! One flow is what a platform and a person do: PAR with `private_key_jwt`, an approval signed by
//! the person's device, the code for the result with another assertion. Every approval is signed,
//! every commit durable. The page that shows the request is not fetched: no peer is asked for one.

mod flow;
mod seed;
mod statistics;

use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clap::{Args, Subcommand};
use serde_json::json;

use crate::demo::fixtures::Demo;
use flow::Generator;
use statistics::{Latencies, cpu_seconds};

/// `wangzheng bench`
#[derive(Debug, Clone, Args)]
pub(crate) struct BenchArguments {
    /// Folder with database, keys, demo.json and the seeded persons
    #[arg(long, global = true, value_name = "DIR", default_value = "./data")]
    pub data: PathBuf,
    /// Print JSON for programs
    #[arg(long, global = true)]
    pub json: bool,
    /// Flows under way at once
    #[arg(long, value_name = "N", default_value_t = 64)]
    pub concurrency: usize,
    /// Seconds that are measured
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub seconds: u64,
    /// Seconds before them that are not
    #[arg(long, value_name = "SECONDS", default_value_t = 3)]
    pub warm_up: u64,
    /// Port the measured service is started on
    #[arg(long, value_name = "PORT", default_value_t = 8480)]
    pub port: u16,
    /// Processor the service is pinned to (taskset)
    #[arg(long, value_name = "CPU", default_value_t = 0)]
    pub cpu: u16,
    /// Prepare instead of measure
    #[command(subcommand)]
    pub command: Option<BenchCommand>,
}

/// What comes before a measurement.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum BenchCommand {
    /// Load sandbox persons in bulk
    Seed {
        /// How many
        #[arg(long, value_name = "N", default_value_t = 100_000)]
        persons: u64,
    },
}

/// Seeds, or measures and prints.
pub(crate) async fn run(
    arguments: BenchArguments,
    out: &mut dyn Write,
) -> Result<(), Box<dyn std::error::Error>> {
    if let Some(BenchCommand::Seed { persons }) = arguments.command {
        return seed::seed(&arguments.data, persons, arguments.port, out).await;
    }
    let handles = Arc::new(seed::handles(&arguments.data)?);
    let issuer = format!("http://localhost:{}", arguments.port);
    let service = Service::start(&arguments)?;
    let demo: Demo = service.wait(&arguments, &issuer).await?;
    let forum = demo.platform("forum")?.clone();
    let measured = measure(&arguments, &issuer, forum, &handles, service.0.id()).await?;
    print(&arguments, handles.len(), &measured, out)?;
    Ok(())
}

/// The measured service: this very binary, on its own processor.
struct Service(Child);

impl Service {
    fn start(arguments: &BenchArguments) -> Result<Self, Box<dyn std::error::Error>> {
        let binary = std::env::current_exe()?;
        let cpu = arguments.cpu.to_string();
        let port = arguments.port.to_string();
        let pinned = Command::new("taskset").arg("--version").output().is_ok();
        let mut command = if pinned {
            let mut command = Command::new("taskset");
            command.args(["-c", &cpu]).arg(binary);
            command
        } else {
            Command::new(binary)
        };
        let child = command
            .args(["demo", "--port", &port, "--json", "--data"])
            .arg(&arguments.data)
            .stdout(Stdio::null())
            .spawn()?;
        Ok(Self(child))
    }

    /// Waits until it answers, and reads what it wrote for programs.
    async fn wait(
        &self,
        arguments: &BenchArguments,
        issuer: &str,
    ) -> Result<Demo, Box<dyn std::error::Error>> {
        let client = crate::wallet::http::client()?;
        for _ in 0..300 {
            if client.get(format!("{issuer}/readyz")).send().await.is_ok() {
                let text = std::fs::read(arguments.data.join("demo.json"))?;
                // The walk of the demo comes first; it is not measured.
                tokio::time::sleep(Duration::from_secs(1)).await;
                return Ok(serde_json::from_slice(&text)?);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err("the service did not start within 30 seconds".into())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a measurement found.
struct Measured {
    flows: u64,
    failed: u64,
    seconds: f64,
    service_cpu: f64,
    latencies: Latencies,
    first_failure: Option<String>,
}

async fn measure(
    arguments: &BenchArguments,
    issuer: &str,
    forum: crate::demo::fixtures::DemoPlatform,
    handles: &Arc<Vec<String>>,
    service: u32,
) -> Result<Measured, Box<dyn std::error::Error>> {
    let next = Arc::new(AtomicU64::new(0));
    let begin = Instant::now() + Duration::from_secs(arguments.warm_up);
    let end = begin + Duration::from_secs(arguments.seconds);
    let mut workers = Vec::new();
    for _ in 0..arguments.concurrency {
        let generator = Generator::new(issuer, &forum)?;
        let (handles, next) = (handles.clone(), next.clone());
        workers.push(tokio::spawn(async move {
            let mut mine = (Latencies::default(), 0_u64, None);
            while Instant::now() < end {
                let index = next.fetch_add(1, Ordering::Relaxed) % handles.len() as u64;
                let started = Instant::now();
                let done = generator
                    .flow(index, &handles[usize::try_from(index).unwrap_or(0)])
                    .await;
                if started < begin || Instant::now() >= end {
                    continue;
                }
                match done {
                    Ok(()) => mine.0.add(started.elapsed()),
                    Err(error) => {
                        mine.1 += 1;
                        mine.2.get_or_insert(error);
                    }
                }
            }
            mine
        }));
    }
    tokio::time::sleep_until(begin.into()).await;
    let cpu_before = cpu_seconds(service)?;
    tokio::time::sleep_until(end.into()).await;
    let service_cpu = cpu_seconds(service)? - cpu_before;
    let mut latencies = Latencies::default();
    let (mut failed, mut first_failure) = (0, None);
    for worker in workers {
        let (mine, failures, failure) = worker.await?;
        latencies.merge(mine);
        failed += failures;
        first_failure = first_failure.or(failure);
    }
    let flows = latencies.count();
    let seconds = (end - begin).as_secs_f64();
    Ok(Measured {
        flows,
        failed,
        seconds,
        service_cpu,
        latencies,
        first_failure,
    })
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn print(
    arguments: &BenchArguments,
    persons: usize,
    measured: &Measured,
    out: &mut dyn Write,
) -> Result<(), Box<dyn std::error::Error>> {
    let flows = measured.flows.max(1) as f64;
    let per_second = measured.flows as f64 / measured.seconds;
    let cpu_micros = measured.service_cpu * 1e6 / flows;
    let per_core = if measured.service_cpu > 0.0 {
        flows / measured.service_cpu
    } else {
        0.0
    };
    let (p50, p99) = (
        measured.latencies.milliseconds(0.50),
        measured.latencies.milliseconds(0.99),
    );
    if arguments.json {
        let line = json!({
            "workload": "V", "algorithm": "ES256", "store": "embedded", "persons": persons,
            "concurrency": arguments.concurrency, "seconds": measured.seconds,
            "flows": measured.flows, "failed": measured.failed,
            "flows_per_s": per_second, "p50_ms": p50, "p99_ms": p99,
            "service_cpu_us_per_flow": cpu_micros, "flows_per_s_per_core": per_core,
            "first_failure": measured.first_failure,
        });
        writeln!(out, "{line}")?;
    } else {
        writeln!(
            out,
            "V, ES256, embedded database, {persons} persons, {} at once",
            arguments.concurrency
        )?;
        writeln!(out, "flows/s            {per_second:.0}")?;
        writeln!(out, "p50 / p99          {p50:.1} ms / {p99:.1} ms")?;
        writeln!(
            out,
            "service CPU/flow   {cpu_micros:.0} µs  ({per_core:.0} flows/s per core)"
        )?;
        writeln!(out, "failed             {}", measured.failed)?;
        if let Some(failure) = &measured.first_failure {
            writeln!(out, "first failure      {failure}")?;
        }
    }
    if measured.flows == 0 {
        Err("no flow succeeded".into())
    } else {
        Ok(())
    }
}

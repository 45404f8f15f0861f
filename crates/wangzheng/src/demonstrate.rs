//! `wangzheng demo`: the service, sandbox persons and demo platforms on one machine, and one
//! verification walked through in the terminal (design §5).

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use crypto::random::{Random, SystemRandom};
use identity::audit::{AuditEvent, EventDraft};
use identity::clock::{Clock, SystemClock};
use identity::id::PlatformId;
use identity::platform::Platform;
use identity::registry::population::Population;
use identity::service::{Fault, Policy, Service};
use identity::staff::Field;
use web::app::App;
use web::page::Environment;
use web::page::document::{DocumentFields, SandboxPerson};

use crate::config::EnvironmentName;
use crate::demo::fixtures::{Demo, Place};
use crate::demo::{platforms, registry, walk};
use crate::egress::EgressList;
use crate::serve::background;
use crate::server::{Running, bind_local};
use crate::wiring::{Plan, StartError, wire};

/// `wangzheng demo`
#[derive(Debug, Clone, Args)]
pub(crate) struct DemoArguments {
    /// Port of the service; the demo platforms listen on the next one
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    pub port: u16,
    /// Folder for database, keys, demo.json and wallets; kept for the next start
    #[arg(long, value_name = "DIR", default_value = "./data")]
    pub data: PathBuf,
    /// Database [default: sqlite:DIR/wangzheng.db]
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// A further redirect URI for the platform `lab`; repeatable
    #[arg(long = "redirect-uri", value_name = "URL")]
    pub redirect_uris: Vec<String>,
    /// Exit after the walk
    #[arg(long)]
    pub quick: bool,
    /// Seconds a platform's request waits (for tests)
    #[arg(long, value_name = "SECONDS", hide = true)]
    pub request_life: Option<i64>,
    /// Seconds a recovered device waits (for tests)
    #[arg(long, value_name = "SECONDS", hide = true)]
    pub recovery_delay: Option<i64>,
    /// Seconds in which leaving can be cancelled (for tests)
    #[arg(long, value_name = "SECONDS", hide = true)]
    pub leave_cooling_off: Option<i64>,
    /// Print JSON for programs
    #[arg(long)]
    pub json: bool,
}

/// Runs until Ctrl-C, or until the walk is done with `--quick`.
pub(crate) async fn run(
    arguments: DemoArguments,
    out: &mut dyn Write,
) -> Result<(), Box<dyn std::error::Error>> {
    let issuer = format!("http://localhost:{}", arguments.port);
    let platform_port = arguments
        .port
        .checked_add(1)
        .ok_or("--port must be below 65535")?;
    // 1. Ports first: nothing is written when another program has them.
    let service_listeners = bind_local(arguments.port).await?;
    let platform_listener =
        crate::server::bind((std::net::Ipv4Addr::LOCALHOST, platform_port).into()).await?;
    // 2. Keys, database, persons.
    let folder = &arguments.data;
    let disk = |error| StartError::Disk {
        path: folder.clone(),
        error,
    };
    std::fs::create_dir_all(folder).map_err(disk)?;
    let passphrase = passphrase(folder)?;
    let population = Population::demo(SystemClock.now().date());
    let database = database(&arguments)?;
    let wired = wire(Plan {
        issuer: &issuer,
        environment: EnvironmentName::Demo,
        database: &database,
        key_file: &folder.join("keys"),
        passphrase: &passphrase,
        policy: policy(&arguments),
        population: population.clone(),
    })
    .await?;
    // 3. Platforms, and what everyone may know of the demo.
    let place = Place {
        issuer: &issuer,
        platform_port,
        redirect_uris: &arguments.redirect_uris,
    };
    let demo = Demo::prepare(folder, place, population.named(), &SystemRandom)?;
    register(&wired.service, demo.registered(place)?).await?;
    open_accounts(&wired.service, &demo).await?;
    // One platform outside the general field, so that the departments see different things (R3.1).
    if let Some(game) = PlatformId::parse("game") {
        wired
            .service
            .set_field(&game, Field::CultureTourism)
            .await?;
    }
    // 4. Serve both parties.
    let mut app = App::new(wired.service.clone(), Environment::Demo, false);
    app.sandbox_persons = population.named().iter().map(page_person).collect();
    let router = web::router::router(Arc::new(app));
    let mut running = Running::new();
    for listener in service_listeners {
        running.serve(listener, router.clone());
    }
    let outside = platforms::router(&demo, place)?.merge(registry::router(&wired));
    running.serve(platform_listener, outside);
    background(&mut running, &wired, &EgressList::default());
    // 5. One verification, before everybody's eyes.
    let walked = walk::walk(&demo, folder, arguments.json, out).await;
    if arguments.quick || walked.is_err() {
        running.stop().await;
        return Ok(walked?);
    }
    addresses(&issuer, platform_port, folder, arguments.json, out)?;
    running.until_told().await;
    running.stop().await;
    Ok(())
}

fn policy(arguments: &DemoArguments) -> Policy {
    let default = Policy::default();
    Policy {
        request_life: arguments.request_life.unwrap_or(default.request_life),
        // On one machine nobody compares moments: events leave within three seconds, not within ten minutes.
        signal_batch: 1,
        signal_spread: 2,
        // Nobody waits a day on their own machine; the page says so.
        recovery_delay: arguments.recovery_delay.unwrap_or(0),
        // Nobody waits a week either to see what leaving does.
        leave_cooling_off: arguments.leave_cooling_off.unwrap_or(0),
        ..default
    }
}

fn database(arguments: &DemoArguments) -> Result<PathBuf, String> {
    match arguments.database.as_deref() {
        None => Ok(arguments.data.join("wangzheng.db")),
        Some(url) => url
            .strip_prefix("sqlite:")
            .map(PathBuf::from)
            .ok_or_else(|| {
                "--database must begin with sqlite: (PostgreSQL is not built yet)".to_owned()
            }),
    }
}

/// A random passphrase beside the key file, made once: a demo protects nothing, and says so.
pub(crate) fn passphrase(folder: &Path) -> Result<Vec<u8>, StartError> {
    let path = folder.join("passphrase");
    if !path.exists() {
        let mut bytes = [0; 24];
        SystemRandom.fill(&mut bytes);
        let text = <base64ct::Base64UrlUnpadded as base64ct::Encoding>::encode_string(&bytes);
        crate::wallet::private_file::write(&path, text.as_bytes()).map_err(|error| {
            StartError::Disk {
                path: path.clone(),
                error,
            }
        })?;
    }
    crate::wiring::read_passphrase(&path)
}

/// Registers what is new or changed.
pub(crate) async fn register(
    service: &Service,
    platforms: Vec<Platform>,
) -> Result<(), StartError> {
    let known = service.store().platforms().await?;
    for platform in platforms {
        if known.contains(&platform) {
            continue;
        }
        // R8.2, R10.1: nothing is registered that a review could not approve.
        platform
            .approvable(&service.policy.age_markers)
            .map_err(|refused| StartError::NotApprovable {
                platform: platform.id.to_string(),
                refused,
            })?;
        let event = AuditEvent::PlatformChanged {
            platform: platform.id.clone(),
            clients: platform
                .clients
                .iter()
                .map(|client| client.id.clone())
                .collect(),
            at: service.now(),
        };
        service
            .store()
            .put_platform(platform, EventDraft::new(event, service.random()))
            .await?;
    }
    service.reload().await?;
    Ok(())
}

/// Opens the accounts of staff that are new or changed (R12.4).
async fn open_accounts(service: &Service, demo: &Demo) -> Result<(), StartError> {
    for staff in &demo.staff {
        let account = staff
            .account()
            .ok_or(Fault::Invariant("an account of demo.json"))?;
        service.seed_staff(account, &staff.password).await?;
    }
    Ok(())
}

fn page_person(person: &identity::registry::population::SandboxPerson) -> SandboxPerson {
    let document = &person.document;
    SandboxPerson {
        name: person.name.clone(),
        label: format!("{} · {}", document.holder().as_str(), person.name),
        document: DocumentFields {
            number: document.number().printed().to_owned(),
            holder: document.holder().as_str().to_owned(),
            birth_date: document.birth_date().to_string(),
            valid_until: document
                .valid_until()
                .map(|day| day.to_string())
                .unwrap_or_default(),
        },
    }
}

fn addresses(
    issuer: &str,
    platform_port: u16,
    folder: &Path,
    json: bool,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let platforms = format!("http://127.0.0.1:{platform_port}");
    if json {
        let line = serde_json::json!({
            "ready": true, "issuer": issuer, "platforms": platforms, "demo_json": folder.join("demo.json"),
        });
        writeln!(out, "{line}")?;
    } else {
        writeln!(out, "\n个人 · person            {issuer}/")?;
        writeln!(out, "演示论坛 · demo forum    {platforms}/forum")?;
        writeln!(
            out,
            "其他平台 · others        {platforms}/exam /bank /game /greedy /lab"
        )?;
        writeln!(out, "登记库模拟器 · register {platforms}/registry")?;
        writeln!(
            out,
            "给程序 · for programs    {}",
            folder.join("demo.json").display()
        )?;
        writeln!(
            out,
            "按 Ctrl-C 停止，数据会保留。Ctrl-C stops it; the data stays."
        )?;
    }
    out.flush()
}

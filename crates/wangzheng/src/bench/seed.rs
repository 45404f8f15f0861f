//! `wangzheng bench seed`: many sandbox persons at once, and the handles of their devices.

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use crypto::digest::sha256;
use crypto::random::SystemRandom;
use crypto::{Curve, PrivateKey};
use identity::clock::{Clock, SystemClock};
use identity::proofing::FaceSimulator;
use identity::registry::population::Population;
use identity::registry::simulator::{RegistrySimulator, SandboxOnly};
use identity::service::{Parts, Policy, Service};
use store::{Options, Sqlite};

/// One line a person: the handle of the device. The key follows from the line's number.
const FILE: &str = "bench-devices";
const BATCH: u64 = 2_000;

/// The device key of a seeded person: known to everyone, for nobody is behind it.
pub(super) fn device_key(index: u64) -> Result<PrivateKey, crypto::CryptoError> {
    let scalar = sha256(&[b"wangzheng bench device", &index.to_be_bytes()]);
    PrivateKey::from_scalar(Curve::P256, &scalar.0)
}

/// Loads `persons` into the database of a demo folder; what is there stays.
pub(super) async fn seed(
    folder: &Path,
    persons: u64,
    port: u16,
    out: &mut dyn Write,
) -> Result<(), Box<dyn std::error::Error>> {
    std::fs::create_dir_all(folder)?;
    let passphrase = crate::demonstrate::passphrase(folder)?;
    let keys = Arc::new(crate::wiring::open_keys(&folder.join("keys"), &passphrase)?);
    let store = Arc::new(Sqlite::open(
        folder.join("wangzheng.db"),
        &Options::default(),
    )?);
    let sandbox = SandboxOnly::in_environment("sandbox")?;
    let population = Population::generated(1, persons, SystemClock.now().date());
    let service = Service::new(Parts {
        issuer: format!("http://localhost:{port}"),
        policy: Policy::default(),
        store: store.clone(),
        keys,
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        registry: Arc::new(RegistrySimulator::new(population.clone(), sandbox)),
        face: Arc::new(FaceSimulator::new(&sandbox)),
    });
    let shared = device_key(u64::MAX)?.public().to_sec1()?;
    let mut handles = BufWriter::new(std::fs::File::create(folder.join(FILE))?);
    let started = Instant::now();
    let mut done = 0;
    while done < persons {
        let mut batch = Vec::new();
        for index in done..(done + BATCH).min(persons) {
            let person = population
                .generated_person(index)
                .ok_or("the population ends early")?;
            let key = device_key(index)?;
            let seeded = service.seed_person(&sandbox, &person, key.public(), &shared)?;
            writeln!(handles, "{}", seeded.device.0)?;
            batch.push((seeded.bucket, seeded.new, seeded.event));
        }
        done += batch.len() as u64;
        store.bulk_apply(batch).await?;
        if done.is_multiple_of(20 * BATCH) {
            writeln!(
                out,
                "{done} of {persons} persons, {:.0} s",
                started.elapsed().as_secs_f64()
            )?;
        }
    }
    handles.flush()?;
    writeln!(
        out,
        "{persons} persons in {:.1} s",
        started.elapsed().as_secs_f64()
    )?;
    Ok(())
}

/// The handles of the seeded devices, in order.
pub(super) fn handles(folder: &Path) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let path = folder.join(FILE);
    let file = std::fs::File::open(&path).map_err(|error| {
        format!(
            "{}: {error}; run wangzheng bench seed --data {} first",
            path.display(),
            folder.display()
        )
    })?;
    let lines: Vec<String> = BufReader::new(file).lines().collect::<Result<_, _>>()?;
    if lines.is_empty() {
        Err("no person is seeded".into())
    } else {
        Ok(lines)
    }
}

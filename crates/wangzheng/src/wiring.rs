//! Puts the parts together: the only place that knows them all.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crypto::keystore::{KeyError, SealedFile};
use crypto::random::SystemRandom;
use identity::audit::{AuditEvent, EventDraft};
use identity::clock::SystemClock;
use identity::disclosure::registered::NotApproved;
use identity::notice::shipped_notices;
use identity::proofing::FaceSimulator;
use identity::registry::population::Population;
use identity::registry::simulator::{NotASandbox, RegistrySimulator, SandboxOnly};
use identity::service::{Fault, Parts, Policy, Service};
use identity::store::{Store, StoreError};
use store::{Options, Sqlite};

use crate::config::EnvironmentName;

/// Why the service does not start, and what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    /// A file or folder.
    #[error("{path}: {error}; check the folder and its rights")]
    Disk {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The keys.
    #[error("the key file does not open: {0}")]
    Keys(#[from] KeyError),
    /// The database.
    #[error("the database does not open: {0}")]
    Store(#[from] StoreError),
    /// The domain.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// A simulator where none may be.
    #[error(
        "{0}; a production service needs adapters for registry and face, and none is built yet"
    )]
    Simulator(#[from] NotASandbox),
    /// A platform that no review could approve.
    #[error("platform {platform} cannot be registered: {refused}")]
    NotApprovable {
        /// Which.
        platform: String,
        /// By which rule.
        refused: NotApproved,
    },
}

/// What a service is made from.
pub(crate) struct Plan<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) environment: EnvironmentName,
    pub(crate) database: &'a Path,
    pub(crate) key_file: &'a Path,
    pub(crate) passphrase: &'a [u8],
    pub(crate) policy: Policy,
    pub(crate) population: Population,
}

/// A service and the parts other commands need beside it.
pub(crate) struct Wired {
    pub(crate) service: Arc<Service>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) keys: Arc<SealedFile>,
    /// Where the keys of back-ups live, beside the key file.
    pub(crate) backup_keys: PathBuf,
    /// The register of the sandbox: an outside party, which a demo lets people play with.
    pub(crate) registry: Arc<RegistrySimulator>,
}

/// Opens keys and store, publishes the notices, reads platforms.
pub(crate) async fn wire(plan: Plan<'_>) -> Result<Wired, StartError> {
    let sandbox = SandboxOnly::in_environment(plan.environment.name())?;
    let keys = Arc::new(open_keys(plan.key_file, plan.passphrase)?);
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(plan.database, &Options::default())?);
    let registry = Arc::new(RegistrySimulator::new(plan.population, sandbox));
    let service = Arc::new(Service::new(Parts {
        issuer: plan.issuer.to_owned(),
        policy: plan.policy,
        store: store.clone(),
        keys: keys.clone(),
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        registry: registry.clone(),
        face: Arc::new(FaceSimulator::new(&sandbox)),
    }));
    publish_notices(&service).await?;
    service.reload().await?;
    // What two persons agreed to before the last stop is done now (R12.1, B2).
    service.resume_confirmed().await?;
    Ok(Wired {
        service,
        store,
        keys,
        backup_keys: plan
            .key_file
            .parent()
            .unwrap_or(Path::new("."))
            .join("backup-keys"),
        registry,
    })
}

/// Opens the key file, or makes it where there is none.
pub(crate) fn open_keys(path: &Path, passphrase: &[u8]) -> Result<SealedFile, KeyError> {
    if path.exists() {
        SealedFile::open(path, passphrase)
    } else {
        SealedFile::create(path, passphrase, &SystemRandom)
    }
}

/// The notices this release ships (Art. 11); known versions change nothing.
async fn publish_notices(service: &Service) -> Result<(), StartError> {
    let known = service.store().notices().await?;
    for notice in shipped_notices() {
        if known.contains(&notice) {
            continue;
        }
        let event = AuditEvent::NoticePublished {
            notice: notice.id.clone(),
            digest: notice.digest_of(&notice.chinese),
            at: service.now(),
        };
        let complete = notice
            .complete()
            .map_err(|_| Fault::Invariant("a shipped notice"))?;
        service
            .store()
            .publish_notice(complete, EventDraft::new(event, service.random()))
            .await?;
    }
    Ok(())
}

/// The first line of a passphrase file.
pub(crate) fn read_passphrase(path: &Path) -> Result<Vec<u8>, StartError> {
    let text = std::fs::read_to_string(path).map_err(|error| StartError::Disk {
        path: path.to_owned(),
        error,
    })?;
    Ok(text.lines().next().unwrap_or_default().as_bytes().to_vec())
}

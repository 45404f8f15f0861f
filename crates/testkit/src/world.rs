//! The service in one process: real store, keys in memory, simulators outside, time that stands still.

use std::collections::hash_map::DefaultHasher;
use std::hash::Hasher;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use crypto::keystore::{KeyStore, MemoryKeys};
use crypto::random::{Random, SeededRandom, SystemRandom};
use identity::audit::{AuditEvent, EventBody, EventDraft};
use identity::clock::{Clock, Timestamp};
use identity::id::Bucket;
use identity::log::keys::{LogKeys, origin_of};
use identity::log::sequencer::{EpochSummary, Sequencer};
use identity::log::verify::{Report, verify_database};
use identity::log::{LogStore, StoredCheckpoint};
use identity::notice::{NoticeStore, application_notices};
use identity::platform::PlatformStore;
use identity::proofing::FaceSimulator;
use identity::registry::population::Population;
use identity::registry::simulator::{RegistrySimulator, SandboxOnly};
use identity::service::{Parts, Policy, Service};
use identity::store::AuditStore;
use store::{Options, Sqlite, Synchronous};
use tower::ServiceExt;
use web::app::App;
use web::page::Environment;
use web::router::router;

use crate::catalogue::{Registration, registrations};
use crate::clock::FakeClock;
use crate::http::{Answer, Call};
use crate::person::Applicant;
use crate::platform::Platform;

/// The issuer of every world.
pub const ISSUER: &str = "https://wz.example";

/// What a world is made of, where a test wants it otherwise.
pub struct Setup {
    /// Settings of the rules.
    pub policy: Policy,
    /// Generated adults beside the named persons: `generated-0` …
    pub generated: u64,
    /// Randomness of the service; the same seed gives the same run.
    pub seed: u64,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            policy: Policy::default(),
            generated: 100,
            seed: 1,
        }
    }
}

/// The service and everybody around it. Cheap to clone: all clones are the same world.
#[derive(Clone)]
pub struct World(Arc<Inner>);

struct Inner {
    service: Arc<Service>,
    store: Arc<Sqlite>,
    keys: Arc<MemoryKeys>,
    random: Arc<dyn Random>,
    clock: Arc<FakeClock>,
    registry: Arc<RegistrySimulator>,
    population: Population,
    registrations: Vec<Registration>,
    router: Router,
    platforms_received: Mutex<Vec<(String, Vec<u8>)>>,
    folder: tempfile::TempDir,
}

impl World {
    /// A world as the defaults have it.
    pub async fn new() -> Self {
        Self::with(Setup::default()).await
    }

    /// A world with other settings.
    pub async fn with(setup: Setup) -> Self {
        crate::logs::capture();
        let clock = Arc::new(FakeClock::at(FakeClock::BEGINNING));
        let today = clock.now().date();
        let population = Population::demo(today).with_generated(7, setup.generated, today);
        let sandbox = SandboxOnly::in_environment("sandbox").expect("a sandbox");
        let folder = tempfile::tempdir().expect("a temporary folder");
        // Nobody pulls the plug here, so an answer may be given before the disk has it.
        let options = Options {
            synchronous: Synchronous::Normal,
            ..Options::default()
        };
        let store = Sqlite::open(folder.path().join("store.db"), &options);
        let store = Arc::new(store.expect("a store"));
        let random: Arc<dyn Random> = Arc::new(SeededRandom::new(setup.seed));
        let keys = Arc::new(MemoryKeys::generate(&*random));
        let registry = Arc::new(RegistrySimulator::new(population.clone(), sandbox));
        let service = Arc::new(Service::new(Parts {
            issuer: ISSUER.to_owned(),
            policy: setup.policy,
            store: store.clone(),
            keys: keys.clone(),
            clock: clock.clone(),
            random: random.clone(),
            registry: registry.clone(),
            face: Arc::new(FaceSimulator::new(&sandbox)),
        }));
        let registrations = registrations();
        publish(&service, &registrations).await;
        let app = Arc::new(App::new(service.clone(), Environment::Sandbox, true));
        Self(Arc::new(Inner {
            router: router(app),
            service,
            store,
            keys,
            random,
            clock,
            registry,
            population,
            registrations,
            platforms_received: Mutex::default(),
            folder,
        }))
    }

    /// Somebody who may apply: a name of the sandbox population.
    pub fn person(&self, name: &str) -> Applicant {
        let person = self
            .0
            .population
            .by_name(name)
            .expect("a sandbox person of this name");
        Applicant::new(self.clone(), person)
    }

    /// A registered platform at the main issuer: `forum`, `exam`, `bank`, `shop`, `lab`, `lab-rsa`.
    pub fn platform(&self, name: &str) -> Platform {
        let mut registrations = self.0.registrations.iter();
        let found = registrations.find(|registration| registration.platform.id.as_str() == name);
        Platform::new(self.clone(), found.expect("a registered platform").clone())
    }

    /// The platform of the simple profile, with a secret.
    pub fn lab(&self) -> Platform {
        self.platform("lab")
    }

    /// Sends a request and waits for the whole answer.
    pub async fn send(&self, call: Call) -> Answer {
        let request = call.into_request();
        let answered = self.0.router.clone().oneshot(request).await;
        match answered {
            Ok(response) => Answer::of(response).await,
            Err(never) => match never {},
        }
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// Time passes.
    pub fn advance(&self, seconds: i64) {
        self.0.clock.advance(seconds);
    }

    /// The register of documents, to report one lost or make it silent.
    pub fn registry(&self) -> &RegistrySimulator {
        &self.0.registry
    }

    /// The domain, for what no actor can see.
    pub fn service(&self) -> &Service {
        &self.0.service
    }

    /// One tick of the sequencer: what waits goes into the public log. `None` when nothing waited.
    pub async fn epoch(&self) -> Option<EpochSummary> {
        let Inner {
            store,
            keys,
            random,
            ..
        } = &*self.0;
        let sequencer = Sequencer::new(
            store.clone(),
            keys.clone(),
            random.clone(),
            origin_of(ISSUER),
        );
        sequencer.run_once().await.expect("an epoch is appended")
    }

    /// Recomputes the whole log and every row under it, as `audit verify` does.
    pub async fn verify_log(&self) -> Report {
        let keys = LogKeys::of_store(&origin_of(ISSUER), self.keys());
        let report = verify_database(&*self.0.store, &keys, &mut |_| {}).await;
        report.expect("the log can be read")
    }

    /// The keys of the service.
    pub fn keys(&self) -> &dyn KeyStore {
        &*self.0.keys
    }

    /// The signed heads so far.
    pub async fn checkpoints(&self) -> Vec<StoredCheckpoint> {
        self.0.store.checkpoints(0, u32::MAX).await.expect("heads")
    }

    /// How many events were ever stored: those in the log and those that wait for it.
    pub async fn event_count(&self) -> u64 {
        let waiting = self
            .0
            .store
            .pending_leaves(u32::MAX)
            .await
            .expect("pending leaves");
        self.0.store.tree_size().await.expect("a tree size") + waiting.len() as u64
    }

    /// The events that wait for the next epoch, as `event:outcome`, in the order they came to their buckets.
    pub async fn waiting_events(&self) -> Vec<String> {
        let waiting = self
            .0
            .store
            .pending_leaves(u32::MAX)
            .await
            .expect("pending leaves");
        let mut events = Vec::new();
        for leaf in waiting {
            let rows = self
                .0
                .store
                .events(leaf.bucket, leaf.sequence, 1)
                .await
                .expect("an event");
            let body: EventBody = rows[0].parse().expect("an event body");
            let event = serde_json::to_value(&body.event).expect("JSON");
            events.push(format!(
                "{}:{}",
                event["event"].as_str().unwrap_or("?"),
                body.outcome
            ));
        }
        events
    }

    /// The last sequence of every bucket that has one.
    pub async fn sequences(&self) -> Vec<(Bucket, u64)> {
        let mut sequences = Vec::new();
        for bucket in (0..Bucket::COUNT).filter_map(Bucket::new) {
            match self
                .0
                .store
                .last_sequence(bucket)
                .await
                .expect("a sequence")
            {
                0 => {}
                last => sequences.push((bucket, last)),
            }
        }
        sequences
    }

    /// The folder of the database.
    pub fn folder(&self) -> &Path {
        self.0.folder.path()
    }

    /// Every byte of the database: the file, its write-ahead log and their index.
    pub fn database_files(&self) -> Vec<(String, Vec<u8>)> {
        let folder = std::fs::read_dir(self.folder()).expect("the folder");
        let mut files: Vec<_> = folder
            .map(|file| file.expect("a file").path())
            .map(|path| {
                let bytes = std::fs::read(&path).expect("a readable file");
                (
                    path.file_name()
                        .unwrap_or_default()
                        .to_string_lossy()
                        .into_owned(),
                    bytes,
                )
            })
            .collect();
        files.sort();
        files
    }

    /// A fingerprint of what is written: it stays the same exactly when nothing was. (The `-shm` index holds locks
    /// of readers, so it is left out.)
    pub fn written(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for (name, bytes) in self.database_files() {
            if !name.ends_with("-shm") {
                hasher.write(name.as_bytes());
                hasher.write(&bytes);
            }
        }
        hasher.finish()
    }

    /// Notes what a platform receives: an answer, or a redirect.
    pub(crate) fn platform_receives(&self, platform: &str, bytes: Vec<u8>) {
        let mut received = self
            .0
            .platforms_received
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        received.push((platform.to_owned(), bytes));
    }

    /// Everything all platforms ever received from the service: platform, bytes.
    pub fn platforms_received(&self) -> Vec<(String, Vec<u8>)> {
        self.0
            .platforms_received
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Publishes notices and registers platforms.
async fn publish(service: &Service, registrations: &[Registration]) {
    let at = service.now();
    for notice in application_notices() {
        let digest = notice.digest_of(&notice.chinese);
        let event = AuditEvent::NoticePublished {
            notice: notice.id.clone(),
            digest,
            at,
        };
        let complete = notice.complete().expect("a complete notice");
        let event = EventDraft::new(event, &SystemRandom);
        NoticeStore::publish_notice(service.store(), complete, event)
            .await
            .expect("published");
    }
    for Registration { platform, .. } in registrations {
        let clients = platform
            .clients
            .iter()
            .map(|client| client.id.clone())
            .collect();
        let event = AuditEvent::PlatformChanged {
            platform: platform.id.clone(),
            clients,
            at,
        };
        let event = EventDraft::new(event, &SystemRandom);
        let stored = PlatformStore::put_platform(service.store(), platform.clone(), event).await;
        stored.expect("a platform is registered");
    }
    service
        .reload()
        .await
        .expect("platforms and notices are read");
}

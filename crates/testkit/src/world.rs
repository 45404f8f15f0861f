//! The service in one process: real store, keys in memory, simulators outside, time that stands still.

use std::sync::{Arc, Mutex};

use axum::Router;
use crypto::SignatureAlgorithm;
use crypto::keystore::{MemoryKeys, SigningPurpose};
use crypto::random::{Random, SeededRandom, SystemRandom};
use identity::audit::{AuditEvent, EventDraft};
use identity::clock::{Clock, Timestamp};
use identity::id::ProposalId;
use identity::notice::{Notice, NoticeStore, shipped_notices};
use identity::oversight::{OversightStore, ProposalRow};
use identity::platform::PlatformStore;
use identity::proofing::FaceSimulator;
use identity::registry::population::{Population, SandboxPerson};
use identity::registry::simulator::{RegistrySimulator, SandboxOnly};
use identity::service::{Parts, Policy, Service};
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
    /// Persons beside those of the list.
    pub also: Vec<SandboxPerson>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            policy: Policy::default(),
            generated: 100,
            seed: 1,
            also: Vec::new(),
        }
    }
}

/// The service and everybody around it. Cheap to clone: all clones are the same world.
#[derive(Clone)]
pub struct World(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) service: Arc<Service>,
    pub(crate) store: Arc<Sqlite>,
    pub(crate) keys: Arc<MemoryKeys>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) clock: Arc<FakeClock>,
    pub(crate) registry: Arc<RegistrySimulator>,
    pub(crate) population: Population,
    pub(crate) registrations: Vec<Registration>,
    pub(crate) staff: Vec<crate::staff::Account>,
    pub(crate) router: Router,
    pub(crate) platforms_received: Mutex<Vec<(String, Vec<u8>)>>,
    pub(crate) folder: tempfile::TempDir,
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
        let population = setup
            .also
            .into_iter()
            .fold(population, Population::with_person);
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
            policy: Policy {
                light_passwords: true,
                ..setup.policy
            },
            store: store.clone(),
            keys: keys.clone(),
            clock: clock.clone(),
            random: random.clone(),
            registry: registry.clone(),
            face: Arc::new(FaceSimulator::new(&sandbox)),
        }));
        let registrations = registrations();
        publish(&service, &registrations).await;
        let staff = crate::staff::seed(&service).await;
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
            staff,
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

    /// A member of staff: a login of [`crate::STAFF`].
    pub fn staff(&self, login: &str) -> crate::Staff {
        let found = crate::STAFF.iter().position(|(known, _)| *known == login);
        let account = &self.0.staff[found.expect("a login of the staff")];
        crate::Staff::new(self.clone(), account.clone())
    }

    /// A proposal as it is stored.
    pub async fn proposal(&self, id: &str) -> Option<ProposalRow> {
        let id = ProposalId::parse(id)?;
        let row = self.0.store.proposal(&id).await;
        row.expect("proposals can be read")
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

    /// Two reviewers publish a version of a notice; in force today where it names no later day.
    pub async fn publishes(&self, notice: &Notice) {
        let mut notice = notice.clone();
        notice.effective_from = notice.effective_from.max(self.now().day());
        let act = serde_json::json!({ "act": "publish_notice", "notice": notice });
        let proposal = self.staff("reviewer1").proposes(&act).await;
        let result = self.staff("reviewer2").confirms(&proposal).await;
        assert_eq!(result, "published");
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// Time passes.
    pub fn advance(&self, seconds: i64) {
        self.0.clock.advance(seconds);
    }

    /// Ten in the morning in Shanghai of a later day.
    pub fn advance_to(&self, date: time::Date) {
        let noon = i64::from(identity::clock::Day::of(date).0) * 86_400 + 2 * 3600;
        let seconds = noon - self.now().0;
        assert!(seconds > 0, "{date} is not later");
        self.advance(seconds);
    }

    /// The register of documents, to report one lost or make it silent.
    pub fn registry(&self) -> &RegistrySimulator {
        &self.0.registry
    }

    /// The current signing key of every purpose retires, the next one signs, a fresh one is published.
    pub fn rotate_keys(&self) {
        let algorithms = [SignatureAlgorithm::Es256, SignatureAlgorithm::Sm2Sm3];
        for purpose in SigningPurpose::ALL {
            for algorithm in algorithms {
                let rotated = self.0.keys.rotate(purpose, algorithm, &*self.0.random);
                rotated.expect("a key rotates");
            }
        }
    }

    /// A begun application as the pages seal it.
    pub fn sealed_application(&self, form: &mut web::person::apply::Application) -> String {
        let app = App::new(self.0.service.clone(), Environment::Sandbox, true);
        form.seal(&app).expect("sealed")
    }

    /// The domain, for what no actor can see.
    pub fn service(&self) -> &Service {
        &self.0.service
    }
}

async fn publish_notice(service: &Service, notice: Notice) {
    let event = AuditEvent::NoticePublished {
        notice: notice.id.clone(),
        digest: notice.digest_of(&notice.chinese),
        at: service.now(),
    };
    let complete = notice.complete().expect("a complete notice");
    let event = EventDraft::new(event, &SystemRandom);
    NoticeStore::publish_notice(service.store(), complete, event)
        .await
        .expect("published");
}

/// Publishes notices and registers platforms.
async fn publish(service: &Service, registrations: &[Registration]) {
    let at = service.now();
    for notice in shipped_notices() {
        publish_notice(service, notice).await;
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

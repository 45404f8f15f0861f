use std::path::Path;
use std::sync::Arc;

use axum::Router;
use crypto::keystore::{KdfCost, SealedFile};
use crypto::random::{SeededRandom, SystemRandom};
use identity::audit::{AuditEvent, EventDraft};
use identity::clock::Timestamp;
use identity::id::Bucket;
use identity::log::LogStore;
use identity::log::keys::{LogKeys, origin_of};
use identity::log::sequencer::Sequencer;
use identity::log::tile::{TileAddress, published_tile};
use identity::store::AuditStore;
use store::{Options, Sqlite};

use super::*;

mod tampering;

/// A folder as the demo leaves it, with a log of `leaves` events.
struct Folder {
    directory: tempfile::TempDir,
    store: Arc<Sqlite>,
    keys: Arc<SealedFile>,
}

impl Folder {
    async fn with(leaves: u64, issuer: &str) -> Self {
        let folder = Self::opened(issuer);
        folder.grow(leaves, issuer).await;
        folder
    }

    /// Without any event.
    fn opened(issuer: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        std::fs::write(path.join("passphrase"), "secret\n").unwrap();
        std::fs::write(
            path.join("demo.json"),
            format!("{{\"issuer\":\"{issuer}\"}}"),
        )
        .unwrap();
        let keys =
            SealedFile::create_with(path.join("keys"), b"secret", KdfCost::Light, &SystemRandom)
                .unwrap();
        let store = Sqlite::open(path.join("wangzheng.db"), &Options::default()).unwrap();
        Self {
            directory,
            store: Arc::new(store),
            keys: Arc::new(keys),
        }
    }

    /// The folder alone, with nobody at the database.
    fn closed(self) -> tempfile::TempDir {
        self.directory
    }

    async fn grow(&self, leaves: u64, issuer: &str) {
        let random = SeededRandom::new(leaves);
        for number in 0..leaves {
            let event = AuditEvent::HandoverChanged {
                minute: Timestamp(60),
            };
            let bucket = Bucket::new((number % 50) as u16).unwrap();
            self.store
                .record(bucket, EventDraft::new(event, &random))
                .await
                .unwrap();
        }
        let (store, keys) = (Arc::clone(&self.store), Arc::clone(&self.keys));
        let sequencer = Sequencer::new(store, keys, Arc::new(random), origin_of(issuer));
        sequencer.run_once().await.unwrap().unwrap();
    }

    fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Publishes the log as the service does.
    fn serve(&self, listener: tokio::net::TcpListener, issuer: &str) {
        use axum::extract::Path;
        use axum::http::StatusCode;
        use axum::routing::get;
        let keys = LogKeys::of_store(&origin_of(issuer), &*self.keys).to_json();
        let (heads, tiles) = (Arc::clone(&self.store), Arc::clone(&self.store));
        let router = Router::new()
            .route("/log/keys", get(async move || keys))
            .route(
                "/log/checkpoint",
                get(async move || heads.checkpoint().await.unwrap().unwrap()),
            )
            .route(
                "/log/tile/{*address}",
                get(async move |Path(address): Path<String>| {
                    let address = TileAddress::parse(&address).ok_or(StatusCode::BAD_REQUEST)?;
                    published_tile(&*tiles, address)
                        .await
                        .unwrap()
                        .ok_or(StatusCode::NOT_FOUND)
                }),
            );
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    }
}

/// Exit status and what was printed.
async fn audit(folder: &Path, issuer: Option<&str>) -> (String, serde_json::Value, String) {
    let verify = VerifyArguments {
        data: folder.to_owned(),
        issuer: issuer.map(str::to_owned),
        json: true,
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let arguments = AuditArguments {
        command: AuditCommand::Verify(verify),
    };
    let status = run(arguments, &mut out, &mut err).await;
    let json = serde_json::from_slice(&out).unwrap_or_default();
    (format!("{status:?}"), json, String::from_utf8(err).unwrap())
}

fn status(number: u8) -> String {
    format!("{:?}", ExitCode::from(number))
}

#[tokio::test]
async fn c6_a_folder_is_verified_and_a_missing_one_is_not_good() {
    let folder = Folder::with(300, "http://localhost:8080").await;
    let (code, json, _) = audit(folder.path(), None).await;
    assert_eq!(code, status(0), "{json}");
    assert_eq!(json["good"], true);
    assert_eq!(json["counts"]["events"], 300);
    assert_eq!(json["checkpoint"]["origin"], "localhost/log");

    let (code, _, err) = audit(&folder.path().join("nowhere"), None).await;
    assert_eq!(code, status(3));
    assert!(err.contains("wangzheng.db is not there"), "{err}");
    assert!(!folder.path().join("nowhere").exists(), "nothing was made");
}

#[tokio::test]
async fn c6_anyone_verifies_a_service_and_sees_when_it_is_rewritten() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let issuer = format!("http://{address}");
    let auditor = tempfile::tempdir().unwrap();
    let folder = Folder::with(300, &issuer).await;
    folder.serve(listener, &issuer);

    let (code, json, err) = audit(auditor.path(), Some(&issuer)).await;
    assert_eq!(code, status(0), "{json} {err}");
    assert_eq!(json["counts"]["leaves"], 300);
    assert!(
        json["note"]
            .as_str()
            .unwrap()
            .starts_with("no head of this log")
    );

    folder.grow(33, &issuer).await;
    let (code, json, _) = audit(auditor.path(), Some(&format!("{issuer}/"))).await;
    assert_eq!(code, status(0), "{json}");
    assert!(json["note"].as_str().unwrap().contains("size 300"));
    let seen = auditor
        .path()
        .join(format!("log-seen/127.0.0.1_{}.txt", address.port()));
    let remembered = std::fs::read_to_string(&seen).unwrap();
    assert_eq!(
        Checkpoint::parse_unverified(&remembered).unwrap().tree_size,
        333
    );

    // Another log under the same name: the head remembered is not of it.
    let other = Folder::with(400, &issuer).await;
    let head = other.store.checkpoint().await.unwrap().unwrap();
    std::fs::write(&seen, &head).unwrap();
    let (code, json, _) = audit(auditor.path(), Some(&issuer)).await;
    assert_eq!(code, status(1));
    assert_eq!(
        json["findings"][0]["problem"],
        "is older than one seen before, of size 400"
    );
    assert_eq!(
        std::fs::read_to_string(&seen).unwrap(),
        head,
        "what was seen is kept"
    );

    std::fs::write(&seen, "damaged").unwrap();
    assert_eq!(audit(auditor.path(), Some(&issuer)).await.0, status(3));
}

/// A demo with new keys is a new log; it is not called a rewritten one, and the head of the old one is kept aside.
#[tokio::test]
async fn a_demo_made_anew_is_another_log() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let folder = Folder::with(30, &issuer).await;
    folder.serve(listener, &issuer);
    let auditor = tempfile::tempdir().unwrap();
    let seen = auditor.path().join("log-seen/localhost.txt");
    let other = Folder::with(400, &issuer).await;
    let head = other.store.checkpoint().await.unwrap().unwrap();
    std::fs::create_dir_all(seen.parent().unwrap()).unwrap();
    std::fs::write(&seen, &head).unwrap();

    let (code, json, err) = audit(auditor.path(), Some(&issuer)).await;
    assert_eq!(code, status(0), "{json} {err}");
    assert!(
        json["note"].as_str().unwrap().contains("other keys"),
        "{json}"
    );
    let aside = std::fs::read_to_string(seen.with_extension("old.txt")).unwrap();
    assert_eq!(aside, head);
}

#[tokio::test]
async fn a_service_that_does_not_answer_is_no_finding() {
    let auditor = tempfile::tempdir().unwrap();
    let (code, json, err) = audit(auditor.path(), Some("http://127.0.0.1:9")).await;
    assert_eq!((code, json), (status(3), serde_json::Value::Null));
    assert!(err.contains("does not give /log/keys"), "{err}");
}

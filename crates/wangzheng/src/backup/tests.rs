use std::sync::Arc;

use crypto::keystore::{KdfCost, KeyStore, SealedFile};
use identity::audit::{AuditEvent, EventDraft, Removed, RemovedBy, Sequences};
use identity::device::{DeviceCurve, DeviceRow};
use identity::erasure::{Erased, Erasure, ErasureStore};
use identity::id::{Bucket, DeviceId, PersonId};
use identity::log::keys::origin_of;
use identity::log::sequencer::Sequencer;
use identity::person::record::DataKey;
use identity::person::{NewPerson, PersonRow, PersonStore};
use identity::pin::PinRow;
use identity::wangzheng::{WangzhengRow, WangzhengState};
use store::{Options, Sqlite};

use super::*;

const NOW: Timestamp = Timestamp(1_795_312_800);
const ISSUER: &str = "http://localhost:8080";

/// A folder as the demo leaves it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        std::fs::write(path.join("passphrase"), "secret\n").unwrap();
        std::fs::write(
            path.join("demo.json"),
            format!("{{\"issuer\":\"{ISSUER}\"}}"),
        )
        .unwrap();
        SealedFile::create_with(path.join("keys"), b"secret", KdfCost::Light, &SystemRandom)
            .unwrap();
        Self(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn keys(&self) -> SealedFile {
        SealedFile::open(self.path().join("keys"), b"secret").unwrap()
    }

    fn store(&self) -> Arc<Sqlite> {
        Arc::new(Sqlite::open(self.path().join("wangzheng.db"), &Options::default()).unwrap())
    }

    fn window(&self) -> Window {
        Window::at(self.path().join("backup-keys"))
    }

    /// A restore is made into the same folder, with the database lost.
    fn loses_its_database(&self) {
        for name in ["wangzheng.db", "wangzheng.db-wal", "wangzheng.db-shm"] {
            let _ = std::fs::remove_file(self.path().join(name));
        }
    }

    /// Whether the sealed record of a person opens, as the service opens it.
    async fn opens(&self, person: PersonId) -> Option<String> {
        let row = self.store().person(person).await.unwrap()?;
        let place = [b"person/data-key/".as_slice(), person.as_bytes()].concat();
        let key = self.keys().unwrap(&place, &row.wrapped_data_key).unwrap();
        let plain = DataKey::from_bytes(key)
            .open(
                &[b"person", b"record", person.as_bytes()],
                &row.sealed_record,
            )
            .unwrap();
        Some(String::from_utf8(plain.to_vec()).unwrap())
    }

    /// Somebody whose sealed record says `name`.
    async fn applies(&self, name: &str) -> PersonId {
        let keys = self.keys();
        let holder = sm3(&[name.as_bytes()]);
        let bucket = Bucket::of(&holder);
        let person = PersonId::generate(bucket, &SystemRandom);
        let data_key = DataKey::generate(&SystemRandom);
        let place = [b"person/data-key/".as_slice(), person.as_bytes()].concat();
        let seal = |place: &[&[u8]], text: &str| {
            data_key
                .seal(place, text.as_bytes(), &SystemRandom)
                .unwrap()
        };
        let new = NewPerson {
            person: PersonRow {
                person,
                holder,
                wrapped_data_key: keys.wrap(&place, data_key.as_bytes()).unwrap(),
                sealed_record: seal(&[b"person", b"record", person.as_bytes()], name),
                generation: 0,
                history_key: vec![4; 65],
                recovery: None,
                applied_on: NOW.day(),
            },
            documents: vec![holder],
            wangzheng: WangzhengRow {
                person,
                serial: 1,
                state: WangzhengState::Active,
                issued_on: NOW.day(),
                valid_until: NOW.day().plus(100),
                suspended_for: None,
                locked_under: false,
                restricted_on: None,
                ends_with_document: true,
                document_checked_on: NOW.day(),
                waiting: None,
            },
            device: DeviceRow {
                person,
                device: DeviceId(1),
                signing_key: vec![4; 65],
                curve: DeviceCurve::P256,
                agreement_key: vec![4; 65],
                sealed_name: seal(&[b"device"], "phone"),
                history_wrap: vec![],
                added_on: NOW.day(),
                active_from: NOW,
            },
            pin: PinRow {
                person,
                sealed_digest: seal(&[b"pin"], "pin"),
                attempts_left: 5,
                locked_until: None,
                locks: 0,
            },
            consents: vec![],
            minor: None,
        };
        let event = AuditEvent::PersonApplied {
            person,
            day: NOW.day(),
            notices: vec![],
        };
        let event = EventDraft::new(event, &SystemRandom);
        self.store().apply(bucket, new, event).await.unwrap();
        person
    }

    async fn epoch(&self) {
        let sequencer = Sequencer::new(
            self.store(),
            Arc::new(self.keys()),
            Arc::new(SystemRandom),
            origin_of(ISSUER),
        );
        sequencer.run_once().await.unwrap();
    }

    async fn erases(&self, person: PersonId) {
        let store = self.store();
        let holder = store.person(person).await.unwrap().unwrap().holder;
        let event = |event| EventDraft::new(event, &SystemRandom);
        let asked = AuditEvent::LeaveChanged {
            person,
            day: NOW.day(),
            change: "requested".to_owned(),
        };
        store
            .request_leave(person, NOW.day(), NOW, event(asked))
            .await
            .unwrap();
        let removed = AuditEvent::RowsRemoved {
            day: NOW.day(),
            what: Removed::Events,
            why: RemovedBy::Erasure,
            sequences: Sequences::default(),
        };
        let erasure = Erasure {
            person,
            now: NOW,
            holder,
            devices: vec![],
        };
        let erased = store.erase_person(erasure, event(removed)).await.unwrap();
        assert_eq!(erased, Erased::Erased);
    }
}

/// R9.5: what the data part holds opens nothing by itself, and no wrapped key ever touched it.
#[tokio::test]
async fn r9_5_the_data_part_holds_no_data_key() {
    let folder = Folder::new();
    let person = folder.applies("林晓安").await;
    let wrapped = folder
        .store()
        .person(person)
        .await
        .unwrap()
        .unwrap()
        .wrapped_data_key;
    let out = folder.path().join("out");
    make(folder.path(), &out, &folder.window(), NOW).unwrap();
    let bytes = std::fs::read(out.join(DATA_PART)).unwrap();
    assert!(bytes.windows(12).any(|part| part == person.as_bytes()));
    for part in [&wrapped[..16], &wrapped[wrapped.len() - 16..]] {
        assert!(!bytes.windows(16).any(|found| found == part));
    }
    let again = make(folder.path(), &out, &folder.window(), NOW);
    assert!(
        matches!(again, Err(BackupError::Refused(_))),
        "never over another"
    );
}

/// R9.5: a back-up from before the erasure opens while its key lives; after seven days nobody opens it.
#[tokio::test]
async fn r9_5_a_back_up_opens_an_erased_person_for_seven_days_and_never_after() {
    let folder = Folder::new();
    let person = folder.applies("林晓安").await;
    folder.applies("somebody else").await;
    folder.epoch().await;
    let out = folder.path().join("out");
    let header = make(folder.path(), &out, &folder.window(), NOW).unwrap();
    assert_eq!(header.opens_until, NOW.plus(7 * 86_400));
    folder.erases(person).await;
    folder.epoch().await;
    assert_eq!(folder.opens(person).await, None, "erased");

    // Within the window the back-up is whole, and its log verifies.
    folder.loses_its_database();
    let last = NOW.plus(7 * 86_400 - 1);
    assert_eq!(
        put_back(&out, folder.path(), &folder.window(), last).unwrap(),
        2
    );
    assert_eq!(folder.opens(person).await.as_deref(), Some("林晓安"));
    let verified = verify(folder.path(), &mut |_| {}).await.unwrap();
    assert!(verified.report.is_good(), "{:?}", verified.report.findings);

    // After it the key is gone for good, whatever clock asks later.
    folder.loses_its_database();
    let over = NOW.plus(7 * 86_400);
    for now in [over, NOW] {
        let refused = put_back(&out, folder.path(), &folder.window(), now);
        let Err(BackupError::Refused(text)) = refused else {
            panic!("{refused:?}");
        };
        assert!(text.contains("R9.5"), "{text}");
        assert!(!folder.path().join("wangzheng.db").exists());
    }
    let window = std::fs::read_dir(folder.window().folder()).unwrap();
    assert_eq!(window.count(), 0, "destroyed");
}

/// Both parts, of one back-up, unchanged, into a folder without a database: anything else is refused by name.
#[tokio::test]
async fn r9_5_a_restore_needs_both_parts() {
    let folder = Folder::new();
    folder.applies("林晓安").await;
    let (out, other) = (folder.path().join("out"), folder.path().join("other"));
    make(folder.path(), &out, &folder.window(), NOW).unwrap();
    folder.applies("somebody else").await;
    make(folder.path(), &other, &folder.window(), NOW.plus(60)).unwrap();
    let refusal = |from: &Path| match put_back(from, folder.path(), &folder.window(), NOW) {
        Err(BackupError::Refused(text)) => text,
        other => panic!("{other:?}"),
    };
    assert!(refusal(&out).contains("is there already"));
    folder.loses_its_database();
    let key_part = std::fs::read(out.join(KEY_PART)).unwrap();
    std::fs::remove_file(out.join(KEY_PART)).unwrap();
    assert!(refusal(&out).contains("needs both parts; the data keys part"));
    std::fs::copy(other.join(KEY_PART), out.join(KEY_PART)).unwrap();
    assert!(refusal(&out).contains("not of one back-up"));
    let mut changed = key_part.clone();
    *changed.last_mut().unwrap() ^= 1;
    std::fs::write(out.join(KEY_PART), changed).unwrap();
    assert!(refusal(&out).contains("do not open"));
    std::fs::write(out.join(KEY_PART), &key_part).unwrap();
    std::fs::rename(out.join(DATA_PART), out.join("elsewhere")).unwrap();
    assert!(refusal(&out).contains("the data part"));
    std::fs::rename(out.join("elsewhere"), out.join(DATA_PART)).unwrap();
    assert_eq!(
        put_back(&out, folder.path(), &folder.window(), NOW).unwrap(),
        1
    );
}

use std::sync::Arc;

use crypto::digest::Digest;
use crypto::keystore::{KdfCost, KeyStore, SealedFile, SecretName};
use crypto::{Curve, PrivateKey};
use identity::audit::{AuditEvent, EventDraft, Removed, RemovedBy, Sequences};
use identity::clock::Day;
use identity::device::{DeviceCurve, DeviceRow};
use identity::erasure::{Erased, Erasure, ErasureStore};
use identity::id::{Bucket, DeviceId, PersonId, ProposalId, StaffLogin};
use identity::log::keys::origin_of;
use identity::log::sequencer::Sequencer;
use identity::oversight::{Act, Answer, OversightStore, ProposalRow, ProposalState, Signed};
use identity::person::record::DataKey;
use identity::person::{NewPerson, PersonRow, PersonStore};
use identity::pin::PinRow;
use identity::residency::ExportAssessment;
use identity::staff::account::NewStaff;
use identity::staff::{Role, StaffStore};
use identity::wangzheng::{WangzhengRow, WangzhengState};
use jose::jwk::Jwk;

use super::permit::Place;
use super::restore::{Restored, put_back};
use super::*;
use crate::audit::database::verify;

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

    /// What a back-up at home needs.
    async fn at_home(&self) -> ExportPermit {
        let place = Place {
            place: "CN".to_owned(),
            home: vec!["CN".to_owned()],
        };
        place.permit(self.path(), NOW.day()).await.unwrap()
    }

    async fn backs_up(&self, out: &Path, now: Timestamp) -> Header {
        let permit = self.at_home().await;
        make(self.path(), out, &self.window(), &permit, now)
            .await
            .unwrap()
    }

    async fn restores(&self, out: &Path, now: Timestamp) -> Result<Restored, BackupError> {
        put_back(out, self.path(), &self.window(), now).await
    }

    /// What the service does each minute.
    async fn lists_the_erased(&self, now: Timestamp) {
        erased::write(&self.window(), &*self.store(), &self.keys(), now)
            .await
            .unwrap();
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
        let device = PrivateKey::generate(Curve::P256, &SystemRandom).unwrap();
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
                signing_key: device.public().to_sec1().unwrap().to_vec(),
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

    /// An assessment with its two persons, as the staff's act leaves it.
    async fn assesses(&self, destination: &str, what: &str, valid_until: Day) {
        let store = self.store();
        let event = || {
            let day = NOW.day();
            EventDraft::new(AuditEvent::WanghaoSettled { day }, &SystemRandom)
        };
        let staff = [
            ("sys", Role::SystemAdministrator),
            ("sec", Role::SecurityAdministrator),
        ];
        for (login, role) in staff {
            let key = PrivateKey::generate(Curve::P256, &SystemRandom).unwrap();
            let row = NewStaff {
                login: StaffLogin(login.to_owned()),
                name: login.to_owned(),
                role,
                platform: None,
                key: Jwk::public(key.public(), None, None, None),
            };
            store.put_staff(row.row(), event()).await.unwrap();
        }
        let signed = |login: &str| Signed {
            login: StaffLogin(login.to_owned()),
            name: login.to_owned(),
            at: NOW,
            statement: "a.b.c".to_owned(),
        };
        let id = ProposalId(format!("{destination}-{what}"));
        let assessment = ExportAssessment {
            destination: destination.to_owned(),
            reference: "网安评〔2026〕7号".to_owned(),
            what: what.to_owned(),
            reason: "异地灾备".to_owned(),
            valid_until,
        };
        let row = ProposalRow {
            id: id.clone(),
            act: Act::ApproveExport { assessment },
            state: ProposalState::Open,
            expires_at: NOW.plus(3600),
            proposed: signed("sys"),
            decided: None,
            done: None,
        };
        assert!(store.propose(row, event()).await.unwrap());
        let answer = Answer::Confirm;
        let decided = store.decide_proposal(&id, answer, signed("sec"), event());
        decided.await.unwrap().unwrap();
        let done = store.finish_proposal(&id, "recorded", NOW, event());
        assert!(done.await.unwrap());
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
            devices: vec![erased_mark(&self.keys(), person)],
        };
        let erased = store.erase_person(erasure, event(removed)).await.unwrap();
        assert_eq!(erased, Erased::Erased);
    }
}

/// What stays of an erased person: the mark by which a restore knows them.
fn erased_mark(keys: &SealedFile, person: PersonId) -> Digest {
    keys.mac(SecretName::Tag, &[b"erased-person", person.as_bytes()])
        .unwrap()
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
    folder.backs_up(&out, NOW).await;
    let bytes = std::fs::read(out.join(DATA_PART)).unwrap();
    assert!(bytes.windows(12).any(|part| part == person.as_bytes()));
    for part in [&wrapped[..16], &wrapped[wrapped.len() - 16..]] {
        assert!(!bytes.windows(16).any(|found| found == part));
    }
    let again = make(
        folder.path(),
        &out,
        &folder.window(),
        &folder.at_home().await,
        NOW,
    )
    .await;
    assert!(
        matches!(again, Err(BackupError::Refused(_))),
        "never over another"
    );
}

/// R9.5: a back-up from before the erasure opens while its key lives; after seven days nobody opens it.
#[tokio::test]
async fn r9_5_a_back_up_opens_for_seven_days_and_never_after() {
    let folder = Folder::new();
    let person = folder.applies("林晓安").await;
    folder.applies("somebody else").await;
    folder.epoch().await;
    let out = folder.path().join("out");
    let header = folder.backs_up(&out, NOW).await;
    assert_eq!(header.opens_until, NOW.plus(7 * 86_400));

    // Within the window the back-up is whole, and its log verifies.
    folder.loses_its_database();
    let last = NOW.plus(7 * 86_400 - 1);
    let restored = folder.restores(&out, last).await.unwrap();
    assert_eq!((restored.persons, restored.erased_again), (2, 0));
    assert_eq!(folder.opens(person).await.as_deref(), Some("林晓安"));
    let verified = verify(folder.path(), &mut |_| {}).await.unwrap();
    assert!(verified.report.is_good(), "{:?}", verified.report.findings);

    // After it the key is gone for good, whatever clock asks later.
    folder.loses_its_database();
    let over = NOW.plus(7 * 86_400);
    for now in [over, NOW] {
        let refused = folder.restores(&out, now).await;
        let Err(BackupError::Refused(text)) = refused else {
            panic!("{refused:?}");
        };
        assert!(text.contains("R9.5"), "{text}");
        assert!(!folder.path().join("wangzheng.db").exists());
    }
    let window = std::fs::read_dir(folder.window().folder()).unwrap();
    let keys = window.filter(|entry| {
        let path = entry.as_ref().unwrap().path();
        path.extension().is_some_and(|extension| extension == "key")
    });
    assert_eq!(keys.count(), 0, "destroyed");
}

/// R9.5: who left after a back-up was made does not come back with it; a tombstone counts it, and the log verifies.
#[tokio::test]
async fn r9_5_a_restore_brings_nobody_back_who_left_since() {
    let folder = Folder::new();
    let gone = folder.applies("林晓安").await;
    let stays = folder.applies("somebody else").await;
    folder.epoch().await;
    let out = folder.path().join("out");
    folder.backs_up(&out, NOW).await;
    folder.erases(gone).await;
    folder.lists_the_erased(NOW.plus(60)).await;
    folder.loses_its_database();

    let restored = folder.restores(&out, NOW.plus(3600)).await.unwrap();
    let expected = Restored {
        persons: 1,
        erased_again: 1,
        erasures_known_until: NOW.plus(60),
    };
    assert_eq!(restored, expected);
    assert_eq!(folder.opens(gone).await, None, "erased stays erased");
    assert_eq!(folder.opens(stays).await.as_deref(), Some("somebody else"));
    let store = folder.store();
    let persons = store.persons_after(gone.bucket(), None, 9).await.unwrap();
    assert!(!persons.contains(&gone), "no row of the person");
    let holder = sm3(&["林晓安".as_bytes()]);
    let tombstone = store.tombstone(gone.bucket(), &holder).await.unwrap();
    assert_eq!(tombstone.unwrap().count, 1);
    drop(store);
    let bytes = std::fs::read(folder.path().join("wangzheng.db")).unwrap();
    assert!(!bytes.windows(12).any(|part| part == gone.as_bytes()));
    let verified = verify(folder.path(), &mut |_| {}).await.unwrap();
    assert!(verified.report.is_good(), "{:?}", verified.report.findings);
    // What the restore left beside is gone.
    assert!(!folder.path().join("wangzheng.db.restoring").exists());
}

/// R9.5: without a list, with one somebody changed, or with one older than the back-up, nobody is brought back.
#[tokio::test]
async fn r9_5_a_restore_needs_the_list_of_the_erased() {
    let folder = Folder::new();
    let gone = folder.applies("林晓安").await;
    folder.epoch().await;
    let out = folder.path().join("out");
    folder.lists_the_erased(NOW.plus(-60)).await;
    let list = folder.window().folder().join("erased.json");
    let older = std::fs::read(&list).unwrap();
    folder.backs_up(&out, NOW).await;
    folder.erases(gone).await;
    folder.lists_the_erased(NOW.plus(60)).await;
    let newest = std::fs::read_to_string(&list).unwrap();
    folder.loses_its_database();
    let mark = serde_json::to_string(&erased_mark(&folder.keys(), gone)).unwrap();
    assert!(newest.contains(&mark), "{newest}");
    let empty = newest.replace(&mark, "");
    for (bytes, why) in [
        (None, "cannot be read"),
        (Some(empty.into_bytes()), "was changed"),
        (Some(older), "older than the back-up"),
    ] {
        match bytes {
            None => std::fs::remove_file(&list).unwrap(),
            Some(bytes) => std::fs::write(&list, bytes).unwrap(),
        }
        let refused = folder.restores(&out, NOW.plus(120)).await;
        let Err(BackupError::Refused(text)) = refused else {
            panic!("{refused:?}");
        };
        assert!(text.contains("R9.5") && text.contains(why), "{text}");
        assert!(!folder.path().join("wangzheng.db").exists());
    }
}

/// R12.2: a back-up goes abroad by an assessment that two persons recorded for that place, and not after its last day.
#[tokio::test]
async fn r12_2_a_back_up_abroad_needs_an_assessment() {
    let folder = Folder::new();
    folder.applies("林晓安").await;
    let abroad = |place: &str| Place {
        place: place.to_owned(),
        home: vec!["CN".to_owned()],
    };
    let today = NOW.day();
    let refused = abroad("SG").permit(folder.path(), today).await.unwrap_err();
    assert!(refused.to_string().contains("R12.2"), "{refused}");
    folder.assesses("SG", "backup", today.plus(30)).await;
    let permit = abroad("SG").permit(folder.path(), today).await.unwrap();
    let out = folder.path().join("out");
    let header = make(folder.path(), &out, &folder.window(), &permit, NOW).await;
    let header = header.unwrap();
    assert_eq!(
        (header.place.as_str(), header.assessment.as_deref()),
        ("SG", Some("网安评〔2026〕7号"))
    );
    // Another place, another purpose, another day.
    for (place, day) in [("US", today), ("SG", today.plus(31))] {
        let refused = abroad(place).permit(folder.path(), day).await;
        assert!(matches!(refused, Err(BackupError::Refused(_))), "{place}");
    }
    folder.assesses("US", "export", today.plus(30)).await;
    let refused = abroad("US").permit(folder.path(), today).await;
    assert!(matches!(refused, Err(BackupError::Refused(_))));
}

/// Both parts, of one back-up, unchanged, into a folder without a database: anything else is refused by name.
#[tokio::test]
async fn r9_5_a_restore_needs_both_parts() {
    let folder = Folder::new();
    folder.applies("林晓安").await;
    let (out, other) = (folder.path().join("out"), folder.path().join("other"));
    folder.backs_up(&out, NOW).await;
    folder.applies("somebody else").await;
    folder.backs_up(&other, NOW.plus(60)).await;
    let refusal = async |from: &Path| match folder.restores(from, NOW.plus(60)).await {
        Err(BackupError::Refused(text)) => text,
        other => panic!("{other:?}"),
    };
    assert!(refusal(&out).await.contains("is there already"));
    folder.loses_its_database();
    let key_part = std::fs::read(out.join(KEY_PART)).unwrap();
    std::fs::remove_file(out.join(KEY_PART)).unwrap();
    assert!(
        refusal(&out)
            .await
            .contains("needs both parts; the data keys part")
    );
    std::fs::copy(other.join(KEY_PART), out.join(KEY_PART)).unwrap();
    assert!(refusal(&out).await.contains("not of one back-up"));
    let mut changed = key_part.clone();
    *changed.last_mut().unwrap() ^= 1;
    std::fs::write(out.join(KEY_PART), changed).unwrap();
    assert!(refusal(&out).await.contains("do not open"));
    std::fs::write(out.join(KEY_PART), &key_part).unwrap();
    std::fs::rename(out.join(DATA_PART), out.join("elsewhere")).unwrap();
    assert!(refusal(&out).await.contains("the data part"));
    std::fs::rename(out.join("elsewhere"), out.join(DATA_PART)).unwrap();
    let restored = folder.restores(&out, NOW.plus(60)).await.unwrap();
    assert_eq!(restored.persons, 1);
}

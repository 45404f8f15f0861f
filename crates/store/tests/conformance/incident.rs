//! Incidents, and whom they touch.

use crypto::random::SeededRandom;
use identity::audit::{AuditEvent, EventDraft, reference_bucket};
use identity::id::{Bucket, IncidentId, StaffLogin};
use identity::incident::{Effect, Incident, IncidentKind, Level, Progress, Scope};
use identity::platform::LocalText;

use super::Backend;
use crate::sample::{self, NOW};

pub(crate) fn incident(id: &str) -> Incident {
    Incident {
        id: IncidentId(id.to_owned()),
        revision: 1,
        drill: false,
        kind: IncidentKind::Data,
        title: LocalText::new("数据泄露", "A leak"),
        scope: Scope::Service,
        effect: Effect::default(),
        level: Level::Ordinary,
        opened_at: NOW,
        opened_by: StaffLogin("secadmin".to_owned()),
        reportable_since: None,
        steps: Vec::new(),
        timeline: Vec::new(),
        reported_at: None,
        forwarded_at: None,
        notice: None,
        told: Progress::default(),
        closed_at: None,
        summary: None,
        summary_sent_at: None,
    }
}

fn changed(id: &IncidentId, random: &SeededRandom) -> EventDraft {
    let event = AuditEvent::IncidentChanged {
        incident: id.clone(),
        change: "open".to_owned(),
        drill: false,
        by: None,
        at: NOW,
    };
    EventDraft::new(event, random)
}

pub(crate) async fn r12_3_of_two_changes_at_once_one_counts(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(1));
    let first = incident("one");
    let put = async |incident: &Incident| {
        let event = changed(&incident.id, &random);
        store.put_incident(incident.clone(), event).await.unwrap()
    };
    assert!(put(&first).await);
    assert!(!put(&first).await, "recorded already");
    let bucket = reference_bucket("one");
    assert_eq!(sample::last_outcome(&*store, bucket).await, "moved");
    let mut second = first.clone();
    second.revision = 2;
    second.level = Level::Major;
    assert!(put(&second).await);
    let mut also_second = first.clone();
    also_second.revision = 2;
    assert!(!put(&also_second).await, "somebody was faster");
    let mut fourth = second.clone();
    fourth.revision = 4;
    assert!(!put(&fourth).await, "a revision is left out");
    assert_eq!(
        store.incident(&first.id).await.unwrap(),
        Some(second.clone())
    );
    assert_eq!(store.incidents().await.unwrap(), [second]);
    let nowhere = IncidentId("nowhere".to_owned());
    assert_eq!(store.incident(&nowhere).await.unwrap(), None);
}

pub(crate) async fn r12_3_the_persons_of_a_bucket_come_page_by_page(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(2));
    let holder = |number: u8| {
        let mut holder = sample::digest(&random);
        // One bucket: its twelve bits are the first of the digest.
        (holder.0[0], holder.0[1]) = (0xab, 0xc0 | (number & 0x0f));
        holder
    };
    let mut expected = Vec::new();
    for number in 0..5 {
        let (bucket, new) = sample::new_person_of(holder(number), &random);
        let person = new.person.person;
        let event = sample::applied(person, &random);
        store.apply(bucket, new, event).await.unwrap();
        expected.push(person);
    }
    sample::apply(&*store, &random).await;
    expected.sort();
    let bucket = Bucket::new(0xabc).unwrap();
    let mut found = Vec::new();
    loop {
        let after = found.last().copied();
        let page = store.persons_of_bucket(bucket, after, 2).await.unwrap();
        assert!(page.len() <= 2);
        if page.is_empty() {
            break;
        }
        found.extend(page);
    }
    assert_eq!(found, expected, "each once, nobody of another bucket");
}

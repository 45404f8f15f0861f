//! Who is told, without a trail (C1, R12.3): whole buckets for an incident of the service; for one at a platform the
//! platform brings its own identifiers, which are opened in memory and forgotten. Stored are sealed inbox entries and
//! a count, nothing else.

use crate::audit::{AuditEvent, EventDraft};
use crate::id::{Bucket, IncidentId, PersonId};
use crate::inbox::InboxNote;
use crate::platform::Platform;
use crate::service::{Fault, Service};
use crate::verification::pairwise::PairwiseId;

use super::lead::{IncidentError, IncidentRefused};
use super::{Incident, Scope};

/// Persons read at once.
const AT_ONCE: u32 = 200;
/// Most identifiers of one call of a platform.
pub const MOST_SUBJECTS: usize = 2000;

impl Service {
    /// Goes on telling the persons of incidents that have begun to: at most `buckets` buckets of each. How many persons
    /// were told. Called again and again beside the requests; a stop in between repeats at most one bucket, so a person
    /// may read a notice twice and none is left out.
    pub async fn continue_telling(&self, buckets: u16) -> Result<u64, Fault> {
        let mut told = 0;
        for incident in self.store.incidents().await? {
            let begun = incident.told.started_at.is_some() && incident.told.finished_at.is_none();
            if begun && !incident.drill && !matches!(incident.scope, Scope::Platform { .. }) {
                told += self.tell_next(incident, buckets).await?;
            }
        }
        Ok(told)
    }

    async fn tell_next(&self, mut incident: Incident, buckets: u16) -> Result<u64, Fault> {
        let note = prepared(&incident)?;
        let all = incident.scope.buckets();
        let next = usize::from(incident.told.buckets_done);
        let mut told = 0;
        for bucket in all.iter().skip(next).take(buckets.into()) {
            told += self.tell_bucket(*bucket, &note).await?;
            incident.told.buckets_done += 1;
        }
        incident.told.persons += told;
        if usize::from(incident.told.buckets_done) >= all.len() {
            incident.told.finished_at = Some(self.now());
        }
        self.put_progress(incident).await?;
        Ok(told)
    }

    async fn tell_bucket(&self, bucket: Bucket, note: &InboxNote) -> Result<u64, Fault> {
        let (mut told, mut after): (u64, Option<PersonId>) = (0, None);
        loop {
            let persons = self.store.persons_of_bucket(bucket, after, AT_ONCE).await?;
            let Some(last) = persons.last().copied() else {
                return Ok(told);
            };
            for person in persons {
                // Who left meanwhile is not told: there is nobody's inbox.
                if let Some(row) = self.store.person(person).await? {
                    self.notify(&row, note).await?;
                    told += 1;
                }
            }
            after = Some(last);
        }
    }

    /// An incident at a platform: the platform names its own identifiers, each opened in memory, looked up and told.
    /// What it learns is how many it named.
    pub async fn tell_subjects(
        &self,
        platform: &Platform,
        id: &IncidentId,
        subjects: &[&str],
    ) -> Result<usize, IncidentError> {
        // 1. An incident of this very platform, being told. To any other there is none.
        let mut incident = self.incident(id).await?;
        let own = matches!(&incident.scope, Scope::Platform { platform: of } if *of == platform.id);
        if !own {
            return Err(IncidentRefused::Unknown.into());
        }
        if incident.told.started_at.is_none() {
            return Err(IncidentRefused::NotNow("the notice is not released yet").into());
        }
        if subjects.len() > MOST_SUBJECTS {
            return Err(IncidentRefused::NotNow("at most 2000 identifiers at once").into());
        }
        // 2. R12.3: a drill tells nobody.
        if incident.drill {
            return Ok(subjects.len());
        }
        let note = prepared(&incident)?;
        let mut told = 0;
        for subject in subjects {
            let opened = PairwiseId::open(subject, platform.sector(), self.keys());
            let Some((person, generation)) = opened.map_err(Fault::from)? else {
                continue;
            };
            let row = self.store.person(person).await.map_err(Fault::from)?;
            if let Some(row) = row.filter(|row| row.generation == generation) {
                self.notify(&row, &note).await?;
                told += 1;
            }
        }
        // 3. A count, and not who.
        incident.told.persons += told;
        self.put_progress(incident).await?;
        Ok(subjects.len())
    }

    /// Stores the progress over whatever else was changed meanwhile.
    async fn put_progress(&self, done: Incident) -> Result<(), Fault> {
        let mut incident = done;
        loop {
            incident.revision += 1;
            let event = AuditEvent::IncidentChanged {
                incident: incident.id.clone(),
                change: "told".to_owned(),
                drill: incident.drill,
                by: None,
                at: self.now(),
            };
            let event = EventDraft::new(event, self.random());
            if self.store.put_incident(incident.clone(), event).await? {
                return Ok(());
            }
            let progress = incident.told.clone();
            let read = self.store.incident(&incident.id).await?;
            incident = read.ok_or(Fault::Invariant("an incident is gone"))?;
            incident.told = progress;
        }
    }
}

fn prepared(incident: &Incident) -> Result<InboxNote, Fault> {
    let notice = incident.notice.as_ref();
    let note = notice.and_then(|notice| notice.note(incident).ok());
    note.ok_or(Fault::Invariant("an incident tells without its notice"))
}

impl Scope {
    /// The buckets whose persons are told; none for a platform, which names them.
    pub fn buckets(&self) -> Vec<Bucket> {
        match self {
            Self::Service => (0..Bucket::COUNT).filter_map(Bucket::new).collect(),
            Self::Buckets { buckets } => buckets.iter().copied().filter_map(Bucket::new).collect(),
            Self::Platform { .. } => Vec::new(),
        }
    }
}

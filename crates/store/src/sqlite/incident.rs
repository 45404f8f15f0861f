//! Rows of [`identity::incident`]: a reference table, and the persons of a bucket who are told.

use async_trait::async_trait;
use identity::audit::{EventDraft, reference_bucket};
use identity::id::{Bucket, IncidentId, PersonId};
use identity::incident::{Incident, IncidentStore};
use identity::store::StoreError;

use super::Sqlite;
use super::audit;
use super::platform::to_json;
use super::row::Columns;
use super::statement::{INCIDENT, INCIDENTS, INSERT_INCIDENT, PERSONS_OF_BUCKET, UPDATE_INCIDENT};

#[async_trait]
impl IncidentStore for Sqlite {
    async fn put_incident(
        &self,
        incident: Incident,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        self.write(move |link| {
            let id = incident.id.as_str();
            let row = (id, incident.revision, to_json(&incident)?);
            // Of two changes at once one counts: each is made on the revision before it.
            let statement = if incident.revision == 1 {
                &INSERT_INCIDENT
            } else {
                &UPDATE_INCIDENT
            };
            let stored = link.execute(statement, row)? == 1;
            let outcome = if stored { "done" } else { "moved" };
            audit::record(link, reference_bucket(id), &event, outcome, None)?;
            Ok(stored)
        })
        .await
    }

    async fn incident(&self, id: &IncidentId) -> Result<Option<Incident>, StoreError> {
        self.read(|link| link.first(&INCIDENT, [id.as_str()], read))
    }

    async fn incidents(&self) -> Result<Vec<Incident>, StoreError> {
        self.read(|link| link.all(&INCIDENTS, [], read))
    }

    async fn persons_of_bucket(
        &self,
        bucket: Bucket,
        after: Option<PersonId>,
        limit: u32,
    ) -> Result<Vec<PersonId>, StoreError> {
        let after = after.map_or([0; 12], |person| *person.as_bytes());
        let parameters = (bucket.number(), after, limit);
        self.read(|link| link.all(&PERSONS_OF_BUCKET, parameters, read_person))
    }
}

fn read(columns: &mut Columns<'_, '_>) -> rusqlite::Result<Incident> {
    columns.json()
}

fn read_person(columns: &mut Columns<'_, '_>) -> rusqlite::Result<PersonId> {
    columns.person()
}

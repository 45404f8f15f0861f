//! The person's inbox: what the service has to tell, sealed to the person's history key (R9.5, R12.3, P-recovery).
//!
//! An entry lies beside the receipts, of the same size, so that nobody but the person's devices can tell one from
//! another (C1).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::audit::{AuditEvent, EventDraft};
use crate::person::PersonRow;
use crate::platform::LocalText;
use crate::receipt::{InboxEntry, PADDED_SIZE};
use crate::service::{Fault, Service};

/// One message, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxNote {
    /// What it is about, by name: `incident`, `document_expired`, `guardian_no_longer_needed` …
    pub topic: String,
    /// One line.
    pub title: LocalText,
    /// The rest.
    pub text: LocalText,
}

/// What lies in the inbox, beside the note: how a wallet tells it from a receipt.
#[derive(Serialize)]
struct Entry<'a> {
    kind: &'static str,
    #[serde(flatten)]
    note: &'a InboxNote,
    #[serde(flatten)]
    fields: Value,
    iat: i64,
}

impl InboxNote {
    /// Whether it fits into one entry: what does not is refused while it is written, not when it is sent.
    pub fn fits(&self) -> bool {
        let entry = Entry {
            kind: "notice",
            note: self,
            fields: json!({}),
            iat: i64::MAX,
        };
        serde_json::to_vec(&entry).is_ok_and(|text| text.len() + 4 <= PADDED_SIZE)
    }
}

impl Service {
    /// Puts a message into a person's inbox. Event: `inbox_note_put`, outcome `done`.
    pub async fn notify(&self, person: &PersonRow, note: &InboxNote) -> Result<(), Fault> {
        self.notify_with(person, note, json!({})).await
    }

    /// The same with further members of an object, for the wallet to act on.
    pub(crate) async fn notify_with(
        &self,
        person: &PersonRow,
        note: &InboxNote,
        fields: Value,
    ) -> Result<(), Fault> {
        let entry = self.inbox_entry(person, note, fields)?;
        let event = AuditEvent::InboxNotePut {
            person: person.person,
            day: self.now().day(),
        };
        let event = EventDraft::new(event, self.random());
        self.store.put_receipt(entry, event).await?;
        Ok(())
    }

    /// A message ready for the inbox, for a verb that tells the person in its own unit.
    pub(crate) fn note_entry(
        &self,
        person: &PersonRow,
        note: &InboxNote,
    ) -> Result<InboxEntry, Fault> {
        self.inbox_entry(person, note, json!({}))
    }

    /// The message sealed, for a verb that stores it together with what it tells of.
    pub(crate) fn inbox_entry(
        &self,
        person: &PersonRow,
        note: &InboxNote,
        fields: Value,
    ) -> Result<InboxEntry, Fault> {
        let day = self.now().day();
        let entry = Entry {
            kind: "notice",
            note,
            fields,
            iat: self.now().0,
        };
        let text = serde_json::to_string(&entry).map_err(|_| Fault::Invariant("inbox note"))?;
        InboxEntry::seal(
            person.person,
            day,
            &text,
            &person.history_key,
            self.random(),
        )
        .map_err(|_| Fault::Invariant("an inbox note does not seal"))
    }
}

//! A correction that waits until the registry answers (R15.2): sealed under the person's data key, told when it is done.

use crypto::keystore::SecretName;
use serde::{Deserialize, Serialize};

use crate::person::apply::DocumentFields;
use crate::person::{PersonRow, record::DataKey};
use crate::platform::LocalText;
use crate::service::{Fault, Service};
use crate::wangzheng::WangzhengRow;

use super::note;
use super::renew::{Asked, RenewError};

/// What waits.
#[derive(Serialize, Deserialize)]
struct Waiting {
    /// What the person says is right; absent: ask with what is held.
    typed: Option<DocumentFields>,
}

impl Service {
    /// Puts a correction where it waits; answers the number to ask with.
    pub(super) async fn wait_for_registry(
        &self,
        person: &PersonRow,
        typed: Option<&DocumentFields>,
    ) -> Result<String, Fault> {
        let waiting = Waiting {
            typed: typed.cloned(),
        };
        let plain = serde_json::to_vec(&waiting).map_err(|_| Fault::Invariant("a correction"))?;
        let sealed = self
            .data_key(person)?
            .seal(&place(person), &plain, self.random())
            .map_err(|_| Fault::Invariant("seal"))?;
        let event = self.checked_event(person.person, "waiting");
        self.store
            .put_waiting(person.person, Some(sealed), event)
            .await?;
        self.queue_number(person)
    }

    /// Eight digits by which a person and a help desk speak of what waits; they say nothing else.
    pub fn queue_number(&self, person: &PersonRow) -> Result<String, Fault> {
        let day = self.now().day().0.to_be_bytes();
        let parts: [&[u8]; 3] = [b"queue-number", person.person.as_bytes(), &day];
        let digest = self.keys().mac(SecretName::Tag, &parts)?;
        let first = digest.0.first_chunk::<4>().copied().unwrap_or_default();
        Ok(format!("{:08}", u32::from_be_bytes(first) % 100_000_000))
    }

    /// Tries a waiting correction again. `false`: the registry still does not answer.
    pub(super) async fn settle_waiting(
        &self,
        person: &PersonRow,
        wangzheng: &WangzhengRow,
        sealed: &[u8],
    ) -> Result<bool, Fault> {
        let waiting = open(person, &self.data_key(person)?, sealed)?;
        let asked = self
            .ask_for_correction(person, wangzheng, waiting.typed.as_ref())
            .await;
        let told = match asked {
            Ok(Asked::Unavailable) => return Ok(false),
            Ok(Asked::Unchanged) => Some(note::confirmed()),
            // The change itself told the person.
            Ok(Asked::Changed(_)) => None,
            Err(RenewError::Refused(refused)) => {
                Some(note::refused(&refused.reason(), &refused.next_step()))
            }
            Err(RenewError::Fault(fault)) => return Err(fault),
        };
        let event = self.checked_event(person.person, "settled");
        self.store.put_waiting(person.person, None, event).await?;
        if let Some(note) = told {
            self.notify(person, &note).await?;
        }
        Ok(true)
    }

    /// What a waiting correction says the register should know, for the person's own eyes.
    pub fn waits_for_registry(&self, wangzheng: &WangzhengRow) -> Option<LocalText> {
        wangzheng.waiting.as_ref().map(|_| {
            LocalText::new(
                "登记库没有应答，你的更正申请在排队，办好后会在通知里告诉你。",
                "The register does not answer. Your correction waits; a notice will tell you when it is done.",
            )
        })
    }
}

fn place(person: &PersonRow) -> [&[u8]; 3] {
    [b"wangzheng", b"waiting", person.person.as_bytes()]
}

fn open(person: &PersonRow, data_key: &DataKey, sealed: &[u8]) -> Result<Waiting, Fault> {
    let plain = data_key
        .open(&place(person), sealed)
        .map_err(|_| Fault::Invariant("a waiting correction does not open"))?;
    serde_json::from_slice(&plain).map_err(|_| Fault::Invariant("a waiting correction"))
}

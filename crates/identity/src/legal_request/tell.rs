//! The person is told of a legal request: at once, or when the reason to wait has ended (Art. 11(3), (4), R9.4).

use crate::clock::Day;
use crate::inbox::InboxNote;
use crate::platform::LocalText;
use crate::service::{Fault, Service};

use super::{LegalRequestRow, NewLegalRequest};

impl Service {
    /// The day on which the person is told.
    pub(super) fn tell_on(&self, new: &NewLegalRequest) -> Day {
        let deferred = new.defer_until.as_deref();
        deferred
            .and_then(|until| self.deferred_until(until))
            .unwrap_or(self.now().day())
    }

    /// Tells everybody who is to be told by today; how many. Called once a minute: nobody has to remember it.
    pub async fn tell_of_legal_requests(&self) -> Result<usize, Fault> {
        let today = self.now().day();
        let mut told = 0;
        for row in self.store.legal_requests().await? {
            if row.told_on.is_none() && row.tell_on.is_some_and(|day| day <= today) {
                told += usize::from(self.tell_of(row).await?);
            }
        }
        Ok(told)
    }

    async fn tell_of(&self, mut row: LegalRequestRow) -> Result<bool, Fault> {
        let contents = self.open_legal(&row).await?;
        let person = match contents.person {
            Some(person) => self.store.person(person).await?,
            None => None,
        };
        // Who left has no inbox; the record of it stays.
        if let Some(person) = &person {
            self.notify(person, &note(&row, &contents.new)).await?;
        }
        row.told_on = Some(self.now().day());
        let event = self.legal_event(&row, &contents.new, "told", &[]);
        Ok(self.store.change_legal_request(row, event).await?)
    }
}

fn note(row: &LegalRequestRow, new: &NewLegalRequest) -> InboxNote {
    let basis = row.basis.title();
    let given: Vec<&str> = new.asks.iter().map(|what| what.as_str()).collect();
    let (authority, given) = (&row.authority, given.join(", "));
    InboxNote {
        topic: "legal_request".to_owned(),
        title: LocalText::new(
            "依法向有关机关提供了你的信息",
            "Data about you was given to an authority",
        ),
        text: LocalText::new(
            &format!(
                "{authority}依据{}要求提供：{given}。编号 {}。你的使用记录不在其中，我们没有。",
                basis.chinese, row.request
            ),
            &format!(
                "{authority} asked on {}: {given}. Number {}. Your history is not among it: we do not hold it.",
                basis.english, row.request
            ),
        ),
    }
}

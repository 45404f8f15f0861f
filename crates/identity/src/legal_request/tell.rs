//! The person is told of a legal request: at once, or when the reason to wait has ended (Art. 11(3), (4), R9.4).

use crate::clock::Day;
use crate::id::StaffLogin;
use crate::inbox::InboxNote;
use crate::person::PersonRow;
use crate::platform::LocalText;
use crate::service::{Fault, Service};

use super::{LegalContents, LegalRequestRow, NewLegalRequest};

/// Who lifts a deferral whose day has come.
const AUTOMATIC: &str = "automatic";

impl Service {
    /// The day on which the person is told.
    pub(super) fn tell_on(&self, new: &NewLegalRequest) -> Day {
        let deferred = new.defer_until.as_deref();
        deferred
            .and_then(|until| self.deferred_until(until))
            .unwrap_or(self.now().day())
    }

    /// Tells everybody who is to be told by today; how many. Until then the notice waits in the queue of Art. 11(4),
    /// where operators see it and its deadline alarms. Called once a minute: nobody has to remember it.
    pub async fn tell_of_legal_requests(&self) -> Result<usize, Fault> {
        let today = self.now().day();
        let mut told = 0;
        let mut deferrals = None;
        for row in self.store.legal_requests().await? {
            let Some(day) = row.tell_on.filter(|_| row.told_on.is_none()) else {
                continue;
            };
            if deferrals.is_none() {
                deferrals = Some(self.deferrals().await?);
            }
            let deferral = deferrals.iter().flatten();
            let deferral = deferral
                .into_iter()
                .find(|one| one.reason == row.request.as_str());
            match deferral {
                // Lifted by hand: the reason to wait was gone before its day.
                Some(deferral) if deferral.lifted_at.is_some() => {
                    told += usize::from(self.told(row).await?);
                }
                Some(_) if day <= today => told += usize::from(self.tell_late(row).await?),
                Some(_) => {}
                None if day <= today => told += usize::from(self.tell_of(row).await?),
                None => self.defer(&row, day).await?,
            }
        }
        Ok(told)
    }

    /// Puts the notice into the queue of Art. 11(4); its deadline is the end of its day.
    async fn defer(&self, row: &LegalRequestRow, day: Day) -> Result<(), Fault> {
        let contents = self.open_legal(row).await?;
        if let Some(person) = self.person_of(&contents).await? {
            let note = note(row, &contents.new);
            let due = day.plus(1).begins();
            self.defer_notice(&person, &note, row.request.as_str(), due)
                .await?;
        }
        Ok(())
    }

    /// The day has come. What a stop kept from being queued is told all the same.
    async fn tell_late(&self, row: LegalRequestRow) -> Result<bool, Fault> {
        let by = StaffLogin(AUTOMATIC.to_owned());
        let lifted = self.lift_notices(row.request.as_str(), &by).await?;
        if lifted.delivered == 0 {
            return self.tell_of(row).await;
        }
        self.told(row).await
    }

    async fn tell_of(&self, row: LegalRequestRow) -> Result<bool, Fault> {
        let contents = self.open_legal(&row).await?;
        // Who left has no inbox; the record of it stays.
        if let Some(person) = self.person_of(&contents).await? {
            self.notify(&person, &note(&row, &contents.new)).await?;
        }
        self.told(row).await
    }

    async fn told(&self, mut row: LegalRequestRow) -> Result<bool, Fault> {
        let contents = self.open_legal(&row).await?;
        row.told_on = Some(self.now().day());
        let event = self.legal_event(&row, &contents.new, "told", &[]);
        Ok(self.store.change_legal_request(row, event).await?)
    }

    async fn person_of(&self, contents: &LegalContents) -> Result<Option<PersonRow>, Fault> {
        match contents.person {
            Some(person) => Ok(self.store.person(person).await?),
            None => Ok(None),
        }
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

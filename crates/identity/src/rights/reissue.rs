//! Re-issue of the 网号 (R2.1): the old one dies for ever, nothing at any platform changes.

use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Day;
use crate::person::apply::ApplyError;
use crate::person::issue::record_place;
use crate::person::recover::{Act, open_record, person_of};
use crate::service::{Fault, Service};
use crate::statement::ProvenDevice;
use crate::verification::decision::{DecisionError, DecisionRefused};
use crate::wanghao::Wanghao;
use crate::wangzheng::WangzhengState;

use super::{Reissue, note};

/// What the person has now.
pub struct Reissued {
    /// The new number, for the person's eyes.
    pub wanghao: Wanghao,
    /// The credential anew, for the acting device.
    pub credential: String,
    /// Which issue it is.
    pub serial: u32,
    /// Last day of validity.
    pub valid_until: Day,
}

/// Why there is no new number.
#[derive(Debug, thiserror::Error)]
pub enum ReissueError {
    /// Statement, 口令, or the state of the 网证.
    #[error(transparent)]
    Decision(#[from] DecisionError),
    /// The registry, which is asked for what the new credential says.
    #[error(transparent)]
    Registry(#[from] ApplyError),
    /// Another change came first.
    #[error("another change came first")]
    Overtaken,
}

impl From<DecisionRefused> for ReissueError {
    fn from(refused: DecisionRefused) -> Self {
        Self::Decision(refused.into())
    }
}

impl From<Fault> for ReissueError {
    fn from(fault: Fault) -> Self {
        Self::Decision(fault.into())
    }
}

impl Service {
    /// A new 网号. Pairwise ids do not change: they hang on the person, not on the number.
    pub async fn reissue(&self, proven: &ProvenDevice<Act>) -> Result<Reissued, ReissueError> {
        let (view, person) = (proven.view(), person_of(proven));
        let now = self.now();
        // 1. Usable, and the 口令.
        let state = view.wangzheng.state_on(now.day());
        if state != WangzhengState::Active {
            return Err(DecisionRefused::NotActive(state).into());
        }
        let pin = proven.statement().pin.as_deref();
        let pin = pin.ok_or(DecisionRefused::PinNeeded)?;
        self.check_typed_pin(view, pin).await?;
        // 2. The registry, for what the credential says (R15.2).
        let data_key = self.data_key(&view.person)?;
        let mut record = open_record(&view.person, &data_key)?;
        let document = record.document(now.date())?;
        let registered = self
            .ask_registry(&document, now.date())
            .await
            .map_err(ApplyError::from)?;
        // 3. A number, set aside in its own bucket; the old one is remembered to be ended.
        let (old, new) = (record.wanghao()?, self.reserve_wanghao().await?);
        new.reveal().clone_into(&mut record.wanghao);
        let plain = serde_json::to_vec(&record).map_err(|_| Fault::Invariant("record"))?;
        let sealed_record = data_key
            .seal(&record_place(&person), &plain, self.random())
            .map_err(|_| Fault::Invariant("seal"))?;
        // 4. One unit: of two at once one is overtaken, and its number lapses.
        let reissue = Reissue {
            person,
            serial: view.wangzheng.serial,
            sealed_record,
            today: now.day(),
        };
        let day = now.day();
        let event = EventDraft::new(AuditEvent::WanghaoReissued { person, day }, self.random());
        let notice = self.note_entry(&view.person, &note::reissued())?;
        let done = self.store.reissue_wanghao(reissue, notice, event).await;
        if !done.map_err(Fault::from)? {
            return Err(ReissueError::Overtaken);
        }
        // 5. The new number is the person's for good, the old one nobody's. Where this is cut short both
        //    stay taken all the same: a number is not used twice.
        self.confirm_wanghao(&new).await?;
        let settled = EventDraft::new(AuditEvent::WanghaoSettled { day }, self.random());
        let old = old.digest(self.keys()).map_err(Fault::from)?;
        let ended = self.store.end_wanghao(&old, settled).await;
        ended.map_err(Fault::from)?;
        // 6. The credential anew.
        let valid_until = view.wangzheng.valid_until;
        let credential = self.credential_for(view, &record, &registered, valid_until)?;
        Ok(Reissued {
            wanghao: new,
            credential,
            serial: view.wangzheng.serial + 1,
            valid_until,
        })
    }
}

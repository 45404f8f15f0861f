//! What a person does with the account from a device: lock, unlock, devices, history (P20, P21, C3).

use crate::audit::{AuditEvent, EventDraft};
use crate::clock::{Day, Timestamp};
use crate::device::{DeviceHandle, DeviceRow};
use crate::id::{DeviceId, OpaqueId};
use crate::receipt::ReceiptRow;
use crate::service::{Fault, Service};
use crate::signal::{Recipients, SignalKind};
use crate::statement::{ProvenDevice, StatementRefused};
use crate::verification::decision::{DecisionError, DecisionRefused};
use crate::wangzheng::{TransitionReason, Transitioned, WangzhengState};

use super::HolderView;
use super::recover::{Act, open_record, person_of, wrap_fits};

/// What an account page shows. The masked 网号 and name are for the person's own screen.
pub struct AccountView {
    /// State of the 网证 today.
    pub state: WangzhengState,
    /// Last day of validity.
    pub valid_until: Day,
    /// `KO******2C`.
    pub wanghao_masked: String,
    /// `张*`.
    pub name_masked: String,
    /// Wire name of the document kind.
    pub document_kind: &'static str,
}

/// A device as its owner sees it.
pub struct DeviceView {
    /// Handle.
    pub handle: DeviceHandle,
    /// Name the person gave.
    pub name: String,
    /// Added on.
    pub added_on: Day,
    /// Works from.
    pub active_from: Timestamp,
    /// Whether it is the one asking.
    pub this: bool,
}

/// What became of a device that was to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceRemoved {
    /// It is none of the person's any more.
    Removed,
    /// It is none of the person's.
    NotOwn,
    /// It is the last one, and the statement does not say that this is meant.
    Last,
}

/// What became of a lock or unlock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockChanged {
    /// Done.
    Changed(WangzhengState),
    /// Not possible from this state.
    NotPossible(WangzhengState),
}

impl Service {
    /// Reads person, 网证 and device of a session.
    pub async fn holder_view(&self, handle: DeviceHandle) -> Result<Option<HolderView>, Fault> {
        let (person, device) = handle.open(self.keys())?;
        Ok(self.store.holder_view(person, device).await?)
    }

    /// What the person's own pages show.
    pub fn account(&self, view: &HolderView) -> Result<AccountView, Fault> {
        let data_key = self.data_key(&view.person)?;
        let record = open_record(&view.person, &data_key)?;
        let wanghao =
            crate::wanghao::Wanghao::parse(&record.wanghao).ok_or(Fault::Invariant("wanghao"))?;
        Ok(AccountView {
            state: view.wangzheng.state_on(self.now().day()),
            valid_until: view.wangzheng.valid_until,
            wanghao_masked: wanghao.masked(),
            name_masked: mask_name(&record.holder_name),
            document_kind: record.document_kind.as_str(),
        })
    }

    /// Lock: one tap, no second factor; only the person's own device can (C3).
    pub async fn lock(&self, proven: &ProvenDevice<Act>) -> Result<LockChanged, Fault> {
        self.transition(proven, TransitionReason::LockedByPerson)
            .await
    }

    /// Unlock: asks the 口令.
    pub async fn unlock(&self, proven: &ProvenDevice<Act>) -> Result<LockChanged, DecisionError> {
        let pin = proven
            .statement()
            .pin
            .as_deref()
            .ok_or(DecisionRefused::PinNeeded)?;
        self.check_typed_pin(proven.view(), pin).await?;
        Ok(self
            .transition(proven, TransitionReason::UnlockedByPerson)
            .await?)
    }

    async fn transition(
        &self,
        proven: &ProvenDevice<Act>,
        reason: TransitionReason,
    ) -> Result<LockChanged, Fault> {
        let today = self.now().day();
        let from = proven.view().wangzheng.state_on(today);
        let Some(to) = from.after(reason) else {
            return Ok(LockChanged::NotPossible(from));
        };
        let person = person_of(proven);
        let event = EventDraft::new(
            AuditEvent::WangzhengChanged {
                person,
                day: today,
                to: to.as_str().to_owned(),
                reason: reason.as_str().to_owned(),
            },
            self.random(),
        );
        match self
            .store
            .transition_wangzheng(person, from, to, event)
            .await?
        {
            Transitioned::Changed => {
                self.tell_of_lock(proven, to).await?;
                Ok(LockChanged::Changed(to))
            }
            Transitioned::NotInState(state) => Ok(LockChanged::NotPossible(state)),
        }
    }

    /// The person's own lock and unlock are told to the platforms the device names; nobody else's act is (C3).
    async fn tell_of_lock(
        &self,
        proven: &ProvenDevice<Act>,
        to: WangzhengState,
    ) -> Result<(), Fault> {
        let kind = match to {
            WangzhengState::Locked => SignalKind::Locked,
            _ => SignalKind::Unlocked,
        };
        let named = self.platforms_of(&proven.statement().clients);
        if !named.is_empty() {
            let recipients = Recipients::Named(named);
            self.tell_platforms(&proven.view().person, kind, recipients)
                .await?;
        }
        Ok(())
    }

    /// The devices of the person.
    pub async fn devices(&self, view: &HolderView) -> Result<Vec<DeviceView>, Fault> {
        let person = view.person.person;
        let data_key = self.data_key(&view.person)?;
        let place: [&[u8]; 3] = [b"device", b"name", person.as_bytes()];
        let mut devices = Vec::new();
        for row in self.store.devices(person).await? {
            let name = data_key
                .open(&place, &row.sealed_name)
                .map_err(|_| Fault::Invariant("a device name does not open"))?;
            devices.push(DeviceView {
                handle: DeviceHandle::of(person, row.device, self.keys())?,
                name: String::from_utf8_lossy(&name).into_owned(),
                added_on: row.added_on,
                active_from: row.active_from,
                this: row.device == view.device.device,
            });
        }
        Ok(devices)
    }

    /// Removes one of the person's devices; the others are told (P-recovery).
    pub async fn remove_device(&self, proven: &ProvenDevice<Act>) -> Result<DeviceRemoved, Fault> {
        let person = person_of(proven);
        // 1. One of the person's own?
        let Some(device) = self.own_device(proven)? else {
            return Ok(DeviceRemoved::NotOwn);
        };
        // 2. Without a device there is only the document check: the person says so on purpose (P21).
        let devices = self.store.devices(person).await?;
        let last = devices.iter().all(|row| row.device == device);
        if last && !devices.is_empty() && !proven.statement().last_device {
            return Ok(DeviceRemoved::Last);
        }
        // 3. Gone, and told.
        let notice = self.notice_to(&proven.view().person, "device-removed")?;
        let event = self.device_event(proven, device, "removed");
        let removed = self
            .store
            .remove_device(person, device, notice, event)
            .await?;
        Ok(if removed {
            DeviceRemoved::Removed
        } else {
            DeviceRemoved::NotOwn
        })
    }

    /// Stores the history key wrapped to the acting device.
    pub async fn put_history_wrap(
        &self,
        proven: &ProvenDevice<Act>,
        wrap: Vec<u8>,
    ) -> Result<(), DecisionError> {
        if !wrap_fits(&wrap) {
            return Err(DecisionRefused::Statement(StatementRefused::Invalid).into());
        }
        let device = proven.view().device.device;
        let event = self.device_event(proven, device, "history-wrapped");
        self.store
            .put_history_wrap(person_of(proven), device, wrap, event)
            .await
            .map_err(Fault::from)?;
        Ok(())
    }

    /// A history that begins anew, when nobody can open the old one: from now on receipts are
    /// sealed to the new key; the old ones stay closed for ever.
    pub async fn begin_history(
        &self,
        proven: &ProvenDevice<Act>,
        history_key: Vec<u8>,
        wrap: Vec<u8>,
    ) -> Result<(), DecisionError> {
        let good = crypto::PublicKey::from_sec1(crypto::Curve::P256, &history_key).is_ok();
        // Only a device that cannot read the history may begin another.
        if !good || !wrap_fits(&wrap) || !proven.view().device.history_wrap.is_empty() {
            return Err(DecisionRefused::Statement(StatementRefused::Invalid).into());
        }
        let device = proven.view().device.device;
        let event = self.device_event(proven, device, "history-begun");
        self.store
            .replace_history_key(person_of(proven), history_key, None, event)
            .await
            .map_err(Fault::from)?;
        self.put_history_wrap(proven, wrap).await
    }

    /// The sealed history, newest first.
    pub async fn history(
        &self,
        view: &HolderView,
        below: Option<u64>,
        limit: u32,
    ) -> Result<Vec<ReceiptRow>, Fault> {
        Ok(self
            .store
            .receipts(view.person.person, below, limit)
            .await?)
    }

    fn own_device(&self, proven: &ProvenDevice<Act>) -> Result<Option<DeviceId>, Fault> {
        let named = proven
            .statement()
            .device
            .as_deref()
            .and_then(OpaqueId::parse);
        let Some(handle) = named else { return Ok(None) };
        let (person, device) = DeviceHandle(handle).open(self.keys())?;
        Ok((person == person_of(proven)).then_some(device))
    }

    fn device_event(
        &self,
        proven: &ProvenDevice<Act>,
        device: DeviceId,
        change: &str,
    ) -> EventDraft {
        let event = AuditEvent::DeviceChanged {
            person: person_of(proven),
            device,
            day: self.now().day(),
            change: change.to_owned(),
        };
        EventDraft::new(event, self.random())
    }
}

/// The first character and a star: enough to know one's own card, nothing for a glance over the shoulder.
pub(crate) fn mask_name(name: &str) -> String {
    let first: String = name.chars().take(1).collect();
    format!("{first}*")
}

impl DeviceRow {
    /// Whether the device works at `now`.
    pub fn is_active(&self, now: Timestamp) -> bool {
        now >= self.active_from
    }
}

//! A person and what belongs to one.

use async_trait::async_trait;
use crypto::digest::Digest;
use identity::audit::EventDraft;
use identity::clock::Day;
use identity::consent::{ConsentRow, ConsentStore, Withdrawal};
use identity::device::{DeviceAdded, DeviceRow, DeviceStore};
use identity::id::{Bucket, DeviceId, PersonId};
use identity::person::{Applied, HolderView, NewPerson, PersonRow, PersonStore, RecoveryWrap};
use identity::pin::{PinAttempt, PinRow, PinSettled, PinStore};
use identity::receipt::InboxEntry;
use identity::store::StoreError;
use identity::wangzheng::{Suspension, Transitioned, WangzhengRow, WangzhengState, WangzhengStore};

use super::{Maps, Memory};

impl Maps {
    fn holder(&self, bucket: Bucket, holder: &Digest) -> Option<PersonId> {
        let mut persons = self.persons.values();
        let row = persons.find(|row| row.person.bucket() == bucket && row.holder == *holder);
        row.map(|row| row.person)
    }

    /// The person who has this holder reference or one of these documents.
    fn owner(&self, bucket: Bucket, holder: &Digest, documents: &[Digest]) -> Option<PersonId> {
        let owner = |document: &Digest| self.documents.get(&(bucket, *document)).copied();
        self.holder(bucket, holder)
            .or_else(|| documents.iter().find_map(owner))
    }

    fn devices_of(&self, person: PersonId) -> Vec<DeviceRow> {
        let of_person = self.devices.values().filter(|row| row.person == person);
        let mut devices: Vec<DeviceRow> = of_person.cloned().collect();
        devices.sort_by_key(|row| (row.added_on, row.active_from, row.device));
        devices
    }

    /// Stores the event of a change that happened, with its notice, or of one that could not.
    fn transitioned(
        &mut self,
        person: PersonId,
        (done, is): (bool, WangzhengState),
        notice: InboxEntry,
        event: &EventDraft,
    ) -> Transitioned {
        let outcome = if done { "done" } else { "not_in_state" };
        self.record(person.bucket(), event, outcome, done.then_some(notice));
        if done {
            Transitioned::Changed
        } else {
            Transitioned::NotInState(is)
        }
    }

    /// Stores an event that says whether there was something to change.
    fn record_found(&mut self, person: PersonId, event: &EventDraft, found: bool) {
        let outcome = if found { "done" } else { "not_found" };
        self.record(person.bucket(), event, outcome, None);
    }
}

#[async_trait]
impl PersonStore for Memory {
    async fn apply(
        &self,
        bucket: Bucket,
        new: NewPerson,
        event: EventDraft,
    ) -> Result<Applied, StoreError> {
        let mut maps = self.maps();
        if let Some(person) = maps.owner(bucket, &new.person.holder, &new.documents) {
            maps.record(bucket, &event, "already_holds", None);
            return Ok(Applied::AlreadyHolds(person));
        }
        let person = new.person.person;
        maps.persons.insert(person, new.person);
        maps.documents.extend(
            new.documents
                .into_iter()
                .map(|document| ((bucket, document), person)),
        );
        maps.wangzheng.insert(person, new.wangzheng);
        maps.devices.insert((person, new.device.device), new.device);
        maps.pins.insert(person, new.pin);
        maps.consents.extend(
            new.consents
                .into_iter()
                .map(|row| ((person, row.tag, row.notice), row)),
        );
        maps.record(bucket, &event, "done", None);
        Ok(Applied::Applied)
    }

    async fn person(&self, person: PersonId) -> Result<Option<PersonRow>, StoreError> {
        Ok(self.maps().persons.get(&person).cloned())
    }

    async fn holder(
        &self,
        bucket: Bucket,
        holder: &Digest,
    ) -> Result<Option<PersonId>, StoreError> {
        Ok(self.maps().holder(bucket, holder))
    }

    async fn holder_view(
        &self,
        person: PersonId,
        device: DeviceId,
    ) -> Result<Option<HolderView>, StoreError> {
        let maps = self.maps();
        let view = || {
            Some(HolderView {
                person: maps.persons.get(&person)?.clone(),
                wangzheng: maps.wangzheng.get(&person)?.clone(),
                device: maps.devices.get(&(person, device))?.clone(),
            })
        };
        Ok(view())
    }

    async fn replace_history_key(
        &self,
        person: PersonId,
        history_key: Vec<u8>,
        recovery: Option<RecoveryWrap>,
        event: EventDraft,
    ) -> Result<(), StoreError> {
        let mut maps = self.maps();
        let row = maps.persons.get_mut(&person);
        let found = row
            .map(|row| (row.history_key, row.recovery) = (history_key, recovery))
            .is_some();
        maps.record_found(person, &event, found);
        Ok(())
    }
}

#[async_trait]
impl WangzhengStore for Memory {
    async fn wangzheng(&self, person: PersonId) -> Result<Option<WangzhengRow>, StoreError> {
        Ok(self.maps().wangzheng.get(&person).cloned())
    }

    async fn suspend_wangzheng(
        &self,
        person: PersonId,
        why: Suspension,
        notice: InboxEntry,
        event: EventDraft,
    ) -> Result<Transitioned, StoreError> {
        let mut maps = self.maps();
        let row = maps.wangzheng.get_mut(&person);
        let is = row
            .as_ref()
            .map_or(WangzhengState::Revoked, |row| row.state);
        let open = [WangzhengState::Active, WangzhengState::Locked].contains(&is);
        if let Some(row) = row.filter(|_| open) {
            row.locked_under = is == WangzhengState::Locked;
            row.suspended_for = Some(why);
            row.state = WangzhengState::Suspended;
        }
        Ok(maps.transitioned(person, (open, is), notice, &event))
    }

    async fn restrict_wangzheng(
        &self,
        person: PersonId,
        since: Option<Day>,
        notice: InboxEntry,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        let mut maps = self.maps();
        let row = maps.wangzheng.get_mut(&person).filter(|row| {
            let ended = [WangzhengState::Superseded, WangzhengState::Revoked];
            row.restricted_on.is_some() != since.is_some() && !ended.contains(&row.state)
        });
        let changes = row.map(|row| row.restricted_on = since).is_some();
        let outcome = if changes { "done" } else { "not_in_state" };
        maps.record(person.bucket(), &event, outcome, changes.then_some(notice));
        Ok(changes)
    }

    async fn transition_wangzheng(
        &self,
        person: PersonId,
        from: WangzhengState,
        to: WangzhengState,
        event: EventDraft,
    ) -> Result<Transitioned, StoreError> {
        let mut maps = self.maps();
        let is = maps
            .wangzheng
            .get(&person)
            .map_or(WangzhengState::Revoked, |row| row.state);
        if is != from {
            maps.record(person.bucket(), &event, "not_in_state", None);
            return Ok(Transitioned::NotInState(is));
        }
        if let Some(row) = maps.wangzheng.get_mut(&person) {
            row.state = to;
        }
        maps.record(person.bucket(), &event, "done", None);
        Ok(Transitioned::Changed)
    }
}

#[async_trait]
impl DeviceStore for Memory {
    async fn add_device(
        &self,
        device: DeviceRow,
        most: u32,
        notice: InboxEntry,
        event: EventDraft,
    ) -> Result<DeviceAdded, StoreError> {
        let (mut maps, bucket) = (self.maps(), device.person.bucket());
        if maps.devices_of(device.person).len() >= super::most(most) {
            maps.record(bucket, &event, "too_many", None);
            return Ok(DeviceAdded::TooMany);
        }
        maps.devices.insert((device.person, device.device), device);
        maps.record(bucket, &event, "done", Some(notice));
        Ok(DeviceAdded::Added)
    }

    async fn remove_device(
        &self,
        person: PersonId,
        device: DeviceId,
        notice: InboxEntry,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        let mut maps = self.maps();
        let removed = maps.devices.remove(&(person, device)).is_some();
        let outcome = if removed { "done" } else { "not_found" };
        maps.record(person.bucket(), &event, outcome, removed.then_some(notice));
        Ok(removed)
    }

    async fn put_history_wrap(
        &self,
        person: PersonId,
        device: DeviceId,
        history_wrap: Vec<u8>,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        let mut maps = self.maps();
        let row = maps.devices.get_mut(&(person, device));
        let found = row.map(|row| row.history_wrap = history_wrap).is_some();
        maps.record_found(person, &event, found);
        Ok(found)
    }

    async fn devices(&self, person: PersonId) -> Result<Vec<DeviceRow>, StoreError> {
        Ok(self.maps().devices_of(person))
    }
}

#[async_trait]
impl PinStore for Memory {
    async fn pin(&self, person: PersonId) -> Result<Option<PinRow>, StoreError> {
        Ok(self.maps().pins.get(&person).cloned())
    }

    async fn settle_pin(
        &self,
        attempt: PinAttempt,
        event: EventDraft,
    ) -> Result<PinSettled, StoreError> {
        let (mut maps, person) = (self.maps(), attempt.person);
        let (changed, settled) = match maps.pins.get(&person) {
            None => (None, PinSettled::NotSet),
            Some(row) => row.settle(&attempt),
        };
        maps.pins.extend(changed.map(|row| (person, row)));
        maps.record(person.bucket(), &event, settled.outcome(), None);
        Ok(settled)
    }

    async fn replace_pin(
        &self,
        pin: PinRow,
        notice: InboxEntry,
        event: EventDraft,
    ) -> Result<(), StoreError> {
        let (mut maps, person) = (self.maps(), pin.person);
        maps.pins.insert(person, pin);
        maps.record(person.bucket(), &event, "done", Some(notice));
        Ok(())
    }
}

#[async_trait]
impl ConsentStore for Memory {
    async fn give_consent(&self, consent: ConsentRow, event: EventDraft) -> Result<(), StoreError> {
        let (mut maps, person) = (self.maps(), consent.person);
        maps.consents
            .insert((person, consent.tag, consent.notice), consent);
        maps.record(person.bucket(), &event, "done", None);
        Ok(())
    }

    async fn give_consent_in_writing(
        &self,
        consent: ConsentRow,
        document: InboxEntry,
        event: EventDraft,
    ) -> Result<(), StoreError> {
        let mut maps = self.maps();
        let bucket = consent.person.bucket();
        maps.consents
            .insert((consent.person, consent.tag, consent.notice), consent);
        maps.record(bucket, &event, "done", Some(document));
        Ok(())
    }

    async fn withdraw_consent(
        &self,
        person: PersonId,
        tag: &Digest,
        today: Day,
        event: EventDraft,
    ) -> Result<bool, StoreError> {
        let mut maps = self.maps();
        let mut withdrawn = false;
        for row in maps.consents.values_mut() {
            if row.person == person && row.tag == *tag && row.withdrawn_on.is_none() {
                row.withdrawn_on = Some(today);
                withdrawn = true;
            }
        }
        maps.record_found(person, &event, withdrawn);
        Ok(withdrawn)
    }

    async fn withdraw_from_platform(
        &self,
        withdrawal: Withdrawal,
        event: EventDraft,
    ) -> Result<(), StoreError> {
        let mut maps = self.maps();
        let Withdrawal { tags, mark, entry } = withdrawal;
        for row in maps.consents.values_mut() {
            let named = row.person == mark.person && tags.contains(&row.tag);
            if named && row.withdrawn_on.is_none() {
                row.withdrawn_on = Some(entry.day);
            }
        }
        let person = mark.person;
        maps.consents.insert((person, mark.tag, mark.notice), mark);
        maps.record(person.bucket(), &event, "done", Some(entry));
        Ok(())
    }

    async fn consents(&self, person: PersonId) -> Result<Vec<ConsentRow>, StoreError> {
        let maps = self.maps();
        Ok(maps
            .consents
            .values()
            .filter(|row| row.person == person)
            .cloned()
            .collect())
    }
}

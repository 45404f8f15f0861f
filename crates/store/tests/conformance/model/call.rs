//! Random calls, with small numbers for everything they name, so that they meet each other.

use crypto::random::SeededRandom;
use identity::consent::ConsentKind;
use identity::device::DeviceRow;
use identity::handover::HandoverRow;
use identity::id::{Bucket, DeviceId};
use identity::verification::TakenBy;
use identity::wangzheng::WangzhengState;
use proptest::prelude::*;

use super::{Modelled, World, spell};
use crate::sample::{self, NOW, TODAY};

/// States the transitions of the test go between.
const STATES: [WangzhengState; 3] = [
    WangzhengState::Active,
    WangzhengState::Locked,
    WangzhengState::Suspended,
];

/// One call.
#[derive(Debug, Clone, Copy)]
pub(super) enum Call {
    /// About a candidate.
    Person(usize, Deed),
    /// About a thing found by its digest.
    Thing(usize, Taking),
    /// About whatever has expired.
    Sweep { seconds: i64 },
}

/// What happens to a person.
#[derive(Debug, Clone, Copy)]
pub(super) enum Deed {
    Apply,
    Redeem { code: usize, late: bool },
    Move { from: usize, to: usize },
    SettlePin { minutes: i64, right: bool },
    KeepRefusal { code: usize },
    ReplacePin,
    AddDevice { device: u32 },
    RemoveDevice { device: u32 },
    PutHistoryWrap { device: u32 },
    GiveConsent { tag: usize, notice: usize },
    WithdrawConsent { tag: usize },
}

/// What happens to a request, a 网号 or a hand-over.
#[derive(Debug, Clone, Copy)]
pub(super) enum Taking {
    TakeRequest { code: Option<usize> },
    ReserveWanghao { day: i32 },
    ConfirmWanghao,
    LapseWanghao { before: i32 },
    OpenHandover { seconds: i64 },
    AdvanceHandover { version: u32, seconds: i64 },
    TakeHandover { version: u32, seconds: i64 },
}

/// Any call.
pub(super) fn call() -> impl Strategy<Value = Call> {
    prop_oneof![
        12 => (0..4_usize, deed()).prop_map(|(candidate, deed)| Call::Person(candidate, deed)),
        8 => (0..3_usize, taking()).prop_map(|(thing, taking)| Call::Thing(thing, taking)),
        1 => seconds().prop_map(|seconds| Call::Sweep { seconds }),
    ]
}

fn seconds() -> impl Strategy<Value = i64> {
    0..400_i64
}

fn deed() -> impl Strategy<Value = Deed> {
    let three = || 0..3_usize;
    let device = || 0..5_u32;
    prop_oneof![
        3 => Just(Deed::Apply),
        4 => (three(), any::<bool>()).prop_map(|(code, late)| Deed::Redeem { code, late }),
        3 => (three(), three()).prop_map(|(from, to)| Deed::Move { from, to }),
        5 => (0..40_i64, any::<bool>())
            .prop_map(|(minutes, right)| Deed::SettlePin { minutes, right }),
        2 => three().prop_map(|code| Deed::KeepRefusal { code }),
        1 => Just(Deed::ReplacePin),
        2 => device().prop_map(|device| Deed::AddDevice { device }),
        2 => device().prop_map(|device| Deed::RemoveDevice { device }),
        1 => device().prop_map(|device| Deed::PutHistoryWrap { device }),
        2 => (three(), 0..2_usize).prop_map(|(tag, notice)| Deed::GiveConsent { tag, notice }),
        2 => three().prop_map(|tag| Deed::WithdrawConsent { tag }),
    ]
}

fn taking() -> impl Strategy<Value = Taking> {
    let version = || 1..4_u32;
    let code = proptest::option::of(0..2_usize);
    prop_oneof![
        3 => code.prop_map(|code| Taking::TakeRequest { code }),
        2 => (0..3_i32).prop_map(|day| Taking::ReserveWanghao { day }),
        1 => Just(Taking::ConfirmWanghao),
        1 => (0..4_i32).prop_map(|before| Taking::LapseWanghao { before }),
        2 => seconds().prop_map(|seconds| Taking::OpenHandover { seconds }),
        2 => (version(), seconds())
            .prop_map(|(version, seconds)| Taking::AdvanceHandover { version, seconds }),
        2 => (version(), seconds())
            .prop_map(|(version, seconds)| Taking::TakeHandover { version, seconds }),
    ]
}

impl Call {
    /// Makes the call; the answer, spelled out. `seed` makes what is random the same on every store.
    pub(super) async fn make(
        self,
        world: &World,
        store: &(impl Modelled + ?Sized),
        seed: u64,
    ) -> String {
        let random = &SeededRandom::new(seed);
        match self {
            Self::Person(candidate, deed) => deed.make(world, store, candidate, random).await,
            Self::Thing(thing, taking) => taking.make(world, store, thing, random).await,
            Self::Sweep { seconds } => {
                let now = NOW.plus(seconds);
                let handovers = store.sweep_handovers(now).await;
                format!(
                    "{} {}",
                    spell(handovers),
                    spell(store.sweep_taken(now).await)
                )
            }
        }
    }
}

impl Deed {
    async fn make(
        self,
        world: &World,
        store: &(impl Modelled + ?Sized),
        candidate: usize,
        random: &SeededRandom,
    ) -> String {
        let new = world.candidates[candidate].clone();
        let person = new.person.person;
        let event = sample::verified(person, random);
        let notice = sample::inbox_entry(person, random);
        match self {
            Self::Apply => spell(store.apply(person.bucket(), new, event).await),
            Self::Redeem { code, late } => {
                let mut redemption = sample::redemption(person, random);
                redemption.code = world.digests[code];
                redemption.today = new.wangzheng.valid_until.plus(i32::from(late));
                redemption.expires_at = NOW.plus(200);
                spell(store.redeem_code(redemption, event).await)
            }
            Self::Move { from, to } => {
                let (from, to) = (STATES[from], STATES[to]);
                spell(store.transition_wangzheng(person, from, to, event).await)
            }
            Self::SettlePin { minutes, right } => {
                let now = NOW.plus(minutes * 60);
                let attempt = sample::pin_attempt(&new.pin, right, now);
                spell(store.settle_pin(attempt, event).await)
            }
            Self::KeepRefusal { code } => {
                let mut refusal = sample::redemption(person, random);
                (refusal.code, refusal.expires_at) = (world.digests[code], NOW.plus(200));
                spell(store.keep_refusal(refusal, event).await)
            }
            Self::ReplacePin => spell(store.replace_pin(new.pin, notice, event).await),
            Self::AddDevice { device } => {
                let device = DeviceId(device);
                // The same device twice is nobody's call: it is removed first.
                let removed = sample::verified(person, random);
                let told = sample::inbox_entry(person, random);
                let removed = store.remove_device(person, device, told, removed).await;
                let removed = spell(removed);
                let row = DeviceRow {
                    device,
                    added_on: TODAY.plus(1),
                    ..new.device
                };
                format!(
                    "{removed} {}",
                    spell(store.add_device(row, 3, notice, event).await)
                )
            }
            Self::RemoveDevice { device } => {
                let device = DeviceId(device);
                spell(store.remove_device(person, device, notice, event).await)
            }
            Self::PutHistoryWrap { device } => {
                let wrap = sample::bytes(20, random);
                spell(
                    store
                        .put_history_wrap(person, DeviceId(device), wrap, event)
                        .await,
                )
            }
            Self::GiveConsent { tag, notice } => {
                let mut row = sample::consent(person, ConsentKind::Separate, random);
                (row.tag, row.notice) = (world.digests[tag], world.digests[notice]);
                spell(store.give_consent(row, event).await)
            }
            Self::WithdrawConsent { tag } => {
                let tag = &world.digests[tag];
                spell(
                    store
                        .withdraw_consent(person, tag, TODAY.plus(5), event)
                        .await,
                )
            }
        }
    }
}

impl Taking {
    async fn make(
        self,
        world: &World,
        store: &(impl Modelled + ?Sized),
        thing: usize,
        random: &SeededRandom,
    ) -> String {
        let digest = &world.digests[thing];
        let event = sample::key_changed(random);
        let handover = |version, seconds| HandoverRow {
            digest: *digest,
            version,
            sealed: sample::bytes(9, random),
            expires_at: NOW.plus(seconds + 100),
        };
        match self {
            Self::TakeRequest { code } => {
                let by = code.map_or(TakenBy::Refusal, |code| TakenBy::Code(world.digests[code]));
                spell(store.take_request(digest, by, NOW.plus(100), event).await)
            }
            Self::ReserveWanghao { day } => {
                spell(store.reserve_wanghao(digest, TODAY.plus(day), event).await)
            }
            Self::ConfirmWanghao => spell(store.confirm_wanghao(digest, event).await),
            Self::LapseWanghao { before } => spell(
                store
                    .lapse_wanghao(Bucket::of(digest), TODAY.plus(before), event)
                    .await,
            ),
            Self::OpenHandover { seconds } => spell(
                store
                    .open_handover(handover(1, seconds), NOW.plus(seconds), event)
                    .await,
            ),
            Self::AdvanceHandover { version, seconds } => {
                let (row, now) = (handover(version, seconds), NOW.plus(seconds));
                spell(store.advance_handover(row, now, event).await)
            }
            Self::TakeHandover { version, seconds } => spell(
                store
                    .take_handover(digest, version, NOW.plus(seconds), event)
                    .await,
            ),
        }
    }
}

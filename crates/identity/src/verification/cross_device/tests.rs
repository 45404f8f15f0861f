use crypto::digest::sm3;
use crypto::keystore::MemoryKeys;
use crypto::random::SeededRandom;

use super::*;
use crate::handover::fake::FakeHandovers;

mod races;

const NOW: Timestamp = Timestamp(1_800_000_000);
const UNTIL: Timestamp = Timestamp(1_800_000_600);

struct World {
    store: FakeHandovers,
    keys: MemoryKeys,
    random: SeededRandom,
    guesses: Guesses,
}

impl World {
    fn new() -> Self {
        let random = SeededRandom::new(11);
        let keys = MemoryKeys::generate(&random);
        Self {
            store: FakeHandovers::default(),
            keys,
            random,
            guesses: Guesses::default(),
        }
    }

    fn at(&self, seconds: i64) -> CrossDevice<'_> {
        let desk = Desk {
            store: &self.store,
            keys: &self.keys,
            random: &self.random,
            now: NOW.plus(seconds),
            label: LABEL,
        };
        CrossDevice {
            desk,
            guesses: &self.guesses,
            life: 120,
        }
    }

    async fn open(&self) -> Opened {
        self.at(0)
            .open("sealed-request", UNTIL, None)
            .await
            .unwrap()
    }

    /// Opened and taken up by phone `a`.
    async fn scanned(&self) -> Opened {
        let opened = self.open().await;
        let code = self.at(0).code(&opened.session).unwrap();
        self.at(0).claim(&code, &phone("a")).await.unwrap();
        opened
    }
}

fn phone(name: &str) -> Claimer {
    let browser = sm3(&[name.as_bytes()]);
    Claimer {
        browser,
        device: Some(name.to_owned()),
        saw_it_fresh: false,
    }
}

fn refusal<T>(result: Result<T, CrossDeviceError>) -> CrossDeviceRefused {
    match result {
        Err(CrossDeviceError::Refused(refused)) => refused,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("not refused"),
    }
}

async fn state(world: &World, opened: &Opened, seconds: i64) -> Option<ScreenState> {
    let screen = world
        .at(seconds)
        .screen(&opened.session, &opened.secret)
        .await
        .unwrap();
    screen.map(|screen| screen.state)
}

#[tokio::test]
async fn a_session_goes_from_waiting_to_one_pick_up() {
    let world = World::new();
    let opened = world.open().await;
    assert_eq!(state(&world, &opened, 1).await, Some(ScreenState::Waiting));

    let code = world.at(1).code(&opened.session).unwrap();
    let claimed = world.at(2).claim(&code, &phone("a")).await.unwrap();
    assert_eq!(claimed.transaction, "sealed-request");
    assert!(claimed.numbers.contains(&opened.number));
    assert_eq!(state(&world, &opened, 3).await, Some(ScreenState::Scanned));

    let statement = sm3(&[b"statement"]);
    world
        .at(20)
        .hand_back(&opened.session, statement, "https://there")
        .await
        .unwrap();
    assert_eq!(state(&world, &opened, 21).await, Some(ScreenState::Decided));
    let answer = world
        .at(21)
        .pick_up(&opened.session, &opened.secret)
        .await
        .unwrap();
    assert_eq!(answer.as_deref(), Some("https://there"));
    // Nothing stays: neither the session nor its pairing code.
    assert_eq!(state(&world, &opened, 21).await, None);
    assert_eq!(world.store.len(), 0);
}

#[tokio::test]
async fn the_numbers_are_three_and_of_two_digits() {
    let world = World::new();
    for _ in 0..50 {
        let (number, numbers) = world.at(0).numbers();
        assert_eq!(
            numbers.iter().filter(|offered| **offered == number).count(),
            1
        );
        assert!(numbers.iter().all(|number| number.len() == 2));
    }
}

#[tokio::test]
async fn only_the_bound_browser_sees_and_gets_anything() {
    let world = World::new();
    let opened = world.scanned().await;
    world
        .at(1)
        .hand_back(&opened.session, sm3(&[b"s"]), "https://there")
        .await
        .unwrap();
    assert!(
        world
            .at(2)
            .screen(&opened.session, "another")
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        world
            .at(2)
            .pick_up(&opened.session, "another")
            .await
            .unwrap()
            .is_none()
    );
    let extended = world.at(2).extend(&opened.session, "another").await;
    assert_eq!(refusal(extended), CrossDeviceRefused::Unknown);
    assert!(
        world
            .at(2)
            .pick_up(&opened.session, &opened.secret)
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn a_code_has_to_be_genuine_and_fresh() {
    let world = World::new();
    let opened = world.open().await;
    let code = world.at(0).code(&opened.session).unwrap();
    let text = code.text();
    assert!(world.at(10).read_code(&text).unwrap().unwrap().fresh);
    assert!(!world.at(12).read_code(&text).unwrap().unwrap().fresh);
    assert!(!world.at(-12).read_code(&text).unwrap().unwrap().fresh);

    // Another counter, another session, one bit of the MAC, more or fewer parts: not made here.
    let other = world.open().await;
    let forged = [
        text.replace(&opened.session, &other.session),
        text.replace(".9", ".8"),
        format!("{text}A"),
        format!("{text}.x"),
        format!("+{text}"),
        opened.session.clone(),
        String::new(),
    ];
    for text in forged {
        assert_eq!(world.at(0).read_code(&text).unwrap(), None, "{text}");
    }

    // A picture of a code is of no use, unless this browser saw it in time.
    let stale = world.at(12).read_code(&text).unwrap().unwrap();
    let claim = world.at(12).claim(&stale, &phone("a")).await;
    assert_eq!(refusal(claim), CrossDeviceRefused::Stale);
    let late = Claimer {
        saw_it_fresh: true,
        ..phone("a")
    };
    assert!(world.at(12).claim(&stale, &late).await.is_ok());
}

#[tokio::test]
async fn the_second_wrong_number_ends_the_session() {
    let world = World::new();
    let opened = world.scanned().await;
    assert!(
        world
            .at(1)
            .pick(&opened.session, &opened.number)
            .await
            .is_ok()
    );
    let wrong = CrossDeviceRefused::NumberWrong { attempts_left: 1 };
    assert_eq!(
        refusal(world.at(1).pick(&opened.session, "00").await),
        wrong
    );
    assert!(
        world
            .at(1)
            .pick(&opened.session, &opened.number)
            .await
            .is_ok()
    );
    let last = CrossDeviceRefused::NumberWrong { attempts_left: 0 };
    assert_eq!(refusal(world.at(1).pick(&opened.session, "").await), last);
    let right = world.at(1).pick(&opened.session, &opened.number).await;
    assert_eq!(refusal(right), CrossDeviceRefused::Over);
    assert_eq!(state(&world, &opened, 1).await, Some(ScreenState::Expired));
    let extended = world.at(1).extend(&opened.session, &opened.secret).await;
    assert_eq!(refusal(extended), CrossDeviceRefused::Over);
}

#[tokio::test]
async fn a_session_lives_two_minutes_and_never_longer_than_the_request() {
    let world = World::new();
    let opened = world.open().await;
    assert_eq!(
        state(&world, &opened, 119).await,
        Some(ScreenState::Waiting)
    );
    assert_eq!(
        state(&world, &opened, 120).await,
        Some(ScreenState::Expired)
    );
    let code = world.at(120).code(&opened.session).unwrap();
    let claim = world.at(120).claim(&code, &phone("a")).await;
    assert_eq!(refusal(claim), CrossDeviceRefused::Over);

    let extended = world
        .at(200)
        .extend(&opened.session, &opened.secret)
        .await
        .unwrap();
    assert_eq!(extended.expires_at, NOW.plus(320));
    assert_eq!(extended.state, ScreenState::Waiting);
    let extended = world
        .at(590)
        .extend(&opened.session, &opened.secret)
        .await
        .unwrap();
    assert_eq!(extended.expires_at, UNTIL);
    let late = world.at(600).extend(&opened.session, &opened.secret).await;
    assert_eq!(refusal(late), CrossDeviceRefused::Over);
}

#[tokio::test]
async fn eight_digits_lead_to_the_present_code() {
    let world = World::new();
    let opened = world.open().await;
    let (first, rest) = opened.pairing_code.split_at(4);
    let code = world.at(30).pair(&format!("{first} {rest}")).await.unwrap();
    assert_eq!(code, world.at(30).code(&opened.session).unwrap());
    assert!(world.at(31).claim(&code, &phone("a")).await.is_ok());
    assert_eq!(
        refusal(world.at(31).pair("1234567").await),
        CrossDeviceRefused::Unknown
    );
    // Guessing ends after five.
    let wrong = format!(
        "{:08}",
        (opened.pairing_code.parse::<u32>().unwrap() + 1) % 100_000_000
    );
    for _ in 0..5 {
        assert_eq!(
            refusal(world.at(32).pair(&wrong).await),
            CrossDeviceRefused::Unknown
        );
    }
    assert_eq!(
        refusal(world.at(32).pair(&wrong).await),
        CrossDeviceRefused::TooManyGuesses
    );
}

#[tokio::test]
async fn a_row_does_not_open_at_another_place() {
    let world = World::new();
    let (one, other) = (world.open().await, world.open().await);
    let (one, other) = (
        world.at(0).digest(&one.session).unwrap(),
        world.at(0).digest(&other.session).unwrap(),
    );
    let held: Held<Session> = world.at(0).desk.read(&one).await.unwrap().unwrap();
    let moved = crate::handover::HandoverRow {
        digest: other,
        ..held.row
    };
    let event = crate::audit::AuditEvent::HandoverChanged {
        minute: NOW.minute(),
    };
    let event = crate::audit::EventDraft::new(event, &world.random);
    world
        .at(0)
        .desk
        .store
        .advance_handover(moved, NOW, event)
        .await
        .unwrap();
    assert!(world.at(0).desk.read::<Session>(&other).await.is_err());
}

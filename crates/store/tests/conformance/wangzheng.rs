//! 网证.

use crypto::random::SeededRandom;
use identity::id::PersonId;
use identity::wangzheng::{Transitioned, WangzhengState as State};

use super::Backend;
use crate::sample;

pub(crate) async fn r2_2_a_transition_starts_from_the_named_state_only(backend: &impl Backend) {
    let (store, random) = (backend.open().await, SeededRandom::new(1));
    let (person, device) = sample::apply(&*store, &random).await;
    let state = async || {
        store
            .holder_view(person, device)
            .await
            .unwrap()
            .unwrap()
            .wangzheng
            .state
    };
    let states = [
        State::Active,
        State::Locked,
        State::Suspended,
        State::Superseded,
        State::Expired,
        State::Revoked,
    ];
    let mut is = State::Active;
    for from in states {
        for to in states {
            let event = sample::wangzheng_changed(person, &random);
            let answer = store
                .transition_wangzheng(person, from, to, event)
                .await
                .unwrap();
            let outcome = sample::last_outcome(&*store, person.bucket()).await;
            if from == is {
                assert_eq!((answer, outcome.as_str()), (Transitioned::Changed, "done"));
                is = to;
            } else {
                assert_eq!(answer, Transitioned::NotInState(is));
                assert_eq!(outcome, "not_in_state");
            }
            assert_eq!(state().await, is);
        }
    }
    let nobody = PersonId::generate(person.bucket(), &random);
    let event = sample::wangzheng_changed(nobody, &random);
    let answer = store
        .transition_wangzheng(nobody, State::Active, State::Locked, event)
        .await;
    assert_eq!(answer.unwrap(), Transitioned::NotInState(State::Revoked));
}

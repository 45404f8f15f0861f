//! Whoever races: one winner each (B2).

use super::*;

#[tokio::test]
async fn of_many_phones_one_takes_the_code_up_and_may_load_again() {
    let world = World::new();
    let opened = world.open().await;
    let code = world.at(0).code(&opened.session).unwrap();
    let names: Vec<String> = (0..8).map(|n| format!("phone-{n}")).collect();
    let mut winners = Vec::new();
    let claims = names.iter().map(|name| {
        let (world, code) = (&world, &code);
        async move { world.at(1).claim(code, &phone(name)).await }
    });
    for (name, claim) in names.iter().zip(together(claims).await) {
        match claim {
            Ok(_) => winners.push(name.clone()),
            refused => assert_eq!(refusal(refused), CrossDeviceRefused::TakenElsewhere),
        }
    }
    assert_eq!(winners.len(), 1);
    let stale = world.at(60).read_code(&code.text()).unwrap().unwrap();
    assert!(
        world
            .at(60)
            .claim(&stale, &phone(&winners[0]))
            .await
            .is_ok()
    );
    // The same browser with another person's device is another phone.
    let other = Claimer {
        device: Some("thief".to_owned()),
        ..phone(&winners[0])
    };
    let claim = world.at(60).claim(&stale, &other).await;
    assert_eq!(refusal(claim), CrossDeviceRefused::TakenElsewhere);
}

#[tokio::test]
async fn wrong_numbers_at_once_are_counted_each() {
    let world = World::new();
    let opened = world.scanned().await;
    let picks = (0..6).map(|_| async { world.at(1).pick(&opened.session, "00").await });
    let wrong = together(picks).await.into_iter().map(refusal);
    let counted = wrong
        .filter(|refused| matches!(refused, CrossDeviceRefused::NumberWrong { .. }))
        .count();
    assert_eq!(counted, 2);
}

#[tokio::test]
async fn of_two_answers_the_first_stays_and_of_many_pick_ups_one_gets_it() {
    let world = World::new();
    let opened = world.scanned().await;
    let answers = ["https://a", "https://b", "https://c"].map(|redirect| {
        let (world, opened) = (&world, &opened);
        async move {
            let statement = sm3(&[redirect.as_bytes()]);
            world
                .at(1)
                .hand_back(&opened.session, statement, redirect)
                .await
                .is_ok()
        }
    });
    assert_eq!(
        together(answers)
            .await
            .into_iter()
            .filter(|left| *left)
            .count(),
        1
    );
    let picked = (0..6).map(|_| async {
        world
            .at(2)
            .pick_up(&opened.session, &opened.secret)
            .await
            .unwrap()
    });
    assert_eq!(together(picked).await.into_iter().flatten().count(), 1);
}

/// Polls all at once, each in turn, so that every look comes before the first change.
async fn together<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut running: Vec<_> = futures.into_iter().map(Box::pin).collect();
    let mut done: Vec<Option<F::Output>> = running.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (future, slot) in running.iter_mut().zip(&mut done) {
            if slot.is_none()
                && let std::task::Poll::Ready(output) = future.as_mut().poll(context)
            {
                *slot = Some(output);
            }
        }
        if done.iter().all(Option::is_some) {
            return std::task::Poll::Ready(());
        }
        std::task::Poll::Pending
    })
    .await;
    done.into_iter().flatten().collect()
}

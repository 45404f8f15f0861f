//! One handler per page; what they decide is in [`super::site`].

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::random;
use openid::Form;

use super::{
    Platforms,
    account::Way,
    page::{self, Home, Index, Part, ResultPage},
    received::ReceivedPage,
    session::Last,
    site::Outcome,
    visit::{Language, Visit},
};
use crate::demo::relying_party::{Distrust, Trace, callback::state, events::StepUp};

/// `GET /`
pub(super) async fn index(State(platforms): State<Arc<Platforms>>, headers: HeaderMap) -> Response {
    page::html(&Index::new(Language::of(&headers), &platforms.sites))
}

/// `GET /style.css`
pub(super) async fn style() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, include_str!("style.css"))
}

/// `GET /icon.svg`
pub(super) async fn icon() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, include_str!("icon.svg"))
}

/// `GET /{site}`: the ways in, or the account.
pub(super) async fn home(visit: Visit) -> Response {
    let (signed_in, step_up) = visit.site.sessions.with(&visit.token, |session| {
        (session.account.clone(), session.step_up.clone())
    });
    // What the service has to tell, and what became of a step-up: asked when somebody looks.
    if signed_in.is_some() && visit.site.scenario("step-up").is_some() {
        visit.site.hear().await;
    }
    let number = match step_up {
        Some(step_up) => match ask_again(&visit, step_up, signed_in.as_deref()).await {
            Asked::Waits(number) => Some(number),
            Asked::Ended => return visit.go("/result"),
        },
        None => None,
    };
    let account = signed_in.and_then(|subject| visit.site.accounts.find(&subject));
    let mut page = Home::new(&visit, account);
    page.number = number;
    visit.answer(page::html(&page))
}

enum Asked {
    Waits(String),
    Ended,
}

/// Asks what became of a step-up; an answer is concluded like any other.
async fn ask_again(visit: &Visit, mut step_up: StepUp, signed_in: Option<&str>) -> Asked {
    let site = &visit.site;
    let Some(scenario) = site.scenario("step-up") else {
        return Asked::Ended;
    };
    let wish = site.wish(scenario);
    let answer = site.relying_party.ask_again(&mut step_up, &wish).await;
    let (result, trace) = match answer {
        None => {
            let number = step_up.number.clone();
            site.sessions
                .with(&visit.token, |session| session.step_up = Some(step_up));
            return Asked::Waits(number);
        }
        Some(Ok((verified, trace))) => (Ok(verified), trace),
        Some(Err(reason)) => (Err(reason), Trace::default()),
    };
    site.sessions
        .with(&visit.token, |session| session.step_up = None);
    let outcome = site.conclude("step-up", signed_in, result);
    conclude(visit, outcome, trace);
    Asked::Ended
}

/// `POST /{site}/step-up`: the platform asks the person's phone by itself (S5).
pub(super) async fn step_up(visit: Visit) -> Response {
    let signed_in = visit
        .site
        .sessions
        .with(&visit.token, |session| session.account.clone());
    if let Some(subject) = signed_in {
        match visit.site.relying_party.start_step_up(&subject).await {
            Ok(step_up) => visit
                .site
                .sessions
                .with(&visit.token, |session| session.step_up = Some(step_up)),
            Err(reason) => {
                conclude(&visit, Outcome::Nothing(reason), Trace::default());
                return visit.go("/result");
            }
        }
    }
    visit.go("")
}

/// `POST /{site}/start` with `scenario`: on to the service, or to the page that says why not.
pub(super) async fn start(visit: Visit, body: Bytes) -> Response {
    let form = Form::parse(&body).ok();
    let named = form.as_ref().and_then(|form| form.text("scenario"));
    let scenario = match named {
        Some(id) => visit.site.scenario(id),
        None => visit.site.platform.default_scenario(),
    };
    let Some(scenario) = scenario else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match visit
        .site
        .relying_party
        .start(visit.site.wish(scenario))
        .await
    {
        Ok(started) => {
            visit
                .site
                .sessions
                .with(&visit.token, |session| session.expect(started.pending));
            visit.answer(Redirect::to(&started.address))
        }
        Err(refused) => {
            conclude(&visit, Outcome::Nothing(refused.reason), refused.trace);
            visit.go("/result")
        }
    }
}

/// `GET /{site}/callback`: the answer of the service, through the browser.
pub(super) async fn callback(visit: Visit, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    // 1. The request it answers, taken: made in this browser, not answered before.
    let (pending, signed_in) = visit.site.sessions.with(&visit.token, |session| {
        let pending = state(&query).and_then(|state| session.take(&state));
        (pending, session.account.clone())
    });
    let Some(mut pending) = pending else {
        let outcome = Outcome::Nothing(Distrust::State.into());
        let page = ResultPage::new(&visit, &outcome);
        return visit.answer((StatusCode::BAD_REQUEST, page::html(&page)));
    };
    // 2. The result, checked; 3. what it means here.
    let result = visit.site.relying_party.finish(&mut pending, &query).await;
    let scenario = &pending.wish.scenario;
    let outcome = visit.site.conclude(scenario, signed_in.as_deref(), result);
    conclude(&visit, outcome, pending.trace);
    // 4. The code leaves the address bar.
    visit.go("/result")
}

fn conclude(visit: &Visit, outcome: Outcome, trace: Trace) {
    visit.site.sessions.with(&visit.token, |session| {
        if let Some(subject) = outcome.signs_in() {
            session.account = Some(subject.to_owned());
        }
        session.last = Some(Last { outcome, trace });
    });
}

/// `GET /{site}/result`
pub(super) async fn result(visit: Visit) -> Response {
    let last = visit
        .site
        .sessions
        .with(&visit.token, |session| session.last.clone());
    match last {
        Some(last) => visit.answer(page::html(&ResultPage::new(&visit, &last.outcome))),
        None => visit.go(""),
    }
}

/// `GET /{site}/received`
pub(super) async fn received(visit: Visit) -> Response {
    let last = visit
        .site
        .sessions
        .with(&visit.token, |session| session.last.clone());
    let part = Part::of(&visit);
    visit.answer(page::html(&ReceivedPage::new(part, last.as_ref())))
}

/// `POST /{site}/other`: another lawful way, played; the account is as good as any (R7.3).
pub(super) async fn other(State(platforms): State<Arc<Platforms>>, visit: Visit) -> Response {
    let signed_in = visit
        .site
        .sessions
        .with(&visit.token, |session| session.account.clone());
    // 1. A suspicious account is cleared in another way as well as by 网证 (R6.2).
    if let Some(subject) = signed_in {
        visit.site.accounts.set_suspicious(&subject, false);
        return visit.go("");
    }
    // 2. A new account, where there are accounts.
    if visit.site.has_accounts() {
        let subject = Base64UrlUnpadded::encode_string(&random::array::<16>(&*platforms.random));
        visit.site.accounts.open(&subject, Way::Other);
        visit.site.sessions.with(&visit.token, |session| {
            session.account = Some(subject);
            session.last = None;
        });
        return visit.go("");
    }
    let page = page::OtherWay::new(&visit);
    visit.answer(page::html(&page))
}

/// `POST /{site}/suspicious`: plays an account that behaves unusually.
pub(super) async fn suspicious(visit: Visit) -> Response {
    if let Some(subject) = visit
        .site
        .sessions
        .with(&visit.token, |session| session.account.clone())
    {
        visit.site.accounts.set_suspicious(&subject, true);
    }
    visit.go("")
}

/// `POST /{site}/sign-out`
pub(super) async fn sign_out(visit: Visit) -> Response {
    visit.site.sessions.with(&visit.token, |session| {
        session.account = None;
        session.last = None;
    });
    visit.go("")
}

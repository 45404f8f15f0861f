//! `POST /ssf/poll` (RFC 8936): what waits, and confirmations.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::HeaderMap;
use http::header::CACHE_CONTROL;
use identity::service::Suite;
use identity::signal::deliver::{Fetch, Fetched, MOST_AT_ONCE};
use identity::signal::{Delivery, SignalId};
use openid::{PollRequest, PollResponse};

use crate::app::App;
use crate::problem::ApiProblem;

use super::receiver::{Needs, NotReceiver, Receiver};
use super::set;

/// Between two looks of a poll that waits.
const LOOK: Duration = Duration::from_secs(1);
/// Looks of a poll that waits, at most (RFC 8936 §2.2: long polling).
const LOOKS: u32 = 20;

/// Answers what is ready. Unless it is told not to, an empty answer waits a while.
pub async fn post(
    State(app): State<Arc<App>>,
    Extension(suite): Extension<Suite>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, NotReceiver> {
    // 1. Who: an app with a stream to be polled at this issuer.
    let receiver = Receiver::of(&app, suite, &headers, Needs::Read)?;
    let asked = PollRequest::parse(&body).ok_or_else(ApiProblem::malformed)?;
    let stream = receiver.stream(&app).await?;
    let stream = stream.filter(|stream| stream.delivery == Delivery::Poll);
    let stream = stream.ok_or_else(ApiProblem::not_found)?;
    // 2. What it confirms, and what is ready.
    let platform = &receiver.registered().platform.id;
    let mut fetch = Fetch {
        confirmed: ids(asked.ack.iter()),
        not_understood: ids(asked.set_errs.keys()),
        most: asked.max_events.unwrap_or(MOST_AT_ONCE),
    };
    let mut fetched = app.service.fetch_signals(platform, &fetch).await?;
    let mut looks = 0;
    while fetched.signals.is_empty() && fetch.most > 0 && !asked.return_immediately && looks < LOOKS
    {
        looks += 1;
        tokio::time::sleep(LOOK).await;
        (fetch.confirmed, fetch.not_understood) = (Vec::new(), Vec::new());
        fetched = app.service.fetch_signals(platform, &fetch).await?;
    }
    // 3. Signed, by their names.
    let Fetched { signals, more } = fetched;
    let mut sets = BTreeMap::new();
    for signal in signals {
        let token = set::sign(&app.service, &stream, &signal)?;
        sets.insert(signal.id.to_string(), token);
    }
    let answer = PollResponse {
        sets,
        more_available: more,
    };
    Ok(([(CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

/// Names of signals; what is none names nothing.
fn ids<'a>(texts: impl Iterator<Item = &'a String>) -> Vec<SignalId> {
    texts.filter_map(|text| SignalId::parse(text)).collect()
}

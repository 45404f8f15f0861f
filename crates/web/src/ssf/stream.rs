//! `/.well-known/ssf-configuration` and `/ssf/stream` (Shared Signals §7.1, §8.1.1). One stream for each platform.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::random;
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL};
use http::{HeaderMap, StatusCode};
use identity::service::Suite;
use identity::signal::outbox::StreamPut;
use identity::signal::{Delivery, SignalKind, Stream, StreamStatus};
use openid::{
    DeliveryMethod, EventType, Form, StreamConfiguration, StreamDelivery, StreamRequest,
    TransmitterMetadata,
};
use url::Url;

use crate::app::App;
use crate::oauth::issuer;
use crate::problem::ApiProblem;

use super::endpoint;
use super::receiver::{Needs, NotReceiver, Receiver};
use super::set::event_of;

/// Seconds between two trials that a receiver should leave.
const TRIAL_INTERVAL: u32 = 60;

/// `GET /.well-known/ssf-configuration`.
pub async fn metadata(State(app): State<Arc<App>>, Extension(suite): Extension<Suite>) -> Response {
    let issuer = issuer(&app.service, suite);
    let headers = [
        (CACHE_CONTROL, "public, max-age=300"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    let document = TransmitterMetadata::new(&issuer, &format!("{issuer}/oauth/jwks"));
    (headers, Json(document)).into_response()
}

/// `GET /ssf/stream`: the one named, or all, which is one at most (§8.1.1.2).
pub async fn read(
    State(app): State<Arc<App>>,
    Extension(suite): Extension<Suite>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, NotReceiver> {
    let receiver = Receiver::of(&app, suite, &headers, Needs::Read)?;
    if let Some(id) = named(query.as_deref()) {
        let stream = receiver.stream_named(&app, &id).await?;
        return Ok(Json(configuration(&app, &stream)).into_response());
    }
    let stream = receiver.stream(&app).await?;
    let all: Vec<_> = stream
        .iter()
        .map(|stream| configuration(&app, stream))
        .collect();
    Ok(Json(all).into_response())
}

/// `POST /ssf/stream` (§8.1.1.1).
pub async fn create(
    State(app): State<Arc<App>>,
    Extension(suite): Extension<Suite>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, NotReceiver> {
    let receiver = Receiver::of(&app, suite, &headers, Needs::Manage)?;
    let asked = StreamRequest::parse(&body).ok_or_else(ApiProblem::malformed)?;
    let id = Base64UrlUnpadded::encode_string(&random::array::<16>(app.service.random()));
    let new = Stream {
        id,
        client: receiver.registered().client().id.clone(),
        suite: receiver.suite(),
        delivery: Delivery::Poll,
        requested: None,
        delivers: SignalKind::ALL.into(),
        status: StreamStatus::Enabled,
        reason: None,
        description: None,
    };
    let stream = apply(&app, &receiver, new, &asked, Omitted::Kept).await?;
    put(&app, &receiver, None, Some(stream.clone())).await?;
    Ok((StatusCode::CREATED, Json(configuration(&app, &stream))).into_response())
}

/// `PATCH /ssf/stream` (§8.1.1.3): what is not named stays.
pub async fn update(
    State(app): State<Arc<App>>,
    Extension(suite): Extension<Suite>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, NotReceiver> {
    change(&app, suite, &headers, &body, Omitted::Kept).await
}

/// `PUT /ssf/stream` (§8.1.1.4): what is not named goes.
pub async fn replace(
    State(app): State<Arc<App>>,
    Extension(suite): Extension<Suite>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, NotReceiver> {
    change(&app, suite, &headers, &body, Omitted::Gone).await
}

/// `DELETE /ssf/stream?stream_id=…` (§8.1.1.5).
pub async fn delete(
    State(app): State<Arc<App>>,
    Extension(suite): Extension<Suite>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, NotReceiver> {
    let receiver = Receiver::of(&app, suite, &headers, Needs::Manage)?;
    let id = named(query.as_deref()).ok_or_else(ApiProblem::malformed)?;
    let stream = receiver.stream_named(&app, &id).await?;
    put(&app, &receiver, Some(&stream.id), None).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// What becomes of members that a change does not name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Omitted {
    Kept,
    Gone,
}

async fn change(
    app: &App,
    suite: Suite,
    headers: &HeaderMap,
    body: &Bytes,
    omitted: Omitted,
) -> Result<Response, NotReceiver> {
    let receiver = Receiver::of(app, suite, headers, Needs::Manage)?;
    let asked = StreamRequest::parse(body).ok_or_else(ApiProblem::malformed)?;
    let id = asked.stream_id.as_deref();
    let id = id.ok_or_else(ApiProblem::malformed)?;
    let before = receiver.stream_named(app, id).await?;
    let id = before.id.clone();
    let stream = apply(app, &receiver, before, &asked, omitted).await?;
    put(app, &receiver, Some(&id), Some(stream.clone())).await?;
    Ok(Json(configuration(app, &stream)).into_response())
}

/// Stores a change; whoever saw another stream than there is has to look again.
pub(super) async fn put(
    app: &App,
    receiver: &Receiver,
    before: Option<&str>,
    stream: Option<Stream>,
) -> Result<(), ApiProblem> {
    let platform = &receiver.registered().platform.id;
    match app.service.put_stream(platform, before, stream).await? {
        StreamPut::Done => Ok(()),
        StreamPut::Moved => Err(ApiProblem::new(
            StatusCode::CONFLICT,
            "stream_exists",
            "this platform has another stream",
        )),
    }
}

async fn apply(
    app: &App,
    receiver: &Receiver,
    stream: Stream,
    asked: &StreamRequest,
    omitted: Omitted,
) -> Result<Stream, ApiProblem> {
    let keeps = |there: bool| there || omitted == Omitted::Gone;
    let mut stream = stream;
    if keeps(asked.events_requested.is_some()) {
        stream.requested.clone_from(&asked.events_requested);
        stream.delivers = delivered(asked.events_requested.as_deref());
    }
    if keeps(asked.description.is_some()) {
        stream.description.clone_from(&asked.description);
    }
    match &asked.delivery {
        Some(delivery) => stream.delivery = delivery_of(app, receiver, delivery).await?,
        None if omitted == Omitted::Gone => stream.delivery = Delivery::Poll,
        None => {}
    }
    Ok(stream)
}

async fn delivery_of(
    app: &App,
    receiver: &Receiver,
    asked: &StreamDelivery,
) -> Result<Delivery, ApiProblem> {
    if asked.method == DeliveryMethod::Poll {
        return Ok(Delivery::Poll);
    }
    let platform = &receiver.registered().platform;
    let local = Url::parse(&app.service.issuer).is_ok_and(|issuer| endpoint::is_local(&issuer));
    let refused = || {
        ApiProblem::new(
            StatusCode::BAD_REQUEST,
            "endpoint_not_registered",
            "R12.2: events are brought to registered hosts of the platform alone",
        )
    };
    let named = asked.endpoint_url.as_deref().ok_or_else(refused)?;
    let endpoint = endpoint::allowed(platform, named, local).ok_or_else(refused)?;
    let sealed_authorization = match &asked.authorization_header {
        Some(header) => Some(app.service.seal_authorization(&platform.id, header).await?),
        None => None,
    };
    Ok(Delivery::Push {
        endpoint: endpoint.to_string(),
        sealed_authorization,
    })
}

fn delivered(requested: Option<&[String]>) -> BTreeSet<SignalKind> {
    SignalKind::ALL
        .into_iter()
        .filter(|kind| {
            requested.is_none_or(|uris| uris.iter().any(|uri| uri == event_of(*kind).uri()))
        })
        .collect()
}

/// The stream as its receiver sees it; what it showed us of itself is not shown back.
fn configuration(app: &App, stream: &Stream) -> StreamConfiguration {
    let iss = issuer(&app.service, stream.suite).into_owned();
    let supported: Vec<String> = EventType::OFFERED
        .iter()
        .map(|event| event.uri().to_owned())
        .collect();
    let delivery = match &stream.delivery {
        Delivery::Poll => StreamDelivery {
            method: DeliveryMethod::Poll,
            endpoint_url: Some(format!("{iss}/ssf/poll")),
            authorization_header: None,
        },
        Delivery::Push { endpoint, .. } => StreamDelivery {
            method: DeliveryMethod::Push,
            endpoint_url: Some(endpoint.clone()),
            authorization_header: None,
        },
    };
    StreamConfiguration {
        stream_id: stream.id.clone(),
        iss,
        aud: stream.client.as_str().to_owned(),
        events_requested: stream
            .requested
            .clone()
            .unwrap_or_else(|| supported.clone()),
        events_supported: supported,
        events_delivered: stream
            .delivers
            .iter()
            .map(|kind| event_of(*kind).uri().to_owned())
            .collect(),
        delivery,
        min_verification_interval: TRIAL_INTERVAL,
        description: stream.description.clone(),
    }
}

/// `stream_id` of a query.
pub(super) fn named(query: Option<&str>) -> Option<String> {
    let form = Form::from_query(query).ok()?;
    form.text("stream_id").map(str::to_owned)
}

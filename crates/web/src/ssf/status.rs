//! `/ssf/status` and `/ssf/verify` (Shared Signals §8.1.2, §8.1.4): a receiver pauses, resumes, tries its stream.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::{HeaderMap, StatusCode};
use identity::service::Suite;
use identity::signal::{Stream, StreamStatus};
use openid::{StreamStatusBody, VerificationRequest};

use crate::app::App;
use crate::problem::ApiProblem;

use super::receiver::{Needs, NotReceiver, Receiver};
use super::stream::{named, put};

/// Longest text of a reason or a state.
const LONGEST: usize = 256;

/// `GET /ssf/status?stream_id=…`.
pub async fn read(
    State(app): State<Arc<App>>,
    Extension(suite): Extension<Suite>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, NotReceiver> {
    let receiver = Receiver::of(&app, suite, &headers, Needs::Read)?;
    let id = named(query.as_deref()).ok_or_else(ApiProblem::malformed)?;
    let stream = receiver.stream_named(&app, &id).await?;
    Ok(Json(body_of(&stream)).into_response())
}

/// `POST /ssf/status`.
pub async fn change(
    State(app): State<Arc<App>>,
    Extension(suite): Extension<Suite>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, NotReceiver> {
    let receiver = Receiver::of(&app, suite, &headers, Needs::Manage)?;
    let asked: StreamStatusBody =
        serde_json::from_slice(&body).map_err(|_| ApiProblem::malformed())?;
    let status = [
        StreamStatus::Enabled,
        StreamStatus::Paused,
        StreamStatus::Disabled,
    ]
    .into_iter()
    .find(|status| name_of(*status) == asked.status);
    let short = asked
        .reason
        .as_ref()
        .is_none_or(|text| text.len() <= LONGEST);
    let status = status.filter(|_| short).ok_or_else(ApiProblem::malformed)?;
    let stream = receiver.stream_named(&app, &asked.stream_id).await?;
    let id = stream.id.clone();
    let stream = Stream {
        status,
        reason: asked.reason,
        ..stream
    };
    put(&app, &receiver, Some(&id), Some(stream.clone())).await?;
    Ok(Json(body_of(&stream)).into_response())
}

/// `POST /ssf/verify`: a trial event comes through the stream.
pub async fn verify(
    State(app): State<Arc<App>>,
    Extension(suite): Extension<Suite>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, NotReceiver> {
    let receiver = Receiver::of(&app, suite, &headers, Needs::Manage)?;
    let asked: VerificationRequest =
        serde_json::from_slice(&body).map_err(|_| ApiProblem::malformed())?;
    if asked
        .state
        .as_ref()
        .is_some_and(|text| text.len() > LONGEST)
    {
        return Err(ApiProblem::malformed().into());
    }
    receiver.stream_named(&app, &asked.stream_id).await?;
    let platform = &receiver.registered().platform.id;
    app.service.try_stream(platform, asked.state).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn body_of(stream: &Stream) -> StreamStatusBody {
    StreamStatusBody {
        stream_id: stream.id.clone(),
        status: name_of(stream.status).to_owned(),
        reason: stream.reason.clone(),
    }
}

fn name_of(status: StreamStatus) -> &'static str {
    match status {
        StreamStatus::Enabled => "enabled",
        StreamStatus::Paused => "paused",
        StreamStatus::Disabled => "disabled",
    }
}

//! P18, P-rights: a person complains in two taps and asks how it stands (contract of the wallet). The same without a
//! 网证 is a form of its own (`pages/complaint.rs`).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use identity::complaint::answer::ComplaintStatus;
use identity::complaint::file::{Acknowledgement, Complainant, NewComplaint};
use identity::complaint::{ComplaintKind, ComplaintNumber, ComplaintSecret};
use identity::id::{ClientId, PlatformId};
use identity::person::recover::ACT_TYPE;
use identity::statement::{ProvenDevice, Uses};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::app::App;
use crate::oauth::decide::read;
use crate::problem::ApiProblem;

/// Most complaints asked about at once.
const MOST: usize = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    statement: String,
}

/// What a device says when its person complains. A receipt names the app, not the platform: either will do.
#[derive(Deserialize)]
struct Complain {
    act: String,
    #[serde(default)]
    platform: Option<PlatformId>,
    #[serde(default)]
    client: Option<ClientId>,
    kind: ComplaintKind,
    #[serde(default)]
    text: String,
    #[serde(default)]
    receipts: Vec<String>,
    #[serde(default)]
    share: bool,
}

#[derive(Deserialize)]
struct Complaints {
    act: String,
    complaints: Vec<Asked>,
}

#[derive(Deserialize)]
struct Asked {
    number: ComplaintNumber,
    secret: ComplaintSecret,
}

async fn said<T: DeserializeOwned>(
    app: &App,
    body: &Bytes,
    act: fn(&T) -> &str,
    name: &str,
) -> Result<ProvenDevice<T>, ApiProblem> {
    let body: Body = read(body)?;
    let proven = app
        .service
        .proven_device::<T>(&body.statement, ACT_TYPE, Uses::Once)
        .await?;
    if act(proven.statement()) == name {
        Ok(proven)
    } else {
        Err(ApiProblem::malformed())
    }
}

/// `POST /person/api/complain` (R7.2, R7.3).
pub async fn complain(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let proven = said::<Complain>(&app, &body, |said| &said.act, "complain").await?;
    let said = proven.statement();
    let platform = said.platform.clone().or_else(|| {
        let client = app.service.client(said.client.as_ref()?)?;
        Some(client.platform.id.clone())
    });
    let complaint = NewComplaint {
        platform: platform.ok_or_else(ApiProblem::malformed)?,
        kind: said.kind,
        text: said.text.clone(),
        receipts: said.receipts.clone(),
        share: said.share,
        contact: None,
    };
    let by = Complainant::Holder(&proven.view().person);
    let acknowledged = app.service.complain(complaint, by).await?;
    Ok((StatusCode::CREATED, Json(acknowledgement(&acknowledged))).into_response())
}

fn acknowledgement(acknowledged: &Acknowledgement) -> Value {
    json!({
        "number": acknowledged.number,
        "secret": acknowledged.secret,
        "received_on": acknowledged.received_on.to_string(),
        "due_on": acknowledged.due_on.to_string(),
        "acknowledgement": acknowledged.signed,
    })
}

/// `POST /person/api/complaints`: how the complaints stand that the device names from its own inbox. The service keeps
/// no list of who complained (C1).
pub async fn complaints(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let proven = said::<Complaints>(&app, &body, |said| &said.act, "complaints").await?;
    let asked = &proven.statement().complaints;
    if asked.len() > MOST {
        return Err(ApiProblem::malformed());
    }
    let mut found = Vec::with_capacity(asked.len());
    for Asked { number, secret } in asked {
        if let Some(status) = app.service.complaint_status(*number, secret).await? {
            found.push(status_json(*number, &status));
        }
    }
    Ok(Json(json!({ "complaints": found })).into_response())
}

fn status_json(number: ComplaintNumber, status: &ComplaintStatus) -> Value {
    let answer = status.answer.as_ref().map(|answer| {
        json!({
            "outcome": answer.outcome,
            "reasons": answer.reasons,
            "on": answer.on.to_string(),
        })
    });
    json!({
        "number": number,
        "kind": status.kind,
        "state": status.state,
        "received_on": status.received_on.to_string(),
        "due_on": status.due_on.to_string(),
        "answer": answer,
    })
}

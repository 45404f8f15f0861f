//! 待确认: requests that platforms started, for the person's devices (S5, P16).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use identity::verification::backchannel::{Waiting, WaitingList};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::oauth::authorize::Presented;
use crate::oauth::decide::read;
use crate::page::requests::WaitingRequest;
use crate::problem::ApiProblem;

use super::account::act;
use super::approval;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    statement: String,
}

/// `POST /person/api/requests`: everything a decision needs, for a wallet.
pub async fn list(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Body = read(&body)?;
    let proven = act(&app, &body.statement, "requests").await?;
    let person = &proven.view().person;
    let list = app.service.waiting_requests(person).await?;
    let WaitingList {
        waiting,
        refused_lately,
        left_in_peace,
    } = list;
    let requests: Vec<Value> = waiting.into_iter().map(shown).collect();
    Ok(Json(json!({
        "requests": requests,
        "refused_lately": refused_lately,
        "left_in_peace": left_in_peace,
    }))
    .into_response())
}

fn shown(waiting: Waiting) -> Value {
    let presented = Presented {
        transaction: waiting.transaction,
        open: waiting.open,
    };
    let mut shown = approval::json(&presented, "zh-CN");
    shown["number_match"] = json!(true);
    shown["numbers"] = json!(waiting.numbers);
    shown["binding_message"] = json!(waiting.message);
    shown
}

/// A card of the list.
pub fn card(waiting: &Waiting, language: &str) -> WaitingRequest {
    let open = &waiting.open;
    WaitingRequest {
        platform: open.platform.name.text(language).to_owned(),
        purpose: open.scenario().purpose.text(language).to_owned(),
        href: format!("/requests/{}", handle(waiting)),
        expires_at: waiting.expires_at.0,
    }
}

/// What names a waiting request in an address of the person's own pages: its digest.
pub fn handle(waiting: &Waiting) -> String {
    use base64ct::{Base64UrlUnpadded, Encoding};
    Base64UrlUnpadded::encode_string(&waiting.open.digest.0)
}

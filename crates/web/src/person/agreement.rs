//! The service's own notices: what a person agreed to, what asks again, and taking it back (R9.2, R11.1; P2, P27).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use identity::notice::diff::{self, PartChange, Sentence};
use identity::notice::{Agreement, Notice, Standing};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::oauth::decide::read;
use crate::person::account::act;
use crate::person::pages::apply::parts;
use crate::problem::ApiProblem;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    statement: String,
    #[serde(default)]
    language: Option<String>,
}

impl Body {
    fn language(&self) -> &str {
        self.language.as_deref().unwrap_or("zh-CN")
    }
}

/// `POST /person/api/notices`: where the person stands with each notice, what is to come, and the history.
pub async fn notices(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Body = read(&body)?;
    let proven = act(&app, &body.statement, "notices").await?;
    let child = proven.statement().child.as_deref();
    let of = app.service.notices_of(proven.view(), child).await?;
    let language = body.language();
    let standings = app.service.standings(&of).await?;
    let agreements = app.service.agreements(of.person).await?;
    let editions = app.service.editions();
    let upcoming = editions.upcoming(app.service.now().day());
    let upcoming = upcoming.filter(|notice| !notice.is_for_minors() || child.is_some());
    Ok(Json(json!({
        "notices": standings.iter().map(|s| standing(s, language)).collect::<Vec<_>>(),
        "upcoming": upcoming.map(|n| version(n, editions.before(n), language)).collect::<Vec<_>>(),
        "history": agreements.iter().map(|a| agreement(a, language)).collect::<Vec<_>>(),
    }))
    .into_response())
}

/// `POST /person/api/agree`: to exactly the version that was read, by its digest.
pub async fn agree(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Body = read(&body)?;
    let proven = act(&app, &body.statement, "agree").await?;
    let agreed = app.service.agree(&proven, &body.statement).await?;
    Ok(Json(json!({
        "notice": agreed.notice.id,
        "version": agreed.notice.version,
        "document": agreed.document,
    }))
    .into_response())
}

/// `POST /person/api/withdraw-agreement`: one signed act, as giving is (R9.2); the answer says what follows.
pub async fn withdraw(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let body: Body = read(&body)?;
    let proven = act(&app, &body.statement, "withdraw_agreement").await?;
    let (notice, effect) = app.service.withdraw_agreement(&proven).await?;
    Ok(Json(json!({ "notice": notice.id, "effect": effect.as_str() })).into_response())
}

fn standing(standing: &Standing, language: &str) -> Value {
    let notice = &standing.notice;
    let agreed = standing.last.as_ref();
    let older = agreed.map(|agreed| &agreed.notice);
    let mut shown = version(notice, older, language);
    shown["state"] = json!(standing.state.as_str());
    shown["asked"] = json!(standing.is_owed());
    shown["mandatory"] = json!(standing.mandatory);
    shown["agreed"] = agreed.map_or(Value::Null, |agreed| agreement(agreed, language));
    shown
}

/// One version with its changes against another.
pub(crate) fn version(notice: &Notice, older: Option<&Notice>, language: &str) -> Value {
    let text = notice.text(language);
    json!({
        "id": notice.id,
        "version": notice.version,
        "kind": notice.consent,
        "digest": notice.digest_of(text),
        "effective_from": notice.effective_from.to_string(),
        "title": text.title,
        "asks_again": older.is_some_and(|older| diff::asks_again(older, notice)),
        "changes": older.map_or_else(Vec::new, |older| changes(older, notice, language)),
        "parts": parts(text, language)
            .iter()
            .map(|part| json!({ "heading": part.heading, "text": part.text }))
            .collect::<Vec<_>>(),
    })
}

fn agreement(agreement: &Agreement, language: &str) -> Value {
    json!({
        "id": agreement.notice.id,
        "version": agreement.notice.version,
        "kind": agreement.notice.consent,
        "title": agreement.notice.text(language).title,
        "given_on": agreement.given_on.to_string(),
        "withdrawn_on": agreement.withdrawn_on.map(|day| day.to_string()),
    })
}

/// What changed between two versions, in one language.
pub(crate) fn changes(older: &Notice, newer: &Notice, language: &str) -> Vec<Value> {
    let found = diff::changes(older.text(language), newer.text(language));
    found
        .iter()
        .map(|PartChange { part, sentences }| {
            let sentences: Vec<Value> = sentences.iter().map(sentence).collect();
            json!({ "part": part, "heading": part.heading(language), "sentences": sentences })
        })
        .collect()
}

fn sentence(sentence: &Sentence) -> Value {
    json!(sentence)
}

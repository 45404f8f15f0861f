//! A form of a desk, as it was posted.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use identity::clock::Day;
use identity::platform::LocalText;

use crate::app::App;
use crate::page::problem::ProblemKind;
use crate::person::pages::posted::from_own_page;
use crate::problem::ApiProblem;
use crate::problem::page::PageProblem;

use super::desk::Desk;

/// A form of a desk: posted by its page, by somebody whose role may change things.
pub(super) struct StaffForm {
    /// Who and where.
    pub(super) desk: Desk,
    /// What: names and values, each name once.
    fields: Vec<(String, String)>,
}

impl FromRequest<Arc<App>> for StaffForm {
    type Rejection = Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Self::Rejection> {
        let (mut parts, body) = request.into_parts();
        let desk = Desk::from_request_parts(&mut parts, app).await?;
        let stale = || PageProblem::new(desk.frame.clone(), ProblemKind::StaleForm).into_response();
        if !from_own_page(&app.service.issuer, &parts.headers) {
            return Err(stale());
        }
        // R3.1, R12.1: a role that reads posts nothing.
        if desk.staff.role().is_read_only() {
            return Err(ApiProblem::read_only().into_response());
        }
        let headers = parts.headers.clone();
        let body = Bytes::from_request(Request::from_parts(parts, body), app)
            .await
            .map_err(|_| stale())?;
        let fields = fields(&headers, &body).ok_or_else(stale)?;
        Ok(Self { desk, fields })
    }
}

/// The fields of a form. Unlike a request of OAuth it may hold lines.
fn fields(headers: &HeaderMap, body: &[u8]) -> Option<Vec<(String, String)>> {
    let media_type = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let media_type = media_type.split(';').next()?.trim();
    if media_type != "application/x-www-form-urlencoded" {
        return None;
    }
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(body).into_owned().collect();
    let mut names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    let twice = names.windows(2).any(|pair| pair[0] == pair[1]);
    (!twice).then_some(fields)
}

impl StaffForm {
    /// A field, empty when it is not there.
    pub(super) fn text(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// A text in both languages: `name` and `name_en`.
    pub(super) fn both(&self, name: &str) -> LocalText {
        LocalText::new(
            self.text(name).trim(),
            self.text(&format!("{name}_en")).trim(),
        )
    }

    /// A whole number; nothing typed is none of it.
    pub(super) fn number<T: std::str::FromStr + Default>(&self, name: &str) -> Option<T> {
        match self.text(name).trim() {
            "" => Some(T::default()),
            text => text.parse().ok(),
        }
    }

    /// A day, `YYYY-MM-DD`.
    pub(super) fn day(&self, name: &str) -> Option<Day> {
        Day::parse(self.text(name).trim())
    }

    /// Whether a box is ticked.
    pub(super) fn ticked(&self, name: &str) -> bool {
        self.text(name) == "yes"
    }
}

//! The public report (R9.3, R9.4): counts only, coarse, signed, as a page and as JSON; and what counts refusals.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL};
use identity::case_file::evidence::keys::KeyDocument;
use identity::transparency::report::{MonthReport, REFUSED};
use serde_json::json;

use crate::app::App;
use crate::page::transparency::{Line, Month, Transparency};
use crate::person::session::Visitor;
use crate::problem::ApiProblem;
use crate::problem::page::{PageProblem, render};

/// Routes.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/transparency", get(page))
        .route("/transparency.json", get(report))
}

/// The rule that refused a request: put beside the answer, counted once behind the router, of nobody.
#[derive(Debug, Clone, Copy)]
pub struct RefusedBy(pub &'static str);

/// Middleware: counts what a rule refused. It knows neither who asked nor for whom (R9.3).
pub async fn count_refusals(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if let Some(RefusedBy(rule)) = response.extensions().get() {
        app.service.counts.one(&format!("{REFUSED}{rule}"));
    }
    response
}

/// `GET /transparency.json`: the report, and the same signed (`jws`, `typ: wz-transparency+jwt`).
async fn report(State(app): State<Arc<App>>) -> Result<Response, ApiProblem> {
    let (report, signed) = app.service.transparency().await?;
    let headers = [
        (CACHE_CONTROL, "public, max-age=300"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    let body = json!({ "report": report, "jws": signed });
    Ok((headers, Json(body)).into_response())
}

/// `GET /transparency`.
async fn page(State(app): State<Arc<App>>, visitor: Visitor) -> Result<Response, PageProblem> {
    let frame = visitor.frame();
    let report = app.service.transparency().await;
    let (report, _) = report.map_err(|fault| PageProblem::fault(visitor.frame(), &fault))?;
    Ok(render(&Transparency {
        as_of: report.as_of,
        smallest: report.smallest,
        legal_requests: report.legal_requests.text(),
        cases: report.cases.text(),
        incidents: report.incidents.text(),
        suspended_platforms: report.suspended_platforms.text(),
        months: report.months.iter().map(month).collect(),
        fingerprint: KeyDocument::of_store(app.service.keys()).fingerprint(),
        frame,
    }))
}

fn month(report: &MonthReport) -> Month {
    let refusals = report.refusals.iter().map(|(rule, count)| Line {
        name: rule.clone(),
        count: count.text(),
    });
    let complaints = report.complaints.iter().map(|(kind, count)| Line {
        name: (*kind).to_owned(),
        count: count.text(),
    });
    Month {
        month: report.month.clone(),
        applications: report.applications.text(),
        verifications: report.verifications.text(),
        over_asking: report.over_asking.text(),
        legal_requests: report.legal_requests.text(),
        refusals: refusals.collect(),
        complaints: complaints.collect(),
    }
}

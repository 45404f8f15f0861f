//! The register of the demo, as its own office would see it: report a document lost, cancelled or found, or let the
//! register fall silent (R15.2). It is another party, on the platforms' port, and it tells the service what changed.

use std::sync::Arc;

use askama::Template;
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use identity::registry::{population::RegistryState, simulator::RegistrySimulator};
use identity::service::Service;
use openid::Form;

use crate::wiring::Wired;

/// The office.
struct Office {
    registry: Arc<RegistrySimulator>,
    service: Arc<Service>,
}

/// `/registry`
#[derive(Template)]
#[template(
    source = r#"<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>登记库模拟器 · register simulator</title><link rel="stylesheet" href="/style.css"></head><body><main>
<h1>登记库模拟器 <span lang="en">Register simulator</span></h1>
<p>只有沙盒人物，重启后恢复原状。<span lang="en">Sandbox persons only; a restart forgets what was reported.</span></p>
<form method="post" action="/registry/report"><p><label>人物 <span lang="en">person</span>
<select name="person">{% for name in names %}<option>{{ name }}</option>{% endfor %}</select></label></p>
<p><label>状态 <span lang="en">state</span> <select name="state"><option value="lost">挂失 lost</option>
<option value="cancelled">注销 cancelled</option><option value="in_force">有效 in force</option></select></label></p>
<p><button>登记 <span lang="en">Report</span></button></p></form>
<form method="post" action="/registry/silence"><p>
<button name="silent" value="true">停止应答 <span lang="en">Stop answering</span></button>
<button name="silent" value="false">恢复应答 <span lang="en">Answer again</span></button></p></form>
</main></body></html>"#,
    ext = "html"
)]
struct Page {
    names: Vec<String>,
}

/// Its pages.
pub(crate) fn router(wired: &Wired) -> Router {
    let office = Arc::new(Office {
        registry: wired.registry.clone(),
        service: wired.service.clone(),
    });
    Router::new()
        .route("/registry", get(page))
        .route("/registry/report", post(report))
        .route("/registry/silence", post(silence))
        .with_state(office)
}

async fn page(State(office): State<Arc<Office>>) -> Response {
    let names = office.registry.population().named();
    let page = Page {
        names: names.iter().map(|person| person.name.clone()).collect(),
    };
    match page.render() {
        Ok(html) => {
            let headers = [
                (header::CONTENT_TYPE, "text/html; charset=utf-8"),
                (
                    header::CONTENT_SECURITY_POLICY,
                    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
                ),
                (header::CACHE_CONTROL, "no-store"),
            ];
            (headers, html).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// What a form of this page says; a form of another site is not read.
fn read(headers: &HeaderMap, body: &Bytes) -> Result<Form, StatusCode> {
    let elsewhere = headers
        .get("sec-fetch-site")
        .is_some_and(|value| value != "same-origin" && value != "none");
    if elsewhere {
        return Err(StatusCode::FORBIDDEN);
    }
    Form::parse(body).map_err(|_| StatusCode::BAD_REQUEST)
}

/// A state of a person's documents; the service is told and looks at once.
async fn report(
    State(office): State<Arc<Office>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Redirect, StatusCode> {
    let form = read(&headers, &body)?;
    let state = match form.text("state") {
        Some("lost") => RegistryState::Lost,
        Some("cancelled") => RegistryState::Cancelled,
        Some("in_force") => RegistryState::InForce,
        _ => return Err(StatusCode::BAD_REQUEST),
    };
    let name = form.text("person").unwrap_or_default();
    let person = office.registry.population().by_name(name);
    let person = person.ok_or(StatusCode::NOT_FOUND)?;
    office.registry.report(person.document.number(), state);
    let looked_at = office.service.recheck_holder(&person.holder_reference);
    if let Err(fault) = looked_at.await {
        tracing::error!(%fault, "a report of the register was not looked at");
        return Err(StatusCode::INTERNAL_SERVER_ERROR);
    }
    Ok(Redirect::to("/registry"))
}

/// The register answers nobody, or everybody again; what waited is tried again.
async fn silence(
    State(office): State<Arc<Office>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Redirect, StatusCode> {
    let form = read(&headers, &body)?;
    let silent = form.text("silent") == Some("true");
    office.registry.set_silent(silent);
    if !silent && let Err(fault) = office.service.recheck_due().await {
        tracing::error!(%fault, "what waited for the register was not tried again");
        return Err(StatusCode::INTERNAL_SERVER_ERROR);
    }
    Ok(Redirect::to("/registry"))
}

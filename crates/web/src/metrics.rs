//! What an operator's monitoring reads: requests by route, method and answer, how long they took, the size of the log.
//!
//! A label is a pattern of the router, a method or a number, never a path, a platform or a person (R9.3): whoever reads
//! these figures learns nothing of anyone. The text is OpenMetrics 1.0, which Prometheus reads.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, Method};
use openid::{PresentedToken, Secret};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use identity::service::Fault;

use crate::app::App;
use crate::problem::ApiProblem;

/// Who may read the figures.
#[derive(Debug, Clone)]
pub enum Access {
    /// Everybody: a demo or a sandbox.
    Open,
    /// Whoever brings this token (`Authorization: Bearer`).
    Token(Secret),
    /// Nobody: production without a token in its configuration.
    Closed,
}

/// Seconds of a request, from a page out of memory to a slow disk.
const BUCKETS: [f64; 12] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
];
/// Where no route answered: what a stranger typed is not kept.
const UNMATCHED: &str = "unmatched";

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

/// The figures of one process.
pub struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    seconds: Family<Route, Histogram, fn() -> Histogram>,
    in_flight: Gauge,
    leaves: Gauge<u64, AtomicU64>,
}

impl Default for Metrics {
    fn default() -> Self {
        let metrics = Self {
            registry: Registry::with_prefix("wangzheng"),
            requests: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
            in_flight: Gauge::default(),
            leaves: Gauge::default(),
        };
        metrics.registered()
    }
}

impl Metrics {
    fn registered(mut self) -> Self {
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        let registry = &mut self.registry;
        registry.register("build", "The version that runs", version);
        let requests = self.requests.clone();
        registry.register("http_requests", "Requests answered", requests);
        registry.register_with_unit(
            "http_request_duration",
            "From the head of a request to the head of its answer",
            Unit::Seconds,
            self.seconds.clone(),
        );
        let in_flight = self.in_flight.clone();
        registry.register("http_requests_in_flight", "Not yet answered", in_flight);
        let leaves = self.leaves.clone();
        registry.register("log_leaves", "Leaves in the public log", leaves);
        self
    }

    fn answered(&self, method: &Method, route: String, status: u16, begun: Instant) {
        let method = name_of(method);
        let seconds = begun.elapsed().as_secs_f64();
        let of_route = Route {
            route: route.clone(),
        };
        self.seconds.get_or_create(&of_route).observe(seconds);
        let answered = Answered {
            method,
            route,
            status,
        };
        self.requests.get_or_create(&answered).inc();
    }
}

/// A method as a label; others than these are one, since a stranger can invent them without end.
fn name_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        _ => "OTHER",
    }
}

/// One request that is being answered; a connection that breaks ends it too.
struct InFlight(Gauge);

impl InFlight {
    fn begin(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// Middleware: counts and times each request by the pattern of its route.
pub async fn measured(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let in_flight = InFlight::begin(&app.metrics.in_flight);
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or(UNMATCHED, MatchedPath::as_str).to_owned();
    let response = next.run(request).await;
    drop(in_flight);
    let status = response.status().as_u16();
    app.metrics.answered(&method, route, status, begun);
    response
}

/// Routes.
pub fn router(access: Access) -> Router<Arc<App>> {
    Router::new()
        .route("/metrics", get(read))
        .layer(Extension(Arc::new(access)))
}

/// `GET /metrics`. A stranger to a closed one is told that there is nothing.
async fn read(
    State(app): State<Arc<App>>,
    Extension(access): Extension<Arc<Access>>,
    headers: HeaderMap,
) -> Result<Response, ApiProblem> {
    if !admits(&access, &headers) {
        return Err(ApiProblem::not_found());
    }
    let leaves = app.service.store().tree_size().await;
    app.metrics.leaves.set(leaves.map_err(Fault::from)?);
    let mut text = String::new();
    encode(&mut text, &app.metrics.registry)
        .map_err(|_| Fault::Invariant("metrics are encoded into memory"))?;
    let headers = [
        (
            CONTENT_TYPE,
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
        ),
        (CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, text).into_response())
}

fn admits(access: &Access, headers: &HeaderMap) -> bool {
    match access {
        Access::Open => true,
        Access::Closed => false,
        Access::Token(expected) => {
            let header = headers.get(AUTHORIZATION).map(http::HeaderValue::as_bytes);
            let presented = PresentedToken::parse(header).ok().flatten();
            // `Secret` compares in constant time.
            presented.is_some_and(|presented| presented.token == *expected)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(authorization: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, authorization.parse().unwrap());
        headers
    }

    #[test]
    fn a_token_opens_what_it_was_configured_for() {
        let access = Access::Token(Secret::new("figures-of-today"));
        assert!(admits(&access, &with("Bearer figures-of-today")));
        for other in ["Bearer figures-of-toda", "Basic figures-of-today", "Bearer"] {
            assert!(!admits(&access, &with(other)), "{other}");
        }
        assert!(!admits(&access, &HeaderMap::new()));
    }

    #[test]
    fn what_is_closed_opens_to_no_token() {
        assert!(!admits(&Access::Closed, &with("Bearer figures-of-today")));
        assert!(admits(&Access::Open, &HeaderMap::new()));
    }
}

//! The demo platforms: other parties, on another host name and port, that know of the service only what any platform
//! knows. Everything they keep is in memory.
//!
//! | path | shows |
//! |---|---|
//! | `/` | the six platforms |
//! | `/{site}` | the ways to register or verify side by side (R6.2, R7.3), or the account |
//! | `/{site}/start` | asks the service for a verification |
//! | `/{site}/callback` | takes the answer |
//! | `/{site}/result` | what came of it |
//! | `/{site}/received` | every byte the platform received (R8.1) |

mod account;
mod handlers;
mod page;
mod received;
mod session;
mod site;
mod visit;
mod wording;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use crypto::random::{Random, SystemRandom};
use identity::clock::{Clock, SystemClock};

use super::fixtures::{Demo, FixtureError, Place};
use crate::wallet::http;
use site::Site;
pub(crate) use site::relying_party;

/// All platforms of a demo.
struct Platforms {
    sites: Vec<Arc<Site>>,
    security_policy: HeaderValue,
    random: Arc<dyn Random>,
}

/// Why the platforms cannot open.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PlatformsError {
    /// Their registration.
    #[error(transparent)]
    Fixture(#[from] FixtureError),
    /// Their HTTP client.
    #[error("no HTTP client could be made: {0}")]
    Client(#[from] reqwest::Error),
}

/// The pages of the platforms of `demo`, each with its own client of the service.
pub(crate) fn router(demo: &Demo, place: Place<'_>) -> Result<Router, PlatformsError> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let random: Arc<dyn Random> = Arc::new(SystemRandom);
    Ok(Platforms::new(demo, place, &clock, &random)?.pages())
}

impl Platforms {
    fn new(
        demo: &Demo,
        place: Place<'_>,
        clock: &Arc<dyn Clock>,
        random: &Arc<dyn Random>,
    ) -> Result<Self, PlatformsError> {
        let http = http::client()?;
        let sites = demo
            .registered(place)?
            .into_iter()
            .map(|platform| {
                let client = demo.platform(platform.id.as_str())?;
                let relying_party = relying_party(&demo.issuer, client, &http, clock, random)?;
                Ok(Arc::new(Site::new(platform, relying_party)))
            })
            .collect::<Result<_, FixtureError>>()?;
        // A form here leads, by redirect, to the service: browsers apply form-action to that redirect too.
        let policy = format!(
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' {}; base-uri 'none'; \
             frame-ancestors 'none'",
            demo.issuer
        );
        let damaged = |_| FixtureError::NotRegistrable(demo.issuer.clone());
        Ok(Self {
            sites,
            security_policy: HeaderValue::from_str(&policy).map_err(damaged)?,
            random: random.clone(),
        })
    }

    fn pages(self) -> Router {
        let platforms = Arc::new(self);
        Router::new()
            .route("/", get(handlers::index))
            .route("/style.css", get(handlers::style))
            .route("/icon.svg", get(handlers::icon))
            .route("/{site}", get(handlers::home))
            .route("/{site}/start", post(handlers::start))
            .route("/{site}/other", post(handlers::other))
            .route("/{site}/callback", get(handlers::callback))
            .route("/{site}/result", get(handlers::result))
            .route("/{site}/received", get(handlers::received))
            .route("/{site}/step-up", post(handlers::step_up))
            .route("/{site}/suspicious", post(handlers::suspicious))
            .route("/{site}/sign-out", post(handlers::sign_out))
            .layer(middleware::from_fn(visit::choose_language))
            .layer(middleware::from_fn_with_state(platforms.clone(), guard))
            .with_state(platforms)
    }
}

/// Refuses forms of other sites; adds the headers that keep a page to itself.
async fn guard(State(platforms): State<Arc<Platforms>>, request: Request, next: Next) -> Response {
    let from_here = |value: &HeaderValue| value == "same-origin" || value == "none";
    let elsewhere = request
        .headers()
        .get("sec-fetch-site")
        .is_some_and(|value| !from_here(value));
    let mut response = if request.method() == Method::POST && elsewhere {
        StatusCode::FORBIDDEN.into_response()
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        platforms.security_policy.clone(),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

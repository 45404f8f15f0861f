//! Security events brought to platforms (RFC 8935): to the address a platform registered, and nowhere else (R12.2).
//!
//! Connections go out only to hosts of the platform's own review, which is looked up again for each event; a platform
//! that is gone gets nothing. This build has no TLS client yet: `https` endpoints are reached through an outbound TLS
//! proxy, or by polling; plain `http` only on this machine.

use std::sync::Arc;

use async_trait::async_trait;
use axum::http::{StatusCode, header};
use identity::service::Service;
use identity::signal::deliver::{Brought, Courier, Parcel};
use openid::SET_MEDIA_TYPE;
use url::Url;
use web::ssf::{endpoint, set};

use crate::egress::Egress;

/// Brings events by HTTP.
pub(crate) struct HttpCourier {
    service: Arc<Service>,
    door: Egress,
    local: bool,
}

impl HttpCourier {
    /// A courier of this service.
    pub(crate) fn new(service: Arc<Service>, door: Egress) -> Self {
        let local = Url::parse(&service.issuer).is_ok_and(|issuer| endpoint::is_local(&issuer));
        Self {
            service,
            door,
            local,
        }
    }

    /// Where a parcel goes, if it may go there still.
    fn destination(&self, parcel: &Parcel) -> Option<Url> {
        let platform = self.service.platform(&parcel.platform)?;
        endpoint::allowed(&platform, &parcel.endpoint, self.local)
    }
}

#[async_trait]
impl Courier for HttpCourier {
    async fn bring(&self, parcel: Parcel) -> Brought {
        let Some(destination) = self.destination(&parcel) else {
            tracing::warn!(platform = %parcel.platform, "an event endpoint is no longer registered");
            return Brought::NotTaken;
        };
        let token = match set::sign(&self.service, &parcel.stream, &parcel.signal) {
            Ok(token) => token,
            Err(fault) => {
                tracing::error!(%fault, "an event was not signed");
                return Brought::NotTaken;
            }
        };
        let posted = match self.door.post(&destination) {
            Ok(posted) => posted,
            Err(not_listed) => {
                tracing::warn!(%not_listed, "an event was not sent");
                return Brought::NotTaken;
            }
        };
        let mut request = posted
            .header(header::CONTENT_TYPE, SET_MEDIA_TYPE)
            .header(header::ACCEPT, "application/json")
            .body(token);
        if let Some(authorization) = &parcel.authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        // RFC 8935 §2.2: 202 is the only acceptance; what an answer says else is not read.
        match request.send().await {
            Ok(answer) if answer.status() == StatusCode::ACCEPTED => Brought::Accepted,
            Ok(_) | Err(_) => Brought::NotTaken,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use axum::Router;
    use axum::extract::State;
    use axum::http::HeaderMap;
    use axum::routing::post;
    use identity::clock::Timestamp;
    use identity::id::{ClientId, PlatformId};
    use identity::service::Suite;
    use identity::signal::deliver::Signal;
    use identity::signal::{Delivery, Notice, SignalId, SignalKind, Stream, StreamStatus};

    use super::*;
    use crate::config::EnvironmentName;
    use crate::wiring::{Plan, wire};

    type Seen = Arc<Mutex<Vec<(HeaderMap, String)>>>;

    async fn take(State(seen): State<Seen>, headers: HeaderMap, body: String) -> StatusCode {
        let mut seen = seen.lock().unwrap();
        seen.push((headers, body));
        if seen.len() == 1 {
            StatusCode::INTERNAL_SERVER_ERROR
        } else {
            StatusCode::ACCEPTED
        }
    }

    fn parcel(endpoint: &str) -> Parcel {
        Parcel {
            platform: PlatformId("forum".to_owned()),
            stream: Stream {
                id: "stream".to_owned(),
                client: ClientId("app-forum".to_owned()),
                suite: Suite::International,
                delivery: Delivery::Poll,
                requested: None,
                delivers: SignalKind::ALL.into(),
                status: StreamStatus::Enabled,
                reason: None,
                description: None,
            },
            endpoint: endpoint.to_owned(),
            authorization: Some("Bearer s".to_owned()),
            signal: Signal {
                id: SignalId([7; 16]),
                at: Timestamp(0),
                due_at: None,
                notice: Notice::Trial { state: None },
            },
        }
    }

    /// R12.2, RFC 8935: over a real connection, to the registered host and to no other.
    #[tokio::test]
    async fn r12_2_an_event_goes_to_the_registered_host_alone() {
        let folder = tempfile::tempdir().unwrap();
        let random = crypto::random::SystemRandom;
        let today = identity::clock::Clock::now(&identity::clock::SystemClock).date();
        let population = identity::registry::population::Population::demo(today);
        let wired = wire(Plan {
            issuer: "http://localhost:1",
            environment: EnvironmentName::Sandbox,
            database: &folder.path().join("db"),
            key_file: &folder.path().join("keys"),
            passphrase: b"passphrase",
            policy: identity::service::Policy::default(),
            population: population.clone(),
        })
        .await
        .unwrap();
        let place = crate::demo::fixtures::Place {
            issuer: "http://localhost:1",
            platform_port: 2,
            redirect_uris: &[],
        };
        let demo =
            crate::demo::fixtures::Demo::prepare(folder.path(), place, population.named(), &random)
                .unwrap();
        crate::demonstrate::register(&wired.service, demo.registered(place).unwrap())
            .await
            .unwrap();
        let seen = Seen::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let router = Router::new()
            .route("/events", post(take))
            .with_state(seen.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let courier = HttpCourier::new(
            wired.service.clone(),
            Egress::new(&crate::egress::EgressList::default()).unwrap(),
        );
        let here = format!("http://127.0.0.1:{port}/events");
        assert_eq!(courier.bring(parcel(&here)).await, Brought::NotTaken, "500");
        assert_eq!(courier.bring(parcel(&here)).await, Brought::Accepted, "202");
        let elsewhere = format!("http://localhost:{port}/events");
        assert_eq!(courier.bring(parcel(&elsewhere)).await, Brought::NotTaken);
        let seen = seen.lock().unwrap();
        assert_eq!(seen.len(), 2, "nothing was sent to another host");
        let (headers, body) = &seen[1];
        assert_eq!(headers["content-type"], SET_MEDIA_TYPE);
        assert_eq!(headers["authorization"], "Bearer s");
        assert_eq!(body.split('.').count(), 3);
    }
}

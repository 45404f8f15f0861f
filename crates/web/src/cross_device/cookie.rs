//! The two cookies of a hand-off: one binds the session to its screen, one says that a phone saw the
//! code while it was fresh.

use crypto::digest::{Digest, sha256};
use crypto::random;
use http::HeaderMap;
use identity::clock::Timestamp;
use identity::service::Fault;
use identity::verification::cross_device::Opened;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::person::session::cookie;

const BIND: &str = "wz_bind";
const TICKET: &str = "wz_ticket";
const TICKET_LABEL: &str = "cross-device-ticket";
/// Seconds a browser has to sign in after it saw a fresh code.
const TICKET_LIFE: i64 = 300;
/// Seconds the binding outlives every request.
const BIND_LIFE: i64 = 1800;

/// What a screen shows to be the session's own.
pub(super) struct Bound<'a> {
    pub(super) session: &'a str,
    pub(super) secret: &'a str,
}

/// The session this browser is bound to.
pub(super) fn bound(headers: &HeaderMap) -> Option<Bound<'_>> {
    let (session, secret) = cookie(headers, BIND)?.split_once('.')?;
    Some(Bound { session, secret })
}

/// The same, if it is this session.
pub(super) fn bound_to<'a>(headers: &'a HeaderMap, session: &str) -> Option<Bound<'a>> {
    bound(headers).filter(|bound| bound.session == session)
}

/// Binds a session to this browser.
pub(super) fn bind(app: &App, opened: &Opened) -> String {
    let value = format!("{}.{}", opened.session, opened.secret);
    set(app, BIND, &value, BIND_LIFE)
}

/// A phone's browser, named by random bytes, and the session whose code it saw in time.
#[derive(Serialize, Deserialize)]
pub(super) struct Ticket {
    browser: [u8; 16],
    session: String,
    expires_at: Timestamp,
}

impl Ticket {
    /// A ticket for a session whose fresh code is here.
    pub(super) fn new(app: &App, session: &str) -> Self {
        Self {
            browser: random::array(app.service.random()),
            session: session.to_owned(),
            expires_at: app.service.now().plus(TICKET_LIFE),
        }
    }

    /// The ticket of a browser, if it is for this session.
    pub(super) fn of(app: &App, headers: &HeaderMap, session: &str) -> Option<Self> {
        let ticket: Self = app
            .service
            .open_value(TICKET_LABEL, cookie(headers, TICKET)?)?;
        let good = ticket.session == session && app.service.now() < ticket.expires_at;
        good.then_some(ticket)
    }

    /// What a claim remembers of the browser.
    pub(super) fn browser(&self) -> Digest {
        sha256(&[b"wangzheng-ticket", &self.browser])
    }

    /// The `Set-Cookie` value.
    pub(super) fn cookie(&self, app: &App) -> Result<String, Fault> {
        let value = app.service.seal_value(TICKET_LABEL, self)?;
        Ok(set(app, TICKET, &value, TICKET_LIFE))
    }
}

fn set(app: &App, name: &str, value: &str, life: i64) -> String {
    let secure = if app.https { "; Secure" } else { "" };
    format!("{name}={value}; Path=/x; HttpOnly; SameSite=Lax; Max-Age={life}{secure}")
}

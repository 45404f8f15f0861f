//! Who sits at which desk. A page of a desk shows itself to its own people only; each page a supervisor sees is an
//! event of the log before it is shown (R3.1).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use identity::service::Fault;
use identity::staff::{ActingStaff, Duty};

use crate::app::App;
use crate::page::Frame;
use crate::page::console::{Block, ConsolePage, DeskText, Place, StaffSignIn};
use crate::page::problem::ProblemKind;
use crate::person::pages::posted::from_own_page;
use crate::person::session::Visitor;
use crate::problem::ApiProblem;
use crate::problem::page::{PageProblem, render};
use crate::staff::session::Staff;

/// Longest page name in an event.
const LONGEST_PAGE: usize = 80;

/// A member of staff at the desk of the path.
pub struct Desk {
    /// What surrounds the page.
    pub frame: Frame,
    /// Who.
    pub staff: ActingStaff,
    issuer: String,
}

/// `/staff/sign-in`.
pub(super) async fn sign_in(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    sign_in_page(&app, frame_of(&visitor))
}

fn sign_in_page(app: &App, frame: Frame) -> Response {
    let issuer = app.service.issuer.clone();
    render(&StaffSignIn { frame, issuer })
}

/// The frame without anything of a person: these pages know none.
fn frame_of(visitor: &Visitor) -> Frame {
    Frame {
        signed_in: false,
        locked: false,
        ..visitor.frame()
    }
}

impl FromRequestParts<Arc<App>> for Desk {
    type Rejection = Response;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &Arc<App>,
    ) -> Result<Self, Self::Rejection> {
        let visitor = Visitor::from_request_parts(parts, app)
            .await
            .map_err(IntoResponse::into_response)?;
        let frame = frame_of(&visitor);
        let fault = |fault: &Fault| PageProblem::fault(frame.clone(), fault).into_response();
        let staff = Staff::of(app, &parts.headers)
            .await
            .map_err(|error| fault(&error))?;
        let Some(staff) = staff else {
            return Err(sign_in_page(app, frame));
        };
        // Another face's page reads as nothing there.
        let path = parts.uri.path();
        if !path.starts_with(crate::staff::session::home(&staff)) {
            return Err(PageProblem::new(frame, ProblemKind::NotFound).into_response());
        }
        // R3.1: supervisors are themselves audited, page by page, before anything is shown.
        if staff.role().is_supervisor() {
            let page: String = path.chars().take(LONGEST_PAGE).collect();
            let viewed = app.service.supervisor_viewed(&staff, &page).await;
            viewed.map_err(|error| fault(&error))?;
        }
        Ok(Self {
            issuer: app.service.issuer.clone(),
            staff: ActingStaff::clone(&staff),
            frame,
        })
    }
}

impl Desk {
    /// A text of the page's language.
    pub fn say(&self, key: &str) -> String {
        self.frame.say(key)
    }

    /// `zh-CN` or `en`.
    pub fn language(&self) -> &'static str {
        self.frame.locale().tag()
    }

    /// A page of this desk.
    pub fn page(self, title: impl Into<String>, blocks: Vec<Block>) -> Response {
        let desk = self.text();
        render(&ConsolePage {
            desk,
            title: title.into(),
            issuer: self.issuer,
            blocks,
            frame: self.frame,
        })
    }

    /// A page that is not this person's reads as nothing there.
    pub fn nothing(self) -> Response {
        PageProblem::new(self.frame, ProblemKind::NotFound).into_response()
    }

    /// A fault; logged once.
    pub fn fault(self, fault: &Fault) -> Response {
        PageProblem::fault(self.frame, fault).into_response()
    }

    fn text(&self) -> DeskText {
        let role = self.staff.role();
        DeskText {
            name: self.staff.name().to_owned(),
            login: self.staff.login().to_string(),
            role: self.say(&format!("staff.role.{}", role.as_str())),
            read_only: role.is_read_only(),
            places: self.places(),
        }
    }

    /// The navigation by duty. To add a place: a line here.
    fn places(&self) -> Vec<Place> {
        let staff = &self.staff;
        let about_persons = staff.may(Duty::ReviewApplications) || staff.may(Duty::WorkOnCases);
        let about_people = staff.may(Duty::OperateMachines)
            || staff.may(Duty::ManageKeys)
            || staff.may(Duty::ReadAudit);
        let all = [
            ("/operator", "staff.queue", staff.role().is_operator()),
            (
                "/operator/platforms",
                "staff.platforms",
                staff.role().is_operator(),
            ),
            ("/operator/persons", "staff.persons", about_persons),
            ("/operator/people", "staff.people", about_people),
            ("/operator/audit", "staff.audit", staff.may(Duty::ReadAudit)),
            ("/supervisor", "staff.overview", staff.may(Duty::Supervise)),
            (
                "/supervisor/platforms",
                "staff.platforms",
                staff.may(Duty::Supervise),
            ),
            ("/supervisor/log", "staff.log", staff.may(Duty::Supervise)),
            (
                "/supervisor/compliance",
                "compliance.title",
                staff.may(Duty::Supervise),
            ),
            (
                "/platform",
                "staff.own_platform",
                staff.may(Duty::SpeakForPlatform),
            ),
            (
                "/platform/registration",
                "staff.registration",
                staff.may(Duty::SpeakForPlatform),
            ),
            (
                "/platform/scenario",
                "staff.scenario",
                staff.may(Duty::SpeakForPlatform),
            ),
        ];
        let path = self.frame.path.split('?').next().unwrap_or_default();
        let mut places: Vec<Place> = all
            .into_iter()
            .filter(|(_, _, shown)| *shown)
            .map(|(href, key, _)| Place {
                href,
                text: self.say(key),
                here: path == href,
            })
            .collect();
        // A page below a place belongs to it.
        if !places.iter().any(|place| place.here)
            && let Some(above) = places
                .iter_mut()
                .filter(|place| path.starts_with(place.href))
                .max_by_key(|place| place.href.len())
        {
            above.here = true;
        }
        places
    }
}

/// A form of a desk: posted by its page, by somebody whose role may change things.
pub struct StaffForm {
    /// Who and where.
    pub desk: Desk,
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
    pub fn text(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }
}

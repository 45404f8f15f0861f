//! Who sits at which desk. A page of a desk shows itself to its own people only; each page a supervisor sees is an
//! event of the log before it is shown (R3.1).

use std::sync::Arc;

use axum::extract::{FromRequestParts, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use identity::service::Fault;
use identity::staff::{ActingStaff, Role};

use crate::app::App;
use crate::page::Frame;
use crate::page::console::{Block, ConsolePage, DeskText, StaffSignIn, Tone};
use crate::page::problem::ProblemKind;
use crate::person::session::Visitor;
use crate::problem::ApiProblem;
use crate::problem::page::{PageProblem, render};
use crate::staff::session::Staff;

use super::places;

/// Longest page name in an event.
const LONGEST_PAGE: usize = 80;

/// A member of staff at the desk of the path.
pub(super) struct Desk {
    /// What surrounds the page.
    pub(super) frame: Frame,
    /// Who.
    pub(super) staff: ActingStaff,
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
    pub(super) fn say(&self, key: &str) -> String {
        self.frame.say(key)
    }

    /// Several texts, such as the heads of a table.
    pub(super) fn says<const N: usize>(&self, keys: [&str; N]) -> Vec<String> {
        keys.map(|key| self.say(key)).to_vec()
    }

    /// Where this desk begins: `/operator`, `/supervisor`, `/platform`.
    pub(super) fn home(&self) -> &'static str {
        crate::staff::session::home(&self.staff)
    }

    /// Why something was not done, in words.
    pub(super) fn why(&self, problem: &ApiProblem) -> Block {
        let key = format!("staff.refused.{}", problem.code());
        let known = self.frame.locale().texts().contains_key(key.as_str());
        let key = if known {
            key.as_str()
        } else {
            "staff.refused.other"
        };
        Block::Note(Tone::Bad, self.say(key))
    }

    /// `zh-CN` or `en`.
    pub(super) fn language(&self) -> &'static str {
        self.frame.locale().tag()
    }

    /// A page of this desk.
    pub(super) fn page(self, title: impl Into<String>, blocks: Vec<Block>) -> Response {
        let desk = self.text();
        render(&ConsolePage {
            desk,
            title: title.into(),
            issuer: self.issuer,
            blocks,
            frame: self.frame,
        })
    }

    /// The same page again, because something on it was refused: the reason first, and the status says so too.
    pub(super) fn refuses(
        self,
        problem: &ApiProblem,
        title: impl Into<String>,
        mut blocks: Vec<Block>,
    ) -> Response {
        let status = problem.status();
        blocks.insert(0, self.why(problem));
        (status, self.page(title, blocks)).into_response()
    }

    /// The work of other roles; which ones is no secret (R12.1).
    pub(super) fn not_yours(self, whose: impl Fn(Role) -> bool) -> Response {
        let roles = Role::ALL.into_iter().filter(|role| whose(*role));
        let roles: Vec<String> = roles
            .map(|role| self.say(&format!("staff.role.{}", role.as_str())))
            .collect();
        let text = self.frame.say_with(
            "staff.not_yours",
            "roles",
            roles.join(if self.language() == "en" { ", " } else { "、" }),
        );
        let title = self.say("staff.not_yours_title");
        let page = self.page(title, vec![Block::Note(Tone::Warn, text)]);
        (StatusCode::FORBIDDEN, page).into_response()
    }

    /// A page that is not this person's reads as nothing there.
    pub(super) fn nothing(self) -> Response {
        PageProblem::new(self.frame, ProblemKind::NotFound).into_response()
    }

    /// A fault; logged once.
    pub(super) fn fault(self, fault: &Fault) -> Response {
        PageProblem::fault(self.frame, fault).into_response()
    }

    fn text(&self) -> DeskText {
        let role = self.staff.role();
        DeskText {
            name: self.staff.name().to_owned(),
            login: self.staff.login().to_string(),
            role: self.say(&format!("staff.role.{}", role.as_str())),
            read_only: role.is_read_only(),
            places: places::of(self),
        }
    }
}

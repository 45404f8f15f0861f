//! Who opens a page that needs a person: with a session the person, without one the way to it.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use identity::person::HolderView;
use identity::wangzheng::WangzhengState;

use crate::app::App;
use crate::page::Frame;
use crate::page::document::DocumentKind;
use crate::page::first_visit::OpenWallet;
use crate::page::home::{Card, CardState};
use crate::person::session::Visitor;
use crate::problem::page::{PageProblem, render};

/// A signed-in person. Anybody else gets the page that signs in silently.
pub(super) struct Holder {
    /// Frame of the page.
    pub(super) frame: Frame,
    /// The person.
    pub(super) view: HolderView,
}

impl FromRequestParts<Arc<App>> for Holder {
    type Rejection = Response;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &Arc<App>,
    ) -> Result<Self, Self::Rejection> {
        let visitor = Visitor::from_request_parts(parts, app)
            .await
            .map_err(IntoResponse::into_response)?;
        let frame = visitor.frame();
        match visitor.view() {
            Some(view) => Ok(Self {
                frame,
                view: view.clone(),
            }),
            None => Err(render(&OpenWallet { frame })),
        }
    }
}

impl Holder {
    /// The 网证 as its holder sees it.
    pub(super) fn card(&self, app: &App) -> Result<Card, PageProblem> {
        let account = app.service.account(&self.view);
        let account = account.map_err(|fault| PageProblem::fault(self.frame.clone(), &fault))?;
        Ok(Card {
            holder: account.name_masked,
            document: DocumentKind(account.document_kind),
            state: card_state(account.state),
            wanghao: account.wanghao_masked,
        })
    }

    /// The state of the 网证 today.
    pub(super) fn state(&self, app: &App) -> WangzhengState {
        self.view.wangzheng.state_on(app.service.now().day())
    }
}

/// A state of the 网证 as pages show it.
pub(super) fn card_state(state: WangzhengState) -> CardState {
    match state {
        WangzhengState::Active => CardState::Active,
        WangzhengState::Locked => CardState::Locked,
        WangzhengState::Suspended => CardState::Suspended,
        WangzhengState::Leaving => CardState::Leaving,
        WangzhengState::Superseded => CardState::Superseded,
        WangzhengState::Expired => CardState::Expired,
        WangzhengState::Revoked => CardState::Revoked,
    }
}

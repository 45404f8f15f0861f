//! P12: taking up a request from another screen, by camera (a script) or by its eight digits.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use identity::handover::guess;
use identity::verification::cross_device::{CrossDeviceError, CrossDeviceRefused};

use crate::app::App;
use crate::page::Frame;
use crate::page::first_visit::OpenWallet;
use crate::page::scan::{Scan, ScanTrouble};
use crate::problem::page::{PageProblem, render};

use super::holder::Holder;
use super::posted::Posted;

/// The page.
pub(super) async fn page(State(app): State<Arc<App>>, holder: Holder) -> Response {
    show(&app, holder.frame, None)
}

/// Eight digits lead to the request, as if its code had been scanned now.
pub(super) async fn pair(State(app): State<Arc<App>>, posted: Posted) -> Response {
    let frame = posted.visitor.frame();
    if posted.visitor.view().is_none() {
        return render(&OpenWallet { frame });
    }
    let typed = posted.form.text("code").unwrap_or_default();
    if guess::typed(typed).is_none() {
        return show(&app, frame, Some(ScanTrouble::NotEightDigits));
    }
    match app.service.cross_device().pair(typed).await {
        Ok(code) => Redirect::to(&format!("/x/{}", code.text())).into_response(),
        Err(CrossDeviceError::Refused(
            CrossDeviceRefused::Unknown | CrossDeviceRefused::Over | CrossDeviceRefused::Decided,
        )) => show(&app, frame, Some(ScanTrouble::Unknown)),
        Err(error) => PageProblem::cross_device(frame, &error).into_response(),
    }
}

fn show(app: &App, frame: Frame, trouble: Option<ScanTrouble>) -> Response {
    render(&Scan {
        frame,
        issuer: app.service.issuer.clone(),
        trouble,
    })
}

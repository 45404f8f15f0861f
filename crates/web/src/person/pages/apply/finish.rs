//! P6 to P9: the face or another way, the 口令, and the page whose script makes the keys.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use identity::consent::Consent;
use identity::notice::Notice;
use identity::person::apply::{ApplyError, ApplyRefused};
use identity::pin::{Pin, PinRule};
use identity::proofing::EvidenceInsufficient;

use crate::app::App;
use crate::page::apply::{
    ApplyDone, BindDevice, ChoosePin, FacePage, PinTrouble, Purpose, RenewDocument, Step,
};
use crate::page::problem::ProblemKind;
use crate::person::apply::Application;
use crate::person::session::Visitor;
use crate::problem::page::{PageProblem, render};

use super::{Posted, Walk, answer, consent_in, notice_text};

/// Faces that may fail before only the other way is left.
const MOST_FACES: u8 = 3;

/// The face, with its own separate consent, or another way: never required (P-face).
pub(super) async fn face(
    State(app): State<Arc<App>>,
    Extension(purpose): Extension<Purpose>,
    posted: Posted,
) -> Result<Response, PageProblem> {
    let (walk, mut application) = Walk::resume(&app, purpose, &posted)?;
    application.evidence.face = None;
    let wants_face = posted.form.text("choice") == Some("face");
    if !wants_face || application.faces_failed >= MOST_FACES {
        return walk.after_face(&mut application);
    }
    // 1. The consent of its own (Art. 9(1)).
    let notices = app.service.notices();
    let notice = notices.iter().find(|notice| notice.is_for_face());
    let Some(consent) = consent_to_face(&posted, notice) else {
        let tries = walk.tries_left(&application);
        let sealed = walk.seal(&mut application)?;
        return Ok(walk.face(sealed, tries));
    };
    // 2. The comparison, with everything else once more.
    let before = application.consents.clone();
    application.consents.extend(consent);
    application.evidence.face = Some(posted.form.text("face").unwrap_or_default().to_owned());
    match walk.check(&application).await {
        Ok(_) => walk.after_face(&mut application),
        Err(ApplyError::Refused(ApplyRefused::Evidence(EvidenceInsufficient::FaceMismatch))) => {
            application.consents = before;
            application.evidence.face = None;
            application.faces_failed += 1;
            let tries = walk.tries_left(&application);
            let sealed = walk.seal(&mut application)?;
            Ok(walk.face(sealed, tries))
        }
        Err(ApplyError::Refused(ApplyRefused::Consent(missing))) => {
            Ok(walk.consents(Some(&missing)))
        }
        Err(ApplyError::Refused(_)) => Err(PageProblem::new(walk.frame, ProblemKind::Unavailable)),
        Err(ApplyError::Fault(fault)) => Err(PageProblem::fault(walk.frame, &fault)),
    }
}

/// The consent to the face check; the inner one is absent where no notice is published and the
/// page's own words are all there is. `None`: not given.
#[expect(
    clippy::option_option,
    reason = "given without a notice is not the same as not given"
)]
fn consent_to_face(posted: &Posted, notice: Option<&Notice>) -> Option<Option<Consent>> {
    match notice {
        Some(notice) => consent_in(&posted.form, notice)
            .filter(|consent| notice.digests().any(|digest| digest == consent.notice))
            .map(Some),
        None => posted.form.has("consent.face").then_some(None),
    }
}

/// The 口令 (P7).
pub(super) async fn pin(
    State(app): State<Arc<App>>,
    Extension(purpose): Extension<Purpose>,
    posted: Posted,
) -> Result<Response, PageProblem> {
    let (walk, mut application) = Walk::resume(&app, purpose, &posted)?;
    let chosen = posted.form.text("pin").unwrap_or_default();
    let trouble = match Pin::choose(chosen) {
        Err(PinRule::NotEightDigits) => Some(PinTrouble::NotEightDigits),
        Err(PinRule::Repeats) => Some(PinTrouble::Repeats),
        Err(PinRule::Run) => Some(PinTrouble::Run),
        Ok(_) if posted.form.text("pin_again") != Some(chosen) => Some(PinTrouble::Differ),
        Ok(_) => None,
    };
    // A new 口令 for a 网证 that is there is signed by its device: only the script goes on.
    if trouble.is_some() || purpose == Purpose::NewPin {
        let sealed = walk.seal(&mut application)?;
        return Ok(walk.pin(sealed, trouble));
    }
    application.pin = Some(chosen.to_owned());
    let sealed = walk.seal(&mut application)?;
    Ok(walk.bind(sealed))
}

/// P9.
pub(super) async fn done(Extension(purpose): Extension<Purpose>, visitor: Visitor) -> Response {
    render(&ApplyDone {
        frame: visitor.frame(),
        purpose,
    })
}

impl Walk<'_> {
    fn after_face(self, application: &mut Application) -> Result<Response, PageProblem> {
        let sealed = self.seal(application)?;
        Ok(match self.purpose {
            Purpose::Recover => self.bind(sealed),
            Purpose::Apply | Purpose::NewPin | Purpose::Renew => self.pin(sealed, None),
        })
    }

    #[expect(clippy::unused_self, reason = "reads as a step of the walk")]
    fn tries_left(&self, application: &Application) -> Option<u8> {
        let failed = application.faces_failed;
        (failed > 0).then(|| MOST_FACES.saturating_sub(failed))
    }

    pub(super) fn face(self, application: String, tries_left: Option<u8>) -> Response {
        let language = self.frame.locale().tag();
        let notices = self.app.service.notices();
        let notice = notices.iter().find(|notice| notice.is_for_face());
        let page = FacePage {
            purpose: self.purpose,
            progress: self.progress(Step::Face),
            application,
            notice: notice.map(|notice| notice_text(notice, language)),
            tries_left,
            frame: self.frame,
        };
        answer(&page, tries_left.is_some())
    }

    pub(super) fn pin(self, application: String, trouble: Option<PinTrouble>) -> Response {
        let page = ChoosePin {
            purpose: self.purpose,
            progress: self.progress(Step::Pin),
            application,
            issuer: self.app.service.issuer.clone(),
            trouble,
            frame: self.frame,
        };
        answer(&page, trouble.is_some())
    }

    /// A renewed document for a 网证 that is there: its device signs.
    pub(super) fn renew(self, application: String) -> Response {
        render(&RenewDocument {
            purpose: self.purpose,
            progress: self.progress(Step::Device),
            application,
            issuer: self.app.service.issuer.clone(),
            frame: self.frame,
        })
    }

    fn bind(self, application: String) -> Response {
        render(&BindDevice {
            purpose: self.purpose,
            progress: self.progress(Step::Device),
            application,
            issuer: self.app.service.issuer.clone(),
            frame: self.frame,
        })
    }
}

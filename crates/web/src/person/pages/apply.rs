//! 申领 page by page, and the same pages for recovery and a new 口令; nothing is stored before the
//! last step, which a script signs. What is known so far travels sealed in each form.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Extension, Router};
use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::digest::Digest;
use http::StatusCode;
use identity::age::AgeGroup;
use identity::consent::{Consent, ConsentKind, ConsentMissing, Consented};
use identity::notice::{Notice, NoticeText, Part};
use openid::Form;

use crate::app::App;
use crate::page::apply::{
    self as page, ConsentPage, ConsentTrouble, GuardianPart, NoticePart, Progress, Purpose, Step,
};
use crate::page::first_visit::OpenWallet;
use crate::page::problem::ProblemKind;
use crate::page::{Frame, Template};
use crate::person::apply::Application;
use crate::person::session::Visitor;
use crate::problem::page::{PageProblem, render};

use super::posted::Posted;

mod document;
mod elsewhere;
mod finish;

/// The pages of one purpose, under its base address.
pub(super) fn router(purpose: Purpose) -> Router<Arc<App>> {
    let at = |step: &str| format!("{}/{step}", purpose.base());
    let steps = Router::new()
        .route(purpose.base(), get(begin))
        .route(&at("consent"), get(again).post(consent))
        .route(&at("document"), get(again).post(document::choose))
        .route(&at("read"), get(again).post(document::read));
    let steps = match purpose {
        Purpose::Apply => steps
            .route(&at("face"), get(again).post(finish::face))
            .route(&at("pin"), get(again).post(finish::pin))
            .route(&at("done"), get(finish::done)),
        Purpose::Recover => steps
            .route(&at("face"), get(again).post(finish::face))
            .route("/recover/done", get(finish::done)),
        Purpose::NewPin => steps.route(&at("pin"), get(again).post(finish::pin)),
        Purpose::Renew => steps,
    };
    steps.layer(Extension(purpose))
}

/// Where a walk stands: what every step needs.
struct Walk<'a> {
    app: &'a App,
    frame: Frame,
    purpose: Purpose,
    /// The guardian's part at the end (R4.2, R4.3).
    guardian: Option<GuardianPart>,
}

/// P2, the first page. A new 口令 is for who is signed in.
async fn begin(
    State(app): State<Arc<App>>,
    Extension(purpose): Extension<Purpose>,
    visitor: Visitor,
) -> Response {
    let frame = visitor.frame();
    if matches!(purpose, Purpose::NewPin | Purpose::Renew) && visitor.view().is_none() {
        return render(&OpenWallet { frame });
    }
    Walk {
        app: &app,
        frame,
        purpose,
        guardian: None,
    }
    .consents(None)
}

/// A step asked for by address, after a change of language or a bookmark: the walk begins anew.
async fn again(Extension(purpose): Extension<Purpose>) -> Redirect {
    Redirect::to(purpose.base())
}

/// The consents, before anything is processed (Art. 9(1), R9.2).
async fn consent(
    State(app): State<Arc<App>>,
    Extension(purpose): Extension<Purpose>,
    posted: Posted,
) -> Result<Response, PageProblem> {
    let walk = Walk {
        app: &app,
        frame: posted.visitor.frame(),
        purpose,
        guardian: None,
    };
    let notices = app.service.notices();
    let given = notices.iter().filter(|notice| notice.is_for_everyone());
    let consents: Vec<Consent> = given
        .filter_map(|notice| consent_in(&posted.form, notice))
        .collect();
    if let Err(missing) = Consented::for_application(&consents, &notices, false) {
        return Ok(walk.consents(Some(&missing)));
    }
    let mut application = Application::default();
    application.consents = consents;
    let sealed = walk.seal(&mut application)?;
    Ok(walk.choose(sealed, None))
}

/// The consent to a notice, if the form gives one.
fn consent_in(form: &Form, notice: &Notice) -> Option<Consent> {
    let text = form.text(&format!("consent.{}", notice.id))?;
    let mut bytes = [0; 32];
    let decoded = Base64UrlUnpadded::decode(text, &mut bytes).ok()?;
    (decoded.len() == 32).then_some(Consent {
        kind: notice.consent,
        notice: Digest(bytes),
    })
}

impl<'a> Walk<'a> {
    /// A step of a walk under way: what was sealed before is opened again.
    fn resume(
        app: &'a App,
        purpose: Purpose,
        posted: &Posted,
    ) -> Result<(Self, Application), PageProblem> {
        let mut walk = Self {
            app,
            frame: posted.visitor.frame(),
            purpose,
            guardian: None,
        };
        let sealed = posted.form.text("application").unwrap_or_default();
        match Application::open(app, sealed) {
            Ok(application) => {
                walk.guardian = application.group.and_then(part_of_guardian);
                Ok((walk, application))
            }
            Err(_) => Err(PageProblem::new(walk.frame, ProblemKind::StaleForm)),
        }
    }

    fn seal(&self, application: &mut Application) -> Result<String, PageProblem> {
        application
            .seal(self.app)
            .map_err(|_| PageProblem::new(self.frame.clone(), ProblemKind::Internal))
    }

    fn progress(&self, step: Step) -> Progress {
        Progress::at(self.purpose, step).with_guardian(self.guardian)
    }

    fn consents(self, missing: Option<&ConsentMissing>) -> Response {
        let language = self.frame.locale().tag();
        let notices = self.app.service.notices();
        let notices = notices
            .iter()
            .filter(|notice| notice.is_for_everyone() && notice.consent != ConsentKind::Written);
        let trouble = missing.map(|missing| match missing {
            ConsentMissing::NotGiven { .. } => ConsentTrouble::Missing,
            ConsentMissing::Outdated => ConsentTrouble::Outdated,
        });
        let page = ConsentPage {
            purpose: self.purpose,
            progress: self.progress(Step::Consent),
            notices: notices
                .map(|notice| notice_text(notice, language))
                .collect(),
            trouble,
            frame: self.frame,
        };
        answer(&page, trouble.is_some())
    }
}

/// What the page says of the guardian at this age (R4.2, R4.3). A renewed document needs none.
fn part_of_guardian(group: AgeGroup) -> Option<GuardianPart> {
    match group {
        AgeGroup::BelowMinimum | AgeGroup::GuardianApplies => Some(GuardianPart::Applies),
        AgeGroup::GuardianSupervises => Some(GuardianPart::Confirms),
        AgeGroup::Adult => None,
    }
}

/// A page; one that tells of trouble says so to programs too (RFC 9110 §15.5.21).
fn answer(page: &impl Template, trouble: bool) -> Response {
    if trouble {
        (StatusCode::UNPROCESSABLE_ENTITY, render(page)).into_response()
    } else {
        render(page)
    }
}

/// A notice as the pages show it.
pub(crate) fn notice_text(notice: &Notice, language: &str) -> page::NoticeText {
    let text = notice.text(language);
    page::NoticeText {
        id: notice.id.to_string(),
        kind: match notice.consent {
            ConsentKind::General => page::ConsentKind::General,
            ConsentKind::Separate | ConsentKind::Written => page::ConsentKind::Separate,
        },
        digest: Base64UrlUnpadded::encode_string(&notice.digest_of(text).0),
        version: notice.version,
        published: None,
        language: text.language.clone(),
        title: text.title.clone(),
        parts: parts(text, language),
    }
}

/// The parts of a notice with their headings (Art. 11(1) and (2)).
pub fn parts(text: &NoticeText, language: &str) -> Vec<NoticePart> {
    let parts = text.parts().into_iter();
    parts
        .filter(|(part, content)| *part != Part::Title && !content.is_empty())
        .map(|(part, content)| NoticePart {
            heading: part.heading(language).to_owned(),
            text: content.to_owned(),
        })
        .collect()
}

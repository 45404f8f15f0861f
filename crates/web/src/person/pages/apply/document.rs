//! P3 and P5: which document, and what it says.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use identity::age::AgeGroup;
use identity::document::{DocumentKind as Kind, DocumentNumber};
use identity::person::apply::{ApplyError, ApplyRefused, DocumentFields as Typed};
use identity::proofing::Evidence;

use crate::app::App;
use crate::page::apply::{ChooseDocument, Purpose, ReadDocument, Step};
use crate::page::document::{DocumentFields, DocumentKind, DocumentTrouble, SandboxPerson};
use crate::person::apply::Application;
use crate::problem::page::PageProblem;

use super::{Posted, Walk, answer, part_of_guardian};

/// The kind that was chosen (R15.1).
pub(super) async fn choose(
    State(app): State<Arc<App>>,
    Extension(purpose): Extension<Purpose>,
    posted: Posted,
) -> Result<Response, PageProblem> {
    let (walk, mut application) = Walk::resume(&app, purpose, &posted)?;
    let kind = posted.form.text("kind").unwrap_or_default().parse::<Kind>();
    let Ok(kind) = kind else {
        let sealed = walk.seal(&mut application)?;
        return Ok(walk.choose(sealed, Some(DocumentTrouble::KindNotListed)));
    };
    application.document = Typed {
        kind: kind.as_str().to_owned(),
        ..Typed::default()
    };
    walk.read(&mut application, kind, None)
}

/// What the document says: checked with the registry, then the age rules (R4.1–R4.4).
pub(super) async fn read(
    State(app): State<Arc<App>>,
    Extension(purpose): Extension<Purpose>,
    posted: Posted,
) -> Result<Response, PageProblem> {
    let (walk, mut application) = Walk::resume(&app, purpose, &posted)?;
    let Ok(kind) = application.document.kind.parse::<Kind>() else {
        let sealed = walk.seal(&mut application)?;
        return Ok(walk.choose(sealed, None));
    };
    let field = |name: &str| posted.form.text(name).unwrap_or_default().trim().to_owned();
    if !field("claim").is_empty() {
        return walk.go_on(application, kind, &field).await;
    }
    application.document = Typed {
        kind: kind.as_str().to_owned(),
        number: field("number"),
        holder: field("holder"),
        birth_date: field("birth_date"),
        valid_until: Some(field("valid_until")).filter(|date| !date.is_empty()),
    };
    application.evidence = Evidence {
        chip: field("chip") == "true",
        ..Evidence::default()
    };
    if field("elsewhere") == "yes" {
        return walk.ask_elsewhere(application, kind).await;
    }
    walk.checked(application, kind).await
}

impl Walk<'_> {
    /// The document as it stands now, checked; then the next page.
    pub(super) async fn checked(
        mut self,
        mut application: Application,
        kind: Kind,
    ) -> Result<Response, PageProblem> {
        match self.check(&application).await {
            Ok(group) if self.purpose != Purpose::Renew => {
                application.group = Some(group);
                self.guardian = part_of_guardian(group);
            }
            Ok(_) => {}
            Err(ApplyError::Refused(ApplyRefused::Consent(missing))) => {
                return Ok(self.consents(Some(&missing)));
            }
            Err(ApplyError::Refused(refused)) => {
                return self.read(&mut application, kind, Some(trouble(&refused)));
            }
            Err(ApplyError::Fault(fault)) => return Err(PageProblem::fault(self.frame, &fault)),
        }
        let sealed = self.seal(&mut application)?;
        Ok(match self.purpose {
            Purpose::Apply | Purpose::Recover => self.face(sealed, None),
            Purpose::NewPin => self.pin(sealed, None),
            Purpose::Renew => self.renew(sealed),
        })
    }
}

impl Walk<'_> {
    /// Consent, document, registry, age, evidence; for a first application that nobody holds this
    /// document's 网号 yet (R2.3), for a recovery that somebody does, so that nobody goes on in vain.
    pub(super) async fn check(&self, form: &Application) -> Result<AgeGroup, ApplyError> {
        let service = &self.app.service;
        let checked = service
            .check_document(&form.consents, &form.document, &form.evidence)
            .await?;
        match (self.purpose, service.already_holds(&checked).await?) {
            (Purpose::Apply, true) => Err(ApplyRefused::AlreadyHolds.into()),
            (Purpose::Recover, false) => Err(ApplyRefused::HoldsNone.into()),
            _ => Ok(checked.age_group()),
        }
    }

    pub(super) fn choose(self, application: String, trouble: Option<DocumentTrouble>) -> Response {
        let page = ChooseDocument {
            purpose: self.purpose,
            progress: self.progress(Step::Document),
            application,
            kinds: Kind::ALL.map(|kind| DocumentKind(kind.as_str())).to_vec(),
            trouble,
            frame: self.frame,
        };
        answer(&page, trouble.is_some())
    }

    pub(super) fn read(
        self,
        application: &mut Application,
        kind: Kind,
        trouble: Option<DocumentTrouble>,
    ) -> Result<Response, PageProblem> {
        let typed = &application.document;
        let fields = DocumentFields {
            number: typed.number.clone(),
            holder: typed.holder.clone(),
            birth_date: typed.birth_date.clone(),
            valid_until: typed.valid_until.clone().unwrap_or_default(),
        };
        let page = ReadDocument {
            purpose: self.purpose,
            progress: self.progress(Step::Document),
            application: self.seal(application)?,
            kind: DocumentKind(kind.as_str()),
            persons: self.persons(kind),
            fields,
            trouble,
            frame: self.frame,
        };
        Ok(answer(&page, trouble.is_some()))
    }

    /// Sandbox persons with a document of this kind: the narrowest kind their number can be of,
    /// for a residence permit reads like an identity card of another region.
    fn persons(&self, kind: Kind) -> Vec<SandboxPerson> {
        let today = self.app.service.now().date();
        let is_of = |person: &&SandboxPerson| {
            let reads =
                |kind: &Kind| DocumentNumber::parse(*kind, &person.document.number, today).is_ok();
            Kind::ALL.into_iter().rev().find(reads) == Some(kind)
        };
        self.app
            .sandbox_persons
            .iter()
            .filter(is_of)
            .cloned()
            .collect()
    }
}

/// What the person is told. One answer for a wrong number and a wrong name, so that nobody can probe.
pub(super) fn trouble(refused: &ApplyRefused) -> DocumentTrouble {
    match refused {
        ApplyRefused::DocumentExpired => DocumentTrouble::Expired,
        ApplyRefused::DocumentLost | ApplyRefused::DocumentCancelled => DocumentTrouble::Cancelled,
        ApplyRefused::RegistryUnavailable => DocumentTrouble::RegistryDown,
        ApplyRefused::TooYoung => DocumentTrouble::TooYoung,
        ApplyRefused::Evidence(_) => DocumentTrouble::Unreadable,
        ApplyRefused::AlreadyHolds => DocumentTrouble::AlreadyHolds,
        ApplyRefused::HoldsNone => DocumentTrouble::HoldsNone,
        ApplyRefused::Document(_) => DocumentTrouble::Malformed,
        _ => DocumentTrouble::NoMatch,
    }
}

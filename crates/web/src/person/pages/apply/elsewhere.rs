//! P5 without a reader: the document is read on a relative's phone or at a counter, and the walk goes on here (C8).

use axum::response::Response;
use identity::document::DocumentKind as Kind;
use identity::person::apply::ApplyError;
use identity::person::reading::{ReadingError, ReadingState};
use identity::proofing::Evidence;

use crate::page::apply::Step;
use crate::page::document::DocumentTrouble;
use crate::page::problem::ProblemKind;
use crate::page::reading::ReadElsewhere;
use crate::person::apply::Application;
use crate::problem::page::{PageProblem, render};

use super::Walk;
use super::document::trouble;

/// What the applicant's page shows again when nothing was read yet.
struct Shown {
    claim: String,
    digits: String,
    counter_only: bool,
}

impl Walk<'_> {
    /// The document was typed and no reader is at hand: eight digits for whoever has one.
    pub(super) async fn ask_elsewhere(
        self,
        mut application: Application,
        kind: Kind,
    ) -> Result<Response, PageProblem> {
        // 1. Would it do, if it were read? Nobody is sent to a counter in vain.
        application.evidence.chip = true;
        let checked = self.check(&application).await;
        application.evidence = Evidence::default();
        let opened = match checked {
            Ok(_) => {
                let service = &self.app.service;
                let (consents, document) = (&application.consents, &application.document);
                service.open_reading(consents, document).await
            }
            Err(error) => Err(error),
        };
        // 2. The code.
        match opened {
            Ok(opened) => {
                let shown = Shown {
                    claim: opened.claim,
                    digits: opened.code,
                    counter_only: opened.counter_only,
                };
                self.waits(application, shown, false)
            }
            Err(ApplyError::Refused(refused)) => {
                self.read(&mut application, kind, Some(trouble(&refused)))
            }
            Err(ApplyError::Fault(fault)) => Err(PageProblem::fault(self.frame, &fault)),
        }
    }

    /// The person says that it was read.
    pub(super) async fn go_on(
        self,
        mut application: Application,
        kind: Kind,
        field: &(dyn Fn(&str) -> String + Send + Sync),
    ) -> Result<Response, PageProblem> {
        let shown = Shown {
            claim: field("claim"),
            digits: field("code"),
            counter_only: field("counter_only") == "true",
        };
        match self.app.service.reading_state(&shown.claim).await {
            Ok(ReadingState::Read { reading, .. }) => {
                application.evidence = Evidence {
                    reading: Some(reading),
                    ..Evidence::default()
                };
                self.checked(application, kind).await
            }
            Ok(ReadingState::Waiting) => self.waits(application, shown, true),
            // The code's time is over: another one is a tap away.
            Err(ReadingError::Refused(_)) => {
                let over = DocumentTrouble::Unreadable;
                self.read(&mut application, kind, Some(over))
            }
            Err(ReadingError::Fault(fault)) => Err(PageProblem::fault(self.frame, &fault)),
        }
    }

    fn waits(
        self,
        mut application: Application,
        shown: Shown,
        not_yet: bool,
    ) -> Result<Response, PageProblem> {
        // What the page shows again is eight digits and nothing else.
        if shown.digits.len() != 8 || !shown.digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(PageProblem::new(self.frame, ProblemKind::StaleForm));
        }
        Ok(render(&ReadElsewhere {
            purpose: self.purpose,
            progress: self.progress(Step::Document),
            application: self.seal(&mut application)?,
            claim: shown.claim,
            code: shown.digits,
            counter_only: shown.counter_only,
            not_yet,
            frame: self.frame,
        }))
    }
}

//! The pages: one struct each, which owns all it shows, beside its template in `templates/`.
//!
//! A page knows no rule and no domain type. A handler fills it; `render` (askama) prints it.
//! Every page has `samples()`, from which the tests render all pages in all languages, sizes and modes.

pub mod apply;
pub mod approval;
pub mod complaint;
pub mod consent;
pub mod console;
pub mod cross_device;
pub mod device;
pub mod document;
pub mod export;
pub mod family;
pub mod first_visit;
pub mod frame;
pub mod history;
pub mod home;
pub mod leave;
pub mod me;
pub mod notices;
pub mod problem;
pub mod qr;
pub mod reading;
pub mod recover;
pub mod requests;
pub mod rights;
pub mod scan;
pub mod show;
pub mod transparency;

pub use askama::Template;
pub use frame::{AgreementWaits, Environment, Frame};

/// A page with examples of every state it can be in.
pub trait Page: Template + Sized {
    /// Names and examples; the first is the ordinary state.
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)>;
}

/// One example of one page, rendered.
#[derive(Debug)]
pub struct Sample {
    /// `page.state`
    pub name: String,
    /// The HTML, or why it could not be printed.
    pub html: Result<String, askama::Error>,
}

/// Every example of every page in one frame: what the tests read and the gallery shows.
pub fn samples(frame: &Frame) -> Vec<Sample> {
    let mut all = Vec::new();
    gather::<first_visit::FirstVisit>("first-visit", frame, &mut all);
    gather::<first_visit::OpenWallet>("open-wallet", frame, &mut all);
    gather::<apply::ConsentPage>("apply-consent", frame, &mut all);
    gather::<apply::ChooseDocument>("apply-document", frame, &mut all);
    gather::<apply::ReadDocument>("apply-read", frame, &mut all);
    gather::<reading::ReadElsewhere>("apply-elsewhere", frame, &mut all);
    gather::<reading::ReadForPage>("read-for", frame, &mut all);
    gather::<apply::FacePage>("apply-face", frame, &mut all);
    gather::<apply::ChoosePin>("apply-pin", frame, &mut all);
    gather::<apply::BindDevice>("apply-device", frame, &mut all);
    gather::<apply::ApplyDone>("apply-done", frame, &mut all);
    gather::<home::Home>("home", frame, &mut all);
    gather::<show::Show>("show", frame, &mut all);
    gather::<scan::Scan>("scan", frame, &mut all);
    gather::<approval::Approval>("approval", frame, &mut all);
    gather::<approval::ResultPage>("result", frame, &mut all);
    gather::<requests::Requests>("requests", frame, &mut all);
    gather::<history::History>("history", frame, &mut all);
    gather::<history::HistoryEntry>("history-entry", frame, &mut all);
    gather::<complaint::Complain>("complain", frame, &mut all);
    gather::<complaint::ComplaintReceived>("complaint-received", frame, &mut all);
    gather::<complaint::Complaints>("complaints", frame, &mut all);
    gather::<me::Me>("me", frame, &mut all);
    gather::<me::LockPage>("lock", frame, &mut all);
    gather::<consent::Consents>("consents", frame, &mut all);
    gather::<notices::MyNotices>("my-notices", frame, &mut all);
    gather::<notices::FamilyNotices>("family-notices", frame, &mut all);
    gather::<notices::MyAgreements>("agreements", frame, &mut all);
    gather::<notices::NoticePage>("notice", frame, &mut all);
    gather::<notices::InboxPage>("inbox", frame, &mut all);
    gather::<leave::LeavePage>("leave", frame, &mut all);
    gather::<me::Settings>("settings", frame, &mut all);
    gather::<device::Devices>("devices", frame, &mut all);
    gather::<family::FamilyPage>("family", frame, &mut all);
    gather::<rights::MyDocument>("my-document", frame, &mut all);
    gather::<rights::MyData>("my-data", frame, &mut all);
    gather::<apply::RenewDocument>("apply-renew", frame, &mut all);
    gather::<recover::Recover>("recover", frame, &mut all);
    gather::<recover::LinkDevice>("link-device", frame, &mut all);
    gather::<cross_device::ChooseWay>("choose-way", frame, &mut all);
    gather::<cross_device::CrossDevice>("cross-device", frame, &mut all);
    gather::<transparency::Transparency>("transparency", frame, &mut all);
    gather::<console::StaffSignIn>("staff-sign-in", frame, &mut all);
    gather::<console::ConsolePage>("console", frame, &mut all);
    gather::<problem::ProblemPage>("problem", frame, &mut all);
    gather::<problem::Offline>("offline", frame, &mut all);
    all
}

fn gather<P: Page>(page: &str, frame: &Frame, all: &mut Vec<Sample>) {
    all.extend(P::samples(frame).into_iter().map(|(state, sample)| Sample {
        name: format!("{page}.{state}"),
        html: sample.render(),
    }));
}

#[cfg(test)]
mod tests;

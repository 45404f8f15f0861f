//! O9: the steps of a case as forms: taken over, noted, measured, closed with reasons (R14.1).

use identity::case_file::open::OpenedCase;
use identity::case_file::{CaseId, Measure};
use identity::clock::Day;
use identity::complaint::answer::ComplaintOutcome;
use identity::complaint::officer::{OfficerError, OfficerRefused};
use identity::id::ProposalId;
use identity::oversight::{Act, ProposalState};
use identity::service::Fault;

use crate::app::App;
use crate::page::console::{Field, Form, Input};

use super::desk::Desk;
use super::posted::StaffForm;
use super::proposal::MOST;

/// What can come of a complaint.
const OUTCOMES: [ComplaintOutcome; 4] = [
    ComplaintOutcome::MeasureTaken,
    ComplaintOutcome::Corrected,
    ComplaintOutcome::NoBreach,
    ComplaintOutcome::Referred,
];

/// The name of a measure in the texts and in the form.
pub(super) fn name(measure: &Measure) -> &'static str {
    match measure {
        Measure::Warn => "warn",
        Measure::RequireCorrection { .. } => "require_correction",
        Measure::Suspend { .. } => "suspend",
        Measure::Report => "report",
    }
}

/// What can be done with an open case.
pub(super) async fn forms(app: &App, desk: &Desk, case: &OpenedCase) -> Result<Vec<Form>, Fault> {
    let suspensions = suspensions(app, desk, case).await?;
    let text = || Field::new("text", desk.say("staff.reasons"), Input::Lines);
    let mut forms = Vec::new();
    if case.row.officer.as_deref() != Some(desk.staff.login().as_str()) {
        forms.push(form(desk, case, "take", Vec::new()));
    }
    let note = Field::new("text", desk.say("case.found"), Input::Lines);
    forms.push(form(desk, case, "note", vec![note]));
    let mut measures = vec!["warn", "require_correction", "report"];
    // A suspension is proposed on the platform's page and confirmed by a second person (C3, R12.1).
    if !suspensions.is_empty() {
        measures.push("suspend");
    }
    let measures = measures.into_iter().map(|name| {
        let words = desk.say(&format!("case.measure.{name}"));
        (name.to_owned(), words)
    });
    let mut fields = vec![
        Field::new(
            "measure",
            desk.say("case.measure_head"),
            Input::Choice(measures.collect()),
        ),
        Field::new("until", desk.say("case.until"), Input::Day).optional(),
    ];
    if !suspensions.is_empty() {
        let label = desk.say("case.proposal");
        fields.push(Field::new("proposal", label, Input::Choice(suspensions)));
    }
    fields.push(text());
    forms.push(form(desk, case, "measure", fields));
    let outcomes = OUTCOMES.map(|outcome| {
        let words = desk.say(&format!("complaints.outcome_{}", outcome.as_str()));
        (outcome.as_str().to_owned(), words)
    });
    let outcome = Field::new(
        "outcome",
        desk.say("case.outcome"),
        Input::Choice(outcomes.to_vec()),
    );
    forms.push(form(desk, case, "close", vec![outcome, text()]).dangerous());
    Ok(forms)
}

fn form(desk: &Desk, case: &OpenedCase, name: &'static str, fields: Vec<Field>) -> Form {
    let path = format!("/operator/complaints/cases/{}", case.row.case);
    let legend = desk.say(&format!("case.do.{name}"));
    let mut form = Form::posting(name, path, legend, "").with(fields);
    form.buttons = vec![(name, desk.say(&format!("case.button.{name}")))];
    form
}

/// Suspensions of this platform that were proposed.
async fn suspensions(
    app: &App,
    desk: &Desk,
    case: &OpenedCase,
) -> Result<Vec<(String, String)>, Fault> {
    let rows = app.service.proposals_for(&desk.staff, MOST).await?;
    let of_this = rows.into_iter().filter(|row| {
        let open = matches!(row.state, ProposalState::Open | ProposalState::Done);
        open && matches!(&row.act, Act::SuspendPlatform { platform, .. } if *platform == case.row.platform)
    });
    Ok(of_this
        .map(|row| {
            let words = format!("{} · {}", row.id, super::words::moment(row.proposed.at));
            (row.id.to_string(), words)
        })
        .collect())
}

/// Does what the form says.
pub(super) async fn take(
    app: &App,
    posted: &StaffForm,
    case: &CaseId,
) -> Result<OpenedCase, OfficerError> {
    let (service, staff) = (&app.service, &posted.desk.staff);
    let text = posted.text("text");
    match posted.text("choice") {
        "take" => service.take_case(staff, case).await,
        "note" => service.note_in_case(staff, case, text).await,
        "measure" => {
            let measure = measure_of(posted).ok_or(OfficerRefused::NoReasons)?;
            service.measure(staff, case, measure, text).await
        }
        "close" => {
            let wanted = posted.text("outcome");
            let outcome = OUTCOMES
                .into_iter()
                .find(|outcome| outcome.as_str() == wanted);
            let outcome = outcome.ok_or(OfficerRefused::NoReasons)?;
            service.close_case(staff, case, outcome, text).await
        }
        _ => Err(OfficerRefused::NotInState.into()),
    }
}

fn measure_of(posted: &StaffForm) -> Option<Measure> {
    Some(match posted.text("measure") {
        "warn" => Measure::Warn,
        "report" => Measure::Report,
        "require_correction" => Measure::RequireCorrection {
            until: posted.day("until").as_ref().map(Day::to_string)?,
        },
        "suspend" => Measure::Suspend {
            proposal: ProposalId::parse(posted.text("proposal"))?,
        },
        _ => return None,
    })
}

//! O5: the steps of an incident, each a form that is shown where it fits (R12.3).

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use identity::id::IncidentId;
use identity::incident::{Incident, IncidentError, IncidentRefused, Level, PersonNotice, Step};

use crate::app::App;
use crate::page::console::{Block, Field, Form, Input};
use crate::problem::ApiProblem;

use super::desk::Desk;
use super::incident::{blocks, find, title};
use super::incident_notice::reach;
use super::incidents::{effect_fields, effect_of};
use super::posted::StaffForm;

/// The five contents of PIPL 57, in their order.
const CONTENTS: [(&str, &str, &str); 5] = [
    ("kinds", "kinds_en", "incident.content.kinds"),
    ("cause", "cause_en", "incident.content.cause"),
    ("harm", "harm_en", "incident.content.harm"),
    ("measures", "measures_en", "incident.content.measures"),
    ("contact", "contact_en", "incident.content.contact"),
];

/// What can be done now. A step that would be refused has no form.
pub(super) fn forms(desk: &Desk, incident: &Incident) -> Vec<Block> {
    let mut forms = Vec::new();
    let open = incident.closed_at.is_none();
    if open {
        if incident.steps.iter().any(|step| step.done_at.is_none()) {
            forms.push(plan(desk, incident));
        }
        forms.push(
            step(desk, incident, "assess").with(effect_fields(desk, |name| match name {
                "persons" => incident.effect.persons.to_string(),
                "whole_outage_minutes" => incident.effect.whole_outage_minutes.to_string(),
                _ => incident.effect.main_outage_minutes.to_string(),
            })),
        );
        if incident.reportable_since.is_some() && incident.reported_at.is_none() {
            forms.push(step(desk, incident, "report"));
        }
        let forwards = incident.level >= Level::Major && incident.reported_at.is_some();
        if forwards && incident.forwarded_at.is_none() {
            forms.push(step(desk, incident, "forward"));
        }
        if incident.told.started_at.is_none() {
            forms.push(prepare(desk, incident));
        }
    }
    if incident.notice.is_some() && incident.told.started_at.is_none() {
        let mut tell = step(desk, incident, "tell").dangerous();
        tell.legend = format!("{} · {}", tell.legend, reach(desk, incident));
        forms.push(tell);
    }
    let text = Field::new("text", desk.say("incident.words"), Input::Lines);
    forms.push(step(desk, incident, "note").with(vec![text]));
    if open {
        forms.push(
            step(desk, incident, "close")
                .with(both(desk, "summary", "summary_en", "incident.summary"))
                .dangerous(),
        );
    } else if incident.summary_sent_at.is_none() {
        forms.push(step(desk, incident, "summarise"));
    }
    let mut blocks = vec![Block::Heading(desk.say("incident.next"))];
    blocks.extend(forms.into_iter().map(Block::Form));
    blocks
}

fn step(desk: &Desk, incident: &Incident, name: &'static str) -> Form {
    let path = format!("/operator/incidents/{}", incident.id);
    let legend = desk.say(&format!("incident.do.{name}"));
    let mut form = Form::posting(name, path, legend, "");
    form.buttons = vec![(name, desk.say(&format!("incident.button.{name}")))];
    form
}

fn plan(desk: &Desk, incident: &Incident) -> Form {
    let open = incident.steps.iter().filter(|step| step.done_at.is_none());
    let choices = open.map(|step| {
        let words = desk.say(&format!("incident.plan.{}", step.name));
        (step.name.clone(), words)
    });
    let choices = Input::Choice(choices.collect());
    let field = Field::new("step", desk.say("incident.step"), choices);
    step(desk, incident, "plan").with(vec![field])
}

fn both(desk: &Desk, chinese: &'static str, english: &'static str, key: &str) -> Vec<Field> {
    let label = desk.say(key);
    vec![
        Field::new(chinese, format!("{label} · 中文"), Input::Lines),
        Field::new(english, format!("{label} · English"), Input::Lines),
    ]
}

fn prepare(desk: &Desk, incident: &Incident) -> Form {
    let known = incident.notice.as_ref();
    let mut fields = Vec::new();
    for (chinese, english, key) in CONTENTS {
        let text = known.map(|notice| match chinese {
            "kinds" => &notice.kinds,
            "cause" => &notice.cause,
            "harm" => &notice.harm,
            "measures" => &notice.measures,
            _ => &notice.contact,
        });
        let values = text.map(|text| [text.chinese.clone(), text.english.clone()]);
        let fresh = both(desk, chinese, english, key).into_iter();
        fields.extend(
            fresh
                .zip(values.unwrap_or_default())
                .map(|(field, value)| field.with(value)),
        );
    }
    step(desk, incident, "prepare").with(fields)
}

/// `POST /operator/incidents/{id}`: one step.
pub(super) async fn take(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    posted: StaffForm,
) -> Response {
    let Some(id) = IncidentId::parse(&id) else {
        return posted.desk.nothing();
    };
    let led = match step_of(&posted) {
        Some(step) => {
            app.service
                .lead_incident(&posted.desk.staff, &id, step)
                .await
        }
        None => Err(IncidentRefused::NotNow("a field cannot be read").into()),
    };
    let problem = match led {
        Ok(_) => {
            return Redirect::to(&format!("/operator/incidents/{id}")).into_response();
        }
        Err(IncidentError::Fault(fault)) => return posted.desk.fault(&fault),
        Err(IncidentError::Refused(IncidentRefused::Unknown)) => return posted.desk.nothing(),
        Err(IncidentError::Refused(IncidentRefused::Duty(not_yours))) => {
            return ApiProblem::from(not_yours).into_response();
        }
        Err(refused) => ApiProblem::from(refused),
    };
    // The record as it is by now: somebody may have been faster.
    match find(&app, &id.to_string()).await {
        Ok(incident) => {
            let desk = posted.desk;
            let blocks = blocks(&app, &desk, &incident);
            let title = title(&desk, &incident);
            desk.refuses(&problem, title, blocks)
        }
        Err(IncidentError::Fault(fault)) => posted.desk.fault(&fault),
        Err(IncidentError::Refused(_)) => posted.desk.nothing(),
    }
}

fn step_of(posted: &StaffForm) -> Option<Step> {
    Some(match posted.text("choice") {
        "assess" => Step::Assess {
            effect: effect_of(posted)?,
        },
        "plan" => Step::Plan {
            step: posted.text("step").to_owned(),
        },
        "note" => Step::Note {
            text: Some(posted.text("text").trim())
                .filter(|text| !text.is_empty())?
                .to_owned(),
        },
        "report" => Step::Report,
        "forward" => Step::Forward,
        "prepare" => Step::Prepare {
            notice: PersonNotice {
                kinds: posted.both("kinds"),
                cause: posted.both("cause"),
                harm: posted.both("harm"),
                measures: posted.both("measures"),
                contact: posted.both("contact"),
            },
        },
        "tell" => Step::Tell,
        "close" => Step::Close {
            summary: posted.both("summary"),
        },
        "summarise" => Step::Summarise,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use identity::incident::{ClockName, Level, PLAN};

    use crate::locale::Locale;

    /// A new level, clock or step of the plan comes with its words.
    #[test]
    fn everything_an_incident_shows_has_words() {
        let levels = [
            Level::Ordinary,
            Level::Larger,
            Level::Major,
            Level::Extraordinary,
        ];
        let clocks = [
            ClockName::Report,
            ClockName::Forward,
            ClockName::Tell,
            ClockName::Summary,
        ];
        let steps = [
            "open", "told", "assess", "plan", "note", "report", "forward",
        ];
        let more = ["prepare", "tell", "close", "summarise"];
        let mut keys: Vec<String> = PLAN
            .iter()
            .map(|step| format!("incident.plan.{step}"))
            .collect();
        keys.extend(levels.map(|level| format!("incident.level.{}", level.as_str())));
        keys.extend(clocks.map(|clock| format!("incident.clock.{}", clock.as_str())));
        let did = steps.iter().chain(&more);
        keys.extend(did.map(|step| format!("incident.did.{step}")));
        for key in keys {
            assert!(Locale::ZhCn.texts().contains_key(key.as_str()), "{key}");
        }
    }
}

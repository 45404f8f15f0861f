//! P13: who asks, why, on which law, what leaves and what does not — as a page and as JSON.

use axum::response::{IntoResponse, Response};
use identity::age::AgeGroup;
use identity::person::HolderView;
use identity::scenario::ApprovedAttribute;
use identity::verification::mode::Mode;
use identity::wangzheng::WangzhengState;
use serde_json::{Value, json};

use crate::app::App;
use crate::oauth::authorize::Presented;
use crate::page::apply::NoticeText;
use crate::page::approval::{
    Approval, AttributeText, Blocked, ModeText, PlatformText, ScenarioText,
};
use crate::page::cross_device::ChooseWay;
use crate::page::{AgreementWaits, Frame};
use crate::problem::page::render;

use super::pages::apply::notice_text;
use super::session::Visitor;

/// The page: the decision when a person is signed in, the choice of ways otherwise (H1).
pub fn page(app: &App, presented: Presented, visitor: &Visitor) -> Response {
    let language = visitor.language();
    let platform = platform_text(&presented, &language);
    let scenario = scenario_text(&presented, &language);
    let frame = visitor.frame();
    let Some(view) = visitor.view() else {
        let transaction = presented.transaction;
        return render(&ChooseWay {
            frame,
            transaction,
            platform,
            scenario,
        })
        .into_response();
    };
    let blocked = blocked(app, view, &frame);
    let page = Approval {
        blocked,
        ..approval(app, presented, frame, Some(view), &language)
    };
    render(&page).into_response()
}

/// Why this person can only refuse now.
pub fn blocked(app: &App, view: &HolderView, frame: &Frame) -> Option<Blocked> {
    match view.wangzheng.state_on(app.service.now().day()) {
        WangzhengState::Active => match frame.agreement_waits {
            AgreementWaits::Own => Some(Blocked::AgreementWaits),
            AgreementWaits::OfGuardian => Some(Blocked::GuardianAgreementWaits),
            AgreementWaits::Nothing | AgreementWaits::ForChild => None,
        },
        WangzhengState::Locked => Some(Blocked::Locked),
        _ => Some(Blocked::NotUsable),
    }
}

/// The page of a request without another screen.
pub fn approval(
    app: &App,
    presented: Presented,
    frame: Frame,
    view: Option<&HolderView>,
    language: &str,
) -> Approval {
    let mode = presented.open.request.mode;
    Approval {
        issuer: app.service.issuer.clone(),
        platform: platform_text(&presented, language),
        scenario: scenario_text(&presented, language),
        mode: ModeText {
            pin: mode.asks_pin(),
            face: mode.asks_face(),
        },
        face_notice: mode
            .asks_face()
            .then(|| face_notice(app, language))
            .flatten(),
        attributes: attributes(&presented)
            .map(|approved| AttributeText {
                title: title(&frame, approved),
                name: approved.name.to_string(),
                basis: approved.legal_basis.text(language).to_owned(),
                value: answer(app, &frame, view, approved),
            })
            .collect(),
        discloses: vec![result_text(language).to_owned()],
        expires_at: presented.open.request.expires_at.0,
        transaction: presented.transaction,
        session: None,
        numbers: Vec::new(),
        other_screen: None,
        message: None,
        guardian_decides: view.is_some_and(|view| guardian_decides(app, view)),
        blocked: None,
        frame,
    }
}

/// R5.2: under 14 a guardian consents to each use, and the child is told so before deciding.
fn guardian_decides(app: &App, view: &HolderView) -> bool {
    let group = app.service.age_of(&view.person);
    group.is_ok_and(|group| group == AgeGroup::GuardianApplies)
}

/// The same for a program (the command-line wallet).
pub fn json(presented: &Presented, language: &str) -> Value {
    let open = &presented.open;
    let platform = &open.platform;
    let scenario = open.scenario();
    let mode: Mode = open.request.mode;
    let attributes: Vec<Value> = attributes(presented)
        .map(|approved| {
            let basis = approved.legal_basis.text(language);
            let mut shown =
                json!({ "name": approved.name, "title": approved.name, "basis": basis });
            if let Some(bracket) = &approved.bracket {
                shown["bracket"] = json!(bracket);
            }
            shown
        })
        .collect();
    json!({
        "transaction": presented.transaction,
        "platform": {
            "name": platform.name.text(language),
            "host": platform.host,
            "verified": true,
            "operator": platform.operator,
            "contact": platform.contact,
        },
        "scenario": {
            "id": scenario.id,
            "title": scenario.title.text(language),
            "purpose": scenario.purpose.text(language),
            "legal_basis": scenario.legal_basis.text(language),
            "retention": scenario.retention.text(language),
            "alternative": platform.alternatives.text(language),
        },
        "mode": mode.acr(),
        "attributes": attributes,
        "discloses": ["result", "pairwise_id"],
        "expires_at": open.request.expires_at,
        "number_match": false,
    })
}

/// The notice a face rests on, to be agreed to with the decision (Art. 9(1), P-face).
fn face_notice(app: &App, language: &str) -> Option<NoticeText> {
    let notices = app.service.notices();
    let notice = notices.iter().find(|notice| notice.is_for_face());
    notice.map(|notice| notice_text(notice, language))
}

/// The attributes this request wishes, each with its registered legal basis, as they were reviewed.
fn attributes(presented: &Presented) -> impl Iterator<Item = &ApprovedAttribute> {
    let wished = &presented.open.request.attributes;
    let reviewed = presented.open.scenario().attributes.iter();
    reviewed.filter(|approved| wished.contains(&approved.name))
}

/// What an attribute is called; of an age marker, the question it answers.
fn title(frame: &Frame, approved: &ApprovedAttribute) -> String {
    let Some(bracket) = &approved.bracket else {
        return frame.say(&format!("attribute.{}", approved.name));
    };
    // A bracket that is configuration alone has no words of its own here.
    let words = frame.say(&format!("age_marker.{bracket}"));
    if words.starts_with('⟦') {
        format!("{} · {bracket}", frame.say("attribute.age_marker"))
    } else {
        words
    }
}

/// The answer about the person's age, for the person's own eyes before consenting: it is computed by the service and
/// not on the device (R10.1).
fn answer(
    app: &App,
    frame: &Frame,
    view: Option<&HolderView>,
    approved: &ApprovedAttribute,
) -> Option<String> {
    let bracket = approved.bracket.as_ref()?;
    let marker = app.service.age_marker(&view?.person, bracket).ok()?;
    Some(frame.say(if marker.holds {
        "age_marker.yes"
    } else {
        "age_marker.no"
    }))
}

/// What leaves in any case (R8.1).
fn result_text(language: &str) -> &'static str {
    if language.starts_with("en") {
        "The result: a real, verified person (yes or no)"
    } else {
        "核验结果：身份真实（是 / 否）"
    }
}

/// The platform as the page shows it.
pub fn platform_text(presented: &Presented, language: &str) -> PlatformText {
    let platform = &presented.open.platform;
    PlatformText {
        client: presented.open.request.client.to_string(),
        name: platform.name.text(language).to_owned(),
        host: platform.host.clone(),
        verified: true,
        operator: platform.operator.clone(),
        contact: platform.contact.clone(),
    }
}

fn scenario_text(presented: &Presented, language: &str) -> ScenarioText {
    let scenario = presented.open.scenario();
    ScenarioText {
        title: scenario.title.text(language).to_owned(),
        purpose: scenario.purpose.text(language).to_owned(),
        legal_basis: scenario.legal_basis.text(language).to_owned(),
        legal_text: None,
        retention: scenario.retention.text(language).to_owned(),
        alternative: presented
            .open
            .platform
            .alternatives
            .text(language)
            .to_owned(),
    }
}

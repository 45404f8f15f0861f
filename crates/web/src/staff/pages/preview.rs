//! P13 as the person will see it: for who writes a scenario and who reviews it.

use identity::id::PlatformId;
use identity::platform::LocalText;
use identity::scenario::Scenario;

use crate::app::App;
use crate::page::Frame;
use crate::page::Template;
use crate::page::approval::{AttributeText, PlatformText, ScenarioText};
use crate::page::console::Rendered;

use super::desk::Desk;

/// P13 as the person will see it, from what was typed: no second wording of it exists.
#[derive(Debug, Template)]
#[template(path = "staff/preview.html")]
struct Preview {
    frame: Frame,
    platform: PlatformText,
    scenario: ScenarioText,
    attributes: Vec<AttributeText>,
    discloses: Vec<String>,
    other_screen: Option<String>,
    message: Option<String>,
}

impl Preview {
    fn withheld(&self) -> Vec<String> {
        crate::page::approval::withheld(&self.attributes)
    }
}

/// The preview of a scenario of a registered platform.
pub(super) fn preview(
    app: &App,
    desk: &Desk,
    platform: &PlatformId,
    scenario: &Scenario,
) -> Option<Rendered> {
    let platform = app.service.platform(platform)?;
    let language = desk.language();
    let text = |text: &LocalText| text.text(language).to_owned();
    let attributes = scenario.attributes.iter().map(|attribute| AttributeText {
        name: attribute.name.to_string(),
        value: None,
        title: desk.say(&format!("attribute.{}", attribute.name)),
        basis: text(&attribute.legal_basis),
    });
    let preview = Preview {
        frame: desk.frame.clone(),
        platform: PlatformText {
            client: String::new(),
            name: text(&platform.name),
            host: platform.host.clone(),
            verified: true,
            operator: platform.operator.clone(),
            contact: platform.contact.clone(),
        },
        scenario: ScenarioText {
            title: text(&scenario.title),
            purpose: text(&scenario.purpose),
            legal_basis: text(&scenario.legal_basis),
            legal_text: None,
            retention: text(&scenario.retention),
            alternative: text(&platform.alternatives),
        },
        attributes: attributes.collect(),
        discloses: vec![desk.say("platform.result")],
        other_screen: None,
        message: None,
    };
    Rendered::of(&preview).ok()
}

//! What the register of platforms says of one: shown alike to the operator, the supervisor and the platform itself.

use identity::platform::Platform;

use crate::app::App;
use crate::page::console::{Block, Cell, Table, Tone};

use super::desk::Desk;

/// Suspended or not.
pub(super) fn standing_cell(desk: &Desk, suspended: bool) -> Cell {
    if suspended {
        Cell::state(desk.say("staff.suspended"), Tone::Bad)
    } else {
        Cell::state(desk.say("staff.in_order"), Tone::Ok)
    }
}

/// Facts every desk may see of a platform.
pub(super) fn platform_facts(app: &App, desk: &Desk, platform: &Platform) -> Block {
    let language = desk.language();
    let field = app.service.standing(&platform.id).field;
    let facts = [
        ("staff.operator", platform.operator.clone()),
        ("staff.host", platform.host.clone()),
        ("staff.contact", platform.contact.clone()),
        (
            "staff.field",
            desk.say(&format!("staff.fields.{}", field.as_str())),
        ),
        (
            "staff.alternatives",
            platform.alternatives.text(language).to_owned(),
        ),
        (
            "staff.equal_service",
            platform.equal_service.text(language).to_owned(),
        ),
        ("staff.apps", platform.clients.len().to_string()),
    ];
    Block::Facts(facts.map(|(key, value)| (desk.say(key), value)).to_vec())
}

/// A platform's scenarios, those with plaintext first, each with the law of each attribute.
pub(super) fn scenario_table(desk: &Desk, platform: &Platform) -> Table {
    let language = desk.language();
    let mut scenarios: Vec<_> = platform.scenarios.iter().collect();
    scenarios.sort_by_key(|scenario| scenario.attributes.is_empty());
    let rows = scenarios.iter().map(|scenario| {
        let attributes = scenario.attributes.iter().map(|attribute| {
            let law = attribute.legal_basis.text(language);
            format!(
                "{}（{law}）",
                desk.say(&format!("attribute.{}", attribute.name))
            )
        });
        let attributes: Vec<String> = attributes.collect();
        let gives = if attributes.is_empty() {
            Cell::state(desk.say("staff.result_only"), Tone::Ok)
        } else {
            Cell::state(attributes.join("；"), Tone::Warn)
        };
        vec![
            Cell::text(scenario.title.text(language)),
            Cell::text(scenario.purpose.text(language)),
            Cell::text(scenario.legal_basis.text(language)),
            Cell::text(scenario.retention.text(language)),
            gives,
        ]
    });
    Table {
        rows: rows.collect(),
        caption: desk.say("staff.scenarios"),
        heads: [
            "staff.scenario_name",
            "staff.purpose",
            "staff.legal_basis",
            "staff.retention",
            "staff.plaintext",
        ]
        .map(|key| desk.say(key))
        .to_vec(),
        empty: desk.say("staff.none"),
    }
}

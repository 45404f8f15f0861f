//! O5: what the persons of an incident read, and how far telling is: counts, and nobody (PIPL 57, R12.3, C1).

use identity::id::Bucket;
use identity::incident::{Incident, Scope};

use crate::page::console::{Block, Message};

use super::desk::Desk;
use super::words;

/// What the persons read, and how far telling is: counts, and nobody.
pub(super) fn telling(desk: &Desk, incident: &Incident) -> Vec<Block> {
    let told = &incident.told;
    let state = match (told.started_at, told.finished_at) {
        (None, _) => desk.say("incident.told_nobody"),
        (Some(_), _) if incident.drill => desk.say("incident.told_drill"),
        (Some(at), None) => desk
            .frame
            .say_with("incident.telling", "at", words::moment(at)),
        (Some(_), Some(at)) => desk
            .frame
            .say_with("incident.told", "at", words::moment(at)),
    };
    let mut facts = vec![
        (desk.say("incident.telling_head"), state),
        (
            desk.say("incident.told_persons"),
            words::count(told.persons),
        ),
    ];
    let buckets = incident.scope.buckets().len();
    if buckets > 0 {
        let text = format!("{} / {buckets}", told.buckets_done);
        facts.push((desk.say("incident.told_buckets"), text));
    }
    let mut blocks = vec![
        Block::Heading(desk.say("incident.person_notice")),
        Block::Facts(facts),
    ];
    let note = incident.notice.as_ref();
    match note.and_then(|notice| notice.note(incident).ok()) {
        None => blocks.push(Block::Text(desk.say("incident.no_notice"))),
        Some(note) => blocks.extend(["zh-CN", "en"].map(|language| {
            Block::Message(Message {
                language,
                title: note.title.text(language).to_owned(),
                text: note.text.text(language).to_owned(),
            })
        })),
    }
    blocks
}

/// How many persons a telling reaches at most, said before it begins.
pub(super) fn reach(desk: &Desk, incident: &Incident) -> String {
    if incident.drill {
        return desk.say("incident.reach_drill");
    }
    match &incident.scope {
        Scope::Service => desk.say("incident.reach_service"),
        Scope::Buckets { buckets } => {
            let share = format!("{} / {}", buckets.len(), Bucket::COUNT);
            desk.frame
                .say_with("incident.reach_buckets", "share", share)
        }
        Scope::Platform { platform } => {
            desk.frame
                .say_with("incident.reach_platform", "platform", platform)
        }
    }
}

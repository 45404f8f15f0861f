//! O6: one notice: its versions, each against the one before, and the draft of the next (Art. 11, R11.1).

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use identity::id::NoticeId;
use identity::notice::{Editions, Notice, diff};
use identity::staff::Duty;
use serde_json::json;

use crate::app::App;
use crate::page::console::{Block, Does, Form, Tone};
use crate::person::pages::notices::changes;

use super::desk::Desk;
use super::draft;
use super::notices::{readable, since, whose};
use super::posted::StaffForm;

/// `GET /operator/notices/{id}`.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    desk: Desk,
) -> Response {
    if !readable(&desk) {
        return desk.not_yours(whose);
    }
    let editions = app.service.editions();
    let Some(last) = last(&editions, &id) else {
        return desk.nothing();
    };
    let mut blocks = versions(&desk, &editions, &last.id);
    if desk.staff.may(Duty::EditNotices) {
        let next = draft::next_of(last, app.service.now().day());
        blocks.push(Block::Form(draft::form(&desk, &next)));
    }
    let title = last.text(desk.language()).title.clone();
    desk.page(title, blocks)
}

fn last<'a>(editions: &'a Editions, id: &str) -> Option<&'a Notice> {
    let id = NoticeId::parse(id)?;
    editions.of(&id).next_back()
}

fn versions(desk: &Desk, editions: &Editions, id: &NoticeId) -> Vec<Block> {
    let mut blocks = Vec::new();
    for notice in editions.of(id).rev() {
        let heading = desk
            .frame
            .say_with("edition.version_of", "version", notice.version);
        blocks.push(Block::Heading(heading));
        let mut facts = vec![
            (desk.say("edition.effective_from"), since(desk, notice)),
            (
                desk.say("edition.digest"),
                notice.digest_of(&notice.chinese).to_hex(),
            ),
        ];
        match editions.before(notice) {
            None => facts.push((desk.say("edition.changes"), desk.say("edition.first"))),
            Some(before) => {
                facts.push((desk.say("edition.asks"), asks(desk, before, notice)));
            }
        }
        blocks.push(Block::Facts(facts));
        if let Some(before) = editions.before(notice) {
            blocks.extend(against(before, notice));
        }
    }
    blocks
}

/// Whether everybody is asked again, in words (PIPL 14(2)).
pub(super) fn asks(desk: &Desk, before: &Notice, notice: &Notice) -> String {
    desk.say(if diff::asks_again(before, notice) {
        "edition.asks_again"
    } else {
        "edition.asks_nobody"
    })
}

/// What changed, in both languages; nothing where nothing did.
pub(super) fn against(before: &Notice, notice: &Notice) -> Vec<Block> {
    ["zh-CN", "en"]
        .into_iter()
        .map(|language| (language, changes(before, notice, language)))
        .filter(|(_, changes)| !changes.is_empty())
        .map(|(language, changes)| Block::Changes(language, changes))
        .collect()
}

/// A version that somebody proposed, for who is to confirm it: against the last one, and whole.
pub(super) fn proposed(app: &App, desk: &Desk, notice: &Notice) -> Vec<Block> {
    let editions = app.service.editions();
    let last = editions
        .of(&notice.id)
        .rfind(|known| known.version < notice.version);
    let mut blocks = vec![Block::Facts(vec![
        (
            desk.say("edition.notice"),
            notice.text(desk.language()).title.clone(),
        ),
        (desk.say("edition.version"), notice.version.to_string()),
        (desk.say("edition.effective_from"), since(desk, notice)),
        (
            desk.say("edition.asks"),
            last.map_or_else(
                || desk.say("edition.first"),
                |last| asks(desk, last, notice),
            ),
        ),
    ])];
    blocks.extend(last.map_or_else(Vec::new, |last| against(last, notice)));
    for text in [&notice.chinese, &notice.english] {
        let parts = text.parts().into_iter().map(|(part, text)| {
            let heading = part.heading(desk.language()).to_owned();
            (heading, text.to_owned())
        });
        blocks.push(Block::Heading(text.title.clone()));
        blocks.push(Block::Facts(parts.collect()));
    }
    blocks
}

/// `POST /operator/notices/{id}`: a draft is held against the last version and against the law. Nothing is stored:
/// publishing is an act of two persons (R12.1).
pub(super) async fn check(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    posted: StaffForm,
) -> Response {
    if !posted.desk.staff.may(Duty::EditNotices) {
        return posted.desk.not_yours(|role| role.has(Duty::EditNotices));
    }
    let editions = app.service.editions();
    let Some(last) = last(&editions, &id) else {
        return posted.desk.nothing();
    };
    let today = app.service.now().day();
    let draft = draft::of(&posted, last, today);
    let desk = posted.desk;
    let missing = draft::missing(&app, &desk, last, &draft);
    let mut blocks = Vec::new();
    for text in &missing {
        blocks.push(Block::Note(Tone::Bad, text.clone()));
    }
    blocks.push(Block::Heading(desk.say("edition.against_last")));
    blocks.push(Block::Facts(vec![
        (desk.say("edition.version"), draft.version.to_string()),
        (desk.say("edition.effective_from"), since(&desk, &draft)),
        (desk.say("edition.asks"), asks(&desk, last, &draft)),
    ]));
    blocks.extend(against(last, &draft));
    if missing.is_empty() {
        blocks.push(Block::Note(Tone::Ok, desk.say("edition.whole")));
        blocks.push(Block::Form(publish(&desk, &draft)));
    }
    blocks.push(Block::Form(draft::form(&desk, &draft)));
    let title = draft.text(desk.language()).title.clone();
    desk.page(title, blocks)
}

/// Exactly the text that was checked is signed.
fn publish(desk: &Desk, draft: &Notice) -> Form {
    Form {
        id: "publish",
        legend: desk.say("staff.act.publish_notice"),
        does: Does::Proposes {
            act: "publish_notice",
            fixed: json!({ "notice": draft }).to_string(),
        },
        fields: Vec::new(),
        buttons: vec![("", desk.say("staff.propose"))],
        danger: true,
    }
}

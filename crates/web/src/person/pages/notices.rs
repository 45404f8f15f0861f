//! P2 and P27: the notices in force, what changed, what was agreed to when.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use identity::clock::Day;
use identity::id::NoticeId;
use identity::notice::diff::{self, Sentence};
use identity::notice::{Agreement, Notice, Standing, StandingState};

use crate::app::App;
use crate::page::notices::{
    AgreementLine, Change, ChildNotices, Decides, FamilyNotices, InboxPage, MyAgreements,
    MyNotices, NoticeCard, NoticePage, Piece, State as CardState, VersionLine,
};
use crate::page::problem::ProblemKind;
use crate::person::session::Visitor;
use crate::problem::page::{PageProblem, render};

use super::apply::notice_text;
use super::holder::Holder;

/// `/me/notices`.
pub(super) async fn mine(
    State(app): State<Arc<App>>,
    holder: Holder,
) -> Result<Response, PageProblem> {
    let language = holder.frame.locale().tag();
    let person = &holder.view.person;
    let fault = |fault| PageProblem::fault(holder.frame.clone(), &fault);
    let standings = app.service.standings(person).await.map_err(fault)?;
    let under_guardian = app.service.is_under_guardian(person).map_err(fault)?;
    let editions = app.service.editions();
    let upcoming = editions.upcoming(app.service.now().day());
    let upcoming = upcoming.filter(|notice| !notice.is_for_minors());
    let cards = standings.iter().map(|standing| of(standing, language));
    Ok(render(&MyNotices {
        notices: cards.collect(),
        upcoming: upcoming
            .map(|notice| to_come(notice, editions.before(notice), language))
            .collect(),
        issuer: app.service.issuer.clone(),
        decides: if under_guardian {
            Decides::Guardian
        } else {
            Decides::Own
        },
        frame: holder.frame.clone(),
    }))
}

/// `/family/notices`: a guardian decides for each child under 14 (R4.2, R11.1).
pub(super) async fn of_children(
    State(app): State<Arc<App>>,
    holder: Holder,
) -> Result<Response, PageProblem> {
    let language = holder.frame.locale().tag();
    let service = &app.service;
    let fault = |fault| PageProblem::fault(holder.frame.clone(), &fault);
    let guardian = &holder.view.person;
    let mut children = Vec::new();
    let found = service.children_under_guardian(guardian).await;
    for child in found.map_err(fault)? {
        let standings = service.standings(&child).await.map_err(fault)?;
        let (handle, name) = service.child_named(&child).map_err(fault)?;
        children.push(ChildNotices {
            handle: handle.0.to_string(),
            name,
            notices: standings.iter().map(|s| of(s, language)).collect(),
        });
    }
    Ok(render(&FamilyNotices {
        children,
        issuer: service.issuer.clone(),
        frame: holder.frame.clone(),
    }))
}

/// `/me/agreements`.
pub(super) async fn agreements(
    State(app): State<Arc<App>>,
    holder: Holder,
) -> Result<Response, PageProblem> {
    let language = holder.frame.locale().tag();
    let person = holder.view.person.person;
    let fault = |fault| PageProblem::fault(holder.frame.clone(), &fault);
    let agreements = app.service.agreements(person).await.map_err(fault)?;
    let editions = app.service.editions();
    let lines = agreements.iter().map(|agreement| {
        let before = editions.before(&agreement.notice);
        line(agreement, before, language)
    });
    Ok(render(&MyAgreements {
        agreements: lines.collect(),
        frame: holder.frame.clone(),
    }))
}

/// `/inbox`: what the service told the person; the device opens it.
pub(super) async fn inbox(State(app): State<Arc<App>>, holder: Holder) -> Response {
    render(&InboxPage {
        frame: holder.frame,
        issuer: app.service.issuer.clone(),
    })
}

/// `/notices/{id}`: the version in force, with what changed since the one before. Open to everyone.
pub(super) async fn newest(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Response {
    show(&app, &id, None, &visitor)
}

/// `/notices/{id}/{version}`: any version ever published.
pub(super) async fn version(
    State(app): State<Arc<App>>,
    Path((id, version)): Path<(String, String)>,
    visitor: Visitor,
) -> Response {
    show(&app, &id, Some(&version), &visitor)
}

fn show(app: &App, id: &str, version: Option<&str>, visitor: &Visitor) -> Response {
    let editions = app.service.editions();
    let today = app.service.now().day();
    let id = NoticeId::parse(id);
    let found = id.as_ref().and_then(|id| match version {
        Some(version) => editions.version(id, version.parse().ok()?),
        None => editions.in_force(today).find(|notice| notice.id == *id),
    });
    let frame = visitor.frame();
    let Some(notice) = found else {
        return PageProblem::new(frame, ProblemKind::NotFound).into_response();
    };
    let language = frame.locale().tag();
    let versions = editions.of(&notice.id).rev();
    render(&NoticePage {
        notice: notice_text(notice, language),
        effective_from: day(notice.effective_from),
        before: editions.before(notice).map(|before| before.version),
        asks_again: editions
            .before(notice)
            .is_some_and(|before| diff::asks_again(before, notice)),
        changes: editions
            .before(notice)
            .map_or_else(Vec::new, |before| changes(before, notice, language)),
        versions: versions
            .map(|other| VersionLine {
                version: other.version,
                effective_from: day(other.effective_from),
                this: other.version == notice.version,
            })
            .collect(),
        frame,
    })
}

fn of(standing: &Standing, language: &str) -> NoticeCard {
    let notice = &standing.notice;
    let last = standing.last.as_ref();
    NoticeCard {
        text: notice_text(notice, language),
        state: match standing.state {
            StandingState::Agreed => CardState::Agreed,
            StandingState::Mended => CardState::Mended,
            StandingState::AskedAgain => CardState::AskedAgain,
            StandingState::NotGiven => CardState::NotGiven,
            StandingState::Withdrawn => CardState::Withdrawn,
        },
        mandatory: standing.mandatory,
        agreed_version: last.map(|last| last.notice.version),
        agreed_on: last.map(|last| last.given_on.to_string()),
        effective_from: day(notice.effective_from),
        changes: last.map_or_else(Vec::new, |last| changes(&last.notice, notice, language)),
    }
}

fn to_come(notice: &Notice, before: Option<&Notice>, language: &str) -> NoticeCard {
    NoticeCard {
        text: notice_text(notice, language),
        state: CardState::Upcoming,
        mandatory: notice.is_mandatory(),
        agreed_version: None,
        agreed_on: None,
        effective_from: day(notice.effective_from),
        changes: before.map_or_else(Vec::new, |before| changes(before, notice, language)),
    }
}

fn line(agreement: &Agreement, before: Option<&Notice>, language: &str) -> AgreementLine {
    AgreementLine {
        id: agreement.notice.id.to_string(),
        title: agreement.notice.text(language).title.clone(),
        language: agreement.notice.text(language).language.clone(),
        version: agreement.notice.version,
        given_on: agreement.given_on.to_string(),
        withdrawn_on: agreement.withdrawn_on.map(|day| day.to_string()),
        changes: before.map_or_else(Vec::new, |before| {
            changes(before, &agreement.notice, language)
        }),
    }
}

/// What changed, as the pages show it.
pub(crate) fn changes(older: &Notice, newer: &Notice, language: &str) -> Vec<Change> {
    let found = diff::changes(older.text(language), newer.text(language));
    let piece = |sentence: Sentence| match sentence {
        Sentence::Kept(text) => Piece::Kept(text),
        Sentence::Removed(text) => Piece::Removed(text),
        Sentence::Added(text) => Piece::Added(text),
    };
    found
        .into_iter()
        .map(|change| Change {
            heading: change.part.heading(language).to_owned(),
            pieces: change.sentences.into_iter().map(piece).collect(),
        })
        .collect()
}

/// A day as shown; none for what was always so.
fn day(day: Day) -> Option<String> {
    (day.0 > 0).then(|| day.to_string())
}

//! The next version of a notice as it is typed: part by part in both languages, and what it still lacks (R11.1).

use std::collections::BTreeSet;

use identity::clock::Day;
use identity::consent::ConsentKind;
use identity::notice::{Notice, NoticeText, Part, SensitivePart, Subject, diff};

use crate::app::App;
use crate::page::console::{Field, Form, Input};

use super::desk::Desk;
use super::posted::StaffForm;

/// Each part with the names of its fields, in the order of Art. 11.
const PARTS: [(Part, &str, &str); 10] = [
    (Part::Title, "title", "title_en"),
    (Part::Provider, "provider", "provider_en"),
    (Part::Purpose, "purpose", "purpose_en"),
    (Part::Manner, "manner", "manner_en"),
    (Part::Kinds, "kinds", "kinds_en"),
    (Part::Retention, "retention", "retention_en"),
    (Part::Rights, "rights", "rights_en"),
    (Part::Other, "other", "other_en"),
    (Part::Necessity, "necessity", "necessity_en"),
    (Part::Effect, "effect", "effect_en"),
];

/// The version after one: the same words, from tomorrow.
pub(super) fn next_of(last: &Notice, today: Day) -> Notice {
    Notice {
        version: last.version + 1,
        effective_from: today.plus(1),
        ..last.clone()
    }
}

fn is_asked(notice: &Notice, part: Part) -> bool {
    let sensitive = matches!(part, Part::Necessity | Part::Effect);
    !sensitive || notice.consent != ConsentKind::General
}

fn text_of(text: &NoticeText, wanted: Part) -> String {
    let parts = text.parts();
    let found = parts.iter().find(|(part, _)| *part == wanted);
    found.map_or_else(String::new, |(_, text)| (*text).to_owned())
}

fn slot(text: &mut NoticeText, part: Part) -> &mut String {
    match part {
        Part::Title => &mut text.title,
        Part::Provider => &mut text.provider,
        Part::Purpose => &mut text.processing.purpose,
        Part::Manner => &mut text.processing.manner,
        Part::Kinds => &mut text.processing.kinds,
        Part::Retention => &mut text.processing.retention,
        Part::Rights => &mut text.rights,
        Part::Other => &mut text.other,
        Part::Necessity => &mut sensitive(text).necessity,
        Part::Effect => &mut sensitive(text).effect,
    }
}

fn sensitive(text: &mut NoticeText) -> &mut SensitivePart {
    text.sensitive.get_or_insert_with(|| SensitivePart {
        necessity: String::new(),
        effect: String::new(),
    })
}

/// The form of a draft. No field is required of the browser: what is missing is said by name, all at once.
pub(super) fn form(desk: &Desk, draft: &Notice) -> Form {
    let mut fields = Vec::new();
    for (part, chinese, english) in PARTS {
        if !is_asked(draft, part) {
            continue;
        }
        for (name, text, language) in [
            (chinese, &draft.chinese, "中文"),
            (english, &draft.english, "English"),
        ] {
            let label = format!("{} · {language}", part.heading(desk.language()));
            let field = Field::new(name, label, Input::Lines).with(text_of(text, part));
            fields.push(field.optional());
        }
    }
    let names = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(" ");
    let subject = &draft.subject;
    for (name, key, value) in [
        (
            "purposes",
            "edition.subject.purposes",
            names(&subject.purposes),
        ),
        (
            "manners",
            "edition.subject.manners",
            names(&subject.manners),
        ),
        ("data", "edition.subject.kinds", names(&subject.kinds)),
        (
            "kept",
            "edition.subject.retention",
            subject.retention.clone(),
        ),
    ] {
        let field = Field::new(name, desk.say(key), Input::Line).with(value);
        fields.push(field.optional());
    }
    let label = desk.say("edition.effective_from");
    let from = draft.effective_from.to_string();
    fields.push(Field::new("effective_from", label, Input::Day).with(from));
    let path = format!("/operator/notices/{}", draft.id);
    let legend = desk
        .frame
        .say_with("edition.draft", "version", draft.version);
    Form::posting("draft", path, legend, desk.say("edition.check")).with(fields)
}

/// The draft that was posted.
pub(super) fn of(posted: &StaffForm, last: &Notice, today: Day) -> Notice {
    let mut draft = next_of(last, today);
    // A day that cannot be read is none: said as missing.
    draft.effective_from = posted.day("effective_from").unwrap_or(Day(0));
    for (part, chinese, english) in PARTS {
        if is_asked(&draft, part) {
            posted
                .text(chinese)
                .trim()
                .clone_into(slot(&mut draft.chinese, part));
            posted
                .text(english)
                .trim()
                .clone_into(slot(&mut draft.english, part));
        }
    }
    let names = |name| {
        let names = posted.text(name).split_whitespace();
        names.map(str::to_owned).collect::<BTreeSet<_>>()
    };
    draft.subject = Subject {
        purposes: names("purposes"),
        manners: names("manners"),
        kinds: names("data"),
        retention: posted.text("kept").trim().to_owned(),
    };
    // What a browser makes of line ends is no change of the text.
    for text in [&mut draft.chinese, &mut draft.english] {
        for (part, _, _) in PARTS {
            if text.parts().iter().any(|(known, _)| *known == part) {
                let slot = slot(text, part);
                *slot = slot.replace("\r\n", "\n");
            }
        }
    }
    draft
}

/// What keeps it from being published, all of it at once, in words.
pub(super) fn missing(app: &App, desk: &Desk, last: &Notice, draft: &Notice) -> Vec<String> {
    let mut missing = Vec::new();
    let language = desk.language();
    // Art. 11(1), (2): each part, in both languages.
    for (text, name) in [(&draft.chinese, "中文"), (&draft.english, "English")] {
        for (part, _, _) in PARTS {
            if is_asked(draft, part) && text_of(text, part).trim().is_empty() {
                let part = format!("{} · {name}", part.heading(language));
                missing.push(desk.frame.say_with("edition.part_missing", "part", part));
            }
        }
    }
    let mut say_if = |is: bool, key: &str| {
        if is {
            missing.push(desk.say(key));
        }
    };
    let changed = |old: &NoticeText, new: &NoticeText| !diff::changes(old, new).is_empty();
    let (chinese, english) = (
        changed(&last.chinese, &draft.chinese),
        changed(&last.english, &draft.english),
    );
    let subject = last.subject != draft.subject;
    say_if(draft.subject.missing().is_some(), "edition.subject_missing");
    say_if(
        draft.effective_from < app.service.now().day(),
        "edition.too_early",
    );
    say_if(!chinese && !english && !subject, "edition.no_change");
    say_if(subject && !(chinese && english), "edition.subject_unsaid");
    // Whatever else the service has against it, so that nothing is signed in vain.
    if missing.is_empty()
        && let Err(problem) = app.service.check_draft(draft)
    {
        missing.push(problem.to_string());
    }
    missing
}

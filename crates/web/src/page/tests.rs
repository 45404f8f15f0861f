//! Every example of every page, in every language, mode, size and environment, read as a browser would.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::{Environment, Frame, Sample, samples};
use crate::display::{Display, Mode, Size, Theme};
use crate::locale::Locale;

mod html;
mod texts;

use html::Tag;

fn frames() -> Vec<Frame> {
    let mut frames = Vec::new();
    for language in Locale::ALL {
        for &mode in Mode::ALL {
            for environment in [
                Environment::Demo,
                Environment::Sandbox,
                Environment::Production,
            ] {
                let display = Display {
                    language,
                    mode,
                    theme: Theme::Dark,
                    size: Size::Largest,
                };
                frames.push(Frame::new(display, environment, "/here?a=1&b=2"));
            }
        }
    }
    frames
}

/// Runs a check over all examples and names every one that fails it.
fn for_all(check: impl Fn(&Frame, &str) -> Result<(), String>) {
    static PAGES: LazyLock<Vec<(Frame, String, String)>> = LazyLock::new(|| {
        let render = |frame: Frame| {
            samples(&frame)
                .into_iter()
                .map(move |Sample { name, html }| (frame.clone(), name, html.unwrap()))
        };
        frames().into_iter().flat_map(render).collect()
    });
    let mut faults = BTreeSet::new();
    for (frame, name, html) in PAGES.iter() {
        if let Err(fault) = check(frame, html) {
            let language = frame.locale().tag();
            let mode = frame.display.mode.name();
            faults.insert(format!("{name} ({language}, {mode}): {fault}"));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn each_page_has_one_main_heading_and_says_its_language() {
    for_all(|frame, html| {
        let tags = html::tags(html);
        let headings = tags.iter().filter(|tag| tag.name == "h1").count();
        if headings != 1 {
            return Err(format!("{headings} h1"));
        }
        let root = tags
            .iter()
            .find(|tag| tag.name == "html")
            .ok_or("no html")?;
        let expected = Some(frame.locale().tag());
        if root.attribute("lang") != expected
            || root.attribute("data-mode") != Some(frame.display.mode.name())
        {
            return Err("lang or mode".to_owned());
        }
        let mains = tags.iter().filter(|tag| tag.name == "main").count();
        (mains == 1).then_some(()).ok_or("main".to_owned())
    });
}

#[test]
fn each_page_says_what_it_is_not() {
    for_all(|frame, html| {
        let locale = frame.locale();
        let strip = html.contains("class=\"strip\"");
        let footer = html.contains(&html::escaped(&locale.say("frame.footer")));
        let expected = frame.environment != Environment::Production;
        (footer && strip == expected)
            .then_some(())
            .ok_or("strip or footer".to_owned())
    });
}

#[test]
fn no_text_is_missing() {
    for_all(|_, html| match html.find('⟦') {
        None => Ok(()),
        Some(at) => Err(html[at..].chars().take(60).collect()),
    });
    for_all(|_, html| {
        let text = html::visible_text(html);
        match text.find('{') {
            None => Ok(()),
            Some(at) => Err(text[at..].chars().take(60).collect()),
        }
    });
}

#[test]
fn each_input_has_a_label() {
    for_all(|_, html| {
        let tags = html::tags(html);
        let labelled: BTreeSet<&str> = tags
            .iter()
            .filter(|tag| tag.name == "label")
            .filter_map(|tag| tag.attribute("for"))
            .collect();
        for tag in &tags {
            let field = matches!(tag.name.as_str(), "input" | "select" | "textarea");
            if !field || tag.attribute("type") == Some("hidden") {
                continue;
            }
            let named = tag.attribute("id").is_some_and(|id| labelled.contains(id));
            if !named && !tag.inside.contains(&"label".to_owned()) {
                return Err(format!("no label: {}", tag.source));
            }
        }
        Ok(())
    });
}

#[test]
fn each_id_stands_once_and_each_reference_leads_somewhere() {
    for_all(|_, html| {
        let tags = html::tags(html);
        let mut ids = BTreeSet::new();
        for id in tags.iter().filter_map(|tag| tag.attribute("id")) {
            if !ids.insert(id) {
                return Err(format!("id {id} twice"));
            }
        }
        for tag in &tags {
            for name in ["for", "aria-describedby", "aria-labelledby"] {
                if let Some(target) = tag.attribute(name)
                    && !ids.contains(target)
                {
                    return Err(format!("{name}={target}"));
                }
            }
        }
        Ok(())
    });
}

/// The policy of [`crate::security_headers`] would stop these; a page must not need them.
#[test]
fn nothing_inline_and_nothing_from_elsewhere() {
    for_all(|_, html| {
        for tag in html::tags(html) {
            let handler = tag
                .attributes
                .iter()
                .find(|(name, _)| name.starts_with("on"));
            let inline_script = tag.name == "script" && tag.attribute("src").is_none();
            if tag.attribute("style").is_some()
                || tag.name == "style"
                || handler.is_some()
                || inline_script
            {
                return Err(format!("inline: {}", tag.source));
            }
            for name in ["src", "href", "action"] {
                let Some(target) = tag.attribute(name) else {
                    continue;
                };
                let local = target.starts_with('/') && !target.starts_with("//");
                if !local && !target.starts_with('#') && !target.starts_with("tel:") {
                    return Err(format!("elsewhere: {}", tag.source));
                }
            }
        }
        Ok(())
    });
}

#[test]
fn each_asset_a_page_asks_for_exists() {
    for_all(|_, html| {
        let icons = crate::asset::find(&format!("{}icons.svg", crate::asset::base()));
        let icons = icons.ok_or("no icons")?;
        let icons = String::from_utf8_lossy(&icons.body).into_owned();
        for Tag { attributes, .. } in html::tags(html) {
            for (_, value) in attributes {
                if !value.starts_with("/static/") {
                    continue;
                }
                let (path, fragment) = value.split_once('#').unwrap_or((&value, ""));
                if crate::asset::find(path).is_none() {
                    return Err(path.to_owned());
                }
                if !fragment.is_empty() && !icons.contains(&format!("id=\"{fragment}\"")) {
                    return Err(format!("icon {fragment}"));
                }
            }
        }
        Ok(())
    });
}

#[test]
fn tags_are_closed_in_order() {
    for_all(|_, html| html::balance(html));
}

/// Refusing is as easy as approving (ui.md §5.2): beside it, a plain button of the same class, and the other way
/// needs no script.
#[test]
fn r6_2_refusing_stands_beside_approving() {
    let frame = Frame::new(Display::default(), Environment::Demo, "/oauth/authorize");
    for Sample { name, html } in samples(&frame) {
        if !name.starts_with("approval.") {
            continue;
        }
        let html = html.unwrap();
        let tags = html::tags(&html);
        let button = |id: &str| tags.iter().find(|tag| tag.attribute("id") == Some(id));
        let refuse = button("refuse").unwrap();
        assert!(refuse.attribute("disabled").is_none(), "{name}");
        assert!(
            refuse.attribute("class").unwrap().starts_with("btn "),
            "{name}"
        );
        if let Some(approve) = button("approve") {
            assert!(
                approve.attribute("class").unwrap().starts_with("btn "),
                "{name}"
            );
        }
        let other = tags
            .iter()
            .filter_map(|tag| tag.attribute("href"))
            .any(|href| href.starts_with("/oauth/other?transaction="));
        assert!(other, "{name}");
        for tag in tags.iter().filter(|tag| tag.name == "input") {
            let attribute_tick = tag.attribute("name") == Some("attribute");
            assert!(
                !attribute_tick || tag.attribute("checked").is_none(),
                "{name}"
            );
        }
    }
}

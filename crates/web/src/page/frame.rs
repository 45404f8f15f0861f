//! What surrounds every page: language and looks, the environment strip, who is signed in.

use std::collections::BTreeMap;
use std::fmt;

use askama::filters::HtmlSafe;

use crate::asset;
use crate::display::{Display, Mode, Size, Theme};
use crate::locale::Locale;

/// The context every page carries.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Language, theme, size, mode.
    pub display: Display,
    /// Demo and sandbox say so on top of every page.
    pub environment: Environment,
    /// Whether a person's session cookie is valid. Pages with tabs show them only then.
    pub signed_in: bool,
    /// Path and query of this page: where the display forms come back to.
    pub path: String,
    /// How many requests wait for the person, for the mark on the tab.
    pub waiting: usize,
    /// Whether the person has locked the 网证: the banner on every page.
    pub locked: bool,
    /// Whose consent a notice waits for: the banner on every page (R11.1).
    pub agreement_waits: AgreementWaits,
    /// The number a person can call for help, shown as it is dialled.
    pub help_phone: String,
}

/// Whether a notice waits for a consent, and whose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AgreementWaits {
    /// None does.
    #[default]
    Nothing,
    /// The person's own.
    Own,
    /// The person is under 14: the guardian's (R4.2).
    OfGuardian,
    /// The person is a guardian: for a child.
    ForChild,
}

impl AgreementWaits {
    /// The key of the banner's words and where it leads; nothing where nothing waits.
    pub const fn banner(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Nothing => None,
            Self::Own => Some(("notices.waits", "/me/notices")),
            Self::OfGuardian => Some(("notices.waits_guardian", "/family")),
            Self::ForChild => Some(("notices.waits_child", "/family/notices")),
        }
    }
}

/// Where this service runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// On somebody's own machine, with sandbox persons.
    Demo,
    /// For platforms to try against, with sandbox persons.
    Sandbox,
    /// With real persons.
    Production,
}

impl Frame {
    /// A frame for a person who is not signed in.
    pub fn new(display: Display, environment: Environment, path: &str) -> Self {
        Self {
            display,
            environment,
            signed_in: false,
            path: path.to_owned(),
            waiting: 0,
            locked: false,
            agreement_waits: AgreementWaits::Nothing,
            help_phone: "12345".to_owned(),
        }
    }

    /// The language of the page.
    pub const fn locale(&self) -> Locale {
        self.display.language
    }

    /// The language the page is not in, for the switch.
    pub const fn other_locale(&self) -> Locale {
        match self.display.language {
            Locale::ZhCn => Locale::En,
            Locale::En => Locale::ZhCn,
        }
    }

    /// Whether to show the simplified page (长辈版).
    pub fn elder(&self) -> bool {
        self.display.mode == Mode::Elder
    }

    /// The text of a key in the page's language.
    pub fn say(&self, key: &str) -> String {
        self.locale().say(key)
    }

    /// The same with one placeholder filled in.
    pub fn say_with(&self, key: &str, name: &str, value: impl fmt::Display) -> String {
        self.locale().say_with(key, name, value)
    }

    /// The texts a script needs, as JSON for a `data-texts` attribute: the common ones, the page's own, the names
    /// of attributes (`attribute.name` …) and why the service can't (`code.busy` …).
    pub fn texts(&self, section: &str) -> String {
        let locale = self.locale();
        let mut texts = BTreeMap::new();
        for prefix in ["script.common", section] {
            for (key, text) in locale.section(prefix) {
                texts.insert(key.to_owned(), text);
            }
        }
        for (prefix, section) in [("attribute", "attribute"), ("code", "script.code")] {
            for (key, text) in locale.section(section) {
                texts.insert(format!("{prefix}.{key}"), text);
            }
        }
        serde_json::to_string(&texts).unwrap_or_default()
    }

    /// The path of an asset of this release.
    pub fn asset(&self, name: &str) -> String {
        format!("{}{name}", asset::base())
    }

    /// A value as it stands in an address.
    pub fn encode(&self, value: &str) -> String {
        url::form_urlencoded::byte_serialize(value.as_bytes()).collect()
    }

    /// An icon from the sheet, decoration only: words stand beside it.
    pub const fn icon<'a>(&self, name: &'a str) -> Icon<'a> {
        Icon { name }
    }

    /// Whether the environment strip is shown.
    pub fn shows_strip(&self) -> bool {
        self.environment != Environment::Production
    }

    /// The key of the strip's words.
    pub const fn strip(&self) -> &'static str {
        match self.environment {
            Environment::Demo | Environment::Production => "frame.strip_demo",
            Environment::Sandbox => "frame.strip_sandbox",
        }
    }

    /// The help number with nothing but digits and a leading plus, for a `tel:` link.
    pub fn help_link(&self) -> String {
        let digits = self
            .help_phone
            .chars()
            .filter(|c| c.is_ascii_digit() || *c == '+');
        format!("tel:{}", digits.collect::<String>())
    }

    /// Every theme, for the settings form.
    pub const fn themes(&self) -> &'static [Theme] {
        Theme::ALL
    }

    /// Every text size, for the settings form.
    pub const fn sizes(&self) -> &'static [Size] {
        Size::ALL
    }

    /// Both modes, for the settings form.
    pub const fn modes(&self) -> &'static [Mode] {
        Mode::ALL
    }

    /// Both languages, for the settings form.
    pub const fn locales(&self) -> [Locale; 2] {
        Locale::ALL
    }
}

/// `<svg class="icon">` with a symbol of the sheet.
#[derive(Clone, Copy, Debug)]
pub struct Icon<'a> {
    name: &'a str,
}

impl fmt::Display for Icon<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_assert!(
            self.name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b == b'-')
        );
        write!(
            formatter,
            r#"<svg class="icon" aria-hidden="true"><use href="{}icons.svg#{}"/></svg>"#,
            asset::base(),
            self.name
        )
    }
}

/// The name is one of ours, never a person's or a platform's text.
impl HtmlSafe for Icon<'_> {}

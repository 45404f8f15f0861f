//! The two languages of the pages and their texts.
//!
//! Texts live in `locales/*.toml`, are compiled in, and are found by a dotted key (`home.title`).
//! A placeholder is a name in braces. Tests hold that both files have the same keys and placeholders.

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::LazyLock;

/// A language a page can be written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    /// Simplified Chinese, the language the law is written in and the default.
    #[default]
    ZhCn,
    /// English.
    En,
}

impl Locale {
    /// Every language, the default first.
    pub const ALL: [Self; 2] = [Self::ZhCn, Self::En];

    /// The BCP 47 tag, as written in `<html lang>`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }

    /// The language of a tag, by its primary subtag (RFC 4647 §3.4); `None` when we do not write it.
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag.split('-').next()?.to_ascii_lowercase().as_str() {
            "zh" => Some(Self::ZhCn),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The best language for an `Accept-Language` value (RFC 9110 §12.5.4): highest weight first,
    /// the order of the list among equals; Chinese when none fits.
    pub fn negotiate(accept_language: &str) -> Self {
        let mut best: Option<(u16, Self)> = None;
        for item in accept_language.split(',').take(16) {
            let (tag, parameter) = item.split_once(';').unwrap_or((item, ""));
            let weight = weight_in_thousandths(parameter);
            let Some(locale) = Self::from_tag(tag.trim()) else {
                continue;
            };
            if weight > best.map_or(0, |(heaviest, _)| heaviest) {
                best = Some((weight, locale));
            }
        }
        best.map_or_else(Self::default, |(_, locale)| locale)
    }

    /// The text of a key. A key that does not exist comes back in `⟦…⟧`; the page tests look for it.
    pub fn say(self, key: &str) -> String {
        match self.texts().get(key) {
            Some(text) => text.clone(),
            None => format!("⟦{key}⟧"),
        }
    }

    /// The text of a key with one placeholder filled in.
    pub fn say_with(self, key: &str, name: &str, value: impl Display) -> String {
        self.say(key)
            .replace(&format!("{{{name}}}"), &value.to_string())
    }

    /// All texts below a prefix, keys without it: what a script of the page needs to speak.
    pub fn section(self, prefix: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
        let prefix = format!("{prefix}.");
        self.texts().iter().filter_map(move |(key, text)| {
            key.strip_prefix(prefix.as_str())
                .map(|rest| (rest, text.as_str()))
        })
    }

    /// The whole dictionary.
    pub(crate) fn texts(self) -> &'static HashMap<String, String> {
        static ZH_CN: LazyLock<HashMap<String, String>> =
            LazyLock::new(|| dictionary(include_str!("../locales/zh-CN.toml")));
        static EN: LazyLock<HashMap<String, String>> =
            LazyLock::new(|| dictionary(include_str!("../locales/en.toml")));
        match self {
            Self::ZhCn => &ZH_CN,
            Self::En => &EN,
        }
    }
}

fn weight_in_thousandths(parameter: &str) -> u16 {
    let Some(text) = parameter.trim().strip_prefix("q=") else {
        return 1000;
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction = format!("{fraction:0<3}");
    match (whole.parse::<u16>(), fraction.parse::<u16>()) {
        (Ok(0), Ok(thousandths)) if thousandths < 1000 => thousandths,
        (Ok(1), Ok(0)) => 1000,
        _ => 0,
    }
}

fn dictionary(source: &str) -> HashMap<String, String> {
    let table: toml::Table = source
        .parse()
        .expect("the locale files are compiled in and every test reads them");
    let mut texts = HashMap::new();
    flatten("", &table, &mut texts);
    texts
}

fn flatten(prefix: &str, table: &toml::Table, texts: &mut HashMap<String, String>) {
    for (key, value) in table {
        let path = if prefix.is_empty() {
            key.clone()
        } else {
            format!("{prefix}.{key}")
        };
        match value {
            toml::Value::Table(inner) => flatten(&path, inner, texts),
            toml::Value::String(text) => {
                texts.insert(path, text.clone());
            }
            other => {
                texts.insert(path, other.to_string());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn accept_language_is_weighed() {
        assert_eq!(Locale::negotiate("en-GB,en;q=0.9,zh;q=0.1"), Locale::En);
        assert_eq!(Locale::negotiate("fr, en;q=0.5, zh-CN;q=0.8"), Locale::ZhCn);
        assert_eq!(Locale::negotiate("en;q=0"), Locale::ZhCn);
        assert_eq!(Locale::negotiate("en;q=2.7, de"), Locale::ZhCn);
        assert_eq!(Locale::negotiate(""), Locale::ZhCn);
    }

    #[test]
    fn both_languages_say_the_same_things() {
        let keys = |locale: Locale| locale.texts().keys().collect::<BTreeSet<_>>();
        let (chinese, english) = (keys(Locale::ZhCn), keys(Locale::En));
        let only_one: Vec<_> = chinese.symmetric_difference(&english).collect();
        assert!(only_one.is_empty(), "in one language only: {only_one:?}");
        for key in chinese {
            assert_eq!(
                placeholders(&Locale::ZhCn.texts()[key]),
                placeholders(&Locale::En.texts()[key]),
                "placeholders of {key}"
            );
        }
    }

    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
            .collect()
    }
}

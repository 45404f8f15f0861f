//! How a person wants the pages to look: language, theme, text size, elder mode.
//!
//! Kept in one first-party cookie set by a plain form (`POST /settings`), so that it works without a script
//! and says nothing about who the person is.

use serde::Deserialize;

use crate::locale::Locale;

/// The cookie's name.
pub const COOKIE: &str = "wz_display";

/// What the cookie holds. Anything unknown in it reads as the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Display {
    /// Language of the pages.
    pub language: Locale,
    /// Light, dark, or what the device says.
    pub theme: Theme,
    /// Text size.
    pub size: Size,
    /// Standard or elder mode (长辈版).
    pub mode: Mode,
}

/// Colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// What the device prefers.
    #[default]
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// Text size; the largest is 30 px (《移动互联网应用适老化通用设计规范》).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Size {
    /// 17 px.
    #[default]
    Standard,
    /// 20 px.
    Large,
    /// 23 px.
    ExtraLarge,
    /// 30 px.
    Largest,
}

/// Whether the pages are simplified for older people. A mode, not a skin: fewer things, larger, said shorter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// The full pages.
    #[default]
    Standard,
    /// 长辈版.
    Elder,
}

/// The fields of `POST /settings`; absent ones stay as they are.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct DisplayForm {
    /// `zh-CN` or `en`.
    pub language: Option<String>,
    /// `auto`, `light` or `dark`.
    pub theme: Option<String>,
    /// `standard`, `large`, `extra-large` or `largest`.
    pub size: Option<String>,
    /// `standard` or `elder`.
    pub mode: Option<String>,
    /// The page to come back to; see [`local_path`].
    pub return_to: Option<String>,
}

impl Display {
    /// From the cookie if there is one, otherwise from `Accept-Language`.
    pub fn of_request(cookie: Option<&str>, accept_language: Option<&str>) -> Self {
        let mut display = Self {
            language: accept_language.map_or_else(Locale::default, Locale::negotiate),
            ..Self::default()
        };
        let mut parts = cookie.unwrap_or_default().split('.');
        let form = DisplayForm {
            language: parts.next().map(str::to_owned),
            theme: parts.next().map(str::to_owned),
            size: parts.next().map(str::to_owned),
            mode: parts.next().map(str::to_owned),
            return_to: None,
        };
        display.change(&form);
        display
    }

    /// Takes what the form names and knows; leaves the rest.
    pub fn change(&mut self, form: &DisplayForm) {
        if let Some(language) = form.language.as_deref().and_then(Locale::from_tag) {
            self.language = language;
        }
        if let Some(theme) = form.theme.as_deref().and_then(Theme::from_name) {
            self.theme = theme;
        }
        if let Some(size) = form.size.as_deref().and_then(Size::from_name) {
            self.size = size;
        }
        if let Some(mode) = form.mode.as_deref().and_then(Mode::from_name) {
            self.mode = mode;
        }
    }

    /// The `Set-Cookie` value, for a year. `secure` where the service is reached over https.
    pub fn set_cookie(&self, secure: bool) -> String {
        let secure = if secure { "; Secure" } else { "" };
        format!(
            "{COOKIE}={}.{}.{}.{}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly{secure}",
            self.language.tag(),
            self.theme.name(),
            self.size.name(),
            self.mode.name(),
        )
    }
}

macro_rules! named {
    ($type:ident { $($variant:ident = $name:literal),+ $(,)? }) => {
        impl $type {
            /// Every choice, in the order a person sees them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in forms, in the cookie and in `<html data-…>`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|choice| choice.name() == name)
            }
        }
    };
}
named!(Theme { Auto = "auto", Light = "light", Dark = "dark" });
named!(Size { Standard = "standard", Large = "large", ExtraLarge = "extra-large", Largest = "largest" });
named!(Mode { Standard = "standard", Elder = "elder" });

/// A path on this service to come back to after a form: begins with exactly one `/`, has no backslash and no
/// control character; anything else is `/`. So a crafted form cannot send a person elsewhere.
pub fn local_path(path: &str) -> &str {
    let begins_well = path.starts_with('/') && !path.starts_with("//");
    let clean = !path.contains(|c: char| c == '\\' || c.is_control());
    if begins_well && clean && path.len() <= 2048 {
        path
    } else {
        "/"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_comes_back_as_it_went() {
        for &theme in Theme::ALL {
            for &size in Size::ALL {
                for &mode in Mode::ALL {
                    let display = Display {
                        language: Locale::En,
                        theme,
                        size,
                        mode,
                    };
                    let cookie = display.set_cookie(false);
                    let value = cookie
                        .strip_prefix("wz_display=")
                        .and_then(|rest| rest.split(';').next());
                    assert_eq!(Display::of_request(value, Some("zh")), display);
                }
            }
        }
    }

    #[test]
    fn nonsense_reads_as_the_default() {
        assert_eq!(
            Display::of_request(Some("x.y.<z>"), None),
            Display::default()
        );
        assert_eq!(
            Display::of_request(None, Some("en-US")).language,
            Locale::En
        );
    }

    #[test]
    fn only_paths_of_this_service_come_back() {
        assert_eq!(local_path("/history?day=1"), "/history?day=1");
        for elsewhere in [
            "https://e.example",
            "//e.example",
            "/\\e.example",
            "me",
            "",
            "/a\nb",
        ] {
            assert_eq!(local_path(elsewhere), "/");
        }
    }
}

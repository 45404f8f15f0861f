//! Style sheets, scripts, icons: compiled in, served under a path that names their content.
//!
//! The path carries one digest over all assets (`/static/<digest>/js/home.js`), so that scripts can import each other
//! by plain relative names and a browser may keep everything for ever: a new release has a new path.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::LazyLock;

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "assets"]
struct Assets;

/// One file to send.
#[derive(Debug)]
pub struct Asset {
    /// The bytes.
    pub body: Cow<'static, [u8]>,
    /// `Content-Type`.
    pub content_type: &'static str,
    /// `Cache-Control`: for ever when the path named this release, otherwise ask again.
    pub cache_control: &'static str,
}

/// The path of this release's assets, with a slash at its end: `/static/<digest>/`.
pub fn base() -> &'static str {
    static BASE: LazyLock<String> = LazyLock::new(|| format!("/static/{}/", release()));
    &BASE
}

/// The file behind a request path `/static/<digest>/<name>`. An older digest gets today's file, not to be kept.
pub fn find(path: &str) -> Option<Asset> {
    let (digest, name) = path.strip_prefix("/static/")?.split_once('/')?;
    let current = digest == release() && !cfg!(debug_assertions);
    asset(
        name,
        if current {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        },
    )
}

/// The service worker, which has to live at `/sw.js` to govern the whole origin.
pub fn service_worker() -> Option<Asset> {
    asset("sw.js", "no-cache")
}

fn asset(name: &str, cache_control: &'static str) -> Option<Asset> {
    let content_type = content_type(name)?;
    let file = Assets::get(name)?;
    Some(Asset {
        body: file.data,
        content_type,
        cache_control,
    })
}

fn content_type(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webmanifest" => "application/manifest+json",
        _ => return None,
    })
}

/// Eight bytes in hex over all names and contents, in order of name.
fn release() -> &'static str {
    static RELEASE: LazyLock<String> = LazyLock::new(|| {
        let mut names: Vec<_> = Assets::iter().collect();
        names.sort();
        let digests: Vec<u8> = names
            .iter()
            .filter_map(|name| Assets::get(name).map(|file| (name, file)))
            .flat_map(|(name, file)| [name.as_bytes(), &file.metadata.sha256_hash()].concat())
            .collect();
        crypto::digest::sha256(&[&digests]).0[..8]
            .iter()
            .fold(String::new(), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            })
    });
    &RELEASE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_asset_has_a_type() {
        for name in Assets::iter() {
            assert!(content_type(&name).is_some(), "{name}");
        }
    }

    #[test]
    fn an_asset_is_found_under_its_release_and_nothing_outside_is() {
        assert!(find(&format!("{}js/home.js", base())).is_some());
        assert!(find("/static/0000000000000000/js/home.js").is_some());
        assert!(find(&format!("{}../Cargo.toml", base())).is_none());
        assert!(find("/static/home.js").is_none());
        assert!(service_worker().is_some());
    }

    /// No framework, no string that becomes markup, nothing from another origin (ui.md §5.10).
    #[test]
    fn scripts_keep_to_the_policy() {
        for name in Assets::iter().filter(|name| name.ends_with(".js")) {
            let file = Assets::get(&name).unwrap();
            let source = std::str::from_utf8(&file.data).unwrap();
            for forbidden in [
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "eval(",
                "new Function",
                "https://",
                "http://",
                ".style.",
            ] {
                assert!(!source.contains(forbidden), "{forbidden} in {name}");
            }
        }
    }
}

//! What two screens can be told apart by: the host of the address bar, the kind of browser.

use http::HeaderMap;
use http::header::USER_AGENT;
use url::Url;

/// What the address bar shows of this service.
pub(super) fn host(issuer: &str) -> String {
    let url = Url::parse(issuer).ok();
    let host = url.as_ref().and_then(|url| {
        let host = url.host_str()?;
        Some(
            url.port()
                .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")),
        )
    });
    host.unwrap_or_else(|| issuer.to_owned())
}

/// `Windows · Chrome`: enough to tell one's own screen from a stranger's, no version and no place.
pub(super) fn kind_of_screen(headers: &HeaderMap) -> Option<String> {
    let agent = headers.get(USER_AGENT)?.to_str().ok()?;
    let first = |names: &[(&str, &'static str)]| {
        names
            .iter()
            .find(|(mark, _)| agent.contains(mark))
            .map(|(_, name)| *name)
    };
    let system = first(&[
        ("OpenHarmony", "HarmonyOS"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ])?;
    let browser = first(&[
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ])?;
    Some(format!("{system} · {browser}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_is_told_by_system_and_browser_only() {
        let kind = |agent: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(USER_AGENT, http::HeaderValue::from_static(agent));
            kind_of_screen(&headers)
        };
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like \
                      Gecko) Chrome/140.0.0.0 Safari/537.36";
        assert_eq!(kind(chrome).as_deref(), Some("Windows · Chrome"));
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        assert_eq!(kind(firefox).as_deref(), Some("Linux · Firefox"));
        assert_eq!(kind("curl/8.0"), None);
    }

    #[test]
    fn the_host_is_what_the_address_bar_shows() {
        assert_eq!(host("http://localhost:8080"), "localhost:8080");
        assert_eq!(host("https://wz.example"), "wz.example");
    }
}

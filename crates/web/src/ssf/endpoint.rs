//! Where a platform may have events brought to: hosts it registered, and no other (R12.2: deny by default).

use identity::platform::Platform;
use url::{Host, Url};

/// The address, if events for this platform may be brought there: https, on a host the platform was reviewed with.
/// Plain http only on this very machine, for a service that is itself there (a demo).
pub fn allowed(platform: &Platform, text: &str, service_is_local: bool) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let host = url.host_str()?;
    let secure = match url.scheme() {
        "https" => true,
        "http" => service_is_local && is_local(&url),
        _ => false,
    };
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    let redirects = platform
        .clients
        .iter()
        .flat_map(|client| &client.redirect_uris)
        .filter_map(|uri| Url::parse(uri).ok());
    let known = platform.host == host
        || redirects
            .into_iter()
            .any(|uri| uri.host_str() == Some(host));
    (secure && plain && known).then_some(url)
}

/// Whether an address is of this machine.
pub fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use identity::id::{ClientId, PlatformId};
    use identity::platform::{Client, IdTokenAlgorithm, LocalText, Profile};

    fn forum() -> Platform {
        let text = || LocalText::new("论坛", "Forum");
        let client = Client {
            id: ClientId("app-forum".to_owned()),
            profile: Profile::Fapi,
            redirect_uris: ["https://login.forum.example/cb".to_owned()].into(),
            keys: serde_json::from_str(r#"{"keys":[]}"#).unwrap(),
            secret: None,
            id_token_algorithm: IdTokenAlgorithm::Es256,
        };
        Platform {
            id: PlatformId("forum".to_owned()),
            name: text(),
            host: "forum.example".to_owned(),
            operator: String::new(),
            contact: String::new(),
            alternatives: text(),
            equal_service: text(),
            clients: vec![client],
            scenarios: Vec::new(),
        }
    }

    #[test]
    fn r12_2_events_go_to_registered_hosts_alone() {
        let forum = forum();
        for good in [
            "https://forum.example/events",
            "https://login.forum.example:8443/e?x=1",
        ] {
            assert!(allowed(&forum, good, false).is_some(), "{good}");
        }
        for bad in [
            "http://forum.example/events",
            "https://other.example/events",
            "https://forum.example.evil.example/",
            "https://user@forum.example/",
            "https://forum.example/#x",
            "ftp://forum.example/",
            "https://169.254.169.254/",
            "file:///etc/passwd",
            "",
        ] {
            assert!(allowed(&forum, bad, true).is_none(), "{bad}");
        }
        // A demo on one machine.
        let mut local = forum;
        local.host = "127.0.0.1".to_owned();
        let address = "http://127.0.0.1:8081/forum/events";
        assert!(allowed(&local, address, true).is_some());
        assert!(allowed(&local, address, false).is_none());
    }
}

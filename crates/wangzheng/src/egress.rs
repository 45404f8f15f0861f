//! The one door outwards (Art. 12(2), R12.2): closed, but to hosts that are listed.
//!
//! The only calls this service makes bring security events to platforms. Their hosts are listed by the review of each
//! platform (`web::ssf::endpoint` asks the register before every call); `[egress] hosts`, where it names any, narrows
//! that further to an operator's own list, and nothing outside both is ever called.
//!
//! Whatever the service itself sends to anybody goes through [`Egress`]; a test refuses any other HTTP client in the
//! service's own code. Wallets, platforms, auditors and load tools are other parties and have their own.

use std::collections::BTreeSet;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder};
use serde::{Deserialize, Serialize};
use url::Url;

/// `[egress]`
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct EgressList {
    /// `host` or `host:port`: of the hosts of reviewed platforms only these are called. Empty: all of them.
    pub(crate) hosts: Vec<String>,
}

/// Nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("R12.2: {host} is not on the list of hosts this service may call ([egress] hosts)")]
pub(crate) struct NotListed {
    /// Where it would have gone.
    host: String,
}

/// The door.
#[derive(Clone)]
pub(crate) struct Egress {
    hosts: BTreeSet<String>,
    client: Client,
}

impl Egress {
    /// A door with this list. No redirects, no proxy from the environment, ten seconds.
    pub(crate) fn new(list: &EgressList) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .connect_timeout(Duration::from_secs(3))
            .timeout(Duration::from_secs(10))
            // A listed host cannot send the call on to one that is not.
            .redirect(Policy::none())
            .no_proxy()
            .build()?;
        let hosts = list.hosts.iter().map(|host| host.to_ascii_lowercase());
        Ok(Self {
            hosts: hosts.collect(),
            client,
        })
    }

    /// A `POST`, if it may go there.
    pub(crate) fn post(&self, to: &Url) -> Result<RequestBuilder, NotListed> {
        self.check(to)?;
        Ok(self.client.post(to.clone()))
    }

    /// Whether a call may go there: the exact host, and the exact port unless it is the scheme's own.
    pub(crate) fn check(&self, to: &Url) -> Result<(), NotListed> {
        let host = to.host_str().unwrap_or_default().to_ascii_lowercase();
        let place = match to.port() {
            Some(port) => format!("{host}:{port}"),
            None => host,
        };
        let http = matches!(to.scheme(), "https" | "http");
        // R12.2: what is asked here is on the register of reviewed platforms already (`web::ssf::endpoint`); the
        // operator's list, where there is one, narrows it.
        let listed = self.hosts.is_empty() || self.hosts.contains(&place);
        if http && to.username().is_empty() && listed {
            Ok(())
        } else {
            Err(NotListed { host: place })
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn door(hosts: &[&str]) -> Egress {
        let hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
        Egress::new(&EgressList { hosts }).unwrap()
    }

    fn open(door: &Egress, to: &str) -> bool {
        door.post(&Url::parse(to).unwrap()).is_ok()
    }

    #[test]
    fn r12_2_nothing_goes_to_a_host_that_the_operator_did_not_list() {
        let door = door(&["events.forum.example", "127.0.0.1:8081"]);
        assert!(open(&door, "https://events.forum.example/ssf"));
        assert!(open(&door, "https://EVENTS.forum.example/ssf"));
        assert!(open(&door, "http://127.0.0.1:8081/forum"));
        for elsewhere in [
            "https://forum.example/",
            "https://events.forum.example.evil/",
            "https://events.forum.example:8443/",
            "https://events.forum.example@evil.example/",
            "https://evil.example/?https://events.forum.example",
            "http://127.0.0.1/",
            "http://127.0.0.1:8082/",
            "ftp://events.forum.example/",
        ] {
            assert!(!open(&door, elsewhere), "{elsewhere}");
        }
    }

    /// Code that runs as another party: it has its own client, and nothing of the service goes through it.
    const OTHER_PARTIES: [&str; 9] = [
        "wallet/",
        "wallet.rs",
        "demo/",
        "demo.rs",
        "bench/",
        "bench.rs",
        "audit/",
        "audit.rs",
        // Staff at a terminal.
        "staff.rs",
    ];

    #[test]
    fn r12_2_the_service_has_no_other_http_client() {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut read = 0;
        let mut found = Vec::new();
        for name in [
            "crypto",
            "jose",
            "openid",
            "identity",
            "store",
            "web",
            "wangzheng",
        ] {
            let root = crates.join(name).join("src");
            let mut folders = vec![root.clone()];
            while let Some(folder) = folders.pop() {
                for entry in std::fs::read_dir(folder).unwrap() {
                    let path = entry.unwrap().path();
                    let inside = path
                        .strip_prefix(&root)
                        .unwrap()
                        .to_string_lossy()
                        .into_owned();
                    let other = name == "wangzheng"
                        && OTHER_PARTIES.iter().any(|party| inside.starts_with(party));
                    if other || inside == "egress.rs" {
                        continue;
                    }
                    if path.is_dir() {
                        folders.push(path);
                        continue;
                    }
                    let text = std::fs::read_to_string(&path).unwrap_or_default();
                    read += 1;
                    let service = text.split("#[cfg(test)]").next().unwrap_or_default();
                    let opens = [
                        "reqwest",
                        "hyper::client",
                        "hyper_util",
                        "TcpStream::connect",
                        "wallet::http",
                    ];
                    if opens.iter().any(|word| service.contains(word)) {
                        found.push(format!("{name}/src/{inside}"));
                    }
                }
            }
        }
        assert!(read > 150, "the sources were read: {read}");
        assert!(
            found.is_empty(),
            "R12.2: these open connections past the door: {found:?}"
        );
    }
}

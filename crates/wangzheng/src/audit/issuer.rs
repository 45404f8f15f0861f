//! A log over HTTP, as anyone can read it: `/log/checkpoint`, `/log/keys`, `/log/tile/…`.

use std::path::Path;

use async_trait::async_trait;
use crypto::digest::Digest;
use identity::log::keys::{LogKeys, origin_of};
use identity::log::note::LARGEST_NOTE;
use identity::log::tile::{TileAddress, TileSource, bytes_to_hashes};
use identity::log::verify::{OnProgress, verify_published};
use reqwest::{Client, StatusCode};

use super::seen::Seen;
use super::{Unable, Verified};
use crate::wallet::http::client;

/// A document of keys longer than this is not read.
const LARGEST_KEYS: usize = 256 * 1024;
const LARGEST_TILE: usize = 256 * 32;

/// Verifies what `issuer` publishes, and that it still begins with the head seen the last time, which
/// is kept under `folder`. Only a head that fits is remembered.
pub(super) async fn verify(
    issuer: &str,
    folder: &Path,
    on_progress: OnProgress<'_>,
) -> Result<Verified, Unable> {
    let log = PublishedLog::new(issuer)?;
    let keys = log
        .read("keys", LARGEST_KEYS)
        .await?
        .ok_or_else(|| log.unable("has no log keys"))?;
    let keys = LogKeys::from_json(&keys).map_err(|error| log.unable(&error.to_string()))?;
    if keys.origin != origin_of(&log.issuer) {
        return Err(log.unable(&format!(
            "publishes the keys of another log, {}",
            keys.origin
        )));
    }
    let head = log.read("checkpoint", LARGEST_NOTE).await?;
    let Some(note) = head else {
        return Err(log.unable(
            "has no checkpoint; a new service signs its first within seconds of its first event",
        ));
    };
    let note = String::from_utf8_lossy(&note).into_owned();

    let seen = Seen::at(folder, &keys.origin);
    let mut before = seen.read()?;
    // Anyone may make a demo anew under this name; a service elsewhere has to explain new keys.
    let made_anew = before.is_some() && is_a_demo(&keys.origin) && !seen.is_signed_by(&keys);
    if made_anew {
        seen.set_aside()?;
        before = None;
    }
    let (report, head) = verify_published(&log, &note, &keys, before.as_ref(), on_progress).await?;
    if report.is_good() && head.is_some() {
        seen.remember(&note)?;
    }
    let text = match &before {
        Some(before) => format!(
            "consistency was checked with the head of size {} seen before",
            before.tree_size
        ),
        None if made_anew => {
            "the demo has other keys than the one seen before: it is another log, and there was \
                              nothing to compare with"
                .to_owned()
        }
        None => "no head of this log was seen before: there was nothing to compare with".to_owned(),
    };
    Ok(Verified {
        report,
        head,
        note: Some(text),
    })
}

/// Whether the log is of a demo on this machine.
fn is_a_demo(origin: &str) -> bool {
    origin == "localhost/log"
}

/// The log of one issuer.
struct PublishedLog {
    client: Client,
    issuer: String,
}

impl PublishedLog {
    fn new(issuer: &str) -> Result<Self, Unable> {
        let issuer = issuer.trim_end_matches('/').to_owned();
        let client = client().map_err(|_| Unable("no HTTP client could be made".to_owned()))?;
        Ok(Self { client, issuer })
    }

    fn unable(&self, text: &str) -> Unable {
        Unable(format!("{} {text}", self.issuer))
    }

    /// A resource below `/log/`, at most `most` bytes; `None` when it is not there.
    async fn read(&self, path: &str, most: usize) -> Result<Option<Vec<u8>>, Unable> {
        let failed = |error: reqwest::Error| {
            let error = error.without_url();
            self.unable(&format!("does not give /log/{path}: {error}"))
        };
        let address = format!("{}/log/{path}", self.issuer);
        let mut response = self.client.get(&address).send().await.map_err(failed)?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND => return Ok(None),
            status => return Err(self.unable(&format!("answers {status} for /log/{path}"))),
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            body.extend_from_slice(&chunk);
            if body.len() > most {
                return Err(self.unable(&format!("gives more than {most} bytes for /log/{path}")));
            }
        }
        Ok(Some(body))
    }
}

#[async_trait]
impl TileSource for PublishedLog {
    type Error = Unable;

    async fn hashes(&self, address: TileAddress) -> Result<Option<Vec<Digest>>, Unable> {
        let bytes = self.read(&format!("tile/{address}"), LARGEST_TILE).await?;
        let hashes = bytes.as_deref().and_then(bytes_to_hashes);
        Ok(hashes.filter(|hashes| hashes.len() == usize::from(address.width)))
    }
}

//! Searching many bytes for many texts at once, also behind base64.

use std::collections::HashMap;

use base64ct::{Base64UrlUnpadded, Encoding};

/// Texts that must not be found, by their first three bytes.
#[derive(Default)]
pub(crate) struct Needles(HashMap<[u8; 3], Vec<(String, Vec<u8>)>>);

impl Needles {
    /// Adds a text with a name for the message.
    pub(crate) fn add(&mut self, what: &str, text: &[u8]) {
        let start = *text.first_chunk::<3>().expect("three bytes at least");
        self.0
            .entry(start)
            .or_default()
            .push((what.to_owned(), text.to_vec()));
    }

    /// What is found first.
    pub(crate) fn first_in(&self, bytes: &[u8]) -> Option<&str> {
        // Most places fail here: one bit for each pair of first bytes.
        let mut begins = vec![false; 1 << 16];
        for start in self.0.keys() {
            begins[usize::from(u16::from_be_bytes([start[0], start[1]]))] = true;
        }
        let mut places = bytes.windows(3).enumerate();
        places.find_map(|(at, window)| {
            if !begins[usize::from(u16::from_be_bytes([window[0], window[1]]))] {
                return None;
            }
            let candidates = self.0.get(<&[u8; 3]>::try_from(window).ok()?)?;
            let rest = &bytes[at..];
            candidates
                .iter()
                .find(|(_, text)| rest.starts_with(text))
                .map(|(what, _)| what.as_str())
        })
    }
}

/// The bytes, and behind them what every run of base64url in them says, twice over: a disclosure is base64 inside a
/// compact JWS inside JSON.
pub(crate) fn with_decoded(bytes: &[u8]) -> Vec<u8> {
    let mut all = bytes.to_vec();
    let mut layer = bytes.to_vec();
    for _ in 0..2 {
        layer = decoded(&layer);
        all.push(b'\n');
        all.extend_from_slice(&layer);
    }
    all
}

fn decoded(bytes: &[u8]) -> Vec<u8> {
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-' || *byte == b'_';
    let mut found = Vec::new();
    for run in bytes
        .split(|byte| !is_digit(byte))
        .filter(|run| run.len() >= 12)
    {
        // A run may begin in the middle of a text: every alignment is tried.
        for offset in 0..4 {
            let run = &run[offset..];
            let whole = run.len() - usize::from(run.len() % 4 == 1);
            let text = std::str::from_utf8(&run[..whole]).unwrap_or_default();
            let bytes = Base64UrlUnpadded::decode_vec(text)
                .or_else(|_| Base64UrlUnpadded::decode_vec(&text[..text.len() / 4 * 4]));
            found.push(b'\n');
            found.extend(bytes.unwrap_or_default());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_found_plain_and_encoded() {
        let mut needles = Needles::default();
        needles.add("name", "林晓安".as_bytes());
        let inner = Base64UrlUnpadded::encode_string("[\"salt\",\"name\",\"林晓安\"]".as_bytes());
        let outer = Base64UrlUnpadded::encode_string(format!("{{\"d\":\"{inner}\"}}").as_bytes());
        for text in [
            "你好林晓安。".to_owned(),
            format!("x~{inner}~"),
            format!("a.{outer}.b"),
        ] {
            assert_eq!(
                needles.first_in(&with_decoded(text.as_bytes())),
                Some("name"),
                "{text}"
            );
        }
        assert_eq!(needles.first_in(&with_decoded("林晓".as_bytes())), None);
    }
}

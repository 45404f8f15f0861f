//! P17 and P18: what was used where. Only the device can read it; the service sends sealed rows (C1).

use super::{Frame, Page, Template};

/// P17 at `/history`: the script fetches the sealed receipts, opens them with the history key, groups them by day.
#[derive(Debug, Template)]
#[template(path = "person/history.html")]
pub struct History {
    /// What surrounds the page.
    pub frame: Frame,
    /// The `aud` of what the device signs.
    pub issuer: String,
}

/// P18 at `/history/{id}`: one receipt, its kinds of data without values, and its proof in the public log.
#[derive(Debug, Template)]
#[template(path = "person/history_entry.html")]
pub struct HistoryEntry {
    /// What surrounds the page.
    pub frame: Frame,
    /// The `aud` of what the device signs.
    pub issuer: String,
    /// The id of the row.
    pub id: String,
}

impl Page for History {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let frame = Frame {
            signed_in: true,
            path: "/history".to_owned(),
            ..frame.clone()
        };
        let issuer = "http://localhost:8080".to_owned();
        vec![("sealed", Self { frame, issuer })]
    }
}

impl Page for HistoryEntry {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let frame = Frame {
            signed_in: true,
            path: "/history/cmVjZWlwdA".to_owned(),
            ..frame.clone()
        };
        let issuer = "http://localhost:8080".to_owned();
        let id = "cmVjZWlwdA".to_owned();
        vec![("sealed", Self { frame, issuer, id })]
    }
}

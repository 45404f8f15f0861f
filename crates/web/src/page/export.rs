//! P25: the readable page of an export. It is a file for the person to keep, so it brings its own looks and needs
//! nothing from anywhere.

use identity::rights::export::Claims;

use super::Template;

/// The page. The device puts the opened history in the place of [`HISTORY`].
#[derive(Template)]
#[template(path = "export.html")]
pub struct ExportPage<'a> {
    /// What the signed file says.
    pub claims: &'a Claims,
}

/// Where the device puts the history.
pub const HISTORY: &str = "<!-- history -->";

impl ExportPage<'_> {
    #[expect(
        clippy::unused_self,
        clippy::ref_option,
        reason = "as a template calls it"
    )]
    fn text(&self, value: &Option<String>) -> String {
        value.clone().unwrap_or_else(|| "—".to_owned())
    }

    #[expect(clippy::unused_self, reason = "as a template calls it")]
    fn event(&self, event: &serde_json::Value, name: &str) -> String {
        let value = &event[name];
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    }
}

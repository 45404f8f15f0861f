//! As much of HTML as our own templates use: enough to ask questions of a page.

const VOID: [&str; 7] = ["meta", "link", "input", "img", "br", "hr", "!doctype"];

/// A start tag.
pub(super) struct Tag {
    /// Its name.
    pub(super) name: String,
    /// Names and values, unescaped.
    pub(super) attributes: Vec<(String, String)>,
    /// Names of the elements it stands in, outermost first.
    pub(super) inside: Vec<String>,
    /// As written.
    pub(super) source: String,
}

impl Tag {
    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }
}

/// All start tags in order.
pub(super) fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut inside: Vec<String> = Vec::new();
    for (source, _) in pieces(html) {
        let (name, attributes) = parse(source);
        if let Some(closed) = name.strip_prefix('/') {
            if let Some(at) = inside.iter().rposition(|open| open == closed) {
                inside.truncate(at);
            }
            continue;
        }
        tags.push(Tag {
            name: name.clone(),
            attributes,
            inside: inside.clone(),
            source: source.to_owned(),
        });
        if !VOID.contains(&name.as_str()) && !source.ends_with('/') {
            inside.push(name);
        }
    }
    tags
}

/// Whether every element is closed where it should be.
pub(super) fn balance(html: &str) -> Result<(), String> {
    let mut open: Vec<String> = Vec::new();
    for (source, _) in pieces(html) {
        let (name, _) = parse(source);
        if let Some(closed) = name.strip_prefix('/') {
            match open.pop() {
                Some(last) if last == closed => {}
                last => return Err(format!("</{closed}> closes {last:?}")),
            }
        } else if !VOID.contains(&name.as_str()) && !source.ends_with('/') {
            open.push(name);
        }
    }
    if open.is_empty() {
        Ok(())
    } else {
        Err(format!("left open: {open:?}"))
    }
}

/// The text between the tags.
pub(super) fn visible_text(html: &str) -> String {
    pieces(html).map(|(_, text)| text).collect()
}

/// A text as a template prints it.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&#38;")
        .replace('\'', "&#39;")
        .replace('"', "&#34;")
}

/// Each tag without its angle brackets, and the text behind it.
fn pieces(html: &str) -> impl Iterator<Item = (&str, &str)> {
    html.split('<')
        .skip(1)
        .map(|piece| piece.split_once('>').unwrap_or((piece, "")))
}

fn parse(source: &str) -> (String, Vec<(String, String)>) {
    let end = source.find(char::is_whitespace).unwrap_or(source.len());
    let (name, mut rest) = source.split_at(end);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start().trim_start_matches('/');
        if rest.is_empty() {
            break;
        }
        let end = rest
            .find(|c: char| c == '=' || c.is_whitespace())
            .unwrap_or(rest.len());
        let attribute = rest[..end].to_ascii_lowercase();
        rest = &rest[end..];
        let mut value = String::new();
        if let Some(quoted) = rest.strip_prefix("=\"") {
            let (inner, after) = quoted.split_once('"').unwrap_or((quoted, ""));
            value = inner.replace("&#34;", "\"").replace("&#38;", "&");
            rest = after;
        }
        attributes.push((attribute, value));
    }
    (
        name.to_ascii_lowercase().trim_end_matches('/').to_owned(),
        attributes,
    )
}

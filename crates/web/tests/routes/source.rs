//! The paths of all routes, read from the sources: every `.route(…)` is understood, or the test fails.

use std::fs;
use std::path::{Path, PathBuf};

/// Ways of spelling a path that is put together, by file, and what they stand for.
const COMPUTED: &[(&str, &str, &[&str])] = &[
    ("router.rs", "&at(\"…\")", &["…", "/sm…"]),
    (
        "router.rs",
        "&format!(\"{server}{prefix}\")",
        &[
            "/.well-known/oauth-authorization-server",
            "/.well-known/oauth-authorization-server/sm",
        ],
    ),
    (
        "pages/apply.rs",
        "purpose.base()",
        &[
            "/apply",
            "/recover/document",
            "/me/pin",
            "/me/document/renew",
        ],
    ),
    // Not every purpose has every step: the router is asked which.
    (
        "pages/apply.rs",
        "&at(\"…\")",
        &[
            "/apply/…",
            "/recover/document/…",
            "/me/pin/…",
            "/me/document/renew/…",
        ],
    ),
];

/// Every path, with `{parameters}`.
pub(super) fn paths() -> Vec<String> {
    let mut paths = Vec::new();
    for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let text = fs::read_to_string(&file).unwrap();
        for other in [
            ".nest(",
            ".route_service(",
            ".nest_service(",
            ".fallback_service(",
        ] {
            assert!(
                !text.contains(other),
                "{}: {other} is not understood here",
                file.display()
            );
        }
        for argument in text.split(".route(").skip(1).map(first_argument) {
            paths.extend(expand(&file, &argument));
        }
    }
    paths
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// What stands before the first comma that is not inside brackets or a text.
fn first_argument(call: &str) -> String {
    let (mut depth, mut quoted) = (0, false);
    let end = call.find(|character| {
        match character {
            '"' => quoted = !quoted,
            '(' | '[' if !quoted => depth += 1,
            ')' | ']' if !quoted => depth -= 1,
            _ => {}
        }
        character == ',' && depth == 0 && !quoted
    });
    call[..end.expect("a route has a handler")]
        .trim()
        .to_owned()
}

fn expand(file: &Path, argument: &str) -> Vec<String> {
    if let Some(literal) = quoted(argument) {
        return vec![literal.to_owned()];
    }
    let inner = argument.split('"').nth(1).unwrap_or_default();
    for (place, spelling, stands_for) in COMPUTED {
        if file.ends_with(place) && spelling.replace('…', inner) == argument {
            return stands_for
                .iter()
                .map(|path| path.replace('…', inner))
                .collect();
        }
    }
    panic!(
        "{}: the path {argument} is not understood; see COMPUTED",
        file.display()
    );
}

fn quoted(argument: &str) -> Option<&str> {
    let inner = argument.strip_prefix('"')?.strip_suffix('"')?;
    (!inner.contains('"')).then_some(inner)
}

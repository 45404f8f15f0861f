//! Where ids are cited: in functions and in other lines of the sources.

use std::collections::BTreeSet;
use std::path::Path;

use crate::Failed;

/// One function with its comments above it.
#[derive(Debug, Clone)]
pub(crate) struct Function {
    /// Its name.
    pub(crate) name: String,
    /// `crates/…/file.rs:line`.
    pub(crate) place: String,
    /// Ids in its comments, its name and its body.
    pub(crate) ids: BTreeSet<String>,
}

/// One line that is not in any test.
#[derive(Debug, Clone)]
pub(crate) struct Citation {
    /// `crates/…/file.rs:line`.
    pub(crate) place: String,
    /// The ids it cites.
    pub(crate) ids: BTreeSet<String>,
}

/// All that is cited.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    /// Every function; the test runner says which are tests.
    pub(crate) functions: Vec<Function>,
    /// Every citing line outside test files and test modules.
    pub(crate) citations: Vec<Citation>,
}

/// Reads every `.rs` file below a folder.
pub(crate) fn read(folder: &Path) -> Result<Sources, Failed> {
    let mut sources = Sources::default();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let mut entries: Vec<_> = std::fs::read_dir(&folder)?.collect::<Result<_, _>>()?;
        entries.sort_by_key(std::fs::DirEntry::path);
        for path in entries.iter().map(std::fs::DirEntry::path) {
            if path.is_dir() && !path.ends_with("target") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                sources.add(
                    &path.display().to_string(),
                    &std::fs::read_to_string(&path)?,
                );
            }
        }
    }
    sources
        .functions
        .sort_by(|one, other| one.place.cmp(&other.place));
    sources
        .citations
        .sort_by(|one, other| one.place.cmp(&other.place));
    Ok(sources)
}

impl Sources {
    fn add(&mut self, path: &str, text: &str) {
        let in_tests =
            path.contains("/tests/") || path.ends_with("tests.rs") || path.contains("/testkit/");
        let mut tests_begun = in_tests;
        let mut comments: BTreeSet<String> = BTreeSet::new();
        let mut current: Option<Function> = None;
        for (number, line) in (1..).zip(text.lines()) {
            let trimmed = line.trim_start();
            tests_begun |= trimmed == "#[cfg(test)]";
            let ids = cited(trimmed);
            let place = format!("{path}:{number}");
            if !tests_begun && !ids.is_empty() {
                self.citations.push(Citation {
                    place: place.clone(),
                    ids: ids.clone(),
                });
            }
            if let Some(name) = function_name(trimmed) {
                self.functions.extend(current.take());
                let mut ids: BTreeSet<String> = &ids | &named(name);
                ids.append(&mut comments);
                current = Some(Function {
                    name: name.to_owned(),
                    place,
                    ids,
                });
            } else if trimmed.starts_with("///") {
                comments.extend(ids);
            } else if trimmed.starts_with("#[") || trimmed.is_empty() {
                // Between a comment and its function.
            } else if let Some(function) = &mut current {
                function.ids.extend(ids);
            }
        }
        self.functions.extend(current);
    }
}

fn function_name(line: &str) -> Option<&str> {
    let after = line.split_once("fn ").filter(|(before, _)| {
        before
            .split_whitespace()
            .all(|word| ["async", "const", "unsafe"].contains(&word) || word.starts_with("pub"))
    })?;
    let end = after
        .1
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))?;
    Some(&after.1[..end]).filter(|name| !name.is_empty())
}

/// Ids as they are written: `R8.1`, `R4.2–R4.5`, `S6`, `C1`, `B2`, `P-face`.
fn cited(line: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    line.split(|c: char| !is_part(c))
        .map(|word| word.trim_end_matches(['.', '-']))
        .filter(|word| is_id(word))
        .map(str::to_owned)
        .collect()
}

fn is_id(word: &str) -> bool {
    if let Some(name) = word.strip_prefix("P-") {
        return !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase());
    }
    let mut letters = word.chars();
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    match letters.next() {
        Some('R') => word[1..]
            .split_once('.')
            .is_some_and(|(article, point)| digits(article) && digits(point)),
        Some('S' | 'C' | 'B') => word.len() <= 3 && digits(&word[1..]),
        _ => false,
    }
}

/// Ids a name begins with: `r8_1_…`, `c6_…`, `b2_c6_…`, `p_recovery_…`.
fn named(name: &str) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    let mut words = name.split('_').peekable();
    while let Some(word) = words.next() {
        let (letter, rest) = word.split_at(word.len().min(1));
        let number = !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit());
        match (letter, number) {
            ("r", true) => match words.peek() {
                Some(point) if !point.is_empty() && point.chars().all(|c| c.is_ascii_digit()) => {
                    ids.insert(format!("R{rest}.{point}"));
                    words.next();
                }
                _ => break,
            },
            ("s" | "c" | "b", true) => {
                ids.insert(word.to_uppercase());
            }
            ("p", false) if rest.is_empty() => match words.next() {
                Some(name) => {
                    ids.insert(format!("P-{name}"));
                }
                None => break,
            },
            _ => break,
        }
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_in_comments_and_names() {
        let list = |ids: BTreeSet<String>| ids.into_iter().collect::<Vec<_>>().join(" ");
        assert_eq!(
            list(cited("// 3. Taken once (B2, R8.1); Art. 8(1), RFC 9396.")),
            "B2 R8.1"
        );
        assert_eq!(
            list(cited("ages (R4.2–R4.5), P-face. SM2 C14N")),
            "P-face R4.2 R4.5"
        );
        assert_eq!(list(named("r8_1_nothing_else_leaves")), "R8.1");
        assert_eq!(list(named("b2_c6_kill_9_loses_nothing")), "B2 C6");
        assert_eq!(list(named("p_recovery_a_lost_device")), "P-recovery");
        assert_eq!(list(named("a_code_is_taken_once")), "");
    }

    #[test]
    fn a_function_owns_its_comments_and_its_body() {
        let mut sources = Sources::default();
        sources.add(
            "crates/web/tests/x.rs",
            "/// R9.5: gone.\n#[test]\nfn one() {\n    // C1\n}\n\n#[test]\nfn two() {}\n",
        );
        let ids: Vec<_> = sources
            .functions
            .iter()
            .map(|f| (f.name.as_str(), f.ids.len()))
            .collect();
        assert_eq!(ids, [("one", 2), ("two", 0)]);
        assert!(
            sources.citations.is_empty(),
            "a test is no place in the code"
        );
    }
}

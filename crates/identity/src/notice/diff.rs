//! What changed between two versions, part by part and sentence by sentence (R11.1, P2).

use serde::Serialize;
use similar::{Algorithm, DiffTag, capture_diff_slices};

use super::{Notice, NoticeText, Part};

/// The changes of one part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartChange {
    /// Which part.
    pub part: Part,
    /// All its sentences, old and new, in reading order.
    pub sentences: Vec<Sentence>,
}

/// A sentence, and whether it stayed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "change", content = "text", rename_all = "snake_case")]
pub enum Sentence {
    /// In both versions.
    Kept(String),
    /// In the old one only.
    Removed(String),
    /// In the new one only.
    Added(String),
}

/// Parts whose text changed, in the order of the law; empty when nothing did.
pub fn changes(old: &NoticeText, new: &NoticeText) -> Vec<PartChange> {
    let before = old.parts();
    let after = new.parts();
    let text_of = |parts: &[(Part, &str)], wanted: Part| {
        let found = parts.iter().find(|(part, _)| *part == wanted);
        found.map_or_else(String::new, |(_, text)| (*text).to_owned())
    };
    // Part by part of the longer list: a part may come or go with the kind of consent.
    let longer = if before.len() > after.len() {
        &before
    } else {
        &after
    };
    longer
        .iter()
        .filter_map(|(part, _)| {
            let (old, new) = (text_of(&before, *part), text_of(&after, *part));
            (old != new).then(|| PartChange {
                part: *part,
                sentences: between(&old, &new),
            })
        })
        .collect()
}

/// Whether a person has to be asked again when one version follows another: another purpose, manner, kind of data or
/// retention, or another kind of consent. A mended word is shown and not asked (R11.1, PIPL 14(2)).
pub fn asks_again(old: &Notice, new: &Notice) -> bool {
    old.subject != new.subject || old.consent != new.consent
}

fn between(old: &str, new: &str) -> Vec<Sentence> {
    let (old, new) = (sentences(old), sentences(new));
    let mut said = Vec::new();
    for step in capture_diff_slices(Algorithm::Myers, &old, &new) {
        let removed = old[step.old_range()]
            .iter()
            .map(|s| Sentence::Removed((*s).to_owned()));
        let added = new[step.new_range()]
            .iter()
            .map(|s| Sentence::Added((*s).to_owned()));
        match step.tag() {
            DiffTag::Equal => {
                said.extend(
                    new[step.new_range()]
                        .iter()
                        .map(|s| Sentence::Kept((*s).to_owned())),
                );
            }
            DiffTag::Delete | DiffTag::Insert | DiffTag::Replace => {
                said.extend(removed);
                said.extend(added);
            }
        }
    }
    said
}

/// Sentences with what ends them, in either language.
fn sentences(text: &str) -> Vec<&str> {
    text.split_inclusive(['。', '；', '！', '？', ';', '!', '?', '\n'])
        .flat_map(|piece| piece.split_inclusive(". "))
        .map(str::trim)
        .filter(|sentence| !sentence.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notice::{Subject, application_notices};

    #[test]
    fn r11_1_a_changed_sentence_is_named_with_its_part() {
        let notice = application_notices().remove(0);
        let mut newer = notice.clone();
        newer.chinese.rights = "第一句。第二句改了。第三句。".to_owned();
        let mut older = notice.clone();
        older.chinese.rights = "第一句。第二句。第三句。".to_owned();
        let found = changes(&older.chinese, &newer.chinese);
        assert_eq!(found.len(), 1, "one part");
        assert_eq!(found[0].part, Part::Rights);
        assert_eq!(
            found[0].sentences,
            [
                Sentence::Kept("第一句。".to_owned()),
                Sentence::Removed("第二句。".to_owned()),
                Sentence::Added("第二句改了。".to_owned()),
                Sentence::Kept("第三句。".to_owned()),
            ]
        );
        assert!(changes(&notice.english, &newer.english).is_empty());
    }

    #[test]
    fn english_sentences_end_at_a_full_stop() {
        assert_eq!(
            sentences("One. Two; three! Four."),
            ["One.", "Two;", "three!", "Four."]
        );
    }

    #[test]
    fn r11_1_a_mended_word_does_not_ask_again_and_each_change_of_subject_does() {
        let notice = application_notices().remove(0);
        let mut mended = notice.clone();
        mended.version = 2;
        mended.chinese.processing.purpose.push('。');
        assert!(!asks_again(&notice, &mended));
        let changed: [fn(&mut Notice); 5] = [
            |n| n.subject.purposes = Subject::new(&["statistics"], &[], &[], "").purposes,
            |n| n.subject.manners = Subject::new(&[], &["by_hand"], &[], "").manners,
            |n| n.subject.kinds.clear(),
            |n| n.subject.retention = "ten_years".to_owned(),
            |n| n.consent = crate::consent::ConsentKind::Written,
        ];
        for change in changed {
            let mut newer = notice.clone();
            change(&mut newer);
            assert!(asks_again(&notice, &newer));
        }
    }
}

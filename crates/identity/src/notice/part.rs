//! The parts of a notice, in the order of Art. 11.

use serde::{Deserialize, Serialize};

/// (二): purpose, manner, kinds of data and how long they are kept, each on its own so that none can be left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub struct Processing {
    /// What for.
    pub purpose: String,
    /// How.
    pub manner: String,
    /// Which kinds of personal information.
    pub kinds: String,
    /// For how long.
    pub retention: String,
}

impl Processing {
    /// The four texts, in the order of the law.
    pub fn new(purpose: &str, manner: &str, kinds: &str, retention: &str) -> Self {
        Self {
            purpose: purpose.to_owned(),
            manner: manner.to_owned(),
            kinds: kinds.to_owned(),
            retention: retention.to_owned(),
        }
    }
}

/// What is stored: the first release wrote the four as one text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Stored {
    Parts {
        purpose: String,
        manner: String,
        kinds: String,
        retention: String,
    },
    Whole(String),
}

impl From<Stored> for Processing {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::Parts {
                purpose,
                manner,
                kinds,
                retention,
            } => Self {
                purpose,
                manner,
                kinds,
                retention,
            },
            Stored::Whole(text) => Self::new(&text, "", "", ""),
        }
    }
}

/// One part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Title.
    Title,
    /// (一) who processes, and how to reach them.
    Provider,
    /// (二) what for.
    Purpose,
    /// (二) how.
    Manner,
    /// (二) which kinds.
    Kinds,
    /// (二) for how long.
    Retention,
    /// (三) rights and how to use them.
    Rights,
    /// (四) what else.
    Other,
    /// Art. 11(2): why it is necessary.
    Necessity,
    /// Art. 11(2): what it means for the person.
    Effect,
}

impl Part {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Provider => "provider",
            Self::Purpose => "purpose",
            Self::Manner => "manner",
            Self::Kinds => "kinds",
            Self::Retention => "retention",
            Self::Rights => "rights",
            Self::Other => "other",
            Self::Necessity => "necessity",
            Self::Effect => "effect",
        }
    }

    /// The heading above it.
    pub fn heading(self, language: &str) -> &'static str {
        let (chinese, english) = match self {
            Self::Title => ("标题", "Title"),
            Self::Provider => ("谁来处理", "Who processes it"),
            Self::Purpose => ("处理目的", "What for"),
            Self::Manner => ("处理方式", "How"),
            Self::Kinds => ("个人信息种类", "Which personal information"),
            Self::Retention => ("保存期限", "For how long"),
            Self::Rights => ("你的权利和怎样行使", "Your rights and how to use them"),
            Self::Other => (
                "其他依法应当告知的事",
                "What else the law wants you to know",
            ),
            Self::Necessity => ("为什么必要", "Why it is necessary"),
            Self::Effect => ("对你的影响", "What it means for you"),
        };
        if language.starts_with("en") {
            english
        } else {
            chinese
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_the_first_release_is_still_read() {
        let old: Processing = serde_json::from_str(r#""目的：核验。""#).unwrap();
        assert_eq!(old.purpose, "目的：核验。");
        let new = Processing::new("a", "b", "c", "d");
        let text = serde_json::to_string(&new).unwrap();
        assert_eq!(serde_json::from_str::<Processing>(&text).unwrap(), new);
    }
}

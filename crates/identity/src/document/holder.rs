//! The name on a document.

use std::fmt;

use super::DocumentError;

/// The holder's name as the document prints it: trimmed, 1 to 100 characters, no control characters.
///
/// `Debug` does not show it; there is no `Display`, so that a name cannot slip into a log line.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct HolderName(String);

impl HolderName {
    const LONGEST: usize = 100;

    /// Takes a name as typed; surrounding white space is dropped, nothing else is changed.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        let name = text.trim();
        let acceptable = !name.is_empty()
            && name.len() <= Self::LONGEST * 4
            && name.chars().count() <= Self::LONGEST
            && !name.chars().any(char::is_control);
        if acceptable {
            Ok(Self(name.to_owned()))
        } else {
            Err(DocumentError::HolderName)
        }
    }

    /// The name in plain text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for HolderName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("HolderName(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_bounded() {
        assert_eq!(
            HolderName::parse(" 迪丽热巴·买买提\u{3000}")
                .unwrap()
                .as_str(),
            "迪丽热巴·买买提"
        );
        assert!(HolderName::parse(&"名".repeat(100)).is_ok());
        for wrong in ["", " \u{3000}\t", "a\u{0}b", "a\nb", &"名".repeat(101)] {
            assert_eq!(HolderName::parse(wrong), Err(DocumentError::HolderName));
        }
    }

    #[test]
    fn debug_does_not_show_the_name() {
        let name = HolderName::parse("林晓安").unwrap();
        assert!(!format!("{name:?}").contains('林'));
    }
}

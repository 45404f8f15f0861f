//! Signed notes (C2SP signed-note): text, a blank line, one line for each signature.

use base64ct::{Base64, Encoding};

/// A note longer than this is not looked at.
pub const LARGEST_NOTE: usize = 64 * 1024;
/// A note with more signatures than this is not looked at; the specification asks for at least 16.
pub const MOST_SIGNATURES: usize = 32;
const SIGNATURE_MARK: &str = "\u{2014} ";

/// A note taken apart. Nothing is verified yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note<'a> {
    /// What is signed, with its final newline.
    pub text: &'a str,
    /// The signature lines, in order.
    pub signatures: Vec<NoteSignature<'a>>,
}

/// One signature line: `— <name> base64(key id ‖ signature)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature<'a> {
    /// Name of the key.
    pub name: &'a str,
    /// Identifier of the key, unique with the name.
    pub key_id: [u8; 4],
    /// The signature, in the form of the key's type.
    pub bytes: Vec<u8>,
}

impl<'a> Note<'a> {
    /// Takes a note apart; `None` when it is not one.
    pub fn parse(note: &'a str) -> Option<Self> {
        if note.len() > LARGEST_NOTE || note.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
            return None;
        }
        let (text, lines) = note.split_at(note.rfind("\n\n")? + 1);
        let lines = lines.strip_prefix('\n')?.strip_suffix('\n')?;
        let signatures: Option<Vec<_>> = lines.split('\n').map(NoteSignature::parse).collect();
        let signatures = signatures.filter(|signatures| signatures.len() <= MOST_SIGNATURES)?;
        Some(Self { text, signatures })
    }
}

impl std::fmt::Display for Note<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(formatter, "{}", self.text)?;
        for signature in &self.signatures {
            let bytes = [&signature.key_id[..], &signature.bytes].concat();
            let encoded = Base64::encode_string(&bytes);
            writeln!(formatter, "{SIGNATURE_MARK}{} {encoded}", signature.name)?;
        }
        Ok(())
    }
}

impl<'a> NoteSignature<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let (name, encoded) = line.strip_prefix(SIGNATURE_MARK)?.split_once(' ')?;
        let bytes = Base64::decode_vec(encoded).ok()?;
        let (key_id, bytes) = bytes.split_first_chunk::<4>()?;
        (is_key_name(name) && !bytes.is_empty()).then(|| Self {
            name,
            key_id: *key_id,
            bytes: bytes.to_vec(),
        })
    }
}

/// Whether a text may be the name of a key: not empty, no space, no `+`.
pub fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification.
    const EXAMPLE: &str = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n\
        — quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";

    #[test]
    fn the_example_is_read_and_printed_as_it_was() {
        let note = Note::parse(EXAMPLE).unwrap();
        assert!(note.text.ends_with("sera.\n"));
        assert_eq!(note.signatures.len(), 1);
        assert_eq!(note.signatures[0].name, "quasimodo.example/salvatore");
        assert_eq!(note.signatures[0].key_id, [0x36, 0x7b, 0xa0, 0x4b]);
        assert_eq!(note.signatures[0].bytes.len(), 64);
        assert_eq!(note.to_string(), EXAMPLE);
    }

    #[test]
    fn what_is_not_a_note_is_refused() {
        let good = "a\n\n— n AAAAAAA=\n";
        assert!(Note::parse(good).is_some());
        for bad in [
            "",
            "a\n",
            "a\n\n",
            "a\n— n AAAAAAA=\n",
            "a\n\n— n AAAAAAA=",
            "a\n\n- n AAAAAAA=\n",
            "a\n\n— n AAAA\n",
            "a\n\n—  AAAAAAA=\n",
            "a\n\n— n+m AAAAAAA=\n",
            "a\n\n— n AAAAAAB=\n",
            "a\r\n\n— n AAAAAAA=\n",
            "a\n\n— n AAAAAAA=\nx\n",
            "a\n\n— n AAAAAAA= \n",
            "a\n\n—\u{a0}n AAAAAAA=\n",
        ] {
            assert_eq!(Note::parse(bad), None, "{bad:?}");
        }
        let lines = "— n AAAAAAA=\n".repeat(MOST_SIGNATURES + 1);
        assert_eq!(Note::parse(&format!("a\n\n{lines}")), None);
    }
}

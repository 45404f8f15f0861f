//! Proof Key for Code Exchange (RFC 7636), method `S256` only.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::digest::{Digest, sha256};
use subtle::ConstantTimeEq;

/// What the client keeps until it redeems the code: 43 to 128 unreserved characters (RFC 7636 §4.1).
#[derive(Clone, PartialEq, Eq)]
pub struct CodeVerifier(String);

impl CodeVerifier {
    /// The text as a verifier, or nothing.
    pub fn new(text: &str) -> Option<Self> {
        let unreserved = text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
        (unreserved && (43..=128).contains(&text.len())).then(|| Self(text.to_owned()))
    }

    /// `BASE64URL(SHA256(ASCII(verifier)))` before the encoding (RFC 7636 §4.2).
    pub fn challenge(&self) -> CodeChallenge {
        CodeChallenge(sha256(&[self.0.as_bytes()]))
    }

    /// The text; a secret until the code is redeemed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CodeVerifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CodeVerifier(..)")
    }
}

/// What the client shows first: a SHA-256 digest, 43 characters of base64url.
///
/// RFC 7636 §4.2 lets a challenge have up to 128 characters, but with `S256` only these 43 can ever match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeChallenge(Digest);

impl CodeChallenge {
    /// The text as a challenge, or nothing. One digest has one text.
    pub fn new(text: &str) -> Option<Self> {
        digest_from_base64url(text).map(Self)
    }

    /// Whether the verifier belongs to the challenge (RFC 7636 §4.6), in constant time.
    pub fn is_met_by(&self, verifier: &CodeVerifier) -> bool {
        self.0.0.ct_eq(&verifier.challenge().0.0).into()
    }
}

impl fmt::Display for CodeChallenge {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&Base64UrlUnpadded::encode_string(&self.0.0))
    }
}

/// The 32 bytes behind 43 characters of base64url without padding, in their one canonical spelling.
pub(crate) fn digest_from_base64url(text: &str) -> Option<Digest> {
    let mut bytes = [0; 32];
    let whole =
        Base64UrlUnpadded::decode(text, &mut bytes).is_ok_and(|decoded| decoded.len() == 32);
    whole.then_some(Digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 7636 Appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_example_of_the_rfc_meets() {
        let verifier = CodeVerifier::new(VERIFIER).expect("a verifier");
        let challenge = CodeChallenge::new(CHALLENGE).expect("a challenge");
        assert_eq!(verifier.challenge().to_string(), CHALLENGE);
        assert!(challenge.is_met_by(&verifier));
    }

    #[test]
    fn another_verifier_does_not_meet() {
        let challenge = CodeChallenge::new(CHALLENGE).expect("a challenge");
        let other = CodeVerifier::new(&VERIFIER.replace('d', "e")).expect("a verifier");
        assert!(!challenge.is_met_by(&other));
        // The `plain` method, which is not offered.
        let plain = CodeVerifier::new(CHALLENGE).expect("a verifier");
        assert!(!challenge.is_met_by(&plain));
    }

    #[test]
    fn a_verifier_has_43_to_128_unreserved_characters() {
        for length in [43, 128] {
            assert!(CodeVerifier::new(&"~".repeat(length)).is_some());
        }
        for text in [
            "",
            &"a".repeat(42),
            &"a".repeat(129),
            &"+".repeat(43),
            &" ".repeat(43),
            &"网".repeat(43),
        ] {
            assert_eq!(CodeVerifier::new(text), None, "{text}");
        }
    }

    #[test]
    fn a_challenge_is_one_spelling_of_32_bytes() {
        for text in [
            "",
            &CHALLENGE[1..],
            &format!("{CHALLENGE}="),
            &format!("{CHALLENGE}A"),
            &CHALLENGE.replace('-', "+"),
            &CHALLENGE.replace("cM", "cN"),
        ] {
            assert_eq!(CodeChallenge::new(text), None, "{text}");
        }
    }

    #[test]
    fn debug_hides_the_verifier() {
        let verifier = CodeVerifier::new(VERIFIER).expect("a verifier");
        assert!(!format!("{verifier:?}").contains(VERIFIER));
    }
}

//! The two encodings that signature type `0x02` wants: SPKI of P-256 and `Ecdsa-Sig-Value` (RFC 3279 §2.2.3).

/// `SubjectPublicKeyInfo` of a P-256 key before its 65-byte point (RFC 5480 §2).
pub(super) const P256_SPKI: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];
const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;

/// `r ‖ s` as a sequence of two integers.
pub(super) fn encode(fixed: &[u8; 64]) -> Option<Vec<u8>> {
    let (r, s) = fixed.split_at(32);
    let content = [integer(r), integer(s)].concat();
    let length = u8::try_from(content.len()).ok()?;
    Some([&[SEQUENCE, length], &content[..]].concat())
}

/// The shortest integer: no leading zeroes but the one that keeps it positive.
fn integer(bytes: &[u8]) -> Vec<u8> {
    let zeroes = bytes.iter().take_while(|byte| **byte == 0).count();
    let bytes = &bytes[zeroes.min(bytes.len() - 1)..];
    let sign: &[u8] = if bytes[0] & 0x80 == 0 { &[] } else { &[0] };
    // At most 33 bytes.
    let length = [INTEGER, u8::try_from(sign.len() + bytes.len()).unwrap_or(0)];
    [&length, sign, bytes].concat()
}

/// `r ‖ s` of a sequence of two integers. Only the one encoding of DER is taken.
pub(super) fn decode(der: &[u8]) -> Option<[u8; 64]> {
    let mut fixed = [0; 64];
    let [SEQUENCE, _, rest @ ..] = der else {
        return None;
    };
    let (r, rest) = read_integer(rest)?;
    let (s, _) = read_integer(rest)?;
    fixed[32 - r.len()..32].copy_from_slice(r);
    fixed[64 - s.len()..].copy_from_slice(s);
    // What is not shortest, or longer, or of another length, encodes differently.
    (encode(&fixed)? == der).then_some(fixed)
}

fn read_integer(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let [INTEGER, length, rest @ ..] = der else {
        return None;
    };
    let (integer, rest) = rest.split_at_checked(usize::from(*length))?;
    let magnitude = integer.strip_prefix(&[0]).unwrap_or(integer);
    (magnitude.len() <= 32).then_some((magnitude, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_encoded_is_read_back(r in any::<[u8; 32]>(), s in any::<[u8; 32]>(), zeroes in 0_usize..32) {
            let mut fixed = [0; 64];
            fixed[zeroes..32].copy_from_slice(&r[zeroes..]);
            fixed[32..].copy_from_slice(&s);
            let der = encode(&fixed).unwrap();
            prop_assert_eq!(decode(&der), Some(fixed));
        }

        #[test]
        fn no_two_texts_have_one_meaning(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            if let Some(fixed) = decode(&bytes) {
                prop_assert_eq!(encode(&fixed), Some(bytes));
            }
        }
    }

    #[test]
    fn other_encodings_are_refused() {
        let der = encode(&[0x80; 64]).unwrap();
        assert_eq!(der.len(), 72);
        assert_eq!(decode(&[&der[..], &[0]].concat()), None);
        assert_eq!(decode(&der[..71]), None);
        // A padded integer.
        assert_eq!(decode(&[0x30, 7, 2, 2, 0, 1, 2, 1, 1]), None);
        assert!(decode(&[0x30, 6, 2, 1, 1, 2, 1, 1]).is_some());
        // A length in two bytes.
        assert_eq!(decode(&[0x30, 0x81, 6, 2, 1, 1, 2, 1, 1]), None);
        // No bytes at all.
        assert_eq!(decode(&[0x30, 5, 2, 0, 2, 1, 1]), None);
    }
}

//! The check character of 18-character numbers: ISO 7064 MOD 11-2, as GB 11643 uses it.
//!
//! Position `i` (1…18, from the left) weighs 2^(18-i) mod 11, `X` counts as ten, and the weighted sum of a
//! good number is 1 modulo 11. That finds every single wrong character and every swap of two neighbours.

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHARACTERS: &[u8; 11] = b"10X98765432";

/// The check character (`0`…`9` or `X`) that completes seventeen ASCII digits.
///
/// `None` if one of them is not a digit.
pub fn check_character(digits: &[u8; 17]) -> Option<u8> {
    let mut sum = 0;
    for (&digit, weight) in digits.iter().zip(WEIGHTS) {
        if !digit.is_ascii_digit() {
            return None;
        }
        sum += u32::from(digit - b'0') * weight;
    }
    CHARACTERS.get((sum % 11) as usize).copied()
}

/// Whether the last of eighteen ASCII characters is the check character of the others.
pub fn is_consistent(number: &[u8; 18]) -> bool {
    let [digits @ .., last] = number;
    check_character(digits) == Some(*last)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R15.1: the samples of the standard and of public code, recomputed.
    #[test]
    fn verified_samples_are_consistent() {
        for number in [
            b"11010519491231002X",
            b"440524188001010014",
            b"810000199408230021",
            b"830000199201300022",
            b"932682198501010017",
            b"820000199001010010",
            b"911124198108030024",
            b"110000201302280033",
            b"110000201602290049",
        ] {
            assert!(is_consistent(number));
        }
    }

    /// R15.1: two numbers quoted in public code that the rule refuses.
    #[test]
    fn known_wrong_samples_are_not() {
        assert!(!is_consistent(b"911124198108030028"));
        assert!(!is_consistent(b"820000199001010013"));
    }

    #[test]
    fn weights_are_powers_of_two() {
        for (position, weight) in (1..).zip(WEIGHTS) {
            assert_eq!(weight, 2_u32.pow(18 - position) % 11);
        }
    }

    #[test]
    fn only_digits_have_a_check_character() {
        assert_eq!(check_character(b"1101051949123100X"), None);
        assert_eq!(check_character(b"11010519491231002"), Some(b'X'));
    }
}

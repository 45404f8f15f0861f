//! Whether, and what, the person must be asked.

use std::collections::BTreeSet;

use crate::{ErrorCode, OAuthError};

/// One value of `prompt` (OIDC Core §3.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Prompt {
    /// Show nothing; answer with an error if something must be shown. Stands alone.
    None,
    /// Authenticate again.
    Login,
    /// Ask for consent again.
    Consent,
    /// Let the person choose.
    SelectAccount,
}

impl Prompt {
    const ALL: [Self; 4] = [Self::None, Self::Login, Self::Consent, Self::SelectAccount];

    /// The registered name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Login => "login",
            Self::Consent => "consent",
            Self::SelectAccount => "select_account",
        }
    }

    /// Reads a list separated by single spaces; each of the four at most matters once.
    pub fn parse_set(text: &str) -> Result<BTreeSet<Self>, OAuthError> {
        let set = text
            .split(' ')
            .map(|word| Self::ALL.into_iter().find(|prompt| prompt.as_str() == word))
            .collect::<Option<BTreeSet<_>>>()
            .ok_or(
                ErrorCode::InvalidRequest.because("prompt is malformed or has an unknown value"),
            )?;
        // OIDC Core §3.1.2.1: `none` with any other value is an error.
        if set.contains(&Self::None) && set.len() > 1 {
            return Err(ErrorCode::InvalidRequest.because("prompt none stands alone"));
        }
        Ok(set)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_sets() {
        assert_eq!(
            Prompt::parse_set("none"),
            Ok(BTreeSet::from([Prompt::None]))
        );
        assert_eq!(
            Prompt::parse_set("consent login consent"),
            Ok(BTreeSet::from([Prompt::Login, Prompt::Consent]))
        );
        assert_eq!(
            Prompt::parse_set("select_account"),
            Ok(BTreeSet::from([Prompt::SelectAccount]))
        );
    }

    #[test]
    fn refuses_with_invalid_request() {
        for text in [
            "",
            "create",
            "Login",
            "login  consent",
            "login ",
            "none login",
            "none,login",
        ] {
            assert_eq!(
                Prompt::parse_set(text).map_err(|error| error.code),
                Err(ErrorCode::InvalidRequest),
                "{text:?}"
            );
        }
    }
}

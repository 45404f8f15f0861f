//! Asking about a token (RFC 7662) and giving one up (RFC 7009).

use serde::{Deserialize, Serialize};

use crate::{ClientId, ErrorCode, Form, OAuthError, Scope, Secret, Thumbprint, TokenType};

/// The token a client asks about or gives up (RFC 7662 §2.1, RFC 7009 §2.1).
///
/// `token_type_hint` is not read: there is one kind of token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenReference {
    /// The token; it may be anything.
    pub token: Secret,
}

impl TokenReference {
    /// Reads the body.
    pub fn parse(form: &Form) -> Result<Self, OAuthError> {
        let missing = ErrorCode::InvalidRequest.because("token is missing");
        Ok(Self {
            token: Secret::new(form.text("token").ok_or(missing)?),
        })
    }
}

/// The answer about a token. Whatever is wrong with it, the answer is the same (RFC 7662 §2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Introspection {
    /// `{"active":false}`.
    Inactive,
    /// A token that is good now.
    Active(ActiveToken),
}

/// What is told about a good token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActiveToken {
    /// The issuer.
    pub iss: String,
    /// The pairwise identifier (R2.3).
    pub sub: String,
    /// Whom it was given to.
    pub client_id: ClientId,
    /// What it is good for.
    pub scope: Scope,
    /// How it must be presented.
    pub token_type: TokenType,
    /// When it was made, in seconds since 1970.
    pub iat: i64,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
    /// The key it is bound to (RFC 9449 §6.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cnf: Option<Confirmation>,
}

/// `cnf` of a token bound to a DPoP key (RFC 9449 §6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// The thumbprint of the key.
    pub jkt: Thumbprint,
}

impl Serialize for Introspection {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Answer<'a> {
            active: bool,
            #[serde(flatten)]
            token: Option<&'a ActiveToken>,
        }
        let token = match self {
            Self::Inactive => None,
            Self::Active(token) => Some(token),
        };
        Answer {
            active: token.is_some(),
            token,
        }
        .serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_token() {
        let parse = |body: &str| {
            let form = Form::parse(body.as_bytes()).expect("a valid form");
            TokenReference::parse(&form).map_err(|error| error.code)
        };
        assert_eq!(
            parse("token=at&token_type_hint=x"),
            Ok(TokenReference {
                token: Secret::new("at")
            })
        );
        assert_eq!(parse("token="), Err(ErrorCode::InvalidRequest));
        assert_eq!(
            parse("token_type_hint=access_token"),
            Err(ErrorCode::InvalidRequest)
        );
    }

    #[test]
    fn an_inactive_token_has_one_member() {
        let text = serde_json::to_string(&Introspection::Inactive).expect("serialises");
        assert_eq!(text, r#"{"active":false}"#);
    }

    #[test]
    fn an_active_token_is_described() {
        let token = ActiveToken {
            iss: "https://wz.example".into(),
            sub: "ABCDEFGHIJKLMNOPQRSTUVWXYZ".into(),
            client_id: ClientId::new("forum").expect("a client id"),
            scope: Scope::openid(),
            token_type: TokenType::DPoP,
            iat: 1_763_800_000,
            exp: 1_763_800_300,
            cnf: Thumbprint::new("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I")
                .map(|jkt| Confirmation { jkt }),
        };
        let text = serde_json::to_string(&Introspection::Active(token)).expect("serialises");
        assert_eq!(
            text,
            concat!(
                r#"{"active":true,"iss":"https://wz.example","sub":"ABCDEFGHIJKLMNOPQRSTUVWXYZ","client_id":"forum","#,
                r#""scope":"openid","token_type":"DPoP","iat":1763800000,"exp":1763800300,"#,
                r#""cnf":{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}}"#,
            )
        );
    }
}

//! The ID token: who, how, and nothing else.

use serde::{Deserialize, Serialize};

use crate::{Acr, AuthenticationMethod, ClientId, Nonce};

/// The claims of an ID token (OIDC Core §2): these and no others (R8.1).
///
/// `amr` is not a field: it follows from `acr`, and neither ever shows a guardian.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Members", try_from = "Members")]
pub struct IdTokenClaims {
    /// The issuer.
    pub iss: String,
    /// The pairwise identifier of the person at this platform (R2.3).
    pub sub: String,
    /// The client, alone.
    pub aud: ClientId,
    /// When it was made, in seconds since 1970.
    pub iat: i64,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
    /// When the person approved, in seconds since 1970.
    pub auth_time: i64,
    /// The `nonce` of the request, unchanged.
    pub nonce: Option<Nonce>,
    /// The mode that was reached.
    pub acr: Acr,
    /// What was disclosed, as a compact JWE to the platform with a signed token inside; only if something was (R8.2).
    pub verified_claims: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    iss: String,
    sub: String,
    aud: ClientId,
    iat: i64,
    exp: i64,
    auth_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<Nonce>,
    acr: Acr,
    amr: Vec<AuthenticationMethod>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verified_claims: Option<String>,
}

impl From<IdTokenClaims> for Members {
    fn from(claims: IdTokenClaims) -> Self {
        let IdTokenClaims {
            iss,
            sub,
            aud,
            iat,
            exp,
            auth_time,
            nonce,
            acr,
            verified_claims,
        } = claims;
        let amr = acr.methods().to_vec();
        Self {
            iss,
            sub,
            aud,
            iat,
            exp,
            auth_time,
            nonce,
            acr,
            amr,
            verified_claims,
        }
    }
}

impl TryFrom<Members> for IdTokenClaims {
    type Error = &'static str;

    fn try_from(members: Members) -> Result<Self, Self::Error> {
        let Members {
            iss,
            sub,
            aud,
            iat,
            exp,
            auth_time,
            nonce,
            acr,
            amr,
            verified_claims,
        } = members;
        if amr != acr.methods() {
            return Err("amr does not follow from acr");
        }
        Ok(Self {
            iss,
            sub,
            aud,
            iat,
            exp,
            auth_time,
            nonce,
            acr,
            verified_claims,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> IdTokenClaims {
        IdTokenClaims {
            iss: "https://wz.example".into(),
            sub: "ABCDEFGHIJKLMNOPQRSTUVWXYZ".into(),
            aud: ClientId::new("forum").expect("a client id"),
            iat: 1_763_800_000,
            exp: 1_763_800_300,
            auth_time: 1_763_799_990,
            nonce: Nonce::new("n-0S6"),
            acr: Acr::WzPin,
            verified_claims: None,
        }
    }

    /// R8.1: a result without attributes is nine claims and not one more.
    #[test]
    fn carries_only_the_nine_claims() {
        let text = serde_json::to_string(&claims()).expect("serialises");
        assert_eq!(
            text,
            concat!(
                r#"{"iss":"https://wz.example","sub":"ABCDEFGHIJKLMNOPQRSTUVWXYZ","aud":"forum","iat":1763800000,"#,
                r#""exp":1763800300,"auth_time":1763799990,"nonce":"n-0S6","acr":"urn:wangzheng:mode:wz+pin","#,
                r#""amr":["pop","pin"]}"#,
            )
        );
        assert_eq!(
            serde_json::from_str::<IdTokenClaims>(&text).ok(),
            Some(claims())
        );
    }

    /// R8.2: what is disclosed leaves encrypted.
    #[test]
    fn adds_verified_claims_when_something_was_disclosed() {
        let disclosed = IdTokenClaims {
            verified_claims: Some("a.b.c.d.e".into()),
            ..claims()
        };
        let text = serde_json::to_string(&disclosed).expect("serialises");
        assert!(text.ends_with(r#""amr":["pop","pin"],"verified_claims":"a.b.c.d.e"}"#));
        assert_eq!(
            serde_json::from_str::<IdTokenClaims>(&text).ok(),
            Some(disclosed)
        );
    }

    #[test]
    fn refuses_a_claim_too_many_and_a_false_amr() {
        let text = serde_json::to_string(&claims()).expect("serialises");
        for text in [
            text.replace('}', ",\"name\":\"x\"}"),
            text.replace('}', ",\"sub\":\"x\"}"),
            text.replace("[\"pop\",\"pin\"]", "[\"pop\"]"),
            text.replace("[\"pop\",\"pin\"]", "[\"pop\",\"pin\",\"guardian\"]"),
            text.replace("wz+pin", "wz+palm"),
            text.replace("\"forum\"", "[\"forum\"]"),
        ] {
            assert!(
                serde_json::from_str::<IdTokenClaims>(&text).is_err(),
                "{text}"
            );
        }
    }
}

//! What a platform asks for, and what it is told: rich authorization requests (RFC 9396) of one type.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::{CompactJws, ErrorCode, OAuthError};

/// The one `type` this service knows.
pub const IDENTITY_VERIFICATION: &str = "identity_verification";

/// A request for one verification (R5.1), sent as `authorization_details`:
/// `[{"type":"identity_verification","scenario":"account-registration","attributes":["name"]}]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityVerification {
    /// The reviewed purpose.
    pub scenario: ScenarioName,
    /// The attributes wished for, each once, in the order sent. Absent is not the same as an empty list: the echo keeps
    /// the difference (RFC 9396 §7).
    pub attributes: Option<Vec<AttributeName>>,
}

impl IdentityVerification {
    /// Longest accepted `authorization_details`, in bytes.
    pub const LIMIT: usize = 2048;
    /// Most attributes in one request.
    pub const ATTRIBUTE_LIMIT: usize = 32;

    /// Reads the parameter: a JSON array of exactly one object.
    ///
    /// Any other `type`, a member nobody defined, the common members of RFC 9396 §2.2 (`locations`, `actions`,
    /// `datatypes`, `identifier`, `privileges`) and a repeated member are all refused (RFC 9396 §5).
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        if text.len() > Self::LIMIT {
            return Err(refused("authorization_details is too long"));
        }
        let value = jose::json::value(text.as_bytes(), "authorization_details")
            .map_err(|_| refused("authorization_details is not JSON, or repeats a member"))?;
        let Value::Array(mut elements) = value else {
            return Err(refused("authorization_details must be an array"));
        };
        // An array would do for serde where a struct is read; it does not here.
        let (Some(object @ Value::Object(_)), true) = (elements.pop(), elements.is_empty()) else {
            return Err(refused(
                "authorization_details must have exactly one object",
            ));
        };
        let RequestMembers {
            scenario,
            attributes,
            ..
        } = serde_json::from_value(object)
            .map_err(|_| refused("authorization_details is not of type identity_verification"))?;
        if let Some(attributes) = &attributes {
            if attributes.len() > Self::ATTRIBUTE_LIMIT {
                return Err(refused("attributes has too many names"));
            }
            if has_repeats(attributes) {
                return Err(refused("attributes has a name twice"));
            }
        }
        Ok(Self {
            scenario,
            attributes,
        })
    }

    /// Prints the parameter.
    pub fn to_json(&self) -> String {
        let members = RequestMembers {
            r#type: Type::IdentityVerification,
            scenario: self.scenario.clone(),
            attributes: self.attributes.clone(),
        };
        serde_json::to_string(&[members]).unwrap_or_default() // strings in structs always serialise
    }
}

/// The answer to one [`IdentityVerification`], in the token response (RFC 9396 §7).
///
/// It exists only for a pass: any other outcome is an error, and the same error (R8.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "AnswerMembers", from = "AnswerMembers")]
pub struct IdentityVerified {
    /// What was asked for, echoed.
    pub request: IdentityVerification,
    /// The signed receipt.
    pub receipt: CompactJws,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestMembers {
    r#type: Type,
    scenario: ScenarioName,
    #[serde(
        default,
        deserialize_with = "not_null",
        skip_serializing_if = "Option::is_none"
    )]
    attributes: Option<Vec<AttributeName>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerMembers {
    r#type: Type,
    scenario: ScenarioName,
    #[serde(
        default,
        deserialize_with = "not_null",
        skip_serializing_if = "Option::is_none"
    )]
    attributes: Option<Vec<AttributeName>>,
    result: Pass,
    receipt: CompactJws,
    further_plaintext: Prohibited,
}

#[derive(Serialize, Deserialize)]
enum Type {
    #[serde(rename = "identity_verification")]
    IdentityVerification,
}

#[derive(Serialize, Deserialize)]
enum Pass {
    #[serde(rename = "pass")]
    Pass,
}

/// R7.2: after a pass no further plaintext identity may be demanded.
#[derive(Serialize, Deserialize)]
enum Prohibited {
    #[serde(rename = "prohibited")]
    Prohibited,
}

impl From<IdentityVerified> for AnswerMembers {
    fn from(answer: IdentityVerified) -> Self {
        Self {
            r#type: Type::IdentityVerification,
            scenario: answer.request.scenario,
            attributes: answer.request.attributes,
            result: Pass::Pass,
            receipt: answer.receipt,
            further_plaintext: Prohibited::Prohibited,
        }
    }
}

impl From<AnswerMembers> for IdentityVerified {
    fn from(answer: AnswerMembers) -> Self {
        let AnswerMembers {
            scenario,
            attributes,
            receipt,
            ..
        } = answer;
        Self {
            request: IdentityVerification {
                scenario,
                attributes,
            },
            receipt,
        }
    }
}

/// The name of a scenario: 1 to 64 of `a`–`z`, `0`–`9` and `-`. Which exist, the domain knows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ScenarioName(String);

impl ScenarioName {
    /// The text as a scenario name, or nothing.
    pub fn new(text: &str) -> Option<Self> {
        let plain = text
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        (plain && (1..=64).contains(&text.len())).then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The name of an attribute: 1 to 40 of `a`–`z` and `_`. Which exist, the domain knows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AttributeName(String);

impl AttributeName {
    /// The text as an attribute name, or nothing.
    pub fn new(text: &str) -> Option<Self> {
        let plain = text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'_'));
        (plain && (1..=40).contains(&text.len())).then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ScenarioName {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(&text).ok_or("not a scenario name")
    }
}

impl From<ScenarioName> for String {
    fn from(name: ScenarioName) -> Self {
        name.0
    }
}

impl TryFrom<String> for AttributeName {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(&text).ok_or("not an attribute name")
    }
}

impl From<AttributeName> for String {
    fn from(name: AttributeName) -> Self {
        name.0
    }
}

/// Reads a member that, when present, is never `null`.
fn not_null<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

fn refused(description: &'static str) -> OAuthError {
    ErrorCode::InvalidAuthorizationDetails.because(description)
}

fn has_repeats(names: &[AttributeName]) -> bool {
    names
        .iter()
        .collect::<std::collections::BTreeSet<_>>()
        .len()
        < names.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: &str = r#"[{"type":"identity_verification","scenario":"account-registration","attributes":["name","document_number"]}]"#;
    const BARE: &str = r#"[{"type":"identity_verification","scenario":"account-registration"}]"#;

    fn names(request: &IdentityVerification) -> Option<Vec<&str>> {
        request
            .attributes
            .as_ref()
            .map(|names| names.iter().map(AttributeName::as_str).collect())
    }

    /// R5.1: a platform names a scenario, and within it attributes.
    #[test]
    fn reads_a_scenario_and_its_attributes() {
        let request = IdentityVerification::parse(FULL).expect("a request");
        assert_eq!(request.scenario.as_str(), "account-registration");
        assert_eq!(names(&request), Some(vec!["name", "document_number"]));
        assert_eq!(request.to_json(), FULL);
    }

    #[test]
    fn tells_no_attributes_from_an_empty_list() {
        let bare = IdentityVerification::parse(BARE).expect("a request");
        assert_eq!(bare.attributes, None);
        assert_eq!(bare.to_json(), BARE);

        let empty = BARE.replace("\"}]", "\",\"attributes\":[]}]");
        let request = IdentityVerification::parse(&empty).expect("a request");
        assert_eq!(request.attributes, Some(Vec::new()));
        assert_eq!(request.to_json(), empty);
    }

    #[test]
    fn refuses_every_other_shape() {
        let with = |members: &str| BARE.replace("}]", &format!(",{members}}}]"));
        let many: Vec<String> = (0..=IdentityVerification::ATTRIBUTE_LIMIT)
            .map(|index| format!("\"a{}\"", "a".repeat(index)))
            .collect();
        for text in [
            String::new(),
            "[]".into(),
            "{}".into(),
            "null".into(),
            "[null]".into(),
            BARE.replace(['[', ']'], ""),
            BARE.replace("}]", "}] x"),
            BARE.replace("}]", "},]"),
            BARE.replace('"', "'"),
            format!("[{0},{0}]", BARE.replace(['[', ']'], "")),
            r#"[["identity_verification","account-registration"]]"#.into(),
            r#"[{"scenario":"account-registration"}]"#.into(),
            r#"[{"type":"identity_verification"}]"#.into(),
            BARE.replace("identity_verification", "payment_initiation"),
            BARE.replace("account-registration", ""),
            BARE.replace("account-registration", "Account"),
            BARE.replace("account-registration", "../etc"),
            BARE.replace("account-registration", &"s".repeat(65)),
            BARE.replace("\"account-registration\"", "7"),
            BARE.replace("\"account-registration\"", "null"),
            with(r#""locations":["https://rp.example"]"#),
            with(r#""actions":["read"]"#),
            with(r#""datatypes":["name"]"#),
            with(r#""identifier":"x""#),
            with(r#""privileges":["admin"]"#),
            with(r#""anything":1"#),
            with(r#""result":"pass""#),
            with(r#""scenario":"account-registration""#),
            with(r#""sc\u0065nario":"account-registration""#),
            with(r#""type":"identity_verification""#),
            with(r#""attributes":null"#),
            with(r#""attributes":"name""#),
            with(r#""attributes":{"name":true}"#),
            with(r#""attributes":[1]"#),
            with(r#""attributes":[null]"#),
            with(r#""attributes":[""]"#),
            with(r#""attributes":["Name"]"#),
            with(r#""attributes":["na me"]"#),
            with(r#""attributes":["name","name"]"#),
            with(&format!(r#""attributes":["{}"]"#, "a".repeat(41))),
            with(&format!(r#""attributes":[{}]"#, many.join(","))),
            format!("{BARE}{}", " ".repeat(IdentityVerification::LIMIT)),
            "[".repeat(IdentityVerification::LIMIT),
        ] {
            let code = IdentityVerification::parse(&text).map_err(|error| error.code);
            assert_eq!(code, Err(ErrorCode::InvalidAuthorizationDetails), "{text}");
        }
    }

    /// R7.2: the signed result says, machine-readably, that no further plaintext may be demanded.
    #[test]
    fn the_answer_echoes_and_prohibits_further_plaintext() {
        let request = IdentityVerification::parse(FULL).expect("a request");
        let answer = IdentityVerified {
            request,
            receipt: CompactJws::new("a.b.c").expect("a JWS"),
        };
        let text = serde_json::to_string(&[&answer]).expect("serialises");
        let end = r#","result":"pass","receipt":"a.b.c","further_plaintext":"prohibited"}]"#;
        assert_eq!(text, FULL.replace("}]", end));
        assert_eq!(
            serde_json::from_str::<Vec<IdentityVerified>>(&text).ok(),
            Some(vec![answer])
        );
        assert!(
            serde_json::from_str::<Vec<IdentityVerified>>(&text.replace("pass", "fail")).is_err()
        );
    }
}

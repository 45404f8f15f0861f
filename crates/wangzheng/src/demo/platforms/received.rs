//! The page beside the forum: everything it received, as bytes and decoded (R8.1).

use askama::Template;
use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::Value;

use super::{page::Part, session::Last};
use crate::demo::relying_party::{Trace, What};

/// Everything received in the last verification.
#[derive(Template)]
#[template(path = "platform/received.html")]
pub(super) struct ReceivedPage {
    part: Part,
    /// The bytes, in order, each with its title.
    bytes: Vec<(&'static str, String)>,
    /// Decoded from them.
    decoded: Vec<Decoded>,
    /// Every member name received, once.
    members: Vec<Member>,
}

/// A signed text, decoded.
struct Decoded {
    title: &'static str,
    header: String,
    payload: String,
}

/// A member of something received.
struct Member {
    places: Vec<&'static str>,
    name: String,
    meaning: Option<(&'static str, &'static str)>,
}

impl ReceivedPage {
    pub(super) fn new(part: Part, last: Option<&Last>) -> Self {
        let trace = last.map(|last| last.trace.clone()).unwrap_or_default();
        let response = json(trace.find(What::TokenResponse).unwrap_or_default());
        let signed = [
            ("ID token", response["id_token"].as_str()),
            (
                "receipt",
                response["authorization_details"][0]["receipt"].as_str(),
            ),
        ];
        let mut members = Vec::new();
        add_members(&mut members, "token response", &response);
        add_members(
            &mut members,
            "authorization_details",
            &response["authorization_details"][0],
        );
        let mut decoded = Vec::new();
        for (title, text) in signed {
            let Some((header, payload)) = text.and_then(decode) else {
                continue;
            };
            add_members(&mut members, title, &payload);
            decoded.push(Decoded {
                title,
                header: pretty(&header),
                payload: pretty(&payload),
            });
        }
        let Trace(received) = trace;
        let bytes = received
            .into_iter()
            .map(|received| (title(&part, received.what), received.text));
        Self {
            bytes: bytes.collect(),
            part,
            decoded,
            members,
        }
    }

    /// Whether every member is one whose meaning is known, none of which says who a person is.
    fn all_known(&self) -> bool {
        self.members.iter().all(|member| member.meaning.is_some())
    }
}

fn title(part: &Part, what: What) -> &'static str {
    match what {
        What::PushedRequest => part.say(
            "推送请求的回答（PAR）",
            "Answer to the pushed request (PAR)",
        ),
        What::Callback => part.say("浏览器带回的参数", "What the browser brought back"),
        What::TokenResponse => part.say("令牌端点的回答", "Answer of the token endpoint"),
        What::UserInfo => part.say("UserInfo 的回答", "Answer of UserInfo"),
    }
}

fn add_members(members: &mut Vec<Member>, place: &'static str, value: &Value) {
    for name in value
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys())
    {
        match members.iter_mut().find(|member| member.name == *name) {
            Some(member) => member.places.push(place),
            None => members.push(Member {
                places: vec![place],
                name: name.clone(),
                meaning: meaning(name),
            }),
        }
    }
}

/// What a member means; nothing for one that this page does not know.
fn meaning(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "sub" => (
            "网络身份应用标识，只在本平台有效",
            "identifier, good at this platform only",
        ),
        "result" => ("核验结果", "the result"),
        "acr" | "amr" => ("核验方式", "how it was verified"),
        "auth_time" => ("何时同意", "when it was approved"),
        "iat" | "exp" | "expires_in" => ("签发与到期时间", "made, and ends"),
        "iss" => ("谁签发", "who made it"),
        "aud" => ("给谁的（本平台）", "for whom (this platform)"),
        "nonce" => ("本平台自己的随机数", "this platform's own random number"),
        "jti" => ("一次性编号", "a number used once"),
        "access_token" | "token_type" | "scope" => ("一次性访问凭据", "a short-lived token"),
        "id_token" | "receipt" => ("签名文本，见下", "signed text, decoded below"),
        "authorization_details" | "type" | "scenario" | "attributes" => (
            "本平台请求的场景，原样返回",
            "the scenario this platform asked for, echoed",
        ),
        "purpose" | "platform" | "host" => (
            "请求的用途与平台自己的名称",
            "the purpose, and this platform's own name",
        ),
        "verified_claims" => (
            "你单独同意提供的内容，只有本平台能解密",
            "what you consented to give, encrypted to this platform",
        ),
        "disclosed" => ("提供了哪些明文信息", "plaintext attributes that were given"),
        "further_plaintext" => (
            "不得再要求明文身份信息（第七条）",
            "no further plaintext may be demanded (Art. 7)",
        ),
        "commitment" => (
            "公开日志中的随机承诺值",
            "a random commitment in the public log",
        ),
        _ => return None,
    })
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

fn decode(text: &str) -> Option<(Value, Value)> {
    let mut parts = text.split('.').map(|part| {
        let bytes = Base64UrlUnpadded::decode_vec(part).ok()?;
        serde_json::from_slice(&bytes).ok()
    });
    Some((parts.next()??, parts.next()??))
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

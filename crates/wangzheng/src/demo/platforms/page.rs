//! The pages of the platforms as typed structs; each shows all it holds and nothing else.

use std::sync::Arc;

use askama::Template;
use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use identity::platform::LocalText;
use serde_json::Value;

use super::{
    account::{Account, Way},
    site::{Outcome, Site},
    visit::{Language, Visit},
    wording::{self, Text, Wording},
};
use crate::demo::relying_party::{NoResult, Verified};

/// What every page has: where, in which language.
pub(super) struct Part {
    language: Language,
    /// Path of the platform; empty on the list of platforms.
    pub(super) name: String,
    /// As people know it.
    pub(super) trade_name: String,
    /// Other lawful ways (R6.2).
    pub(super) alternatives: String,
    /// R7.3.
    pub(super) equal_service: String,
}

impl Part {
    /// The frame of a visit.
    pub(super) fn of(visit: &Visit) -> Self {
        let platform = &visit.site.platform;
        let tag = visit.language.tag();
        let text = |text: &LocalText| text.text(tag).to_owned();
        Self {
            language: visit.language,
            name: visit.site.name().to_owned(),
            trade_name: text(&platform.name),
            alternatives: text(&platform.alternatives),
            equal_service: text(&platform.equal_service),
        }
    }

    /// One of two texts, by language.
    pub(super) fn say<'a>(&self, chinese: &'a str, english: &'a str) -> &'a str {
        match self.language {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }

    pub(super) fn tell(&self, text: &Text) -> &'static str {
        self.say(text.0, text.1)
    }

    pub(super) fn tag(&self) -> &'static str {
        self.language.tag()
    }
}

/// The list of platforms.
#[derive(Template)]
#[template(path = "platform/index.html")]
pub(super) struct Index {
    part: Part,
    platforms: Vec<(String, String, &'static str)>,
}

impl Index {
    pub(super) fn new(language: Language, sites: &[Arc<Site>]) -> Self {
        let part = Part {
            language,
            name: String::new(),
            trade_name: String::new(),
            alternatives: String::new(),
            equal_service: String::new(),
        };
        let platforms = sites
            .iter()
            .map(|site| {
                let name = site.name().to_owned();
                let trade_name = site.platform.name.text(language.tag()).to_owned();
                let lead = part.tell(&wording::of(&name).lead);
                (name, trade_name, lead)
            })
            .collect();
        Self { part, platforms }
    }
}

/// The first page of a platform.
#[derive(Template)]
#[template(path = "platform/home.html")]
pub(super) struct Home {
    part: Part,
    wording: &'static Wording,
    account: Option<Account>,
    scenario: String,
    offers_sign_in: bool,
    offers_step_up: bool,
    /// What to pick on the phone, while a step-up waits.
    pub(super) number: Option<String>,
}

impl Home {
    pub(super) fn new(visit: &Visit, account: Option<Account>) -> Self {
        let site = &visit.site;
        let default = site.platform.default_scenario();
        Self {
            part: Part::of(visit),
            wording: wording::of(site.name()),
            account,
            scenario: default.map_or_else(String::new, |scenario| scenario.id.to_string()),
            offers_sign_in: site.scenario("sign-in").is_some(),
            offers_step_up: site.scenario("step-up").is_some(),
            number: None,
        }
    }

    fn by_wangzheng(&self) -> bool {
        self.account
            .as_ref()
            .is_some_and(|account| account.way == Way::Wangzheng)
    }
}

/// What came of a verification.
#[derive(Template)]
#[template(path = "platform/result.html")]
pub(super) struct ResultPage<'a> {
    part: Part,
    outcome: &'a Outcome,
    scenario: String,
}

impl<'a> ResultPage<'a> {
    pub(super) fn new(visit: &Visit, outcome: &'a Outcome) -> Self {
        let default = visit.site.platform.default_scenario();
        Self {
            part: Part::of(visit),
            outcome,
            scenario: default.map_or_else(String::new, |scenario| scenario.id.to_string()),
        }
    }

    fn heading(&self) -> &'static str {
        let part = &self.part;
        match self.outcome {
            Outcome::Registered(_) => part.say("注册成功", "You have joined"),
            Outcome::SignedIn(_) => part.say("已登录", "You are signed in"),
            Outcome::Cleared(_) => part.say("账号已恢复正常", "Your account is yours again"),
            Outcome::Passed(_) => part.say("核验通过", "Verified"),
            Outcome::NoAccountYet(_) => {
                part.say("你在这里还没有账号", "You have no account here yet")
            }
            Outcome::OtherPerson => {
                part.say("这不是本账号的持有人", "Not the holder of this account")
            }
            Outcome::Nothing(NoResult::NotGiven(_)) => {
                part.say("没有得到核验结果", "No result was given")
            }
            Outcome::Nothing(_) => part.say("核验没有完成", "The verification was not completed"),
        }
    }

    /// R8.1: of a no the platform knows only that it is one.
    fn explanation(&self) -> String {
        let part = &self.part;
        match self.outcome {
            Outcome::Registered(_) if self.disclosed().is_empty() => part.say("身份已核验。你没有把姓名和证件交给我们。", "Your identity is verified. You gave us neither name nor document."),
            Outcome::Registered(_) => part.say("身份已核验。下面是你逐项单独同意提供的内容。", "Your identity is verified. Below is what you consented to give, item by item."),
            Outcome::SignedIn(_) => part.say("欢迎回来。我们凭本站标识认出了你。", "Welcome back. We know you by the identifier of this site."),
            Outcome::Cleared(_) => part.say("网证和口令都正确。", "网证 and PIN were right."),
            Outcome::Passed(_) => part.say("你是真实的人，可以继续。", "You are a real person; you may go on."),
            Outcome::NoAccountYet(_) => part.say("身份核验通过了，但这个标识没有注册过。要注册吗？", "You were verified, but nobody with this identifier has joined. Would you like to?"),
            Outcome::OtherPerson => part.say("核验通过的是另一个人，账号仍处于限制状态。", "Somebody else was verified; the account stays restricted."),
            Outcome::Nothing(NoResult::NotGiven(_)) => part.say(
                "我们只知道没有通过，不知道原因，也不会追问。你可以换一种方式，服务完全一样。",
                "We know that there is no result, not why, and we will not ask. Use another way; the service is the same.",
            ),
            Outcome::Nothing(NoResult::Error(code)) => {
                let text = part.say("服务拒绝了我们的请求：", "The service refused what we asked for: ");
                return format!("{text}{code}");
            }
            Outcome::Nothing(NoResult::Unreachable) => part.say("核验服务没有回答，请稍后再试或换一种方式。", "The service does not answer; try later, or another way."),
            Outcome::Nothing(NoResult::Distrusted(distrust)) => {
                let text = part.say("返回的内容没有通过检查，已丢弃：", "What came back failed a check and was thrown away: ");
                return format!("{text}{distrust}");
            }
        }
        .to_owned()
    }

    fn verified(&self) -> Option<&Verified> {
        self.outcome.verified()
    }

    /// What the person gave, in words: name of the field, value. A demo shows it; a real platform would not.
    fn disclosed(&self) -> Vec<(String, String)> {
        let given = self.verified().map(|verified| &verified.disclosed);
        let given = given.into_iter().flatten();
        given
            .map(|(name, value)| {
                let words = wording::attribute(name);
                let value = match value.as_str() {
                    Some(text) => text.to_owned(),
                    None => self.age_marker(value),
                };
                (
                    words.map_or_else(|| name.clone(), |words| self.part.tell(&words).to_owned()),
                    value,
                )
            })
            .collect()
    }

    /// R10.1: one bracket, yes or no.
    fn age_marker(&self, value: &Value) -> String {
        let bracket = value["bracket"].as_str().unwrap_or_default();
        match value["holds"].as_bool() {
            Some(true) => format!("{bracket}: {}", self.part.say("是", "yes")),
            Some(false) => format!("{bracket}: {}", self.part.say("否", "no")),
            None => value.to_string(),
        }
    }

    fn offers_joining(&self) -> bool {
        matches!(self.outcome, Outcome::NoAccountYet(_))
    }
}

/// Another way, where there is nothing more to play.
#[derive(Template)]
#[template(path = "platform/other.html")]
pub(super) struct OtherWay {
    part: Part,
}

impl OtherWay {
    pub(super) fn new(visit: &Visit) -> Self {
        Self {
            part: Part::of(visit),
        }
    }
}

/// The page as a response.
pub(super) fn html(page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

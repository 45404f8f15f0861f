//! P24 and P25: the document behind the 网证, and what is held of a person.

use super::home::{Card, CardState, sample_card};
use super::{Frame, Page, Template};

/// Why the 网证 does not answer, and what to do, in the page's language.
#[derive(Clone, Debug)]
pub struct Reason {
    /// Why.
    pub why: String,
    /// What to do.
    pub next: String,
}

/// P24 at `/me/document`: state and validity, the way to a renewed document, a new 网号. The script posts to
/// `/person/api/reissue`.
#[derive(Debug, Template)]
#[template(path = "person/my_document.html")]
pub struct MyDocument {
    /// What surrounds the page.
    pub frame: Frame,
    /// The `aud` of what the device signs.
    pub issuer: String,
    /// The 网证.
    pub card: Card,
    /// Last day of validity.
    pub valid_until: String,
    /// When the registry was last asked.
    pub checked_on: String,
    /// Why it is not usable.
    pub reasons: Vec<Reason>,
    /// A correction that waits for the registry.
    pub waiting: Option<String>,
}

/// One line of 已收集个人信息清单.
#[derive(Clone, Debug)]
pub struct HeldRow {
    /// What.
    pub title: String,
    /// What for.
    pub purpose: String,
    /// How long.
    pub retention: String,
    /// The rule.
    pub basis: &'static str,
    /// Whether it is sensitive.
    pub sensitive: bool,
}

/// P25 at `/me/data`: both lists, correct, copy, restrict. The list of what was shared is the device's own; the script
/// posts to `/person/api/{correct,export,restrict,unrestrict}`.
#[derive(Debug, Template)]
#[template(path = "person/my_data.html")]
pub struct MyData {
    /// What surrounds the page.
    pub frame: Frame,
    /// The `aud` of what the device signs.
    pub issuer: String,
    /// The 网证.
    pub card: Card,
    /// What is held.
    pub held: Vec<HeldRow>,
    /// Whether the processing is restricted now.
    pub restricted: bool,
    /// By when a complaint about a refusal is answered.
    pub answered_by: String,
}

fn at(frame: &Frame, path: &str) -> Frame {
    Frame {
        signed_in: true,
        path: path.to_owned(),
        ..frame.clone()
    }
}

impl Page for MyDocument {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |state, reasons, waiting| Self {
            frame: at(frame, "/me/document"),
            issuer: "http://localhost:8080".to_owned(),
            card: sample_card(state),
            valid_until: "2036-01-31".to_owned(),
            checked_on: "2026-11-01".to_owned(),
            reasons,
            waiting,
        };
        let expired = vec![Reason {
            why: "申领所用的证件已过有效期。".to_owned(),
            next: "换领新证件后，在“我的—证件”里更新；网号和使用记录都保留。".to_owned(),
        }];
        let waits = Some("登记库没有应答，你的更正申请在排队。".to_owned());
        vec![
            ("active", page(CardState::Active, Vec::new(), None)),
            ("expired", page(CardState::Suspended, expired, None)),
            ("waiting", page(CardState::Active, Vec::new(), waits)),
        ]
    }
}

impl Page for MyData {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |restricted| Self {
            frame: at(frame, "/me/data"),
            issuer: "http://localhost:8080".to_owned(),
            card: sample_card(CardState::Active),
            held: vec![
                HeldRow {
                    title: "证件种类、号码、姓名、出生日期、有效期".to_owned(),
                    purpose: "再次向登记库核对；年龄规则".to_owned(),
                    retention: "注销时删除".to_owned(),
                    basis: "Art. 4, R15.2",
                    sensitive: true,
                },
                HeldRow {
                    title: "设备的名称和公钥".to_owned(),
                    purpose: "确认是你本人在操作".to_owned(),
                    retention: "移除设备或注销时删除".to_owned(),
                    basis: "P-recovery",
                    sensitive: false,
                },
            ],
            restricted,
            answered_by: "2026-12-07".to_owned(),
        };
        vec![("open", page(false)), ("restricted", page(true))]
    }
}

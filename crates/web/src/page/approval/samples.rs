//! Examples of the approval and result pages.

use super::{
    Approval, AttributeText, Blocked, Frame, ModeText, Outcome, Page, PlatformText, ResultPage,
    ScenarioText,
};

impl Approval {
    fn sample(frame: &Frame) -> Self {
        Self {
            frame: Frame {
                signed_in: true,
                ..frame.clone()
            },
            issuer: "http://localhost:8080".to_owned(),
            transaction: "c2VhbGVk".to_owned(),
            session: None,
            platform: sample_platform(),
            scenario: sample_scenario(),
            mode: ModeText::default(),
            face_notice: None,
            attributes: Vec::new(),
            discloses: vec!["核验结果：身份真实（是或否）".to_owned()],
            expires_at: 1_900_000_000,
            numbers: Vec::new(),
            other_screen: None,
            message: None,
            guardian_decides: false,
            blocked: None,
        }
    }
}

impl Page for Approval {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let plain = || Self::sample(frame);
        let attribute = |name: &str, title: &str| AttributeText {
            name: name.to_owned(),
            title: title.to_owned(),
            basis: "《反洗钱法》第二十九条".to_owned(),
            value: None,
        };
        let mut samples = vec![
            ("result-only", plain()),
            (
                "pin",
                Self {
                    mode: ModeText {
                        pin: true,
                        face: false,
                    },
                    ..plain()
                },
            ),
            (
                "pin-face",
                Self {
                    mode: ModeText {
                        pin: true,
                        face: true,
                    },
                    face_notice: Some(crate::page::apply::NoticeText::sample("face")),
                    ..plain()
                },
            ),
            (
                "attributes",
                Self {
                    attributes: vec![
                        attribute("name", "姓名"),
                        attribute("document_number", "证件号码"),
                    ],
                    ..plain()
                },
            ),
            (
                "age-marker",
                Self {
                    attributes: vec![AttributeText {
                        name: "age_marker".to_owned(),
                        title: frame.say("age_marker.minor"),
                        basis: "《未成年人保护法》第七十五条".to_owned(),
                        value: Some(frame.say("age_marker.no")),
                    }],
                    ..plain()
                },
            ),
            (
                "child",
                Self {
                    guardian_decides: true,
                    ..plain()
                },
            ),
            (
                "number-match",
                Self {
                    session: Some("aGFuZGxl.7.bWFj".to_owned()),
                    numbers: vec!["27".to_owned(), "64".to_owned(), "81".to_owned()],
                    other_screen: Some("Windows · Chrome".to_owned()),
                    ..plain()
                },
            ),
        ];
        samples.extend(blocked(plain));
        samples
    }
}

/// Each reason why a request can only be refused.
fn blocked(plain: impl Fn() -> Approval) -> Vec<(&'static str, Approval)> {
    let mut samples = Vec::new();
    for (name, blocked) in [
        "unverified",
        "suspended",
        "asks-too-much",
        "locked",
        "agreement-waits",
        "guardian-agreement-waits",
        "not-usable",
    ]
    .into_iter()
    .zip(Blocked::ALL)
    {
        let mut page = plain();
        page.platform.verified = blocked != Blocked::PlatformUnverified;
        page.blocked = Some(blocked);
        samples.push((name, page));
    }
    samples
}

impl Page for ResultPage {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |outcome| Self {
            frame: Frame {
                signed_in: true,
                ..frame.clone()
            },
            issuer: "http://localhost:8080".to_owned(),
            outcome,
        };
        Outcome::ALL
            .into_iter()
            .map(|outcome| (outcome.name(), page(outcome)))
            .collect()
    }
}

pub(crate) fn sample_platform() -> PlatformText {
    PlatformText {
        client: "app-forum".to_owned(),
        name: "示例论坛".to_owned(),
        host: "forum.example.cn".to_owned(),
        verified: true,
        operator: "示例网络科技有限公司".to_owned(),
        contact: "privacy@forum.example.cn".to_owned(),
    }
}

pub(crate) fn sample_scenario() -> ScenarioText {
    ScenarioText {
        title: "注册账号".to_owned(),
        purpose: "注册账号时核验真实身份".to_owned(),
        legal_basis: "《网络安全法》第二十四条".to_owned(),
        legal_text: Some(
            "网络运营者为用户提供信息发布服务，应当要求用户提供真实身份信息。".to_owned(),
        ),
        retention: "只保存核验结果，账号注销后立即删除".to_owned(),
        alternative: "上传证件照片，由人工核对".to_owned(),
    }
}

//! Examples of the pages of an application.

use super::{
    ApplyDone, BindDevice, ChooseDocument, ChoosePin, ConsentKind, ConsentPage, ConsentTrouble,
    DocumentFields, DocumentTrouble, FacePage, Frame, GuardianPart, NoticePart, NoticeText, Page,
    PinTrouble, Progress, Purpose, ReadDocument, RenewDocument, SAMPLE_KINDS, Step, sample_persons,
};

const APPLICATION: &str = "c2VhbGVk";

fn notice(id: &str, kind: ConsentKind, title: &str) -> NoticeText {
    let part = |heading: &str, text: &str| NoticePart {
        heading: heading.to_owned(),
        text: text.to_owned(),
    };
    let mut parts = vec![
        part("谁来处理", "本服务的运营方（演示）。电话 12345。"),
        part(
            "为什么、怎样处理、处理什么、保存多久",
            "为了给你签发网号和网证，我们向权威登记库核对你的证件。\n\n保存到你注销为止。",
        ),
        part("你的权利和怎样行使", "在“我的”里查阅、更正、导出、注销。"),
        part("其他依法应当告知的事", "不使用网证，办事不受影响。"),
    ];
    if kind == ConsentKind::Separate {
        parts.push(part("为什么必要", "证件号码是核对证件的唯一办法。"));
        parts.push(part(
            "对你的影响",
            "泄露会让别人冒用你的身份，所以我们加密保存。",
        ));
    }
    NoticeText {
        id: id.to_owned(),
        kind,
        digest: "q83vEjRWeJCrze8SNFZ4kA".to_owned(),
        version: 3,
        published: Some("2026-06-01".to_owned()),
        language: "zh-CN".to_owned(),
        title: title.to_owned(),
        parts,
    }
}

impl NoticeText {
    /// An example for other pages.
    pub(crate) fn sample(id: &str) -> Self {
        notice(id, ConsentKind::General, "个人信息处理告知")
    }
}

impl Page for ConsentPage {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |purpose, trouble| Self {
            frame: frame.clone(),
            purpose,
            progress: Progress::at(purpose, Step::Consent),
            notices: vec![
                notice("service", ConsentKind::General, "个人信息处理告知"),
                notice("document", ConsentKind::Separate, "证件信息处理告知"),
            ],
            trouble,
        };
        vec![
            ("apply", page(Purpose::Apply, None)),
            ("recover", page(Purpose::Recover, None)),
            (
                "missing",
                page(Purpose::Apply, Some(ConsentTrouble::Missing)),
            ),
            (
                "outdated",
                page(Purpose::Apply, Some(ConsentTrouble::Outdated)),
            ),
        ]
    }
}

impl Page for ChooseDocument {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |trouble| Self {
            frame: frame.clone(),
            purpose: Purpose::Apply,
            progress: Progress::at(Purpose::Apply, Step::Document),
            application: APPLICATION.to_owned(),
            kinds: SAMPLE_KINDS.to_vec(),
            trouble,
        };
        vec![
            ("seven", page(None)),
            ("eighth", page(Some(DocumentTrouble::KindNotListed))),
        ]
    }
}

impl Page for ReadDocument {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |persons, trouble| Self {
            frame: frame.clone(),
            purpose: Purpose::Apply,
            progress: Progress::at(Purpose::Apply, Step::Document),
            application: APPLICATION.to_owned(),
            kind: SAMPLE_KINDS[0],
            persons,
            fields: DocumentFields::default(),
            trouble,
        };
        let mut samples = vec![
            ("simulator", page(sample_persons(), None)),
            ("plain", page(Vec::new(), None)),
        ];
        for trouble in DocumentTrouble::ALL {
            samples.push((trouble.name(), page(sample_persons(), Some(trouble))));
        }
        samples
    }
}

impl Page for FacePage {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let published = || Some(notice("face", ConsentKind::Separate, "人脸信息处理告知"));
        let page = |notice, tries_left| Self {
            frame: frame.clone(),
            purpose: Purpose::Apply,
            progress: Progress::at(Purpose::Apply, Step::Face),
            application: APPLICATION.to_owned(),
            notice,
            tries_left,
        };
        vec![
            ("ask", page(published(), None)),
            ("no-notice", page(None, None)),
            ("no-match", page(published(), Some(2))),
            ("last", page(published(), Some(0))),
        ]
    }
}

impl Page for ChoosePin {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |purpose, trouble| Self {
            frame: frame.clone(),
            purpose,
            progress: Progress::at(purpose, Step::Pin),
            application: APPLICATION.to_owned(),
            issuer: "http://localhost:8080".to_owned(),
            trouble,
        };
        let mut samples = vec![
            ("apply", page(Purpose::Apply, None)),
            ("new-pin", page(Purpose::NewPin, None)),
        ];
        for trouble in PinTrouble::ALL {
            samples.push((trouble.key(), page(Purpose::Apply, Some(trouble))));
        }
        samples
    }
}

impl Page for BindDevice {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |purpose| Self {
            frame: frame.clone(),
            purpose,
            progress: Progress::at(purpose, Step::Device),
            application: APPLICATION.to_owned(),
            issuer: "http://localhost:8080".to_owned(),
        };
        let of_minor = |guardian| Self {
            progress: Progress::at(Purpose::Apply, Step::Device).with_guardian(Some(guardian)),
            ..page(Purpose::Apply)
        };
        vec![
            ("apply", page(Purpose::Apply)),
            ("recover", page(Purpose::Recover)),
            ("under-14", of_minor(GuardianPart::Applies)),
            ("under-18", of_minor(GuardianPart::Confirms)),
        ]
    }
}

impl Page for RenewDocument {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let purpose = Purpose::Renew;
        let page = Self {
            frame: frame.clone(),
            purpose,
            progress: Progress::at(purpose, Step::Device),
            application: APPLICATION.to_owned(),
            issuer: "http://localhost:8080".to_owned(),
        };
        vec![("confirm", page)]
    }
}

impl Page for ApplyDone {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |purpose| Self {
            frame: frame.clone(),
            purpose,
        };
        vec![
            ("apply", page(Purpose::Apply)),
            ("recover", page(Purpose::Recover)),
        ]
    }
}

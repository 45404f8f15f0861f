//! The notices an application rests on (Art. 11), as the demo publishes them.

use crate::consent::ConsentKind;
use crate::id::NoticeId;

use super::{Notice, NoticeText, Processing, SensitivePart, Subject};
use crate::clock::Day;

/// The two notices of an application: the service itself, and the sensitive data it needs.
pub fn application_notices() -> Vec<Notice> {
    vec![service(), sensitive_data()]
}

fn service() -> Notice {
    Notice {
        id: NoticeId("service".to_owned()),
        version: 1,
        consent: ConsentKind::General,
        effective_from: Day(0),
        subject: Subject::new(
            &["issue", "verify"],
            &["register_check", "kept_encrypted"],
            &["document_kind", "document_number", "name", "birth_date", "document_validity", "device_key", "pin_digest"],
            "until_leaving",
        ),
        chinese: NoticeText {
            language: "zh-CN".to_owned(),
            title: "申领网号、网证的告知".to_owned(),
            provider: "网证开源实现（演示），不是国家官方服务。联系方式：本页底部的帮助与投诉入口。".to_owned(),
            processing: Processing::new(
                "为你生成网号、网证，并在你同意时核验你的真实身份。",
                "自动核对证件登记信息，加密保存。你在哪里用过网证，只有你自己的设备能读到。",
                "证件种类、证件号码、姓名、出生日期、证件有效期、设备公钥、口令摘要。",
                "保存到你注销为止；注销后立即删除。",
            ),
            rights: "你可以随时在“我的”里查阅、复制、更正、锁定、撤回同意、投诉和注销，不收费，也不影响你用其他方式办事。".to_owned(),
            other: "申领完全自愿。不使用网号、网证，你仍可用其他合法方式登记、核验身份，享有同等服务。个人信息只在境内保存。".to_owned(),
            sensitive: None,
        },
        english: NoticeText {
            language: "en".to_owned(),
            title: "Notice on applying for a network number and certificate".to_owned(),
            provider: "wangzheng, an open implementation (demo), not the state's own service. Contact: help and complaints at the foot of this page.".to_owned(),
            processing: Processing::new(
                "To make your network number and certificate, and to verify that you are a real person when you agree.",
                "Automatic comparison with the register of documents; kept encrypted. Where you used your certificate can be read on your own devices only.",
                "Kind and number of your document, name, date of birth, validity, public keys of your devices, digest of your PIN.",
                "Until you leave, then deleted at once.",
            ),
            rights: "Under “Me” you can at any time see, copy, correct, lock, withdraw consent, complain and leave, free of charge and without losing any other way.".to_owned(),
            other: "Applying is entirely voluntary. Without it you can still register and verify in other lawful ways, with equal service. Personal information stays in the territory.".to_owned(),
            sensitive: None,
        },
    }
}

fn sensitive_data() -> Notice {
    Notice {
        id: NoticeId("sensitive-data".to_owned()),
        version: 1,
        consent: ConsentKind::Separate,
        effective_from: Day(0),
        subject: Subject::new(
            &["document_check"],
            &["register_check", "kept_encrypted"],
            &["document_number"],
            "until_leaving",
        ),
        chinese: NoticeText {
            language: "zh-CN".to_owned(),
            title: "处理证件号码的单独同意".to_owned(),
            provider: "网证开源实现（演示），不是国家官方服务。联系方式：本页底部的帮助与投诉入口。".to_owned(),
            processing: Processing::new(
                "向证件登记机关核对证件是否真实有效。",
                "核对一次，之后证件到期、换证时再核对。",
                "证件号码（敏感个人信息）。不保存人脸图像。",
                "加密保存到你注销为止。",
            ),
            rights: "你可以随时撤回这项同意；撤回后网证停用，之前的核验仍然有效。".to_owned(),
            other: "证件号码不会提供给任何平台，除非有法律依据并经你再次单独同意。".to_owned(),
            sensitive: Some(SensitivePart {
                necessity: "没有证件号码，就无法确认证件属于你，也无法防止他人冒用你的身份申领。".to_owned(),
                effect: "号码泄露可能被人冒用。因此它只以密文保存，密钥与数据分开存放。".to_owned(),
            }),
        },
        english: NoticeText {
            language: "en".to_owned(),
            title: "Separate consent to the processing of your document number".to_owned(),
            provider: "wangzheng, an open implementation (demo), not the state's own service. Contact: help and complaints at the foot of this page.".to_owned(),
            processing: Processing::new(
                "To ask the register whether your document is real and valid.",
                "Once now, and again when it expires or is renewed.",
                "Document number (sensitive). No image of your face is kept.",
                "Encrypted, until you leave.",
            ),
            rights: "You can withdraw this consent at any time; the certificate then stops working, past verifications stay valid.".to_owned(),
            other: "The number is given to no platform without a legal basis and another separate consent of yours.".to_owned(),
            sensitive: Some(SensitivePart {
                necessity: "Without the number nobody can tell that the document is yours, or keep others from applying in your name.".to_owned(),
                effect: "A leaked number can be misused. It is therefore kept encrypted only, with its key kept apart from the data.".to_owned(),
            }),
        },
    }
}

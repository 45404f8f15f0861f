//! The notice on the data of children under 14 (R4.2, Art. 9(1), 11(2)): asked only of the guardian, who consents on
//! its own and by an own signature.

use crate::consent::ConsentKind;
use crate::id::NoticeId;

use super::{MINORS, Notice, NoticeText, Processing, SensitivePart, Subject};
use crate::clock::Day;

/// The guardian's separate consent to the processing of a child's data.
pub fn minors_notice() -> Notice {
    Notice {
        id: NoticeId(MINORS.to_owned()),
        version: 1,
        consent: ConsentKind::Separate,
        effective_from: Day(0),
        subject: Subject::new(
            &["issue_for_child", "consent_to_use"],
            &["guardian_check", "guardian_link"],
            &["guardianship", "standing_consent"],
            "until_of_age",
        ),
        chinese: NoticeText {
            language: "zh-CN".to_owned(),
            title: "监护人对处理不满十四周岁未成年人个人信息的单独同意".to_owned(),
            provider: "网证开源实现（演示），不是国家官方服务。联系方式：本页底部的帮助与投诉入口。".to_owned(),
            processing: Processing::new(
                "由你代孩子申领网号、网证，并在孩子每次使用前征得你的同意。",
                "向登记机关核对监护关系，必要时再次核对；加密保存你和孩子之间的关联。",
                "孩子的证件信息（见另外两份告知）、你与孩子的监护关系、你给平台的长期同意。不满十四周岁未成年人的个人信息都是敏感个人信息。",
                "孩子满十八周岁时删除监护关联，满十四周岁时长期同意全部失效；孩子注销时立即删除。",
            ),
            rights: "你可以随时在“我的－家人”里查看、撤回长期同意、重新核对监护关系，也可以代孩子查阅、更正、注销，不收费。".to_owned(),
            other: "申领完全自愿。不给孩子申领，孩子仍可用其他合法方式登记、核验身份。平台看不到监护人，也看不到是谁同意或拒绝。".to_owned(),
            sensitive: Some(SensitivePart {
                necessity: "法律要求不满十四周岁的人由监护人同意并代为申领、每次使用取得监护人同意。没有监护关系就无法做到。".to_owned(),
                effect: "监护关系泄露会暴露一个家庭。因此它分别加密保存在孩子和监护人名下，只有你们的设备能看到平台名称。".to_owned(),
            }),
        },
        english: NoticeText {
            language: "en".to_owned(),
            title: "A guardian's separate consent to the processing of the data of a child under 14".to_owned(),
            provider: "wangzheng, an open implementation (demo), not the state's own service. Contact: help and complaints at the foot of this page.".to_owned(),
            processing: Processing::new(
                "So that you can apply for the child, and are asked before each use.",
                "The register is asked whether you are a guardian, and asked again when needed; the tie between you and the child is kept encrypted.",
                "The child's document (see the two other notices), your guardianship, your standing consents for platforms. All data of a child under 14 is sensitive.",
                "The tie until the child is 18, standing consents until 14; all of it is deleted at once when the child leaves.",
            ),
            rights: "Under “Me – family” you can at any time look, withdraw standing consents and have the register asked again, and see, correct and delete on the child's behalf, free of charge.".to_owned(),
            other: "Applying is entirely voluntary. Without it the child can still register and verify in other lawful ways. No platform learns that there is a guardian, or who said yes or no.".to_owned(),
            sensitive: Some(SensitivePart {
                necessity: "The law has a guardian consent and apply for a child under 14, and consent to each use. That cannot be done without knowing the guardian.".to_owned(),
                effect: "A leaked tie would expose a family. It is therefore kept encrypted apart for child and guardian, and only your devices can read a platform's name.".to_owned(),
            }),
        },
    }
}

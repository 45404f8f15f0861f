//! The notice a face check rests on (Art. 9(1), 11(2), P-face): asked only of who chooses the face.

use crate::consent::ConsentKind;
use crate::id::NoticeId;

use super::{FACE, Notice, NoticeText, Processing, SensitivePart, Subject};
use crate::clock::Day;

/// The separate consent to a face check. Never needed to apply: there is always another way.
pub fn face_notice() -> Notice {
    Notice {
        id: NoticeId(FACE.to_owned()),
        version: 1,
        consent: ConsentKind::Separate,
        effective_from: Day(0),
        subject: Subject::new(&["person_check"], &["face_comparison"], &["face"], "moment"),
        chinese: NoticeText {
            language: "zh-CN".to_owned(),
            title: "人脸核验的单独同意".to_owned(),
            provider: "网证开源实现（演示），不是国家官方服务。联系方式：本页底部的帮助与投诉入口。".to_owned(),
            processing: Processing::new(
                "确认正在申领或者使用网证的是证件持有人本人。",
                "现场采集一次人脸，与证件登记照片比对，得出“一致”或“不一致”。",
                "人脸信息（敏感个人信息）。",
                "比对完成立即删除，不保存人脸图像，也不保存人脸特征，只记下核验方式。",
            ),
            rights: "你可以不同意，改用其他方式证明是你本人，申领不受影响。同意后也可以随时撤回，之后不再用人脸核验你。".to_owned(),
            other: "人脸不是唯一的核验方式。人脸信息不会提供给任何平台。".to_owned(),
            sensitive: Some(SensitivePart {
                necessity: "只有在你选择人脸核验时才需要。不选择，就不采集。".to_owned(),
                effect: "人脸信息无法更换，一旦泄露影响长久。因此本服务不保存它。".to_owned(),
            }),
        },
        english: NoticeText {
            language: "en".to_owned(),
            title: "Separate consent to a face check".to_owned(),
            provider: "wangzheng, an open implementation (demo), not the state's own service. Contact: help and complaints at the foot of this page.".to_owned(),
            processing: Processing::new(
                "To confirm that the holder of the document is the one who applies or uses the certificate.",
                "Your face is taken once and compared with the picture in the register; the answer is “match” or “no match”.",
                "Face information (sensitive).",
                "Deleted as soon as it is compared; no picture and no features are stored, only which way was used.",
            ),
            rights: "You can say no and prove in another way that it is you; your application does not suffer. You can also withdraw at any time: your face is then no longer used.".to_owned(),
            other: "A face is never the only way. Face information is given to no platform.".to_owned(),
            sensitive: Some(SensitivePart {
                necessity: "Needed only if you choose the face check. If you don't, nothing is taken.".to_owned(),
                effect: "A face cannot be replaced, so that a leak would matter for long. That is why this service keeps none.".to_owned(),
            }),
        },
    }
}

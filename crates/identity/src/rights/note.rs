//! What the other devices are told when a right is used.

use crate::inbox::InboxNote;
use crate::platform::LocalText;

fn note(topic: &str, title: (&str, &str), text: (&str, &str)) -> InboxNote {
    InboxNote {
        topic: topic.to_owned(),
        title: LocalText::new(title.0, title.1),
        text: LocalText::new(text.0, text.1),
    }
}

const NOT_YOU: (&str, &str) = (
    "如果不是你本人操作，请立即锁定网证并移除不认识的设备。",
    "If this was not you, lock your credential now and remove the device you do not know.",
);

pub(super) fn exported() -> InboxNote {
    note(
        "exported",
        (
            "有一台设备导出了你的个人信息",
            "A device exported your personal information",
        ),
        NOT_YOU,
    )
}

pub(super) fn restricted() -> InboxNote {
    note(
        "restricted",
        (
            "已限制处理你的个人信息",
            "The processing of your information is restricted",
        ),
        (
            "限制期间网证不回答任何平台。可以随时凭口令解除。",
            "Meanwhile your credential answers no platform. You can lift it at any time with your PIN.",
        ),
    )
}

pub(super) fn restriction_lifted() -> InboxNote {
    note(
        "restriction_lifted",
        ("已解除限制", "The restriction was lifted"),
        NOT_YOU,
    )
}

pub(super) fn reissued() -> InboxNote {
    note(
        "reissued",
        ("网号已更换", "Your number was re-issued"),
        (
            "旧网号永久失效；各平台上的账号不受影响。其他设备打开时会换上新的网证。如果不是你本人操作，请立即锁定网证。",
            "The old number is dead for ever; accounts at platforms stay as they are. Your other devices will fetch the new credential. If this was not you, lock your credential now.",
        ),
    )
}

pub(super) fn generation_raised() -> InboxNote {
    note(
        "generation_raised",
        (
            "你在各平台的应用标识已更换",
            "Your identifiers at the platforms were renewed",
        ),
        (
            "经两名工作人员复核办理。已通知接收变更的平台；其他平台的账号可能需要重新登记。",
            "Two members of staff reviewed and did this. Platforms that receive changes were told; accounts at others may need to be registered again.",
        ),
    )
}

//! What a person is told about the document, in the inbox.

use crate::inbox::InboxNote;
use crate::platform::LocalText;
use crate::wangzheng::Suspension;

fn note(topic: &str, title: (&str, &str), text: (&str, &str)) -> InboxNote {
    InboxNote {
        topic: topic.to_owned(),
        title: LocalText::new(title.0, title.1),
        text: LocalText::new(text.0, text.1),
    }
}

impl Suspension {
    /// The reason in words.
    pub fn reason(self) -> LocalText {
        let (chinese, english) = match self {
            Self::DocumentExpired => (
                "申领所用的证件已过有效期。",
                "The document it was issued for is past its validity.",
            ),
            Self::DocumentLost => (
                "申领所用的证件已挂失。",
                "The document it was issued for was reported lost.",
            ),
            Self::DocumentCancelled => (
                "申领所用的证件已被注销。",
                "The document it was issued for was cancelled.",
            ),
            Self::DocumentUnconfirmed => (
                "登记库不再确认证件号码、姓名和出生日期相符。",
                "The register does not confirm number, name and date of birth any more.",
            ),
            Self::Impersonation => (
                "经两名工作人员复核，认定它是用他人证件申领的。",
                "Two members of staff found in a review that it was got with another person's document.",
            ),
            Self::IssuedInError => (
                "经两名工作人员复核，签发时本服务出现差错。",
                "Two members of staff found in a review that this service made a mistake when it was issued.",
            ),
            Self::KeyStolen => (
                "你的设备密钥可能落入他人之手，而我们联系不上你；由两名工作人员共同决定暂停。",
                "Your device key may be in wrong hands and you could not be reached; two members of staff decided this together.",
            ),
            Self::HolderDied => (
                "登记机关报告持有人去世；由两名工作人员共同决定暂停。",
                "The register reports the holder's death; two members of staff decided this together.",
            ),
        };
        LocalText::new(chinese, english)
    }

    /// What the person can do.
    pub fn next_step(self) -> LocalText {
        let (chinese, english) = match self {
            Self::DocumentUnconfirmed => (
                "如果姓名、号码有变更，请在“我的—证件”里按新证件更正；如果登记有误，请先到发证机关更正。",
                "If your name or number changed, correct it under Me, Document, with the new document. If the register is wrong, have the issuing authority correct it first.",
            ),
            Self::Impersonation | Self::IssuedInError | Self::KeyStolen | Self::HolderDied => (
                "如果你不认可，可以在“我的—投诉”里申诉，由另外两名工作人员复核。",
                "If this is wrong, appeal under Me, Complaints; two other members of staff will review it.",
            ),
            _ => (
                "换领新证件后，在“我的—证件”里更新；网号和使用记录都保留。",
                "Renew the document, then update it under Me, Document. Your number and your history stay.",
            ),
        };
        LocalText::new(chinese, english)
    }
}

/// R15.2: suspended, why, and what to do.
pub(crate) fn suspended(why: Suspension) -> InboxNote {
    let (reason, next) = (why.reason(), why.next_step());
    note(
        why.as_str(),
        ("网证已暂停使用", "Your credential is suspended"),
        (
            &format!("{}{}", reason.chinese, next.chinese),
            &format!("{} {}", reason.english, next.english),
        ),
    )
}

/// R15.2: the document's newer state was taken over.
pub(crate) fn renewed() -> InboxNote {
    note(
        "document_renewed",
        ("证件信息已更新", "Your document was updated"),
        (
            "登记库里有更新的信息，已经采用。其他设备打开时会换上新的网证。网号和使用记录不变。",
            "The register has newer information, and it was taken over. Your other devices will fetch the new credential. Your number and your history stay.",
        ),
    )
}

/// PIPL 46: what came of a correction that waited.
pub(crate) fn confirmed() -> InboxNote {
    note(
        "correction_confirmed",
        ("更正申请已处理", "Your correction was processed"),
        (
            "登记库已恢复应答：它确认的信息与我们保存的一致，没有改动。",
            "The register answers again. It confirms what is held; nothing was changed.",
        ),
    )
}

/// PIPL 46, 50: why a correction that waited was not made.
pub(crate) fn refused(reason: &LocalText, next: &LocalText) -> InboxNote {
    note(
        "correction_refused",
        ("更正申请未能办理", "Your correction could not be made"),
        (
            &format!("{}{}", reason.chinese, next.chinese),
            &format!("{} {}", reason.english, next.english),
        ),
    )
}

//! 已收集个人信息清单: what is held about a person, by kind, with purpose and retention (PIPL 45, ui.md §5.6).

use serde::Serialize;

use crate::platform::LocalText;

/// One kind of data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Held {
    /// By name.
    pub kind: &'static str,
    /// What it is.
    pub title: LocalText,
    /// What for.
    pub purpose: LocalText,
    /// The rule that asks for it.
    pub basis: &'static str,
    /// How long.
    pub retention: LocalText,
    /// Whether it is sensitive (PIPL 28).
    pub sensitive: bool,
    /// The tables it lies in, so that none is forgotten.
    #[serde(skip)]
    pub tables: &'static [&'static str],
}

type Two = (&'static str, &'static str);

const LIFE: Two = ("注销时删除", "until you leave the service");

/// Kind, sensitive, basis; title; purpose; retention; tables.
struct Row(
    (&'static str, bool, &'static str),
    Two,
    Two,
    Two,
    &'static [&'static str],
);

const ROWS: &[Row] = &[
    Row(
        ("document", true, "Art. 4, R15.2"),
        (
            "证件种类、号码、姓名、出生日期、有效期",
            "Kind and number of the document, name, date of birth, validity",
        ),
        (
            "再次向登记库核对；年龄规则",
            "to ask the register again; the age rules",
        ),
        LIFE,
        &["person", "document", "data_key"],
    ),
    Row(
        ("wanghao", false, "Art. 2"),
        ("网号", "Number (wanghao)"),
        ("给你本人使用", "for you"),
        LIFE,
        &["person"],
    ),
    Row(
        ("wangzheng", false, "Art. 2"),
        (
            "网证的状态、期限和核对日期",
            "State, validity and checks of the credential",
        ),
        ("回答平台的核验", "to answer verifications"),
        LIFE,
        &["wangzheng"],
    ),
    Row(
        ("devices", false, "P-recovery"),
        ("设备的名称和公钥", "Names and public keys of your devices"),
        ("确认是你本人在操作", "to know that it is you"),
        (
            "移除设备或注销时删除",
            "until you remove the device or leave",
        ),
        &["device"],
    ),
    Row(
        ("pin", true, "S6"),
        (
            "口令的加密摘要和剩余次数",
            "A keyed digest of your PIN, and tries left",
        ),
        ("第二重核验", "the second factor"),
        LIFE,
        &["pin"],
    ),
    Row(
        ("consents", false, "Art. 9, R9.2"),
        ("同意和撤回的记录", "Consents given and withdrawn"),
        ("证明处理有依据", "to prove the basis of processing"),
        LIFE,
        &["consent"],
    ),
    Row(
        ("receipts", false, "C1"),
        (
            "使用记录（只有你的设备能打开）",
            "Your history (only your devices can open it)",
        ),
        ("给你本人的凭据", "your own evidence"),
        LIFE,
        &["audit_event"],
    ),
    Row(
        ("events", false, "C6, R12.1"),
        (
            "操作记录：哪一天、做了什么；不含平台",
            "What was done, on which day; no platform",
        ),
        ("审计和公开日志", "audit and the public log"),
        (
            "按审计要求保存，之后删除",
            "as audit demands, deleted afterwards",
        ),
        &["audit_event"],
    ),
    Row(
        ("requests", false, "R2.4"),
        (
            "等你确认的请求（加密）",
            "Requests that wait for you (sealed)",
        ),
        ("请你确认或拒绝", "so that you can decide"),
        ("办完或过期即删除", "until decided or over"),
        &["waiting_request"],
    ),
    Row(
        ("family", true, "Art. 4, 5, R4.2, R5.2"),
        (
            "监护关系和监护人的长期同意（平台名加密）",
            "Guardianship and standing consents of guardians (platforms sealed)",
        ),
        ("未成年人的申领和使用", "applying and use of a child"),
        (
            "成年、解除或注销时删除",
            "until of age, ended, or you leave",
        ),
        &["guardian_link", "standing_consent", "minor"],
    ),
    Row(
        ("deferred", false, "Art. 11(4), R11.4"),
        (
            "紧急情况消除后要告知你的事（加密）",
            "What you are told after an emergency (sealed)",
        ),
        ("延后告知", "to tell you in time"),
        ("告知后删除", "until you are told"),
        &["deferred_notice"],
    ),
    Row(
        ("leaving", false, "R9.5"),
        ("注销申请", "That you asked to leave"),
        ("到期后删除你的信息", "to delete your information in time"),
        ("随注销一并删除", "goes with the erasure"),
        &["leaving"],
    ),
    Row(
        ("codes", false, "B2"),
        ("已使用的一次性代码的摘要", "Digests of single-use codes"),
        ("防止重复使用", "so that none works twice"),
        ("约十分钟", "about ten minutes"),
        &["redeemed_code"],
    ),
];

/// The whole list.
pub fn held() -> Vec<Held> {
    let text = |two: Two| LocalText::new(two.0, two.1);
    ROWS.iter()
        .map(
            |Row((kind, sensitive, basis), title, purpose, retention, tables)| Held {
                kind,
                title: text(*title),
                purpose: text(*purpose),
                basis,
                retention: text(*retention),
                sensitive: *sensitive,
                tables,
            },
        )
        .collect()
}

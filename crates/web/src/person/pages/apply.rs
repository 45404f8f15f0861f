//! 申领 page by page; nothing is stored before the last step.

use identity::notice::NoticeText;

use crate::page::apply::NoticePart;

/// The parts of a notice with their headings (Art. 11(1) and (2)).
pub fn parts(text: &NoticeText, language: &str) -> Vec<NoticePart> {
    let english = language.starts_with("en");
    let heading = |chinese: &str, other: &str| if english { other.to_owned() } else { chinese.to_owned() };
    let part = |heading: String, text: &str| NoticePart { heading, text: text.to_owned() };
    let mut parts = vec![
        part(heading("谁来处理", "Who processes it"), &text.provider),
        part(
            heading("为什么、怎样处理、处理什么、保存多久", "Why, how, what and for how long"),
            &text.processing,
        ),
        part(heading("你的权利和怎样行使", "Your rights and how to use them"), &text.rights),
        part(heading("其他依法应当告知的事", "What else the law wants you to know"), &text.other),
    ];
    if let Some(sensitive) = &text.sensitive {
        parts.push(part(heading("为什么必要", "Why it is necessary"), &sensitive.necessity));
        parts.push(part(heading("对你的影响", "What it means for you"), &sensitive.effect));
    }
    parts
}

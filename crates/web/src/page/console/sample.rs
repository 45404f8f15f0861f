//! Examples of every kind of block and field, for the tests of all pages.

use super::{Block, Cell, Does, Field, Form, Input, Message, Table, Tone};
use crate::page::notices::{Change, Piece};

pub(super) fn empty_table() -> Block {
    Block::Table(Table {
        caption: "投诉".to_owned(),
        heads: vec!["平台".to_owned()],
        rows: Vec::new(),
        empty: "没有".to_owned(),
    })
}

pub(super) fn blocks() -> Vec<Block> {
    vec![
        Block::Text("只看数字，从不看人。".to_owned()),
        Block::Note(Tone::Bad, "审计链断裂".to_owned()),
        Block::Note(Tone::Ok, "与上次查看一致".to_owned()),
        Block::Heading("平台".to_owned()),
        Block::Facts(vec![("树的大小".to_owned(), "1024".to_owned())]),
        Block::Table(Table {
            caption: "平台".to_owned(),
            heads: vec!["名称".to_owned(), "状态".to_owned()],
            rows: vec![vec![
                Cell::link("岚山论坛", "/operator/platforms/forum"),
                Cell::state("正常", Tone::Ok),
            ]],
            empty: String::new(),
        }),
        empty_table(),
        Block::Message(Message {
            language: "zh-CN",
            title: "安全事件告知".to_owned(),
            text: "涉及的信息：加密的登记信息\n联系方式：12345".to_owned(),
        }),
        Block::Changes("zh-CN", vec![change()]),
        Block::Download {
            href: "/operator/incidents/nothing/report".to_owned(),
            text: "下载报告".to_owned(),
        },
    ]
}

fn change() -> Change {
    Change {
        heading: "处理目的".to_owned(),
        pieces: vec![
            Piece::Kept("核验身份。".to_owned()),
            Piece::Removed("不收费。".to_owned()),
            Piece::Added("不收取费用。".to_owned()),
        ],
    }
}

pub(super) fn forms() -> Vec<Block> {
    let field = |name, input| Field::new(name, name, input);
    let reasons = vec![("leak".to_owned(), "泄露".to_owned())];
    vec![
        Block::Form(Form {
            id: "suspend",
            legend: "暂停平台".to_owned(),
            does: Does::Proposes {
                act: "suspend_platform",
                fixed: r#"{"platform":"forum"}"#.to_owned(),
            },
            fields: vec![
                field("reason", Input::Choice(reasons)),
                field("explanation", Input::Lines),
                field("hours", Input::Number).with("4"),
                field("until", Input::Day).optional(),
                field(
                    "asks",
                    Input::Ticks(vec![("ask_name", "姓名".to_owned(), true)]),
                ),
            ],
            buttons: vec![("propose", "提出".to_owned())],
            danger: true,
        }),
        Block::Form(Form {
            id: "confirm",
            legend: "确认".to_owned(),
            does: Does::Answers {
                answer: "confirm",
                proposal: "abcdefgh".to_owned(),
                digest: "ZGlnZXN0".to_owned(),
            },
            fields: vec![],
            buttons: vec![("confirm", "确认".to_owned())],
            danger: false,
        }),
        Block::Form(Form {
            id: "review",
            legend: "退回或拒绝".to_owned(),
            does: Does::posts("/operator/review"),
            fields: vec![
                field("digest", Input::Hidden).with("ZGlnZXN0"),
                field("key", Input::Json),
                Field {
                    optional: true,
                    ..field("reasons", Input::Line)
                },
            ],
            buttons: vec![("return", "退回".to_owned()), ("refuse", "拒绝".to_owned())],
            danger: false,
        }),
        Block::Form(Form {
            id: "find",
            legend: "核对".to_owned(),
            does: Does::Asks("/supervisor/log"),
            fields: vec![field("commitment", Input::Line)],
            buttons: vec![("", "核对".to_owned())],
            danger: false,
        }),
    ]
}

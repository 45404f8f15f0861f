use std::path::Path;

use serde_json::{Value, json};

use super::{acting_wallet, service};
use crate::wallet::{
    Report,
    arguments::NoticesArguments,
    failure::Failure,
    folder::Folder,
    protocol::notices::{self, Standing},
};

/// `wallet notices`
pub(super) async fn run(data: &Path, arguments: NoticesArguments) -> Result<Report, Failure> {
    let folder = Folder::new(data, &arguments.whose.person)?;
    let (wallet, transport) = acting_wallet(&folder).await?;
    let service = service(&transport);
    let mut notes = Vec::new();
    // 1. Where the person stands, with what changed since.
    let before = notices::notices(&service, &wallet).await?;
    notes.extend(before.in_force.iter().flat_map(changed));
    // 2. Agree to what waits, or take one back.
    if arguments.agree {
        for waiting in before.in_force.iter().filter(|notice| notice.asked) {
            notices::agree(&service, &wallet, &waiting.digest).await?;
        }
    }
    let mut effect = Value::Null;
    if let Some(id) = &arguments.withdraw {
        let named = before.in_force.iter().find(|notice| notice.id == *id);
        let named = named.ok_or_else(|| {
            let ids: Vec<&str> = before.in_force.iter().map(|n| n.id.as_str()).collect();
            Failure::usage(format!("no notice {id}; there are: {}", ids.join(", ")))
        })?;
        effect = notices::withdraw(&service, &wallet, &named.digest).await?["effect"].clone();
    }
    // 3. And where now.
    let now = notices::notices(&service, &wallet).await?;
    if let Some(effect) = effect.as_str() {
        notes.push(what_follows(effect).to_owned());
    }
    Ok(Report {
        lines: now.in_force.iter().map(line).collect(),
        json: json!({
            "person": wallet.person,
            "notices": now.in_force,
            "upcoming": now.upcoming,
            "history": now.history,
            "effect": effect,
        }),
        notes,
    })
}

fn line(standing: &Standing) -> String {
    let state = match standing.state.as_str() {
        "agreed" => "已同意 agreed",
        "mended" => "已同意，后来只改了文字 agreed, words mended since",
        "asked_again" => "等你决定 asked again",
        "withdrawn" => "已撤回 taken back",
        _ => "没有同意过 not agreed",
    };
    let Standing {
        id, version, title, ..
    } = standing;
    format!("{id} v{version} {title}  {state}")
}

fn changed(standing: &Standing) -> Vec<String> {
    let mut lines = Vec::new();
    for change in &standing.changes {
        lines.push(format!("{} · {}", standing.title, change.heading));
        for sentence in &change.sentences {
            let mark = match sentence.change.as_str() {
                "removed" => "-",
                "added" => "+",
                _ => " ",
            };
            lines.push(format!("  {mark} {}", sentence.text));
        }
    }
    lines
}

fn what_follows(effect: &str) -> &'static str {
    match effect {
        "service_stops" => {
            "网证停用，直到重新同意；要删除信息请办注销 · the 网证 stops until you agree again; leave to have your data deleted"
        }
        "face_no_longer_used" => "不再用人脸核验 · your face is no longer used",
        _ => "没有可以撤回的同意 · there was nothing to take back",
    }
}

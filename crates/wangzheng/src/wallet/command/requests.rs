use std::path::Path;

use serde_json::{Value, json};

use super::{acting_wallet, service};
use crate::wallet::{
    Report, arguments::Whose, failure::Failure, folder::Folder, protocol::waiting,
};

/// `wallet requests`
pub(super) async fn run(data: &Path, whose: &Whose) -> Result<Report, Failure> {
    let folder = Folder::new(data, &whose.person)?;
    let (wallet, transport) = acting_wallet(&folder).await?;
    let list = waiting::waiting(&service(&transport), &wallet).await?;
    let requests: Vec<Value> = list
        .requests
        .iter()
        .map(|one| {
            json!({
                "platform": one.request.platform.name,
                "host": one.request.platform.host,
                "scenario": one.request.scenario.id,
                "mode": one.request.mode,
                "binding_message": one.binding_message,
                "numbers": one.request.numbers,
                "expires_at": one.expires_at,
            })
        })
        .collect();
    let mut lines: Vec<String> = list
        .requests
        .iter()
        .map(|one| {
            format!(
                "{} ({})  {}  {}",
                one.request.platform.name,
                one.request.platform.host,
                one.request.scenario.title,
                one.binding_message.as_deref().unwrap_or_default(),
            )
        })
        .collect();
    if lines.is_empty() {
        lines.push("没有待确认的请求 · nothing waits".to_owned());
    }
    let mut notes = Vec::new();
    if list.refused_lately > 0 {
        notes.push(format!(
            "最近 {0} 次请求都被拒绝 · the last {0} requests were refused",
            list.refused_lately
        ));
    }
    Ok(Report {
        json: json!({
            "requests": requests,
            "refused_lately": list.refused_lately,
            "left_in_peace": list.left_in_peace,
        }),
        lines,
        notes,
    })
}

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::{acting_wallet, service};
use crate::wallet::{
    Report,
    arguments::{Correct, Export, Pinned, Renew, Restrict, Rights, Whose},
    failure::Failure,
    folder::{self, Folder},
    private_file,
    protocol::{application::DocumentText, lock::act, rights},
};

/// `wallet rights …`
pub(super) async fn run(data: &Path, rights: Rights) -> Result<Report, Failure> {
    match rights {
        Rights::See(whose) => told(data, &whose, "held").await,
        Rights::Explain(whose) => told(data, &whose, "explain").await,
        Rights::Export(arguments) => export(data, arguments).await,
        Rights::Correct(arguments) => correct(data, arguments).await,
        Rights::Restrict(arguments) => restrict(data, arguments).await,
    }
}

/// What the service answers, as it is.
async fn told(data: &Path, whose: &Whose, what: &str) -> Result<Report, Failure> {
    let folder = Folder::new(data, &whose.person)?;
    let (wallet, transport) = acting_wallet(&folder).await?;
    let answer = act(&service(&transport), &wallet, what, Map::new()).await?;
    let lines = if what == "held" {
        each(&answer["held"], |row| {
            format!(
                "{} · {} — {} · {}",
                both(&row["title"], "chinese"),
                both(&row["title"], "english"),
                both(&row["purpose"], "chinese"),
                both(&row["retention"], "chinese"),
            )
        })
    } else {
        let state = answer["state"].as_str().unwrap_or_default();
        let mut lines = vec![format!("{}: {state}", whose.person)];
        lines.extend(each(&answer["reasons"], |reason| {
            format!(
                "  {} ({}) {} · {}",
                reason["code"].as_str().unwrap_or_default(),
                reason["rule"].as_str().unwrap_or_default(),
                both(&reason["why"], "chinese"),
                both(&reason["why"], "english"),
            )
        }));
        lines
    };
    Ok(Report {
        json: answer,
        lines,
        notes: Vec::new(),
    })
}

fn each(list: &Value, line: impl Fn(&Value) -> String) -> Vec<String> {
    list.as_array().into_iter().flatten().map(line).collect()
}

fn both<'v>(text: &'v Value, language: &str) -> &'v str {
    text[language].as_str().unwrap_or_default()
}

/// `wallet rights export`: two files, one signed for programs and one to read.
async fn export(data: &Path, arguments: Export) -> Result<Report, Failure> {
    let folder = Folder::new(data, &arguments.whose.person)?;
    let (wallet, transport) = acting_wallet(&folder).await?;
    let pin = arguments.pin.as_ref().unwrap_or(&wallet.pin);
    let service = service(&transport);
    let export = rights::export(&service, &wallet, pin).await?;
    let day = service.now().day();
    let path = arguments
        .out
        .unwrap_or_else(|| folder.file(&format!("export-{day}.json")));
    let page = readable(&path);
    let text = serde_json::to_vec_pretty(&export.file)
        .map_err(|_| Failure::unable("the export could not be written"))?;
    private_file::write(&path, &text).map_err(|error| Failure::disk(&path, &error))?;
    private_file::write(&page, export.page.as_bytes())
        .map_err(|error| Failure::disk(&page, &error))?;
    Ok(Report {
        json: json!({
            "person": wallet.person,
            "file": path,
            "page": page,
            "signature": "good",
            "history": export.entries,
        }),
        lines: vec![path.display().to_string(), page.display().to_string()],
        notes: vec![
            "签名有效，出自本服务 · the signature is good and of this service".to_owned(),
            "文件含证件号码，请妥善保管 · it holds the document number: keep it safe".to_owned(),
        ],
    })
}

/// The page lies beside the file.
fn readable(path: &Path) -> PathBuf {
    let page = path.with_extension("html");
    if page == path {
        path.with_extension("page.html")
    } else {
        page
    }
}

/// `wallet rights correct`
async fn correct(data: &Path, arguments: Correct) -> Result<Report, Failure> {
    let name = &arguments.whose.person;
    let folder = Folder::new(data, name)?;
    let (mut wallet, transport) = acting_wallet(&folder).await?;
    let document = if arguments.document.is_empty() {
        None
    } else {
        Some(
            arguments
                .document
                .over(folder::person(data, name)?.document),
        )
    };
    let change = rights::correct(&service(&transport), &mut wallet, document.as_ref()).await?;
    folder.keep(&wallet)?;
    Ok(changed(name, &change))
}

/// `wallet renew`
pub(super) async fn renew(data: &Path, arguments: Renew) -> Result<Report, Failure> {
    let name = &arguments.whose.person;
    let folder = Folder::new(data, name)?;
    let (mut wallet, transport) = acting_wallet(&folder).await?;
    let document: DocumentText = arguments
        .document
        .over(folder::person(data, name)?.document);
    let change = rights::renew(&service(&transport), &mut wallet, &document).await?;
    folder.keep(&wallet)?;
    Ok(changed(name, &change))
}

fn changed(person: &str, change: &rights::Change) -> Report {
    let line = match change.state.as_str() {
        "unchanged" => {
            "登记库确认，无需更正 · the register confirms what is held; nothing to correct"
                .to_owned()
        }
        "waiting" => format!(
            "登记库没有应答，已排队（受理号 {}），办好后会通知 · the register does not answer; it waits under this number and you will be told",
            change.queue_number.as_deref().unwrap_or("–")
        ),
        _ => format!(
            "已更新 changed: {} · 网证 credential {} · 有效期至 valid until {}",
            change.changed.join(", "),
            change.wangzheng.as_deref().unwrap_or("–"),
            change.valid_until.as_deref().unwrap_or("–")
        ),
    };
    Report {
        json: json!({
            "person": person,
            "state": change.state,
            "changed": change.changed,
            "serial": change.serial,
            "valid_until": change.valid_until,
            "wangzheng": change.wangzheng,
            "queue_number": change.queue_number,
        }),
        lines: vec![format!("{person}: {line}")],
        notes: Vec::new(),
    }
}

/// `wallet rights restrict [--lift]`
async fn restrict(data: &Path, arguments: Restrict) -> Result<Report, Failure> {
    let folder = Folder::new(data, &arguments.whose.person)?;
    let (wallet, transport) = acting_wallet(&folder).await?;
    let pin = arguments.pin.as_ref().unwrap_or(&wallet.pin);
    let lift_with = arguments.lift.then_some(pin.as_str());
    rights::restrict(&service(&transport), &wallet, lift_with).await?;
    let line = if arguments.lift {
        "限制已解除 · the restriction is lifted"
    } else {
        "已限制处理；网证不回答任何平台 · restricted; no platform gets an answer"
    };
    Ok(Report {
        json: json!({ "person": wallet.person, "restricted": !arguments.lift }),
        lines: vec![format!("{}: {line}", wallet.person)],
        notes: Vec::new(),
    })
}

/// `wallet reissue`
pub(super) async fn reissue(data: &Path, arguments: Pinned) -> Result<Report, Failure> {
    let folder = Folder::new(data, &arguments.whose.person)?;
    let (mut wallet, transport) = acting_wallet(&folder).await?;
    let pin = arguments.pin.clone().unwrap_or_else(|| wallet.pin.clone());
    let reissued = rights::reissue(&service(&transport), &mut wallet, &pin).await?;
    folder.keep(&wallet)?;
    Ok(Report {
        json: json!({
            "person": wallet.person,
            "wanghao": reissued.wanghao,
            "wanghao_masked": reissued.wanghao_masked,
            "serial": reissued.serial,
        }),
        lines: vec![format!(
            "{}: 网号已更换 new number: {}",
            wallet.person, reissued.wanghao_masked
        )],
        notes: vec![
            "旧网号永久失效；各平台账号不变 · the old number is dead for ever; accounts at platforms stay"
                .to_owned(),
        ],
    })
}

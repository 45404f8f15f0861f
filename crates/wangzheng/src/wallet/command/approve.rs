use std::{
    io::{self, IsTerminal, Write},
    path::Path,
};

use serde_json::json;

use super::{acting_wallet, service};
use crate::wallet::{
    Report,
    arguments::{Approve, Face},
    failure::Failure,
    folder::Folder,
    protocol::approval::{self, Address, Approval, Decided, Decision, NotForThisWallet, Request},
};

/// `wallet approve`
pub(super) async fn run(data: &Path, arguments: Approve) -> Result<Report, Failure> {
    let folder = Folder::new(data, &arguments.whose.person)?;
    let wallet = folder.held_wallet()?;
    // 1. Only the service that issued the 网证 is ever answered.
    let address =
        Address::parse(&arguments.address, &wallet.issuer).map_err(|error| match error {
            NotForThisWallet::OtherIssuer => Failure::refused("other_issuer", error.to_string()),
            NotForThisWallet::Unknown => Failure::usage(error.to_string()),
        })?;
    // A code from another screen is good once and for seconds: do not take it up in vain.
    let other_screen = matches!(address, Address::OtherScreen { .. }) && !arguments.deny;
    let mut number = arguments.number;
    if other_screen && number.is_none() && !io::stdin().is_terminal() {
        let text = "say which number the other screen shows: --number NUMBER";
        return Err(Failure::usage(text));
    }
    let (wallet, transport) = acting_wallet(&folder).await?;
    let service = service(&transport);
    // 2. Who asks what, why, on which law.
    let request = approval::look(&service, &address).await?;
    if other_screen && number.is_none() {
        number = Some(ask_number(&request)?);
    }
    // 3. Decide.
    let decision = if arguments.deny {
        Decision::Refuse
    } else {
        Decision::Approve(Approval {
            consent: arguments.consent,
            pin: arguments.mode_pin,
            face: match arguments.mode_face {
                Face::Ok => "ok".to_owned(),
                Face::Fail => "fail".to_owned(),
            },
            number,
        })
    };
    let decided = approval::decide(&service, &wallet, &address, &request, &decision).await?;
    Ok(report(&request, &decision, &decided))
}

/// Asks the person at the terminal to pick the number that the other screen shows.
fn ask_number(request: &Request) -> Result<String, Failure> {
    let unable = |_| Failure::unable("nothing could be read; name the number with --number");
    let mut terminal = io::stderr();
    let shown = request.numbers.join(" · ");
    write!(
        terminal,
        "另一块屏幕上是哪个数字 which number is on the other screen? {shown}: "
    )
    .map_err(unable)?;
    terminal.flush().map_err(unable)?;
    let mut line = String::new();
    io::stdin().read_line(&mut line).map_err(unable)?;
    Ok(line.trim().to_owned())
}

fn report(request: &Request, decision: &Decision, decided: &Decided) -> Report {
    let word = match decision {
        Decision::Refuse => "已拒绝 refused",
        Decision::Approve(_) => "已同意 approved",
    };
    let notes = vec![
        format!(
            "{word}: {} ({})",
            request.platform.name, request.platform.host
        ),
        format!(
            "  场景 scenario: {} ({})",
            request.scenario.title, request.scenario.id
        ),
        format!("  依据 law: {}", request.scenario.legal_basis),
        format!("  方式 mode: {}", request.mode.acr()),
    ];
    match decided {
        Decided::Redirect(redirect) => Report {
            json: json!({ "redirect": redirect }),
            lines: vec![redirect.clone()],
            notes,
        },
        Decided::OtherScreen => Report {
            json: json!({ "done": true }),
            lines: vec!["请回到另一块屏幕 · go on at the other screen".to_owned()],
            notes,
        },
    }
}

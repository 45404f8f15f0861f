use std::{
    io::{self, IsTerminal, Write},
    path::Path,
};

use serde_json::json;

use super::{acting_wallet, guardian, service};
use crate::wallet::{
    Report,
    arguments::{Approve, Face},
    failure::Failure,
    folder::Folder,
    protocol::{
        approval::{self, Address, Approval, Decided, Decision, NotForThisWallet, Request},
        guardian::{Choice, Part, part_of_verification},
        waiting,
    },
};

/// `wallet approve`
pub(super) async fn run(data: &Path, mut arguments: Approve) -> Result<Report, Failure> {
    let folder = Folder::new(data, &arguments.whose.person)?;
    let wallet = folder.held_wallet()?;
    let Some(address) = arguments.address.clone() else {
        return pending(data, &folder, arguments).await;
    };
    // 1. Only the service that issued the 网证 is ever answered.
    let address = Address::parse(&address, &wallet.issuer).map_err(|error| match error {
        NotForThisWallet::OtherIssuer => Failure::refused("other_issuer", error.to_string()),
        NotForThisWallet::Unknown => Failure::usage(error.to_string()),
    })?;
    // A code from another screen is good once and for seconds: do not take it up in vain.
    let other_screen = matches!(address, Address::OtherScreen { .. }) && !arguments.deny;
    let mut number = arguments.number.take();
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
    arguments.number = number;
    // At another screen a no needs no number, so it is the person's own.
    let guardian = arguments.guardian.as_deref();
    let guardian = guardian.filter(|_| !(arguments.deny && request.number_match));
    let part = match guardian {
        None => None,
        Some(name) => {
            let beside = guardian::wallet(data, name, &wallet.issuer)?;
            let choice = choice(&arguments);
            let part = part_of_verification(&service, &beside, &wallet, &request, choice)?;
            Some(part)
        }
    };
    let decision = decision(arguments, part);
    let decided = approval::decide(&service, &wallet, &address, &request, &decision).await?;
    Ok(report(&request, &decision, &decided))
}

/// `wallet approve --pending`: a request that came by no address.
async fn pending(data: &Path, folder: &Folder, arguments: Approve) -> Result<Report, Failure> {
    let (wallet, transport) = acting_wallet(folder).await?;
    let service = service(&transport);
    let list = waiting::waiting(&service, &wallet).await?;
    let newest = list.requests.into_iter().max_by_key(|one| one.expires_at);
    let Some(newest) = newest else {
        let text = "no platform started a request that waits for this person";
        return Err(Failure::refused("nothing_waits", text));
    };
    let request = newest.request;
    // It goes where all decisions go; there is no browser to send on.
    let address = Address::Authorization {
        base: String::new(),
        path: String::new(),
    };
    let part = match arguments.guardian.as_deref() {
        None => None,
        Some(name) => {
            let beside = guardian::wallet(data, name, &wallet.issuer)?;
            let choice = choice(&arguments);
            let part = part_of_verification(&service, &beside, &wallet, &request, choice)?;
            Some(part)
        }
    };
    let decision = decision(arguments, part);
    let decided = approval::decide(&service, &wallet, &address, &request, &decision).await?;
    Ok(report(&request, &decision, &decided))
}

/// What a guardian beside the person decides.
fn choice(arguments: &Approve) -> Choice {
    match (arguments.deny, arguments.standing) {
        (true, _) => Choice::No,
        (false, true) => Choice::Always,
        (false, false) => Choice::Once,
    }
}

fn decision(arguments: Approve, guardian: Option<Part>) -> Decision {
    if arguments.deny && guardian.is_none() {
        return Decision::Refuse;
    }
    Decision::Approve(Approval {
        consent: arguments.consent,
        pin: arguments.mode_pin,
        face: match arguments.mode_face {
            Face::Ok => "ok".to_owned(),
            Face::Fail => "fail".to_owned(),
        },
        number: arguments.number,
        guardian,
    })
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
    let word = if decision.is_no() {
        "已拒绝 refused"
    } else {
        "已同意 approved"
    };
    let mut notes = vec![
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
    // Names, never values: a terminal is read over shoulders too.
    if let Decision::Approve(approval) = decision
        && !request.attributes.is_empty()
    {
        let given = approval.consent.names(request);
        let given = if given.is_empty() {
            "只有核验结果 only the result".to_owned()
        } else {
            given.join(", ")
        };
        notes.push(format!("  单独同意 separate consent: {given}"));
    }
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

//! 授权: what platforms may use, gathered from the person's own receipts; withdrawal and deletion, followed (R9.2).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    Failed, Refusal, Service, Wallet, guardian,
    history::{self, Receipt},
    lock::act,
    transport::Transport,
    understand,
};

/// One platform, as the person's device knows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct AtPlatform {
    /// Trade name.
    pub platform: String,
    /// Host name.
    pub host: String,
    /// The app its receipts are made out to.
    pub client: String,
    /// Day of the first use.
    pub since: Option<String>,
    /// Day of the last use.
    pub last_use: Option<String>,
    /// What for.
    pub scenarios: Vec<String>,
    /// What the platform knows the person by.
    pub subject: Option<String>,
    /// Whether the person withdrew and did not come back since.
    pub withdrawn: bool,
    /// What was set going there.
    pub going: Vec<Going>,
}

/// Something a platform was told and has to confirm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Going {
    /// `withdrawal` or `deletion_request`.
    pub kind: String,
    /// By which it is followed.
    pub tracking: String,
    /// `sent`, `confirmed`, `overdue` or `unknown`.
    pub state: String,
    /// When the confirmation is due, in seconds.
    pub due: Option<i64>,
    /// When it came.
    pub confirmed_at: Option<i64>,
}

/// What the service says of something that was set going.
#[derive(Debug, Deserialize)]
struct Tracked {
    tracking: String,
    state: String,
    #[serde(default)]
    due: Option<i64>,
    #[serde(default)]
    at: Option<i64>,
}

/// Whose device signs: the person's own, or that of a guardian for a child under 14 (R4.2, R9.2).
pub(crate) struct Acting<'a> {
    /// The wallet that signs.
    pub wallet: &'a Wallet,
    /// What the guardian's device calls the child.
    pub child: Option<Value>,
}

impl<'a> Acting<'a> {
    /// The person decides alone.
    pub(crate) fn alone(wallet: &'a Wallet) -> Self {
        Self {
            wallet,
            child: None,
        }
    }

    /// A guardian decides for the person of `child`.
    pub(crate) async fn guardian<T: Transport>(
        service: &Service<'_, T>,
        guardian: &'a Wallet,
        child: &Wallet,
    ) -> Result<Self, Failed> {
        let family = guardian::family(service, child).await?;
        Ok(Self {
            wallet: guardian,
            child: Some(family["child"].clone()),
        })
    }
}

/// What to do about a platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// 撤回.
    Withdraw,
    /// 要求删除.
    Delete,
}

/// All platforms the person was verified at, the last used first.
pub(crate) async fn platforms<T: Transport>(
    service: &Service<'_, T>,
    wallet: &Wallet,
    receipts: &[Receipt],
) -> Result<Vec<AtPlatform>, Failed> {
    let mut platforms = gather(receipts);
    let tracking: Vec<&str> = platforms
        .iter()
        .flat_map(|one| &one.going)
        .map(|going| going.tracking.as_str())
        .collect();
    if tracking.is_empty() {
        return Ok(platforms);
    }
    let mut fields = Map::new();
    fields.insert("tracking".to_owned(), json!(tracking));
    let mut answer = act(service, wallet, "tracking", fields).await?;
    let states: Vec<Tracked> = understand(answer["tracking"].take(), "tracking")?;
    let states: BTreeMap<String, Tracked> = states
        .into_iter()
        .map(|one| (one.tracking.clone(), one))
        .collect();
    for going in platforms.iter_mut().flat_map(|one| &mut one.going) {
        if let Some(tracked) = states.get(&going.tracking) {
            going.state.clone_from(&tracked.state);
            going.due = tracked.due.or(going.due);
            going.confirmed_at = tracked.at;
        }
    }
    Ok(platforms)
}

/// Gathers receipts and notes by platform.
fn gather(receipts: &[Receipt]) -> Vec<AtPlatform> {
    let mut platforms: Vec<AtPlatform> = Vec::new();
    for receipt in receipts {
        let client = receipt.text("aud").or_else(|| receipt.text("client"));
        let (Some(client), Some(host)) = (client, receipt.text("host")) else {
            continue;
        };
        // Several platforms may share a host, as those of the demo do.
        let name = receipt.text("platform").unwrap_or(host);
        let is_same = |one: &AtPlatform| one.host == host && one.platform == name;
        let known = platforms.iter().position(is_same);
        let position = known.unwrap_or_else(|| {
            platforms.push(AtPlatform {
                platform: name.to_owned(),
                host: host.to_owned(),
                client: client.to_owned(),
                since: None,
                last_use: None,
                scenarios: Vec::new(),
                subject: None,
                withdrawn: false,
                going: Vec::new(),
            });
            platforms.len() - 1
        });
        platforms[position].add(receipt);
    }
    platforms
}

impl AtPlatform {
    /// Adds an entry; they come newest first.
    fn add(&mut self, receipt: &Receipt) {
        if receipt.kind == "verification" {
            self.since = Some(receipt.day.clone());
            self.last_use.get_or_insert_with(|| receipt.day.clone());
            if let Some(scenario) = receipt.text("scenario")
                && !self.scenarios.iter().any(|known| known == scenario)
            {
                self.scenarios.push(scenario.to_owned());
            }
            if self.subject.is_none() {
                self.subject = receipt.text("sub").map(str::to_owned);
            }
        } else if let Some(tracking) = receipt.text("tracking") {
            // Nothing was used since: it still holds.
            self.withdrawn |= receipt.kind == "withdrawal" && self.last_use.is_none();
            self.going.push(Going {
                kind: receipt.kind.clone(),
                tracking: tracking.to_owned(),
                state: "unknown".to_owned(),
                due: receipt.claims.get("due").and_then(Value::as_i64),
                confirmed_at: None,
            });
        }
    }

    /// Whether a person means this platform: by its name, host, or app.
    fn is_called(&self, name: &str) -> bool {
        let app = self.client.split_once('-');
        let app = app.map_or(self.client.as_str(), |(_, app)| app);
        [self.platform.as_str(), &self.host, &self.client, app].contains(&name)
    }
}

/// Withdraws from a platform or asks it to delete. `name` is as the person says it: a name, a host, a client id.
pub(crate) async fn tell<T: Transport>(
    service: &Service<'_, T>,
    acting: &Acting<'_>,
    platforms: &[AtPlatform],
    name: &str,
    what: What,
) -> Result<Value, Failed> {
    let known = platforms.iter().find(|one| one.is_called(name));
    let client = known.map_or(name, |one| one.client.as_str());
    let endpoint = match what {
        What::Withdraw => "withdraw_consent",
        What::Delete => "request_deletion",
    };
    let mut fields = Map::new();
    fields.insert("platform".to_owned(), json!(client));
    if let Some(child) = &acting.child {
        fields.insert("child".to_owned(), child.clone());
    }
    act(service, acting.wallet, endpoint, fields)
        .await
        .map_err(|failed| match failed {
            Failed::Refused(refusal) if refusal.rule == "not_found" => {
                Refusal::own("platform_unknown", "no platform of this name is known here").into()
            }
            other => other,
        })
}

/// The apps that verified the person, to be told of a lock.
pub(crate) fn clients(receipts: &[Receipt]) -> Vec<String> {
    let uses = receipts
        .iter()
        .filter(|receipt| receipt.kind == "verification");
    let mut clients: Vec<String> = uses
        .filter_map(|receipt| receipt.text("aud").map(str::to_owned))
        .collect();
    clients.sort();
    clients.dedup();
    clients
}

/// Receipts of the person, for the commands here.
pub(crate) async fn receipts<T: Transport>(
    service: &Service<'_, T>,
    wallet: &Wallet,
) -> Result<Vec<Receipt>, Failed> {
    Ok(history::receipts(service, wallet).await?.receipts)
}

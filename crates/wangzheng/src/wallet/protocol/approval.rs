//! 核验: the person sees who asks, why and on which law, and decides (Art. 5, 8).

use identity::verification::mode::Mode;
use jose::sd_jwt::SdJwt;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use url::Url;

use super::{
    Failed, Refusal, Service, Wallet,
    statement::{self, Kind},
    transport::Transport,
    understand,
};

/// An address a person was given: by a platform's redirect, or by a QR code on another screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Address {
    /// An authorization request; the issuer's path in front (`/sm` for SM platforms), and path with query.
    Authorization {
        /// Path of the issuer: empty, or `/sm`.
        base: String,
        /// What to ask for.
        path: String,
    },
    /// A request that waits on another screen.
    OtherScreen {
        /// The payload: session, counter and MAC.
        payload: String,
    },
}

/// Not an address a wallet of this issuer may follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotForThisWallet {
    /// No authorization URL and no QR payload.
    #[error("this is neither an authorization URL nor the content of a QR code of the service")]
    Unknown,
    /// Of another service than the one that issued the 网证: what a phisher would send.
    #[error(
        "this address belongs to another service than the one that issued the 网证; nothing was sent"
    )]
    OtherIssuer,
}

impl Address {
    /// Reads an address; its origin must be the issuer's, exactly.
    pub(crate) fn parse(text: &str, issuer: &str) -> Result<Self, NotForThisWallet> {
        let (Ok(address), Ok(issuer)) = (Url::parse(text.trim()), Url::parse(issuer)) else {
            return Err(NotForThisWallet::Unknown);
        };
        if address.origin() != issuer.origin() {
            return Err(NotForThisWallet::OtherIssuer);
        }
        let path = address.path();
        if let Some(base) = path.strip_suffix("/oauth/authorize") {
            let query = address.query().ok_or(NotForThisWallet::Unknown)?;
            return Ok(Self::Authorization {
                base: base.to_owned(),
                path: format!("{path}?{query}"),
            });
        }
        match path.strip_prefix("/x/") {
            Some(payload) if !payload.is_empty() && !payload.contains('/') => {
                Ok(Self::OtherScreen {
                    payload: payload.to_owned(),
                })
            }
            _ => Err(NotForThisWallet::Unknown),
        }
    }
}

/// What the person is shown before deciding (ui.md §5.1).
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Request {
    /// The service's own text of the request; the decision names its digest.
    pub transaction: String,
    /// Who asks.
    pub platform: Asking,
    /// What for.
    pub scenario: Purpose,
    /// What has to be shown beside the device key.
    pub mode: Mode,
    /// Attributes asked for.
    #[serde(default)]
    pub attributes: Vec<Attribute>,
    /// Whether the other screen shows a number to be picked.
    #[serde(default)]
    pub number_match: bool,
    /// The numbers to pick from.
    #[serde(default)]
    pub numbers: Vec<String>,
}

/// The platform that asks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Asking {
    /// Trade name.
    pub name: String,
    /// Host name.
    pub host: String,
}

/// The reviewed purpose.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Purpose {
    /// Which.
    pub id: String,
    /// In a few words.
    pub title: String,
    /// The law.
    pub legal_basis: String,
    /// Another lawful way (R6.2).
    #[serde(default)]
    pub alternative: String,
}

/// An attribute asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Attribute {
    /// Name.
    pub name: String,
}

/// What the person gives separate consent to (R8.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Consent {
    /// Whatever is asked for.
    All,
    /// These names, as far as they are asked for. None: only the result leaves.
    Only(Vec<String>),
}

/// What the person does about a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decision {
    /// No.
    Refuse,
    /// Yes.
    Approve(Approval),
}

/// A yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Approval {
    /// Attribute by attribute.
    pub consent: Consent,
    /// Typed instead of the wallet's own 口令.
    pub pin: Option<String>,
    /// What the simulated camera sees: `ok` or `fail`.
    pub face: String,
    /// The number read from the other screen.
    pub number: Option<String>,
}

/// What became of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decided {
    /// Where the browser goes next, with the code or the error.
    Redirect(String),
    /// The other screen goes on by itself.
    OtherScreen,
}

/// Asks the service what the platform wants. An invalid request is a refusal, with the redirect that says so.
pub(crate) async fn look<T: Transport>(
    service: &Service<'_, T>,
    address: &Address,
) -> Result<Request, Failed> {
    let path = match address {
        Address::Authorization { path, .. } => path.clone(),
        Address::OtherScreen { payload } => format!("/x/{payload}"),
    };
    let answer = service.ask(&path).await?;
    if let (300..=399, Some(location)) = (answer.status, &answer.location) {
        return Err(error_redirect(location).into());
    }
    understand(answer.accepted()?, "request")
}

/// Signs the decision and hands it in.
pub(crate) async fn decide<T: Transport>(
    service: &Service<'_, T>,
    wallet: &Wallet,
    address: &Address,
    request: &Request,
    decision: &Decision,
) -> Result<Decided, Failed> {
    let (fields, disclosures) = answer(wallet, request, decision)?;
    let statement = statement::of_device(
        wallet,
        Kind::Approval,
        fields,
        service.now(),
        service.random,
    )?;
    let (base, subject) = match address {
        Address::Authorization { base, .. } => {
            (base.as_str(), ("transaction", &request.transaction))
        }
        Address::OtherScreen { payload } => ("", ("session", payload)),
    };
    let mut body = json!({ "statement": statement, "disclosures": disclosures });
    body[subject.0] = json!(subject.1);
    let accepted = service.post(&format!("{base}/oauth/decide"), &body).await?;
    match accepted["redirect"].as_str() {
        None if accepted["done"] == true => Ok(Decided::OtherScreen),
        None => Err(Failed::NotUnderstood("decision")),
        // A yes that ends in an error was stopped by a rule.
        Some(redirect) if *decision != Decision::Refuse && has_error(redirect) => {
            Err(error_redirect(redirect).into())
        }
        Some(redirect) => Ok(Decided::Redirect(redirect.to_owned())),
    }
}

/// The claims of the statement, and the disclosures that go with it.
fn answer(
    wallet: &Wallet,
    request: &Request,
    decision: &Decision,
) -> Result<(Map<String, Value>, Vec<String>), Failed> {
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    put(
        "transaction",
        json!(statement::transaction_digest(&request.transaction)),
    );
    let Decision::Approve(approval) = decision else {
        put("decision", json!("refuse"));
        put("attributes", json!([]));
        return Ok((fields, Vec::new()));
    };
    let consented: Vec<&str> = request
        .attributes
        .iter()
        .map(|attribute| attribute.name.as_str())
        .filter(|name| approval.consent.covers(name))
        .collect();
    put("decision", json!("approve"));
    put("attributes", json!(consented));
    if request.mode.asks_pin() {
        put("pin", json!(approval.pin.as_ref().unwrap_or(&wallet.pin)));
    }
    if request.mode.asks_face() {
        put("face", json!(approval.face));
    }
    if request.number_match {
        let Some(number) = &approval.number else {
            let shown = request.numbers.join(" · ");
            return Err(Refusal::own(
                "number_missing",
                format!("say which number the other screen shows: {shown} (--number)"),
            )
            .into());
        };
        put("number", json!(number));
    }
    let disclosures = disclosures(&wallet.credential, &consented)?;
    Ok((fields, disclosures))
}

impl Consent {
    fn covers(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.iter().any(|wished| wished == name),
        }
    }
}

/// The disclosures of the consented attributes; nothing else of the credential leaves the device.
fn disclosures(credential: &str, names: &[&str]) -> Result<Vec<String>, Failed> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let presented = SdJwt::parse(credential)
        .and_then(|credential| credential.present(names))
        .map_err(|_| {
            Refusal::own(
                "attribute_not_held",
                "the 网证 does not hold an attribute that is asked for",
            )
        })?;
    Ok(presented
        .disclosures
        .iter()
        .map(|disclosure| disclosure.encoded().to_owned())
        .collect())
}

fn has_error(redirect: &str) -> bool {
    Url::parse(redirect).is_ok_and(|url| url.query_pairs().any(|(name, _)| name == "error"))
}

fn error_redirect(location: &str) -> Refusal {
    let value = |wanted: &str| {
        let url = Url::parse(location).ok()?;
        url.query_pairs()
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.into_owned())
    };
    Refusal {
        redirect: Some(location.to_owned()),
        ..Refusal::own(
            &value("error").unwrap_or_else(|| "redirected".to_owned()),
            value("error_description")
                .unwrap_or_else(|| "the request cannot be approved".to_owned()),
        )
    }
}

#[cfg(test)]
mod tests;

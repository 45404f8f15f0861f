//! 核验: the person sees who asks, why and on which law, and decides (Art. 5, 8).

use identity::{
    clock::Timestamp, disclosure::attribute::Attribute as Known, verification::mode::Mode,
};
use jose::{
    jws::LocalSigner,
    sd_jwt::{KeyBinding, SdJwt},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use url::Url;

use super::{
    Failed, Refusal, Service, Wallet,
    guardian::Part,
    notices,
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
    /// These names and no others; each must be one that is asked for. None: only the result leaves.
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
    /// What the guardian of a child under 14 decided (R5.2).
    pub guardian: Option<Part>,
}

impl Decision {
    fn guardian(&self) -> Option<&Part> {
        match self {
            Self::Refuse => None,
            Self::Approve(approval) => approval.guardian.as_ref(),
        }
    }

    /// A no of the person, or of the guardian.
    pub(crate) fn is_no(&self) -> bool {
        *self == Self::Refuse || self.guardian().is_some_and(|part| part.refuses)
    }
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
    let (mut fields, consented) = answer(wallet, request, decision)?;
    let presentation = presentation(wallet, request, &consented, service.now())?;
    // A face is shown with its own consent only, to the notice as it is published now (Art. 9(1)).
    if request.mode.asks_face() && *decision != Decision::Refuse {
        let notice = notices::face_notice(service).await?;
        fields.insert("face_notice".to_owned(), json!(notice));
    }
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
    let mut body = json!({ "statement": statement });
    if let Some(presentation) = presentation {
        body["presentation"] = json!(presentation);
    }
    if let Some(part) = decision.guardian() {
        body["guardian"] = json!(part.statement);
    }
    body[subject.0] = json!(subject.1);
    let accepted = service.post(&format!("{base}/oauth/decide"), &body).await?;
    match accepted["redirect"].as_str() {
        None if accepted["done"] == true => Ok(Decided::OtherScreen),
        None => Err(Failed::NotUnderstood("decision")),
        // A yes that ends in an error was stopped by a rule.
        Some(redirect) if !decision.is_no() && has_error(redirect) => {
            Err(error_redirect(redirect).into())
        }
        Some(redirect) => Ok(Decided::Redirect(redirect.to_owned())),
    }
}

/// The claims of the statement, and the attributes consented to.
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
    let consented = approval.consent.to(request)?;
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
    Ok((fields, consented))
}

impl Consent {
    /// What was consented to, for the person's own eyes.
    pub(crate) fn names(&self, request: &Request) -> Vec<String> {
        self.to(request).unwrap_or_default()
    }

    /// The attributes of this request that are consented to. A name it does not hold is refused before anything is
    /// sent: consent covers nothing that was not asked (R8.2).
    fn to(&self, request: &Request) -> Result<Vec<String>, Refusal> {
        let asked: Vec<&str> = request
            .attributes
            .iter()
            .map(|attribute| attribute.name.as_str())
            .collect();
        let Self::Only(names) = self else {
            return Ok(asked.iter().map(|name| (*name).to_owned()).collect());
        };
        if let Some(other) = names.iter().find(|name| !asked.contains(&name.as_str())) {
            let holds = match asked.as_slice() {
                [] => "no attribute, only the result".to_owned(),
                asked => asked.join(", "),
            };
            return Err(Refusal::own(
                "attribute_not_requested",
                format!("R8.2: the request does not hold {other:?}; it holds {holds}"),
            ));
        }
        let wished = asked.iter().filter(|name| names.iter().any(|n| n == *name));
        Ok(wished.map(|name| (*name).to_owned()).collect())
    }
}

/// What the device shows for the consented attributes: the credential with their disclosures and no others, bound by the
/// device key to this request (RFC 9901). An age marker is not in the credential; it is computed by the service.
fn presentation(
    wallet: &Wallet,
    request: &Request,
    consented: &[String],
    now: Timestamp,
) -> Result<Option<String>, Failed> {
    let shown: Vec<&str> = consented
        .iter()
        .map(String::as_str)
        .filter(|name| *name != Known::AgeMarker.as_str())
        .collect();
    if shown.is_empty() {
        return Ok(None);
    }
    let chosen = SdJwt::parse(&wallet.credential)
        .and_then(|credential| credential.present(&shown))
        .map_err(|_| {
            Refusal::own(
                "attribute_not_held",
                "R8.2: the 网证 does not hold an attribute that is asked for",
            )
        })?;
    let damaged = |_| Failed::NotGenuine("the device key of the wallet");
    let signer = LocalSigner::new(wallet.device_key.key().map_err(damaged)?, None);
    let binding = KeyBinding {
        audience: &wallet.issuer,
        nonce: &statement::transaction_digest(&request.transaction),
        issued_at: now.0,
    };
    let bound = chosen
        .bind(&binding, &signer)
        .map_err(|_| Failed::NotGenuine("the device key of the wallet"))?;
    Ok(Some(bound.to_string()))
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

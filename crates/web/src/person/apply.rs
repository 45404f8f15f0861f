//! `POST /person/api/apply`, `/recover` and `/set-pin`: what a wallet brings, in one call.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::Curve;
use http::StatusCode;
use identity::age::AgeGroup;
use identity::clock::{Day, Timestamp};
use identity::consent::{Consent, ConsentKind};
use identity::notice::Notice;
use identity::person::apply::{ApplyRefused, CheckedDocument, DocumentFields};
use identity::person::issue::{NewDevice, NewHolder};
use identity::person::kept_application::{Applying, KeptState, Presented};
use identity::person::recover::{ACT_TYPE, Act};
use identity::proofing::Evidence;
use identity::statement::Uses;
use jose::jwk::Jwk;
use openid::Form;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::app::App;
use crate::oauth::decide::read;
use crate::problem::ApiProblem;

const LABEL: &str = "application-form";
/// Seconds a begun application waits in the browser.
const LIFE: i64 = 30 * 60;

/// An application on its way through the pages, sealed in a hidden field: nothing is stored before
/// the last step.
#[derive(Default, Serialize, Deserialize)]
pub struct Application {
    /// Consents given on the first page (R9.2).
    pub consents: Vec<Consent>,
    /// The document, once typed.
    pub document: DocumentFields,
    /// The evidence, as far as it goes.
    pub evidence: Evidence,
    /// The 口令, once chosen.
    pub pin: Option<String>,
    /// Which duties follow from the holder's age, once the register has answered.
    pub group: Option<AgeGroup>,
    /// Wrong faces so far.
    pub faces_failed: u8,
    expires_at: Option<Timestamp>,
}

impl Application {
    /// Seals for the next page.
    pub fn seal(&mut self, app: &App) -> Result<String, ApiProblem> {
        self.expires_at = Some(app.service.now().plus(LIFE));
        Ok(app.service.seal_value(LABEL, self)?)
    }

    /// Opens what the last page sealed.
    pub fn open(app: &App, text: &str) -> Result<Self, ApplyRefused> {
        app.service
            .open_value::<Self>(LABEL, text)
            .filter(|form| form.expires_at.is_some_and(|end| app.service.now() < end))
            .ok_or(ApplyRefused::Expired)
    }

    fn presented(&self) -> Presented {
        Presented {
            consents: self.consents.clone(),
            document: self.document.clone(),
            evidence: self.evidence.clone(),
        }
    }

    /// Consent, document, registry, age and evidence, as they stand now.
    pub async fn check(&self, app: &App) -> Result<CheckedDocument, ApiProblem> {
        Ok(app
            .service
            .check_document(&self.consents, &self.document, &self.evidence)
            .await?)
    }
}

/// Either everything, from a wallet, or a sealed application, from the pages.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    statement: String,
    #[serde(default)]
    application: Option<String>,
    /// Go on with what this device left while the registry did not answer (R15.2).
    #[serde(default)]
    kept: bool,
    #[serde(default)]
    consents: Vec<Consent>,
    #[serde(default)]
    document: DocumentFields,
    #[serde(default)]
    evidence: Evidence,
    #[serde(default)]
    pin: Option<String>,
    #[serde(default)]
    agreement_key: Option<Jwk>,
    #[serde(default)]
    history_key: Option<Jwk>,
    #[serde(default)]
    history_wrap: Option<String>,
    #[serde(default)]
    recovery: Option<Recovery>,
    #[serde(default)]
    recovery_proof: Option<String>,
    /// The guardian's statement, where the person is a minor (R4.2, R4.3).
    #[serde(default)]
    guardian: Option<String>,
    #[serde(default)]
    device_name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recovery {
    wrap: String,
    proof: String,
}

impl Body {
    /// What was filled in, whichever way it came.
    fn filled_in(&mut self, app: &App) -> Result<Application, ApiProblem> {
        if let Some(text) = &self.application {
            let mut form = Application::open(app, text)?;
            // A new 口令 comes beside the application: the page that asks for it is the last one.
            form.pin = self.pin.take().or(form.pin);
            return Ok(form);
        }
        Ok(Application {
            consents: std::mem::take(&mut self.consents),
            document: std::mem::take(&mut self.document),
            evidence: std::mem::take(&mut self.evidence),
            pin: self.pin.take(),
            ..Application::default()
        })
    }

    fn device(&self) -> Result<NewDevice<'_>, ApiProblem> {
        Ok(NewDevice {
            statement: &self.statement,
            agreement_key: point(self.agreement_key.as_ref())?,
            name: self.device_name.trim().to_owned(),
            history_wrap: optional_bytes(self.history_wrap.as_deref())?.unwrap_or_default(),
        })
    }
}

async fn check(app: &App, form: &Application) -> Result<CheckedDocument, ApiProblem> {
    form.check(app).await
}

/// `POST /person/api/apply` (Art. 4). While the registry does not answer, what a wallet brings is kept (202), and
/// `kept` goes on with it; the pages keep it themselves, sealed in their form.
pub async fn apply(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let mut body: Body = read(&body)?;
    let form = body.filled_in(&app)?;
    let recovery = match &body.recovery {
        Some(recovery) => Some((bytes(&recovery.wrap)?, bytes(&recovery.proof)?)),
        None => None,
    };
    let holder = NewHolder {
        device: body.device()?,
        history_key: point(body.history_key.as_ref())?,
        recovery,
        pin: form.pin.as_deref().unwrap_or_default(),
        guardian: body.guardian.as_deref(),
    };
    let applying = match (body.kept, &body.application) {
        (true, _) => app.service.take_up(holder).await?,
        (false, Some(_)) => {
            let checked = check(&app, &form).await?;
            Applying::Issued(Box::new(app.service.issue(checked, holder).await?))
        }
        (false, None) => app.service.apply_or_keep(&form.presented(), holder).await?,
    };
    let issued = match applying {
        Applying::Issued(issued) => issued,
        Applying::Kept { until } => return Ok(waits(until)),
    };
    let answer = json!({
        "device": issued.device.0.to_string(),
        "credential": issued.credential,
        "wanghao": issued.wanghao.reveal(),
        "wanghao_masked": issued.wanghao.masked(),
        "receipt_number": Base64UrlUnpadded::encode_string(&issued.commitment.0),
    });
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

/// R15.2: the person is told, and nothing was decided.
fn waits(until: Day) -> Response {
    let answer = json!({
        "state": "waiting",
        "kept_until": until.to_string(),
        "detail": "the registry does not answer; the application is kept, and nothing was decided",
    });
    (StatusCode::ACCEPTED, Json(answer)).into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asking {
    statement: String,
}

/// `POST /person/api/application` (R15.2): where the application stands that the device with this key left here.
pub async fn application(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let asking: Asking = read(&body)?;
    let kept = app.service.kept_state(&asking.statement).await?;
    let (state, until) = kept.ok_or(ApplyRefused::Expired)?;
    let (state, rule) = match state {
        KeptState::Waiting => ("waiting", None),
        KeptState::Ready => ("ready", None),
        KeptState::Refused(rule) => ("refused", Some(rule)),
    };
    let answer = json!({ "state": state, "rule": rule, "kept_until": until.to_string() });
    Ok(Json(answer).into_response())
}

/// `POST /person/api/recover` (P-recovery).
pub async fn recover(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let mut body: Body = read(&body)?;
    let form = body.filled_in(&app)?;
    let checked = check(&app, &form).await?;
    let proof = optional_bytes(body.recovery_proof.as_deref())?;
    let recovered = app
        .service
        .recover(
            checked,
            body.device()?,
            proof.as_deref(),
            body.guardian.as_deref(),
        )
        .await?;
    let answer = json!({
        "device": recovered.device.0.to_string(),
        "credential": recovered.credential,
        "wanghao_masked": recovered.wanghao_masked,
        "recovery_wrap": recovered.recovery_wrap.map(|wrap| Base64UrlUnpadded::encode_string(&wrap)),
        "active_from": recovered.active_from,
        "history_key": super::account::history_jwk(&recovered.history_key)?,
    });
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

/// `POST /person/api/set-pin`: a forgotten 口令 (P-recovery). A device that is the person's own
/// stands for the consents given when it applied.
pub async fn set_pin(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let mut body: Body = read(&body)?;
    let proven = app
        .service
        .proven_device::<Act>(&body.statement, ACT_TYPE, Uses::Once)
        .await?;
    if proven.statement().act != "set_pin" {
        return Err(ApiProblem::malformed());
    }
    let mut form = body.filled_in(&app)?;
    if form.consents.is_empty() {
        form.consents = consents_of(&app.service.notices());
    }
    let checked = check(&app, &form).await?;
    let pin = form.pin.as_deref().unwrap_or_default();
    app.service
        .replace_pin(&proven, &checked, pin, body.guardian.as_deref())
        .await?;
    Ok(Json(json!({ "done": true })).into_response())
}

/// `POST /person/api/renew` (R15.2): a renewed document, or another one of the same person. The chip is
/// read as at application; a device of the person stands for the consents.
pub async fn renew(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiProblem> {
    let mut body: Body = read(&body)?;
    let proven = super::account::act(&app, &body.statement, "renew").await?;
    let mut form = body.filled_in(&app)?;
    if form.consents.is_empty() {
        form.consents = consents_of(&app.service.notices());
    }
    let checked = app
        .service
        .check_document(&form.consents, &form.document, &form.evidence)
        .await
        .map_err(|error| ApiProblem::renew(&app, error.into()))?;
    let renewed = app.service.renew(&proven, &checked).await;
    let renewed = renewed.map_err(|error| ApiProblem::renew(&app, error))?;
    Ok(Json(super::rights::changed(&renewed)).into_response())
}

/// The consents a holder gave with the application, to the versions in force.
fn consents_of(notices: &[Notice]) -> Vec<Consent> {
    notices
        .iter()
        .filter(|notice| !notice.is_for_minors())
        .map(|notice| Consent {
            kind: notice.consent,
            notice: notice.digest_of(&notice.chinese),
        })
        .collect()
}

/// `GET /person/api/notice?kind=apply`: the notices in force that an application needs, in the
/// reader's language (Art. 11); `kind=face`: the one that a face check needs besides; `kind=minors`:
/// the one that the guardian of a child under 14 consents to (R4.2).
pub async fn notices(State(app): State<Arc<App>>, RawQuery(query): RawQuery) -> Response {
    let form = Form::from_query(query.as_deref()).ok();
    let language = form
        .as_ref()
        .and_then(|form| form.text("language"))
        .unwrap_or("zh-CN");
    let kind = form.as_ref().and_then(|form| form.text("kind"));
    let wanted = match kind {
        Some("face") => Notice::is_for_face,
        Some("minors") => Notice::is_for_minors,
        _ => Notice::is_for_everyone,
    };
    let notices: Vec<_> = app
        .service
        .notices()
        .iter()
        .filter(|notice| wanted(notice) && notice.consent != ConsentKind::Written)
        .map(|notice| {
            let text = notice.text(language);
            json!({
                "id": notice.id,
                "kind": notice.consent,
                "digest": notice.digest_of(text),
                "version": notice.version,
                "language": text.language,
                "title": text.title,
                "parts": crate::person::pages::apply::parts(text, language)
                    .iter()
                    .map(|part| json!({ "heading": part.heading, "text": part.text }))
                    .collect::<Vec<_>>(),
            })
        })
        .collect();
    Json(json!({ "notices": notices })).into_response()
}

fn bytes(text: &str) -> Result<Vec<u8>, ApiProblem> {
    Base64UrlUnpadded::decode_vec(text).map_err(|_| ApiProblem::malformed())
}

fn optional_bytes(text: Option<&str>) -> Result<Option<Vec<u8>>, ApiProblem> {
    text.map(bytes).transpose()
}

/// The point of a public P-256 JWK, 65 bytes.
pub(super) fn point(jwk: Option<&Jwk>) -> Result<Vec<u8>, ApiProblem> {
    let jwk = jwk
        .filter(|jwk| !jwk.is_private())
        .ok_or_else(ApiProblem::malformed)?;
    let key = jwk.public_key().map_err(|_| ApiProblem::malformed())?;
    if key.curve() != Some(Curve::P256) {
        return Err(ApiProblem::malformed());
    }
    Ok(key.to_sec1().map_err(|_| ApiProblem::malformed())?.to_vec())
}

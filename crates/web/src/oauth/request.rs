//! An authorization request of a known client, checked and sealed: shared by PAR and authorization.

use identity::id::ScenarioId;
use identity::service::{RegisteredClient, Suite};
use identity::verification::mode::Mode;
use identity::verification::request::{Asked, RequestRefused, SealedRequest};
use openid::{Acr, AuthorizationRequest, ErrorCode, IdentityVerification, OAuthError, Prompt};

use crate::app::App;

/// Why a request is not sealed.
#[derive(Debug, Clone, Copy)]
pub enum NotSealed {
    /// By a rule of what was approved: over-asking, if it asks for more (R8.2).
    Rule(RequestRefused),
    /// By anything else.
    Other(OAuthError),
}

impl From<OAuthError> for NotSealed {
    fn from(error: OAuthError) -> Self {
        Self::Other(error)
    }
}

impl From<NotSealed> for OAuthError {
    fn from(refused: NotSealed) -> Self {
        match refused {
            NotSealed::Rule(refused) => rule(refused),
            NotSealed::Other(error) => error,
        }
    }
}

/// Checks a parsed request against its client and seals it. `R5.1`, `R8.2`, `S6` are the domain's.
pub fn seal(
    app: &App,
    suite: Suite,
    registered: &RegisteredClient,
    request: &AuthorizationRequest,
) -> Result<SealedRequest, NotSealed> {
    // 1. The redirect URI, exactly as registered (RFC 9700 §2.1).
    if !registered
        .client()
        .redirect_uris
        .contains(request.redirect_uri.as_str())
    {
        return Err(ErrorCode::InvalidRequest
            .because("the redirect_uri is not registered")
            .into());
    }
    // 2. Every verification is a person's own act: there is no silent one.
    if request.prompt.contains(&Prompt::None) {
        return Err(OAuthError::from(ErrorCode::InteractionRequired).into());
    }
    // 3. Scenario, attributes, mode.
    let asked = asked(request.authorization_details.as_ref(), &request.acr_values)?;
    app.service
        .request_verification(registered, &asked, suite, request.print())
        .map_err(|fault| crate::problem::oauth_fault(&fault))?
        .map_err(NotSealed::Rule)
}

/// What is asked for, whichever way.
pub(super) fn asked(
    details: Option<&IdentityVerification>,
    modes: &[Acr],
) -> Result<Asked, NotSealed> {
    let mut asked = Asked {
        modes: modes
            .iter()
            .filter_map(|acr| Mode::from_acr(acr.as_str()))
            .collect(),
        ..Asked::default()
    };
    if let Some(details) = details {
        let scenario = ScenarioId::parse(details.scenario.as_str())
            .ok_or(NotSealed::Rule(RequestRefused::ScenarioNotApproved))?;
        asked.scenario = Some(scenario);
        asked.attributes = details
            .attributes
            .iter()
            .flatten()
            .map(|attribute| attribute.as_str().to_owned())
            .collect();
    }
    Ok(asked)
}

/// The OAuth error of a rule, with the rule named for the platform's engineers.
fn rule(refused: RequestRefused) -> OAuthError {
    match refused {
        RequestRefused::ScenarioNotApproved => ErrorCode::InvalidAuthorizationDetails
            .because("R5.1: the scenario is not approved for this platform"),
        RequestRefused::PlatformSuspended => {
            ErrorCode::UnauthorizedClient.because("R5.1: the platform is suspended")
        }
        RequestRefused::NoDefaultScenario => ErrorCode::InvalidAuthorizationDetails
            .because("R5.1: no scenario is named and the platform has no default"),
        RequestRefused::AttributeNotApproved => ErrorCode::InvalidAuthorizationDetails
            .because("R8.2: an attribute lies outside the approved scenario"),
        RequestRefused::NoEncryptionKey => ErrorCode::InvalidAuthorizationDetails
            .because("R8.2: no encryption key is registered for this issuer"),
        RequestRefused::BracketNotApproved => ErrorCode::InvalidAuthorizationDetails
            .because("R10.1: no registered duty about exactly one age bracket"),
        RequestRefused::TooLong => ErrorCode::InvalidRequest
            .because("R8.2: a request for attributes is at most 2560 bytes"),
        RequestRefused::ModeTooWeak => ErrorCode::UnmetAuthenticationRequirements
            .because("S6: the modes asked for are weaker than the scenario's"),
    }
}

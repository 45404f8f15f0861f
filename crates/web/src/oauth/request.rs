//! An authorization request of a known client, checked and sealed: shared by PAR and authorization.

use identity::id::ScenarioId;
use identity::service::{RegisteredClient, Suite};
use identity::verification::mode::Mode;
use identity::verification::request::{Asked, RequestRefused, SealedRequest};
use openid::{AuthorizationRequest, ErrorCode, OAuthError, Prompt};

use crate::app::App;

/// Checks a parsed request against its client and seals it. `R5.1`, `R8.2`, `S6` are the domain's.
pub fn seal(
    app: &App,
    suite: Suite,
    registered: &RegisteredClient,
    request: &AuthorizationRequest,
) -> Result<SealedRequest, OAuthError> {
    // 1. The redirect URI, exactly as registered (RFC 9700 §2.1).
    if !registered
        .client()
        .redirect_uris
        .contains(request.redirect_uri.as_str())
    {
        return Err(ErrorCode::InvalidRequest.because("the redirect_uri is not registered"));
    }
    // 2. Every verification is a person's own act: there is no silent one.
    if request.prompt.contains(&Prompt::None) {
        return Err(ErrorCode::InteractionRequired.into());
    }
    // 3. Scenario, attributes, mode.
    let asked = asked(request)?;
    app.service
        .request_verification(registered, &asked, suite, request.print())
        .map_err(|fault| crate::problem::oauth_fault(&fault))?
        .map_err(rule)
}

fn asked(request: &AuthorizationRequest) -> Result<Asked, OAuthError> {
    let mut asked = Asked {
        modes: request
            .acr_values
            .iter()
            .filter_map(|acr| Mode::from_acr(acr.as_str()))
            .collect(),
        ..Asked::default()
    };
    if let Some(details) = &request.authorization_details {
        let scenario = ScenarioId::parse(details.scenario.as_str())
            .ok_or(rule(RequestRefused::ScenarioNotApproved))?;
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
        RequestRefused::NoDefaultScenario => ErrorCode::InvalidAuthorizationDetails
            .because("R5.1: no scenario is named and the platform has no default"),
        RequestRefused::AttributeNotApproved => ErrorCode::InvalidAuthorizationDetails
            .because("R8.2: an attribute lies outside the approved scenario"),
        RequestRefused::ModeTooWeak => ErrorCode::UnmetAuthenticationRequirements
            .because("S6: the modes asked for are weaker than the scenario's"),
    }
}

//! Wire types of OAuth 2.0 and OpenID Connect: parse and print, nothing else.
//!
//! Bytes of strangers come in, typed values or an [`OAuthError`] go out; what a value *permits* is decided elsewhere.
//! There is no store, no clock, no key and no HTTP framework here, and one invariant: **nothing a stranger sent is ever
//! repeated in an error**; codes and descriptions are constants of this crate.
//!
//! | to read | start at |
//! |---|---|
//! | a request body or query | [`Form`] |
//! | the authorization endpoint, PAR | [`AuthorizationRequest`], [`ReturnAddress`], [`PushedReference`] |
//! | what a platform asks for | [`IdentityVerification`], [`Acr`] |
//! | the token endpoint | [`ClientAuthentication`], [`TokenRequest`] |
//! | what goes back | [`AuthorizationResponse`], [`TokenResponse`], [`IdTokenClaims`], [`OAuthError`] |
//! | an access token presented | [`PresentedToken`], [`Challenge`] |
//! | a request started by a platform | [`BackchannelRequest`], [`BackchannelTokenRequest`] |
//! | events to platforms | [`SetClaims`], [`StreamRequest`], [`PollRequest`] |
//! | discovery | [`ProviderMetadata`] |
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod acr;
mod authorization;
mod authorization_details;
mod authorization_header;
mod authorization_response;
mod backchannel;
mod client_assertion;
mod client_authentication;
mod client_id;
mod compact_jws;
mod dpop;
mod error;
mod form;
mod id_token;
mod introspection;
mod metadata;
mod nonce;
mod pkce;
mod prompt;
mod pushed_authorization;
mod redirect_uri;
mod scope;
mod secret;
mod security_event;
mod state;
mod token;

pub use acr::{Acr, AuthenticationMethod};
pub use authorization::{AuthorizationRequest, ReturnAddress};
pub use authorization_details::{
    AttributeName, IDENTITY_VERIFICATION, IdentityVerification, IdentityVerified, ScenarioName,
};
pub use authorization_header::{Challenge, PresentedToken, TokenType};
pub use authorization_response::AuthorizationResponse;
pub use backchannel::{
    BackchannelRequest, BackchannelResponse, BackchannelTokenRequest, CIBA_GRANT,
};
pub use client_assertion::ClientAssertionClaims;
pub use client_authentication::{ClientAuthentication, JWT_BEARER};
pub use client_id::ClientId;
pub use compact_jws::CompactJws;
pub use dpop::{DpopProofClaims, Thumbprint};
pub use error::{ErrorCode, OAuthError};
pub use form::{Form, FormError};
pub use id_token::IdTokenClaims;
pub use introspection::{ActiveToken, Confirmation, Introspection, TokenReference};
pub use metadata::{DISCOVERY_PATH, Endpoints, ProviderMetadata};
pub use nonce::Nonce;
pub use pkce::{CodeChallenge, CodeVerifier};
pub use prompt::Prompt;
pub use pushed_authorization::{PushedAuthorizationResponse, PushedReference, RequestUri};
pub use redirect_uri::{RedirectUri, RedirectUriError};
pub use scope::Scope;
pub use secret::Secret;
pub use security_event::{
    DeliveryMethod, EventType, PollRequest, PollResponse, SET_MEDIA_TYPE, SET_TYPE, SetClaims,
    SetError, StreamConfiguration, StreamDelivery, StreamRequest, StreamStatusBody,
    SubjectIdentifier, TransmitterMetadata, VerificationRequest,
};
pub use state::State;
pub use token::{TokenRequest, TokenResponse};

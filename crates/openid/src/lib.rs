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
//! | discovery | [`ProviderMetadata`] |
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod acr;
mod client_id;
mod error;
mod form;
mod json;
mod prompt;
mod redirect_uri;
mod scope;

pub use acr::{Acr, AuthenticationMethod};
pub use client_id::ClientId;
pub use error::{ErrorCode, OAuthError};
pub use form::{Form, FormError};
pub use prompt::Prompt;
pub use redirect_uri::{RedirectUri, RedirectUriError};
pub use scope::Scope;

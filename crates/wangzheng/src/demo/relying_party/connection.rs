//! HTTP of a platform towards the service: discovery, keys, forms.

use jose::jwk::JwkSet;
use openid::Form;
use reqwest::{Client, RequestBuilder, header};
use serde::{Deserialize, de::DeserializeOwned};

use super::{Distrust, NoResult};

/// What a platform needs of the discovery document (OIDC Discovery §3).
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Provider {
    issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) pushed_authorization_request_endpoint: String,
    pub(super) jwks_uri: String,
    #[serde(default)]
    pub(super) userinfo_endpoint: Option<String>,
}

pub(super) struct Connection(pub(super) Client);

/// An answer, read whole.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) text: String,
}

impl Answer {
    /// The JSON of a success, or the OAuth `error` (RFC 6749 §5.2).
    pub(super) fn accepted<T: DeserializeOwned>(&self) -> Result<T, NoResult> {
        #[derive(Deserialize)]
        struct OAuthError {
            error: String,
            error_description: Option<String>,
        }
        if (200..300).contains(&self.status) {
            return serde_json::from_str(&self.text).map_err(|_| Distrust::Form.into());
        }
        Err(match serde_json::from_str::<OAuthError>(&self.text) {
            // The rule, where the service names one (R8.2).
            Ok(error) => NoResult::Error(match error.error_description {
                Some(rule) => format!("{} · {rule}", error.error),
                None => error.error,
            }),
            Err(_) => NoResult::Error(format!("HTTP {}", self.status)),
        })
    }
}

impl Connection {
    /// The discovery document; its `issuer` must be the one asked for (OIDC Discovery §4.3).
    pub(super) async fn discover(&self, issuer: &str) -> Result<Provider, NoResult> {
        let address = format!("{issuer}/.well-known/openid-configuration");
        let provider: Provider = self.get(&address).await?.accepted()?;
        if provider.issuer == issuer {
            Ok(provider)
        } else {
            Err(Distrust::Issuer.into())
        }
    }

    /// The keys ID tokens and receipts are signed with; asked anew for each verification, since they rotate.
    pub(super) async fn keys(&self, provider: &Provider) -> Result<JwkSet, NoResult> {
        self.get(&provider.jwks_uri).await?.accepted()
    }

    pub(super) async fn get(&self, address: &str) -> Result<Answer, NoResult> {
        self.send(self.0.get(address)).await
    }

    /// GET with a bearer token (RFC 6750 §2.1).
    pub(super) async fn get_as(&self, address: &str, token: &str) -> Result<Answer, NoResult> {
        self.send(
            self.0
                .get(address)
                .header(header::AUTHORIZATION, format!("Bearer {token}")),
        )
        .await
    }

    /// POSTs JSON with a bearer token (RFC 6750 §2.1).
    pub(super) async fn post_json(
        &self,
        address: &str,
        token: &str,
        body: &serde_json::Value,
    ) -> Result<Answer, NoResult> {
        let request = self
            .0
            .post(address)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.to_string());
        self.send(request).await
    }

    /// POSTs a form, with `Authorization` where the client has a secret.
    pub(super) async fn post(
        &self,
        address: &str,
        fields: &[(&str, &str)],
        authorization: Option<String>,
    ) -> Result<Answer, NoResult> {
        let mut request = self
            .0
            .post(address)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Form::encode(fields.iter().copied()));
        if let Some(authorization) = authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        self.send(request).await
    }

    async fn send(&self, request: RequestBuilder) -> Result<Answer, NoResult> {
        let unreachable = |_| NoResult::Unreachable;
        let request = request.header(header::ACCEPT, "application/json");
        let response = request.send().await.map_err(unreachable)?;
        let status = response.status().as_u16();
        let text = response.text().await.map_err(unreachable)?;
        Ok(Answer { status, text })
    }
}

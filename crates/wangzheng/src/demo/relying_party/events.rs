//! What the service tells the platform (RFC 8936), and what the platform asks by itself (CIBA poll).

use jose::jws::Unverified;
use openid::{CIBA_GRANT, PollResponse, SET_TYPE, SetClaims};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{NoResult, RelyingParty, Trace, Verified, What, Wish};

/// A step-up under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StepUp {
    id: String,
    /// What the platform shows, for the person to pick on the phone.
    pub(crate) number: String,
    /// Seconds since 1970 before which nothing is asked.
    ask_from: i64,
    interval: i64,
}

#[derive(Deserialize)]
struct Acknowledged {
    auth_req_id: String,
    interval: i64,
    number: String,
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
}

impl RelyingParty {
    /// Fetches what waits, each token checked; the stream is made where there is none.
    pub(crate) async fn events(&self) -> Result<Vec<SetClaims>, NoResult> {
        let token = self.stream_token().await?;
        let streams = format!("{}/ssf/stream", self.issuer);
        let there: Vec<Value> = self.connection.get_as(&streams, &token).await?.accepted()?;
        if there.is_empty() {
            let nothing = json!({});
            let made = self
                .connection
                .post_json(&streams, &token, &nothing)
                .await?;
            made.accepted::<Value>()?;
        }
        let body = json!({ "returnImmediately": true });
        let polled: PollResponse = self.poll(&token, &body).await?;
        let keys = self.connection.keys(self.provider().await?).await?;
        Ok(polled
            .sets
            .values()
            .filter_map(|text| {
                let token = Unverified::parse(text).ok()?;
                token.header().has_type(SET_TYPE).then_some(())?;
                let verified = token.verify_with_set(&keys).ok()?;
                let claims = verified.claims::<Value>().ok()?.into_inner();
                SetClaims::read(&claims)
                    .filter(|set| set.iss == self.issuer && set.aud == self.client_id)
            })
            .collect())
    }

    /// Confirms what was carried out: it never comes again.
    pub(crate) async fn confirm(&self, jtis: &[String]) -> Result<(), NoResult> {
        let token = self.stream_token().await?;
        let body = json!({ "returnImmediately": true, "maxEvents": 0, "ack": jtis });
        self.poll(&token, &body).await.map(drop)
    }

    async fn poll(&self, token: &str, body: &Value) -> Result<PollResponse, NoResult> {
        let address = format!("{}/ssf/poll", self.issuer);
        let answer = self.connection.post_json(&address, token, body).await?;
        answer.accepted()
    }

    async fn stream_token(&self) -> Result<String, NoResult> {
        let fields = [
            ("grant_type", "client_credentials"),
            ("scope", "ssf.manage"),
        ];
        let endpoint = &self.provider().await?.token_endpoint;
        let token: Token = self.authenticated(endpoint, &fields).await?.accepted()?;
        Ok(token.access_token)
    }

    /// Starts a step-up of one of the platform's own accounts.
    pub(crate) async fn start_step_up(&self, subject: &str) -> Result<StepUp, NoResult> {
        let details = json!([{ "type": "identity_verification", "scenario": "step-up" }]);
        let details = details.to_string();
        let fields = [
            ("scope", "openid"),
            ("login_hint", subject),
            ("binding_message", "异地登录核验"),
            ("authorization_details", &details),
        ];
        let address = format!("{}/oauth/bc-authorize", self.issuer);
        let answer = self.authenticated(&address, &fields).await?;
        let acknowledged: Acknowledged = answer.accepted()?;
        Ok(StepUp {
            id: acknowledged.auth_req_id,
            number: acknowledged.number,
            ask_from: self.clock.now().0 + acknowledged.interval,
            interval: acknowledged.interval,
        })
    }

    /// Asks what became of it; `None` while it waits.
    pub(crate) async fn ask_again(
        &self,
        step_up: &mut StepUp,
        wish: &Wish,
    ) -> Option<Result<(Verified, Trace), NoResult>> {
        if self.clock.now().0 < step_up.ask_from {
            return None;
        }
        step_up.ask_from = self.clock.now().0 + step_up.interval;
        match self.step_up_result(step_up, wish).await {
            Err(NoResult::Error(code))
                if code == "authorization_pending" || code == "slow_down" =>
            {
                None
            }
            other => Some(other),
        }
    }

    async fn step_up_result(
        &self,
        step_up: &StepUp,
        wish: &Wish,
    ) -> Result<(Verified, Trace), NoResult> {
        let fields = [("grant_type", CIBA_GRANT), ("auth_req_id", &step_up.id)];
        let provider = self.provider().await?;
        let answer = self
            .authenticated(&provider.token_endpoint, &fields)
            .await?;
        let mut trace = Trace::default();
        trace.add(What::TokenResponse, &answer.text);
        let verified = self.check(&answer, wish, None).await?;
        Ok((verified, trace))
    }
}

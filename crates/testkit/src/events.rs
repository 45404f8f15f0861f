//! A platform's side of security events and of requests it starts itself.

use jose::jwk::JwkSet;
use jose::jws::Unverified;
use openid::SetClaims;
use serde_json::{Value, json};

use crate::http::{Answer, Call, Fields};
use crate::platform::Platform;
use crate::verified::Verified;

/// A request that a platform started itself.
#[derive(Debug, Clone)]
pub struct StepUp {
    /// By which it asks again.
    pub id: String,
    /// What it shows for the person to pick.
    pub number: String,
}

impl Platform {
    /// Starts a step-up of one of its own accounts.
    pub async fn starts_step_up(&self, subject: &str) -> StepUp {
        let answer = self.start_step_up(&self.step_up_of(subject)).await;
        StepUp::of(&answer.expect(200))
    }

    /// What a good step-up says.
    pub fn step_up_of(&self, subject: &str) -> Fields {
        let details = json!([{ "type": "identity_verification", "scenario": "step-up" }]);
        Fields::of(&[
            ("scope", "openid"),
            ("login_hint", subject),
            ("binding_message", "异地登录"),
            ("authorization_details", &details.to_string()),
        ])
    }

    /// Starts anything by itself, authenticated.
    pub async fn start_step_up(&self, fields: &Fields) -> Answer {
        let call = Call::post(format!("{}/oauth/bc-authorize", self.base));
        self.receive(self.authenticated(call, fields)).await
    }

    /// Asks what became of a step-up.
    pub async fn asks_again(&self, step_up: &StepUp) -> Answer {
        let fields = Fields::of(&[
            ("grant_type", openid::CIBA_GRANT),
            ("auth_req_id", &step_up.id),
        ]);
        self.ask_for_tokens(&fields).await
    }

    /// Fetches the result of a step-up that was approved; checked like any other.
    pub async fn finishes(&self, step_up: &StepUp) -> Verified {
        let answer = self.asks_again(step_up).await.expect(200);
        Verified::check(self, answer, None).await
    }

    /// A token for its own streams.
    pub async fn stream_token(&self) -> String {
        let fields = Fields::of(&[
            ("grant_type", "client_credentials"),
            ("scope", "ssf.manage"),
        ]);
        let answer = self.ask_for_tokens(&fields).await.expect(200).json();
        answer["access_token"].as_str().expect("a token").to_owned()
    }

    /// Any call about streams, with a token.
    pub async fn ssf(&self, call: Call, token: &str) -> Answer {
        self.receive(call.header("authorization", format!("Bearer {token}")))
            .await
    }

    /// Makes a stream to be polled; its configuration.
    pub async fn opens_stream(&self) -> Value {
        let token = self.stream_token().await;
        let call = Call::post(format!("{}/ssf/stream", self.base)).json(&json!({}));
        self.ssf(call, &token).await.expect(201).json()
    }

    /// Polls, confirming what is named: the claims of what came, each checked by the published keys.
    pub async fn polls_events(&self, confirmed: &[&str]) -> Vec<SetClaims> {
        let body = json!({ "returnImmediately": true, "ack": confirmed });
        let answer = self.polls(&body).await.expect(200).json();
        let sets = answer["sets"].as_object().expect("sets").clone();
        let call = Call::get(format!("{}/oauth/jwks", self.base));
        let keys = self.receive(call).await.expect(200).json();
        let keys: JwkSet = serde_json::from_value(keys).expect("a key set");
        sets.iter()
            .map(|(jti, set)| {
                let set = self.reads_event(set.as_str().expect("a text"), &keys);
                assert_eq!(set.jti, *jti);
                set
            })
            .collect()
    }

    /// Polls with any body.
    pub async fn polls(&self, body: &Value) -> Answer {
        let token = self.stream_token().await;
        let call = Call::post(format!("{}/ssf/poll", self.base)).json(body);
        self.ssf(call, &token).await
    }

    /// A security event token, checked: type, signature, issuer, audience.
    pub fn reads_event(&self, text: &str, keys: &JwkSet) -> SetClaims {
        let unverified = Unverified::parse(text).expect("a signed text");
        assert!(unverified.header().has_type(openid::SET_TYPE));
        let verified = unverified.verify_with_set(keys).expect("a published key");
        let claims = verified.claims::<Value>().expect("claims").into_inner();
        let set = SetClaims::read(&claims).expect("one event about one subject");
        assert_eq!(set.iss, self.issuer());
        assert_eq!(set.aud, self.client_id());
        set
    }
}

impl StepUp {
    /// What the service acknowledged.
    pub fn of(answer: &Answer) -> Self {
        let answer = answer.json();
        let text = |name: &str| answer[name].as_str().expect("a text").to_owned();
        Self {
            id: text("auth_req_id"),
            number: text("number"),
        }
    }
}

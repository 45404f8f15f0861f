//! What a person does about platforms: withdraws, asks for deletion, follows up, decides what platforms start.

use serde_json::{Value, json};

use crate::decision::Decision;
use crate::http::Answer;
use crate::person::Holder;

impl Holder {
    /// Withdraws from a platform of the world; the answer with its tracking.
    pub async fn withdraws(&self, platform: &str) -> Value {
        let fields = json!({ "platform": format!("app-{platform}") });
        let answer = self.acts("withdraw-consent", &fields).await;
        answer.expect(200).json()
    }

    /// Asks a platform to delete what it holds.
    pub async fn asks_for_deletion(&self, platform: &str) -> Value {
        let fields = json!({ "platform": format!("app-{platform}") });
        let answer = self.acts("request-deletion", &fields).await;
        answer.expect(200).json()
    }

    /// Where something stands that was set going.
    pub async fn follows(&self, going: &Value) -> Value {
        let fields = json!({ "tracking": [going["tracking"]] });
        let answer = self.acts("tracking", &fields).await.expect(200).json();
        answer["tracking"][0].clone()
    }

    /// What waits for this person.
    pub async fn waiting(&self) -> Value {
        self.acts("requests", &json!({})).await.expect(200).json()
    }

    /// A yes to the newest request that waits, with the number read from the platform's screen.
    pub async fn approval_of_waiting(&self, number: &str) -> Decision {
        let decision = self.decision_of_waiting("approve").await;
        let pin = self.wallet().pin.clone();
        decision.pin(&pin).with("number", number)
    }

    /// Approves what waits.
    pub async fn approves_waiting(&self, number: &str) -> Answer {
        let decision = self.approval_of_waiting(number).await;
        decision.send().await.expect(200)
    }

    /// Refuses what waits.
    pub async fn refuses_waiting(&self) -> Answer {
        let decision = self.decision_of_waiting("refuse").await;
        decision.send().await.expect(200)
    }

    async fn decision_of_waiting(&self, choice: &str) -> Decision {
        let waiting = self.waiting().await;
        let requests = waiting["requests"].as_array().expect("requests");
        let newest = requests.last().expect("a request that waits");
        let transaction = newest["transaction"].as_str().expect("a transaction");
        Decision::new(self, transaction, choice)
    }
}

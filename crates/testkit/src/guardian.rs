//! A family: a guardian beside a child, and a guardian elsewhere (R4.2–R4.5, R5.2).

use identity::age::AgeGroup;
use serde_json::{Value, json};

use crate::decision::{Decision, Redirect};
use crate::http::{Answer, Call};
use crate::person::{Applicant, Holder};
use crate::platform::Request;
use crate::statement::Statement;
use crate::wallet::Wallet;

impl Holder {
    /// What this person states as a guardian about a device of a child, ready to be signed or spoiled. `act` is
    /// `apply`, `supervise` or `verification`.
    pub fn states_as_guardian(&self, act: &str, child: &Wallet) -> Statement {
        Statement::new(self.world(), "wz-guardian+jwt")
            .by(&self.wallet().handle)
            .with("act", act)
            .with("key", child.thumbprint())
    }

    /// The statement about one request.
    pub fn states_about(&self, transaction: &str, decision: &str, child: &Wallet) -> Statement {
        self.states_as_guardian("verification", child)
            .with("transaction", crate::decision::digest_of(transaction))
            .with("decision", decision)
    }

    /// Approves with a guardian beside; the browser goes back to the platform.
    pub async fn approves_beside(&self, guardian: &Self, request: &Request) -> Redirect {
        let decision = self.approval(request).await.consented_by(guardian, false);
        Redirect::of(&decision.send().await.expect(200))
    }

    /// What waits for this guardian.
    pub async fn sees_waiting(&self) -> Vec<Value> {
        let answer = self.acts("guardian-requests", &json!({})).await;
        let requests = answer.expect(200).json();
        requests["requests"].as_array().expect("requests").clone()
    }

    /// Answers a request that waits.
    pub async fn answers(&self, waiting: &Value, decision: &str, standing: bool) -> Answer {
        let text = |name: &str| waiting[name].as_str().expect("a text").to_owned();
        let statement = Statement::new(self.world(), "wz-guardian+jwt")
            .by(&self.wallet().handle)
            .with("act", "verification")
            .with("key", text("key"))
            .with(
                "transaction",
                crate::decision::digest_of(&text("transaction")),
            )
            .with("decision", decision)
            .with("standing", standing);
        let body = json!({ "statement": statement.sign(&self.wallet().device) });
        let call = Call::post("/person/api/guardian-decide").json(&body);
        self.world().send(call).await
    }

    /// Asks the guardians, who are elsewhere, about a request.
    pub async fn asks_guardian(&self, transaction: &str) -> Answer {
        self.about("guardian-ask", transaction).await
    }

    /// What became of it.
    pub async fn asked_guardian(&self, transaction: &str) -> Answer {
        self.about("guardian-asked", transaction).await
    }

    async fn about(&self, endpoint: &str, transaction: &str) -> Answer {
        let statement = self
            .act(&endpoint.replace('-', "_"))
            .with("transaction", crate::decision::digest_of(transaction));
        let statement = statement.sign(&self.wallet().device);
        let body = json!({ "statement": statement, "transaction": transaction });
        let call = Call::post(format!("/person/api/{endpoint}")).json(&body);
        self.world().send(call).await
    }

    /// The family as this person sees it.
    pub async fn family(&self) -> Value {
        self.acts("family", &json!({})).await.expect(200).json()
    }

    /// The standing consents this person can see.
    pub async fn standing_consents(&self) -> Vec<Value> {
        let answer = self.acts("standing-consents", &json!({})).await;
        let consents = answer.expect(200).json();
        let consents = consents["standing_consents"].as_array();
        consents.expect("standing consents").clone()
    }
}

impl Decision {
    /// With a guardian's yes beside it, once or for every later use.
    #[must_use]
    pub fn consented_by(self, guardian: &Holder, standing: bool) -> Self {
        let statement = guardian
            .states_about(&self.transaction, "approve", self.holder.wallet())
            .with("standing", standing);
        self.beside(&statement, guardian)
    }

    /// With a guardian's no beside it.
    #[must_use]
    pub fn refused_by(self, guardian: &Holder) -> Self {
        let statement = guardian.states_about(&self.transaction, "refuse", self.holder.wallet());
        self.beside(&statement, guardian)
    }

    /// With anything a guardian signs beside it.
    #[must_use]
    pub fn beside(self, statement: &Statement, guardian: &Holder) -> Self {
        Self {
            guardian: Some(statement.sign(&guardian.wallet().device)),
            ..self
        }
    }
}

impl Applicant {
    /// Applies with a guardian: whatever the age asks of the guardian is done.
    pub async fn applies_with(&self, guardian: &Holder) -> Holder {
        let wallet = Wallet::generate(&self.person.pin);
        let body = self.application_with(&wallet, guardian).await;
        let answer = self.apply(&body).await.expect(201);
        self.holds(wallet, &answer.json())
    }

    /// A good application with the part of a guardian in it.
    pub async fn application_with(&self, wallet: &Wallet, guardian: &Holder) -> Value {
        let mut body = self.application(wallet).await;
        let statement = self.guardian_part(wallet, guardian).await;
        body["guardian"] = json!(statement.sign(&guardian.wallet().device));
        body
    }

    /// The part of a guardian in an application, ready to be signed or spoiled.
    pub async fn guardian_part(&self, wallet: &Wallet, guardian: &Holder) -> Statement {
        let world = guardian.world();
        let policy = &world.service().policy.age;
        let birth = self.person.document.birth_date();
        match identity::age::age_group(birth, world.now().date(), policy) {
            AgeGroup::GuardianSupervises | AgeGroup::Adult => {
                guardian.states_as_guardian("supervise", wallet)
            }
            AgeGroup::BelowMinimum | AgeGroup::GuardianApplies => {
                let call = Call::get("/person/api/notice?kind=minors");
                let notices = world.send(call).await.expect(200).json();
                let notice = &notices["notices"][0];
                let consent = json!({ "kind": notice["kind"], "notice": notice["digest"] });
                guardian
                    .states_as_guardian("apply", wallet)
                    .with("consents", json!([consent]))
            }
        }
    }
}

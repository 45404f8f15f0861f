//! People: one who may apply, and one who holds a 网证.

use crypto::Curve;
use identity::registry::population::SandboxPerson;
use jose::jws::LocalSigner;
use jose::sd_jwt::{KeyBinding, SdJwt};
use serde_json::{Value, json};

use crate::decision::{Decision, Redirect};
use crate::http::{Answer, Call};
use crate::platform::Request;
use crate::statement::Statement;
use crate::wallet::{Entry, Wallet};
use crate::world::World;

/// A sandbox person with a document, at a device of their own.
#[derive(Clone)]
pub struct Applicant {
    world: World,
    /// The person of the sandbox.
    pub person: SandboxPerson,
}

impl Applicant {
    pub(crate) fn new(world: World, person: SandboxPerson) -> Self {
        Self { world, person }
    }

    /// Applies with the document and a chip reader; there is a 网证 afterwards.
    pub async fn applies(&self) -> Holder {
        self.applies_on(Wallet::generate(&self.person.pin)).await
    }

    /// The same with a native app whose device key is on SM2.
    pub async fn applies_with_sm2_device(&self) -> Holder {
        self.applies_on(Wallet::on(Curve::Sm2, &self.person.pin))
            .await
    }

    async fn applies_on(&self, wallet: Wallet) -> Holder {
        let body = self.application(&wallet).await;
        let answer = self.apply(&body).await.expect(201);
        self.holds(wallet, &answer.json())
    }

    /// Sends any application.
    pub async fn apply(&self, body: &Value) -> Answer {
        self.world
            .send(Call::post("/person/api/apply").json(body))
            .await
    }

    /// A good application from new keys.
    pub async fn application(&self, wallet: &Wallet) -> Value {
        let mut body = self.document_check(wallet).await;
        body["pin"] = json!(wallet.pin);
        let history = wallet.history.as_ref().expect("a new history key");
        body["history_key"] = Wallet::jwk(history);
        body["history_wrap"] = json!(wallet.own_history_wrap());
        let (wrap, proof) = (wallet.recovery_wrap(), wallet.recovery_proof());
        body["recovery"] = json!({ "wrap": wrap, "proof": proof });
        body
    }

    /// What application and recovery have in common: consents, document, evidence, and the keys of a new device.
    pub async fn document_check(&self, wallet: &Wallet) -> Value {
        json!({
            "statement": Statement::of_new_device(&self.world).sign(&wallet.device),
            "consents": self.consents().await,
            "document": self.document(),
            "evidence": { "chip": true, "face": null },
            "agreement_key": Wallet::jwk(&wallet.agreement),
            "device_name": "我的手机",
        })
    }

    /// Consents to every notice in force, as they are published.
    pub async fn consents(&self) -> Value {
        let call = Call::get("/person/api/notice?kind=apply");
        let notices = self.world.send(call).await.expect(200).json();
        let notices = notices["notices"].as_array().expect("notices").clone();
        let consent =
            |notice: &Value| json!({ "kind": notice["kind"], "notice": notice["digest"] });
        notices.iter().map(consent).collect()
    }

    /// The document as printed.
    pub fn document(&self) -> Value {
        let document = &self.person.document;
        json!({
            "kind": document.number().kind().as_str(),
            "number": document.number().printed(),
            "holder": document.holder().as_str(),
            "birth_date": document.birth_date().to_string(),
            "valid_until": document.valid_until().map(|date| date.to_string()),
        })
    }

    /// Takes over with a new device: the document again, and the proof of a recovery code or none.
    pub async fn recover(&self, wallet: &Wallet, proof: Option<&str>) -> Answer {
        let mut body = self.document_check(wallet).await;
        body["recovery_proof"] = json!(proof);
        self.world
            .send(Call::post("/person/api/recover").json(&body))
            .await
    }

    /// This person with a wallet that the service has answered.
    pub fn holds(&self, mut wallet: Wallet, answer: &Value) -> Holder {
        let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        wallet.handle = text("device");
        wallet.credential = text("credential");
        wallet.wanghao = text("wanghao");
        assert_eq!(wallet.handle.len(), 26, "{answer}");
        Holder {
            applicant: self.clone(),
            wallet,
        }
    }
}

/// A person with a 网证 on a device.
#[derive(Clone)]
pub struct Holder {
    applicant: Applicant,
    wallet: Wallet,
}

impl Holder {
    /// The world.
    pub fn world(&self) -> &World {
        &self.applicant.world
    }

    /// The device.
    pub fn wallet(&self) -> &Wallet {
        &self.wallet
    }

    /// The device, to be changed.
    pub fn wallet_mut(&mut self) -> &mut Wallet {
        &mut self.wallet
    }

    /// The person behind it, who can go through the document check again.
    pub fn applicant(&self) -> &Applicant {
        &self.applicant
    }

    /// Follows a platform's link and sees who asks what.
    pub async fn looks_at(&self, request: &Request) -> Value {
        self.follow(&request.address).await.expect(200).json()
    }

    /// Follows any link, as a wallet.
    pub async fn follow(&self, address: &str) -> Answer {
        self.world()
            .send(Call::get(address).header("accept", "application/json"))
            .await
    }

    /// Opens a session in a browser: the cookie, as it is sent back.
    pub async fn signs_in(&self) -> String {
        let session = Statement::new(self.world(), "wz-session+jwt").by(&self.wallet.handle);
        let body = json!({ "statement": session.sign(&self.wallet.device) });
        let call = Call::post("/person/api/session").json(&body);
        let answer = self.world().send(call).await.expect(200);
        let cookie = answer.header("set-cookie");
        for part in [
            "wz_session=",
            "HttpOnly",
            "SameSite=Lax",
            "Secure",
            "Path=/",
        ] {
            assert!(cookie.contains(part), "{cookie}");
        }
        cookie.split(';').next().unwrap_or_default().to_owned()
    }

    /// A yes with everything the mode asks, ready to be sent or spoiled.
    pub async fn approval(&self, request: &Request) -> Decision {
        let shown = self.looks_at(request).await;
        let decision = self.decision(&shown, "approve");
        let mode = shown["mode"].as_str().expect("a mode");
        let decision = if mode.contains("pin") {
            decision.pin(&self.wallet.pin)
        } else {
            decision
        };
        if mode.contains("face") {
            let notice = self.face_notice().await;
            decision.face("ok").with("face_notice", notice)
        } else {
            decision
        }
    }

    /// The notice a face rests on, as the person reads it before agreeing to it.
    async fn face_notice(&self) -> Value {
        let call = Call::get("/person/api/notice?kind=face");
        let notices = self.world().send(call).await.expect(200).json();
        notices["notices"][0]["digest"].clone()
    }

    /// A no, ready to be sent.
    pub async fn refusal(&self, request: &Request) -> Decision {
        self.decision(&self.looks_at(request).await, "refuse")
    }

    /// A yes to a sealed request that is known already, without looking at it again.
    pub fn approval_of(&self, transaction: &str) -> Decision {
        Decision::new(self, transaction, "approve")
    }

    /// A no to a sealed request that is known already.
    pub fn refusal_of(&self, transaction: &str) -> Decision {
        Decision::new(self, transaction, "refuse")
    }

    fn decision(&self, shown: &Value, choice: &str) -> Decision {
        Decision::new(
            self,
            shown["transaction"].as_str().expect("a transaction"),
            choice,
        )
    }

    /// What this device shows of its credential: these disclosures, bound by its key.
    pub fn presents(&self, names: &[&str], audience: &str, nonce: &str) -> String {
        let credential = SdJwt::parse(&self.wallet.credential).expect("a credential");
        let chosen = credential
            .present(names)
            .expect("the credential holds them");
        let binding = KeyBinding {
            audience,
            nonce,
            issued_at: self.world().now().0,
        };
        let signer = LocalSigner::new(self.wallet.device.clone(), None);
        let bound = chosen.bind(&binding, &signer);
        bound.expect("the device key signs").to_string()
    }

    /// Approves with separate consent to these attributes and no others (R8.2).
    pub async fn approves_with(&self, request: &Request, names: &[&str]) -> Redirect {
        let decision = self.approval(request).await.consents(names);
        self.sends(decision).await
    }

    /// Approves; the browser goes back to the platform.
    pub async fn approves(&self, request: &Request) -> Redirect {
        self.sends(self.approval(request).await).await
    }

    /// Refuses.
    pub async fn refuses(&self, request: &Request) -> Redirect {
        self.sends(self.refusal(request).await).await
    }

    async fn sends(&self, decision: Decision) -> Redirect {
        let redirect = Redirect::of(&decision.send().await.expect(200));
        self.browser_goes_to(&redirect);
        redirect
    }

    /// Chooses the platform's other way; nothing is signed.
    pub async fn takes_another_way(&self, request: &Request) -> Redirect {
        let shown = self.looks_at(request).await;
        let transaction = shown["transaction"].as_str().expect("a transaction");
        let call = Call::get(format!("/oauth/other?transaction={transaction}"));
        let answer = self.world().send(call).await.expect(303);
        let redirect = Redirect(answer.location().expect("a redirect").to_owned());
        self.browser_goes_to(&redirect);
        redirect
    }

    /// The platform's server sees the address.
    fn browser_goes_to(&self, redirect: &Redirect) {
        let host = url::Url::parse(&redirect.0).ok();
        let host = host
            .as_ref()
            .and_then(url::Url::host_str)
            .unwrap_or_default();
        let platform = host.trim_end_matches(".example");
        self.world()
            .platform_receives(platform, redirect.0.clone().into_bytes());
    }

    /// A statement of this device about an act.
    pub fn act(&self, act: &str) -> Statement {
        let statement = Statement::new(self.world(), "wz-act+jwt");
        statement.by(&self.wallet.handle).with("act", act)
    }

    /// Signs an act and sends it to its endpoint: `lock`, `receipts`, `remove-device` …
    pub async fn acts(&self, endpoint: &str, fields: &Value) -> Answer {
        let statement = self.act(&endpoint.replace('-', "_")).with_all(fields);
        let body = json!({ "statement": statement.sign(&self.wallet.device) });
        self.world()
            .send(Call::post(format!("/person/api/{endpoint}")).json(&body))
            .await
    }

    /// Opens the whole history, newest first; entries sealed to another key are left out.
    pub async fn history(&self) -> Vec<Entry> {
        let answer = self.acts("receipts", &json!({})).await.expect(200).json();
        let entries = answer["receipts"].as_array().expect("receipts").clone();
        entries
            .iter()
            .filter_map(|entry| self.wallet.open(entry))
            .collect()
    }

    /// The kinds of the history, newest first.
    pub async fn history_kinds(&self) -> Vec<String> {
        self.history().await.iter().map(Entry::kind).collect()
    }
}

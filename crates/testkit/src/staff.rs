//! Staff: named people with one role, a key and a password.

use std::sync::{Mutex, PoisonError};

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::random::{self, SystemRandom};
use crypto::{Curve, PrivateKey};
use identity::id::{PlatformId, StaffLogin};
use identity::staff::Role;
use identity::staff::account::NewStaff;
use jose::jwk::Jwk;
use jose::jws::{Header, LocalSigner, sign_compact};
use serde_json::{Value, json};

use crate::http::{Answer, Call};
use crate::world::{ISSUER, World};

/// Login and role of everybody who works in a world; members of platforms are `forum-member` and `bank-member`.
pub const STAFF: [(&str, Role); 19] = [
    ("sysadmin", Role::SystemAdministrator),
    ("secadmin", Role::SecurityAdministrator),
    ("auditor", Role::AuditAdministrator),
    ("reviewer1", Role::PlatformReviewer),
    ("reviewer2", Role::PlatformReviewer),
    ("reviewer3", Role::ApplicationReviewer),
    ("reviewer4", Role::ApplicationReviewer),
    ("cases", Role::CaseOfficer),
    ("cases2", Role::CaseOfficer),
    ("gongan", Role::SupervisorPublicSecurity),
    ("wangxin", Role::SupervisorCyberspace),
    ("minzheng", Role::SupervisorCivilAffairs),
    ("wenlv", Role::SupervisorCultureTourism),
    ("weijian", Role::SupervisorHealth),
    ("guangdian", Role::SupervisorBroadcasting),
    ("secadmin2", Role::SecurityAdministrator),
    ("sysadmin2", Role::SystemAdministrator),
    ("forum-member", Role::PlatformMember),
    ("bank-member", Role::PlatformMember),
];

/// An account as its owner knows it.
#[derive(Clone)]
pub(crate) struct Account {
    login: String,
    key: PrivateKey,
    password: String,
}

impl Account {
    fn new(login: &str) -> Self {
        Self {
            login: login.to_owned(),
            key: PrivateKey::generate(Curve::P256, &SystemRandom).expect("a key"),
            password: format!("password of {login}"),
        }
    }
}

/// Opens the accounts of [`STAFF`].
pub(crate) async fn seed(service: &identity::service::Service) -> Vec<Account> {
    let mut accounts = Vec::new();
    for (login, role) in STAFF {
        let account = Account::new(login);
        let platform = login.strip_suffix("-member").and_then(PlatformId::parse);
        let new = NewStaff {
            login: StaffLogin(login.to_owned()),
            name: format!("{login} 先生"),
            role,
            platform,
            key: Jwk::public(account.key.public(), None, None, None),
        };
        let opened = service.seed_staff(new, &account.password).await;
        assert!(opened.expect("an account is opened"), "{login}");
        accounts.push(account);
    }
    accounts
}

/// A member of staff at a desk. Signs in at the first call that needs it.
pub struct Staff {
    world: World,
    account: Account,
    cookie: Mutex<Option<String>>,
}

impl Staff {
    pub(crate) fn new(world: World, account: Account) -> Self {
        Self {
            world,
            account,
            cookie: Mutex::default(),
        }
    }

    /// Somebody with this login, whose account is opened during a test.
    pub fn newcomer(world: &World, login: &str) -> Self {
        Self::new(world.clone(), Account::new(login))
    }

    /// What is typed.
    pub fn login(&self) -> &str {
        &self.account.login
    }

    /// The password.
    pub fn password(&self) -> &str {
        &self.account.password
    }

    /// The public key, as an account is opened with.
    pub fn public_jwk(&self) -> Value {
        let jwk = Jwk::public(self.account.key.public(), None, None, None);
        serde_json::to_value(jwk).expect("JSON")
    }

    /// A statement of this type by the registered key.
    pub fn statement(&self, typ: &str, claims: &Value) -> String {
        let jti = Base64UrlUnpadded::encode_string(&random::array::<16>(&SystemRandom));
        let mut all = json!({ "aud": ISSUER, "iat": self.world.now().0, "jti": jti });
        let members = all.as_object_mut().expect("an object");
        members.extend(claims.as_object().expect("an object of claims").clone());
        let signer = LocalSigner::new(self.account.key.clone(), Some(&self.account.login));
        sign_compact(Header::typ(typ), all.to_string().as_bytes(), &signer).expect("signed")
    }

    /// What a sign-in sends, with any password.
    pub async fn sign_in_body(&self, password: &str) -> Value {
        let challenge = self.world.send(Call::post("/staff/api/challenge")).await;
        let challenge = challenge.expect(200).json()["challenge"].clone();
        let statement = self.statement("wz-staff+jwt", &json!({ "challenge": challenge }));
        json!({ "statement": statement, "password": password })
    }

    /// Signs in with any password; the session is kept when it works.
    pub async fn sign_in_with(&self, password: &str) -> Answer {
        let body = self.sign_in_body(password).await;
        let answer = self
            .world
            .send(Call::post("/staff/api/sign-in").json(&body))
            .await;
        self.remember(&answer);
        answer
    }

    /// Signs in.
    pub async fn signs_in(&self) -> Answer {
        self.sign_in_with(&self.account.password).await.expect(200)
    }

    /// The cookie as it is sent now; empty when nobody is signed in.
    pub fn cookie(&self) -> String {
        let cookie = self.cookie.lock().unwrap_or_else(PoisonError::into_inner);
        cookie.clone().unwrap_or_default()
    }

    fn remember(&self, answer: &Answer) {
        for line in answer.headers.get_all("set-cookie") {
            let line = line.to_str().unwrap_or_default();
            if let Some(pair) = line
                .split(';')
                .next()
                .filter(|pair| pair.starts_with("wz_staff="))
            {
                let mut cookie = self.cookie.lock().unwrap_or_else(PoisonError::into_inner);
                *cookie = (pair != "wz_staff=").then(|| pair.to_owned());
            }
        }
    }

    /// Sends any call with the session as it is, and keeps the renewed cookie.
    pub async fn sends(&self, call: Call) -> Answer {
        let answer = self.world.send(call.header("cookie", self.cookie())).await;
        self.remember(&answer);
        answer
    }

    async fn at_the_desk(&self) {
        if self.cookie().is_empty() {
            self.signs_in().await;
        }
    }

    /// Reads a path.
    pub async fn gets(&self, path: &str) -> Answer {
        self.at_the_desk().await;
        self.sends(Call::get(path)).await
    }

    /// Posts JSON.
    pub async fn posts(&self, path: &str, body: &Value) -> Answer {
        self.at_the_desk().await;
        self.sends(Call::post(path).json(body)).await
    }

    /// Posts a form from one of our own pages.
    pub async fn submits(&self, path: &str, fields: &crate::Fields) -> Answer {
        self.at_the_desk().await;
        let call = Call::post(path)
            .form(fields)
            .header("sec-fetch-site", "same-origin");
        self.sends(call).await
    }

    /// Signs a dangerous act and proposes it: the raw answer.
    pub async fn propose(&self, act: &Value) -> Answer {
        let statement = self.statement("wz-staff-act+jwt", &json!({ "proposed": act }));
        self.posts("/staff/api/propose", &json!({ "statement": statement }))
            .await
    }

    /// Proposes what must be accepted; the proposal's id.
    pub async fn proposes(&self, act: &Value) -> String {
        let answer = self.propose(act).await.expect(201).json();
        answer["proposal"].as_str().expect("an id").to_owned()
    }

    /// Confirms or declines a proposal as it is listed: the raw answer.
    pub async fn answer(&self, answer: &str, proposal: &str) -> Answer {
        let row = self.world.proposal(proposal).await;
        let digest = row.map(|row| json!(row.digest())).unwrap_or_default();
        let claims = json!({ "answer": answer, "proposal": proposal, "digest": digest });
        let statement = self.statement("wz-staff-act+jwt", &claims);
        let body = json!({ "statement": statement });
        self.posts(&format!("/staff/api/{answer}"), &body).await
    }

    /// Confirms: the raw answer.
    pub async fn confirm(&self, proposal: &str) -> Answer {
        self.answer("confirm", proposal).await
    }

    /// Confirms what must be accepted; what came of it.
    pub async fn confirms(&self, proposal: &str) -> String {
        let answer = self.confirm(proposal).await.expect(200).json();
        answer["result"].as_str().expect("a result").to_owned()
    }

    /// Declines: the raw answer.
    pub async fn decline(&self, proposal: &str) -> Answer {
        self.answer("decline", proposal).await
    }
}

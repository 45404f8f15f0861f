//! `wangzheng staff`: a member of staff of a demo at a terminal: signs in with key and password from `DIR/demo.json`,
//! reads, posts, and signs acts of two persons (R12.1, R12.4). For scripts; people use the desks. `open` begins an
//! installation.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use base64ct::{Base64UrlUnpadded, Encoding};
use clap::{Args, Subcommand};
use crypto::random::{self, SystemRandom};
use identity::clock::{Clock, SystemClock};
use jose::jws::{Header, LocalSigner, sign_compact};
use reqwest::header::{COOKIE, SET_COOKIE};
use serde_json::{Value, json};

use crate::demo::fixtures::Demo;
use crate::wallet::http::client;

mod open;

/// `wangzheng staff …`
#[derive(Debug, Clone, Args)]
pub(crate) struct StaffArguments {
    /// Folder with demo.json
    #[arg(long, global = true, value_name = "DIR", default_value = "./data")]
    pub data: PathBuf,
    /// Who: a login of demo.json, such as reviewer1
    #[arg(long, global = true, value_name = "LOGIN", default_value = "reviewer1")]
    pub login: String,
    /// Print JSON for programs (it always is)
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do
    #[command(subcommand)]
    pub command: StaffCommand,
}

/// What can be done at a terminal.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum StaffCommand {
    /// Read a path of /staff/api
    Get {
        /// Path
        path: String,
    },
    /// Post JSON to a path of /staff/api
    Post {
        /// Path
        path: String,
        /// Body
        body: String,
    },
    /// Sign an act and propose it: prints the proposal's id
    Propose {
        /// `{"act": "suspend_platform", …}`
        act: String,
    },
    /// Sign and confirm a proposal of somebody else; it is carried out
    Confirm {
        /// Its id
        proposal: String,
    },
    /// Sign and decline a proposal of somebody else
    Decline {
        /// Its id
        proposal: String,
    },
    /// Open the first account of a role, on the machine itself; from then on two persons open accounts (R12.1)
    Open(open::Open),
    /// Print a statement (JWS) with these claims, signed by the registered key
    Sign {
        /// `wz-staff+jwt` or `wz-staff-act+jwt`
        typ: String,
        /// Claims beside aud, iat and jti
        claims: String,
    },
}

/// Why it did not work: the exit status, and what to tell.
struct Failure(u8, Value);

impl Failure {
    fn usage(text: &str) -> Self {
        Self(2, json!({ "error": text }))
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "what `map_err` hands over, whatever kind of error it is"
    )]
    fn unreachable(error: impl ToString) -> Self {
        Self(3, json!({ "error": error.to_string() }))
    }
}

/// Runs one command and prints JSON: 0 done, 1 refused by a rule, 2 wrong usage, 3 could not.
pub(crate) async fn run(arguments: StaffArguments, out: &mut dyn Write) -> ExitCode {
    let (status, value) = match act(&arguments).await {
        Ok(value) => (0, value),
        Err(Failure(status, value)) => (status, value),
    };
    let printed = writeln!(out, "{value}");
    ExitCode::from(if printed.is_ok() { status } else { 3 })
}

async fn act(arguments: &StaffArguments) -> Result<Value, Failure> {
    if let StaffCommand::Open(first) = &arguments.command {
        return open::open(&arguments.data, &arguments.login, first).await;
    }
    let desk = Desk::at(&arguments.data, &arguments.login)?;
    if let StaffCommand::Sign { typ, claims } = &arguments.command {
        return Ok(json!({ "statement": desk.sign(typ, &parsed(claims)?)? }));
    }
    let cookie = desk.sign_in().await?;
    let answer = |answer: &'static str, proposal: String| {
        let (desk, cookie) = (&desk, &cookie);
        async move {
            let listed = desk.call("/staff/api/proposals", None, cookie).await?.0;
            let rows = listed["proposals"].as_array().cloned().unwrap_or_default();
            let row = rows.iter().find(|row| row["proposal"] == proposal.as_str());
            let digest = row.map(|row| row["digest"].clone()).unwrap_or_default();
            let claims = json!({ "answer": answer, "proposal": proposal, "digest": digest });
            let body = json!({ "statement": desk.sign("wz-staff-act+jwt", &claims)? });
            desk.call(&format!("/staff/api/{answer}"), Some(&body), cookie)
                .await
        }
    };
    let done = match &arguments.command {
        StaffCommand::Get { path } => desk.call(path, None, &cookie).await,
        StaffCommand::Post { path, body } => desk.call(path, Some(&parsed(body)?), &cookie).await,
        StaffCommand::Propose { act } => {
            let claims = json!({ "proposed": parsed(act)? });
            let body = json!({ "statement": desk.sign("wz-staff-act+jwt", &claims)? });
            desk.call("/staff/api/propose", Some(&body), &cookie).await
        }
        StaffCommand::Confirm { proposal } => answer("confirm", proposal.clone()).await,
        StaffCommand::Decline { proposal } => answer("decline", proposal.clone()).await,
        StaffCommand::Sign { .. } | StaffCommand::Open(_) => {
            return Err(Failure::usage("unreachable"));
        }
    };
    Ok(done?.0)
}

fn parsed(text: &str) -> Result<Value, Failure> {
    serde_json::from_str(text).map_err(|_| Failure::usage("not JSON"))
}

/// One member of staff and the service.
struct Desk {
    issuer: String,
    login: String,
    password: String,
    signer: LocalSigner,
    client: reqwest::Client,
}

impl Desk {
    fn at(folder: &Path, login: &str) -> Result<Self, Failure> {
        let path = folder.join("demo.json");
        let text = std::fs::read(&path)
            .map_err(|error| Failure::unreachable(format!("{}: {error}", path.display())))?;
        let demo: Demo = serde_json::from_slice(&text)
            .map_err(|_| Failure::unreachable(format!("{} is damaged", path.display())))?;
        let staff = demo.staff.iter().find(|staff| staff.login == login);
        let staff = staff.ok_or_else(|| Failure::usage("no such login in demo.json"))?;
        let key = staff.private_jwk.private_key();
        Ok(Self {
            issuer: demo.issuer.clone(),
            login: login.to_owned(),
            password: staff.password.clone(),
            signer: LocalSigner::new(key.map_err(Failure::unreachable)?, Some(login)),
            client: client().map_err(Failure::unreachable)?,
        })
    }

    fn sign(&self, typ: &str, claims: &Value) -> Result<String, Failure> {
        let jti = Base64UrlUnpadded::encode_string(&random::array::<16>(&SystemRandom));
        let mut all = json!({ "aud": self.issuer, "iat": SystemClock.now().0, "jti": jti });
        let members = all.as_object_mut().zip(claims.as_object());
        let (members, claims) = members.ok_or_else(|| Failure::usage("claims are an object"))?;
        members.extend(claims.clone());
        sign_compact(Header::typ(typ), all.to_string().as_bytes(), &self.signer)
            .map_err(Failure::unreachable)
    }

    /// The session cookie. Signing in ends an earlier session of the same login.
    async fn sign_in(&self) -> Result<String, Failure> {
        let challenge = self
            .call("/staff/api/challenge", Some(&json!({})), "")
            .await?
            .0;
        let claims = json!({ "challenge": challenge["challenge"] });
        let statement = self.sign("wz-staff+jwt", &claims)?;
        let body = json!({ "statement": statement, "password": self.password });
        let (_, cookie) = self.call("/staff/api/sign-in", Some(&body), "").await?;
        cookie.ok_or_else(|| Failure::unreachable(format!("{}: no session", self.login)))
    }

    /// One call: the answer, and the cookie it set.
    async fn call(
        &self,
        path: &str,
        body: Option<&Value>,
        cookie: &str,
    ) -> Result<(Value, Option<String>), Failure> {
        let address = format!("{}{path}", self.issuer);
        let call = match body {
            Some(body) => self.client.post(address).json(body),
            None => self.client.get(address),
        };
        let answer = call
            .header(COOKIE, cookie)
            .send()
            .await
            .map_err(Failure::unreachable)?;
        let set = answer.headers().get(SET_COOKIE);
        let set = set.and_then(|line| line.to_str().ok());
        let set = set
            .and_then(|line| line.split(';').next())
            .map(str::to_owned);
        let status = answer.status().as_u16();
        let text = answer.text().await.map_err(Failure::unreachable)?;
        let value = serde_json::from_str(&text).unwrap_or(Value::String(text));
        match status {
            200..=399 => Ok((value, set)),
            400..=499 => Err(Failure(1, value)),
            _ => Err(Failure(3, value)),
        }
    }
}

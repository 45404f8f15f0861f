//! `wangzheng staff open`: the first account of a role, on the machine that has the database (R12.1).

use std::path::{Path, PathBuf};

use clap::Args;
use crypto::random::SystemRandom;
use crypto::{Curve, PrivateKey};
use identity::clock::{Clock, SystemClock};
use identity::id::StaffLogin;
use identity::staff::Role;
use identity::staff::account::NewStaff;
use identity::staff::first::open_first;
use jose::jwk::Jwk;
use serde_json::{Value, json};
use store::{Options, Sqlite};

use super::Failure;
use crate::config::Config;
use crate::wallet::private_file;

/// Longest login.
const LONGEST: usize = 40;

/// Whose account. The person signs in with the key, and sets a password at the first sign-in.
#[derive(Debug, Clone, Args)]
pub(crate) struct Open {
    /// `system_administrator`, `security_administrator` … (docs/roles.md)
    #[arg(long, value_name = "ROLE")]
    pub role: String,
    /// Name of the person
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// File with the person's public key (JWK, P-256 or SM2)
    #[arg(long, value_name = "FILE", required_unless_present = "new_key")]
    pub key: Option<PathBuf>,
    /// Make a key and write its private JWK to this new file, for the person
    #[arg(long, value_name = "FILE", conflicts_with = "key")]
    pub new_key: Option<PathBuf>,
    /// Configuration of the service [default: the database in --data]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Opens it.
pub(super) async fn open(data: &Path, login: &str, first: &Open) -> Result<Value, Failure> {
    // 1. Who, and where.
    let role = Role::from_name(&first.role).ok_or_else(|| {
        let roles = Role::ALL.map(Role::as_str).join(" ");
        Failure::usage(&format!("no role {:?}; there are: {roles}", first.role))
    })?;
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if login.is_empty() || login.len() > LONGEST || !login.bytes().all(fits) {
        return Err(Failure::usage(
            "a login has small letters, digits and -; name it with --login",
        ));
    }
    let database = match &first.config {
        Some(path) => Config::read(path).and_then(|config| config.sqlite_path()),
        None => Ok(data.join("wangzheng.db")),
    };
    let database = database.map_err(Failure::unreachable)?;
    if !database.exists() {
        let text = format!(
            "{} is not there; start `wangzheng serve` once, or name the right --config or --data",
            database.display()
        );
        return Err(Failure::unreachable(text));
    }
    // 2. The key: the person's own, or a new one for them.
    let (public, private) = key(first)?;
    let new = NewStaff {
        login: StaffLogin(login.to_owned()),
        name: first.name.clone(),
        role,
        platform: None,
        key: public,
    };
    let store = Sqlite::open(&database, &Options::default()).map_err(Failure::unreachable)?;
    // 3. A new key is on the disk before the account, which nobody could use without it.
    let written = first.new_key.as_deref().zip(private);
    if let Some((path, private)) = &written {
        let bytes = serde_json::to_vec(private).map_err(Failure::unreachable)?;
        private_file::write(path, &bytes).map_err(Failure::unreachable)?;
    }
    // 4. Only while nobody of the role is there.
    let opened = open_first(&store, &SystemRandom, new, SystemClock.now()).await;
    if let Err(refused) = opened.map_err(Failure::unreachable)? {
        if let Some((path, _)) = &written {
            let _ = std::fs::remove_file(path);
        }
        return Err(Failure(1, json!({ "error": refused.to_string() })));
    }
    Ok(json!({
        "done": true, "login": login, "role": role.as_str(), "name": first.name, "key_file": first.new_key,
        "next": "sign in at /staff/sign-in with the key; the password typed there becomes yours",
    }))
}

/// The public key, and the private one where it was made here.
fn key(first: &Open) -> Result<(Jwk, Option<Jwk>), Failure> {
    if let Some(path) = &first.new_key {
        if path.exists() {
            return Err(Failure::usage(
                "the file for the new key is there already; name a new one",
            ));
        }
        let key = PrivateKey::generate(Curve::P256, &SystemRandom).map_err(Failure::unreachable)?;
        let private = Jwk::private(&key, None, None, None).map_err(Failure::unreachable)?;
        return Ok((Jwk::public(key.public(), None, None, None), Some(private)));
    }
    let path = first.key.as_deref().unwrap_or(Path::new(""));
    let bytes = std::fs::read(path)
        .map_err(|error| Failure::unreachable(format!("{}: {error}", path.display())))?;
    let key: Jwk = serde_json::from_slice(&bytes)
        .map_err(|_| Failure::usage("the file is not a key (JWK)"))?;
    if key.is_private() {
        return Err(Failure::usage(
            "the file holds a private key; only its public part belongs here",
        ));
    }
    Ok((key, None))
}

#[cfg(test)]
mod tests {
    use identity::staff::StaffStore;

    use super::*;

    fn first(folder: &Path, role: &str, file: &str) -> Open {
        Open {
            role: role.to_owned(),
            name: "王芳".to_owned(),
            key: None,
            new_key: Some(folder.join(file)),
            config: None,
        }
    }

    /// R12.1: an installation begins with one of each administrator; the third account takes two persons.
    #[tokio::test]
    async fn r12_1_an_installation_begins_with_two_administrators() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let system = first(path, "system_administrator", "sys.jwk");
        let Err(Failure(3, _)) = open(path, "sys", &system).await else {
            panic!("no database, and none is made");
        };
        assert!(!path.join("wangzheng.db").exists());
        drop(Sqlite::open(path.join("wangzheng.db"), &Options::default()).unwrap());

        assert!(open(path, "sys", &system).await.is_ok());
        let again = first(path, "system_administrator", "sys2.jwk");
        let Err(Failure(1, refused)) = open(path, "sys2", &again).await else {
            panic!("a second one");
        };
        assert!(refused["error"].as_str().unwrap().contains("R12.1"));
        assert!(!path.join("sys2.jwk").exists(), "no key without an account");
        let security = first(path, "security_administrator", "sec.jwk");
        assert!(open(path, "sec", &security).await.is_ok());
        let cases = first(path, "case_officer", "cases.jwk");
        let Err(Failure(1, refused)) = open(path, "cases", &cases).await else {
            panic!("two persons are there");
        };
        assert!(refused["error"].as_str().unwrap().contains("R12.1"));

        let store = Sqlite::open(path.join("wangzheng.db"), &Options::default()).unwrap();
        let staff = store.all_staff().await.unwrap();
        assert_eq!(staff.len(), 2);
        assert!(staff.iter().all(|row| row.password.is_none()));
        let key = std::fs::read(path.join("sys.jwk")).unwrap();
        let key: Jwk = serde_json::from_slice(&key).unwrap();
        let row = staff
            .iter()
            .find(|row| row.login.as_str() == "sys")
            .unwrap();
        assert_eq!(
            key.to_public().thumbprint().unwrap(),
            row.key.thumbprint().unwrap()
        );
    }

    #[tokio::test]
    async fn a_wrong_role_login_or_key_is_wrong_usage() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        drop(Sqlite::open(path.join("wangzheng.db"), &Options::default()).unwrap());
        let boss = first(path, "boss", "boss.jwk");
        let good = first(path, "case_officer", "cases.jwk");
        let private = PrivateKey::generate(Curve::P256, &SystemRandom).unwrap();
        let private = Jwk::private(&private, None, None, None).unwrap();
        let file = path.join("private.jwk");
        std::fs::write(&file, serde_json::to_vec(&private).unwrap()).unwrap();
        let with_private = Open {
            key: Some(file),
            new_key: None,
            ..good.clone()
        };
        for (login, wrong) in [("boss", &boss), ("Ca ses", &good), ("cases", &with_private)] {
            let outcome = open(path, login, wrong).await;
            assert!(matches!(outcome, Err(Failure(2, _))), "{login}");
        }
    }
}

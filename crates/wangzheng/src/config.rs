//! One TOML file; the defaults are the documentation; secrets by file (design §4 Config).

use std::path::{Path, PathBuf};

use identity::service::Policy;
use serde::{Deserialize, Serialize};
use web::page::Environment;

use crate::egress::EgressList;
use crate::residency::{Misplaced, Residency};

/// The whole configuration of `wangzheng serve`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// What the service is called by: `https://…`, no slash at the end.
    pub(crate) issuer: String,
    /// `production`, or `sandbox` with synthetic persons.
    pub(crate) environment: EnvironmentName,
    /// Addresses to listen on, behind a TLS proxy.
    #[serde(default = "listen")]
    pub(crate) listen: Vec<std::net::SocketAddr>,
    /// Where rows are kept.
    pub(crate) database: Database,
    /// Where keys are kept.
    pub(crate) keys: Keys,
    /// The rules' settings.
    #[serde(default)]
    pub(crate) policy: Policy,
    /// Where stores, back-ups and logs lie (R12.2).
    #[serde(default)]
    pub(crate) residency: Residency,
    /// Narrows the hosts of platforms that this service may call (R12.2).
    #[serde(default)]
    pub(crate) egress: EgressList,
    /// A file whose first line opens `/metrics` (`Authorization: Bearer`); production without one shows it to nobody.
    #[serde(default)]
    pub(crate) metrics_token_file: Option<PathBuf>,
    /// The number a person can call for help.
    #[serde(default = "help_phone")]
    pub(crate) help_phone: String,
}

/// Where the service runs. A demo is not configured: `wangzheng demo` is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EnvironmentName {
    /// On somebody's own machine.
    Demo,
    /// For platforms to try against.
    Sandbox,
    /// With real persons.
    Production,
}

/// `[database]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Database {
    /// `sqlite:PATH`.
    pub(crate) url: String,
}

/// `[keys]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Keys {
    /// The sealed file.
    pub(crate) file: PathBuf,
    /// A file with the passphrase in its first line.
    pub(crate) passphrase_file: PathBuf,
}

/// Why a configuration cannot be used, and what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// The file is not there.
    #[error("cannot read {path}: {error}; name a readable file with --config")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// It is not TOML of this shape.
    #[error("{path} is not a configuration: {error}")]
    Malformed {
        /// Which.
        path: PathBuf,
        /// Where and why.
        error: Box<toml::de::Error>,
    },
    /// An issuer nobody can use.
    #[error("issuer must be an https address without a slash at the end (http only for localhost)")]
    Issuer,
    /// Data would lie where nobody said, or abroad.
    #[error("{0}; production keeps data in the territory")]
    Residency(#[from] Misplaced),
    /// A store nobody has.
    #[error("database.url must begin with sqlite: (PostgreSQL is not built yet)")]
    Database,
}

impl Config {
    /// Reads and checks a file.
    pub(crate) fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable {
            path: path.to_owned(),
            error,
        })?;
        let config: Self = toml::from_str(&text).map_err(|error| ConfigError::Malformed {
            path: path.to_owned(),
            error: Box::new(error),
        })?;
        config.check()
    }

    /// Checks what the shape cannot say.
    pub(crate) fn check(self) -> Result<Self, ConfigError> {
        let url = url::Url::parse(&self.issuer).map_err(|_| ConfigError::Issuer)?;
        let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        let safe = url.scheme() == "https" || (url.scheme() == "http" && local);
        if !safe || self.issuer.ends_with('/') || url.query().is_some() {
            return Err(ConfigError::Issuer);
        }
        self.sqlite_path().map(drop)?;
        // Art. 12(2), R12.2: with real persons, every store says where it lies, and lies at home.
        if self.environment == EnvironmentName::Production
            && let Some(misplaced) = self.residency.misplaced().into_iter().next()
        {
            return Err(misplaced.into());
        }
        Ok(self)
    }

    /// The file of the embedded database.
    pub(crate) fn sqlite_path(&self) -> Result<PathBuf, ConfigError> {
        self.database
            .url
            .strip_prefix("sqlite:")
            .map(PathBuf::from)
            .ok_or(ConfigError::Database)
    }
}

impl EnvironmentName {
    /// As the pages know it.
    pub(crate) fn environment(self) -> Environment {
        match self {
            Self::Demo => Environment::Demo,
            Self::Sandbox => Environment::Sandbox,
            Self::Production => Environment::Production,
        }
    }

    /// The name simulators are asked by.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Sandbox => "sandbox",
            Self::Production => "production",
        }
    }
}

fn listen() -> Vec<std::net::SocketAddr> {
    vec![
        (std::net::Ipv4Addr::LOCALHOST, 8080).into(),
        (std::net::Ipv6Addr::LOCALHOST, 8080).into(),
    ]
}

fn help_phone() -> String {
    "12345".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALLEST: &str = r#"
        issuer = "https://id.example"
        environment = "sandbox"
        database = { url = "sqlite:/var/lib/wangzheng/wangzheng.db" }
        keys = { file = "/etc/wangzheng/keys", passphrase_file = "/run/secrets/passphrase" }
    "#;

    fn read(text: &str) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("wangzheng.toml");
        std::fs::write(&path, text).unwrap();
        Config::read(&path)
    }

    #[test]
    fn the_smallest_file_is_enough() {
        let config = read(SMALLEST).unwrap();
        assert_eq!(config.policy.code_life, Policy::default().code_life);
        assert_eq!(config.listen.len(), 2);
    }

    #[test]
    fn r12_2_production_says_where_every_store_lies() {
        let production = SMALLEST.replace("sandbox", "production");
        let refused = read(&production).unwrap_err().to_string();
        assert!(refused.contains("R12.2"), "{refused}");
        let places = r#"residency = { database = "CN", keys = "CN", backup = "CN", log = "CN" }"#;
        assert!(read(&format!("{production}\n{places}")).is_ok());
        let abroad = places.replace(r#"log = "CN""#, r#"log = "US""#);
        let refused = read(&format!("{production}\n{abroad}")).unwrap_err();
        assert!(matches!(
            refused,
            ConfigError::Residency(Misplaced::Abroad { .. })
        ));
    }

    #[test]
    fn what_nobody_knows_is_refused_by_name() {
        let error = read(&format!("colour = 1\n{SMALLEST}"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("colour"), "{error}");
    }

    #[test]
    fn unsafe_issuers_are_refused() {
        for issuer in [
            "http://id.example",
            "https://id.example/",
            "ftp://localhost",
            "id.example",
        ] {
            let text = SMALLEST.replace("https://id.example", issuer);
            assert!(matches!(read(&text), Err(ConfigError::Issuer)), "{issuer}");
        }
        assert!(read(&SMALLEST.replace("https://id.example", "http://localhost:8080")).is_ok());
    }
}

//! What every handler shares.

use std::sync::Arc;

use identity::replay::SeenOnce;
use identity::service::Service;

use crate::metrics::{Access, Metrics};
use crate::page::Environment;

/// The service behind HTTP.
pub struct App {
    /// The domain.
    pub service: Arc<Service>,
    /// Demo, sandbox or production.
    pub environment: Environment,
    /// Whether the outside speaks https (cookies, HSTS).
    pub https: bool,
    /// The number a person can call.
    pub help_phone: String,
    /// Sandbox documents for the document simulator; empty in production.
    pub sandbox_persons: Vec<crate::page::document::SandboxPerson>,
    /// What monitoring reads.
    pub metrics: Metrics,
    /// Who may read it.
    pub metrics_access: Access,
    /// `jti` of client assertions (RFC 7523 §3).
    pub assertions: SeenOnce,
}

/// Seconds a client assertion may live (RFC 7523 §3: reject what expires unreasonably far away).
pub const ASSERTION_LIFE: i64 = 600;

impl App {
    /// An app over a service.
    pub fn new(service: Arc<Service>, environment: Environment, https: bool) -> Self {
        Self {
            service,
            environment,
            https,
            help_phone: "12345".to_owned(),
            sandbox_persons: Vec::new(),
            metrics: Metrics::default(),
            // Figures of real persons' days are for who runs the service, even without names in them.
            metrics_access: match environment {
                Environment::Production => Access::Closed,
                Environment::Demo | Environment::Sandbox => Access::Open,
            },
            assertions: SeenOnce::new(ASSERTION_LIFE + 60, 1 << 20),
        }
    }
}

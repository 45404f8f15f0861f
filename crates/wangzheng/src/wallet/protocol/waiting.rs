//! 待确认: what platforms ask by themselves (S5). The wallet fetches it; no browser carries it.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    Failed, Service, Wallet, approval::Request, lock::act, transport::Transport, understand,
};

/// What waits for the person, the first to end first.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Waiting {
    /// The requests.
    pub requests: Vec<WaitingRequest>,
    /// How many were refused lately.
    pub refused_lately: u32,
    /// Whether no new ones are shown for a while.
    pub left_in_peace: bool,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct WaitingRequest {
    /// As any request.
    #[serde(flatten)]
    pub request: Request,
    /// What the platform shows on its own screen.
    pub binding_message: Option<String>,
    /// Seconds since 1970 when it ends.
    pub expires_at: i64,
}

/// Fetches what waits.
pub(crate) async fn waiting<T: Transport>(
    service: &Service<'_, T>,
    wallet: &Wallet,
) -> Result<Waiting, Failed> {
    let answer: Value = act(service, wallet, "requests", Map::new()).await?;
    understand(answer, "requests")
}

//! Everything the process logs, kept for tests that search it (R8.1, R9.1).

use std::io::Write;
use std::sync::{Mutex, Once, PoisonError};

use tracing_subscriber::filter::LevelFilter;

static CAPTURED: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static STARTED: Once = Once::new();

/// Begins to keep what is logged, at every level and by every thread. The first call counts.
pub(crate) fn capture() {
    STARTED.call_once(|| {
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(LevelFilter::TRACE)
            .with_ansi(false)
            .with_writer(|| Capture)
            .finish();
        // Should a test have its own subscriber, that one stays and a search here finds nothing: so the marker.
        let _ = tracing::subscriber::set_global_default(subscriber);
        tracing::info!("capture begins");
    });
}

/// What was logged by all worlds of this process so far.
pub fn captured_logs() -> Vec<u8> {
    let captured = CAPTURED.lock().unwrap_or_else(PoisonError::into_inner);
    assert!(
        captured.windows(14).any(|text| text == b"capture begins"),
        "the logs of this process go somewhere else"
    );
    captured.clone()
}

struct Capture;

impl Write for Capture {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut captured = CAPTURED.lock().unwrap_or_else(PoisonError::into_inner);
        captured.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

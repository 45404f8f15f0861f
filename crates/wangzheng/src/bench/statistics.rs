//! Latencies and processor time.

use std::time::Duration;

/// Latencies of flows, kept whole: a run has some ten thousand.
#[derive(Debug, Default)]
pub(crate) struct Latencies(Vec<u32>);

impl Latencies {
    /// One more, in microseconds.
    pub(crate) fn add(&mut self, latency: Duration) {
        self.0
            .push(u32::try_from(latency.as_micros()).unwrap_or(u32::MAX));
    }

    /// Those of another worker.
    pub(crate) fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// How many.
    pub(crate) fn count(&self) -> u64 {
        self.0.len() as u64
    }

    /// The latency below which `share` of all lie (nearest rank), in milliseconds; 0 without any.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "a rank among a vector's elements"
    )]
    pub(crate) fn milliseconds(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (share * sorted.len() as f64).ceil() as usize;
        sorted
            .get(rank.saturating_sub(1))
            .map_or(0.0, |micros| f64::from(*micros) / 1000.0)
    }
}

/// Seconds of processor time a process has used, user and system, all threads (Linux).
pub(crate) fn cpu_seconds(process: u32) -> std::io::Result<f64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name is in brackets and may hold spaces: fields count from behind it.
    let fields: Vec<&str> = text
        .rsplit(')')
        .next()
        .unwrap_or("")
        .split_whitespace()
        .collect();
    let ticks = |index: usize| {
        fields
            .get(index)
            .and_then(|f| f.parse::<f64>().ok())
            .unwrap_or(0.0)
    };
    // utime and stime are fields 14 and 15; a tick is 1/100 s on Linux.
    Ok((ticks(11) + ticks(12)) / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_by_nearest_rank() {
        let mut latencies = Latencies::default();
        for milliseconds in 1..=100 {
            latencies.add(Duration::from_millis(milliseconds));
        }
        assert!((latencies.milliseconds(0.50) - 50.0).abs() < 1e-9);
        assert!((latencies.milliseconds(0.99) - 99.0).abs() < 1e-9);
        assert!(Latencies::default().milliseconds(0.5).abs() < 1e-9);
    }

    #[test]
    fn this_process_uses_time() {
        assert!(cpu_seconds(std::process::id()).unwrap() >= 0.0);
    }
}

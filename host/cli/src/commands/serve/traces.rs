//! What an operator decides about traces of apps' runs.

use std::path::Path;

use souk_core::limits::{TRACE_KEPT_MS_DEFAULT, TRACES_OF_APP_DEFAULT};
use souk_market::TraceKeeping;

/// Milliseconds of a day.
const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// How traces are kept.
#[derive(clap::Args)]
pub(super) struct TraceArgs {
    /// Traces kept of each app's runs that ended well, and as many of those that did not; with 0
    /// there are none
    #[arg(
        long,
        env = "SOUK_TRACES",
        default_value_t = TRACES_OF_APP_DEFAULT,
        value_name = "COUNT"
    )]
    traces: usize,
    /// Days that traces are kept
    #[arg(
        long,
        env = "SOUK_TRACES_DAYS",
        default_value_t = TRACE_KEPT_MS_DEFAULT / DAY_MS,
        value_name = "DAYS"
    )]
    traces_days: u64,
}

impl TraceArgs {
    /// Traces lie in the data directory, beside the store.
    pub(super) fn read(&self, data: &Path) -> Option<TraceKeeping> {
        (self.traces > 0).then(|| TraceKeeping {
            of_app: self.traces,
            kept_ms: self.traces_days.saturating_mul(DAY_MS),
            ..TraceKeeping::in_directory(data.join("traces"))
        })
    }
}

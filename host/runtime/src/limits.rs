//! The bounds of one run, as a value: a laboratory composes others, the host takes these.
//!
//! What an operator may draw narrower for an app is the table of [`crate::narrower`].

use std::time::Duration;

use serde::{Deserialize, Serialize};
use souk_core::limits;

/// Everything that bounds one run, how many there are at once, and what their app has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// How long a run may take, in milliseconds.
    pub run_ms: u64,
    /// How often the clock ticks that enforces it, in milliseconds.
    pub epoch_tick_ms: u64,
    /// How long a run may compute before it goes on with low priority, in milliseconds.
    pub brisk_ms: u64,
    /// All memories and tables of a run together, in bytes.
    pub memory_bytes: usize,
    /// Runs at once; the next one waits.
    pub runs_at_once: usize,
    /// Runs of one app at once; the next one waits, for a while.
    pub app_runs_at_once: usize,
    /// How long it waits, in milliseconds, before whoever wants it is asked to try again.
    pub app_run_waits_ms: u64,
    /// Host calls of a run.
    pub host_calls: u64,
    /// Prints, clock readings and the like of a run.
    pub wasi_calls: u64,
    /// What one host call may bring in, in bytes.
    pub host_call_bytes: usize,
    /// What one host call about money may bring in, in bytes.
    pub money_call_bytes: usize,
    /// What all host calls of a run may hand to the guest, in bytes.
    pub answer_bytes: usize,
    /// Handles a run holds at once.
    pub handles: usize,
    /// What a run may print, in bytes.
    pub log_bytes: usize,
    /// Messages a run may post.
    pub messages: usize,
    /// Sheets a run may open.
    pub orders: usize,
    /// What a run may write into its storage, in bytes.
    pub staged_bytes: usize,
    /// Timers a run may set or cancel.
    pub timers: usize,
    /// Questions a run may ask outside.
    pub reads: usize,
    /// How long it may wait for the answers, all together, in milliseconds.
    pub reads_ms: u64,
    /// Letters a run may send to the outside.
    pub sends: usize,
    /// What one bucket of an app holds, in bytes. Not of the run: a trace does not keep it.
    #[serde(skip, default = "bucket_bytes")]
    pub bucket_bytes: i64,
    /// Requests of an app in a minute. Not of the run either.
    #[serde(skip, default = "http_per_minute")]
    pub http_per_minute: usize,
    /// Requests of an app under way at once. Likewise.
    #[serde(skip, default = "http_at_once")]
    pub http_at_once: usize,
}

const fn bucket_bytes() -> i64 {
    limits::BUCKET_BYTES_MAX
}

const fn http_per_minute() -> usize {
    limits::HTTP_REQUESTS_PER_MINUTE_MAX
}

const fn http_at_once() -> usize {
    limits::HTTP_APP_AT_ONCE_REQUESTS_MAX
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            run_ms: limits::RUN_MS_MAX,
            epoch_tick_ms: limits::EPOCH_TICK_MS,
            brisk_ms: limits::RUN_BRISK_MS,
            memory_bytes: limits::RUN_MEMORY_BYTES_MAX,
            runs_at_once: limits::RUNS_AT_ONCE_MAX,
            app_runs_at_once: limits::APP_RUNS_AT_ONCE_MAX,
            app_run_waits_ms: limits::APP_RUN_WAITS_MS_MAX,
            host_calls: limits::HOST_CALLS_MAX,
            wasi_calls: limits::WASI_CALLS_MAX,
            host_call_bytes: limits::HOST_CALL_BYTES_MAX,
            money_call_bytes: limits::MONEY_CALL_BYTES_MAX,
            answer_bytes: limits::RUN_ANSWER_BYTES_MAX,
            handles: limits::HANDLES_MAX,
            log_bytes: limits::LOG_BYTES_MAX,
            messages: limits::RUN_MESSAGES_MAX,
            orders: limits::RUN_ORDERS_MAX,
            staged_bytes: limits::RUN_STAGED_BYTES_MAX,
            timers: limits::RUN_TIMERS_MAX,
            reads: limits::RUN_READS_MAX,
            reads_ms: limits::RUN_READS_MS_MAX,
            sends: limits::RUN_SENDS_MAX,
            bucket_bytes: bucket_bytes(),
            http_per_minute: http_per_minute(),
            http_at_once: http_at_once(),
        }
    }
}

impl Limits {
    /// The ticks a run may compute for.
    pub(crate) fn ticks(&self) -> u64 {
        self.run_ms
            .checked_div(self.epoch_tick_ms)
            .unwrap_or(self.run_ms)
            .max(1)
    }

    /// How often the clock ticks.
    pub(crate) fn tick(&self) -> Duration {
        Duration::from_millis(self.epoch_tick_ms.max(1))
    }

    /// How long a run may compute before it goes on with low priority.
    pub(crate) fn brisk(&self) -> Duration {
        Duration::from_millis(self.brisk_ms)
    }

    /// When even a run that waits for the host is given up: one tick after its time, so that a run
    /// that computes is cut by its own ticks first.
    pub(crate) fn patience(&self) -> Duration {
        Duration::from_millis(self.run_ms.saturating_add(self.epoch_tick_ms))
    }
}

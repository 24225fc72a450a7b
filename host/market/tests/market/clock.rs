//! A clock that a test moves.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use souk_core::{Clock, Timestamp};

/// Stands still until it is told what time it is; in milliseconds.
pub(crate) struct HandClock(AtomicU64);

impl HandClock {
    pub(crate) fn new() -> Arc<Self> {
        Self::at(1_800_000_000_000)
    }

    pub(crate) fn at(millis: u64) -> Arc<Self> {
        Arc::new(Self(AtomicU64::new(millis)))
    }

    /// Moves on, and returns what it showed before.
    pub(crate) fn advance(&self, millis: u64) -> u64 {
        self.0.fetch_add(millis, Ordering::SeqCst)
    }

    pub(crate) fn set_back(&self, millis: u64) {
        self.0.fetch_sub(millis, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

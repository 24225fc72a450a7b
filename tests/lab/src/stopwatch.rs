//! The one place where the laboratory looks at the clock.

use std::time::{Duration, Instant};

/// Measures from when it was started.
#[derive(Clone, Copy)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts one.
    #[expect(
        clippy::disallowed_methods,
        reason = "to measure time, one has to look at it"
    )]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// Returns how long ago that was.
    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

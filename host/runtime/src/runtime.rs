//! Where sandboxes run: the engines, the clock that cuts runs, and the threads for slow ones.

use std::fmt;
use std::io;
use std::sync::Arc;

use souk_core::{Blame, Blamed};
use wasmtime::{Config, Engine, WasmBacktraceDetails};

use crate::code::code;
use crate::limits::Limits;
use crate::slow::SlowThreads;
use crate::ticker::Ticker;
use crate::twins::Twins;

/// Runs mini-apps. A cheap handle: clones are the same runtime.
#[derive(Clone)]
pub struct Runtime(Arc<Inner>);

struct Inner {
    twins: Twins,
    limits: Limits,
    slow: SlowThreads,
    _ticker: Ticker,
}

/// What keeps a run's mishaps from others. All of it, unless the test laboratory leaves one out to
/// see that it is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protections {
    /// A panic in a host call ends its run, and not whoever waits for that.
    pub catching: bool,
}

impl Default for Protections {
    fn default() -> Self {
        Self { catching: true }
    }
}

/// Why there is no runtime.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuntimeError {
    /// The machine does not give what sandboxes need.
    #[error("sandboxes cannot be set up: {0}; check the memory the host may map")]
    Engine(String),
    /// No thread for the clock, or for runs that take long.
    #[error("the machine gives no threads: {0}; check how many the host may have")]
    Threads(String),
}

impl Blamed for RuntimeError {
    fn blame(&self) -> Blame {
        match self {
            Self::Engine(_) | Self::Threads(_) => Blame::Operator,
        }
    }
}

impl Runtime {
    /// Sets sandboxes up, and starts the clock that cuts runs.
    ///
    /// # Errors
    /// [`RuntimeError`] when the machine does not give what they need.
    pub fn new(limits: &Limits) -> Result<Self, RuntimeError> {
        Self::behind(limits, Protections::default())
    }

    /// Sets sandboxes up behind these protections: the laboratory leaves one out.
    ///
    /// # Errors
    /// [`RuntimeError`] when the machine does not give what they need.
    pub fn behind(limits: &Limits, protections: Protections) -> Result<Self, RuntimeError> {
        Self::on(&code(), limits, protections)
    }

    /// Sets sandboxes up in which faults name lines of the source. Finding them takes as long as
    /// the guest's author likes, so no host has it: it is for whoever replays a run of their own.
    ///
    /// # Errors
    /// [`RuntimeError`] when the machine does not give what they need.
    pub fn with_source_lines(limits: &Limits) -> Result<Self, RuntimeError> {
        let mut config = code();
        config.wasm_backtrace_details(WasmBacktraceDetails::Enable);
        Self::on(&config, limits, Protections::default())
    }

    fn on(
        config: &Config,
        limits: &Limits,
        protections: Protections,
    ) -> Result<Self, RuntimeError> {
        let twins = Twins::new(config, limits)
            .map_err(|error| RuntimeError::Engine(format!("{error:#}")))?;
        let engines = twins.all().iter().map(|twin| twin.engine.clone());
        Ok(Self(Arc::new(Inner {
            _ticker: Ticker::start(engines.collect(), limits.tick()).map_err(threads)?,
            twins,
            slow: SlowThreads::start(limits.brisk(), protections.catching).map_err(threads)?,
            limits: limits.clone(),
        })))
    }

    /// An engine as it is set up here: the laboratory runs the reference suite through it.
    pub fn engine(&self) -> &Engine {
        &self.0.twins.first().engine
    }

    pub(crate) fn twins(&self) -> &Twins {
        &self.0.twins
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(crate) fn slow(&self) -> &SlowThreads {
        &self.0.slow
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime")
            .field("limits", &self.0.limits)
            .finish_non_exhaustive()
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what an error is mapped with"
)]
fn threads(error: io::Error) -> RuntimeError {
    RuntimeError::Threads(error.to_string())
}

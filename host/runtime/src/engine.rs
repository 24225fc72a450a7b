//! Where sandboxes run: the engines, the clock that cuts runs, and the threads for slow ones.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use souk_core::{Blame, Blamed};
use wasmtime::{Config, Engine, WasmBacktraceDetails};

use crate::limits::Limits;
use crate::slow::SlowThreads;
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
        Self::on(&code(), limits)
    }

    /// Sets sandboxes up in which faults name lines of the source. Finding them takes as long as
    /// the guest's author likes, so no host has it: it is for whoever replays a run of their own.
    ///
    /// # Errors
    /// [`RuntimeError`] when the machine does not give what they need.
    pub fn with_source_lines(limits: &Limits) -> Result<Self, RuntimeError> {
        let mut config = code();
        config.wasm_backtrace_details(WasmBacktraceDetails::Enable);
        Self::on(&config, limits)
    }

    fn on(config: &Config, limits: &Limits) -> Result<Self, RuntimeError> {
        let twins = Twins::new(config, limits)
            .map_err(|error| RuntimeError::Engine(format!("{error:#}")))?;
        let engines = twins.all().iter().map(|twin| twin.engine.clone());
        Ok(Self(Arc::new(Inner {
            _ticker: Ticker::start(engines.collect(), limits.tick())?,
            twins,
            slow: SlowThreads::start(limits.brisk()).map_err(|error| threads(&error))?,
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

/// What all guests are compiled for. Nothing in it depends on the machine, so that a run gives the
/// same bytes everywhere.
pub(crate) fn code() -> Config {
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        // Built without a collector, the engine ends the process when it is to find out whether one
        // type is under another. Where there are no such types, nobody can ask.
        .wasm_gc(false)
        .epoch_interruption(true)
        .consume_fuel(true)
        .relaxed_simd_deterministic(true)
        .cranelift_nan_canonicalization(true);
    config
}

fn threads(error: &io::Error) -> RuntimeError {
    RuntimeError::Threads(error.to_string())
}

/// A thread that moves the engines' epochs on, until it is dropped.
struct Ticker {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    fn start(engines: Vec<Engine>, tick: Duration) -> Result<Self, RuntimeError> {
        let (stop, stopped) = mpsc::channel::<()>();
        #[expect(
            clippy::disallowed_methods,
            reason = "the clock that cuts runs goes by the machine's, and no run sees it"
        )]
        let run = move || {
            let mut due = Instant::now() + tick;
            let wait = |due: Instant| due.saturating_duration_since(Instant::now());
            // A tick that comes late does not make the next ones late.
            while stopped.recv_timeout(wait(due)) == Err(RecvTimeoutError::Timeout) {
                engines.iter().for_each(Engine::increment_epoch);
                due += tick;
            }
        };
        let thread = thread::Builder::new()
            .name("souk-epoch".to_owned())
            .spawn(run);
        let thread = thread.map_err(|error| threads(&error))?;
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // It only counts; there is nothing in it that could have failed.
            drop(thread.join());
        }
    }
}

#[cfg(test)]
mod tests {
    use wasmtime::Module;

    use super::*;

    #[test]
    fn a_guest_cannot_ask_whether_one_type_is_under_another() {
        let text = r#"(module
            (type $one (sub (func)))
            (type $under_it (sub $one (func)))
            (table funcref (elem $does))
            (func $does (type $under_it))
            (func (export "ask") (call_indirect (type $one) (i32.const 0))))"#;
        let runtime = Runtime::new(&Limits::default()).unwrap();
        let module = Module::from_binary(runtime.engine(), &wat::parse_str(text).unwrap());
        let refused = format!("{:#}", module.unwrap_err());
        assert!(refused.contains("gc"), "{refused}");
    }
}

//! The engine all sandboxes share, the clock that cuts runs, and what guests are linked to.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use souk_core::{Blame, Blamed};
use tokio::sync::Semaphore;
use wasmtime::component::Linker;
use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig,
    WasmBacktraceDetails,
};

use crate::ctx::Ctx;
use crate::limits::Limits;
use crate::slow::SlowThreads;
use crate::{capability, wasi};

/// How much of a memory stays in place for the next run: what a small guest touches.
const MEMORY_KEPT_BYTES: usize = 1 << 20;
/// How much of a table stays in place for the next run.
const TABLE_KEPT_BYTES: usize = 64 << 10;
/// Memories of one component. Guests have one; adapters and shims share it.
const COMPONENT_MEMORIES_MAX: u32 = 4;
/// Tables of one component. Guests have two or three.
const COMPONENT_TABLES_MAX: u32 = 8;
/// Core instances of one component. Guests linked from shared libraries have a dozen, in Python 38.
const COMPONENT_INSTANCES_MAX: u32 = 64;
/// Elements of one table. The Python runtime has 9,000 functions.
const TABLE_ELEMENTS_MAX: usize = 20_000;

/// Runs mini-apps. A cheap handle: clones are the same runtime.
#[derive(Clone)]
pub struct Runtime(Arc<Inner>);

struct Inner {
    engine: Engine,
    linker: Linker<Ctx>,
    limits: Limits,
    /// One permit for each run there is room for.
    places: Arc<Semaphore>,
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
        Self::on(&config(limits), limits)
    }

    /// Sets sandboxes up in which faults name lines of the source. Finding them takes as long as
    /// the guest's author likes, so no host has it: it is for whoever replays a run of their own.
    ///
    /// # Errors
    /// [`RuntimeError`] when the machine does not give what they need.
    pub fn with_source_lines(limits: &Limits) -> Result<Self, RuntimeError> {
        let mut config = config(limits);
        config.wasm_backtrace_details(WasmBacktraceDetails::Enable);
        Self::on(&config, limits)
    }

    fn on(config: &Config, limits: &Limits) -> Result<Self, RuntimeError> {
        let refused = |error: wasmtime::Error| RuntimeError::Engine(format!("{error:#}"));
        let engine = Engine::new(config).map_err(refused)?;
        let mut linker = Linker::new(&engine);
        wasi::add_to_linker(&mut linker).map_err(refused)?;
        let linker = capability::add_to_linker(linker).map_err(refused)?;
        Ok(Self(Arc::new(Inner {
            _ticker: Ticker::start(engine.clone(), limits.tick())?,
            engine,
            linker,
            places: Arc::new(Semaphore::new(limits.runs_at_once)),
            slow: SlowThreads::start(limits.brisk()).map_err(|error| threads(&error))?,
            limits: limits.clone(),
        })))
    }

    /// The engine as it is set up here: the laboratory runs the reference suite through it.
    pub fn engine(&self) -> &Engine {
        &self.0.engine
    }

    pub(crate) fn linker(&self) -> &Linker<Ctx> {
        &self.0.linker
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(crate) fn places(&self) -> Arc<Semaphore> {
        Arc::clone(&self.0.places)
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

/// Where they run.
fn config(limits: &Limits) -> Config {
    let mut config = code();
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(limits)));
    config
}

/// Places for runs, kept warm. Every run has room for as much as one component may have, so that
/// no run can take another's.
fn pool(limits: &Limits) -> PoolingAllocationConfig {
    let runs = u32::try_from(limits.runs_at_once).unwrap_or(u32::MAX);
    let mut pool = PoolingAllocationConfig::new();
    pool.pagemap_scan(Enabled::Auto)
        .linear_memory_keep_resident(MEMORY_KEPT_BYTES)
        .table_keep_resident(TABLE_KEPT_BYTES)
        .max_memory_size(limits.memory_bytes)
        .table_elements(TABLE_ELEMENTS_MAX)
        .max_memories_per_module(COMPONENT_MEMORIES_MAX)
        .max_memories_per_component(COMPONENT_MEMORIES_MAX)
        .max_tables_per_module(COMPONENT_TABLES_MAX)
        .max_tables_per_component(COMPONENT_TABLES_MAX)
        .max_core_instances_per_component(COMPONENT_INSTANCES_MAX)
        .total_component_instances(runs)
        .total_stacks(runs)
        .total_memories(runs.saturating_mul(COMPONENT_MEMORIES_MAX))
        .total_tables(runs.saturating_mul(COMPONENT_TABLES_MAX))
        .total_core_instances(runs.saturating_mul(COMPONENT_INSTANCES_MAX));
    pool
}

fn threads(error: &io::Error) -> RuntimeError {
    RuntimeError::Threads(error.to_string())
}

/// A thread that moves the engine's epoch on, until it is dropped.
struct Ticker {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    fn start(engine: Engine, tick: Duration) -> Result<Self, RuntimeError> {
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
                engine.increment_epoch();
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

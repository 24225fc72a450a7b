//! Twins: the same engine once for each core, so that cores do not wait for each other.
//!
//! Whatever runs on an engine counts references to that engine, its code and its places up and
//! down, and each count moves from core to core: two cores on one engine do 1.4 times what one
//! does, on an engine each 1.9 times. All are made alike, so that what was compiled for one loads
//! on the others.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use souk_core::limits::ENGINES_MAX;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use wasmtime::component::Linker;
use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::ctx::Ctx;
use crate::limits::Limits;
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

/// How many threads have a number.
static NUMBERED: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// This thread's number: those that start runs take turns at the engines.
    static NUMBER: usize = NUMBERED.fetch_add(1, Ordering::Relaxed);
}

/// One of the engines, with what guests are linked to on it.
pub(crate) struct Twin {
    pub(crate) engine: Engine,
    pub(crate) linker: Linker<Ctx>,
    /// One permit for each run there is room for.
    places: Arc<Semaphore>,
}

/// All of them.
pub(crate) struct Twins {
    all: Box<[Twin]>,
    /// How many apps were loaded so far.
    loaded: AtomicUsize,
}

impl Twin {
    fn new(config: &Config, limits: &Limits, runs: usize) -> wasmtime::Result<Self> {
        let mut config = config.clone();
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(limits, runs)));
        let engine = Engine::new(&config)?;
        let mut linker = Linker::new(&engine);
        wasi::add_to_linker(&mut linker)?;
        Ok(Self {
            linker: capability::add_to_linker(linker)?,
            engine,
            places: Arc::new(Semaphore::new(runs)),
        })
    }

    /// Takes one of the places, if there is one.
    pub(crate) fn place_now(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).try_acquire_owned().ok()
    }

    /// Waits for one of the places.
    pub(crate) async fn place(&self) -> Option<OwnedSemaphorePermit> {
        // Never closed, so this only waits.
        Arc::clone(&self.places).acquire_owned().await.ok()
    }
}

impl Twins {
    /// Makes them, each with its share of the runs there may be at once.
    pub(crate) fn new(config: &Config, limits: &Limits) -> wasmtime::Result<Self> {
        let shares = shares(limits.runs_at_once, count(limits));
        let all: wasmtime::Result<_> = shares.map(|runs| Twin::new(config, limits, runs)).collect();
        Ok(Self {
            all: all?,
            loaded: AtomicUsize::new(0),
        })
    }

    /// How many runs of one app there may be at once on each.
    pub(crate) fn turns(&self, limits: &Limits) -> impl Iterator<Item = usize> {
        shares(limits.app_runs_at_once, self.all.len())
    }

    /// All, in their order.
    pub(crate) fn all(&self) -> &[Twin] {
        &self.all
    }

    /// The first; which one is all the same to whoever asks.
    pub(crate) fn first(&self) -> &Twin {
        self.get(0)
    }

    /// The one of this number.
    #[expect(
        clippy::indexing_slicing,
        reason = "there is at least one, and the number is brought within"
    )]
    pub(crate) fn get(&self, number: usize) -> &Twin {
        &self.all[number % self.all.len()]
    }

    /// The number of the one that the present thread's runs prefer.
    pub(crate) fn here(&self) -> usize {
        NUMBER.with(|number| *number) % self.all.len()
    }

    /// The number of the one that the next app is loaded on: they take turns.
    pub(crate) fn next(&self) -> usize {
        self.loaded.fetch_add(1, Ordering::Relaxed) % self.all.len()
    }
}

/// One for each core, unless there are many cores or few runs.
fn count(limits: &Limits) -> usize {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let runs = limits.runs_at_once.min(limits.app_runs_at_once);
    cores.min(ENGINES_MAX).min(runs).max(1)
}

/// Divides something among so many, as evenly as it goes.
fn shares(all: usize, among: usize) -> impl Iterator<Item = usize> {
    let (each, over) = (all / among, all % among);
    (0..among).map(move |number| each.saturating_add(usize::from(number < over)))
}

/// Places for runs, kept warm. Every run has room for as much as one component may have, so that
/// no run can take another's.
fn pool(limits: &Limits, runs: usize) -> PoolingAllocationConfig {
    let runs = u32::try_from(runs).unwrap_or(u32::MAX);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_divided_is_all_there() {
        let divided = |all, among| shares(all, among).collect::<Vec<_>>();
        assert_eq!(divided(64, 2), [32, 32]);
        assert_eq!(divided(16, 3), [6, 5, 5]);
        assert_eq!(divided(2, 2), [1, 1]);
    }

    #[test]
    fn no_engine_is_without_a_run_of_an_app() {
        let count = |app_runs_at_once| {
            count(&Limits {
                app_runs_at_once,
                ..Limits::default()
            })
        };
        assert_eq!(count(1), 1);
        assert!((1..=ENGINES_MAX).contains(&count(64)));
    }
}

//! S8: a host call that panics, fails or is given up, at whichever place it waits, harms that run
//! and nothing else: the next one is served, no place is lost, and nothing of it is left.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use souk_core::Timestamp;
use souk_runtime::{End, FaultKind, Limits, Prepared, Runtime};
use souk_store::memory::Memory;
use souk_store::{Batch, CommitError, Committed, Engine, Range, RawKey, StoreError, Versioned};
use tokio::time::timeout;

use super::{Args, Tally};
use crate::cell::Cell;
use crate::dice::Dice;
use crate::{Wrong, corpus};

/// How often a call goes wrong.
const TRIES: u32 = 1_000;
/// Runs at once: so few that a place which is lost is missed soon.
const PLACES: usize = 4;
/// When a run is given up that waits for ever.
const GIVEN_UP: Duration = Duration::from_millis(20);
/// How long the next run may take.
const NEXT: Duration = Duration::from_secs(5);

/// What happens at a place where a host call waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mishap {
    Panic,
    Error,
    /// Whoever asked for the run gives it up there.
    GivenUp,
}

/// Lets calls go wrong, and tells how often that harmed more than their own run.
///
/// # Errors
/// When there is no sandbox.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    let (n, mut tally) = (args.n(TRIES), Tally::default());
    // A panic here is what is tried, and need not be told a thousand times.
    std::panic::set_hook(Box::new(|_| {}));
    let site = Site::open(args.unprotected).await?;
    for seed in args.seeds(TRIES) {
        tally.count(n, seed, site.try_one(seed).await);
    }
    drop(std::panic::take_hook());
    Ok(tally)
}

struct Site {
    engine: Arc<Unlucky>,
    cell: Cell,
    guest: Prepared,
    /// How often a good run waits for the store.
    waits: u64,
}

impl Site {
    async fn open(unprotected: bool) -> Result<Self, Wrong> {
        let limits = Limits {
            runs_at_once: PLACES,
            ..Limits::default()
        };
        let engine = Arc::new(Unlucky {
            stays: unprotected,
            ..Unlucky::default()
        });
        let cell = Cell::on(Runtime::new(&limits)?, Arc::clone(&engine) as _).await?;
        let guest = cell.runtime.prepare(&corpus::program("echo")?)?;
        let before = engine.waited.load(Ordering::SeqCst);
        drop(cell.command(&guest, "echo").await?);
        let waits = engine.waited.load(Ordering::SeqCst) - before;
        Ok(Self {
            engine,
            cell,
            guest,
            waits,
        })
    }

    /// Has a run go wrong at one of its places, then a good one.
    async fn try_one(&self, seed: u64) -> Result<(), Wrong> {
        let mut dice = Dice::new(seed);
        let mishaps = [Mishap::Panic, Mishap::Error, Mishap::GivenUp];
        let mishap = *dice.pick(&mishaps).ok_or("there are no mishaps")?;
        let place = dice.below(self.waits);
        self.engine.goes_wrong(mishap, place);
        let ended = timeout(GIVEN_UP, self.cell.command(&self.guest, "echo")).await;
        self.engine.is_lucky_again();
        self.as_it_should(mishap, ended)
            .map_err(|wrong| format!("{mishap:?} at {place} of {}: {wrong}", self.waits))?;
        let next = timeout(NEXT, self.cell.command(&self.guest, "echo")).await;
        match next.map_err(|_| "the next run was not served")??.end {
            End::Ok => Ok(()),
            other => {
                Err(format!("after {mishap:?} at {place}, the next run ends: {other:?}").into())
            }
        }
    }

    fn as_it_should(
        &self,
        mishap: Mishap,
        ended: Result<Result<souk_runtime::Report, Wrong>, tokio::time::error::Elapsed>,
    ) -> Result<(), Wrong> {
        match (mishap, ended) {
            (Mishap::Panic, Ok(Ok(report))) => match report.end {
                End::Fault(fault) if fault.kind == FaultKind::Host => Ok(()),
                other => Err(format!("it ended with {other:?}").into()),
            },
            (Mishap::Error, Ok(Err(_))) | (Mishap::GivenUp, Err(_)) => Ok(()),
            (_, ended) => Err(format!("it ended with {ended:?}").into()),
        }
    }
}

/// A store with which one answer goes wrong.
#[derive(Default)]
struct Unlucky {
    memory: Memory,
    /// How often it was asked.
    waited: AtomicU64,
    /// At which time it goes wrong, and how.
    wrong: std::sync::Mutex<Option<(u64, Mishap)>>,
    /// Whether it never recovers: the mutant that the campaign must notice.
    stays: bool,
}

impl Unlucky {
    fn goes_wrong(&self, mishap: Mishap, place: u64) {
        let at = self.waited.load(Ordering::SeqCst) + place;
        *self.wrong() = Some((at, mishap));
    }

    fn is_lucky_again(&self) {
        if !self.stays {
            *self.wrong() = None;
        }
    }

    fn wrong(&self) -> std::sync::MutexGuard<'_, Option<(u64, Mishap)>> {
        self.wrong
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    async fn wait(&self) -> Result<(), StoreError> {
        let now = self.waited.fetch_add(1, Ordering::SeqCst);
        let wrong = *self.wrong();
        // Every place is one where others may go on.
        tokio::task::yield_now().await;
        match wrong {
            Some((at, mishap)) if at == now || self.stays && at < now => match mishap {
                Mishap::Panic => panic!("on purpose"),
                Mishap::Error => Err(StoreError::Stopped),
                Mishap::GivenUp => std::future::pending().await,
            },
            Some(_) | None => Ok(()),
        }
    }
}

#[async_trait]
impl Engine for Unlucky {
    async fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        self.wait().await?;
        self.memory.get(key).await
    }

    async fn scan(&self, range: &Range) -> Result<Vec<(RawKey, Versioned)>, StoreError> {
        self.wait().await?;
        self.memory.scan(range).await
    }

    async fn commit(&self, batch: Batch, now: Timestamp) -> Result<Committed, CommitError> {
        self.memory.commit(batch, now).await
    }

    async fn durable(&self, sequence: u64) -> Result<(), StoreError> {
        self.memory.durable(sequence).await
    }
}

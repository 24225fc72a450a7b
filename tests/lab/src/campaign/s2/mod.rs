//! S2: guests that never end are stopped in time, and their neighbours do not feel them.
//!
//! Each kind of the corpus is let loose by itself, and must be stopped within its limit and 20 ms.
//! Then `neighbours` are served while sixteen of them run.

mod neighbours;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use souk_core::Timestamp;
use souk_core::limits::RUN_MS_MAX;
use souk_runtime::{End, FaultKind, Limits, Report, Runtime};
use souk_store::memory::Memory;
use souk_store::{Batch, CommitError, Committed, Engine, Range, RawKey, StoreError, Versioned};
use tokio::time::timeout;

use super::{Args, Tally};
use crate::Wrong;
use crate::cell::Cell;
use crate::corpus::{self, Guest};
use crate::stopwatch::Stopwatch;

/// How much later than its limit a guest may be stopped.
const LATE: Duration = Duration::from_millis(20);
/// The commands of the guest program `hostile` that never end.
const COMMANDS: [&str; 5] = ["loop", "recurse", "flood", "clock", "slow-forever"];
/// How long a guest runs that nothing stops, before the laboratory does.
const UNSTOPPED_MS: u64 = 60_000;

/// Lets each kind loose, then serves neighbours beside them; tells how often that came out badly.
///
/// # Errors
/// When there is no corpus, or no sandbox.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    let kinds = kinds()?;
    let all = u32::try_from(kinds.len())?;
    let (n, mut tally) = (args.n(all), Tally::default());
    let runtime = Runtime::new(&limits(args.unprotected))?;
    for seed in args.seeds(all) {
        let kind = usize::try_from(seed)? % kinds.len().max(1);
        let Some(kind) = kinds.get(kind) else { break };
        tally.count(n, seed, stopped(&runtime, kind).await);
    }
    let beside = neighbours::served(args.unprotected).await;
    tally.count(n, args.seed, beside);
    Ok(tally)
}

fn limits(unprotected: bool) -> Limits {
    let usual = Limits::default();
    if unprotected {
        Limits {
            run_ms: UNSTOPPED_MS,
            host_calls: u64::MAX,
            ..usual
        }
    } else {
        usual
    }
}

/// A guest that never ends, and how it is called.
struct Kind {
    guest: Guest,
    command: &'static str,
    /// Whether the store answers it.
    answered: bool,
}

fn kinds() -> Result<Vec<Kind>, Wrong> {
    let of = |guest, command| Kind {
        guest,
        command,
        answered: true,
    };
    let mut kinds: Vec<_> = corpus::folder("endless")?
        .into_iter()
        .map(|guest| of(guest, "any"))
        .collect();
    for command in COMMANDS {
        let component = corpus::program("hostile")?;
        let name = format!("hostile {command}");
        kinds.push(of(Guest { name, component }, command));
    }
    let component = corpus::program("echo")?;
    let name = "echo, which waits for a store that does not answer".to_owned();
    kinds.push(Kind {
        guest: Guest { name, component },
        command: "echo",
        answered: false,
    });
    Ok(kinds)
}

/// Lets a guest loose and waits for its end.
async fn stopped(runtime: &Runtime, kind: &Kind) -> Result<(), Wrong> {
    let silent = Arc::new(Silent::default());
    let cell = Cell::on(runtime.clone(), Arc::clone(&silent) as _).await?;
    let guest = runtime.prepare(&kind.guest.component)?;
    silent.falls(!kind.answered);
    let most = Duration::from_millis(RUN_MS_MAX) + LATE;
    let watch = Stopwatch::start();
    // However it ends, it ends: the laboratory does not wait much longer than is allowed.
    let ended = timeout(most + LATE, cell.command(&guest, kind.command)).await;
    let took = watch.elapsed();
    let name = &kind.guest.name;
    match ended {
        Err(_) => Err(format!("{name}: not stopped after {took:?}").into()),
        Ok(ended) if took > most => Err(format!("{name}: {took:?}, {:?}", ended?.end).into()),
        Ok(ended) => fault(name, &ended?),
    }
}

/// A guest that never ends is always at fault, and not because it broke off by itself.
fn fault(name: &str, report: &Report) -> Result<(), Wrong> {
    match &report.end {
        End::Fault(fault) if fault.kind != FaultKind::Crash => Ok(()),
        // What asks for ever is told no in the end, and gives up.
        End::Rejected(_) => Ok(()),
        other => Err(format!("{name}: it ended with {other:?}").into()),
    }
}

/// A store that may fall silent: reads are never answered then.
#[derive(Default)]
struct Silent {
    memory: Memory,
    silent: std::sync::atomic::AtomicBool,
}

impl Silent {
    fn falls(&self, silent: bool) {
        self.silent
            .store(silent, std::sync::atomic::Ordering::SeqCst);
    }

    async fn heard(&self) {
        if self.silent.load(std::sync::atomic::Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
    }
}

#[async_trait]
impl Engine for Silent {
    async fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        self.heard().await;
        self.memory.get(key).await
    }

    async fn scan(&self, range: &Range) -> Result<Vec<(RawKey, Versioned)>, StoreError> {
        self.heard().await;
        self.memory.scan(range).await
    }

    async fn commit(&self, batch: Batch, now: Timestamp) -> Result<Committed, CommitError> {
        self.memory.commit(batch, now).await
    }

    async fn durable(&self, sequence: u64) -> Result<(), StoreError> {
        self.memory.durable(sequence).await
    }
}

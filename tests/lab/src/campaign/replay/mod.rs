//! Recorded runs replay to the byte, on another store and another day.
//!
//! The samples are played by two people who do whatever comes to their mind, and with them a
//! program that looks at the clock and draws lots. Every run is recorded. Then the market is gone,
//! and each trace is replayed by a runtime that never saw it.

mod bazaar;

use souk_core::Timestamp;
use souk_runtime::{Limits, Runtime, Trace};

use self::bazaar::{Bazaar, Wares};
use super::{Args, Tally};
use crate::{Wrong, report};

/// Runs that are recorded.
const RUNS: u32 = 1_000;

/// Records runs, replays each, and tells how many did something else. Without the protection the
/// clock and the seed are not in the traces.
///
/// # Errors
/// When the samples are not built, or the market does not open.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    let (n, mut tally) = (args.n(RUNS), Tally::default());
    let wares = bazaar::wares()?;
    let mut traces = Bazaar::open(&wares, args.seed).await?.record(n).await?;
    if args.unprotected {
        traces.iter_mut().for_each(forget);
    }
    let runtime = Runtime::new(&Limits::default())?;
    for (trace, seed) in traces.iter().zip(args.seeds(RUNS)) {
        tally.count(n, seed, replay(&runtime, &wares, trace).await);
    }
    report::tell(format_args!("{}", bazaar::summary(&traces)));
    Ok(tally)
}

/// Takes away what a guest perceives without asking the host.
fn forget(trace: &mut Trace) {
    trace.run.clock = Timestamp::from_millis(0);
    trace.run.seed = None;
}

async fn replay(runtime: &Runtime, wares: &[Wares], trace: &Trace) -> Result<(), Wrong> {
    let of = |wares: &&Wares| wares.digest == trace.package;
    let package = wares.iter().find(of).ok_or("the package is not there")?;
    let prepared = package.prepared(runtime)?;
    let replayed = runtime.replay(&prepared, trace, true).await?;
    match replayed.difference {
        None => Ok(()),
        Some(difference) => Err(format!("{}: {difference}", trace.app).into()),
    }
}

//! Calls on one or more threads, each timed.

use std::thread;
use std::time::Duration;

use super::figures::Figures;
use crate::Wrong;
use crate::stopwatch::Stopwatch;

/// Calls before the clock starts: they fill the pools.
const WARM_UP: usize = 200;

/// Calls again and again on so many threads for a while. Each thread makes its own caller.
pub(super) fn measure<Caller>(
    threads: usize,
    time: Duration,
    caller: impl Fn() -> Result<Caller, Wrong> + Sync,
) -> Result<Figures, Wrong>
where
    Caller: FnMut() -> Result<(), Wrong>,
{
    let one = || measure_one(time, caller()?);
    let took = thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(one)).collect();
        running
            .into_iter()
            .map(|thread| {
                thread
                    .join()
                    .unwrap_or_else(|_| Err("a thread panicked".into()))
            })
            .collect()
    });
    let took: Result<Vec<Vec<Duration>>, Wrong> = took;
    Ok(Figures::of(took?.concat(), time))
}

fn measure_one(
    time: Duration,
    mut call: impl FnMut() -> Result<(), Wrong>,
) -> Result<Vec<Duration>, Wrong> {
    for _ in 0..WARM_UP {
        call()?;
    }
    let (mut took, all) = (Vec::new(), Stopwatch::start());
    while all.elapsed() < time {
        let one = Stopwatch::start();
        call()?;
        took.push(one.elapsed());
    }
    Ok(took)
}

//! Neighbours of guests that never end: short runs at 30 % of what there is room for, alone and
//! while sixteen others loop. Of a hundred, one may take twice as long as alone, or half a
//! millisecond.

use std::sync::Arc;
use std::time::Duration;

use souk_runtime::{Limits, Prepared, Runtime};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use crate::cell::Cell;
use crate::stopwatch::Stopwatch;
use crate::{Wrong, corpus, report};

/// Guests that never end.
const ENDLESS: usize = 16;
/// How long each side is measured.
const TIME: Duration = Duration::from_secs(3);
/// How often a few neighbours come at once.
const EVERY: Duration = Duration::from_millis(2);
/// How much longer one of a hundred may take.
const LONGER: f64 = 2.0;
/// What is less than this alone counts as this much: twice of less is what other work on a shared
/// machine adds by itself.
const FLOOR: Duration = Duration::from_micros(250);

/// Measures both sides.
///
/// # Errors
/// When the neighbours are held up.
pub(super) async fn served(unprotected: bool) -> Result<(), Wrong> {
    let usual = Limits::default();
    let brisk_ms = if unprotected {
        u64::MAX
    } else {
        usual.brisk_ms
    };
    let runtime = Runtime::new(&Limits { brisk_ms, ..usual })?;
    let cell = Arc::new(Cell::open(runtime).await?);
    let echo = cell.runtime.prepare(&corpus::program("echo")?)?;
    let each = peak(&cell, &echo).await? * 3 / 10;
    let alone = one_of_a_hundred(&cell, &echo, each).await?;
    let looping = endless(&cell)?;
    let beside = one_of_a_hundred(&cell, &echo, each).await?;
    drop(looping);
    let longer = beside.as_secs_f64() / alone.max(FLOOR).as_secs_f64();
    report::result(format_args!(
        "neighbours, {each} every {EVERY:?}: p99 {alone:?} alone, {beside:?} beside {ENDLESS} that \
         never end, {longer:.2} times (at most {LONGER}; less than {FLOOR:?} alone counts as that)"
    ));
    if longer > LONGER {
        return Err(format!("the neighbours take {longer:.2} times as long").into());
    }
    Ok(())
}

/// Lets sixteen loose that come again whenever they are stopped, until what is returned is dropped.
fn endless(cell: &Arc<Cell>) -> Result<JoinSet<()>, Wrong> {
    let mut looping = JoinSet::new();
    let guest = cell.runtime.prepare(&corpus::program("hostile")?)?;
    for _ in 0..ENDLESS {
        let (cell, guest) = (Arc::clone(cell), guest.clone());
        looping.spawn(async move { while cell.command(&guest, "loop").await.is_ok() {} });
    }
    Ok(looping)
}

/// How many runs there is room for in [`EVERY`].
async fn peak(cell: &Arc<Cell>, guest: &Prepared) -> Result<usize, Wrong> {
    let (mut runs, watch) = (0_u32, Stopwatch::start());
    while watch.elapsed() < TIME / 3 {
        let mut few = JoinSet::new();
        for _ in 0..64 {
            few.spawn(one(Arc::clone(cell), guest.clone()));
            runs += 1;
        }
        few.join_all()
            .await
            .into_iter()
            .collect::<Result<Vec<_>, _>>()?;
    }
    let each = f64::from(runs) * EVERY.as_secs_f64() / watch.elapsed().as_secs_f64();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count of runs in a few milliseconds"
    )]
    Ok((each as usize).max(4))
}

/// Serves neighbours at a steady rate, and returns what one of a hundred takes at least.
async fn one_of_a_hundred(
    cell: &Arc<Cell>,
    guest: &Prepared,
    each: usize,
) -> Result<Duration, Wrong> {
    let (mut all, watch) = (JoinSet::new(), Stopwatch::start());
    let mut clock = interval(EVERY);
    clock.set_missed_tick_behavior(MissedTickBehavior::Burst);
    while watch.elapsed() < TIME {
        clock.tick().await;
        for _ in 0..each {
            all.spawn(one(Arc::clone(cell), guest.clone()));
        }
    }
    let took: Result<Vec<_>, Wrong> = all.join_all().await.into_iter().collect();
    let mut took = took?;
    took.sort_unstable();
    let place = took.len() * 99 / 100;
    Ok(took.get(place).copied().unwrap_or_default())
}

async fn one(cell: Arc<Cell>, guest: Prepared) -> Result<Duration, Wrong> {
    let watch = Stopwatch::start();
    cell.command(&guest, "echo").await?;
    Ok(watch.elapsed())
}

//! S3: guests that want all the memory there is get 64 MiB each, in sum, and leave none behind.

use std::sync::Arc;

use souk_core::limits::RUN_MEMORY_BYTES_MAX;
use souk_runtime::{Limits, Prepared, Report, Runtime};
use tokio::task::JoinSet;

use super::{Args, Tally};
use crate::cell::Cell;
use crate::corpus::{self, Guest};
use crate::resident::{self, Watch};
use crate::{Wrong, report};

/// How often the corpus is let loose.
const ROUNDS: u32 = 20;
/// Guests at once.
const AT_ONCE: usize = 8;
/// What a guest gets that nothing bounds.
const UNBOUNDED_BYTES: usize = 512 << 20;
/// What the host may take beside its guests, and keep when they are gone: not every memory of the
/// pool was used before, and a MiB stays in place in each that was.
const BESIDE_BYTES: u64 = 64 << 20;

/// Lets the corpus loose as often as asked, and tells how often a guest had too much.
///
/// # Errors
/// When there is no corpus, or no sandbox.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    let (n, mut tally) = (args.n(ROUNDS), Tally::default());
    let mut limits = Limits::default();
    if args.unprotected {
        limits.memory_bytes = UNBOUNDED_BYTES;
    }
    let cell = Arc::new(Cell::open(Runtime::new(&limits)?).await?);
    let hogs = hogs(&cell.runtime)?;
    // What the pool keeps in place is there once everything was let loose.
    for (_, guest) in &hogs {
        let_loose(&cell, guest).await?;
    }
    let before = resident::here();
    for seed in args.seeds(ROUNDS) {
        tally.count(n, seed, round(&cell, &hogs, before).await);
    }
    Ok(tally)
}

/// A guest, its name, and how it is called.
type Hog = (String, Prepared);

fn hogs(runtime: &Runtime) -> Result<Vec<Hog>, Wrong> {
    let mut guests = corpus::folder("hogs")?;
    guests.push(Guest {
        name: "hostile".to_owned(),
        component: corpus::program("hostile")?,
    });
    let ready = |guest: Guest| Ok((guest.name, runtime.prepare(&guest.component)?));
    guests.into_iter().map(ready).collect()
}

/// Lets each guest loose, several of it at once.
async fn round(cell: &Arc<Cell>, hogs: &[Hog], before: u64) -> Result<(), Wrong> {
    for (name, guest) in hogs {
        let watch = Watch::start(resident::here);
        for report in let_loose(cell, guest).await? {
            bounded(name, &report)?;
        }
        let all = u64::try_from(AT_ONCE * RUN_MEMORY_BYTES_MAX)?;
        within(
            name,
            "while they ran",
            watch.most()?,
            before + all + BESIDE_BYTES,
        )?;
        within(name, "afterwards", resident::here(), before + BESIDE_BYTES)?;
    }
    Ok(())
}

/// Runs a guest several times at once.
async fn let_loose(cell: &Arc<Cell>, guest: &Prepared) -> Result<Vec<Report>, Wrong> {
    let mut running = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (cell, guest) = (Arc::clone(cell), guest.clone());
        running.spawn(async move { cell.command(&guest, "memory").await });
    }
    running.join_all().await.into_iter().collect()
}

fn bounded(name: &str, report: &Report) -> Result<(), Wrong> {
    let had = report.cost.memory_peak;
    if had > RUN_MEMORY_BYTES_MAX {
        return Err(format!("{name} had {had} bytes").into());
    }
    Ok(())
}

fn within(name: &str, when: &str, resident: u64, most: u64) -> Result<(), Wrong> {
    if resident > most {
        report::tell(format_args!(
            "{name}: {resident} bytes resident {when}, at most {most}"
        ));
        return Err(format!("{name}: the host had {resident} bytes {when}").into());
    }
    Ok(())
}

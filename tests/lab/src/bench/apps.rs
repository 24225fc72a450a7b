//! `tests/bench apps`: what a thousand apps that nobody uses keep in memory, and how long the first
//! run of one takes that has to be loaded for it.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use souk_market::SystemClock;
use souk_runtime::{Compiler, Found, Limits, Prepared, Runtime, Trust, Workshop};
use souk_store::memory::Memory;
use souk_store::{Keyring, Store};

use super::figures::Figures;
use super::target::{Ratio, Target};
use crate::cell::Cell;
use crate::stopwatch::Stopwatch;
use crate::{Wrong, echo, report, resident, till};

/// The package that is compiled; the others are copies of what comes of it.
const SOURCE: [u8; 32] = [7; 32];
/// How often one is loaded and run.
const STARTS: u32 = 500;

/// How it is measured.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Args {
    /// Apps that are loaded and left alone
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub apps: u32,
}

/// Measures, prints the figures, then a line for each target.
///
/// # Errors
/// When something that is measured does not work; a missed target is none.
pub async fn run(args: Args) -> Result<(), Wrong> {
    let room = till::folder()?;
    let keyring = Arc::new(Keyring::ephemeral()?);
    let store = Store::new(Arc::new(Memory::default()), keyring, Arc::new(SystemClock));
    let runtime = Runtime::new(&Limits::default())?;
    let open = |trust| {
        let compiler = Compiler::here();
        Workshop::open(runtime.clone(), compiler, room.path(), store.clone(), trust)
    };
    let own = open(Trust::Own)?;
    drop(own.make(SOURCE, echo::component()?).await?);
    let starts = starts(&own, &Cell::open(runtime.clone()).await?).await?;

    // Copies have no MAC of their own.
    let careless = open(Trust::Any)?;
    let copies = copies(room.path(), args.apps)?;
    let (before, mut idle) = (resident::here(), Vec::new());
    for copy in &copies {
        idle.push(loaded(&careless, *copy).await?);
    }
    let grew = resident::here().saturating_sub(before);
    let each = f64::from(u32::try_from(grew >> 10)?) / f64::from(args.apps) / 1_024.0;

    report::result(
        "an app that is loaded from its artifact, run once and dropped (echo.rs, `idle`)",
    );
    report::result(format_args!("  load and first run        {starts}"));
    report::result(format_args!(
        "{} apps loaded and left alone: {} KiB",
        args.apps,
        grew >> 10
    ));
    for ratio in [
        Ratio {
            name: "cold-start-ms",
            value: starts.p99.as_secs_f64() * 1e3,
            target: Target::AtMost(5.0),
        },
        Ratio {
            name: "idle-app-mib",
            value: each,
            target: Target::AtMost(1.0),
        },
    ] {
        report::result(ratio);
    }
    drop(idle);
    Ok(())
}

async fn loaded(workshop: &Workshop, source: [u8; 32]) -> Result<Prepared, Wrong> {
    match workshop.find(source).await? {
        Found::Ready(ready) => Ok(ready),
        Found::Nothing | Found::Spoilt => Err("an artifact is missing".into()),
    }
}

/// Loads and runs an app again and again.
async fn starts(workshop: &Workshop, cell: &Cell) -> Result<Figures, Wrong> {
    let (mut took, all) = (Vec::new(), Stopwatch::start());
    for _ in 0..STARTS {
        let one = Stopwatch::start();
        let ready = loaded(workshop, SOURCE).await?;
        drop(cell.command(&ready, echo::IDLE).await?);
        took.push(one.elapsed());
    }
    Ok(Figures::of(
        took,
        all.elapsed().max(Duration::from_millis(1)),
    ))
}

/// Puts copies of the one artifact beside it, under the names of other packages.
fn copies(folder: &Path, count: u32) -> Result<Vec<[u8; 32]>, Wrong> {
    let entry = fs::read_dir(folder)?.next().ok_or("nothing was compiled")?;
    let path = entry?.path();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let (_, engine) = name
        .split_once('.')
        .ok_or("an artifact without an engine")?;
    let mut digests = Vec::new();
    for number in 0..count {
        let mut digest = [0; 32];
        let (first, _) = digest.split_at_mut(4);
        first.copy_from_slice(&number.to_be_bytes());
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        fs::copy(&path, folder.join(format!("{hex}.{engine}")))?;
        digests.push(digest);
    }
    Ok(digests)
}

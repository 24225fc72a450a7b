//! A large store: what it costs to start, to verify and to rebuild it, in time and memory.

use std::fs;
use std::path::Path;
use std::time::Duration;

use souk_store::embedded::{Embedded, Options, rebuild, verify};
use tokio::task::JoinSet;

use super::{per_second, transfers};
use crate::stopwatch::Stopwatch;
use crate::{Wrong, report};

/// Clients that make the transfers.
const CLIENTS: u64 = 256;

/// Transfers between two lines of progress.
const PART: u64 = 500_000;

/// Makes a store of so many transfers, then measures.
pub(super) async fn run(folder: &Path, count: u64) -> Result<(), Wrong> {
    let options = Options::at(&folder.join("data"));
    fill(&options, count).await?;
    sizes(&options)?;
    measure("start", || Ok(Embedded::open(&options)?.1.to_string()))?;
    measure("verification", || Ok(verify(&options)?.to_string()))?;
    measure("rebuild", || Ok(rebuild(&options)?.to_string()))?;
    measure("start after it", || {
        Ok(Embedded::open(&options)?.1.to_string())
    })
}

async fn fill(options: &Options, count: u64) -> Result<(), Wrong> {
    let store = transfers::open(options)?;
    for first in (0..count).step_by(usize::try_from(PART)?) {
        let (watch, last) = (Stopwatch::start(), count.min(first + PART));
        let mut running = JoinSet::new();
        for client in 0..CLIENTS {
            let numbers = (first + client..last).step_by(usize::try_from(CLIENTS)?);
            running.spawn(transfers::client(store.clone(), numbers, || true));
        }
        while let Some(done) = running.join_next().await {
            done??;
        }
        let rate = per_second(last - first, watch.elapsed());
        report::tell(format_args!("{last} transfers, {rate:.0}/s"));
    }
    Ok(())
}

/// Tells how much lies where.
fn sizes(options: &Options) -> Result<(), Wrong> {
    for part in ["journal", "archive", "checkpoints", "state"] {
        let bytes = size(&options.data.join(part))?;
        report::result(format_args!("  {part:<14}{:>9} MiB", bytes >> 20));
    }
    Ok(())
}

fn size(folder: &Path) -> Result<u64, Wrong> {
    let mut bytes = 0;
    if !folder.exists() {
        return Ok(0);
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let file = entry.metadata()?;
        bytes += if file.is_dir() {
            size(&entry.path())?
        } else {
            file.len()
        };
    }
    Ok(bytes)
}

/// Measures time and the most memory that was in use.
fn measure(what: &str, body: impl FnOnce() -> Result<String, Wrong>) -> Result<(), Wrong> {
    // Forgets the most memory so far.
    fs::write("/proc/self/clear_refs", "5")?;
    let watch = Stopwatch::start();
    let said = body()?;
    let (time, memory) = (watch.elapsed(), most_memory()?);
    line(what, time, &memory, &said);
    Ok(())
}

fn line(what: &str, time: Duration, memory: &str, said: &str) {
    report::result(format_args!(
        "  {what:<16}{:>8.1} s, at most {memory} of memory ({said})",
        time.as_secs_f64()
    ));
}

fn most_memory() -> Result<String, Wrong> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    Ok(line.unwrap_or("?").trim().to_owned())
}

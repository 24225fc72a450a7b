//! `tests/bench store`: the embedded store alone. Durable transfers at once, and what a start, a
//! verification and a rebuild of a large store cost.

mod large;
mod transfers;

use std::path::PathBuf;
use std::time::Duration;

use super::GroupFile;
use super::target::{Ratio, Target};
use crate::stopwatch::Stopwatch;
use crate::{Wrong, report};

/// Clients at once.
const CLIENTS: [u64; 3] = [1, 64, 512];

/// What a record of a transfer is long, about.
const RECORD_BYTES: usize = 700;

/// How it is measured.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Seconds that each number of clients is measured for, on each side
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..))]
    pub seconds: u64,
    /// Make a store of so many transfers and measure start, verification and rebuild
    #[arg(long)]
    pub transfers: Option<u64>,
    /// Where; it needs some 2 KB for each transfer [default: a temporary folder]
    #[arg(long, value_name = "DIR")]
    pub folder: Option<PathBuf>,
}

/// Measures, prints both sides, then a line for each target.
///
/// # Errors
/// When something that is measured does not work; a missed target is none.
pub async fn run(args: Args) -> Result<(), Wrong> {
    let folder = match &args.folder {
        Some(folder) => tempfile::tempdir_in(folder)?,
        None => tempfile::tempdir()?,
    };
    if let Some(transfers) = args.transfers {
        return large::run(folder.path(), transfers).await;
    }
    let time = Duration::from_secs(args.seconds);
    report::result("durable transfers a second, in process (bare: one synced file, nothing else)");
    for clients in CLIENTS {
        let bare = bare(
            &folder.path().join(format!("bare-{clients}")),
            clients,
            time,
        )
        .await?;
        let data = folder.path().join(format!("store-{clients}"));
        let ours = transfers::rate(&data, clients, time).await?;
        report::result(format_args!(
            "  {clients:>4} clients   bare {bare:>9.0}   store {ours:>9.0}"
        ));
        report::result(Ratio {
            name: "store-against-bare-file",
            value: ours / bare,
            target: Target::AtLeast(0.5),
        });
    }
    Ok(())
}

/// What one file that is synced for all who wait takes in a second.
async fn bare(path: &std::path::Path, clients: u64, time: Duration) -> Result<f64, Wrong> {
    let file = GroupFile::create(path)?;
    let watch = Stopwatch::start();
    let mut writers = tokio::task::JoinSet::new();
    for _ in 0..clients {
        let file = file.clone();
        writers.spawn(async move {
            let mut done = 0_u64;
            while watch.elapsed() < time {
                file.append(vec![7; RECORD_BYTES]).await?;
                done += 1;
            }
            Ok::<_, std::io::Error>(done)
        });
    }
    let mut all = 0;
    while let Some(done) = writers.join_next().await {
        all += done??;
    }
    Ok(per_second(all, watch.elapsed()))
}

/// A rate.
fn per_second(count: u64, time: Duration) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from) / time.as_secs_f64()
}

//! R13: what a store of ten million transfers costs: to start, to verify, to make its state anew,
//! in memory, in bytes.
//!
//! The transfers go through the ledger, to ten thousand people, under ids in no order. Each row is
//! measured in a process of its own. What is taken away to see it fail is a byte of the oldest
//! segment, which the verification has to name, and that a start leaves the most for later: it
//! reads all that lies behind the checkpoint, counts the whole state, and takes too long.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use souk_core::{Money, TransferId, TypedId, UserId};
use souk_ledger::{Policy, Refusal, rail, transfer};
use souk_store::embedded::{Embedded, Options, rebuild, verify};
use souk_store::{Store, StoreError};
use tokio::process::Command;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::{Args, Tally};
use crate::stopwatch::Stopwatch;
use crate::till::{self, Till};
use crate::{Wrong, dice, report};

const TRANSFERS: u32 = 10_000_000;
const PEOPLE: u64 = 10_000;
const CLIENTS: usize = 256;
/// Transfers between two lines of progress.
const PART: u64 = 500_000;
/// Transfers that are looked for afterwards.
const SAMPLE: u64 = 1_000;
/// Below this many, what is reserved ahead is most of the state.
const COUNTED_FROM: u64 = 1_000_000;

const START: Duration = Duration::from_secs(5);
const VERIFICATION: Duration = Duration::from_secs(60);
const REBUILD: Duration = Duration::from_secs(300);
const MEMORY_KIB: u64 = 1 << 20;
const STATE_BYTES: u64 = 700;

/// How R13 is run.
#[derive(Clone, Debug, clap::Args)]
pub struct Asked {
    /// As every campaign.
    #[command(flatten)]
    pub args: Args,
    /// Measure this row alone, of a store that is there; how this campaign calls itself.
    #[arg(long, hide = true, requires = "at")]
    row: Option<Row>,
    #[arg(long, hide = true)]
    at: Option<PathBuf>,
    /// Leave nothing of what a start can read for later.
    #[arg(long, hide = true)]
    at_once: bool,
}

/// What is done to the store in a process of its own.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Row {
    Start,
    Verification,
    Rebuild,
}

/// Makes a large store, then measures. What is over its target is bad.
///
/// # Errors
/// When something does not work at all.
pub async fn run(asked: Asked) -> Result<Tally, Wrong> {
    let args = asked.args;
    if let Some((row, at)) = asked.row.zip(asked.at) {
        let mut options = Options::at(&at);
        if asked.at_once {
            (options.checked_bytes, options.checked_keys) = (u64::MAX, u64::MAX);
        }
        return row.measure_here(&options);
    }
    let (room, count) = (tempfile::tempdir()?, u64::from(args.n(TRANSFERS)));
    let options = Options::at(&room.path().join("data"));
    fill(&options, count).await?;
    let mut rows = Rows {
        bad: 0,
        at_once: args.unprotected,
    };
    rows.sizes(&options, count)?;
    if args.unprotected {
        spoil(&options)?;
    }
    rows.measure(Row::Start, START, &options).await?;
    rows.measure(Row::Verification, VERIFICATION, &options)
        .await?;
    rows.measure(Row::Rebuild, REBUILD, &options).await?;
    if !args.unprotected {
        look(&options, count).await?;
    }
    Ok(Tally {
        tried: args.n(TRANSFERS),
        bad: rows.bad,
    })
}

impl Row {
    fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Verification => "verification",
            Self::Rebuild => "rebuild",
        }
    }

    /// Does it, and tells milliseconds and the most memory in KiB.
    fn measure_here(self, options: &Options) -> Result<Tally, Wrong> {
        let watch = Stopwatch::start();
        let said = match self {
            Self::Start => Embedded::open(options)?.1.to_string(),
            Self::Verification => verify(options)?.to_string(),
            Self::Rebuild => rebuild(options)?.to_string(),
        };
        report::tell(said);
        let memory = most_memory().ok_or("the system does not tell how much memory was used")?;
        report::result(format_args!("{} {memory}", watch.elapsed().as_millis()));
        Ok(Tally::default())
    }
}

async fn fill(options: &Options, count: u64) -> Result<(), Wrong> {
    let till = Till::open(options)?;
    let (next, watch) = (Arc::new(AtomicU64::new(0)), Stopwatch::start());
    let mut running = JoinSet::new();
    for _ in 0..CLIENTS {
        running.spawn(client(till.store.clone(), Arc::clone(&next), count, watch));
    }
    while let Some(done) = running.join_next().await {
        done??;
    }
    Ok(())
}

/// Makes transfers until there are enough.
async fn client(
    store: Store,
    next: Arc<AtomicU64>,
    count: u64,
    watch: Stopwatch,
) -> Result<(), Wrong> {
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= count {
            return Ok(());
        }
        while let Err(refusal) = deposit(&store, number).await {
            let Refusal::Store(StoreError::Busy { retry_ms }) = refusal else {
                return Err(refusal.into());
            };
            sleep(Duration::from_millis(retry_ms)).await;
        }
        if number.is_multiple_of(PART) && number > 0 {
            let seconds = watch.elapsed().as_secs();
            report::tell(format_args!("{number} transfers of {count} in {seconds} s"));
        }
    }
}

async fn deposit(store: &Store, number: u64) -> Result<(), Refusal> {
    let (person, policy) = (person(number), &Policy::default());
    let currency = "USD".parse().map_err(|_| Refusal::Currencies)?;
    let cent = Money::new(1, currency).map_err(|_| Refusal::AmountLarge)?;
    let deposit =
        |txn| async move { rail::deposit(&txn, policy, person, cent, name(number)).await };
    store.transact(deposit).await.map(drop)
}

fn person(number: u64) -> UserId {
    UserId::from_bits(u128::from(number % PEOPLE) + 1)
}

fn name(number: u64) -> TransferId {
    TransferId::from_bits(dice::scattered(number))
}

/// Flips a byte in the middle of the oldest file there is of the journal.
fn spoil(options: &Options) -> Result<(), Wrong> {
    let mut files = till::files(&options.data.join("archive")).unwrap_or_default();
    files.extend(till::files(&options.data.join("journal"))?);
    let oldest = files.first().ok_or("there is no journal")?;
    let mut bytes = fs::read(oldest)?;
    let middle = bytes.len() / 2;
    *bytes.get_mut(middle).ok_or("the segment is empty")? ^= 1;
    Ok(fs::write(oldest, bytes)?)
}

/// Looks for some of the transfers.
async fn look(options: &Options, count: u64) -> Result<(), Wrong> {
    let txn = Till::open(options)?.store.begin()?;
    for number in (0..count).step_by(usize::try_from((count / SAMPLE).max(1))?) {
        let entry = transfer::made(&txn, name(number)).await?;
        entry.ok_or_else(|| format!("transfer {number} is missing"))?;
    }
    Ok(())
}

/// The rows of the table.
struct Rows {
    bad: u32,
    /// A start leaves nothing for later.
    at_once: bool,
}

impl Rows {
    fn judge(&mut self, what: &str, value: u64, most: u64) {
        let missed = value > most;
        self.bad += u32::from(missed);
        let words = if missed { ", MISSED" } else { "" };
        if most == u64::MAX {
            report::result(format_args!("{what}: {value}"));
        } else {
            report::result(format_args!("{what}: {value} (target <= {most}{words})"));
        }
    }

    /// What it takes on the disk. The state is what sled has and the checkpoint that lies under it.
    fn sizes(&mut self, options: &Options, count: u64) -> Result<(), Wrong> {
        let checkpoints = till::files(&options.checkpoints()).unwrap_or_default();
        let newest = checkpoints.last().map_or(Ok(0), |newest| length(newest))?;
        let state = size(&options.state())?.saturating_add(newest) / count;
        for (part, bytes) in [
            ("journal", size(&options.journal())?),
            ("archive", size(&options.archive)?),
            ("checkpoints", size(&options.checkpoints())?),
        ] {
            let bytes = bytes / count;
            report::result(format_args!("{part}: {bytes} bytes for each transfer"));
        }
        let due = if count < COUNTED_FROM {
            u64::MAX
        } else {
            STATE_BYTES
        };
        self.judge("state, bytes for each transfer", state, due);
        Ok(())
    }

    /// Measures time, and the most memory that was in use, in a process of its own.
    async fn measure(&mut self, row: Row, most: Duration, options: &Options) -> Result<(), Wrong> {
        let mut campaign = Command::new(std::env::current_exe()?);
        campaign
            .args(["R13", "--row", row.name(), "--at"])
            .arg(&options.data)
            .args(self.at_once.then_some("--at-once"));
        let came = campaign.stderr(Stdio::inherit()).output().await?;
        let said = String::from_utf8_lossy(&came.stdout);
        let mut numbers = said.split_whitespace().map_while(|word| word.parse().ok());
        let (Some(time), Some(memory)) = (numbers.next(), numbers.next()) else {
            self.bad += 1;
            report::result(format_args!("{}: it failed", row.name()));
            return Ok(());
        };
        let due = u64::try_from(most.as_millis()).unwrap_or(u64::MAX);
        self.judge(&format!("{}, ms", row.name()), time, due);
        self.judge(
            &format!("{}, KiB of memory", row.name()),
            memory,
            MEMORY_KIB,
        );
        Ok(())
    }
}

fn size(folder: &Path) -> Result<u64, Wrong> {
    let files = till::files(folder).unwrap_or_default();
    files.iter().map(|file| length(file)).sum()
}

fn length(file: &Path) -> Result<u64, Wrong> {
    Ok(fs::metadata(file)?.len())
}

fn most_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

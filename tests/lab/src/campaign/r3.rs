//! R3: every state that a power cut can leave of the journal, its anchor, checkpoints and archive
//! must open, with everything in it that was acknowledged before.
//!
//! A till runs on a disk that writes down each write, each sync, and each file that is renamed or
//! removed. Checkpoints are made meanwhile, and segments archived; in half of the traces what they
//! stand for expires at once. From such a trace the states are built: one at each of its places
//! again and again, with what was written and not synced dropped, kept, torn or reordered as the
//! seed says, and the last names given back. What sled writes is not in the trace, since it does so
//! by itself: the state is missing, or as it was some time before. R1 cuts it together with the
//! rest.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use souk_store::embedded::Options;
use tempfile::TempDir;
use tokio::task::JoinSet;

use super::{Args, Tally};
use crate::dice::Dice;
use crate::till::{self, Till};
use crate::trace::{Deed, Platter, Recorder};
use crate::unprotected::Unsynced;
use crate::{Wrong, report};

/// How many states are opened.
const STATES: u32 = 5_000;
/// How many states come from one trace.
const TRACE_STATES: u64 = 500;
/// Deposits before a trace, and in it.
const BEFORE: u64 = 40;
const DEPOSITS: u64 = 480;
/// How many deposit at once: a group holds several of them.
const CLIENTS: u64 = 8;
/// How long a client rests between two, at most, so that groups differ.
const PAUSE_US_MAX: u64 = 8_000;
/// How long until the state is copied again.
const COPIED: Duration = Duration::from_millis(30);
/// A trace in which fewer checkpoints are made tries nothing of them.
const CHECKPOINTS_MIN: usize = 2;

/// Opens as many states as asked, and tells how many were bad.
///
/// # Errors
/// When no trace can be made.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    let (n, mut tally) = (args.n(STATES), Tally::default());
    let mut seeds = args.seeds(STATES).peekable();
    while let Some(first) = seeds.peek() {
        let mut recorded = Recorded::make(*first, args.unprotected).await?;
        let (seeds, most) = (seeds.by_ref(), u64::from(n).min(TRACE_STATES));
        for (number, seed) in (0..most).zip(seeds) {
            recorded.advance(number, most);
            tally.count(n, seed, recorded.open(seed).await);
        }
    }
    Ok(tally)
}

/// A trace, and how far it has been followed.
struct Recorded {
    _room: TempDir,
    options: Options,
    trace: std::vec::IntoIter<Deed>,
    /// How many steps the trace has.
    steps: u64,
    /// How many of them have been followed.
    followed: u64,
    platter: Platter,
    acknowledged: Vec<u64>,
    /// The state as it was some time before.
    state: PathBuf,
    lying: bool,
}

impl Recorded {
    /// Makes deposits, at first on a disk as any other, then on one that writes down.
    async fn make(seed: u64, lying: bool) -> Result<Self, Wrong> {
        let room = till::folder()?;
        let live = room.path().join("live");
        let mut options = till::layered(&live, Arc::new(Unsynced));
        if Dice::new(seed).below(2) == 0 {
            options.archive_ms = 0;
        }
        Till::open(&options)?.deposit_at_leisure(0..BEFORE).await?;
        let state = room.path().join("state");
        till::copy_folder(&options.state(), &state)?;
        let folders = vec![
            options.journal(),
            options.checkpoints(),
            options.archive.clone(),
        ];
        let mut files = vec![options.anchor.clone()];
        for folder in &folders {
            files.extend(till::within(folder)?);
        }
        let platter = Platter::of(files)?;
        let recorder = Arc::new(Recorder::new(folders, lying)?);
        let recorded = Options {
            archive_ms: options.archive_ms,
            ..till::layered(&live, Arc::clone(&recorder) as _)
        };
        let till = Arc::new(Till::open(&recorded)?);
        let mut trace = tokio::select! {
            trace = deposit(&till, &recorder, seed) => trace?,
            never = copy_state(&options, room.path(), &recorder) => never?,
        };
        trace.retain(|deed| {
            deed.path()
                .is_none_or(|path| !path.starts_with(options.state()))
        });
        let named = trace.iter().filter(|deed| names_checkpoint(deed)).count();
        report::tell(format_args!("{named} checkpoints were made in the trace."));
        if named < CHECKPOINTS_MIN {
            return Err("too few checkpoints were made: this tries nothing".into());
        }
        let steps = u64::try_from(trace.len())?;
        report::tell(format_args!("A trace of {steps} steps."));
        Ok(Self {
            _room: room,
            options,
            trace: trace.into_iter(),
            steps,
            followed: 0,
            platter,
            acknowledged: (0..BEFORE).collect(),
            state,
            lying,
        })
    }

    /// Follows the trace to the place of one state of so many.
    fn advance(&mut self, number: u64, of: u64) {
        let place = (number + 1) * self.steps / of.max(1);
        while self.followed < place
            && let Some(deed) = self.trace.next()
        {
            self.followed += 1;
            self.platter.step(&deed);
            match deed {
                Deed::Told(number) => self.acknowledged.push(number),
                Deed::Copied(state) => self.state = state,
                Deed::Write(..) | Deed::Sync(_) | Deed::Rename(..) | Deed::Remove(_) => {}
            }
        }
    }

    /// Opens what a cut at this place leaves and looks for what was acknowledged.
    async fn open(&self, seed: u64) -> Result<(), Wrong> {
        let (room, mut dice) = (till::folder()?, Dice::new(seed));
        let left = Options {
            archive_ms: self.options.archive_ms,
            ..till::layered(room.path(), Arc::new(Unsynced))
        };
        let live = self.options.data.parent().unwrap_or(&self.options.data);
        self.platter.cut(live, room.path(), &mut dice)?;
        if dice.below(3) > 0 {
            till::copy_folder(&self.state, &left.state())?;
        }
        let checked = check(&left, &self.acknowledged).await;
        checked.map_err(|bad| {
            let (at, of, bad) = (self.followed, self.steps, report::causes(&*bad));
            till::put_by(room, self.lying);
            format!("after step {at} of {of}: {bad}").into()
        })
    }
}

/// Tells whether a checkpoint was finished.
fn names_checkpoint(deed: &Deed) -> bool {
    matches!(deed, Deed::Rename(_, to) if to.extension().is_some_and(|name| name == "checkpoint"))
}

/// Copies the state again and again, as it is while it is written to, and writes down where to.
async fn copy_state(
    options: &Options,
    room: &Path,
    recorder: &Recorder,
) -> Result<Vec<Deed>, Wrong> {
    for number in 0_u64.. {
        tokio::time::sleep(COPIED).await;
        let to = room.join(format!("state-{number}"));
        // Of a layer that goes away meanwhile there is nothing to copy.
        if till::copy_folder(&options.state(), &to).is_ok() {
            recorder.copied(to);
        }
    }
    Err("there are no more numbers".into())
}

async fn check(left: &Options, acknowledged: &[u64]) -> Result<(), Wrong> {
    let till = Till::open(left)?;
    till.check(acknowledged.iter().copied()).await?;
    // It goes on from there.
    till.deposit(u64::MAX).await?;
    Ok(())
}

/// Lets clients make deposits and say so, and returns what was written down meanwhile.
async fn deposit(
    till: &Arc<Till>,
    recorder: &Arc<Recorder>,
    seed: u64,
) -> Result<Vec<Deed>, Wrong> {
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let (till, recorder) = (Arc::clone(till), Arc::clone(recorder));
        clients.spawn(async move {
            let mut dice = Dice::new(seed.wrapping_add(client));
            for round in 0..DEPOSITS / CLIENTS {
                let number = BEFORE + round * CLIENTS + client;
                till.deposit(number).await?;
                recorder.told(number);
                tokio::time::sleep(Duration::from_micros(dice.below(PAUSE_US_MAX))).await;
            }
            Ok::<_, Wrong>(())
        });
    }
    let done: Result<Vec<()>, Wrong> = clients.join_all().await.into_iter().collect();
    done?;
    recorder.trace()
}

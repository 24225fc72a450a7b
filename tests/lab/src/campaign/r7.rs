//! R7: old files put back, or the tail cut off: the start is refused and the gap named.
//!
//! What cannot be seen is stated: a data directory put back together with its anchor is a store of
//! that time, and nothing in either says that there ever was more. So the anchor lies elsewhere.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use souk_store::embedded::{OpenError, Options};
use tempfile::TempDir;

use super::{Args, Tally};
use crate::dice::Dice;
use crate::till::{self, Till};
use crate::unprotected::Unsynced;
use crate::{Wrong, report};

/// How often old files are put back.
const TRIES: u32 = 1_000;
/// How many deposits there were at each moment that is put back, and how many there are.
const MOMENTS: [u64; 4] = [30, 90, 150, 210];
const NOW: u64 = 270;
/// What is deposited on another way.
const ELSEWHERE: u64 = 1_000_000;

/// Puts old files back as often as asked, and tells how often that went unseen.
///
/// # Errors
/// When there is no till.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    let (n, mut tally) = (args.n(TRIES), Tally::default());
    let history = History::make(args.unprotected).await?;
    for seed in args.seeds(TRIES) {
        tally.count(n, seed, history.try_one(seed));
    }
    Ok(tally)
}

/// A till at several moments.
struct History {
    _room: TempDir,
    now: Options,
    /// Copies of it, older and older moments last, and how many records each has.
    moments: Vec<(Options, u64)>,
    /// A copy that went another way, as far as the till itself.
    elsewhere: Options,
}

/// What is done to a till.
#[derive(Clone, Copy, Debug)]
enum Trick {
    /// All of the data directory is of an earlier moment.
    OldData,
    /// Only the journal is.
    OldJournal,
    /// One file of the journal is.
    OldSegment,
    /// The journal is cut at some byte of its last file.
    Tail,
    /// Its last files are gone.
    Segments,
    /// One of its files is gone.
    Hole,
    /// The journal went another way since.
    Elsewhere,
}

const TRICKS: [Trick; 7] = [
    Trick::OldData,
    Trick::OldJournal,
    Trick::OldSegment,
    Trick::Tail,
    Trick::Segments,
    Trick::Hole,
    Trick::Elsewhere,
];

impl History {
    async fn make(unprotected: bool) -> Result<Self, Wrong> {
        let room = till::folder()?;
        let mut now = till::options(&room.path().join("now"), Arc::new(Unsynced));
        let (mut done, mut moments) = (0, Vec::new());
        for moment in MOMENTS {
            Till::open(&now)?.deposit_all(done..moment).await?;
            done = moment;
            let copy = till::copy(&now, &room.path().join(moment.to_string()))?;
            moments.push((copy, moment));
        }
        let elsewhere = till::copy(&now, &room.path().join("elsewhere"))?;
        Till::open(&now)?.deposit_all(done..NOW).await?;
        let others = ELSEWHERE + done..ELSEWHERE + NOW;
        Till::open(&elsewhere)?.deposit_all(others).await?;
        now.protections.anchor = !unprotected;
        Ok(Self {
            _room: room,
            now,
            moments,
            elsewhere,
        })
    }

    /// Plays a trick on a copy and opens it.
    fn try_one(&self, seed: u64) -> Result<(), Wrong> {
        let (room, mut dice) = (till::folder()?, Dice::new(seed));
        let copy = till::copy(&self.now, room.path())?;
        let trick = *dice.pick(&TRICKS).ok_or("there is no trick")?;
        let last = self.play(trick, &copy, &mut dice)?;
        let refused = refused(&copy, last);
        if refused.is_err() {
            till::put_by(room, !self.now.protections.anchor);
        }
        refused.map_err(|bad| format!("{trick:?}: {}", report::causes(&*bad)).into())
    }

    /// Plays a trick, and returns the last record there is, where that is known.
    fn play(&self, trick: Trick, copy: &Options, dice: &mut Dice) -> Result<Option<u64>, Wrong> {
        let (old, records) = dice.pick(&self.moments).ok_or("there is no moment")?;
        let journal = till::files(&copy.journal())?;
        let last = journal.last().ok_or("there is no journal")?;
        match trick {
            Trick::OldData => put_back(&old.data, &copy.data)?,
            Trick::OldJournal => put_back(&old.journal(), &copy.journal())?,
            Trick::Elsewhere => put_back(&self.elsewhere.data, &copy.data)?,
            Trick::OldSegment => {
                let old = last_segment(old)?;
                fs::copy(
                    &old,
                    copy.journal().join(old.file_name().unwrap_or_default()),
                )?;
            }
            Trick::Tail => {
                let file = fs::OpenOptions::new().write(true).open(last)?;
                file.set_len(dice.below(file.metadata()?.len()))?;
            }
            Trick::Segments => {
                let first = dice.place(journal.len());
                journal.iter().skip(first).try_for_each(fs::remove_file)?;
            }
            Trick::Hole => fs::remove_file(dice.pick(&journal).unwrap_or(last))?,
        }
        let known = matches!(trick, Trick::OldData | Trick::OldJournal);
        Ok(known.then_some(*records))
    }
}

/// Puts a folder back as it was.
fn put_back(old: &Path, to: &Path) -> Result<(), Wrong> {
    fs::remove_dir_all(to)?;
    till::copy_folder(old, to)
}

/// The file that an earlier journal ended in: all before it are as they are now.
fn last_segment(options: &Options) -> Result<PathBuf, Wrong> {
    let last = till::files(&options.journal())?.pop();
    Ok(last.ok_or("there is no journal")?)
}

/// Opens a till that must not open: the refusal names where the journal ends and what should be
/// there.
fn refused(copy: &Options, last_is: Option<u64>) -> Result<(), Wrong> {
    let refusal = match Till::open(copy) {
        Ok(till) => return Err(format!("it opened: {}", till.opened).into()),
        Err(refusal) => refusal,
    };
    let named = match refusal.downcast_ref::<OpenError>() {
        Some(OpenError::TailMissing {
            path,
            last,
            anchored,
            ..
        }) => {
            let right = last_is.is_none_or(|due| *last == due);
            path.starts_with(copy.journal()) && *anchored == NOW && last < anchored && right
        }
        Some(OpenError::Damaged { path, .. } | OpenError::Altered { path, .. }) => {
            path.starts_with(copy.journal()) && last_is.is_none()
        }
        _ => false,
    };
    if named { Ok(()) } else { Err(refusal) }
}

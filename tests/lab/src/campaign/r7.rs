//! R7: old files put back, some taken away, or the tail cut off. Where something acknowledged is
//! missing then, the start is refused and the gap named; where nothing is, everything is there, and
//! the state is made anew if it must be.
//!
//! The state rests on the newest of several checkpoints. Nothing is missing with an old state, with
//! old checkpoints or one of them gone as long as the archive is whole, and with an old archive:
//! `souk store verify` names what is not there. Of an old segment in the way of the archived one it
//! names the next, which does not follow it; nothing is missing once that file is taken away. An
//! old archive beside old checkpoints lacks what was archived since: that is refused.
//!
//! What cannot be seen is stated: a data directory put back together with its anchor is a store of
//! that time, and nothing in either says that there ever was more. So the anchor lies elsewhere.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use souk_store::embedded::{OpenError, Options, verify};
use souk_store::{RawKey, Versioned};
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
    let (mut refused, mut whole, mut stray) = (0, 0, 0);
    for seed in args.seeds(TRIES) {
        if let Some(due) = tally.count(n, seed, history.try_one(seed).await) {
            match due {
                Due::Refused(_) => refused += 1,
                Due::Whole { .. } => whole += 1,
                Due::Stray(_) => stray += 1,
            }
        }
    }
    report::result(format_args!(
        "{refused} refused by name, {whole} opened with everything, {stray} named and taken away"
    ));
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
    /// All there is in it now.
    everything: Vec<(RawKey, Versioned)>,
}

/// What has to come of a trick.
enum Due {
    /// The start is refused. The last record there is, where that is known.
    Refused(Option<u64>),
    /// Everything is there.
    Whole {
        /// And a verification is refused: something is missing or wrong that is only kept beside.
        found: bool,
    },
    /// A file in the journal is in the way of a newer one in the archive. A verification names the
    /// next, which does not follow it, and everything is there once that file is gone.
    Stray(PathBuf),
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
    /// The state alone is of an earlier moment.
    OldState,
    /// The checkpoints alone are.
    OldCheckpoints,
    /// The archive alone is.
    OldArchive,
    /// All but the journal is.
    OldRest,
    /// One checkpoint is gone.
    LessCheckpoint,
}

const TRICKS: [Trick; 12] = [
    Trick::OldData,
    Trick::OldJournal,
    Trick::OldSegment,
    Trick::Tail,
    Trick::Segments,
    Trick::Hole,
    Trick::Elsewhere,
    Trick::OldState,
    Trick::OldCheckpoints,
    Trick::OldArchive,
    Trick::OldRest,
    Trick::LessCheckpoint,
];

impl History {
    async fn make(unprotected: bool) -> Result<Self, Wrong> {
        let room = till::folder()?;
        let mut now = till::layered(&room.path().join("now"), Arc::new(Unsynced));
        let (mut done, mut moments) = (0, Vec::new());
        for moment in MOMENTS {
            Till::open(&now)?.deposit_at_leisure(done..moment).await?;
            done = moment;
            let copy = till::copy(&now, &room.path().join(moment.to_string()))?;
            moments.push((copy, moment));
        }
        let elsewhere = till::copy(&now, &room.path().join("elsewhere"))?;
        let till = Till::open(&now)?;
        till.deposit_at_leisure(done..NOW).await?;
        let everything = till.everything().await?;
        drop(till);
        till::must_be_layered(&now)?;
        let others = ELSEWHERE + done..ELSEWHERE + NOW;
        Till::open(&elsewhere)?.deposit_at_leisure(others).await?;
        now.protections.anchor = !unprotected;
        Ok(Self {
            _room: room,
            now,
            moments,
            elsewhere,
            everything,
        })
    }

    /// Plays a trick on a copy and opens it.
    async fn try_one(&self, seed: u64) -> Result<Due, Wrong> {
        let (room, mut dice) = (till::folder()?, Dice::new(seed));
        let copy = till::copy(&self.now, room.path())?;
        let trick = *dice.pick(&TRICKS).ok_or("there is no trick")?;
        let due = self.play(trick, &copy, &mut dice)?;
        let came = match &due {
            Due::Refused(last) => refused(&copy, *last),
            Due::Whole { found } => self.whole(&copy, *found).await,
            Due::Stray(stray) => self.without(&copy, stray).await,
        };
        if came.is_err() {
            till::put_by(room, !self.now.protections.anchor);
        }
        came.map_err(|bad| format!("{trick:?}: {}", report::causes(&*bad)))?;
        Ok(due)
    }

    /// Plays a trick, and returns what has to come of it.
    fn play(&self, trick: Trick, copy: &Options, dice: &mut Dice) -> Result<Due, Wrong> {
        let (old, records) = dice.pick(&self.moments).ok_or("there is no moment")?;
        match trick {
            Trick::OldData => put_back(&old.data, &copy.data)?,
            Trick::OldJournal => put_back(&old.journal(), &copy.journal())?,
            Trick::Elsewhere => put_back(&self.elsewhere.data, &copy.data)?,
            Trick::OldSegment => return old_segment(old, copy),
            Trick::Tail | Trick::Segments | Trick::Hole => cut(trick, copy, dice)?,
            Trick::OldState => put_back(&old.state(), &copy.state())?,
            Trick::OldCheckpoints => put_back(&old.checkpoints(), &copy.checkpoints())?,
            Trick::OldArchive | Trick::OldRest => put_back(&old.archive, &copy.archive)?,
            Trick::LessCheckpoint => {
                let checkpoints = till::checkpoints(copy)?;
                fs::remove_file(dice.pick(&checkpoints).ok_or("there is no checkpoint")?)?;
            }
        }
        if let Trick::OldRest = trick {
            put_back(&old.state(), &copy.state())?;
            put_back(&old.checkpoints(), &copy.checkpoints())?;
        }
        let archived = |options: &Options| Ok::<_, Wrong>(till::within(&options.archive)?.len());
        let less = archived(old)? < archived(&self.now)?;
        Ok(match trick {
            Trick::OldData => Due::Refused(Some(*records)),
            Trick::OldRest if less => Due::Refused(None),
            Trick::OldArchive => Due::Whole { found: less },
            Trick::OldState | Trick::OldCheckpoints | Trick::OldRest | Trick::LessCheckpoint => {
                Due::Whole { found: false }
            }
            Trick::OldJournal
            | Trick::OldSegment
            | Trick::Tail
            | Trick::Segments
            | Trick::Hole
            | Trick::Elsewhere => Due::Refused(None),
        })
    }

    /// Opens a till with a stray file, and without it.
    async fn without(&self, copy: &Options, stray: &Path) -> Result<(), Wrong> {
        match verify(copy) {
            Err(OpenError::Damaged { path, .. }) if follows(&path, stray) => {}
            Err(refusal) => return Err(refusal.into()),
            Ok(report) => return Err(format!("a verification says: {report}").into()),
        }
        let found = Till::open(copy)?.everything().await;
        if found.is_ok_and(|found| found != self.everything) {
            return Err("it opened with other contents".into());
        }
        fs::remove_file(stray)?;
        self.whole(copy, false).await
    }

    /// Opens a till that must have everything, as it is and once its state is gone.
    async fn whole(&self, copy: &Options, found: bool) -> Result<(), Wrong> {
        match verify(copy) {
            Err(OpenError::Damaged { .. }) if found => {}
            Err(refusal) => return Err(refusal.into()),
            Ok(report) if found => return Err(format!("a verification says: {report}").into()),
            Ok(_) => {}
        }
        if till::reopened(copy).await?.0 != self.everything {
            return Err("it opened with other contents".into());
        }
        fs::remove_dir_all(copy.state())?;
        if till::reopened(copy).await?.0 != self.everything {
            return Err("it opened with other contents once its state was gone".into());
        }
        Ok(())
    }
}

/// Tells whether a segment comes next after another, by their names.
fn follows(next: &Path, before: &Path) -> bool {
    let number = |path: &Path| path.file_stem()?.to_str()?.parse::<u64>().ok();
    number(before).is_some_and(|before| number(next) == before.checked_add(1))
}

/// Puts a folder back as it was, which may be not at all.
fn put_back(old: &Path, to: &Path) -> Result<(), Wrong> {
    fs::remove_dir_all(to)?;
    if old.exists() {
        till::copy_folder(old, to)?;
    }
    Ok(())
}

/// Puts back the file that an earlier journal ended in: all before it are as they are now. Where it
/// is archived since, it is in the way of a newer one. Where it was full at that moment, nothing
/// was written to it since, and it is the same.
fn old_segment(old: &Options, copy: &Options) -> Result<Due, Wrong> {
    let last = till::files(&old.journal())?
        .pop()
        .ok_or("there is no journal")?;
    let name = last.file_name().unwrap_or_default();
    let (archived, stray) = (copy.archive.join(name), copy.journal().join(name));
    let is_archived = archived.exists();
    let now = if is_archived { &archived } else { &stray };
    let was_full = fs::read(&last)? == fs::read(now)?;
    fs::copy(&last, &stray)?;
    Ok(match (was_full, is_archived) {
        (true, _) => Due::Whole { found: false },
        (false, true) => Due::Stray(stray),
        (false, false) => Due::Refused(None),
    })
}

/// Cuts the journal off, or takes some of it out.
fn cut(trick: Trick, copy: &Options, dice: &mut Dice) -> Result<(), Wrong> {
    let journal = till::files(&copy.journal())?;
    let last = journal.last().ok_or("there is no journal")?;
    match trick {
        Trick::Tail => {
            let file = fs::OpenOptions::new().write(true).open(last)?;
            file.set_len(dice.below(file.metadata()?.len()))?;
        }
        Trick::Segments => {
            let first = dice.place(journal.len());
            journal.iter().skip(first).try_for_each(fs::remove_file)?;
        }
        _ => fs::remove_file(dice.pick(&journal).unwrap_or(last))?,
    }
    Ok(())
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

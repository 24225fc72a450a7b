//! R6: a byte flipped, a page lost or doubled in the journal, the state on disk, a checkpoint or
//! the archive must never pass in silence: all is as it was, or the start is refused with the file
//! named. The state rests on the newest of two checkpoints.
//!
//! - Journal: refused by name.
//! - State, and the checkpoint that it rests on: made anew, from the checkpoint before if it must.
//! - Checkpoint and archive: `souk store verify` names the file, and everything is there at the
//!   next start, also when the state has to be made anew on the way.
//!
//! Commits newer than the anchor were never acknowledged as far as anybody can prove. Damage among
//! them ends the journal there, which the host tells when it starts; such tries are counted apart.
//! Where the only page of the last segment is lost, all of it newer than the anchor, the segment is
//! as one that was never used, and nobody can tell; these are counted, too.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use souk_store::embedded::{OpenError, Options, StateFound, verify};
use souk_store::{RawKey, Versioned};
use tempfile::TempDir;

use super::{Args, Tally};
use crate::dice::Dice;
use crate::till::{self, Till};
use crate::unprotected::Unsynced;
use crate::{Wrong, report};

/// How many bytes are flipped and pages spoilt: of every eleven tries, one is a page.
const TRIES: u32 = 2_200;
const PAGE_EVERY: u64 = 11;
const PAGE_BYTES: usize = 4_096;
/// Deposits that the anchor counts, and those that it does not.
const ANCHORED: u64 = 300;
const NEWER: u64 = 20;

/// Damages a till as often as asked, and tells how often that passed in silence.
///
/// # Errors
/// When there is no till to damage.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    let (n, mut tally) = (args.n(TRIES), Tally::default());
    let original = Original::make(args.unprotected).await?;
    let mut came = Came::default();
    for seed in args.seeds(TRIES) {
        if let Some(end) = tally.count(n, seed, original.damage(seed).await) {
            came.add(end);
        }
    }
    let Came {
        unharmed,
        repaired,
        found,
        refused,
        newer,
        unseen,
    } = came;
    report::result(format_args!(
        "{unharmed} unharmed, {repaired} repaired, {found} found by a verification with nothing \
         lost, {refused} refused by name, {newer} ended among the records newer than the anchor, \
         {unseen} lost the whole segment of only such records"
    ));
    Ok(tally)
}

/// What a damage came to.
#[derive(Clone, Copy)]
enum End {
    /// It was where nothing is.
    Unharmed,
    /// The state was made anew.
    Repaired,
    /// A verification named the file, and everything was there all the same.
    Found,
    /// The start was refused, and the file named.
    Refused,
    /// The journal ends earlier, after all that the anchor counts, which was told.
    Newer,
    /// Its last segment is empty, after all that the anchor counts.
    Unseen,
}

/// How often it came to what.
#[derive(Default)]
struct Came {
    unharmed: u32,
    repaired: u32,
    found: u32,
    refused: u32,
    newer: u32,
    unseen: u32,
}

impl Came {
    fn add(&mut self, end: End) {
        match end {
            End::Unharmed => self.unharmed += 1,
            End::Repaired => self.repaired += 1,
            End::Found => self.found += 1,
            End::Refused => self.refused += 1,
            End::Newer => self.newer += 1,
            End::Unseen => self.unseen += 1,
        }
    }
}

/// Why a damage is bad.
#[derive(Debug, thiserror::Error)]
enum Silent {
    #[error("{0} was spoilt, and the till opened with other contents")]
    Other(PathBuf),
    #[error("{0} was spoilt, and the refusal does not name it: {1}")]
    Unnamed(PathBuf, String),
    #[error("{0} was spoilt, and a verification finds nothing")]
    Unfound(PathBuf),
    #[error("{0} was spoilt, and the till opened with other contents once its state was gone")]
    Anew(PathBuf),
}

/// What is spoilt.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Journal,
    State,
    Checkpoint,
    Archive,
}

const PARTS: [Part; 4] = [Part::Journal, Part::State, Part::Checkpoint, Part::Archive];

/// A file that was spoilt.
struct Spoilt {
    part: Part,
    path: PathBuf,
    /// It is not what it was: a page may have been put in the place of one like it.
    differs: bool,
    /// Nothing is left in it.
    emptied: bool,
}

/// The till that is damaged, copy by copy.
struct Original {
    _room: TempDir,
    options: Options,
    everything: Vec<(RawKey, Versioned)>,
}

impl Original {
    /// Makes a till whose anchor is a little behind, as a cut between the two syncs leaves it.
    async fn make(unprotected: bool) -> Result<Self, Wrong> {
        let room = till::folder()?;
        let mut options = till::layered(room.path(), Arc::new(Unsynced));
        Till::open(&options)?
            .deposit_at_leisure(0..ANCHORED)
            .await?;
        till::must_be_layered(&options)?;
        let anchor = fs::read(&options.anchor)?;
        // No checkpoint is ever newer than the anchor.
        let till = Till::open(&Options {
            checkpoint_bytes: u64::MAX,
            ..options.clone()
        })?;
        till.deposit_all(ANCHORED..ANCHORED + NEWER).await?;
        let everything = till.everything().await?;
        drop(till);
        fs::write(&options.anchor, anchor)?;
        options.protections.anchor = !unprotected;
        Ok(Self {
            _room: room,
            options,
            everything,
        })
    }

    /// Damages a copy and opens it.
    async fn damage(&self, seed: u64) -> Result<End, Wrong> {
        let (room, mut dice) = (till::folder()?, Dice::new(seed));
        let mut copy = till::copy(&self.options, room.path())?;
        let spoilt = spoil(&copy, seed.is_multiple_of(PAGE_EVERY), &mut dice)?;
        let end = match spoilt.part {
            Part::Journal | Part::State => match Till::open(&copy) {
                Ok(till) => self.compare(&till, &spoilt).await,
                Err(refusal) => refused(&refusal, &copy, spoilt.path),
            },
            Part::Checkpoint | Part::Archive => {
                // Where the start does not count the state, a checkpoint's blocks are read later.
                if dice.below(2) == 0 {
                    copy.checked_keys = 0;
                }
                self.find(&copy, &spoilt).await
            }
        };
        if end.is_err() {
            till::put_by(room, !self.options.protections.anchor);
        }
        end
    }

    /// Tells what a till that opened has of all there was.
    async fn compare(&self, till: &Till, spoilt: &Spoilt) -> Result<End, Wrong> {
        let told = till.opened.journal.dropped.is_some();
        let sound = matches!(till.opened.state, StateFound::Sound);
        if till.everything().await? == self.everything {
            return Ok(if sound { End::Unharmed } else { End::Repaired });
        }
        if told && spoilt.part == Part::Journal {
            till.check(0..ANCHORED).await?;
            return Ok(End::Newer);
        }
        if spoilt.part == Part::Journal && spoilt.emptied {
            till.check(0..ANCHORED).await?;
            return Ok(End::Unseen);
        }
        Err(Silent::Other(spoilt.path.clone()).into())
    }

    /// Tells what a verification finds of a checkpoint or an archived segment that was spoilt, and
    /// whether everything is there without it.
    async fn find(&self, copy: &Options, spoilt: &Spoilt) -> Result<End, Wrong> {
        let path = || spoilt.path.clone();
        match verify(copy) {
            Err(OpenError::Checkpoint { path, .. } | OpenError::Damaged { path, .. })
                if path == spoilt.path => {}
            Err(other) => return Err(Silent::Unnamed(path(), report::causes(&other)).into()),
            Ok(_) if spoilt.differs => return Err(Silent::Unfound(path()).into()),
            Ok(_) => {}
        }
        let (everything, mended) = till::reopened(copy).await?;
        if everything != self.everything {
            return Err(Silent::Other(path()).into());
        }
        fs::remove_dir_all(copy.state())?;
        if till::reopened(copy).await?.0 != self.everything {
            return Err(Silent::Anew(path()).into());
        }
        Ok(match (spoilt.differs, mended) {
            (true, true) => End::Repaired,
            (true, false) => End::Found,
            (false, _) => End::Unharmed,
        })
    }
}

/// Tells whether nothing is left in a file.
fn is_empty(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte == 0)
}

/// A refusal must be about the journal, which cannot be repaired, and name the file.
fn refused(refusal: &Wrong, copy: &Options, spoilt: PathBuf) -> Result<End, Wrong> {
    let named = match refusal.downcast_ref::<OpenError>() {
        Some(
            OpenError::Damaged { path, .. }
            | OpenError::TailMissing { path, .. }
            | OpenError::Altered { path, .. }
            | OpenError::OtherStore { path, .. }
            | OpenError::Format { path },
        ) => *path == spoilt && spoilt.starts_with(copy.journal()),
        _ => false,
    };
    if named {
        Ok(End::Refused)
    } else {
        Err(Silent::Unnamed(spoilt, report::causes(&**refusal)).into())
    }
}

/// Flips a bit, or spoils a page, of some file.
fn spoil(copy: &Options, page: bool, dice: &mut Dice) -> Result<Spoilt, Wrong> {
    let part = *dice.pick(&PARTS).ok_or("there is no part")?;
    let mut files = match part {
        Part::Journal => till::files(&copy.journal())?,
        Part::State => till::files(&copy.state())?,
        Part::Checkpoint => till::checkpoints(copy)?,
        Part::Archive => till::files(&copy.archive)?,
    };
    files.retain(|path| fs::metadata(path).is_ok_and(|file| file.len() > 0));
    let path = dice
        .pick(&files)
        .ok_or("there is nothing to spoil")?
        .clone();
    let before = fs::read(&path)?;
    let mut bytes = before.clone();
    let used = bytes
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(1, |last| last + 1);
    if page {
        spoil_page(&mut bytes, used, dice);
    } else if let Some(byte) = bytes.get_mut(dice.place(used)) {
        *byte ^= 1 << dice.below(8);
    }
    fs::write(&path, &bytes)?;
    Ok(Spoilt {
        part,
        path,
        differs: bytes != before,
        emptied: is_empty(&bytes),
    })
}

/// Lets one page be lost, or be there twice.
fn spoil_page(bytes: &mut [u8], used: usize, dice: &mut Dice) {
    let pages: Vec<Vec<u8>> = bytes.chunks(PAGE_BYTES).map(<[u8]>::to_vec).collect();
    let (other, place) = (dice.pick(&pages), dice.place(used) / PAGE_BYTES);
    let other = other.filter(|_| dice.below(2) == 0);
    if let Some(page) = bytes.chunks_mut(PAGE_BYTES).nth(place) {
        page.fill(0);
        let doubled = other.into_iter().flatten();
        page.iter_mut()
            .zip(doubled)
            .for_each(|(to, from)| *to = *from);
    }
}

//! R6: a byte flipped, a page lost or doubled in the journal or in the state on disk must never
//! pass in silence: all is as it was, or the start is refused with the file named.
//!
//! Commits newer than the anchor were never acknowledged as far as anybody can prove. Damage among
//! them ends the journal there, which the host tells when it starts; such tries are counted apart.
//! Where the only page of the last segment is lost, all of it newer than the anchor, the segment is
//! as one that was never used, and nobody can tell; these are counted, too.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use souk_store::embedded::{OpenError, Options, StateFound};
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
        refused,
        newer,
        unseen,
    } = came;
    report::result(format_args!(
        "{unharmed} unharmed, {repaired} repaired, {refused} refused by name, {newer} ended among \
         the records newer than the anchor, {unseen} lost the whole segment of only such records"
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
    refused: u32,
    newer: u32,
    unseen: u32,
}

impl Came {
    fn add(&mut self, end: End) {
        match end {
            End::Unharmed => self.unharmed += 1,
            End::Repaired => self.repaired += 1,
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
        let mut options = till::options(room.path(), Arc::new(Unsynced));
        Till::open(&options)?.deposit_all(0..ANCHORED).await?;
        let anchor = fs::read(&options.anchor)?;
        let till = Till::open(&options)?;
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
        let copy = till::copy(&self.options, room.path())?;
        let spoilt = spoil(&copy, seed.is_multiple_of(PAGE_EVERY), &mut dice)?;
        let emptied = is_empty(&spoilt)?;
        let end = match Till::open(&copy) {
            Ok(till) => self.compare(&till, &copy, (&spoilt, emptied)).await,
            Err(refusal) => refused(&refusal, &copy, spoilt),
        };
        if end.is_err() {
            till::put_by(room, !self.options.protections.anchor);
        }
        end
    }

    /// Tells what a till that opened has of all there was.
    async fn compare(
        &self,
        till: &Till,
        copy: &Options,
        (spoilt, emptied): (&Path, bool),
    ) -> Result<End, Wrong> {
        let repaired = !matches!(till.opened.state, StateFound::Sound);
        if till.everything().await? == self.everything {
            return Ok(if repaired {
                End::Repaired
            } else {
                End::Unharmed
            });
        }
        let told = till.opened.journal.dropped.is_some();
        if told && spoilt.starts_with(copy.journal()) {
            till.check(0..ANCHORED).await?;
            return Ok(End::Newer);
        }
        if spoilt.starts_with(copy.journal()) && emptied {
            till.check(0..ANCHORED).await?;
            return Ok(End::Unseen);
        }
        Err(Silent::Other(spoilt.to_path_buf()).into())
    }
}

/// Tells whether nothing is left in a file.
fn is_empty(path: &Path) -> Result<bool, Wrong> {
    Ok(fs::read(path)?.iter().all(|byte| *byte == 0))
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

/// Flips a bit, or spoils a page, of a file of the journal or of the state. Returns the file.
fn spoil(copy: &Options, page: bool, dice: &mut Dice) -> Result<PathBuf, Wrong> {
    let folder = if dice.below(2) == 0 {
        copy.journal()
    } else {
        copy.state()
    };
    let mut files = till::files(&folder)?;
    files.retain(|path| fs::metadata(path).is_ok_and(|file| file.len() > 0));
    let path = dice.pick(&files).ok_or("there is nothing to spoil")?;
    let mut bytes = fs::read(path)?;
    let used = bytes
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(1, |last| last + 1);
    if page {
        spoil_page(&mut bytes, used, dice);
    } else if let Some(byte) = bytes.get_mut(dice.place(used)) {
        *byte ^= 1 << dice.below(8);
    }
    fs::write(path, bytes)?;
    Ok(path.clone())
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

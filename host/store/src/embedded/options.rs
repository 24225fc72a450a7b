//! Where a store is, and what protects it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use souk_core::Clock;
use souk_core::limits::{
    ARCHIVE_MS, CHECKPOINT_BYTES_MIN, SEGMENT_BYTES, SEGMENT_GROWTH_BYTES, START_CHECKED_BYTES,
    START_CHECKED_KEYS,
};

use super::checkpoint::shelf::Checkpoints;
use super::journal::StoreId;
use super::journal::shelf::Shelf;

use crate::disk::{Disk, Durable};

/// Where the embedded engine keeps its files, and how.
#[derive(Clone)]
pub struct Options {
    /// The data directory: journal, state and lock.
    pub data: PathBuf,
    /// The anchor's file. It should lie where restoring the data directory does not restore it too.
    pub anchor: PathBuf,
    /// Take the journal as it is, whatever the anchor says, and anchor it anew. Only for
    /// `souk store rebuild`, on an operator's word: what is missing stays missing.
    pub adopt: bool,
    /// Where segments go that a checkpoint has made superfluous. It may lie on another disk.
    pub archive: PathBuf,
    /// How long they stay there, and with them what a restore to an earlier moment needs.
    pub archive_ms: u64,
    /// A checkpoint is made when so many bytes of journal lie behind the last one.
    pub checkpoint_bytes: u64,
    /// So many bytes of the journal's end are checked before the start.
    pub checked_bytes: u64,
    /// A state of at most so many keys is counted before the start.
    pub checked_keys: u64,
    /// Who says what time it is while nobody commits; without one it is when somebody last did.
    pub clock: Option<Arc<dyn Clock>>,
    /// A segment that has grown to so many bytes is followed by a new one.
    pub segment_bytes: u64,
    /// Segments grow by so many bytes, ahead of need.
    pub growth_bytes: u64,
    /// Who is told how many bytes were read, where somebody waits until many have been.
    pub progress: Option<Progress>,
    /// What stands between an acknowledgement and a loss.
    pub protections: Protections,
}

/// Hears of bytes that were read, again and again.
pub type Progress = Arc<dyn Fn(u64) + Send + Sync>;

/// What stands between an acknowledgement and a loss. The binary always takes the default; a test
/// laboratory composes an engine without one of them to show that its tests can fail.
#[derive(Clone)]
pub struct Protections {
    /// The system calls.
    pub disk: Arc<dyn Disk>,
    /// Whether what the anchor says is held against the journal.
    pub anchor: bool,
    /// Whether what a start did not read is read in the background.
    pub scrub: bool,
}

impl Options {
    /// A store in a data directory, with its anchor beside it.
    pub fn at(data: &Path) -> Self {
        let mut anchor = data.as_os_str().to_os_string();
        anchor.push(".anchor");
        Self {
            data: data.to_path_buf(),
            anchor: anchor.into(),
            adopt: false,
            archive: data.join("archive"),
            archive_ms: ARCHIVE_MS,
            checkpoint_bytes: CHECKPOINT_BYTES_MIN,
            checked_bytes: START_CHECKED_BYTES,
            checked_keys: START_CHECKED_KEYS,
            clock: None,
            segment_bytes: SEGMENT_BYTES,
            growth_bytes: SEGMENT_GROWTH_BYTES,
            progress: None,
            protections: Protections::default(),
        }
    }

    /// The journal's folder.
    pub fn journal(&self) -> PathBuf {
        self.data.join("journal")
    }

    /// The folder of the state that is derived from the journal.
    pub fn state(&self) -> PathBuf {
        self.data.join("state")
    }

    /// The folder of checkpoints.
    pub fn checkpoints(&self) -> PathBuf {
        self.data.join("checkpoints")
    }

    /// How many bytes a verification reads: what is in journal, archive and checkpoints.
    ///
    /// # Errors
    /// A folder cannot be read.
    pub fn bytes_to_verify(&self) -> io::Result<u64> {
        let folders = [self.journal(), self.archive.clone(), self.checkpoints()];
        folders
            .iter()
            .map(|folder| Ok(lengths(folder)?.iter().sum::<u64>()))
            .sum()
    }

    /// How many bytes it takes to make the state anew: the newest checkpoint, which has all that
    /// the others have, and the journal.
    ///
    /// # Errors
    /// A folder cannot be read.
    pub fn bytes_to_rebuild(&self) -> io::Result<u64> {
        let journal = lengths(&self.journal())?.iter().sum::<u64>();
        let checkpoint = lengths(&self.checkpoints())?.into_iter().max();
        Ok(journal.saturating_add(checkpoint.unwrap_or(0)))
    }

    /// All segments, wherever they lie.
    pub(super) fn shelf(&self) -> Shelf {
        Shelf::new(self.journal(), self.archive.clone())
    }

    /// All checkpoints of a store.
    pub(super) fn checkpoints_of(&self, store: StoreId) -> Checkpoints {
        Checkpoints::new(self.checkpoints(), store)
    }

    /// Written when the state turned out to be unsound while it was used: the next opening makes
    /// it anew.
    pub(super) fn distrust(&self) -> PathBuf {
        self.data.join("state.unsound")
    }

    pub(super) fn lock(&self) -> PathBuf {
        self.data.join("lock")
    }
}

/// How long the files in a folder are; none if it is not there.
fn lengths(folder: &Path) -> io::Result<Vec<u64>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    entries.map(|entry| Ok(entry?.metadata()?.len())).collect()
}

impl Default for Protections {
    fn default() -> Self {
        Self {
            disk: Arc::new(Durable),
            anchor: true,
            scrub: true,
        }
    }
}

//! Where segments lie: the newer ones in the journal's folder, those that a checkpoint stands for
//! in the archive.

use std::io;
use std::path::{Path, PathBuf};

use super::segment;

/// The two folders of segments, read as one.
#[derive(Clone, Debug)]
pub(in crate::embedded) struct Shelf {
    journal: PathBuf,
    archive: PathBuf,
}

impl Shelf {
    pub(in crate::embedded) fn new(journal: PathBuf, archive: PathBuf) -> Self {
        Self { journal, archive }
    }

    /// The numbers of all segments, in order. One that is archived meanwhile is found here or
    /// there.
    pub(in crate::embedded) fn numbers(&self) -> io::Result<Vec<u64>> {
        let mut numbers = segment::numbers(&self.journal)?;
        numbers.extend(segment::numbers(&self.archive)?);
        numbers.sort_unstable();
        numbers.dedup();
        Ok(numbers)
    }

    /// The numbers of the segments that are not archived.
    pub(in crate::embedded) fn live(&self) -> io::Result<Vec<u64>> {
        segment::numbers(&self.journal)
    }

    /// The path of a segment; the journal's folder for one that is nowhere.
    pub(in crate::embedded) fn path(&self, number: u64) -> PathBuf {
        let live = segment::path(&self.journal, number);
        let archived = segment::path(&self.archive, number);
        if !live.exists() && archived.exists() {
            archived
        } else {
            live
        }
    }

    pub(in crate::embedded) fn journal(&self) -> &Path {
        &self.journal
    }

    pub(in crate::embedded) fn archive(&self) -> &Path {
        &self.archive
    }
}

//! Making a checkpoint: the one before it and the runs after it, merged into one sorted file.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs;
use std::path::PathBuf;

use super::Flaw;
use super::gather::{Gathered, gather};
use super::reader::Reader;
use super::record::{Entry, Head};
use super::shelf::Checkpoints;
use super::writer::{self, Writer};
use crate::disk::Disk;
use crate::embedded::journal::shelf::Shelf;
use crate::embedded::pace::Pace;
use crate::engine::RawKey;

/// Makes the checkpoint at the end of segment `last` from the one at `base` and the segments in
/// between, reads it back and gives it its name; nothing when it was told to stop.
pub(in crate::embedded) fn make(
    shelf: &Shelf,
    checkpoints: &Checkpoints,
    disk: &dyn Disk,
    (base, last): (&Head, u64),
    pace: &mut Pace<'_>,
) -> Result<Option<Head>, Flaw> {
    checkpoints.make()?;
    checkpoints.tidy()?;
    let Some(gathered) = gather(shelf, checkpoints, disk, (base, last), pace)? else {
        return Ok(None);
    };
    let mut sources = gathered.runs.clone();
    if base.stamp.sequence > 0 {
        sources.push(checkpoints.path(base.stamp.sequence));
    }
    let new = checkpoints.unfinished(0);
    if !merge(&sources, &new, disk, &gathered, pace)? {
        return Ok(None);
    }
    if !is_sound(&new, pace)? {
        return Ok(None);
    }
    writer::name(&new, &checkpoints.path(gathered.head.stamp.sequence))?;
    for run in gathered.runs {
        fs::remove_file(run)?;
    }
    Ok(Some(gathered.head))
}

/// Merges sorted files: of each key the newest version, and no deletions.
fn merge(
    sources: &[PathBuf],
    to: &std::path::Path,
    disk: &dyn Disk,
    gathered: &Gathered,
    pace: &mut Pace<'_>,
) -> Result<bool, Flaw> {
    let mut writer = Writer::create(disk, to, &gathered.head)?;
    let mut queue = Queue::open(sources)?;
    let (mut entry, mut last, mut before) = (Entry::default(), RawKey::new(), 0);
    while queue.next(&mut entry)? {
        // What comes again is older.
        if entry.key == last {
            continue;
        }
        if entry.value.is_some() {
            writer.push(&entry.part())?;
            writer.sync_much()?;
        }
        last.clone_from(&entry.key);
        if !pace.go(writer.bytes().saturating_sub(before)) {
            return Ok(false);
        }
        before = writer.bytes();
    }
    if writer.finish()? != gathered.head.stamp.tally {
        return Err(Flaw::Tally);
    }
    Ok(true)
}

/// Reads a new checkpoint back from the disk.
fn is_sound(path: &std::path::Path, pace: &mut Pace<'_>) -> Result<bool, Flaw> {
    let mut reader = Reader::open(path)?;
    let mut before = 0;
    while reader.step()?.is_some() {
        if !pace.go(reader.bytes().saturating_sub(before)) {
            return Ok(false);
        }
        before = reader.bytes();
    }
    if reader.is_claimed() {
        Ok(true)
    } else {
        Err(Flaw::Tally)
    }
}

/// The next entry of each source, in order: by key, the newest version first.
struct Queue {
    readers: Vec<Reader>,
    heads: BinaryHeap<Reverse<Next>>,
}

/// An entry and the source it came from. Sources never have the same version of a key.
#[derive(PartialEq, Eq)]
struct Next(Entry, usize);

impl Queue {
    fn open(sources: &[PathBuf]) -> Result<Self, Flaw> {
        let readers = sources.iter().map(|path| Reader::open(path));
        let mut queue = Self {
            readers: readers.collect::<Result<_, _>>()?,
            heads: BinaryHeap::new(),
        };
        for (source, reader) in queue.readers.iter_mut().enumerate() {
            let mut head = Entry::default();
            if reader.step_into(&mut head)? {
                queue.heads.push(Reverse(Next(head, source)));
            }
        }
        Ok(queue)
    }

    /// Gives the next entry in the place of `entry`, whose room is used for the one after it; false
    /// when there is none.
    fn next(&mut self, entry: &mut Entry) -> Result<bool, Flaw> {
        let Some(mut first) = self.heads.peek_mut() else {
            return Ok(false);
        };
        let Reverse(Next(head, source)) = &mut *first;
        std::mem::swap(head, entry);
        let is_over = match self.readers.get_mut(*source) {
            Some(reader) => !reader.step_into(head)?,
            None => true,
        };
        if is_over {
            PeekMut::pop(first);
        }
        Ok(true)
    }
}

impl Ord for Next {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let versions = || other.0.version.cmp(&self.0.version);
        self.0.key.cmp(&other.0.key).then_with(versions)
    }
}

impl PartialOrd for Next {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

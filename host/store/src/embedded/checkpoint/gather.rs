//! Gathering what segments wrote, newest last, into sorted runs small enough for memory.

use std::cmp::Ordering;
use std::io;
use std::ops::Range;
use std::path::PathBuf;

use souk_core::limits::CHECKPOINT_RUN_BYTES;

use super::Flaw;
use super::record::{Head, Part};
use super::shelf::Checkpoints;
use super::writer::Writer;
use crate::disk::Disk;
use crate::embedded::journal::record::Record;
use crate::embedded::journal::shelf::Shelf;
use crate::embedded::journal::walk::{Damage, Step, Walk};
use crate::embedded::pace::Pace;

/// How much of a key is at hand when runs are put in order.
const PREFIX_BYTES: usize = 16;

/// The runs that the segments after `base` give, oldest first, and the place they end at.
pub(in crate::embedded) struct Gathered {
    pub(in crate::embedded) runs: Vec<PathBuf>,
    pub(in crate::embedded) head: Head,
}

/// Reads the segments after `base` up to `last`, checking all of it; nothing when told to stop.
pub(in crate::embedded) fn gather(
    shelf: &Shelf,
    checkpoints: &Checkpoints,
    disk: &dyn Disk,
    (base, last): (&Head, u64),
    pace: &mut Pace<'_>,
) -> Result<Option<Gathered>, Flaw> {
    let mut walk = Walk::from(shelf, &base.next())?;
    let mut run = Run::new(checkpoints, disk, base);
    loop {
        match walk.step()? {
            Step::Record(record, _) => {
                run.add(&record);
                let bytes = record.bytes();
                if run.is_full() {
                    run.spill()?;
                }
                if !pace.go(bytes) {
                    return Ok(None);
                }
            }
            Step::Segment(header) if header.number > last => break,
            Step::Segment(header) => run.head.segment = header.number,
            Step::End if run.head.segment == last => break,
            Step::End => return Err(Flaw::Journal(Damage::Missing)),
            Step::Damaged(damage) => return Err(Flaw::Journal(damage)),
            Step::Unknown | Step::Stranger => return Err(Flaw::Journal(Damage::Header)),
        }
    }
    run.spill()?;
    Ok(Some(Gathered {
        runs: run.runs,
        head: run.head,
    }))
}

/// A run that is being gathered, and those before it.
struct Run<'a> {
    checkpoints: &'a Checkpoints,
    disk: &'a dyn Disk,
    head: Head,
    runs: Vec<PathBuf>,
    /// Keys and values, one behind the other, and which are which.
    bytes: Vec<u8>,
    writes: Vec<Written>,
}

/// Something that was written: where its key begins and ends, and where its value ends.
struct Written {
    /// How its key begins. Most comparisons need no more, and do not go where the keys lie.
    prefix: [u8; PREFIX_BYTES],
    version: u64,
    key: Range<usize>,
    value: Option<usize>,
}

impl Written {
    fn part<'a>(&self, bytes: &'a [u8]) -> Part<'a> {
        let value = self.value.map(|end| self.key.end..end);
        Part {
            key: bytes.get(self.key.clone()).unwrap_or_default(),
            version: self.version,
            value: value.map(|value| bytes.get(value).unwrap_or_default()),
        }
    }

    /// By key, the newest first.
    fn order(&self, other: &Self, bytes: &[u8]) -> Ordering {
        let keys = || self.part(bytes).key.cmp(other.part(bytes).key);
        let versions = || other.version.cmp(&self.version);
        let prefixes = self.prefix.cmp(&other.prefix);
        prefixes.then_with(keys).then_with(versions)
    }
}

impl<'a> Run<'a> {
    fn new(checkpoints: &'a Checkpoints, disk: &'a dyn Disk, base: &Head) -> Self {
        Self {
            checkpoints,
            disk,
            head: *base,
            runs: Vec::new(),
            bytes: Vec::new(),
            writes: Vec::new(),
        }
    }

    fn add(&mut self, record: &Record<'_>) {
        (self.head.stamp, self.head.chain) = (record.stamp, record.chain);
        for (key, value) in record.writes() {
            let start = self.bytes.len();
            self.bytes.extend_from_slice(key);
            let end = self.bytes.len();
            self.bytes.extend_from_slice(value.unwrap_or_default());
            self.writes.push(Written {
                prefix: prefix(key),
                version: record.stamp.sequence,
                key: start..end,
                value: value.map(|_| self.bytes.len()),
            });
        }
    }

    /// Tells whether it takes as much memory as it may.
    fn is_full(&self) -> bool {
        let places = self.writes.len().saturating_mul(size_of::<Written>());
        self.bytes.len().saturating_add(places) >= CHECKPOINT_RUN_BYTES
    }

    /// Writes down what there is, in order: of each key the newest.
    fn spill(&mut self) -> io::Result<()> {
        if self.writes.is_empty() {
            return Ok(());
        }
        let (bytes, mut writes) = (&self.bytes, std::mem::take(&mut self.writes));
        writes.sort_unstable_by(|one, other| one.order(other, bytes));
        writes.dedup_by(|older, newer| older.part(bytes).key == newer.part(bytes).key);
        // 0 is the checkpoint that comes of it.
        let number = self.runs.len().saturating_add(1);
        let path = self.checkpoints.unfinished(number);
        let mut writer = Writer::create(self.disk, &path, &self.head)?;
        for written in &writes {
            writer.push(&written.part(bytes))?;
        }
        writer.finish_unsynced()?;
        self.runs.push(path);
        self.bytes.clear();
        Ok(())
    }
}

/// How a key begins, with zeros behind one that is shorter: two that differ in it are in its order.
fn prefix(key: &[u8]) -> [u8; PREFIX_BYTES] {
    let mut prefix = [0; PREFIX_BYTES];
    for (to, byte) in prefix.iter_mut().zip(key) {
        *to = *byte;
    }
    prefix
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_are_in_the_order_of_their_keys_the_newest_first() {
        let long = [7; 3 * PREFIX_BYTES];
        let mut keys: Vec<Vec<u8>> = (0..long.len()).map(|end| long[..end].to_vec()).collect();
        keys.extend((0..long.len()).map(|end| [&long[..end], &[0]].concat()));
        keys.extend((0..long.len()).map(|end| [&long[..end], &[9]].concat()));
        let (mut bytes, mut writes) = (Vec::new(), Vec::new());
        for (version, key) in (1..).zip(keys.iter().chain(&keys)) {
            let start = bytes.len();
            bytes.extend(key);
            writes.push(Written {
                prefix: prefix(key),
                version,
                key: start..bytes.len(),
                value: None,
            });
        }
        writes.sort_unstable_by(|one, other| one.order(other, &bytes));
        let told = writes
            .iter()
            .map(|one| (one.part(&bytes).key.to_vec(), one.version));
        let told: Vec<_> = told.collect();
        let mut expected = told.clone();
        expected.sort_by(|one, other| one.0.cmp(&other.0).then(other.1.cmp(&one.1)));
        assert_eq!(told, expected);
    }
}

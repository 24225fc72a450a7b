//! Gathering what segments wrote, newest last, into sorted runs small enough for memory.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use souk_core::limits::CHECKPOINT_RUN_BYTES;

use super::Flaw;
use super::record::{Entry, Head};
use super::shelf::Checkpoints;
use super::writer::Writer;
use crate::disk::Disk;
use crate::embedded::journal::record::Record;
use crate::embedded::journal::shelf::Shelf;
use crate::embedded::journal::walk::{Damage, Step, Walk};
use crate::embedded::pace::Pace;
use crate::engine::RawKey;

/// What a key costs in memory beside its bytes, about.
const KEY_COST_BYTES: usize = 96;

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
                if run.bytes >= CHECKPOINT_RUN_BYTES {
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
    writes: BTreeMap<RawKey, (u64, Option<Vec<u8>>)>,
    bytes: usize,
}

impl<'a> Run<'a> {
    fn new(checkpoints: &'a Checkpoints, disk: &'a dyn Disk, base: &Head) -> Self {
        Self {
            checkpoints,
            disk,
            head: *base,
            runs: Vec::new(),
            writes: BTreeMap::new(),
            bytes: 0,
        }
    }

    fn add(&mut self, record: &Record<'_>) {
        (self.head.stamp, self.head.chain) = (record.stamp, record.chain);
        for (key, value) in record.writes() {
            let cost = key.len().saturating_add(value.map_or(0, <[u8]>::len));
            self.bytes = self
                .bytes
                .saturating_add(cost.saturating_add(KEY_COST_BYTES));
            let written = (record.stamp.sequence, value.map(<[u8]>::to_vec));
            self.writes.insert(key.to_vec(), written);
        }
    }

    fn spill(&mut self) -> io::Result<()> {
        if self.writes.is_empty() {
            return Ok(());
        }
        // 0 is the checkpoint that comes of it.
        let path = self
            .checkpoints
            .unfinished(self.runs.len().saturating_add(1));
        let mut writer = Writer::create(self.disk, &path, &self.head)?;
        for (key, (version, value)) in std::mem::take(&mut self.writes) {
            writer.push(&Entry {
                key,
                version,
                value,
            })?;
        }
        writer.finish_unsynced()?;
        self.runs.push(path);
        self.bytes = 0;
        Ok(())
    }
}

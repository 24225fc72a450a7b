//! The writer: one thread that takes everything that waits, writes it, syncs it, anchors it and
//! only then lets anybody know (group commit).

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::PathBuf;

use super::record;
use super::segment::{self, HEADER_BYTES, Header};
use super::walk::Place;
use super::{Chain, StoreId};
use crate::disk::sync_folder;
use crate::embedded::anchor::{Anchor, AnchorFile};
use crate::embedded::queue::Group;
use crate::embedded::shared::Shared;

/// The end of the journal, open for writing.
pub(in crate::embedded) struct Writer {
    pub(in crate::embedded) journal: PathBuf,
    pub(in crate::embedded) store: StoreId,
    pub(in crate::embedded) file: File,
    /// Where the next record goes.
    pub(in crate::embedded) end: Place,
    pub(in crate::embedded) chain: Chain,
    pub(in crate::embedded) anchor: AnchorFile,
}

/// Writes until there is nothing more to write, or something failed.
pub(in crate::embedded) fn run(shared: &Shared, mut writer: Writer) {
    while let Some(group) = shared.next_group() {
        let last = group.last;
        match writer.write(shared, group) {
            Ok(buffer) => shared.publish(last, buffer, writer.end.segment),
            Err(error) => return shared.stop("writing or syncing the journal", &error),
        }
    }
    if !shared.is_stopped()
        && let Err(error) = writer.tidy()
    {
        shared.stop("closing the journal", &error);
    }
}

impl Writer {
    /// Makes a group durable and returns its buffer.
    fn write(&mut self, shared: &Shared, mut group: Group) -> io::Result<Vec<u8>> {
        let disk = &*shared.options.protections.disk;
        if group.rolls {
            self.roll(shared, group.first)?;
        }
        self.chain = record::seal(&mut group.records, self.chain);
        disk.write(&self.file, &group.records, self.end.offset)?;
        disk.sync(&self.file)?;
        let length = u64::try_from(group.records.len()).unwrap_or(u64::MAX);
        self.end.offset = self.end.offset.saturating_add(length);
        self.end.sequence = group.last.saturating_add(1);
        let anchor = Anchor {
            store: self.store,
            sequence: group.last,
            chain: self.chain,
        };
        self.anchor.write(disk, &anchor)?;
        Ok(group.records)
    }

    /// Goes on to the next segment, which is allocated and holds zeros. Its header becomes durable
    /// with its first records.
    fn roll(&mut self, shared: &Shared, first: u64) -> io::Result<()> {
        self.file.set_len(self.end.offset)?;
        self.end.segment = self.end.segment.saturating_add(1);
        let path = segment::path(&self.journal, self.end.segment);
        self.file = OpenOptions::new().write(true).open(path)?;
        let (store, number, before) = (self.store, self.end.segment, self.chain);
        let header = Header {
            store,
            number,
            first,
            before,
        };
        self.end.offset = HEADER_BYTES as u64;
        shared
            .options
            .protections
            .disk
            .write(&self.file, &header.bytes(), 0)
    }

    /// Leaves nothing behind the last record: what was allocated ahead is given back.
    fn tidy(&mut self) -> io::Result<()> {
        self.file.set_len(self.end.offset)?;
        self.file.sync_all()?;
        for number in segment::numbers(&self.journal)? {
            if number > self.end.segment {
                fs::remove_file(segment::path(&self.journal, number))?;
            }
        }
        sync_folder(&self.journal)
    }
}

//! Writing a checkpoint, or a sorted run on the way to one: under another name first, synced, read
//! back, then renamed.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

use super::record::{self, Entry, HEAD_BYTES, Head};
use crate::disk::{Disk, sync_folder_of};
use crate::embedded::tally::Tally;

/// A block is closed when it has grown to this.
pub(in crate::embedded) const BLOCK_BYTES: usize = 64 << 10;

/// A checkpoint that is being written.
pub(in crate::embedded) struct Writer<'a> {
    disk: &'a dyn Disk,
    file: File,
    at: u64,
    block: Vec<u8>,
    tally: Tally,
}

impl<'a> Writer<'a> {
    pub(in crate::embedded) fn create(
        disk: &'a dyn Disk,
        path: &Path,
        head: &Head,
    ) -> io::Result<Self> {
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .open(path)?;
        disk.write(&file, &head.bytes(), 0)?;
        Ok(Self {
            disk,
            file,
            at: HEAD_BYTES as u64,
            block: Vec::with_capacity(2 * BLOCK_BYTES),
            tally: Tally::default(),
        })
    }

    /// Writes the next entry; keys come in order.
    pub(in crate::embedded) fn push(&mut self, entry: &Entry) -> io::Result<()> {
        if entry.value.is_some() {
            self.tally.change(&entry.key, 0, entry.version);
        }
        entry.write(&mut self.block);
        if self.block.len() >= BLOCK_BYTES {
            self.close_block()?;
        }
        Ok(())
    }

    /// Writes the end and syncs everything. Returns the tally of what was written.
    pub(in crate::embedded) fn finish(mut self) -> io::Result<Tally> {
        self.end()?;
        self.disk.sync(&self.file)?;
        Ok(self.tally)
    }

    /// Writes the end of something that need not outlive this process.
    pub(in crate::embedded) fn finish_unsynced(mut self) -> io::Result<()> {
        self.end()
    }

    fn end(&mut self) -> io::Result<()> {
        if !self.block.is_empty() {
            self.close_block()?;
        }
        self.close_block()?;
        let end = record::end(self.tally);
        self.put(&end)
    }

    fn close_block(&mut self) -> io::Result<()> {
        let block = std::mem::take(&mut self.block);
        let length = u32::try_from(block.len()).unwrap_or(u32::MAX);
        let mut bytes = Vec::with_capacity(block.len().saturating_add(8));
        bytes.extend(length.to_be_bytes());
        bytes.extend(crc32fast::hash(&block).to_be_bytes());
        bytes.extend(&block);
        self.block = block;
        self.block.clear();
        self.put(&bytes)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.disk.write(&self.file, bytes, self.at)?;
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.at = self.at.saturating_add(length);
        Ok(())
    }

    pub(in crate::embedded) fn bytes(&self) -> u64 {
        self.at
    }
}

/// Gives a file that is whole and synced its name; durable when it returns.
pub(in crate::embedded) fn name(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)?;
    sync_folder_of(to)
}

//! Writing a checkpoint, or a sorted run on the way to one: under another name first, synced, read
//! back, then renamed.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

use souk_core::limits::UPKEEP_BYTES_PER_SYNC;

use super::record::{self, HEAD_BYTES, Head, Part};
use crate::disk::{Disk, sync_folder_of};
use crate::embedded::tally::Tally;
use crate::engine::RawKey;

/// A block is closed when it has grown to this: what is read to find one key.
pub(in crate::embedded) const BLOCK_BYTES: usize = 16 << 10;
/// What is written to the disk at once.
const BUFFER_BYTES: usize = 256 << 10;

/// A checkpoint that is being written.
pub(in crate::embedded) struct Writer<'a> {
    disk: &'a dyn Disk,
    file: File,
    /// Where the buffer goes.
    at: u64,
    /// What lies before is synced.
    synced: u64,
    buffer: Vec<u8>,
    block: Vec<u8>,
    /// The first key of the block.
    first: RawKey,
    index: Vec<u8>,
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
            synced: 0,
            buffer: Vec::with_capacity(2 * BUFFER_BYTES),
            block: Vec::with_capacity(2 * BLOCK_BYTES),
            first: RawKey::new(),
            index: Vec::new(),
            tally: Tally::default(),
        })
    }

    /// Writes the next entry; keys come in order.
    pub(in crate::embedded) fn push(&mut self, entry: &Part<'_>) -> io::Result<()> {
        if entry.value.is_some() {
            self.tally.change(entry.key, 0, entry.version);
        }
        if self.block.is_empty() {
            self.first = entry.key.to_vec();
        }
        entry.write(&mut self.block);
        if self.block.len() >= BLOCK_BYTES {
            self.close_block()?;
        }
        Ok(())
    }

    /// Syncs what was written when that is much: all of it at once, in the end, would keep commits
    /// from the disk for as long.
    pub(in crate::embedded) fn sync_much(&mut self) -> io::Result<()> {
        if self.at.saturating_sub(self.synced) >= UPKEEP_BYTES_PER_SYNC {
            self.disk.sync(&self.file)?;
            self.synced = self.at;
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
        self.put_block()?;
        let (end, index) = (record::end(self.tally), std::mem::take(&mut self.index));
        for part in [&end[..], &index, &record::foot(&index)] {
            self.put(part)?;
        }
        self.flush()
    }

    fn close_block(&mut self) -> io::Result<()> {
        let offset = self.bytes();
        record::write_index(&mut self.index, offset, &self.first);
        self.put_block()
    }

    fn put_block(&mut self) -> io::Result<()> {
        let block = std::mem::take(&mut self.block);
        let length = u32::try_from(block.len()).unwrap_or(u32::MAX);
        self.put(&length.to_be_bytes())?;
        self.put(&crc32fast::hash(&block).to_be_bytes())?;
        self.put(&block)?;
        self.block = block;
        self.block.clear();
        Ok(())
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= BUFFER_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.disk.write(&self.file, &self.buffer, self.at)?;
        self.at = self.bytes();
        self.buffer.clear();
        Ok(())
    }

    /// How many bytes there are so far.
    pub(in crate::embedded) fn bytes(&self) -> u64 {
        let waiting = u64::try_from(self.buffer.len()).unwrap_or(u64::MAX);
        self.at.saturating_add(waiting)
    }
}

/// Gives a file that is whole and synced its name; durable when it returns.
pub(in crate::embedded) fn name(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)?;
    sync_folder_of(to)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::embedded::checkpoint::record::Head;

    /// Counts what is written and not synced: now, and at most.
    #[derive(Default)]
    struct Counting(Mutex<(usize, usize)>);

    impl Disk for Counting {
        fn write(&self, _: &File, bytes: &[u8], _: u64) -> io::Result<()> {
            let (now, most) = &mut *self.0.lock().unwrap();
            *now += bytes.len();
            *most = (*most).max(*now);
            Ok(())
        }

        fn sync(&self, _: &File) -> io::Result<()> {
            self.0.lock().unwrap().0 = 0;
            Ok(())
        }
    }

    #[test]
    fn a_long_checkpoint_is_synced_on_the_way() {
        let (room, disk) = (tempfile::tempdir().unwrap(), Counting::default());
        let path = room.path().join("long");
        let mut writer = Writer::create(&disk, &path, &Head::genesis([7; 16])).unwrap();
        let value = vec![1; 1 << 20];
        for version in 1..=40u64 {
            let entry = Part {
                key: &version.to_be_bytes(),
                version,
                value: Some(&value),
            };
            writer.push(&entry).unwrap();
            writer.sync_much().unwrap();
        }
        writer.finish().unwrap();
        let (left, most) = *disk.0.lock().unwrap();
        let piece = usize::try_from(UPKEEP_BYTES_PER_SYNC).unwrap();
        assert_eq!(left, 0);
        assert!((piece..2 * piece).contains(&most), "{most} bytes");
    }
}

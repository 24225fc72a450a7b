//! A checkpoint as the ground that the state on disk rests on: single keys and ranges are read out
//! of it, by its index. Each block is checked when it is read.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;
use std::vec;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use souk_core::limits::BASE_CACHE_BYTES;

use super::Flaw;
use super::reader::{self, BLOCK_BYTES_MAX};
use super::record::{self, BLOCK_HEAD_BYTES, Entry, FOOT_BYTES, Part};
use super::writer::BLOCK_BYTES;
use crate::engine::{Range, RawKey, Versioned};

/// A checkpoint that is open.
pub(in crate::embedded) struct Base {
    file: File,
    /// How long the file is.
    bytes: u64,
    /// Where each block begins, and its first key.
    index: Vec<(u64, RawKey)>,
    /// Blocks in which single keys were looked for lately, by number.
    lately: Cache<usize, Arc<Vec<u8>>, ByLength>,
}

/// What a block that was read costs to keep.
#[derive(Clone)]
struct ByLength;

impl Weighter<usize, Arc<Vec<u8>>> for ByLength {
    fn weight(&self, _: &usize, block: &Arc<Vec<u8>>) -> u64 {
        u64::try_from(block.len()).unwrap_or(u64::MAX).max(1)
    }
}

impl Base {
    /// Opens a checkpoint, whose header and index are sound.
    pub(in crate::embedded) fn open(path: &Path) -> Result<Self, Flaw> {
        reader::head(path)?;
        let file = File::open(path)?;
        let bytes = file.metadata()?.len();
        let index = index(&file, bytes)?;
        let blocks = usize::try_from(BASE_CACHE_BYTES).unwrap_or(usize::MAX) / BLOCK_BYTES;
        Ok(Self {
            file,
            bytes,
            index,
            lately: Cache::with_weighter(blocks, BASE_CACHE_BYTES, ByLength),
        })
    }

    /// How long the file is.
    pub(in crate::embedded) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(in crate::embedded) fn get(&self, key: &[u8]) -> Result<Option<Versioned>, Flaw> {
        let Some(number) = self.block_of(key) else {
            return Ok(None);
        };
        let block = self
            .lately
            .get_or_insert_with(&number, || self.block(number).map(Arc::new))?;
        let mut found = None;
        let mut rest = block.as_slice();
        while !rest.is_empty() && found.is_none() {
            let part = self.part(number, &mut rest)?;
            found = (part.key == key).then(|| versioned(&part));
        }
        Ok(found.flatten())
    }

    /// Returns what is in a range, in its order, without its limit.
    pub(in crate::embedded) fn scan(self: &Arc<Self>, range: &Range) -> Scan {
        let first = self.block_of(&range.start).unwrap_or(0);
        let end = self.index.partition_point(|(_, key)| *key < range.end);
        Scan {
            base: Arc::clone(self),
            blocks: first..end.max(first),
            range: range.clone(),
            read: Vec::new().into_iter(),
        }
    }

    /// The block in which a key is, if it is anywhere.
    fn block_of(&self, key: &[u8]) -> Option<usize> {
        let behind = self
            .index
            .partition_point(|(_, first)| first.as_slice() <= key);
        behind.checked_sub(1)
    }

    fn offset(&self, number: usize) -> u64 {
        self.index.get(number).map_or(0, |(offset, _)| *offset)
    }

    fn block(&self, number: usize) -> Result<Vec<u8>, Flaw> {
        let (offset, mut head) = (self.offset(number), [0; BLOCK_HEAD_BYTES]);
        let flaw = |_| Flaw::Block(offset);
        self.file.read_exact_at(&mut head, offset).map_err(flaw)?;
        let [a, b, c, d, sum @ ..] = head;
        let length = record::size([a, b, c, d]);
        if length > BLOCK_BYTES_MAX {
            return Err(Flaw::Block(offset));
        }
        let mut block = vec![0; length];
        let behind = offset.saturating_add(BLOCK_HEAD_BYTES as u64);
        self.file.read_exact_at(&mut block, behind).map_err(flaw)?;
        if crc32fast::hash(&block) != u32::from_be_bytes(sum) {
            return Err(Flaw::Block(offset));
        }
        Ok(block)
    }

    fn part<'a>(&self, number: usize, rest: &mut &'a [u8]) -> Result<Part<'a>, Flaw> {
        Part::read(rest).ok_or_else(|| Flaw::Block(self.offset(number)))
    }
}

/// Reads the index at a file's end.
fn index(file: &File, bytes: u64) -> Result<Vec<(u64, RawKey)>, Flaw> {
    let mut foot = [0; FOOT_BYTES];
    let end = bytes.saturating_sub(FOOT_BYTES as u64);
    let short = |_| Flaw::Index;
    file.read_exact_at(&mut foot, end).map_err(short)?;
    let length = foot
        .first_chunk()
        .map_or(0, |length| u64::from_be_bytes(*length));
    let start = end.checked_sub(length).ok_or(Flaw::Index)?;
    let mut index = vec![0; usize::try_from(length).unwrap_or(usize::MAX)];
    file.read_exact_at(&mut index, start).map_err(short)?;
    if record::foot(&index) != foot {
        return Err(Flaw::Index);
    }
    let (mut rest, mut blocks) = (index.as_slice(), Vec::new());
    while !rest.is_empty() {
        blocks.push(record::read_index(&mut rest).ok_or(Flaw::Index)?);
    }
    Ok(blocks)
}

fn versioned(part: &Part<'_>) -> Option<Versioned> {
    let version = part.version;
    part.value.map(|value| Versioned {
        version,
        value: value.to_vec(),
    })
}

/// What is in a range of a checkpoint.
pub(in crate::embedded) struct Scan {
    base: Arc<Base>,
    /// The blocks that are left.
    blocks: std::ops::Range<usize>,
    range: Range,
    /// What is left of the block that was read last.
    read: vec::IntoIter<Entry>,
}

impl Scan {
    /// Reads the next block; false when there is none.
    fn read_on(&mut self) -> Result<bool, Flaw> {
        let next = if self.range.reverse {
            self.blocks.next_back()
        } else {
            self.blocks.next()
        };
        let Some(number) = next else { return Ok(false) };
        let (block, mut read) = (self.base.block(number)?, Vec::new());
        let mut rest = block.as_slice();
        while !rest.is_empty() {
            let entry = Entry::read(&mut rest);
            read.push(entry.ok_or_else(|| Flaw::Block(self.base.offset(number)))?);
        }
        read.retain(|entry| (&self.range.start..&self.range.end).contains(&&entry.key));
        self.read = read.into_iter();
        Ok(true)
    }
}

impl Iterator for Scan {
    type Item = Result<Entry, Flaw>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let next = if self.range.reverse {
                self.read.next_back()
            } else {
                self.read.next()
            };
            if next.is_some() {
                return next.map(Ok);
            }
            match self.read_on() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(flaw) => return Some(Err(flaw)),
            }
        }
    }
}

//! Reading a checkpoint from front to back, checking everything on the way.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use super::Flaw;
use super::record::{self, BLOCK_HEAD_BYTES, END_BYTES, Entry, FOOT_BYTES, HEAD_BYTES, Head, Part};
use crate::embedded::tally::Tally;
use crate::engine::RawKey;
use souk_core::limits::RECORD_BYTES_MAX;

/// What is read from the disk at once.
const BUFFER_BYTES: usize = 1 << 20;
/// No block is longer: it is closed by the entry that fills it.
pub(in crate::embedded) const BLOCK_BYTES_MAX: usize =
    super::writer::BLOCK_BYTES + RECORD_BYTES_MAX;

/// A checkpoint that is being read.
pub(in crate::embedded) struct Reader {
    file: BufReader<File>,
    head: Head,
    block: Vec<u8>,
    /// How far the block has been read.
    read: usize,
    at: u64,
    /// The index of the blocks so far.
    index: Vec<u8>,
    last: RawKey,
    tally: Tally,
    over: bool,
}

impl Reader {
    pub(in crate::embedded) fn open(path: &Path) -> Result<Self, Flaw> {
        let file = File::open(path).map_err(missing)?;
        let mut file = BufReader::with_capacity(BUFFER_BYTES, file);
        let mut bytes = [0; HEAD_BYTES];
        exactly(&mut file, &mut bytes, Flaw::Header)?;
        let head = Head::read(&bytes).map_err(|()| Flaw::Format)?;
        Ok(Self {
            file,
            head: head.ok_or(Flaw::Header)?,
            block: Vec::new(),
            read: 0,
            at: HEAD_BYTES as u64,
            index: Vec::new(),
            last: RawKey::new(),
            tally: Tally::default(),
            over: false,
        })
    }

    /// How many bytes have been read.
    pub(in crate::embedded) fn bytes(&self) -> u64 {
        self.at
    }

    /// Returns the next entry, where it lies; nothing at the end, which is checked.
    pub(in crate::embedded) fn step(&mut self) -> Result<Option<Part<'_>>, Flaw> {
        while self.read >= self.block.len() && !self.over {
            self.next_block()?;
        }
        if self.over {
            return Ok(None);
        }
        let mut rest = self.block.get(self.read..).unwrap_or_default();
        let part = Part::read(&mut rest).ok_or(Flaw::Block(self.at))?;
        self.read = self.block.len().saturating_sub(rest.len());
        if part.key <= self.last.as_slice() {
            return Err(Flaw::Order(self.at));
        }
        self.last.clear();
        self.last.extend_from_slice(part.key);
        if part.value.is_some() {
            self.tally.change(part.key, 0, part.version);
        }
        Ok(Some(part))
    }

    /// Gives the next entry in the place of another; false when there is none.
    pub(in crate::embedded) fn step_into(&mut self, entry: &mut Entry) -> Result<bool, Flaw> {
        let next = self.step()?;
        if let Some(next) = &next {
            entry.take(next);
        }
        Ok(next.is_some())
    }

    fn next_block(&mut self) -> Result<(), Flaw> {
        let place = self.at;
        let mut head = [0; BLOCK_HEAD_BYTES];
        exactly(&mut self.file, &mut head, Flaw::Block(place))?;
        let [a, b, c, d, sum @ ..] = head;
        let length = record::size([a, b, c, d]);
        if length > BLOCK_BYTES_MAX {
            return Err(Flaw::Block(place));
        }
        self.block.resize(length, 0);
        exactly(&mut self.file, &mut self.block, Flaw::Block(place))?;
        if crc32fast::hash(&self.block) != u32::from_be_bytes(sum) {
            return Err(Flaw::Block(place));
        }
        self.read = 0;
        let bytes = BLOCK_HEAD_BYTES.saturating_add(length);
        self.at = place.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
        if length == 0 {
            return self.end();
        }
        let first = Part::read(&mut self.block.as_slice()).ok_or(Flaw::Block(place))?;
        record::write_index(&mut self.index, place, first.key);
        Ok(())
    }

    /// Checks that what was read is what was written, and that nothing comes behind it.
    fn end(&mut self) -> Result<(), Flaw> {
        let mut bytes = [0; END_BYTES];
        exactly(&mut self.file, &mut bytes, Flaw::Block(self.at))?;
        if record::read_end(&bytes) != Some(self.tally) {
            return Err(Flaw::Tally);
        }
        self.index_follows()?;
        self.over = true;
        match self.file.read(&mut [0])? {
            0 => Ok(()),
            _ => Err(Flaw::Index),
        }
    }

    /// Checks that the index is that of the blocks that were read.
    fn index_follows(&mut self) -> Result<(), Flaw> {
        let mut index = vec![0; self.index.len()];
        let mut foot = [0; FOOT_BYTES];
        exactly(&mut self.file, &mut index, Flaw::Index)?;
        exactly(&mut self.file, &mut foot, Flaw::Index)?;
        if index == self.index && foot == record::foot(&index) {
            Ok(())
        } else {
            Err(Flaw::Index)
        }
    }

    /// Tells whether what was read to the end is what the header claims.
    pub(in crate::embedded) fn is_claimed(&self) -> bool {
        self.over && self.tally == self.head.stamp.tally
    }
}

/// Reads the header of a checkpoint.
pub(in crate::embedded) fn head(path: &Path) -> Result<Head, Flaw> {
    Ok(Reader::open(path)?.head)
}

fn missing(error: io::Error) -> Flaw {
    if error.kind() == io::ErrorKind::NotFound {
        Flaw::Missing
    } else {
        Flaw::Io(error)
    }
}

/// Fills `bytes`, or says that the file is too short for them.
fn exactly(file: &mut impl Read, bytes: &mut [u8], short: Flaw) -> Result<(), Flaw> {
    match file.read_exact(bytes) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(short),
        other => Ok(other?),
    }
}

//! How a checkpoint is written down: a header in a sector of its own, blocks of entries, an end
//! that counts them, and an index by which single blocks are found.
//!
//! A block is `length u32 · checksum u32 · entries`, an entry is
//! `key length u32 · value length u32 · version u64 · key · value`, or all ones for the value
//! length of a deletion, which only runs on the way to a checkpoint have. A block of length zero
//! is the end: `tally [16] · checksum u32` follow.
//!
//! The index has `offset u64 · key length u32 · first key` for each block, and behind it
//! `length of the index u64 · its checksum u32`. All numbers are big-endian.

use souk_core::Timestamp;

use crate::embedded::journal::record::Stamp;
use crate::embedded::journal::segment::Header;
use crate::embedded::journal::{Chain, StoreId, genesis};
use crate::embedded::state::Applied;
use crate::embedded::tally::{TALLY_BYTES, Tally};
use crate::engine::RawKey;

const MAGIC: &[u8; 8] = b"SOUK-CKP";
/// Counts up when the shape changes.
const FORMAT: u32 = 2;
/// A sector of its own.
pub(in crate::embedded) const HEAD_BYTES: usize = 512;
/// Magic, format, store, segment, sequence, time, tally and chain.
const BODY_BYTES: usize = 8 + 4 + 16 + 8 + 8 + 8 + TALLY_BYTES + 32;
/// Length and checksum.
pub(in crate::embedded) const BLOCK_HEAD_BYTES: usize = 4 + 4;
/// What stands behind the last block.
pub(in crate::embedded) const END_BYTES: usize = TALLY_BYTES + 4;
/// What stands behind the index: its length and its checksum.
pub(in crate::embedded) const FOOT_BYTES: usize = 8 + 4;
/// Instead of a value's length.
const DELETED: u32 = u32::MAX;

/// What a checkpoint stands for.
#[derive(Clone, Copy, Debug)]
pub(in crate::embedded) struct Head {
    pub(in crate::embedded) store: StoreId,
    /// The last segment it stands for; 0 for the beginning of everything.
    pub(in crate::embedded) segment: u64,
    /// The last record of that segment.
    pub(in crate::embedded) stamp: Stamp,
    /// The hash of that record.
    pub(in crate::embedded) chain: Chain,
}

/// One key of a state: its newest version and value, or nothing if it was deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::embedded) struct Entry {
    pub(in crate::embedded) key: RawKey,
    pub(in crate::embedded) version: u64,
    pub(in crate::embedded) value: Option<Vec<u8>>,
}

/// An entry where it lies.
pub(in crate::embedded) struct Part<'a> {
    pub(in crate::embedded) key: &'a [u8],
    pub(in crate::embedded) version: u64,
    pub(in crate::embedded) value: Option<&'a [u8]>,
}

impl Head {
    /// The place before everything.
    pub(in crate::embedded) fn genesis(store: StoreId) -> Self {
        let stamp = Stamp {
            sequence: 0,
            at: Timestamp::from_millis(0),
            tally: Tally::default(),
        };
        Self {
            store,
            segment: 0,
            stamp,
            chain: genesis(&store),
        }
    }

    /// How far a state is that is what this stands for.
    pub(in crate::embedded) fn applied(&self) -> Applied {
        Applied {
            store: self.store,
            sequence: self.stamp.sequence,
            tally: self.stamp.tally,
        }
    }

    /// The header of the segment that must come next.
    pub(in crate::embedded) fn next(&self) -> Header {
        Header {
            store: self.store,
            number: self.segment.saturating_add(1),
            first: self.stamp.sequence.saturating_add(1),
            before: self.chain,
        }
    }

    pub(in crate::embedded) fn bytes(&self) -> [u8; HEAD_BYTES] {
        let mut body = [&MAGIC[..], &FORMAT.to_be_bytes(), &self.store].concat();
        body.extend(self.segment.to_be_bytes());
        body.extend(self.stamp.sequence.to_be_bytes());
        body.extend(self.stamp.at.millis().to_be_bytes());
        body.extend(self.stamp.tally.bytes());
        body.extend(self.chain);
        body.resize(HEAD_BYTES - 4, 0);
        body.extend(crc32fast::hash(&body).to_be_bytes());
        body.first_chunk().copied().unwrap_or([0; HEAD_BYTES])
    }

    /// Reads a header: `Err` for a format of another version, nothing for one that is damaged.
    pub(in crate::embedded) fn read(bytes: &[u8; HEAD_BYTES]) -> Result<Option<Self>, ()> {
        let Some((body, sum)) = bytes.split_last_chunk::<4>() else {
            return Ok(None);
        };
        if crc32fast::hash(body) != u32::from_be_bytes(*sum) || !body.starts_with(MAGIC) {
            return Ok(None);
        }
        if body.get(8..12) != Some(&FORMAT.to_be_bytes()[..]) {
            return Err(());
        }
        Ok(body.get(12..BODY_BYTES).and_then(Self::fields))
    }

    fn fields(bytes: &[u8]) -> Option<Self> {
        let (store, rest) = bytes.split_first_chunk()?;
        let (segment, rest) = rest.split_first_chunk()?;
        let (sequence, rest) = rest.split_first_chunk()?;
        let (at, rest) = rest.split_first_chunk()?;
        let (tally, rest) = rest.split_first_chunk()?;
        let stamp = Stamp {
            sequence: u64::from_be_bytes(*sequence),
            at: Timestamp::from_millis(u64::from_be_bytes(*at)),
            tally: Tally::read(*tally),
        };
        Some(Self {
            store: *store,
            segment: u64::from_be_bytes(*segment),
            stamp,
            chain: *rest.first_chunk()?,
        })
    }
}

impl Entry {
    /// The entry, to be written.
    pub(in crate::embedded) fn part(&self) -> Part<'_> {
        Part {
            key: &self.key,
            version: self.version,
            value: self.value.as_deref(),
        }
    }

    /// Becomes another entry, in the room that it has.
    pub(in crate::embedded) fn take(&mut self, part: &Part<'_>) {
        self.key.clear();
        self.key.extend_from_slice(part.key);
        self.version = part.version;
        match (&mut self.value, part.value) {
            (Some(own), Some(value)) => {
                own.clear();
                own.extend_from_slice(value);
            }
            (own, value) => *own = value.map(<[u8]>::to_vec),
        }
    }

    /// Takes an entry from the front of a block.
    pub(in crate::embedded) fn read(from: &mut &[u8]) -> Option<Self> {
        let mut entry = Self::default();
        entry.take(&Part::read(from)?);
        Some(entry)
    }
}

impl<'a> Part<'a> {
    pub(in crate::embedded) fn write(&self, to: &mut Vec<u8>) {
        let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(DELETED);
        to.extend(length(self.key).to_be_bytes());
        to.extend(self.value.map_or(DELETED, length).to_be_bytes());
        to.extend(self.version.to_be_bytes());
        to.extend_from_slice(self.key);
        to.extend_from_slice(self.value.unwrap_or_default());
    }

    /// Takes an entry from the front of a block.
    pub(in crate::embedded) fn read(from: &mut &'a [u8]) -> Option<Self> {
        let (key, rest) = from.split_first_chunk()?;
        let (value, rest) = rest.split_first_chunk()?;
        let (version, rest) = rest.split_first_chunk()?;
        let (key, rest) = rest.split_at_checked(size(*key))?;
        let (value, rest) = match u32::from_be_bytes(*value) {
            DELETED => (None, rest),
            _ => {
                let (value, rest) = rest.split_at_checked(size(*value))?;
                (Some(value), rest)
            }
        };
        *from = rest;
        Some(Self {
            key,
            version: u64::from_be_bytes(*version),
            value,
        })
    }
}

/// Adds a block to an index.
pub(in crate::embedded) fn write_index(to: &mut Vec<u8>, offset: u64, first: &[u8]) {
    let length = u32::try_from(first.len()).unwrap_or(u32::MAX);
    to.extend(offset.to_be_bytes());
    to.extend(length.to_be_bytes());
    to.extend(first);
}

/// Takes a block from the front of an index: where it begins, and its first key.
pub(in crate::embedded) fn read_index(from: &mut &[u8]) -> Option<(u64, RawKey)> {
    let (offset, rest) = from.split_first_chunk()?;
    let (length, rest) = rest.split_first_chunk()?;
    let (first, rest) = rest.split_at_checked(size(*length))?;
    *from = rest;
    Some((u64::from_be_bytes(*offset), first.to_vec()))
}

/// What stands behind an index.
pub(in crate::embedded) fn foot(index: &[u8]) -> [u8; FOOT_BYTES] {
    let mut foot = [0; FOOT_BYTES];
    let length = u64::try_from(index.len()).unwrap_or(u64::MAX);
    let (front, back) = foot.split_at_mut(8);
    front.copy_from_slice(&length.to_be_bytes());
    back.copy_from_slice(&crc32fast::hash(index).to_be_bytes());
    foot
}

/// Turns a length as it is written into one.
pub(in crate::embedded) fn size(length: [u8; 4]) -> usize {
    usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX)
}

/// What stands behind the last block.
pub(in crate::embedded) fn end(tally: Tally) -> Vec<u8> {
    let body = tally.bytes();
    [&body[..], &crc32fast::hash(&body).to_be_bytes()].concat()
}

/// Reads what stands behind the last block.
pub(in crate::embedded) fn read_end(bytes: &[u8; END_BYTES]) -> Option<Tally> {
    let (body, sum) = bytes.split_last_chunk::<4>()?;
    if crc32fast::hash(body) != u32::from_be_bytes(*sum) {
        return None;
    }
    body.first_chunk().map(|body| Tally::read(*body))
}

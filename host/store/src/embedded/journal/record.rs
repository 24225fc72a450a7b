//! A record: one commit, as the plain writes it came down to.
//!
//! `length u32 · checksum u32 · chain [32] · body`, where the body is
//! `sequence u64 · time u64 · tally [16] · count u32 · writes` and a write is
//! `key length u32 · value length u32 · key · value`, or all ones for the value length of a
//! deletion. The checksum covers length and body, the chain hash covers the body and what was
//! before it. All numbers are big-endian. A length of zero is where the records end.

use std::collections::BTreeMap;

use souk_core::Timestamp;
use souk_core::limits::RECORD_BYTES_MAX;

use super::{Chain, link};
use crate::apply::NUMBERS_BYTES_MAX;
use crate::batch::Batch;
use crate::embedded::tally::{TALLY_BYTES, Tally};
use crate::engine::RawKey;

/// Length, checksum and chain hash.
pub(in crate::embedded) const FRAME_BYTES: usize = 4 + 4 + 32;
const FIXED_BYTES: usize = 8 + 8 + TALLY_BYTES + 4;
const WRITE_BYTES: usize = 4 + 4;
/// Instead of a value's length.
const DELETED: u32 = u32::MAX;
/// What an entry adds to its log's key: a tag, a length, a place, and a hash.
const ENTRY_BYTES: usize = 1 + 4 + 8 + 32;
/// What lies under a log's head: numbers, or a count and a hash.
const HEAD_BYTES: usize = if NUMBERS_BYTES_MAX > 40 {
    NUMBERS_BYTES_MAX
} else {
    40
};

/// What a record says besides its writes.
#[derive(Clone, Copy, Debug)]
pub(in crate::embedded) struct Stamp {
    pub(in crate::embedded) sequence: u64,
    pub(in crate::embedded) at: Timestamp,
    /// The tally of the state after the commit.
    pub(in crate::embedded) tally: Tally,
}

/// A record that was read and is sound.
pub(in crate::embedded) struct Record<'a> {
    pub(in crate::embedded) stamp: Stamp,
    pub(in crate::embedded) chain: Chain,
    writes: &'a [u8],
}

/// A write in a record: a key, and a value or nothing.
pub(in crate::embedded) type Write<'a> = (&'a [u8], Option<&'a [u8]>);

/// Returns what a batch's record is at most long.
pub(in crate::embedded) fn bytes_max(batch: &Batch) -> usize {
    let writes = batch.writes.iter().map(|(key, value)| {
        WRITE_BYTES
            .saturating_add(key.len())
            .saturating_add(value.as_ref().map_or(0, Vec::len))
    });
    let adds = batch
        .adds
        .iter()
        .map(|add| WRITE_BYTES.saturating_add(add.key.len() + NUMBERS_BYTES_MAX));
    let appends = batch.appends.iter().map(|append| {
        let keys = append.log.len().saturating_add(append.head.len());
        keys.saturating_add(append.value.len())
            .saturating_add(2 * WRITE_BYTES + ENTRY_BYTES + HEAD_BYTES)
    });
    let all = writes.chain(adds).chain(appends);
    all.fold(FRAME_BYTES + FIXED_BYTES, usize::saturating_add)
}

/// Appends a record without checksum and chain hash, which [`seal`] fills in.
pub(in crate::embedded) fn write(
    stamp: &Stamp,
    writes: &BTreeMap<RawKey, Option<Vec<u8>>>,
    to: &mut Vec<u8>,
) {
    let start = to.len();
    to.extend([0; FRAME_BYTES]);
    to.extend(stamp.sequence.to_be_bytes());
    to.extend(stamp.at.millis().to_be_bytes());
    to.extend(stamp.tally.bytes());
    to.extend(short(writes.len()).to_be_bytes());
    for (key, value) in writes {
        to.extend(short(key.len()).to_be_bytes());
        to.extend(
            value
                .as_ref()
                .map_or(DELETED, |value| short(value.len()))
                .to_be_bytes(),
        );
        to.extend(key);
        to.extend(value.as_deref().unwrap_or_default());
    }
    let length = short(to.len().saturating_sub(start).saturating_sub(FRAME_BYTES));
    if let Some(place) = to.get_mut(start..).and_then(<[u8]>::first_chunk_mut) {
        *place = length.to_be_bytes();
    }
}

/// Lengths fit: a batch that could be longer than [`RECORD_BYTES_MAX`] is refused before.
fn short(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(DELETED)
}

/// Fills in the checksums and chain hashes of records that follow each other, and returns the last
/// hash.
pub(in crate::embedded) fn seal(mut records: &mut [u8], mut chain: Chain) -> Chain {
    while let Some((frame, rest)) = records.split_first_chunk_mut::<FRAME_BYTES>() {
        let Some((length, sums)) = frame.split_first_chunk_mut::<4>() else {
            break;
        };
        let Some((body, rest)) = rest.split_at_mut_checked(size(*length)) else {
            break;
        };
        chain = link(&chain, body);
        if let Some((sum, hash)) = sums.split_first_chunk_mut::<4>() {
            *sum = checksum(*length, body).to_be_bytes();
            hash.copy_from_slice(&chain);
        }
        records = rest;
    }
    chain
}

fn checksum(length: [u8; 4], body: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&length);
    hasher.update(body);
    hasher.finalize()
}

/// Turns a record's length as it is written into one.
pub(in crate::embedded) fn size(length: [u8; 4]) -> usize {
    usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX)
}

/// Tells whether a record can be so long.
pub(in crate::embedded) fn is_possible(length: usize) -> bool {
    (FIXED_BYTES..=RECORD_BYTES_MAX).contains(&length)
}

/// Tells whether a record's bytes give its checksum, whatever it follows.
pub(in crate::embedded) fn is_intact(frame: &[u8; FRAME_BYTES], rest: &[u8]) -> bool {
    let Some((length, sums)) = frame.split_first_chunk::<4>() else {
        return false;
    };
    let body = rest
        .get(..size(*length))
        .filter(|body| is_possible(body.len()));
    body.is_some_and(|body| sums.starts_with(&checksum(*length, body).to_be_bytes()))
}

/// What is wrong with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::embedded) enum Fault {
    Checksum,
    Chain,
    Form,
}

impl<'a> Record<'a> {
    /// Reads a record that should follow the one with the hash `before`.
    pub(in crate::embedded) fn read(
        frame: &[u8; FRAME_BYTES],
        body: &'a [u8],
        before: &Chain,
    ) -> Result<Self, Fault> {
        let (length, rest) = frame.split_first_chunk::<4>().ok_or(Fault::Form)?;
        let (sum, chain) = rest.split_first_chunk::<4>().ok_or(Fault::Form)?;
        if checksum(*length, body) != u32::from_be_bytes(*sum) {
            return Err(Fault::Checksum);
        }
        if link(before, body) != *chain {
            return Err(Fault::Chain);
        }
        let chain = chain.first_chunk().ok_or(Fault::Form)?;
        Self::fields(body, *chain)
            .filter(|record| record.is_whole())
            .ok_or(Fault::Form)
    }

    fn fields(body: &'a [u8], chain: Chain) -> Option<Self> {
        let (sequence, rest) = body.split_first_chunk()?;
        let (at, rest) = rest.split_first_chunk()?;
        let (tally, writes) = rest.split_first_chunk()?;
        let stamp = Stamp {
            sequence: u64::from_be_bytes(*sequence),
            at: Timestamp::from_millis(u64::from_be_bytes(*at)),
            tally: Tally::read(*tally),
        };
        Some(Self {
            stamp,
            chain,
            writes,
        })
    }

    /// Tells whether there are as many writes as it says, and nothing behind them.
    fn is_whole(&self) -> bool {
        let count = self
            .writes
            .first_chunk()
            .map(|count| u32::from_be_bytes(*count));
        let (mut writes, mut found) = (self.writes(), 0u32);
        while writes.next().is_some() {
            found = found.saturating_add(1);
        }
        count == Some(found) && writes.rest.is_empty()
    }

    /// How long the record is, in bytes.
    pub(in crate::embedded) fn bytes(&self) -> u64 {
        let fixed = FRAME_BYTES + FIXED_BYTES - 4;
        u64::try_from(self.writes.len().saturating_add(fixed)).unwrap_or(u64::MAX)
    }

    /// Returns the writes, in the order of their keys.
    pub(in crate::embedded) fn writes(&self) -> Writes<'a> {
        Writes {
            rest: self.writes.get(4..).unwrap_or_default(),
        }
    }
}

/// The writes of a record.
pub(in crate::embedded) struct Writes<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Writes<'a> {
    type Item = Write<'a>;

    fn next(&mut self) -> Option<Write<'a>> {
        let (key_length, rest) = self.rest.split_first_chunk()?;
        let (value_length, rest) = rest.split_first_chunk()?;
        let (key, rest) = rest.split_at_checked(size(*key_length))?;
        let (value, rest) = match u32::from_be_bytes(*value_length) {
            DELETED => (None, rest),
            _ => {
                let (value, rest) = rest.split_at_checked(size(*value_length))?;
                (Some(value), rest)
            }
        };
        self.rest = rest;
        Some((key, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(sequence: u64) -> Stamp {
        Stamp {
            sequence,
            at: Timestamp::from_millis(9),
            tally: Tally::default(),
        }
    }

    fn sealed() -> Vec<u8> {
        let mut bytes = Vec::new();
        let writes = [
            (b"vk".to_vec(), Some(b"value".to_vec())),
            (b"vl".to_vec(), None),
        ];
        write(&stamp(1), &writes.into(), &mut bytes);
        write(&stamp(2), &BTreeMap::new(), &mut bytes);
        seal(&mut bytes, [7; 32]);
        bytes
    }

    /// Reads as many records as are sound.
    fn read(mut bytes: &[u8]) -> Vec<(u64, usize)> {
        let (mut chain, mut found) = ([7; 32], Vec::new());
        while let Some((frame, rest)) = bytes.split_first_chunk::<FRAME_BYTES>() {
            let length = size(*frame.first_chunk().unwrap());
            let Some((body, rest)) = rest.split_at_checked(length) else {
                break;
            };
            let Ok(record) = Record::read(frame, body, &chain) else {
                break;
            };
            found.push((record.stamp.sequence, record.writes().count()));
            (chain, bytes) = (record.chain, rest);
        }
        found
    }

    #[test]
    fn records_read_back_as_they_were_written() {
        assert_eq!(read(&sealed()), [(1, 2), (2, 0)]);
    }

    #[test]
    fn no_byte_can_change() {
        let first = FRAME_BYTES + FIXED_BYTES + 2 * WRITE_BYTES + 9;
        for place in 0..sealed().len() {
            let mut bytes = sealed();
            bytes[place] ^= 0x40;
            assert_eq!(
                read(&bytes).len(),
                usize::from(place >= first),
                "byte {place}"
            );
        }
    }

    #[test]
    fn a_batch_s_record_is_never_longer_than_foreseen() {
        use crate::apply::{View, resolve};
        use crate::batch::{Add, Append, Bounds};
        use crate::engine::{Range, StoreError, Versioned};

        struct Empty;
        impl View for Empty {
            fn get(&mut self, _: &[u8]) -> Result<Option<Versioned>, StoreError> {
                Ok(None)
            }
            fn scan(&mut self, _: &Range) -> Result<Vec<(RawKey, Versioned)>, StoreError> {
                Ok(Vec::new())
            }
        }

        let mut batch = Batch::default();
        batch.writes.insert(b"vkey".to_vec(), Some(vec![1; 100]));
        batch.writes.insert(b"vgone".to_vec(), None);
        batch.adds.push(Add {
            key: b"nkey".to_vec(),
            slot: 0,
            delta: 1,
            bounds: Bounds::NONE,
        });
        let append = Append {
            log: b"log".to_vec(),
            head: b"hlog".to_vec(),
            value: vec![2; 50],
            index: Some(b"vkey".to_vec()),
        };
        batch.appends.push(append);
        let foreseen = bytes_max(&batch);
        let mut bytes = Vec::new();
        write(
            &stamp(1),
            &resolve(batch, &mut Empty).ok().unwrap().writes,
            &mut bytes,
        );
        // Of the numbers under a key there is one here, and the head is that of a chained log.
        let spare = NUMBERS_BYTES_MAX - 8 + HEAD_BYTES - 40;
        assert_eq!(bytes.len(), foreseen - spare);
    }
}

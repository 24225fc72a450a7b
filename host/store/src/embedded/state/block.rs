//! Entries of logs on disk: those of one log that are written together lie in one value, a block,
//! under the key of the first of them. sled's work is counted in keys, and a log's entries are most
//! of what there is to write.
//!
//! A block is `checksum u32 · entries`, an entry is `version u64 · length u32 · bytes`; their
//! places follow each other. The checksum covers the key and the entries. All numbers are
//! big-endian.

use super::StateError;
use crate::apply::ENTRY;
use crate::embedded::recent::Written;
use crate::engine::RawKey;

/// A block is closed before it grows over this: what is read to find one entry, and written anew
/// when sled moves it.
const BLOCK_BYTES: usize = 4 << 10;
/// The place at the end of an entry's key.
const PLACE_BYTES: usize = 8;
const SUM_BYTES: usize = 4;
/// The version and the length in front of an entry.
const PREFIX_BYTES: usize = 8 + 4;

/// Tells whether a key is that of a log's entry.
pub(super) fn is_entry(key: &[u8]) -> bool {
    key.first() == Some(&ENTRY) && key.len() > PLACE_BYTES
}

/// What the keys of all entries of an entry's log start with.
pub(super) fn log(key: &[u8]) -> Option<&[u8]> {
    let (log, _) = key.split_last_chunk::<PLACE_BYTES>()?;
    is_entry(key).then_some(log)
}

/// A block that is being filled.
#[derive(Default)]
pub(super) struct Filling {
    first: RawKey,
    /// The key of the entry that would come next.
    next: RawKey,
    bytes: Vec<u8>,
}

impl Filling {
    /// Takes an entry, if it belongs into this block: the first does, and those that follow.
    pub(super) fn take(&mut self, key: &[u8], version: u64, value: &[u8]) -> bool {
        if self.first.is_empty() {
            self.first = key.to_vec();
            self.bytes = vec![0; SUM_BYTES];
        } else if key != self.next || self.bytes.len().saturating_add(value.len()) > BLOCK_BYTES {
            return false;
        }
        let length = u32::try_from(value.len()).unwrap_or(u32::MAX);
        self.bytes.extend(version.to_be_bytes());
        self.bytes.extend(length.to_be_bytes());
        self.bytes.extend(value);
        self.next = following(key);
        true
    }

    /// Closes the block and returns its key, what comes after its last entry, and its bytes;
    /// nothing if there is nothing in it.
    pub(super) fn close(&mut self) -> Option<(RawKey, RawKey, Vec<u8>)> {
        let Self { first, next, bytes } = std::mem::take(self);
        if first.is_empty() {
            return None;
        }
        let mut bytes = bytes;
        if let Some((sum, entries)) = bytes.split_first_chunk_mut::<SUM_BYTES>() {
            *sum = checksum(&first, entries).to_be_bytes();
        }
        Some((first, next, bytes))
    }
}

/// Reads a block and checks it: its entries with their keys, in order.
pub(super) fn read(key: &[u8], bytes: &[u8]) -> Result<Vec<(RawKey, Written)>, StateError> {
    let (sum, mut rest) = bytes
        .split_first_chunk::<SUM_BYTES>()
        .ok_or(StateError::Checksum)?;
    if checksum(key, rest).to_be_bytes() != *sum {
        return Err(StateError::Checksum);
    }
    let (mut key, mut entries) = (key.to_vec(), Vec::new());
    while let Some((prefix, after)) = rest.split_first_chunk::<PREFIX_BYTES>() {
        let (written, after) = entry(prefix, after).ok_or(StateError::Checksum)?;
        let next = following(&key);
        entries.push((std::mem::replace(&mut key, next), written));
        rest = after;
    }
    Ok(entries)
}

fn entry<'a>(prefix: &[u8; PREFIX_BYTES], after: &'a [u8]) -> Option<(Written, &'a [u8])> {
    let (version, length) = prefix.split_first_chunk()?;
    let length = u32::from_be_bytes(*length.first_chunk()?);
    let (value, after) = after.split_at_checked(usize::try_from(length).ok()?)?;
    let written = Written {
        version: u64::from_be_bytes(*version),
        value: Some(value.to_vec()),
    };
    Some((written, after))
}

/// The key of the entry behind another.
fn following(key: &[u8]) -> RawKey {
    let mut next = key.to_vec();
    if let Some(place) = next.last_chunk_mut::<PLACE_BYTES>() {
        *place = u64::from_be_bytes(*place).saturating_add(1).to_be_bytes();
    }
    next
}

fn checksum(key: &[u8], entries: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(key);
    hasher.update(entries);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::entry_key;

    fn filled(values: &[&[u8]]) -> (RawKey, RawKey, Vec<u8>) {
        let mut block = Filling::default();
        for (place, value) in (7..).zip(values) {
            assert!(block.take(&entry_key(b"log", place), place + 100, value));
        }
        block.close().unwrap()
    }

    #[test]
    fn what_goes_into_a_block_comes_out_of_it() {
        let (key, next, bytes) = filled(&[b"one", b"", b"three"]);
        assert_eq!(
            (&key, &next),
            (&entry_key(b"log", 7), &entry_key(b"log", 10))
        );
        let found = read(&key, &bytes).unwrap();
        let told: Vec<_> = found
            .iter()
            .map(|(key, one)| (key.clone(), one.version, one.value.as_deref()))
            .collect();
        let due = |place, value| (entry_key(b"log", place), place + 100, Some(value));
        assert_eq!(told, [due(7, &b"one"[..]), due(8, b""), due(9, b"three")]);
    }

    #[test]
    fn only_what_follows_belongs_into_a_block() {
        let mut block = Filling::default();
        assert!(block.take(&entry_key(b"log", 1), 1, b"one"));
        assert!(!block.take(&entry_key(b"log", 3), 1, b"three"));
        assert!(!block.take(&entry_key(b"lot", 2), 1, b"two of another"));
        assert!(!block.take(&entry_key(b"log", 2), 1, &[0; BLOCK_BYTES]));
        assert!(block.take(&entry_key(b"log", 2), 1, b"two"));
        assert!(block.close().is_some());
        assert!(block.close().is_none());
        assert!(block.take(&entry_key(b"log", 1), 1, &[0; 2 * BLOCK_BYTES]));
    }

    #[test]
    fn every_flipped_byte_is_found() {
        let (key, _, bytes) = filled(&[b"one", b"two"]);
        for place in 0..bytes.len() {
            let mut bytes = bytes.clone();
            bytes[place] ^= 1;
            assert!(read(&key, &bytes).is_err(), "byte {place}");
        }
        assert!(read(&entry_key(b"log", 8), &bytes).is_err());
    }
}

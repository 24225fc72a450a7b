//! What a batch does to a state: the one place where checks, bounds and places are decided.
//!
//! Every engine that keeps its state at hand calls [`resolve`] under its own lock and then writes
//! what comes out of it: plain puts and deletes, which is also all that a journal has to hold.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::batch::{Add, Append, Batch, Checks};
use crate::engine::{CommitError, Range, RawKey, StoreError, Versioned};

/// Values: what transactions put.
pub(crate) const VALUE: u8 = b'v';
/// Numbers: what bounded adds change.
pub(crate) const NUMBER: u8 = b'n';
/// The entries of logs, by place.
pub(crate) const ENTRY: u8 = b'e';
/// The heads of logs: how many entries there are, and the hash of the last.
pub(crate) const HEAD: u8 = b'h';
/// The mark of a copy that is not finished.
pub(crate) const COPY: u8 = b'c';

/// How long a number is.
const NUMBER_BYTES: usize = 8;
/// How long the numbers under one key are together, at most.
pub(crate) const NUMBERS_BYTES_MAX: usize = 8 * NUMBER_BYTES;

/// The newest state, readable at once.
pub(crate) trait View {
    fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError>;
    fn scan(&self, range: &Range) -> Result<Vec<(RawKey, Versioned)>, StoreError>;
}

/// What a batch comes down to.
pub(crate) struct Resolved {
    pub(crate) writes: BTreeMap<RawKey, Option<Vec<u8>>>,
    pub(crate) places: Vec<u64>,
}

/// Checks a batch against the state and turns it into plain writes.
pub(crate) fn resolve(batch: Batch, view: &impl View) -> Result<Resolved, CommitError> {
    check(&batch.checks, view)?;
    let mut writes = batch.writes;
    for add in &batch.adds {
        apply_add(add, &mut writes, view)?;
    }
    let places = batch
        .appends
        .into_iter()
        .map(|append| apply_append(append, &mut writes, view));
    let places = places.collect::<Result<_, _>>()?;
    Ok(Resolved { writes, places })
}

pub(crate) fn check(checks: &Checks, view: &impl View) -> Result<(), CommitError> {
    for (key, seen) in &checks.keys {
        let version = view.get(key)?.map_or(0, |found| found.version);
        if version != *seen {
            return Err(CommitError::Conflict);
        }
    }
    for (range, seen) in &checks.ranges {
        let found = view.scan(range)?;
        let found = found.iter().map(|(key, found)| (key, found.version));
        if !found.eq(seen.iter().map(|(key, version)| (key, *version))) {
            return Err(CommitError::Conflict);
        }
    }
    Ok(())
}

/// Returns the newest bytes of a key, the batch's own writes first.
fn newest(
    key: &RawKey,
    writes: &BTreeMap<RawKey, Option<Vec<u8>>>,
    view: &impl View,
) -> Result<Option<Vec<u8>>, StoreError> {
    match writes.get(key) {
        Some(written) => Ok(written.clone()),
        None => Ok(view.get(key)?.map(|found| found.value)),
    }
}

type Writes = BTreeMap<RawKey, Option<Vec<u8>>>;

fn apply_add(add: &Add, writes: &mut Writes, view: &impl View) -> Result<(), CommitError> {
    let mut numbers = newest(&add.key, writes, view)?.unwrap_or_default();
    let number = number(Some(&numbers), add.slot)?;
    let sum = add
        .bounds
        .sum(number, add.delta)
        .ok_or(CommitError::Conflict)?;
    let place = usize::from(add.slot).saturating_mul(NUMBER_BYTES);
    let least = place.saturating_add(NUMBER_BYTES).min(NUMBERS_BYTES_MAX);
    numbers.resize(numbers.len().max(least), 0);
    let slot = numbers.get_mut(place..).and_then(<[u8]>::first_chunk_mut);
    *slot.ok_or(StoreError::Form)? = sum.to_be_bytes();
    writes.insert(add.key.clone(), Some(numbers));
    Ok(())
}

fn apply_append(append: Append, writes: &mut Writes, view: &impl View) -> Result<u64, CommitError> {
    let head_key = tagged(HEAD, &append.log);
    let head = Head::read(newest(&head_key, writes, view)?.as_deref())?;
    let place = head.entries;
    let hash = if append.chained {
        chain(&head.hash, place, &append.value)
    } else {
        head.hash
    };
    if let Some(index) = &append.index {
        let written = writes.get_mut(index).and_then(Option::as_mut);
        let end = written.and_then(|written| written.last_chunk_mut());
        *end.ok_or(StoreError::Form)? = place.to_be_bytes();
    }
    let mut value = append.value;
    if append.chained {
        value.extend(hash);
    }
    writes.insert(entry_key(&append.log, place), Some(value));
    writes.insert(
        head_key,
        Some(
            Head {
                entries: place.saturating_add(1),
                hash,
            }
            .write(),
        ),
    );
    Ok(place)
}

/// Reads one of the numbers under a key; an absent one is zero.
pub(crate) fn number(bytes: Option<&[u8]>, slot: u8) -> Result<i64, StoreError> {
    let (numbers, []) = bytes.unwrap_or_default().as_chunks::<NUMBER_BYTES>() else {
        return Err(StoreError::Form);
    };
    let number = numbers.get(usize::from(slot));
    Ok(number.map_or(0, |number| i64::from_be_bytes(*number)))
}

/// The hash of a chained log's entry: SHA-256 over the hash before it, its place and its value.
pub(crate) fn chain(before: &[u8; 32], place: u64, value: &[u8]) -> [u8; 32] {
    Sha256::new()
        .chain_update(before)
        .chain_update(place.to_be_bytes())
        .chain_update(value)
        .finalize()
        .into()
}

/// The head of a log.
pub(crate) struct Head {
    /// How many entries there are: the next one's place.
    pub(crate) entries: u64,
    /// The hash of the last entry, if the log is chained.
    pub(crate) hash: [u8; 32],
}

impl Head {
    pub(crate) fn read(bytes: Option<&[u8]>) -> Result<Self, StoreError> {
        let Some(bytes) = bytes else {
            return Ok(Self {
                entries: 0,
                hash: [0; 32],
            });
        };
        let (entries, hash) = bytes.split_first_chunk::<8>().ok_or(StoreError::Form)?;
        let hash = hash.try_into().map_err(|_| StoreError::Form)?;
        Ok(Self {
            entries: u64::from_be_bytes(*entries),
            hash,
        })
    }

    fn write(&self) -> Vec<u8> {
        [&self.entries.to_be_bytes()[..], &self.hash[..]].concat()
    }
}

pub(crate) fn tagged(tag: u8, key: &[u8]) -> RawKey {
    let mut raw = Vec::with_capacity(key.len().saturating_add(9));
    raw.push(tag);
    raw.extend(key);
    raw
}

/// What all entries of a log start with. The log's length comes first, so that no log's entries
/// lie among those of another whose name is longer.
pub(crate) fn entry_prefix(log: &[u8]) -> RawKey {
    let mut raw = vec![ENTRY];
    raw.extend(u32::try_from(log.len()).unwrap_or(u32::MAX).to_be_bytes());
    raw.extend(log);
    raw
}

/// The key of a log's entry.
pub(crate) fn entry_key(log: &[u8], place: u64) -> RawKey {
    let mut raw = entry_prefix(log);
    raw.extend(place.to_be_bytes());
    raw
}

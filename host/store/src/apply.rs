//! What a batch does to a state: the one place where checks, bounds and places are decided.
//!
//! Every engine that keeps its state at hand calls [`resolve`] under its own lock and then writes
//! what comes out of it: plain puts and deletes, which is also all that a journal has to hold.

use sha2::{Digest, Sha256};

use crate::batch::{Add, Append, Batch, Bounds, Reads, Writes};
use crate::engine::{CommitError, Range, RawKey, StoreError, Versioned};

/// Values: what transactions put.
pub(crate) const VALUE: u8 = b'v';
/// Numbers: what bounded adds change.
pub(crate) const NUMBER: u8 = b'n';
/// The entries of logs, by place.
pub(crate) const ENTRY: u8 = b'e';
/// The heads of chained logs: how many entries there are, and the hash of the last.
pub(crate) const HEAD: u8 = b'h';
/// The mark of a copy that is not finished.
pub(crate) const COPY: u8 = b'c';

/// Which of the numbers under a log's key says how many entries the log has.
pub(crate) const COUNT: u8 = 0;
/// How long a number is.
const NUMBER_BYTES: usize = 8;
/// How many numbers there can be under one key.
pub(crate) const NUMBERS_MAX: usize = 8;
/// How long they are together, at most.
pub(crate) const NUMBERS_BYTES_MAX: usize = NUMBERS_MAX * NUMBER_BYTES;

/// The newest state, readable at once.
pub(crate) trait View {
    fn get(&mut self, key: &[u8]) -> Result<Option<Versioned>, StoreError>;
    fn scan(&mut self, range: &Range) -> Result<Vec<(RawKey, Versioned)>, StoreError>;

    /// The commit that wrote a key; 0 if there is nothing.
    fn version(&mut self, key: &[u8]) -> Result<u64, StoreError> {
        Ok(self.get(key)?.map_or(0, |found| found.version))
    }
}

/// What a batch comes down to.
pub(crate) struct Resolved {
    pub(crate) writes: Writes,
    pub(crate) places: Vec<u64>,
}

/// Checks a batch against the state and turns it into plain writes.
pub(crate) fn resolve(batch: Batch, view: &mut impl View) -> Result<Resolved, CommitError> {
    check(&batch.reads, view)?;
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

/// Checks that nobody has changed what a transaction rests on.
pub(crate) fn check(reads: &Reads, view: &mut impl View) -> Result<(), CommitError> {
    for (key, seen) in reads.checked() {
        if view.version(key)? != seen {
            return Err(CommitError::Conflict);
        }
    }
    for (range, seen) in &reads.ranges {
        let found = view.scan(range)?;
        let found = found.iter().map(|(key, found)| (key, found.version));
        if !found.eq(seen.iter().map(|(key, version)| (key, *version))) {
            return Err(CommitError::Conflict);
        }
    }
    Ok(())
}

/// Adds to a number, and returns what it is then.
fn apply_add(add: &Add, writes: &mut Writes, view: &mut impl View) -> Result<i64, CommitError> {
    let numbers = newest(&add.key, writes, view)?;
    let number = number(Some(numbers), add.slot)?;
    let sum = add
        .bounds
        .sum(number, add.delta)
        .ok_or(CommitError::Conflict)?;
    let place = usize::from(add.slot).saturating_mul(NUMBER_BYTES);
    let least = place.saturating_add(NUMBER_BYTES).min(NUMBERS_BYTES_MAX);
    numbers.resize(numbers.len().max(least), 0);
    let slot = numbers.get_mut(place..).and_then(<[u8]>::first_chunk_mut);
    *slot.ok_or(StoreError::Form)? = sum.to_be_bytes();
    Ok(sum)
}

/// Gives an entry the next place of its log, and returns it.
fn apply_append(
    append: Append,
    writes: &mut Writes,
    view: &mut impl View,
) -> Result<u64, CommitError> {
    let mut value = append.value;
    let place = match &append.index {
        Some(index) => {
            let place = link(&append.head, &mut value, writes, view)?;
            let written = writes.get_mut(index).and_then(Option::as_mut);
            let end = written.and_then(|written| written.last_chunk_mut());
            *end.ok_or(StoreError::Form)? = place.to_be_bytes();
            place
        }
        None => count(append.head, writes, view)?,
    };
    writes.insert(entry_key(&append.log, place), Some(value));
    Ok(place)
}

/// Counts one more entry of a log that is not chained, and returns its place.
fn count(head: RawKey, writes: &mut Writes, view: &mut impl View) -> Result<u64, CommitError> {
    let one_more = Add {
        key: head,
        slot: COUNT,
        delta: 1,
        bounds: Bounds::NONE,
    };
    let count = apply_add(&one_more, writes, view)?;
    let place = count.checked_sub(1).and_then(|place| place.try_into().ok());
    Ok(place.ok_or(StoreError::Form)?)
}

/// Puts its hash behind the next entry of a chained log, and returns its place.
fn link(
    head_key: &RawKey,
    value: &mut Vec<u8>,
    writes: &mut Writes,
    view: &mut impl View,
) -> Result<u64, CommitError> {
    let bytes = newest(head_key, writes, view)?;
    let head = Head::read(bytes)?;
    let place = head.entries;
    let hash = chain(&head.hash, place, value);
    value.extend(hash);
    *bytes = Head {
        entries: place.saturating_add(1),
        hash,
    }
    .write();
    Ok(place)
}

/// Returns the newest bytes of a key to be changed, the batch's own writes first; none are empty.
fn newest<'a>(
    key: &RawKey,
    writes: &'a mut Writes,
    view: &mut impl View,
) -> Result<&'a mut Vec<u8>, StoreError> {
    if !writes.contains_key(key) {
        let found = view.get(key)?.map(|found| found.value);
        writes.insert(key.clone(), found);
    }
    let written = writes.get_mut(key).ok_or(StoreError::Form)?;
    Ok(written.get_or_insert_default())
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

/// The head of a chained log.
pub(crate) struct Head {
    /// How many entries there are: the next one's place.
    pub(crate) entries: u64,
    /// The hash of the last entry.
    pub(crate) hash: [u8; 32],
}

impl Head {
    /// Reads a head; a log that nothing was appended to has none.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, StoreError> {
        if bytes.is_empty() {
            return Ok(Self {
                entries: 0,
                hash: [0; 32],
            });
        }
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

//! What was read of the state on disk lately, at hand: the same few records are asked for again and
//! again, who somebody is and what an app may do, and finding one on disk costs more than using it.
//!
//! Recent writes are looked at first, so this need only be what the state has. Once the follower
//! has given a table to the state, its keys are forgotten here, and from then on nothing is taken
//! in that was found before; until the table after it, all of this one is still among the recent
//! writes. So what is here is what the state has, or something newer is found first.

use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

use indexmap::IndexMap;
use indexmap::map::raw_entry_v1::RawEntryApiV1;
use souk_core::limits::{STATE_HOT_BYTES_MAX, STATE_HOT_VALUE_BYTES_MAX};

use crate::engine::{RawKey, Versioned};

/// Parts with a lock each.
const PARTS: usize = 16;
/// What an entry costs beside its bytes.
const ENTRY_BYTES: usize = 96;

/// Values of the state.
pub(super) struct Hot {
    parts: [Mutex<Part>; PARTS],
    hasher: RandomState,
}

/// A part of them, in two generations: when the younger is full, the older goes.
struct Part {
    /// How many tables the follower must have written for what is found then to be taken in.
    floor: u64,
    younger: Generation,
    older: Generation,
}

struct Generation {
    values: IndexMap<RawKey, Versioned, RandomState>,
    bytes: usize,
}

impl Hot {
    /// Nothing yet. Keys are hashed as `hasher` does.
    pub(super) fn new(hasher: RandomState) -> Self {
        let parts = std::array::from_fn(|_| Mutex::new(Part::on(&hasher)));
        Self { parts, hasher }
    }

    /// Returns what the state has under a key, if it is at hand.
    pub(super) fn find(&self, hash: u64, key: &[u8]) -> Option<Versioned> {
        let mut part = self.part(hash)?;
        if let Some(found) = part.younger.find(hash, key) {
            return Some(found.clone());
        }
        let (key, found) = part.older.take(hash, key)?;
        part.put(key, found.clone(), &self.hasher);
        Some(found)
    }

    /// Keeps what was found in the state; `tables` is how many the follower had written when the
    /// key was not among the recent writes.
    pub(super) fn keep(&self, hash: u64, key: &[u8], found: &Versioned, tables: u64) {
        if found.value.len() > STATE_HOT_VALUE_BYTES_MAX {
            return;
        }
        if let Some(mut part) = self.part(hash)
            && tables >= part.floor
        {
            part.put(key.to_vec(), found.clone(), &self.hasher);
        }
    }

    /// Forgets the keys of the table that was written last. `tables` counts it.
    pub(super) fn forget<'a>(&self, keys: impl Iterator<Item = &'a RawKey>, tables: u64) {
        for part in &self.parts {
            locked(part).floor = tables;
        }
        for key in keys {
            let hash = self.hasher.hash_one(key.as_slice());
            if let Some(mut part) = self.part(hash) {
                drop(part.younger.take(hash, key));
                drop(part.older.take(hash, key));
            }
        }
    }

    fn part(&self, hash: u64) -> Option<MutexGuard<'_, Part>> {
        // The tables within use the other end of the hash.
        let place = usize::try_from(hash >> 32).unwrap_or(0) % PARTS;
        self.parts.get(place).map(locked)
    }
}

impl Part {
    fn on(hasher: &RandomState) -> Self {
        Self {
            floor: 0,
            younger: Generation::on(hasher),
            older: Generation::on(hasher),
        }
    }

    fn put(&mut self, key: RawKey, found: Versioned, hasher: &RandomState) {
        if self.younger.bytes > STATE_HOT_BYTES_MAX / PARTS / 2 {
            let next = Generation::on(hasher);
            self.older = std::mem::replace(&mut self.younger, next);
        }
        self.younger.put(key, found);
    }
}

impl Generation {
    fn on(hasher: &RandomState) -> Self {
        Self {
            values: IndexMap::with_hasher(hasher.clone()),
            bytes: 0,
        }
    }

    fn find(&self, hash: u64, key: &[u8]) -> Option<&Versioned> {
        let found = self.values.raw_entry_v1().from_hash(hash, |it| it == key);
        found.map(|(_, found)| found)
    }

    fn take(&mut self, hash: u64, key: &[u8]) -> Option<(RawKey, Versioned)> {
        let values = self.values.raw_entry_v1();
        let place = values.index_from_hash(hash, |it| it == key)?;
        let (key, found) = self.values.swap_remove_index(place)?;
        self.bytes = self.bytes.saturating_sub(bytes(&key, &found));
        Some((key, found))
    }

    fn put(&mut self, key: RawKey, found: Versioned) {
        let more = bytes(&key, &found);
        let key_bytes = key.len();
        self.bytes = self.bytes.saturating_add(more);
        if let Some(before) = self.values.insert(key, found) {
            let less = key_bytes.saturating_add(before.value.len());
            self.bytes = self.bytes.saturating_sub(less.saturating_add(ENTRY_BYTES));
        }
    }
}

fn bytes(key: &RawKey, found: &Versioned) -> usize {
    let length = key.len().saturating_add(found.value.len());
    length.saturating_add(ENTRY_BYTES)
}

fn locked(part: &Mutex<Part>) -> MutexGuard<'_, Part> {
    part.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A cache and the hash of its keys.
    fn hot() -> (Hot, impl Fn(&[u8]) -> u64) {
        let hasher = RandomState::new();
        (Hot::new(hasher.clone()), move |key| hasher.hash_one(key))
    }

    fn written(version: u64, length: usize) -> Versioned {
        let value = vec![7; length];
        Versioned { version, value }
    }

    #[test]
    fn what_a_table_wrote_is_forgotten_and_what_was_read_before_comes_too_late() {
        let (hot, hash) = hot();
        let (table, other) = (b"vtea".to_vec(), b"vcup".to_vec());
        hot.keep(hash(&table), &table, &written(1, 9), 5);
        hot.keep(hash(&other), &other, &written(2, 9), 5);
        assert_eq!(hot.find(hash(&table), &table), Some(written(1, 9)));
        hot.forget([&table].into_iter(), 6);
        assert_eq!(hot.find(hash(&table), &table), None);
        assert_eq!(hot.find(hash(&other), &other), Some(written(2, 9)));
        hot.keep(hash(&table), &table, &written(1, 9), 5);
        assert_eq!(hot.find(hash(&table), &table), None, "it was read before");
        hot.keep(hash(&table), &table, &written(3, 9), 6);
        assert_eq!(hot.find(hash(&table), &table), Some(written(3, 9)));
    }

    #[test]
    fn what_is_used_stays_and_there_is_never_more_than_so_much() {
        let (hot, hash) = hot();
        let long = STATE_HOT_VALUE_BYTES_MAX;
        hot.keep(hash(b"vlong"), b"vlong", &written(1, long + 1), 1);
        assert_eq!(hot.find(hash(b"vlong"), b"vlong"), None);
        let used = b"vused".as_slice();
        hot.keep(hash(used), used, &written(1, long), 1);
        for number in 0..50_000_u32 {
            let key = number.to_be_bytes();
            hot.keep(hash(&key), &key, &written(1, long), 1);
            assert!(hot.find(hash(used), used).is_some(), "{number}");
        }
        let parts = hot.parts.iter().map(locked);
        let held: usize = parts
            .map(|part| part.younger.bytes + part.older.bytes)
            .sum();
        let slack = PARTS * 2 * (long + ENTRY_BYTES + 5);
        assert!(held <= STATE_HOT_BYTES_MAX + slack, "{held}");
        assert!(held > STATE_HOT_BYTES_MAX / 4, "{held}");
    }
}

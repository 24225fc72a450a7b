//! Which values the state may hold: so that an id that was never used is known to be new without a
//! search on disk, which would find a page to read for almost every one of them.
//!
//! A Bloom filter (Bloom, 1970) whose bits for one key lie in one line of the cache (Putze, Sanders
//! and Singler, 2007). It never says that a key is absent which is there; how often it says that
//! one may be there which is not depends on how many keys there are for its size.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use souk_core::limits::{STATE_FILTER_BYTES_MAX, STATE_FILTER_BYTES_MIN};

/// A line of the cache.
type Line = [AtomicU64; 8];

const LINE_BYTES: usize = size_of::<Line>();
/// Bits that are set for a key.
const PROBES: u32 = 5;
/// Which of a line's 512 bits a probe is takes so many bits of the hash.
const PROBE_BITS: u32 = 9;

/// A set of keys that only grows.
pub(super) struct Filter {
    lines: Box<[Line]>,
    hasher: RandomState,
    /// Every key of the state is in it.
    whole: AtomicBool,
}

impl Filter {
    /// An empty filter, as large as is right for a state of so many bytes.
    pub(super) fn for_state(bytes: u64) -> Self {
        let wanted = usize::try_from(bytes / 64).unwrap_or(usize::MAX);
        let bytes = wanted.clamp(STATE_FILTER_BYTES_MIN, STATE_FILTER_BYTES_MAX);
        let lines = (0..bytes / LINE_BYTES).map(|_| Line::default());
        Self {
            lines: lines.collect(),
            hasher: RandomState::new(),
            whole: AtomicBool::new(false),
        }
    }

    /// Adds a key.
    pub(super) fn add(&self, key: &[u8]) {
        for (word, bit) in self.probes(key) {
            word.fetch_or(bit, Ordering::Relaxed);
        }
    }

    /// Says that all keys there are have been added.
    pub(super) fn complete(&self) {
        self.whole.store(true, Ordering::Release);
    }

    /// Tells whether a key may be there.
    pub(super) fn may_have(&self, key: &[u8]) -> bool {
        !self.whole.load(Ordering::Acquire)
            || self
                .probes(key)
                .all(|(word, bit)| word.load(Ordering::Relaxed) & bit != 0)
    }

    /// The bits of a key: from one hash, whose upper half says in which line they are.
    fn probes(&self, key: &[u8]) -> impl Iterator<Item = (&AtomicU64, u64)> {
        let hash = self.hasher.hash_one(key);
        let lines = u64::try_from(self.lines.len()).unwrap_or(u64::MAX).max(1);
        let line = usize::try_from((hash >> 32) % lines).unwrap_or(0);
        let mut rest = hash ^ hash.rotate_left(29);
        let words = self.lines.get(line).into_iter();
        words.flat_map(move |line| {
            (0..PROBES).filter_map(move |_| {
                let bit = u32::try_from(rest % (1 << PROBE_BITS)).unwrap_or(0);
                rest >>= PROBE_BITS;
                let word = usize::try_from(bit / u64::BITS).unwrap_or(0);
                Some((line.get(word)?, 1 << (bit % u64::BITS)))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_never_said_to_be_absent() {
        let filter = Filter::for_state(0);
        assert!(filter.may_have(b"not counted yet"));
        let keys = (0..100_000u32).map(u32::to_be_bytes);
        keys.clone().for_each(|key| filter.add(&key));
        filter.complete();
        assert!(keys.clone().all(|key| filter.may_have(&key)));
        let absent = (100_000..200_000u32).map(u32::to_be_bytes);
        let wrong = absent.filter(|key| filter.may_have(key)).count();
        assert!(wrong < 1_000, "{wrong} of 100,000 may be there");
    }
}

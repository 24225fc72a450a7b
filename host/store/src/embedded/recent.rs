//! What was written lately: newer than the state on disk, which the follower gives it table by
//! table. Reads look here first.
//!
//! A key is found by its hash. Keys are put in order when ranges of them are asked for again and
//! again, or when the follower writes them.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::hash::{BuildHasher, RandomState};
use std::iter::Peekable;
use std::sync::{Arc, OnceLock};

use indexmap::IndexMap;
use indexmap::map::raw_entry_v1::RawEntryApiV1;
use souk_core::Timestamp;

use super::tally::Tally;
use crate::engine::{Range, RawKey, Versioned};

/// A value or a deletion, and the commit that wrote it.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) version: u64,
    pub(super) value: Option<Vec<u8>>,
}

/// For so many tables, what was written after some moment is still found here: it was active then
/// or later, and is frozen, warm, and only then forgotten.
pub(super) const TABLES_REMEMBERED: u64 = 2;

/// Writes by their keys, as they came. All tables hash alike, so that a key is hashed once.
type ByKey = IndexMap<RawKey, Written, RandomState>;

/// So many ranges are found by going through all keys, as long as few ask: that is less work than
/// putting thousands of keys in order.
const SCANS_SIFTED: usize = 16;

/// The newest part of the state.
pub(super) struct Recent {
    /// The last commit.
    pub(super) sequence: u64,
    /// When that was.
    pub(super) at: Timestamp,
    /// The tally of the whole state after it.
    pub(super) tally: Tally,
    active: Active,
    /// What the follower is writing.
    frozen: Option<Arc<Table>>,
    /// What the follower wrote last. It is on disk too; here it is found without a search there.
    warm: Option<Arc<Table>>,
    /// How many tables the follower has written.
    tables: u64,
}

/// The newest write of each key, as it grows.
#[derive(Default)]
struct Active {
    /// In the order in which the keys came.
    written: ByKey,
    /// As many of the keys as there were when a range was looked for in order last.
    order: BTreeSet<RawKey>,
    /// How often a range was asked for.
    scans: usize,
}

/// The newest write of each key, all there is of a time.
pub(super) struct Table {
    written: ByKey,
    /// The places of the keys, in the order of the keys.
    order: OnceLock<Vec<usize>>,
}

impl Recent {
    pub(super) fn new(sequence: u64, at: Timestamp, tally: Tally) -> Self {
        Self {
            sequence,
            at,
            tally,
            active: Active::default(),
            frozen: None,
            warm: None,
            tables: TABLES_REMEMBERED.saturating_add(1),
        }
    }

    pub(super) fn keys(&self) -> usize {
        let frozen = self
            .frozen
            .as_ref()
            .map_or(0, |frozen| frozen.written.len());
        self.waiting().saturating_add(frozen)
    }

    /// How many keys the follower has not begun with.
    pub(super) fn waiting(&self) -> usize {
        self.active.written.len()
    }

    /// How keys are hashed.
    pub(super) fn hasher(&self) -> &RandomState {
        self.active.written.hasher()
    }

    pub(super) fn find(&self, key: &[u8]) -> Option<&Written> {
        self.find_hashed(self.hasher().hash_one(key), key)
    }

    /// Finds a key whose hash is known.
    pub(super) fn find_hashed(&self, hash: u64, key: &[u8]) -> Option<&Written> {
        let active = find(&self.active.written, hash, key);
        let frozen = || find(&self.frozen.as_ref()?.written, hash, key);
        let warm = || find(&self.warm.as_ref()?.written, hash, key);
        active.or_else(frozen).or_else(warm)
    }

    /// How many tables the follower has written, and a few more, so that it is never 0. A key that
    /// was not among the recent ones at some moment is on disk what it was then, unless it is among
    /// them, for at least [`TABLES_REMEMBERED`] tables more.
    pub(super) fn tables(&self) -> u64 {
        self.tables
    }

    pub(super) fn insert(&mut self, key: RawKey, written: Written) {
        self.active.written.insert(key, written);
    }

    /// Hands what is there to the follower, who has nothing at the moment.
    pub(super) fn freeze(&mut self) -> Option<Arc<Table>> {
        if self.waiting() == 0 || self.frozen.is_some() {
            return None;
        }
        let table = Arc::new(self.active.end());
        self.frozen = Some(Arc::clone(&table));
        Some(table)
    }

    /// Takes note that the follower has written its table, and returns the one before, which is not
    /// needed any more.
    pub(super) fn thaw(&mut self) -> Option<Arc<Table>> {
        self.tables = self.tables.saturating_add(1);
        std::mem::replace(&mut self.warm, self.frozen.take())
    }

    /// Returns the newest writes in a range, in its order, without its limit.
    pub(super) fn scan<'a>(
        &'a mut self,
        range: &Range,
    ) -> impl Iterator<Item = (&'a RawKey, &'a Written)> + use<'a> {
        let newer = self.active.scan(range);
        let older = self.frozen.as_deref().map(|frozen| frozen.scan(range));
        let reverse = range.reverse;
        merge(newer, older.into_iter().flatten(), move |one, other| {
            if reverse {
                other.0.cmp(one.0)
            } else {
                one.0.cmp(other.0)
            }
        })
    }
}

impl Active {
    /// Returns what there is, and begins anew with room for as much.
    fn end(&mut self) -> Table {
        self.order.clear();
        let hasher = self.written.hasher().clone();
        let next = IndexMap::with_capacity_and_hasher(self.written.len(), hasher);
        self.scans = 0;
        Table {
            written: std::mem::replace(&mut self.written, next),
            order: OnceLock::new(),
        }
    }

    fn scan<'a>(
        &'a mut self,
        range: &Range,
    ) -> impl Iterator<Item = (&'a RawKey, &'a Written)> + use<'a> {
        self.scans = self.scans.saturating_add(1);
        let (sifted, sorted) = if self.scans > SCANS_SIFTED {
            (None, Some(self.sorted(range)))
        } else {
            (Some(self.sifted(range)), None)
        };
        let sifted = sifted.into_iter().flatten();
        sifted.chain(sorted.into_iter().flatten())
    }

    /// Goes through all keys for those of a range.
    fn sifted(&self, range: &Range) -> Vec<(&RawKey, &Written)> {
        let within = |key: &RawKey| range.start <= *key && *key < range.end;
        let found = self.written.iter().filter(|(key, _)| within(key));
        let mut found: Vec<_> = found.collect();
        found.sort_unstable_by_key(|(key, _)| *key);
        if range.reverse {
            found.reverse();
        }
        found
    }

    /// Puts all keys in order, for this range and those to come.
    fn sorted<'a>(
        &'a mut self,
        range: &Range,
    ) -> impl Iterator<Item = (&'a RawKey, &'a Written)> + use<'a> {
        let late = self.written.keys().skip(self.order.len());
        self.order.extend(late.cloned());
        let (start, end, reverse) = (range.start.clone(), range.end.clone(), range.reverse);
        let mut keys = (start < end).then(|| self.order.range(start..end));
        let keys = std::iter::from_fn(move || {
            let keys = keys.as_mut()?;
            if reverse {
                keys.next_back()
            } else {
                keys.next()
            }
        });
        keys.filter_map(|key| self.written.get_key_value(key))
    }
}

impl Table {
    /// Returns all writes in the order of their keys.
    pub(super) fn in_order(&self) -> impl Iterator<Item = (&RawKey, &Written)> + Clone {
        let places = self.order().iter();
        places.filter_map(|place| self.written.get_index(*place))
    }

    /// Returns all writes, in no order.
    pub(super) fn writes(&self) -> impl Iterator<Item = (&RawKey, &Written)> {
        self.written.iter()
    }

    fn order(&self) -> &[usize] {
        self.order.get_or_init(|| {
            let keys: Vec<_> = self.written.keys().collect();
            let mut places: Vec<_> = (0..keys.len()).collect();
            places.sort_unstable_by_key(|place| keys.get(*place));
            places
        })
    }

    fn key(&self, place: usize) -> Option<&RawKey> {
        self.written.get_index(place).map(|(key, _)| key)
    }

    fn scan<'a>(
        &'a self,
        range: &Range,
    ) -> impl Iterator<Item = (&'a RawKey, &'a Written)> + use<'a> {
        let (order, reverse) = (self.order(), range.reverse);
        let before = |bound: &RawKey| order.partition_point(|place| self.key(*place) < Some(bound));
        let (from, to) = (before(&range.start), before(&range.end));
        let mut places = order.get(from..to).unwrap_or_default().iter();
        let places = std::iter::from_fn(move || {
            if reverse {
                places.next_back()
            } else {
                places.next()
            }
        });
        places.filter_map(|place| self.written.get_index(*place))
    }
}

fn find<'a>(written: &'a ByKey, hash: u64, key: &[u8]) -> Option<&'a Written> {
    let found = written.raw_entry_v1().from_hash(hash, |other| other == key);
    found.map(|(_, written)| written)
}

/// Merges two ordered iterators. Of two items with the same key only the first's is kept.
pub(super) fn merge<T, A, B, C>(first: A, second: B, compare: C) -> Merge<A, B, C>
where
    A: Iterator<Item = T>,
    B: Iterator<Item = T>,
    C: Fn(&T, &T) -> Ordering,
{
    Merge {
        first: first.peekable(),
        second: second.peekable(),
        compare,
    }
}

/// The order of what is found under keys. What cannot be read comes first.
pub(super) fn by_key<T, E>(reverse: bool) -> impl Fn(&Keyed<T, E>, &Keyed<T, E>) -> Ordering {
    move |one, other| match (one, other) {
        (Ok((one, _)), Ok((other, _))) if reverse => other.cmp(one),
        (Ok((one, _)), Ok((other, _))) => one.cmp(other),
        (Err(_), _) => Ordering::Less,
        (_, Err(_)) => Ordering::Greater,
    }
}

/// What is found under a key.
type Keyed<T, E> = Result<(RawKey, T), E>;

/// Two iterators in one order.
pub(super) struct Merge<A: Iterator, B: Iterator, C> {
    first: Peekable<A>,
    second: Peekable<B>,
    compare: C,
}

impl<T, A, B, C> Iterator for Merge<A, B, C>
where
    A: Iterator<Item = T>,
    B: Iterator<Item = T>,
    C: Fn(&T, &T) -> Ordering,
{
    type Item = T;

    fn next(&mut self) -> Option<T> {
        let (Some(first), Some(second)) = (self.first.peek(), self.second.peek()) else {
            return self.first.next().or_else(|| self.second.next());
        };
        match (self.compare)(first, second) {
            Ordering::Less => self.first.next(),
            Ordering::Greater => self.second.next(),
            Ordering::Equal => {
                self.second.next();
                self.first.next()
            }
        }
    }
}

/// A value that was written, or none if it was a deletion.
pub(super) fn versioned(written: &Written) -> Option<Versioned> {
    let value = written.value.clone()?;
    Some(Versioned {
        version: written.version,
        value,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_the_same_whether_it_is_sifted_out_or_lies_in_order() {
        let mut recent = Recent::new(0, Timestamp::from_millis(0), Tally::default());
        for number in 0..100_u8 {
            let (key, version) = (vec![number.wrapping_mul(37)], u64::from(number));
            let value = Some(Vec::new());
            recent.insert(key, Written { version, value });
        }
        let range = |reverse| Range {
            start: vec![20],
            end: vec![90],
            limit: usize::MAX,
            reverse,
        };
        let mut keys = |reverse| -> Vec<RawKey> {
            let found = recent.scan(&range(reverse));
            found.map(|(key, _)| key.clone()).collect()
        };
        let (ahead, back) = (keys(false), keys(true));
        assert!(ahead.is_sorted() && ahead.iter().rev().eq(&back));
        for _ in 0..SCANS_SIFTED {
            assert_eq!([keys(false), keys(true)], [ahead.clone(), back.clone()]);
        }
    }
}

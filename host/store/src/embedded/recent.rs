//! What was written lately: newer than the state on disk, which the follower gives it table by
//! table. Reads look here first.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::sync::Arc;

use souk_core::Timestamp;

use super::tally::Tally;
use crate::engine::{Range, RawKey, Versioned};

/// A value or a deletion, and the commit that wrote it.
#[derive(Clone)]
pub(super) struct Written {
    pub(super) version: u64,
    pub(super) value: Option<Vec<u8>>,
}

/// The newest write of each key.
pub(super) type Table = BTreeMap<RawKey, Written>;

/// For so many tables, what was written after some moment is still found here: it was active then
/// or later, and is frozen, warm, and only then forgotten.
pub(super) const TABLES_REMEMBERED: u64 = 2;

/// The newest part of the state.
pub(super) struct Recent {
    /// The last commit.
    pub(super) sequence: u64,
    /// When that was.
    pub(super) at: Timestamp,
    /// The tally of the whole state after it.
    pub(super) tally: Tally,
    active: Table,
    /// What the follower is writing.
    frozen: Option<Arc<Table>>,
    /// What the follower wrote last. It is on disk too; here it is found without a search there.
    warm: Option<Arc<Table>>,
    /// How many tables the follower has written.
    tables: u64,
}

impl Recent {
    pub(super) fn new(sequence: u64, at: Timestamp, tally: Tally) -> Self {
        Self {
            sequence,
            at,
            tally,
            active: Table::new(),
            frozen: None,
            warm: None,
            tables: TABLES_REMEMBERED.saturating_add(1),
        }
    }

    pub(super) fn keys(&self) -> usize {
        let frozen = self.frozen.as_ref().map_or(0, |frozen| frozen.len());
        self.active.len().saturating_add(frozen)
    }

    /// How many keys the follower has not begun with.
    pub(super) fn waiting(&self) -> usize {
        self.active.len()
    }

    pub(super) fn find(&self, key: &[u8]) -> Option<&Written> {
        let active = self.active.get(key);
        let frozen = || self.frozen.as_ref()?.get(key);
        active
            .or_else(frozen)
            .or_else(|| self.warm.as_ref()?.get(key))
    }

    /// How many tables the follower has written, and a few more, so that it is never 0. A key that
    /// was not among the recent ones at some moment is on disk what it was then, unless it is among
    /// them, for at least [`TABLES_REMEMBERED`] tables more.
    pub(super) fn tables(&self) -> u64 {
        self.tables
    }

    pub(super) fn insert(&mut self, key: RawKey, written: Written) {
        self.active.insert(key, written);
    }

    /// Hands what is there to the follower, who has nothing at the moment.
    pub(super) fn freeze(&mut self) -> Option<Arc<Table>> {
        if self.active.is_empty() || self.frozen.is_some() {
            return None;
        }
        let table = Arc::new(std::mem::take(&mut self.active));
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
        &'a self,
        range: &Range,
    ) -> impl Iterator<Item = (&'a RawKey, &'a Written)> + use<'a> {
        let newer = ordered(&self.active, range);
        let older = self.frozen.as_deref().map(|frozen| ordered(frozen, range));
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

fn ordered<'a>(
    table: &'a Table,
    range: &Range,
) -> impl Iterator<Item = (&'a RawKey, &'a Written)> + use<'a> {
    let (start, end) = (range.start.clone(), range.end.clone());
    let mut found = (start < end).then(|| table.range(start..end));
    let reverse = range.reverse;
    std::iter::from_fn(move || {
        let found = found.as_mut()?;
        if reverse {
            found.next_back()
        } else {
            found.next()
        }
    })
}

/// Merges two ordered iterators. Of two items with the same key only the first's is kept.
pub(super) fn merge<T, A, B, C>(first: A, second: B, compare: C) -> Merge<A, B, C>
where
    A: Iterator<Item = T>,
    B: Iterator<Item = T>,
    C: Fn(&T, &T) -> std::cmp::Ordering,
{
    Merge {
        first: first.peekable(),
        second: second.peekable(),
        compare,
    }
}

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
    C: Fn(&T, &T) -> std::cmp::Ordering,
{
    type Item = T;

    fn next(&mut self) -> Option<T> {
        let (Some(first), Some(second)) = (self.first.peek(), self.second.peek()) else {
            return self.first.next().or_else(|| self.second.next());
        };
        match (self.compare)(first, second) {
            std::cmp::Ordering::Less => self.first.next(),
            std::cmp::Ordering::Greater => self.second.next(),
            std::cmp::Ordering::Equal => {
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

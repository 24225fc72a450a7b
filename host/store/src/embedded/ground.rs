//! What a commit needs to know of the state, gathered before it takes its turn: searching the disk
//! takes longer than all the rest, and everybody else would wait.

use std::collections::BTreeMap;

use super::recent::{Recent, TABLES_REMEMBERED};
use super::state::{State, StateError};
use crate::batch::{Batch, Reads};
use crate::engine::{RawKey, Versioned};

/// A transaction that has read nothing.
const NOTHING: &Reads = &Reads {
    keys: BTreeMap::new(),
    ranges: Vec::new(),
};

/// What is known of the keys that a commit needs.
///
/// What was found at some moment holds for a while: whatever was written since then is among the
/// recent writes, which are looked at first.
pub(super) struct Ground<'a> {
    /// How many tables the follower had written when the transaction began.
    begun: u64,
    /// What the transaction has found since then.
    pub(super) reads: &'a Reads,
    /// What was looked up on disk, and how many tables the follower had written before.
    looked_up: BTreeMap<RawKey, (u64, Option<Versioned>)>,
}

impl<'a> Ground<'a> {
    /// The ground of a commit that rests on nothing.
    pub(super) fn bare() -> Self {
        Self::of(0, NOTHING)
    }

    /// The ground of a transaction: what it has read since it began.
    pub(super) fn of(begun: u64, reads: &'a Reads) -> Self {
        Self {
            begun,
            reads,
            looked_up: BTreeMap::new(),
        }
    }

    /// What is known of a key that is not among the recent ones.
    pub(super) fn find(&self, key: &[u8], recent: &Recent) -> Option<&Option<Versioned>> {
        let holds = |then: u64| recent.tables() <= then.saturating_add(TABLES_REMEMBERED);
        let read = self.reads.keys.get(key).filter(|_| holds(self.begun));
        let read = read.map(|read| &read.found);
        let looked_up = || match self.looked_up.get(key) {
            Some((then, found)) if holds(*then) => Some(found),
            Some(_) | None => None,
        };
        read.or_else(looked_up)
    }

    /// The keys a batch needs that have to be looked up on disk: of those that it checks, writes,
    /// adds to and appends to.
    pub(super) fn missing(&self, batch: &Batch, recent: &Recent) -> Vec<RawKey> {
        let checks = self.reads.checked().map(|(key, _)| key);
        let adds = batch.adds.iter().map(|add| &add.key);
        let heads = batch.appends.iter().map(|append| &append.head);
        let needed = checks.chain(batch.writes.keys()).chain(adds).chain(heads);
        let is_known =
            |key: &RawKey| self.find(key, recent).is_some() || recent.find(key).is_some();
        needed.filter(|key| !is_known(key)).cloned().collect()
    }

    /// Looks keys up. `tables` is how many the follower had written before.
    pub(super) fn look_up(
        &mut self,
        keys: Vec<RawKey>,
        tables: u64,
        state: &State,
    ) -> Result<(), StateError> {
        for key in keys {
            let found = state.get(&key)?;
            self.looked_up.insert(key, (tables, found));
        }
        Ok(())
    }
}

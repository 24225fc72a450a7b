//! What a commit needs to know of the state, gathered before it takes its turn: searching the disk
//! takes longer than all the rest, and everybody else would wait.

use std::collections::BTreeMap;

use super::recent::{Recent, TABLES_REMEMBERED};
use super::state::{State, StateError};
use crate::batch::Batch;
use crate::engine::{RawKey, Versioned};

/// What is known of the keys that a commit needs.
///
/// What was found at some moment holds for a while: whatever was written since then is among the
/// recent writes, which are looked at first.
#[derive(Default)]
pub(super) struct Ground {
    /// How many tables the follower had written when the transaction began.
    begun: u64,
    /// What the transaction has found since then.
    read: BTreeMap<RawKey, Option<Versioned>>,
    /// What was looked up on disk, and how many tables the follower had written before.
    looked_up: BTreeMap<RawKey, (u64, Option<Versioned>)>,
}

impl Ground {
    /// The ground of a batch: what it has read.
    pub(super) fn of(batch: &mut Batch) -> Self {
        Self {
            begun: batch.begun,
            read: std::mem::take(&mut batch.read),
            looked_up: BTreeMap::new(),
        }
    }

    /// What is known of a key that is not among the recent ones.
    pub(super) fn find(&self, key: &[u8], recent: &Recent) -> Option<&Option<Versioned>> {
        let holds = |then: u64| recent.tables() <= then.saturating_add(TABLES_REMEMBERED);
        let read = self.read.get(key).filter(|_| holds(self.begun));
        let looked_up = || match self.looked_up.get(key) {
            Some((then, found)) if holds(*then) => Some(found),
            Some(_) | None => None,
        };
        read.or_else(looked_up)
    }

    /// The keys a batch needs that have to be looked up on disk: of those that it checks, writes,
    /// adds to and appends to.
    pub(super) fn missing(&self, batch: &Batch, recent: &Recent) -> Vec<RawKey> {
        let checks = batch.checks.keys.keys();
        let adds = batch.adds.iter().map(|add| &add.key);
        let heads = batch.appends.iter().map(|append| &append.head);
        let needed = checks.chain(batch.writes.keys()).chain(adds).chain(heads);
        let is_known =
            |key: &RawKey| recent.find(key).is_some() || self.find(key, recent).is_some();
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

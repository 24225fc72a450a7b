//! What a commit needs to know of the state, gathered before it takes its turn: searching the disk
//! takes longer than all the rest, and everybody else would wait.

use std::collections::BTreeMap;

use super::recent::{Recent, TABLES_REMEMBERED, versioned};
use super::state::{State, StateError};
use crate::apply::{HEAD, tagged};
use crate::batch::Batch;
use crate::engine::{RawKey, Versioned};

/// The keys that a commit needs, and what is known of them.
#[derive(Default)]
pub(super) struct Ground {
    /// In order, each once.
    keys: Vec<RawKey>,
    /// What was found under a key, and how many tables the follower had written by then.
    known: BTreeMap<RawKey, (u64, Option<Versioned>)>,
}

/// A ground as it is while nobody changes anything.
pub(super) struct Standing<'a> {
    keys: &'a [RawKey],
    /// What there is under each of the keys.
    known: Vec<Known>,
}

/// What is known of a key.
enum Known {
    /// It has to be looked up on disk.
    Nothing,
    /// This is under it, or nothing is.
    Found(Option<Versioned>),
}

impl Ground {
    /// The ground of a batch: what it checks, writes, adds to and appends to. What it has read is
    /// known.
    pub(super) fn of(batch: &mut Batch) -> Self {
        let checks = batch.checks.keys.keys();
        let adds = batch.adds.iter().map(|add| &add.key);
        let own = checks.chain(batch.writes.keys()).chain(adds).cloned();
        let heads = batch.appends.iter();
        let heads = heads.map(|append| tagged(HEAD, &append.log));
        let mut keys: Vec<_> = own.chain(heads).collect();
        keys.sort_unstable();
        keys.dedup();
        let (begun, read) = (batch.begun, std::mem::take(&mut batch.read));
        let known = read.into_iter().map(|(key, found)| (key, (begun, found)));
        Self {
            keys,
            known: known.collect(),
        }
    }

    /// What there is now under each key, as far as it is known: what was looked up on disk holds,
    /// since whatever was written since then is among the recent ones.
    pub(super) fn now(&self, recent: &Recent) -> Standing<'_> {
        let on_disk = |key: &RawKey| match self.known.get(key) {
            Some((then, found)) if recent.tables() <= then.saturating_add(TABLES_REMEMBERED) => {
                Known::Found(found.clone())
            }
            Some(_) | None => Known::Nothing,
        };
        let newest = |key: &RawKey| match recent.find(key) {
            Some(written) => Known::Found(versioned(written)),
            None => on_disk(key),
        };
        Standing {
            keys: &self.keys,
            known: self.keys.iter().map(newest).collect(),
        }
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
            self.known.insert(key, (tables, found));
        }
        Ok(())
    }
}

impl Standing<'_> {
    /// The keys that have to be looked up on disk.
    pub(super) fn missing(&self) -> Vec<RawKey> {
        let keys = self.keys.iter().zip(&self.known);
        let missing = keys.filter(|(_, known)| matches!(known, Known::Nothing));
        missing.map(|(key, _)| key.clone()).collect()
    }

    /// What there is under a key, if it is one of the ground and that is known.
    pub(super) fn find(&self, key: &[u8]) -> Option<&Option<Versioned>> {
        let place = self
            .keys
            .binary_search_by(|known| known.as_slice().cmp(key));
        match self.known.get(place.ok()?)? {
            Known::Found(found) => Some(found),
            Known::Nothing => None,
        }
    }
}

//! The newest state, whole: what was written lately, over the state on disk. This is what a commit
//! is checked against, under the lock that lets one commit at a time.
//!
//! Searching the disk takes longer than all the rest, so what a commit will need of it is looked up
//! before: its [`Ground`].

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::recent::{Recent, TABLES_REMEMBERED, merge, versioned};
use super::state::{State, StateError};
use super::tally::Tally;
use crate::apply::{ENTRY, HEAD, View, tagged};
use crate::batch::Batch;
use crate::engine::{Range, RawKey, StoreError, Versioned};

/// What was on disk at some moment of the keys that a commit needs, as far as they were not among
/// the recent ones.
pub(super) struct Ground {
    /// How many tables the follower had written.
    tables: u64,
    keys: Vec<RawKey>,
    found: BTreeMap<RawKey, Option<Versioned>>,
}

impl Ground {
    /// Notes which keys a batch needs that are not among the recent ones.
    pub(super) fn missing(batch: &Batch, recent: &Recent) -> Self {
        let checks = batch.checks.keys.keys().cloned();
        let writes = batch.writes.keys();
        let adds = batch.adds.iter().map(|add| add.key.clone());
        let heads = batch.appends.iter().map(|append| tagged(HEAD, &append.log));
        let own = writes.filter(|key| !batch.checks.keys.contains_key(*key));
        let keys = checks.chain(own.cloned()).chain(adds).chain(heads);
        Self {
            tables: recent.tables(),
            keys: keys.filter(|key| recent.find(key).is_none()).collect(),
            found: BTreeMap::new(),
        }
    }

    /// Looks them up. No lock is needed.
    pub(super) fn look_up(mut self, state: &State) -> Result<Self, StateError> {
        for key in std::mem::take(&mut self.keys) {
            let found = state.get(&key)?;
            self.found.insert(key, found);
        }
        Ok(self)
    }

    /// What was found, if that is still what is on disk of all that is not among the recent ones.
    fn now(self, recent: &Recent) -> BTreeMap<RawKey, Option<Versioned>> {
        if recent.tables() <= self.tables.saturating_add(TABLES_REMEMBERED) {
            self.found
        } else {
            BTreeMap::new()
        }
    }
}

/// A view of the newest state, for one commit.
pub(super) struct Latest<'a> {
    recent: &'a Recent,
    state: &'a State,
    /// What was looked up on disk.
    seen: RefCell<BTreeMap<RawKey, Option<Versioned>>>,
    /// What was wrong with the state on disk.
    fault: RefCell<Option<StateError>>,
}

impl<'a> Latest<'a> {
    pub(super) fn new(recent: &'a Recent, state: &'a State) -> Self {
        Self {
            recent,
            state,
            seen: RefCell::default(),
            fault: RefCell::default(),
        }
    }

    /// A view for a commit whose ground is known.
    pub(super) fn on(ground: Ground, recent: &'a Recent, state: &'a State) -> Self {
        Self {
            seen: RefCell::new(ground.now(recent)),
            ..Self::new(recent, state)
        }
    }

    /// Returns the tally after the next commit writes this.
    pub(super) fn tally_after(
        &self,
        writes: &BTreeMap<RawKey, Option<Vec<u8>>>,
    ) -> Result<Tally, StoreError> {
        let mut tally = self.recent.tally;
        let next = self.recent.sequence.saturating_add(1);
        for (key, value) in writes {
            let after = if value.is_some() { next } else { 0 };
            tally.change(key, self.version(key)?, after);
        }
        Ok(tally)
    }

    /// Returns what stood in the way, if it was the state on disk.
    pub(super) fn into_fault(self) -> Option<StateError> {
        self.fault.into_inner()
    }

    fn version(&self, key: &RawKey) -> Result<u64, StoreError> {
        if let Some(written) = self.recent.find(key) {
            return Ok(if written.value.is_some() {
                written.version
            } else {
                0
            });
        }
        if key.first() == Some(&ENTRY) {
            // The place after a log's last entry: nobody ever wrote there.
            return Ok(0);
        }
        if let Some(found) = self.seen.borrow().get(key) {
            return Ok(found.as_ref().map_or(0, |found| found.version));
        }
        Ok(self.get(key)?.map_or(0, |found| found.version))
    }

    fn failed(&self, error: StateError) -> StoreError {
        self.fault.replace(Some(error));
        StoreError::Stopped
    }
}

impl View for Latest<'_> {
    fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        if let Some(written) = self.recent.find(key) {
            return Ok(versioned(written));
        }
        if let Some(found) = self.seen.borrow().get(key) {
            return Ok(found.clone());
        }
        let found = self.state.get(key).map_err(|error| self.failed(error))?;
        self.seen.borrow_mut().insert(key.to_vec(), found.clone());
        Ok(found)
    }

    fn scan(&self, range: &Range) -> Result<Vec<(RawKey, Versioned)>, StoreError> {
        let recent = self.recent.scan(range);
        let recent = recent.map(|(key, written)| Ok((key.clone(), versioned(written))));
        let state = self.state.scan(range);
        let state = state.map_err(|error| self.failed(error))?;
        let state = state.map(|next| {
            let (key, found) = next.map_err(|error| self.failed(error))?;
            Ok((key, Some(found)))
        });
        let merged = merge(recent, state, |one: &Found, other: &Found| {
            match (one, other) {
                (Ok((one, _)), Ok((other, _))) if range.reverse => other.cmp(one),
                (Ok((one, _)), Ok((other, _))) => one.cmp(other),
                (Err(_), _) => std::cmp::Ordering::Less,
                (_, Err(_)) => std::cmp::Ordering::Greater,
            }
        });
        let present = merged.filter_map(|next| match next {
            Ok((key, value)) => Some(Ok((key, value?))),
            Err(error) => Some(Err(error)),
        });
        present.take(range.limit).collect()
    }
}

/// A key that was found, with its value or its deletion.
type Found = Result<(RawKey, Option<Versioned>), StoreError>;

//! The newest state, whole: what was written lately, over the state on disk. This is what a commit
//! is checked against, under the lock that lets one commit at a time.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::ground::Standing;
use super::recent::{Recent, merge, versioned};
use super::state::{State, StateError};
use super::tally::Tally;
use crate::apply::{ENTRY, View};
use crate::engine::{Range, RawKey, StoreError, Versioned};

/// A view of the newest state, for one commit.
pub(super) struct Latest<'a> {
    recent: &'a Recent,
    state: &'a State,
    ground: Standing<'a>,
    /// What was wrong with the state on disk.
    fault: RefCell<Option<StateError>>,
}

impl<'a> Latest<'a> {
    /// A view that knows its ground, as it stands.
    pub(super) fn on(ground: Standing<'a>, recent: &'a Recent, state: &'a State) -> Self {
        Self {
            recent,
            state,
            ground,
            fault: RefCell::default(),
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
        if key.first() == Some(&ENTRY) {
            // The place after a log's last entry: nobody ever wrote there.
            return Ok(0);
        }
        if let Some(found) = self.ground.find(key) {
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
        if let Some(found) = self.ground.find(key) {
            return Ok(found.clone());
        }
        match self.recent.find(key) {
            Some(written) => Ok(versioned(written)),
            None => self.state.get(key).map_err(|error| self.failed(error)),
        }
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

//! The newest state, whole: what was written lately, over the state on disk. This is what a commit
//! is checked against, under the lock that lets one commit at a time.

use super::ground::Ground;
use super::recent::{Recent, by_key, merge, versioned};
use super::state::{State, StateError};
use super::tally::Tally;
use crate::apply::{ENTRY, View};
use crate::batch::Writes;
use crate::engine::{Range, RawKey, StoreError, Versioned};

/// A view of the newest state, for one commit.
pub(super) struct Latest<'a> {
    recent: &'a mut Recent,
    state: &'a State,
    ground: &'a Ground<'a>,
    /// What was wrong with the state on disk.
    fault: Option<StateError>,
}

impl<'a> Latest<'a> {
    /// A view that has its ground.
    pub(super) fn on(ground: &'a Ground<'a>, recent: &'a mut Recent, state: &'a State) -> Self {
        Self {
            recent,
            state,
            ground,
            fault: None,
        }
    }

    /// Returns the tally after the next commit writes this.
    pub(super) fn tally_after(&mut self, writes: &Writes) -> Result<Tally, StoreError> {
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
        self.fault
    }

    fn unless_failed<T>(&mut self, found: Result<T, StateError>) -> Result<T, StoreError> {
        found.map_err(|error| {
            self.fault = Some(error);
            StoreError::Stopped
        })
    }
}

impl View for Latest<'_> {
    fn get(&mut self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        if let Some(written) = self.recent.find(key) {
            return Ok(versioned(written));
        }
        if let Some(found) = self.ground.find(key, self.recent) {
            return Ok(found.clone());
        }
        let found = self.state.get(key);
        self.unless_failed(found)
    }

    fn version(&mut self, key: &[u8]) -> Result<u64, StoreError> {
        if key.first() == Some(&ENTRY) {
            // The place after a log's last entry: nobody ever wrote there.
            return Ok(0);
        }
        if let Some(written) = self.recent.find(key) {
            return Ok(written.value.as_ref().map_or(0, |_| written.version));
        }
        if let Some(found) = self.ground.find(key, self.recent) {
            return Ok(found.as_ref().map_or(0, |found| found.version));
        }
        let found = self.state.get(key);
        Ok(self.unless_failed(found)?.map_or(0, |found| found.version))
    }

    fn scan(&mut self, range: &Range) -> Result<Vec<(RawKey, Versioned)>, StoreError> {
        let state = self.state.scan(range);
        let state = self.unless_failed(state)?;
        let recent = self.recent.scan(range);
        let recent = recent.map(|(key, written)| Ok((key.clone(), versioned(written))));
        let state = state.map(|next| next.map(|(key, found)| (key, Some(found))));
        let merged = merge(recent, state, by_key(range.reverse));
        let present = merged.filter_map(|next| match next {
            Ok((key, value)) => Some(Ok((key, value?))),
            Err(error) => Some(Err(error)),
        });
        let found = present.take(range.limit).collect();
        self.unless_failed(found)
    }
}

//! The memory engine: the contract with nothing underneath. For tests, and the model of the others.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use souk_core::Timestamp;

use crate::apply::{View, check, resolve};
use crate::batch::{Batch, Committed};
use crate::engine::{CommitError, Engine, Range, RawKey, StoreError, Versioned};

/// An engine that forgets everything when it is dropped.
#[derive(Default)]
pub struct Memory {
    state: Mutex<State>,
}

struct State {
    sequence: u64,
    at: Timestamp,
    values: BTreeMap<RawKey, Versioned>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            sequence: 0,
            at: Timestamp::from_millis(0),
            values: BTreeMap::new(),
        }
    }
}

impl Memory {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl View for State {
    fn get(&mut self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        Ok(self.values.get(key).cloned())
    }

    fn scan(&mut self, range: &Range) -> Result<Vec<(RawKey, Versioned)>, StoreError> {
        if range.start >= range.end {
            return Ok(Vec::new());
        }
        let found = self.values.range(range.start.clone()..range.end.clone());
        let found = found.map(|(key, value)| (key.clone(), value.clone()));
        Ok(if range.reverse {
            found.rev().take(range.limit).collect()
        } else {
            found.take(range.limit).collect()
        })
    }
}

impl State {
    fn commit(&mut self, batch: Batch, now: Timestamp) -> Result<Committed, CommitError> {
        if batch.is_read_only() {
            check(&batch.reads, self)?;
            return Ok(Committed {
                sequence: self.sequence,
                at: self.at,
                places: Vec::new(),
            });
        }
        let resolved = resolve(batch, self)?;
        self.sequence = self.sequence.saturating_add(1);
        self.at = self.at.max(now);
        for (key, value) in resolved.writes {
            match value {
                Some(value) => drop(self.values.insert(
                    key,
                    Versioned {
                        version: self.sequence,
                        value,
                    },
                )),
                None => drop(self.values.remove(&key)),
            }
        }
        Ok(Committed {
            sequence: self.sequence,
            at: self.at,
            places: resolved.places,
        })
    }
}

#[async_trait]
impl Engine for Memory {
    async fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        self.state().get(key)
    }

    async fn scan(&self, range: &Range) -> Result<Vec<(RawKey, Versioned)>, StoreError> {
        self.state().scan(range)
    }

    async fn commit(&self, batch: Batch, now: Timestamp) -> Result<Committed, CommitError> {
        self.state().commit(batch, now)
    }

    async fn durable(&self, _: u64) -> Result<(), StoreError> {
        Ok(())
    }
}

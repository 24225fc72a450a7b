//! An engine that tells lies: what a damaged or altered store looks like from above.

use std::sync::Mutex;

use async_trait::async_trait;
use souk_core::Timestamp;
use souk_store::memory::Memory;
use souk_store::{Batch, CommitError, Committed, Engine, Range, RawKey, StoreError, Versioned};

/// How a value is answered: as it is, as something else, or not at all.
type Lie = Box<dyn Fn(&[u8], Vec<u8>) -> Option<Vec<u8>> + Send + Sync>;

/// The memory engine behind somebody who may change what it answers. What is committed stays.
#[derive(Default)]
pub(super) struct Liar {
    memory: Memory,
    lie: Mutex<Option<Lie>>,
}

impl Liar {
    /// From now on answers every value with what `lie` makes of it.
    pub(super) fn tell(
        &self,
        lie: impl Fn(&[u8], Vec<u8>) -> Option<Vec<u8>> + Send + Sync + 'static,
    ) {
        *self.lie.lock().unwrap() = Some(Box::new(lie));
    }

    fn answer(&self, key: &[u8], found: Versioned) -> Option<Versioned> {
        let lie = self.lie.lock().unwrap();
        let Some(lie) = lie.as_ref() else {
            return Some(found);
        };
        let value = lie(key, found.value)?;
        Some(Versioned { value, ..found })
    }
}

#[async_trait]
impl Engine for Liar {
    async fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        let found = self.memory.get(key).await?;
        Ok(found.and_then(|found| self.answer(key, found)))
    }

    async fn scan(&self, range: &Range) -> Result<Vec<(RawKey, Versioned)>, StoreError> {
        let found = self.memory.scan(range).await?;
        let told = found.into_iter().filter_map(|(key, found)| {
            let told = self.answer(&key, found)?;
            Some((key, told))
        });
        Ok(told.collect())
    }

    async fn commit(&self, batch: Batch, now: Timestamp) -> Result<Committed, CommitError> {
        self.memory.commit(batch, now).await
    }

    async fn durable(&self, sequence: u64) -> Result<(), StoreError> {
        self.memory.durable(sequence).await
    }
}

//! An engine on which everybody has read before anybody commits: transactions that start together
//! are all under way together, however quick they are.

use std::sync::Arc;

use async_trait::async_trait;
use souk_core::Timestamp;
use souk_store::{Batch, CommitError, Committed, Engine, Range, RawKey, StoreError, Versioned};
use tokio::task::yield_now;

/// Another engine, with a pause before each commit.
pub(crate) struct Hesitant(pub(crate) Arc<dyn Engine>);

#[async_trait]
impl Engine for Hesitant {
    async fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        self.0.get(key).await
    }

    async fn scan(&self, range: &Range) -> Result<Vec<(RawKey, Versioned)>, StoreError> {
        self.0.scan(range).await
    }

    async fn commit(&self, batch: Batch, now: Timestamp) -> Result<Committed, CommitError> {
        yield_now().await;
        self.0.commit(batch, now).await
    }

    async fn durable(&self, sequence: u64) -> Result<(), StoreError> {
        self.0.durable(sequence).await
    }
}

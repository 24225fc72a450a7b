//! An engine that takes every commit as it comes: what was read may have changed, and no number
//! has bounds. R17 tries limits on it.

use std::sync::Arc;

use async_trait::async_trait;
use souk_core::Timestamp;
use souk_store::embedded::Embedded;
use souk_store::{
    Batch, Bounds, CommitError, Committed, Engine, Range, RawKey, Reads, StoreError, Versioned,
};

/// The embedded engine without its checks.
pub(crate) struct Unchecked(pub(crate) Arc<Embedded>);

#[async_trait]
impl Engine for Unchecked {
    async fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        self.0.get(key).await
    }

    async fn scan(&self, range: &Range) -> Result<Vec<(RawKey, Versioned)>, StoreError> {
        self.0.scan(range).await
    }

    async fn commit(&self, mut batch: Batch, now: Timestamp) -> Result<Committed, CommitError> {
        batch.reads = Reads::default();
        for add in &mut batch.adds {
            add.bounds = Bounds::NONE;
        }
        self.0.commit(batch, now).await
    }

    async fn durable(&self, sequence: u64) -> Result<(), StoreError> {
        self.0.durable(sequence).await
    }
}

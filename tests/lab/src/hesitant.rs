//! An engine on which everybody has read before anybody commits: transactions that start together
//! are all under way together, however quick they are.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use souk_core::Timestamp;
use souk_store::{Batch, CommitError, Committed, Engine, Range, RawKey, StoreError, Versioned};
use tokio::sync::Barrier;

/// Another engine, whose first commits wait for each other.
pub(crate) struct Hesitant {
    engine: Arc<dyn Engine>,
    together: Barrier,
    /// Commits that have not come yet and will wait.
    awaited: AtomicUsize,
}

impl Hesitant {
    /// The first `together` commits of this engine begin when the last of them has come. A refusal
    /// is a commit too: it rests on what was read.
    pub(crate) fn new(engine: Arc<dyn Engine>, together: usize) -> Self {
        Self {
            engine,
            together: Barrier::new(together),
            awaited: AtomicUsize::new(together),
        }
    }

    /// The next commits, as many as before, wait for each other again.
    pub(crate) fn wait_again(&self, together: usize) {
        self.awaited.store(together, Ordering::Relaxed);
    }

    fn is_awaited(&self) -> bool {
        let less = |awaited: usize| awaited.checked_sub(1);
        let order = Ordering::Relaxed;
        self.awaited.fetch_update(order, order, less).is_ok()
    }
}

#[async_trait]
impl Engine for Hesitant {
    async fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        self.engine.get(key).await
    }

    async fn scan(&self, range: &Range) -> Result<Vec<(RawKey, Versioned)>, StoreError> {
        self.engine.scan(range).await
    }

    async fn commit(&self, batch: Batch, now: Timestamp) -> Result<Committed, CommitError> {
        if self.is_awaited() {
            self.together.wait().await;
        }
        self.engine.commit(batch, now).await
    }

    async fn durable(&self, sequence: u64) -> Result<(), StoreError> {
        self.engine.durable(sequence).await
    }
}

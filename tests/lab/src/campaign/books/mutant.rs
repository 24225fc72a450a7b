//! Engines with a defect planted: what a campaign must notice, or it notices nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use souk_core::Timestamp;
use souk_store::{
    Batch, CommitError, Committed, Engine, Range, RawKey, Reads, StoreError, Versioned,
};

/// What is wrong with an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Defect {
    /// `lost-add`: every thousandth commit that changes numbers loses the last change.
    LostAdd,
    /// `no-checks`: a commit does not look whether what it rests on was changed meanwhile.
    NoChecks,
}

/// An engine with a defect.
pub(crate) struct Mutant {
    engine: Arc<dyn Engine>,
    defect: Defect,
    commits: AtomicU64,
}

impl Mutant {
    pub(crate) fn of(engine: Arc<dyn Engine>, defect: Defect) -> Self {
        Self {
            engine,
            defect,
            commits: AtomicU64::new(0),
        }
    }

    fn spoil(&self, batch: &mut Batch) {
        match self.defect {
            Defect::LostAdd => {
                // An add of nothing only says what must be.
                let last = batch.adds.iter().rposition(|add| add.delta != 0);
                if let Some(last) = last
                    && self.commits.fetch_add(1, Ordering::SeqCst) % 1_000 == 999
                {
                    batch.adds.remove(last);
                }
            }
            Defect::NoChecks => batch.reads = Reads::default(),
        }
    }
}

#[async_trait]
impl Engine for Mutant {
    async fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        self.engine.get(key).await
    }

    async fn scan(&self, range: &Range) -> Result<Vec<(RawKey, Versioned)>, StoreError> {
        self.engine.scan(range).await
    }

    async fn commit(&self, mut batch: Batch, now: Timestamp) -> Result<Committed, CommitError> {
        self.spoil(&mut batch);
        self.engine.commit(batch, now).await
    }

    async fn durable(&self, sequence: u64) -> Result<(), StoreError> {
        self.engine.durable(sequence).await
    }
}

//! Which engine the whole suite runs on: `SOUK_TEST_ENGINE` is `memory` (as is nothing), `embedded`
//! or `postgres`. `tests/run` runs it on each.

#[path = "../../../../tests/postgres/server.rs"]
#[allow(dead_code, unreachable_pub, reason = "shared with other suites")]
mod server;

use std::sync::Arc;

use async_trait::async_trait;
use souk_core::Timestamp;
use souk_store::embedded::{self, Embedded};
use souk_store::memory::Memory;
use souk_store::postgres::{self, Postgres};
use souk_store::{Batch, CommitError, Committed, Engine, Range, RawKey, StoreError, Versioned};
use tempfile::TempDir;

fn chosen() -> String {
    std::env::var("SOUK_TEST_ENGINE").unwrap_or_else(|_| "memory".to_owned())
}

/// Returns an engine with nothing in it.
pub(super) fn fresh() -> Arc<dyn Engine> {
    match chosen().as_str() {
        "memory" => Arc::new(Memory::default()),
        "embedded" => Arc::new(InFolder::new()),
        "postgres" => Arc::new(tables()),
        other => panic!("there is no engine {other}"),
    }
}

/// How many cases of a property are tried: fewer on an engine that takes its time.
pub(super) fn cases(in_memory: u32) -> u32 {
    if chosen() == "memory" {
        in_memory
    } else {
        in_memory / 20
    }
}

fn tables() -> Postgres {
    let mut options = postgres::Options::at(&server::fresh(server::Kind::Fast)).unwrap();
    options.protections.durable_server = false;
    Postgres::open(&options).unwrap().0
}

/// The embedded engine, and the folder that goes when it goes.
struct InFolder {
    engine: Embedded,
    _folder: TempDir,
}

impl InFolder {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = embedded::Options::at(&folder.path().join("data"));
        let (engine, _) = Embedded::open(&options).unwrap();
        Self {
            engine,
            _folder: folder,
        }
    }
}

#[async_trait]
impl Engine for InFolder {
    async fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        self.engine.get(key).await
    }

    async fn scan(&self, range: &Range) -> Result<Vec<(RawKey, Versioned)>, StoreError> {
        self.engine.scan(range).await
    }

    async fn commit(&self, batch: Batch, now: Timestamp) -> Result<Committed, CommitError> {
        self.engine.commit(batch, now).await
    }

    async fn durable(&self, sequence: u64) -> Result<(), StoreError> {
        self.engine.durable(sequence).await
    }
}

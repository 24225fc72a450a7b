//! The store that everybody above receives: begins transactions, commits them, tells of changes.

use std::future::Future;
use std::sync::Arc;

use souk_core::{Clock, Timestamp, limits::STALE_RUNS_MAX};

use crate::batch::Committed;
use crate::changes::{Changes, Hub};
use crate::draw::draw;
use crate::engine::{CommitError, Engine, StoreError};
use crate::key::Key;
use crate::keyring::Keyring;
use crate::txn::{Savepoint, Seed, Txn};

/// A transactional store on some engine.
#[derive(Clone)]
pub struct Store {
    parts: Arc<Parts>,
    hub: Hub,
}

/// What transactions work on. They share one value, since cores that count references to the same
/// one wait for each other.
pub(crate) struct Parts {
    pub(crate) engine: Arc<dyn Engine>,
    pub(crate) keyring: Arc<Keyring>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Store {
    /// Puts a store together.
    pub fn new(engine: Arc<dyn Engine>, keyring: Arc<Keyring>, clock: Arc<dyn Clock>) -> Self {
        let hub = Hub::default();
        engine.tell_of_others(hub.clone());
        let parts = Parts {
            engine,
            keyring,
            clock,
        };
        Self {
            parts: Arc::new(parts),
            hub,
        }
    }

    /// Returns the present time by the store's clock.
    pub fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }

    /// Returns when the store has failed for good and only a new start helps; else never.
    pub async fn failed(&self) {
        self.parts.engine.failed().await;
    }

    /// Tells whether this is no copy that was left half done: such a one must not be served.
    ///
    /// # Errors
    /// The engine's.
    pub async fn is_whole(&self) -> Result<bool, StoreError> {
        crate::copy::is_whole(&*self.parts.engine).await
    }

    /// Returns the keyring.
    pub fn keyring(&self) -> &Keyring {
        &self.parts.keyring
    }

    /// Returns what is woken when logs grow that it [`follow`](Changes::follow)s.
    pub fn changes(&self) -> Changes {
        self.hub.nothing()
    }

    /// Returns what is woken when any log grows whose key starts with this one.
    pub fn changes_under(&self, room: Key) -> Changes {
        self.hub.room(room)
    }

    /// Begins a transaction with ids nobody can foresee.
    pub fn begin(&self) -> Result<Txn, StoreError> {
        Ok(self.begin_seeded(Seed(draw()?)))
    }

    /// Begins a transaction whose ids follow from a seed.
    pub fn begin_seeded(&self, seed: Seed) -> Txn {
        Txn::begin(Arc::clone(&self.parts), seed)
    }

    /// Commits a transaction: checks what it read, applies what it staged, waits until both what
    /// it wrote and what it saw are durable, then tells the listeners.
    ///
    /// # Errors
    /// [`CommitError::Conflict`] when another commit changed what it rests on: run it again.
    pub async fn commit(&self, txn: &Txn) -> Result<Committed, CommitError> {
        let (batch, _) = txn.end()?;
        let logs: Vec<Key> = batch
            .appends
            .iter()
            .map(|append| Key::of_log(&append.log))
            .collect();
        let Parts { engine, clock, .. } = &*self.parts;
        let committed = engine.commit(batch, clock.now()).await?;
        self.hub.tell(&logs);
        Ok(committed)
    }

    /// Runs `body` as one transaction, again from the start when it saw stale data, and commits
    /// what it staged if it answers `Ok`. An `Err` commits nothing, and is only answered once it is
    /// sure that it rests on data that was current and is durable.
    ///
    /// # Errors
    /// What `body` answers; [`StoreError::Contended`] when it kept seeing stale data.
    pub async fn transact<T, E, F, Fut>(&self, body: F) -> Result<T, E>
    where
        F: FnMut(Txn) -> Fut,
        Fut: Future<Output = Result<T, E>>,
        E: From<StoreError>,
    {
        self.retry(|| self.begin(), body).await
    }

    /// Like [`transact`](Self::transact), with ids that follow from a seed.
    ///
    /// # Errors
    /// As [`transact`](Self::transact).
    pub async fn transact_seeded<T, E, F, Fut>(&self, seed: Seed, body: F) -> Result<T, E>
    where
        F: FnMut(Txn) -> Fut,
        Fut: Future<Output = Result<T, E>>,
        E: From<StoreError>,
    {
        self.retry(|| Ok(self.begin_seeded(seed)), body).await
    }

    /// Runs `body` on data that is durable but may be of slightly different moments; what it
    /// stages is dropped. For pages that people look at.
    ///
    /// # Errors
    /// What `body` answers.
    pub async fn view<T, E, F, Fut>(&self, body: F) -> Result<T, E>
    where
        F: FnOnce(Txn) -> Fut,
        Fut: Future<Output = Result<T, E>>,
        E: From<StoreError>,
    {
        // Whatever ids are made, none stays.
        let txn = self.begin_seeded(Seed([0; 32]));
        let answer = body(txn.clone()).await;
        let (_, seen) = txn.end()?;
        self.parts.engine.durable(seen).await?;
        answer
    }

    async fn retry<T, E, F, Fut>(
        &self,
        mut begin: impl FnMut() -> Result<Txn, StoreError>,
        mut body: F,
    ) -> Result<T, E>
    where
        F: FnMut(Txn) -> Fut,
        Fut: Future<Output = Result<T, E>>,
        E: From<StoreError>,
    {
        for _ in 0..STALE_RUNS_MAX {
            let txn = begin()?;
            let answer = body(txn.clone()).await;
            if answer.is_err() {
                txn.roll_back(Savepoint::default())?;
            }
            match self.commit(&txn).await {
                Ok(_) => return answer,
                Err(CommitError::Conflict) => {}
                Err(CommitError::Store(error)) => return Err(error.into()),
            }
        }
        Err(StoreError::Contended.into())
    }
}

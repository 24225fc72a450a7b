//! The embedded engine: one directory, one process, nothing lost.
//!
//! The [`journal`] is the truth: every commit is a record in it, synced before anybody hears of it,
//! many commits with one sync. The [`anchor`] lies elsewhere and says how far the journal had come.
//! The [`state`] on disk is derived from the journal by the [`follower`] and made anew whenever it
//! is missing, behind or damaged; what it does not have yet is in [`recent`], where every read
//! looks first.
//!
//! A failed write or sync stops the engine for good: nothing is acknowledged any more, and the next
//! start finds out what the disk really holds. [`checkpoint`]s keep the start and the journal
//! short; the [`upkeep`] makes them, and reads in the background what the start did not. A full
//! disk is met while room is allocated ahead; it refuses commits until there is room again.

mod anchor;
mod archive;
mod backup;
mod census;
mod checkpoint;
mod derive;
mod desk;
mod error;
mod follower;
mod ground;
mod hot;
mod inspect;
mod journal;
mod latest;
mod lock;
mod options;
mod pace;
mod queue;
mod recent;
mod replay;
mod report;
mod scrub;
mod settle;
mod shared;
mod start;
mod state;
mod tally;
mod upkeep;
mod verify;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use async_trait::async_trait;
use souk_core::Timestamp;
use souk_core::limits::{COMMIT_RETRY_MS, COMMIT_WAITS_MS_MAX};
use tokio::time::timeout;

use crate::batch::{Batch, Committed};
use crate::engine::{CommitError, Engine, Range, RawKey, StoreError, Versioned};
pub use backup::{BackupError, Moment, Prefix, backup, options_of as backup_options, restore};
pub use error::OpenError;
use inspect::inspect;
pub use journal::walk::Damage;
use journal::{StoreId, room, writer};
use lock::Lock;
pub use lock::{Held, hold};
pub use options::{Options, Progress, Protections};
pub use report::{Adopted, Dropped, JournalFound, Opened, Reached, Report, StateFound};
use settle::Settled;
use shared::{Shared, Staged};
use upkeep::Upkeep;
pub use verify::{rebuild, verify};

/// The embedded engine, running. Dropping it writes what waits and closes its files.
pub struct Embedded {
    shared: Arc<Shared>,
    writer: Option<JoinHandle<()>>,
    room: Option<JoinHandle<()>>,
    follower: Option<JoinHandle<()>>,
    upkeep: Option<JoinHandle<()>>,
    _lock: Lock,
}

impl Embedded {
    /// Opens the store, or makes it, and says what was found.
    ///
    /// # Errors
    /// The store is in use, something acknowledged is damaged or missing, or the system would not
    /// do something. Each error says what to do next.
    pub fn open(options: &Options) -> Result<(Self, Opened), OpenError> {
        let lock = Lock::take(options)?;
        let before = derive::before(options);
        let mut journal = inspect(options, before.applied())?;
        let found = journal.found()?;
        let new = journal.end.is_none();
        let settled = journal.settle(options)?;
        let derived = derive::derive(options, &journal, before)?;
        let opened = Opened {
            new,
            journal: found,
            state: derived.found,
            replayed: derived.replayed,
            keys: journal.last.tally.keys,
            checked: derived.counted && journal.is_read()?,
            adopted: None,
        };
        let upkeep = Upkeep {
            shelf: journal.shelf.clone(),
            checkpoints: journal.checkpoints.clone(),
            start: journal.start,
            counted: derived.counted,
        };
        let segment = settled.writer.end.segment;
        let shared = Shared::new(options.clone(), derived.state, &journal.last, segment);
        let mut engine = Self {
            shared: Arc::new(shared),
            writer: None,
            room: None,
            follower: None,
            upkeep: None,
            _lock: lock,
        };
        engine.start(settled, journal.store, upkeep)?;
        Ok((engine, opened))
    }

    fn start(&mut self, settled: Settled, store: StoreId, upkeep: Upkeep) -> Result<(), OpenError> {
        let Settled { writer, room } = settled;
        self.room = Some(self.spawn("souk-room", move |shared| room::run(shared, room))?);
        self.follower =
            Some(self.spawn("souk-follower", move |shared| follower::run(shared, store))?);
        self.writer = Some(self.spawn("souk-writer", move |shared| writer::run(shared, writer))?);
        self.upkeep = Some(self.spawn("souk-upkeep", move |shared| upkeep::run(shared, &upkeep))?);
        Ok(())
    }

    fn spawn(
        &self,
        name: &str,
        body: impl FnOnce(&Shared) + Send + 'static,
    ) -> Result<JoinHandle<()>, OpenError> {
        let shared = Arc::clone(&self.shared);
        let run = move || {
            if catch_unwind(AssertUnwindSafe(|| body(&shared))).is_err() {
                shared.stop("a thread of the store", &io::Error::other("panic"));
            }
        };
        let spawned = thread::Builder::new().name(name.to_owned()).spawn(run);
        spawned.map_err(|source| OpenError::Resources {
            what: "threads",
            source,
        })
    }

    /// Returns how far journal and state on disk have come. The state follows the journal; how far
    /// it is behind is what a start would have to catch up on.
    pub fn reached(&self) -> Reached {
        self.shared.reached()
    }

    /// Stages a batch, waiting a moment for room where there is none.
    async fn stage(&self, batch: Batch, now: Timestamp) -> Result<Committed, CommitError> {
        let (mut batch, mut room, admission) = match self.shared.stage(batch, now)? {
            Staged::Done(committed) => return Ok(committed),
            Staged::Wait {
                batch,
                room,
                admission,
            } => (batch, room, admission),
        };
        let mut asked = admission.asked();
        let staged = timeout(Duration::from_millis(COMMIT_WAITS_MS_MAX), async {
            loop {
                room.changed().await.map_err(|_| StoreError::Stopped)?;
                match self.shared.stage(batch, now)? {
                    Staged::Done(committed) => return Ok(committed),
                    Staged::Wait { admission, .. } if admission.is_vain(asked) => {
                        return Err(StoreError::Full.into());
                    }
                    Staged::Wait {
                        batch: back,
                        room: next,
                        admission,
                    } => {
                        (batch, room) = (back, next);
                        asked = asked.or(admission.asked());
                    }
                }
            }
        });
        staged.await.unwrap_or(Err(StoreError::Busy {
            retry_ms: COMMIT_RETRY_MS,
        }
        .into()))
    }
}

#[async_trait]
impl Engine for Embedded {
    fn moment(&self) -> u64 {
        self.shared.tables()
    }

    async fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        self.shared.get(key)
    }

    async fn scan(&self, range: &Range) -> Result<Vec<(RawKey, Versioned)>, StoreError> {
        self.shared.scan(range)
    }

    async fn commit(&self, batch: Batch, now: Timestamp) -> Result<Committed, CommitError> {
        let committed = self.stage(batch, now).await?;
        self.shared.durable(committed.sequence).await?;
        Ok(committed)
    }

    async fn durable(&self, sequence: u64) -> Result<(), StoreError> {
        self.shared.durable(sequence).await
    }

    async fn failed(&self) {
        let mut over = self.shared.over();
        // Whoever asks has the engine, so the sender is there.
        drop(over.wait_for(|over| *over).await);
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.shared.close();
        join(self.room.take());
        self.shared.settle();
        join(self.writer.take());
        self.shared.drained();
        join(self.follower.take());
        join(self.upkeep.take());
    }
}

/// Waits for a thread, which has no panic to tell of.
fn join(thread: Option<JoinHandle<()>>) {
    drop(thread.map(JoinHandle::join));
}

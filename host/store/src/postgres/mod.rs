//! The engine on PostgreSQL: the state in tables, a commit in a short transaction.
//!
//! Reads are single statements and hold nothing. Commits that wait at the same moment are one
//! group, and a group is one transaction, which takes the one row that all commits pass
//! ([`committer`]): commits have one order, also when several hosts use the same tables, and what
//! a batch does is decided by the rules of every other engine. What a batch read is checked there,
//! by the versions it saw.
//!
//! The server keeps what it answers for; a host that loses the answer to a commit asks what became
//! of it, and says that it does not know as long as it does not. The engine lives on a thread of
//! its own, so that whoever calls it may wait in any way.

mod checker;
mod committer;
mod error;
mod fault;
mod ground;
mod group;
mod listener;
mod open;
mod options;
mod reader;
mod schema;
mod session;
mod sql;
mod stop;

use std::io;
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use async_trait::async_trait;
use souk_core::Timestamp;
use souk_core::limits::{
    COMMIT_RETRY_MS, COMMIT_WAITS_MS_MAX, COMMITS_WAITING_BYTES_MAX, READING_CONNECTIONS_MAX,
    RECORD_BYTES_MAX,
};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Mutex, Notify, OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::batch::{Batch, Committed};
use crate::changes::Hub;
use crate::engine::{CommitError, Engine, Range, RawKey, StoreError, Versioned};
use committer::Committer;
pub use error::OpenError;
pub use fault::Fault;
use group::Waiting;
use listener::Listener;
pub use open::Opened;
pub use options::{Hold, Options, Protections};
use reader::Read;
use session::Link;
use stop::Stop;

/// The engine on PostgreSQL, running. Dropping it ends its connections.
pub struct Postgres {
    lanes: Lanes,
    /// Bytes of commits that may wait.
    room: Arc<Semaphore>,
    told: Arc<OnceLock<Hub>>,
    stop: Stop,
    /// The last field: the lanes are closed before the thread is waited for.
    _thread: Thread,
}

/// Where those who work for the engine are reached.
struct Lanes {
    reads: mpsc::UnboundedSender<Read>,
    commits: mpsc::UnboundedSender<Waiting>,
    looks: mpsc::UnboundedSender<Waiting>,
}

/// The other ends.
struct Ends {
    reads: mpsc::UnboundedReceiver<Read>,
    commits: mpsc::UnboundedReceiver<Waiting>,
    looks: mpsc::UnboundedReceiver<Waiting>,
}

/// The thread everything runs on.
struct Thread(Option<thread::JoinHandle<()>>);

impl Postgres {
    /// Opens the store, or makes it, and says what was found.
    ///
    /// # Errors
    /// The database cannot be reached, would lose what it acknowledges, or is in use. Each error
    /// says what to do next.
    pub fn open(options: &Options) -> Result<(Self, Opened), OpenError> {
        let mut writer = [0; 16];
        getrandom::fill(&mut writer)
            .map_err(|error| resources("randomness")(io::Error::other(error)))?;
        let writer: Arc<[u8]> = Arc::new(writer);
        let stop = Stop::new();
        let (lanes, ends) = lanes();
        let (found, opened) = std::sync::mpsc::channel();
        let run = {
            let (options, stop) = (options.clone(), stop.clone());
            let runtime = Builder::new_current_thread().enable_all().build();
            let runtime = runtime.map_err(resources("sockets"))?;
            move || run(&runtime, &options, &writer, &stop, ends, &found)
        };
        let spawned = thread::Builder::new()
            .name("souk-postgres".to_owned())
            .spawn(run);
        let thread = Thread(Some(spawned.map_err(resources("threads"))?));
        let gone = || resources("threads")(io::ErrorKind::BrokenPipe.into());
        let (told, opened) = opened.recv().map_err(|_| gone())??;
        let engine = Self {
            lanes,
            room: Arc::new(Semaphore::new(COMMITS_WAITING_BYTES_MAX)),
            told,
            stop,
            _thread: thread,
        };
        Ok((engine, opened))
    }

    /// Finds room for a commit, waiting a moment where there is none.
    async fn room(&self, bytes: usize) -> Result<OwnedSemaphorePermit, StoreError> {
        let wanted = u32::try_from(bytes).map_err(|_| StoreError::TooLarge)?;
        if let Ok(room) = Arc::clone(&self.room).try_acquire_many_owned(wanted) {
            return Ok(room);
        }
        let found = Arc::clone(&self.room).acquire_many_owned(wanted);
        match timeout(Duration::from_millis(COMMIT_WAITS_MS_MAX), found).await {
            Ok(Ok(room)) => Ok(room),
            Ok(Err(_)) => Err(StoreError::Stopped),
            Err(_) => Err(StoreError::Busy {
                retry_ms: COMMIT_RETRY_MS,
            }),
        }
    }

    /// Asks one of those who work for the engine, and waits for the answer.
    async fn ask<W, T, E: From<StoreError>>(
        &self,
        lane: &mpsc::UnboundedSender<W>,
        what: impl FnOnce(oneshot::Sender<Result<T, E>>) -> W,
    ) -> Result<T, E> {
        self.stop.running()?;
        let (answer, answered) = oneshot::channel();
        lane.send(what(answer)).map_err(|_| StoreError::Stopped)?;
        // Nobody answers any more when the thread is gone.
        answered.await.unwrap_or(Err(StoreError::Stopped.into()))
    }
}

fn resources(what: &'static str) -> impl FnOnce(io::Error) -> OpenError {
    move |source| OpenError::Resources { what, source }
}

fn lanes() -> (Lanes, Ends) {
    let reads = mpsc::unbounded_channel();
    let commits = mpsc::unbounded_channel();
    let looks = mpsc::unbounded_channel();
    let lanes = Lanes {
        reads: reads.0,
        commits: commits.0,
        looks: looks.0,
    };
    let ends = Ends {
        reads: reads.1,
        commits: commits.1,
        looks: looks.1,
    };
    (lanes, ends)
}

/// What an opening comes to: where to say who listens, and what was found.
type Found = Result<(Arc<OnceLock<Hub>>, Opened), OpenError>;

/// The thread: opens, says what was found, then works until nobody can ask any more.
fn run(
    runtime: &Runtime,
    options: &Options,
    writer: &Arc<[u8]>,
    stop: &Stop,
    ends: Ends,
    found: &std::sync::mpsc::Sender<Found>,
) {
    let listener = match runtime.block_on(open::open(options, writer, stop)) {
        Ok((listener, opened)) => {
            drop(found.send(Ok((Arc::clone(&listener.told), opened))));
            listener
        }
        Err(error) => return drop(found.send(Err(error))),
    };
    runtime.block_on(work(options, stop, ends, listener));
    stop.now();
}

async fn work(options: &Options, stop: &Stop, ends: Ends, listener: Listener) {
    let link = |said| Link::new(&options.config, said);
    let over = Arc::new(Notify::new());
    let committer = Committer {
        link: link(committer::SAID),
        writer: Arc::clone(&listener.writer),
        hold: options.hold,
        protections: options.protections,
        outcome_waits: options.outcome_waits,
        channel: listener::channel(listener.table),
        stop: stop.clone(),
        number: 0,
    };
    let mut listening = JoinSet::new();
    listening.spawn(listener.serve(Arc::clone(&over)));
    let mut working = JoinSet::new();
    let reads = Arc::new(Mutex::new(ends.reads));
    for _ in 0..READING_CONNECTIONS_MAX {
        working.spawn(reader::serve(link(reader::SAID), Arc::clone(&reads)));
    }
    working.spawn(checker::serve(link(checker::SAID), ends.looks));
    working.spawn(committer.serve(ends.commits));
    while let Some(ended) = working.join_next().await {
        if let Err(panic) = ended {
            tracing::error!(%panic, "a part of the engine ended");
            return;
        }
    }
    over.notify_one();
    drop(listening.join_next().await);
}

#[async_trait]
impl Engine for Postgres {
    async fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        let read = |answer| Read::Get(key.to_vec(), answer);
        self.ask(&self.lanes.reads, read).await
    }

    async fn scan(&self, range: &Range) -> Result<Vec<(RawKey, Versioned)>, StoreError> {
        let read = |answer| Read::Scan(range.clone(), answer);
        self.ask(&self.lanes.reads, read).await
    }

    async fn commit(&self, batch: Batch, now: Timestamp) -> Result<Committed, CommitError> {
        let bytes = batch.bytes();
        if bytes > RECORD_BYTES_MAX {
            return Err(StoreError::TooLarge.into());
        }
        let (lane, room) = if batch.is_read_only() {
            (&self.lanes.looks, None)
        } else {
            (&self.lanes.commits, Some(self.room(bytes).await?))
        };
        let waiting = |answer| Waiting {
            batch,
            now,
            answer,
            room,
        };
        self.ask(lane, waiting).await
    }

    /// Only what is durable is ever seen.
    async fn durable(&self, _: u64) -> Result<(), StoreError> {
        self.stop.running()
    }

    async fn failed(&self) {
        self.stop.stopped().await;
    }

    fn tell_of_others(&self, told: Hub) {
        // Whoever comes second hears nothing: a host has one store on an engine.
        drop(self.told.set(told));
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        // It has no panic to tell of that it did not log.
        drop(self.0.take().map(thread::JoinHandle::join));
    }
}

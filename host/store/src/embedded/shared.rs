//! What commits and the engine's three threads share: one lock around what was written lately and
//! what waits for the journal, and the two things others wait for: durability and room.

mod stage;

use std::hash::{BuildHasher, RandomState};
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use souk_core::Timestamp;
use souk_core::limits::RECENT_MS;
use tokio::sync::watch;

use super::census::Census;
use super::checkpoint::record::Head;
use super::desk::{Desk, Phase};
use super::ground::Ground;
use super::hot::Hot;
use super::journal::record::Stamp;
use super::latest::Latest;
use super::options::Options;
use super::queue::{Admission, Ask, Group, Queue};
use super::recent::{Table, versioned};
use super::replay::Writes;
use super::report::Reached;
use super::state::{State, StateError};
use super::tally::Tally;
use crate::apply::View;
use crate::batch::{Batch, Committed};
use crate::engine::{Range, RawKey, StoreError, Versioned};

/// What commits and threads share.
pub(super) struct Shared {
    pub(super) options: Options,
    pub(super) state: State,
    /// What was read of the state lately.
    hot: Hot,
    /// How the tables of recent writes hash their keys.
    hasher: RandomState,
    desk: Mutex<Desk>,
    /// Something waits for the journal.
    queued: Condvar,
    /// Enough was written for the follower to begin.
    ripe: Condvar,
    /// The journal moved on.
    advanced: Condvar,
    /// Room in the journal was asked for.
    asked: Condvar,
    /// There may be something for the upkeep.
    upkeep: Condvar,
    /// The segment that durable records are written to: those before it do not change any more.
    segment: AtomicU64,
    census: Mutex<Census>,
    progress: watch::Sender<Progress>,
    /// Changes when somebody may have room who waited for it.
    room: watch::Sender<()>,
    /// The last commit that the state on disk has.
    applied: AtomicU64,
    /// How many tables the follower has written.
    tables: AtomicU64,
    stopped: AtomicBool,
    /// Turns true with that, for those who wait for nothing else: progress comes with every group.
    over: watch::Sender<bool>,
}

/// How far the journal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Progress {
    pub(super) durable: u64,
    pub(super) stopped: bool,
}

/// What became of a batch that was brought to the desk.
pub(super) enum Staged {
    /// It is in the journal's queue, or was only checked.
    Done(Committed),
    /// It was not accepted. Try again when there may be room.
    Wait {
        batch: Batch,
        room: watch::Receiver<()>,
        admission: Admission,
    },
}

/// What the follower is given.
pub(super) struct Ripe {
    pub(super) table: Arc<Table>,
    pub(super) sequence: u64,
    pub(super) tally: Tally,
}

impl Shared {
    pub(super) fn new(options: Options, state: State, last: &Stamp, segment: u64) -> Self {
        let desk = Desk::new(options.growth_bytes, last);
        let tables = AtomicU64::new(desk.recent.tables());
        let hasher = desk.recent.hasher().clone();
        Self {
            options,
            state,
            hot: Hot::new(hasher.clone()),
            hasher,
            desk: Mutex::new(desk),
            queued: Condvar::new(),
            ripe: Condvar::new(),
            advanced: Condvar::new(),
            asked: Condvar::new(),
            upkeep: Condvar::new(),
            segment: AtomicU64::new(segment),
            census: Mutex::default(),
            progress: watch::channel(Progress {
                durable: last.sequence,
                stopped: false,
            })
            .0,
            room: watch::channel(()).0,
            applied: AtomicU64::new(last.sequence),
            tables,
            stopped: AtomicBool::new(false),
            over: watch::channel(false).0,
        }
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(|poisoned| {
            // Somebody panicked half-way through a change.
            self.end();
            poisoned.into_inner()
        })
    }

    // For those who read and commit.

    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        self.running()?;
        let hash = self.hasher.hash_one(key);
        let desk = self.desk();
        if let Some(written) = desk.recent.find_hashed(hash, key) {
            return Ok(versioned(written));
        }
        let tables = desk.recent.tables();
        drop(desk);
        if let Some(found) = self.hot.find(hash, key) {
            return Ok(Some(found));
        }
        let found = self.state.get(key).map_err(|error| self.distrust(&error))?;
        if let Some(found) = &found {
            self.hot.keep(hash, key, found, tables);
        }
        Ok(found)
    }

    pub(super) fn scan(&self, range: &Range) -> Result<Vec<(RawKey, Versioned)>, StoreError> {
        self.running()?;
        let (mut desk, ground) = (self.desk(), Ground::bare());
        let mut latest = Latest::on(&ground, &mut desk.recent, &self.state);
        let found = latest.scan(range);
        let fault = latest.into_fault();
        drop(desk);
        self.unless(fault.as_ref(), found)
    }

    /// How many tables the follower has written; see [`Recent::tables`](super::recent::Recent).
    pub(super) fn tables(&self) -> u64 {
        self.tables.load(Ordering::Acquire)
    }

    /// Returns when a commit is durable.
    pub(super) async fn durable(&self, sequence: u64) -> Result<(), StoreError> {
        let is_over = |progress: &Progress| progress.stopped || progress.durable >= sequence;
        let mut progress = *self.progress.borrow();
        if !is_over(&progress) {
            let mut changes = self.progress.subscribe();
            progress = *changes
                .wait_for(is_over)
                .await
                .map_err(|_| StoreError::Stopped)?;
        }
        if progress.stopped {
            Err(StoreError::Stopped)
        } else {
            Ok(())
        }
    }

    /// What turns true when it has stopped for good.
    pub(super) fn over(&self) -> watch::Receiver<bool> {
        self.over.subscribe()
    }

    /// Returns how far journal and state on disk have come.
    pub(super) fn reached(&self) -> Reached {
        Reached {
            journal: self.progress.borrow().durable,
            state: self.applied.load(Ordering::Acquire),
        }
    }

    // For the journal's writer.

    /// Waits for records to be written; `None` when there will be no more.
    pub(super) fn next_group(&self) -> Option<Group> {
        let mut desk = self.desk();
        loop {
            if self.is_stopped() {
                return None;
            }
            if desk.queue.is_waited_for() {
                // Whoever is about to commit goes first: then there are fewer syncs.
                drop(desk);
                std::thread::yield_now();
                desk = self.desk();
            }
            if let Some(group) = desk.queue.take() {
                return Some(group);
            }
            if desk.phase >= Phase::Settling {
                return None;
            }
            desk.idle = true;
            desk = wait(&self.queued, desk);
        }
    }

    /// Says that everything up to a commit is durable, and gives back the buffer of its group.
    pub(super) fn publish(&self, sequence: u64, buffer: Vec<u8>, segment: u64) {
        let mut desk = self.desk();
        desk.durable = sequence;
        desk.queue.reuse(buffer);
        drop(desk);
        self.advanced.notify_one();
        self.progress
            .send_modify(|progress| progress.durable = sequence);
        if self.segment.swap(segment, Ordering::AcqRel) != segment {
            self.upkeep.notify_one();
        }
    }

    // For the one who allocates.

    /// Waits until room is asked for; `None` when it will not be any more.
    pub(super) fn next_ask(&self) -> Option<Ask> {
        let mut desk = self.desk();
        loop {
            if self.is_stopped() || desk.phase >= Phase::Closing {
                return None;
            }
            if let Some(ask) = desk.queue.ask() {
                return Some(ask);
            }
            desk = wait(&self.asked, desk);
        }
    }

    /// Says what became of an ask.
    pub(super) fn allocated(&self, count: impl FnOnce(&mut Queue)) {
        let mut desk = self.desk();
        count(&mut desk.queue);
        self.call(desk);
    }

    // For the follower.

    /// Waits until it is time to go on; true when the journal is complete.
    pub(super) fn rest(&self) -> bool {
        let desk = self.desk();
        let desk = if desk.phase < Phase::Drained && !desk.is_ripe() && !self.is_stopped() {
            wait(&self.ripe, desk)
        } else {
            desk
        };
        desk.phase >= Phase::Drained || self.is_stopped()
    }

    /// Takes everything written so far, and returns it when it is durable.
    pub(super) fn next_table(&self) -> Option<Ripe> {
        let mut desk = self.desk();
        let table = desk.recent.freeze()?;
        let (sequence, tally) = (desk.recent.sequence, desk.recent.tally);
        while desk.durable < sequence {
            if self.is_stopped() {
                return None;
            }
            desk = wait(&self.advanced, desk);
        }
        Some(Ripe {
            table,
            sequence,
            tally,
        })
    }

    /// Says that the state on disk has the table that was taken.
    pub(super) fn applied(&self, ripe: &Ripe) {
        self.applied.store(ripe.sequence, Ordering::Release);
        let mut desk = self.desk();
        let table = desk.recent.thaw();
        let tables = desk.recent.tables();
        self.tables.store(tables, Ordering::Release);
        self.call(desk);
        let keys = ripe.table.writes().map(|(key, _)| key);
        self.hot.forget(keys, tables);
        drop(table);
    }

    // For the upkeep.

    /// The segment that is being written to; those before it are whole and durable.
    pub(super) fn segment(&self) -> u64 {
        self.segment.load(Ordering::Acquire)
    }

    /// The count of the state that may be under way. Nobody writes to the state meanwhile.
    pub(super) fn census(&self) -> MutexGuard<'_, Census> {
        self.census.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a new layer of the state, unless one waits for a checkpoint already: with all from
    /// record `first` on, of which `tail` returns what the state has. False if `tail` returns
    /// nothing, because the state has too much of that for everybody to wait.
    pub(super) fn turn(
        &self,
        first: u64,
        tail: impl FnOnce(u64) -> Result<Option<Writes>, StateError>,
    ) -> Result<bool, StateError> {
        let _nobody_writes = self.census();
        let applied = self.state.applied()?;
        let Some(applied) = applied.filter(|_| self.state.waits_for().is_none()) else {
            return Ok(true);
        };
        let Some(late) = tail(applied.sequence)? else {
            return Ok(false);
        };
        let floor = applied.sequence.min(first.saturating_sub(1));
        let disk = &*self.options.protections.disk;
        self.state.turn(&late, floor, disk)?;
        Ok(true)
    }

    /// Lets the state rest on a checkpoint. What goes away for that is removed when the follower
    /// may go on.
    pub(super) fn rest_on(&self, checkpoint: &Head) -> Result<(), StateError> {
        let nobody_writes = self.census();
        let disk = &*self.options.protections.disk;
        let gone = self.state.rest_on(checkpoint, disk)?;
        drop(nobody_writes);
        drop(gone);
        Ok(())
    }

    /// What time it is: by the clock, and never before the last commit.
    pub(super) fn now(&self) -> Timestamp {
        let at = self.desk().recent.at;
        let clock = self.options.clock.as_ref();
        clock.map_or(at, |clock| clock.now().max(at))
    }

    /// Rests for a while; false when the engine ends.
    pub(super) fn pause(&self, time: Duration) -> bool {
        let desk = self.desk();
        if desk.phase >= Phase::Closing || self.is_stopped() {
            return false;
        }
        let waited = self.upkeep.wait_timeout(desk, time);
        let desk = waited.unwrap_or_else(PoisonError::into_inner).0;
        desk.phase < Phase::Closing && !self.is_stopped()
    }

    // The end.

    pub(super) fn close(&self) {
        self.desk().phase = Phase::Closing;
        self.queued.notify_all();
        self.asked.notify_all();
        self.upkeep.notify_all();
    }

    pub(super) fn settle(&self) {
        self.desk().phase = Phase::Settling;
        self.queued.notify_all();
    }

    pub(super) fn drained(&self) {
        self.desk().phase = Phase::Drained;
        self.ripe.notify_all();
    }

    /// Stops for good: what the disk holds is not known any more.
    pub(super) fn stop(&self, what: &str, error: &io::Error) {
        tracing::error!(%error, "{what} failed; nothing is acknowledged any more");
        self.end();
        self.wake();
    }

    /// Stops because the state on disk is not what it should be. The next opening makes it anew.
    pub(super) fn distrust(&self, error: &StateError) -> StoreError {
        let path = self.state.path().display();
        tracing::error!(%error, "the state in {path} is unsound; the next start makes it anew");
        if let Err(error) = std::fs::write(self.options.distrust(), error.to_string()) {
            tracing::error!(%error, "cannot note that the state is unsound");
        }
        self.end();
        self.wake();
        StoreError::Stopped
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }

    fn end(&self) {
        self.stopped.store(true, Ordering::Release);
        self.progress
            .send_modify(|progress| progress.stopped = true);
        self.over.send_replace(true);
        self.room.send_replace(());
    }

    /// Wakes all threads. Whoever has the lock has not looked yet, or will hear this.
    fn wake(&self) {
        drop(self.desk.lock().unwrap_or_else(PoisonError::into_inner));
        for condition in [&self.queued, &self.ripe, &self.advanced, &self.asked] {
            condition.notify_all();
        }
    }

    fn running(&self) -> Result<(), StoreError> {
        if self.is_stopped() {
            Err(StoreError::Stopped)
        } else {
            Ok(())
        }
    }

    fn unless<T, E: From<StoreError>>(
        &self,
        fault: Option<&StateError>,
        answer: Result<T, E>,
    ) -> Result<T, E> {
        match fault {
            Some(error) => Err(self.distrust(error).into()),
            None => answer,
        }
    }

    /// Calls those who wait for room.
    fn call(&self, mut desk: MutexGuard<'_, Desk>) {
        if std::mem::take(&mut desk.crowd) {
            drop(desk);
            self.room.send_replace(());
        }
    }
}

/// Waits to be called, and looks around now and then without being called.
fn wait<'a>(condition: &Condvar, desk: MutexGuard<'a, Desk>) -> MutexGuard<'a, Desk> {
    let waited = condition.wait_timeout(desk, Duration::from_millis(RECENT_MS));
    waited.unwrap_or_else(PoisonError::into_inner).0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Read;
    use crate::engine::CommitError;

    fn stamp() -> Stamp {
        Stamp {
            sequence: 0,
            at: Timestamp::from_millis(0),
            tally: Tally::default(),
        }
    }

    #[tokio::test]
    async fn an_unsound_value_on_disk_stops_everything_and_is_noted() {
        let folder = tempfile::tempdir().unwrap();
        let options = Options::at(folder.path());
        let state = State::open(&options).unwrap();
        state.spoil(b"vbad");
        let shared = Shared::new(options.clone(), state, &stamp(), 1);
        assert_eq!(shared.get(b"vgood"), Ok(None));
        assert_eq!(shared.get(b"vbad"), Err(StoreError::Stopped));
        assert_eq!(shared.get(b"vgood"), Err(StoreError::Stopped));
        assert_eq!(shared.durable(0).await, Err(StoreError::Stopped));
        assert!(options.distrust().exists());
    }

    #[test]
    fn an_unsound_value_met_by_a_commit_stops_it() {
        let folder = tempfile::tempdir().unwrap();
        let options = Options::at(folder.path());
        let state = State::open(&options).unwrap();
        state.spoil(b"vbad");
        let shared = Shared::new(options.clone(), state, &stamp(), 1);
        let mut batch = Batch::default();
        let (found, checked) = (None, true);
        let read = Read { found, checked };
        batch.reads.keys.insert(b"vbad".to_vec(), read);
        let staged = shared.stage(batch, Timestamp::from_millis(0));
        assert_eq!(staged.err(), Some(CommitError::Store(StoreError::Stopped)));
        assert!(options.distrust().exists());
    }
}

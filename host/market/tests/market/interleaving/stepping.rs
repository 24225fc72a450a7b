//! An engine on which two runs take their steps in an order that a test gives.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use souk_core::Timestamp;
use souk_store::memory::Memory;
use souk_store::{
    Batch, Bounds, CommitError, Committed, Engine, Range, RawKey, Reads, StoreError, Versioned,
};
use tokio::sync::Notify;

/// How many runs there are.
pub(crate) const RUNS: usize = 2;
/// Whose turn it is.
pub(crate) type Step = usize;

tokio::task_local! {
    /// Which run it is that asks.
    pub(crate) static RUN: Step;
}

/// The engine.
pub(crate) struct Stepping {
    memory: Memory,
    /// Whether commits are checked.
    checked: bool,
    state: Mutex<State>,
    moved: Notify,
}

#[derive(Default)]
struct State {
    /// Whose steps come next. Behind the last everybody goes on as they like.
    order: VecDeque<Step>,
    ended: [bool; RUNS],
    /// What a read must touch to be a step.
    shared: BTreeSet<RawKey>,
    seen: [Seen; RUNS],
}

/// What a run did with the store.
#[derive(Clone, Default)]
pub(crate) struct Seen {
    reads: Vec<Range>,
    writes: BTreeSet<RawKey>,
    commits: usize,
}

impl Seen {
    /// What one run writes and the other reads.
    pub(crate) fn shared(seen: &[Self; RUNS]) -> BTreeSet<RawKey> {
        let [one, other] = seen;
        let touched = |by: &Self, of: &Self| {
            let read = |key: &&RawKey| by.reads.iter().any(|range| within(range, key));
            of.writes.iter().filter(read).cloned().collect::<Vec<_>>()
        };
        [touched(one, other), touched(other, one)]
            .concat()
            .into_iter()
            .collect()
    }

    /// How many steps it took.
    pub(crate) fn steps(&self, shared: &BTreeSet<RawKey>) -> usize {
        let step = |range: &&Range| shared.iter().any(|key| within(range, key));
        self.reads.iter().filter(step).count() + self.commits
    }
}

fn within(range: &Range, key: &RawKey) -> bool {
    range.start <= *key && *key < range.end
}

impl Stepping {
    pub(crate) fn new(checked: bool) -> Self {
        Self {
            memory: Memory::default(),
            checked,
            state: Mutex::default(),
            moved: Notify::new(),
        }
    }

    /// Both runs begin, with steps in this order; reads of these are steps.
    pub(crate) fn begin(&self, order: Vec<Step>, shared: &BTreeSet<RawKey>) {
        *self.state() = State {
            order: order.into(),
            shared: shared.clone(),
            ..State::default()
        };
    }

    /// A run has ended: the steps that it has left are nobody's.
    pub(crate) fn ended(&self, run: Step) {
        self.state().ended[run] = true;
        self.moved.notify_waiters();
    }

    /// What both have done since they began.
    pub(crate) fn seen(&self) -> [Seen; RUNS] {
        self.state().seen.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Waits until it is a run's turn, if it has to, and tells whether it had.
    async fn turn(&self, run: Step) -> bool {
        loop {
            let moved = self.moved.notified();
            {
                let mut state = self.state();
                while state.order.front().is_some_and(|next| state.ended[*next]) {
                    state.order.pop_front();
                }
                match state.order.front() {
                    None => return false,
                    Some(next) if *next == run => return true,
                    Some(_) => {}
                }
            }
            moved.await;
        }
    }

    /// Does something in its turn, if it is a step.
    async fn step<T>(&self, is_step: bool, work: impl Future<Output = T>) -> T {
        let run = RUN.try_with(|run| *run).ok().filter(|_| is_step);
        let Some(run) = run else { return work.await };
        let awaited = self.turn(run).await;
        let done = work.await;
        if awaited {
            self.state().order.pop_front();
            self.moved.notify_waiters();
        }
        done
    }

    /// Notes a read, and tells whether it is a step.
    fn read(&self, range: &Range) -> bool {
        let mut state = self.state();
        if let Ok(run) = RUN.try_with(|run| *run) {
            state.seen[run].reads.push(range.clone());
        }
        state.shared.iter().any(|key| within(range, key))
    }

    fn write(&self, batch: &Batch) {
        let mut state = self.state();
        let Ok(run) = RUN.try_with(|run| *run) else {
            return;
        };
        let seen = &mut state.seen[run];
        seen.commits += 1;
        seen.writes.extend(batch.writes.keys().cloned());
        seen.writes
            .extend(batch.adds.iter().map(|add| add.key.clone()));
        seen.writes
            .extend(batch.appends.iter().map(|append| append.head.clone()));
    }
}

#[async_trait]
impl Engine for Stepping {
    async fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        let one = Range {
            start: key.to_vec(),
            end: [key, &[0]].concat(),
            limit: 1,
            reverse: false,
        };
        let is_step = self.read(&one);
        self.step(is_step, self.memory.get(key)).await
    }

    async fn scan(&self, range: &Range) -> Result<Vec<(RawKey, Versioned)>, StoreError> {
        let is_step = self.read(range);
        self.step(is_step, self.memory.scan(range)).await
    }

    async fn commit(&self, mut batch: Batch, now: Timestamp) -> Result<Committed, CommitError> {
        self.write(&batch);
        if !self.checked {
            batch.reads = Reads::default();
            for add in &mut batch.adds {
                add.bounds = Bounds::NONE;
            }
        }
        self.step(true, self.memory.commit(batch, now)).await
    }

    async fn durable(&self, sequence: u64) -> Result<(), StoreError> {
        self.memory.durable(sequence).await
    }
}

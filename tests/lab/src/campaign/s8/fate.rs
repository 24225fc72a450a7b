//! What happens where a host call waits: nothing, as a rule, and once something that was planned.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// What happens at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mishap {
    Panic,
    Failure,
    /// Whoever asked for the run gives it up there.
    GivenUp,
}

impl Mishap {
    pub(super) const ALL: [Self; 3] = [Self::Panic, Self::Failure, Self::GivenUp];
}

/// Who waits at a place, and for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// A host call, for the store.
    Store,
    /// A host call, for the network.
    Outside,
    /// Whoever asked for the run, for its commit.
    Asker,
}

/// A place where something waited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wait {
    pub(super) whose: Whose,
    /// What had been committed until then: answers of the outside are kept at once.
    pub(super) commits: usize,
}

/// Every place of a run, in order.
pub(super) type Waits = Vec<Wait>;

/// What is planned, and what has come of it.
#[derive(Default)]
pub(super) struct Fate {
    state: Mutex<State>,
    for_ever: Notify,
    on: Notify,
}

#[derive(Default)]
struct State {
    plan: Option<(usize, Mishap)>,
    waits: Waits,
    commits: usize,
    /// Whether the run is over, and whoever asked for it commits.
    run_is_over: bool,
}

impl Fate {
    /// A run begins, with something planned for one of its places.
    pub(super) fn begin(&self, plan: Option<(usize, Mishap)>) {
        *self.state() = State {
            plan,
            ..State::default()
        };
    }

    pub(super) fn run_is_over(&self) {
        self.state().run_is_over = true;
    }

    /// Something was committed.
    pub(super) fn committed(&self) {
        self.state().commits += 1;
    }

    /// What was committed since the run began.
    pub(super) fn commits(&self) -> usize {
        self.state().commits
    }

    /// Where the run has waited.
    pub(super) fn waits(&self) -> Waits {
        self.state().waits.clone()
    }

    /// Returns when a run has come to where it waits for ever.
    pub(super) async fn waits_for_ever(&self) {
        self.for_ever.notified().await;
    }

    /// Lets a run go on that waits for ever.
    pub(super) fn goes_on(&self) {
        self.on.notify_one();
    }

    /// Waits at a place: others may go on.
    pub(super) async fn wait(&self, outside: bool) -> io::Result<()> {
        let met = self.meet(outside)?;
        tokio::task::yield_now().await;
        match met {
            Met::Nothing => Ok(()),
            Met::Eternity => {
                self.on.notified().await;
                Ok(())
            }
        }
    }

    /// Comes to a place.
    ///
    /// # Errors
    /// What was planned for it.
    ///
    /// # Panics
    /// If that was planned.
    pub(super) fn meet(&self, outside: bool) -> io::Result<Met> {
        let mishap = self.state().arrive(outside);
        match mishap {
            None => Ok(Met::Nothing),
            Some(Mishap::Panic) => panic!("on purpose"),
            Some(Mishap::Failure) => Err(io::Error::other("on purpose")),
            Some(Mishap::GivenUp) => {
                self.for_ever.notify_one();
                Ok(Met::Eternity)
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a place holds that is not a failure.
pub(super) enum Met {
    Nothing,
    Eternity,
}

impl State {
    fn arrive(&mut self, outside: bool) -> Option<Mishap> {
        let place = self.waits.len();
        let whose = match (outside, self.run_is_over) {
            (true, _) => Whose::Outside,
            (false, true) => Whose::Asker,
            (false, false) => Whose::Store,
        };
        let commits = self.commits;
        self.waits.push(Wait { whose, commits });
        let (at, mishap) = self.plan?;
        (at == place).then_some(mishap)
    }
}

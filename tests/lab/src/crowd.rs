//! A crowd at a till: clients who deposit without end, and a clock of their own that tells what
//! began before what was acknowledged.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;

use crate::Wrong;
use crate::till::Till;

/// How many come at once.
const CLIENTS: u64 = 8;
/// How long each waits between two deposits: a till must be copied faster than it grows.
const PAUSE: Duration = Duration::from_millis(2);

/// A deposit that was acknowledged, between two ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Made {
    pub(crate) number: u64,
    pub(crate) began: u64,
    pub(crate) done: u64,
}

/// From one tick to another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stretch(pub(crate) u64, pub(crate) u64);

impl Stretch {
    /// Everything up to its end.
    pub(crate) fn up_to_its_end(self) -> Self {
        Self(0, self.1)
    }
}

/// Those who deposit.
#[derive(Default)]
pub(crate) struct Crowd {
    ticks: AtomicU64,
    numbers: AtomicU64,
}

/// A crowd at work.
pub(crate) struct Load {
    clients: JoinSet<Result<Vec<Made>, Wrong>>,
    stop: Arc<AtomicBool>,
}

impl Crowd {
    /// The next moment: later than all that were, earlier than all that will be.
    pub(crate) fn tick(&self) -> u64 {
        self.ticks.fetch_add(1, Ordering::SeqCst)
    }

    /// Lets all deposit until they are stopped.
    pub(crate) fn start(self: &Arc<Self>, till: &Arc<Till>) -> Load {
        let (mut clients, stop) = (JoinSet::new(), Arc::new(AtomicBool::new(false)));
        for _ in 0..CLIENTS {
            let (crowd, till, stop) = (Arc::clone(self), Arc::clone(till), Arc::clone(&stop));
            clients.spawn(async move { crowd.keep_depositing(&till, &stop).await });
        }
        Load { clients, stop }
    }

    async fn keep_depositing(&self, till: &Till, stop: &AtomicBool) -> Result<Vec<Made>, Wrong> {
        let mut all = Vec::new();
        while !stop.load(Ordering::Relaxed) {
            let number = self.numbers.fetch_add(1, Ordering::Relaxed);
            let began = self.tick();
            till.deposit(number).await?;
            let done = self.tick();
            all.push(Made {
                number,
                began,
                done,
            });
            tokio::time::sleep(PAUSE).await;
        }
        Ok(all)
    }
}

impl Load {
    /// Lets everybody finish, and returns what they did.
    pub(crate) async fn stop(self) -> Result<Vec<Made>, Wrong> {
        self.stop.store(true, Ordering::Relaxed);
        let made = self.clients.join_all().await;
        Ok(made.into_iter().collect::<Result<Vec<_>, _>>()?.concat())
    }
}

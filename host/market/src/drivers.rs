//! The drivers: what happens by the clock and nobody asks for. Blocks of the simulated chain, and
//! the settlement of takings.
//!
//! They keep nothing: what they find is in the store, each step is one transaction, and a second
//! driver, or the next one after a crash, does nothing twice.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::Market;

impl Market {
    /// Mines and settles until `stop` completes.
    pub async fn drive(&self, stop: impl Future<Output = ()>) {
        let block = self.rails().chain.map(|chain| chain.block_ms.max(1));
        let mut blocks = block.map(|millis| beat(Duration::from_millis(millis)));
        let mut settlements = beat(self.settles_every());
        tokio::pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => return,
                () = next(&mut blocks) => self.mined().await,
                _ = settlements.tick() => self.settled().await,
            }
        }
    }

    async fn mined(&self) {
        if let Err(error) = self.next_block().await {
            tracing::warn!("the simulated chain stands still: {error}");
        }
    }

    async fn settled(&self) {
        if let Err(error) = self.settle_all().await {
            tracing::warn!("settlement is held up: {error}");
        }
    }
}

/// A beat that is not made up for when it was missed.
fn beat(every: Duration) -> Interval {
    let mut beat = interval(every);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beat
}

/// Waits for the next beat; for ever, when there is none.
async fn next(beat: &mut Option<Interval>) {
    match beat {
        Some(beat) => drop(beat.tick().await),
        None => std::future::pending().await,
    }
}

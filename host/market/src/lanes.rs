//! Turns: on one machine, the runs of a lane queue up instead of losing against each other at
//! commit. This only saves work; the lane's cursor is what keeps order.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use souk_events::Lane;
use tokio::sync::OwnedMutexGuard;

type Turns = Arc<tokio::sync::Mutex<()>>;

/// The lanes in which something runs or waits to run.
#[derive(Default)]
pub(crate) struct Lanes(Mutex<BTreeMap<Lane, Turns>>);

/// The right to run the lane's next event, until it is dropped.
pub(crate) struct Turn<'a> {
    lanes: &'a Lanes,
    lane: Lane,
    held: Option<OwnedMutexGuard<()>>,
}

impl Lanes {
    /// Waits for the lane's next turn; first come, first served.
    pub(crate) async fn turn(&self, lane: &Lane) -> Turn<'_> {
        let turns = {
            let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(lanes.entry(lane.clone()).or_default())
        };
        let held = Some(turns.lock_owned().await);
        Turn {
            lanes: self,
            lane: lane.clone(),
            held,
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.held = None;
        let mut lanes = self.lanes.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lanes
            .get(&self.lane)
            .is_some_and(|turns| Arc::strong_count(turns) == 1)
        {
            lanes.remove(&self.lane);
        }
    }
}

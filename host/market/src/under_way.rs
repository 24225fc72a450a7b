//! What a dispatcher works on: so many lanes at once, and no app more than its share of them.
//!
//! Where there is more to do than places, each look begins behind the app that was given the last
//! one, so that its turn comes to every app.

use std::collections::BTreeSet;

use souk_core::AppId;
use souk_core::limits::{APP_RUNS_AT_ONCE_MAX, RUNS_AT_ONCE_MAX};
use souk_events::{Lane, lane};
use souk_store::{Store, StoreError};

/// The lanes that a dispatcher works on.
#[derive(Default)]
pub(crate) struct UnderWay {
    lanes: BTreeSet<Lane>,
    /// The app that was given the last place.
    last: Option<AppId>,
}

impl UnderWay {
    /// Finds lanes to begin with, and counts them as begun.
    pub(crate) async fn begin(&mut self, store: &Store) -> Result<Vec<Lane>, StoreError> {
        let last = self.last.as_ref();
        let look = |txn| async move {
            lane::busy(&txn, last, APP_RUNS_AT_ONCE_MAX, RUNS_AT_ONCE_MAX).await
        };
        let mut found = store.view(look).await?;
        found.retain(|lane| self.begins(lane));
        Ok(found)
    }

    /// Counts a lane as ended.
    pub(crate) fn end(&mut self, lane: &Lane) {
        self.lanes.remove(lane);
    }

    /// Whether a lane begins: it is not under way, and there is a place for it and for its app.
    fn begins(&mut self, lane: &Lane) -> bool {
        let of_app = || self.lanes.iter().filter(|it| it.app == lane.app).count();
        let fits = self.lanes.len() < RUNS_AT_ONCE_MAX && of_app() < APP_RUNS_AT_ONCE_MAX;
        let begins = fits && self.lanes.insert(lane.clone());
        if begins {
            self.last = Some(lane.app.clone());
        }
        begins
    }
}

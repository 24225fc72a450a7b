//! Where a run goes: to its thread's own engine, or to another where there is more room.

use std::time::Duration;

use futures_util::future::select_all;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use crate::limits::Limits;
use crate::prepared::{Copy, Prepared};
use crate::runtime::Runtime;

/// Room for one run. It is free again when this is dropped.
pub(crate) struct Seat {
    /// The number of the engine.
    pub(crate) number: usize,
    /// One of the app's runs anywhere, where the operator drew those narrower.
    _narrow: Option<OwnedSemaphorePermit>,
    /// One of the app's runs there.
    _turn: OwnedSemaphorePermit,
    /// One of all runs there.
    _place: OwnedSemaphorePermit,
}

impl Runtime {
    /// Finds room for a run of an app, and waits where there is none. `None`: other runs of the app
    /// take too long.
    pub(crate) async fn seat(&self, prepared: &Prepared, limits: &Limits) -> Option<Seat> {
        let patience = Duration::from_millis(limits.app_run_waits_ms);
        let mut narrow = None;
        if limits.app_runs_at_once < self.limits().app_runs_at_once {
            let turn = prepared.narrow_turn(limits.app_runs_at_once);
            narrow = Some(timeout(patience, turn).await.ok()??);
        }
        // No clock is set where nobody is before it.
        let seat = match self.free_seat(prepared) {
            Some(seat) => seat,
            None => self.next_seat(prepared, patience).await?,
        };
        Some(Seat {
            _narrow: narrow,
            ..seat
        })
    }

    /// A seat that is free: on the engine that is best, or on one of the others.
    fn free_seat(&self, prepared: &Prepared) -> Option<Seat> {
        let all = self.twins().all().len();
        let best = self.best(prepared);
        let mut numbers = (best..best.saturating_add(all)).map(|number| number % all);
        numbers.find_map(|number| {
            Some(Seat {
                number,
                _narrow: None,
                _turn: prepared.copy(number).turn_now()?,
                _place: self.twins().get(number).place_now()?,
            })
        })
    }

    /// The engine of this thread. Only an app that is not loaded there, and is idle on another,
    /// runs on that: what is not used much is loaded once.
    fn best(&self, prepared: &Prepared) -> usize {
        let here = self.twins().here();
        if prepared.copy(here).is_loaded() {
            return here;
        }
        let copies = prepared.copies();
        copies.iter().position(Copy::is_idle).unwrap_or(here)
    }

    /// The seat that is free next: it waits for one of the app's turns, on any engine, and then for
    /// a place on that one.
    async fn next_seat(&self, prepared: &Prepared, patience: Duration) -> Option<Seat> {
        let turns = prepared.copies().iter().map(|copy| Box::pin(copy.turn()));
        let (turn, number, _) = timeout(patience, select_all(turns)).await.ok()?;
        Some(Seat {
            number,
            _narrow: None,
            _turn: turn?,
            _place: self.twins().get(number).place().await?,
        })
    }
}

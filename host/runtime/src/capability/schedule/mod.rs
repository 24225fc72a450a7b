//! `schedule`: a mini-app asks to be told later, in its chat or in none.
//!
//! Contract: `sdk/wit/deps/souk-schedule`. Rules: `souk-events`, whose timers go off once.

mod host;
#[cfg(test)]
mod tests;

use crate::denied::No;
use crate::limits::Limits;

/// How often one run may still set or cancel.
pub(crate) struct ScheduleCtx {
    most: usize,
    left: usize,
}

impl ScheduleCtx {
    pub(crate) fn new(limits: &Limits) -> Self {
        let most = limits.timers;
        Self { most, left: most }
    }

    /// Counts a change.
    fn may_change(&mut self) -> Result<(), No> {
        let left = self.left.checked_sub(1);
        self.left = left.ok_or_else(|| No::over_limit("timers", self.most))?;
        Ok(())
    }
}

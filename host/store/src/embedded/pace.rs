//! How fast work goes that nobody waits for.

use std::time::Duration;

use souk_core::limits::{UPKEEP_BYTES_PER_REST, UPKEEP_REST_MS};

use super::shared::Shared;

/// The pace of a long piece of work: as fast as it goes, or with rests in between.
pub(super) struct Pace<'a> {
    /// Who tells it to stop; nobody when somebody waits for the work.
    shared: Option<&'a Shared>,
    /// What was done since the last rest.
    bytes: u64,
}

impl<'a> Pace<'a> {
    /// As fast as it goes, to the end.
    pub(super) fn full() -> Self {
        Self {
            shared: None,
            bytes: 0,
        }
    }

    /// With rests, until the engine ends.
    pub(super) fn slow(shared: &'a Shared) -> Self {
        Self {
            shared: Some(shared),
            bytes: 0,
        }
    }

    /// Counts work that was done; false when there should be no more.
    pub(super) fn go(&mut self, bytes: u64) -> bool {
        self.bytes = self.bytes.saturating_add(bytes);
        let Some(shared) = self.shared else {
            return true;
        };
        if self.bytes < UPKEEP_BYTES_PER_REST {
            return true;
        }
        self.bytes = 0;
        shared.pause(Duration::from_millis(UPKEEP_REST_MS))
    }
}

//! How fast work goes that nobody waits for.

use std::time::Duration;

use souk_core::limits::{UPKEEP_BYTES_PER_REST, UPKEEP_REST_MS};

use super::options::{Options, Progress};
use super::shared::Shared;

/// The pace of a long piece of work: as fast as it goes, or with rests in between.
pub(super) struct Pace<'a> {
    /// Who tells it to stop; nobody when somebody waits for the work.
    shared: Option<&'a Shared>,
    /// Who waits, and hears how it goes.
    progress: Option<&'a Progress>,
    /// What was done since the last rest.
    bytes: u64,
}

impl<'a> Pace<'a> {
    /// As fast as it goes, to the end.
    pub(super) fn full(options: &'a Options) -> Self {
        Self {
            shared: None,
            progress: options.progress.as_ref(),
            bytes: 0,
        }
    }

    /// With rests, until the engine ends.
    pub(super) fn slow(shared: &'a Shared) -> Self {
        Self {
            shared: Some(shared),
            progress: None,
            bytes: 0,
        }
    }

    /// Counts work that was done; false when there should be no more.
    pub(super) fn go(&mut self, bytes: u64) -> bool {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes < UPKEEP_BYTES_PER_REST {
            return true;
        }
        let done = std::mem::take(&mut self.bytes);
        if let Some(progress) = self.progress {
            progress(done);
        }
        let rest = Duration::from_millis(UPKEEP_REST_MS);
        self.shared.is_none_or(|shared| shared.pause(rest))
    }
}

//! The desk that commits come to, one at a time: what was written lately, what waits for the
//! journal, and how far the engine's life is. The lock around it is in [`shared`](super::shared).

use souk_core::Timestamp;
use souk_core::limits::{RECENT_KEYS_MAX, RECENT_KEYS_RIPE};

use super::journal::record::{self, Stamp};
use super::latest::Latest;
use super::queue::{Admission, Queue};
use super::recent::{Recent, Written};
use super::tally::Tally;
use crate::apply::{Resolved, resolve};
use crate::batch::{Batch, Committed};
use crate::engine::CommitError;

/// What is behind the lock.
pub(super) struct Desk {
    pub(super) recent: Recent,
    pub(super) queue: Queue,
    /// The last durable commit.
    pub(super) durable: u64,
    /// Somebody waits for room.
    pub(super) crowd: bool,
    /// The journal's writer waits for something to write.
    pub(super) idle: bool,
    pub(super) phase: Phase,
}

/// The engine's life.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    Running,
    /// What waits is written, nothing more is accepted, no more room is made.
    Closing,
    /// Nobody makes room any more: what was made ahead can be given back.
    Settling,
    /// The journal is complete.
    Drained,
}

/// What a batch comes down to, and the tally after it.
pub(super) type Decision = (Resolved, Tally);

impl Desk {
    /// A desk behind a journal that ends with a record.
    pub(super) fn new(growth_bytes: u64, last: &Stamp) -> Self {
        Self {
            recent: Recent::new(last.sequence, last.at, last.tally),
            queue: Queue::new(growth_bytes),
            durable: last.sequence,
            crowd: false,
            idle: false,
            phase: Phase::Running,
        }
    }

    /// Tells whether a record of at most `bytes` can be accepted.
    pub(super) fn admit(&mut self, bytes: usize) -> Admission {
        if self.recent.keys() >= RECENT_KEYS_MAX {
            return Admission::Behind;
        }
        self.queue.admit(bytes)
    }

    /// Accepts what was decided, for a record that was admitted with at most `bytes`.
    pub(super) fn accept(
        &mut self,
        (resolved, tally): Decision,
        now: Timestamp,
        bytes: usize,
    ) -> Committed {
        let recent = &mut self.recent;
        let (sequence, at) = (recent.sequence.saturating_add(1), recent.at.max(now));
        (recent.sequence, recent.at, recent.tally) = (sequence, at, tally);
        let Resolved { writes, places } = resolved;
        let stamp = Stamp {
            sequence,
            at,
            tally,
        };
        self.queue
            .push(sequence, bytes, |to| record::write(&stamp, &writes, to));
        for (key, value) in writes {
            let written = Written {
                version: sequence,
                value,
            };
            recent.insert(key, written);
        }
        self.answer(places)
    }

    /// What a commit is told that changed nothing.
    pub(super) fn answer(&self, places: Vec<u64>) -> Committed {
        let Recent { sequence, at, .. } = self.recent;
        Committed {
            sequence,
            at,
            places,
        }
    }

    /// Tells whether the follower should not wait any longer.
    pub(super) fn is_ripe(&self) -> bool {
        self.recent.waiting() >= RECENT_KEYS_RIPE
    }
}

/// Resolves a batch whose checks have passed; nothing for one that only reads.
pub(super) fn decide(
    batch: Batch,
    latest: &mut Latest<'_>,
) -> Result<Option<Decision>, CommitError> {
    if batch.is_read_only() {
        return Ok(None);
    }
    let resolved = resolve(batch, latest)?;
    let tally = latest.tally_after(&resolved.writes)?;
    Ok(Some((resolved, tally)))
}

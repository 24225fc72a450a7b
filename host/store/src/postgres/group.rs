//! A group: batches that wait at the same moment, decided one after the other on the same ground.

use std::collections::BTreeSet;

use souk_core::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use tokio_postgres::Row;

use super::fault::Fault;
use super::ground::{Asked, Ground};
use crate::apply::{check, resolve};
use crate::batch::{Batch, Committed};
use crate::engine::{CommitError, RawKey, StoreError};

/// A batch, and who waits for it.
pub(super) struct Waiting {
    pub(super) batch: Batch,
    pub(super) now: Timestamp,
    pub(super) answer: oneshot::Sender<Result<Committed, CommitError>>,
    /// Its place among what may wait.
    pub(super) room: Option<OwnedSemaphorePermit>,
}

/// The row that all commits pass.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) sequence: u64,
    pub(super) at: Timestamp,
    pub(super) holder: Option<Vec<u8>>,
}

/// What a group comes down to.
pub(super) struct Decided {
    pub(super) head: Head,
    pub(super) ground: Ground,
    pub(super) logs: BTreeSet<RawKey>,
    pub(super) answers: Vec<Answer>,
}

/// What somebody will be told, if the group becomes durable.
pub(super) struct Answer {
    to: oneshot::Sender<Result<Committed, CommitError>>,
    what: Result<Committed, CommitError>,
    _room: Option<OwnedSemaphorePermit>,
}

impl Waiting {
    pub(super) fn refuse(self, error: StoreError) {
        // Whoever has gone away since does not want to know.
        drop(self.answer.send(Err(error.into())));
    }
}

impl Head {
    pub(super) fn read(rows: &[Row]) -> Result<Self, Fault> {
        let row = rows.first().ok_or(Fault::Form)?;
        let (sequence, at): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        let number = |found: i64| u64::try_from(found).map_err(|_| Fault::Form);
        Ok(Self {
            sequence: number(sequence)?,
            at: Timestamp::from_millis(number(at)?),
            holder: row.try_get(2)?,
        })
    }
}

/// Collects what a group asks for.
pub(super) fn asked(group: &[Waiting]) -> Asked {
    Asked::by(&group.iter().map(|waiting| &waiting.batch))
}

/// Decides batches that change something, each on what those before it leave.
pub(super) fn decide(group: Vec<Waiting>, head: Head, ground: Ground) -> Decided {
    let mut decided = Decided {
        head,
        ground,
        logs: BTreeSet::new(),
        answers: Vec::with_capacity(group.len()),
    };
    for waiting in group {
        let what = decided.take(waiting.batch, waiting.now);
        decided.answers.push(Answer {
            to: waiting.answer,
            what,
            _room: waiting.room,
        });
    }
    decided
}

/// Decides batches that change nothing, all on the same ground.
pub(super) fn look(group: Vec<Waiting>, head: &Head, mut ground: Ground) {
    for waiting in group {
        let seen = Committed {
            sequence: head.sequence,
            at: head.at,
            places: Vec::new(),
        };
        let checked = check(&waiting.batch.reads, &mut ground).map(|()| seen);
        drop(waiting.answer.send(checked));
    }
}

impl Decided {
    fn take(&mut self, batch: Batch, now: Timestamp) -> Result<Committed, CommitError> {
        let logs: Vec<RawKey> = batch
            .appends
            .iter()
            .map(|append| append.log.clone())
            .collect();
        let resolved = resolve(batch, &mut self.ground)?;
        self.head.sequence = self.head.sequence.saturating_add(1);
        self.head.at = self.head.at.max(now);
        self.ground.write(self.head.sequence, resolved.writes);
        self.logs.extend(logs);
        Ok(Committed {
            sequence: self.head.sequence,
            at: self.head.at,
            places: resolved.places,
        })
    }

    /// Tells whether any batch got through.
    pub(super) fn changes_something(&self) -> bool {
        self.answers.iter().any(|answer| answer.what.is_ok())
    }

    /// Tells everybody what became of theirs: the group is durable.
    pub(super) fn tell(self) {
        for answer in self.answers {
            drop(answer.to.send(answer.what));
        }
    }

    /// Tells everybody that it is not. Whoever was in conflict still is.
    pub(super) fn refuse(self, error: &StoreError) {
        for Answer { to, what, .. } in self.answers {
            drop(to.send(what.and(Err(error.clone().into()))));
        }
    }
}

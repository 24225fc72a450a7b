//! What a commit does at the desk: with its ground gathered, it is checked against the newest state
//! and joins the journal's queue, or waits for room.

use std::sync::MutexGuard;

use souk_core::Timestamp;
use souk_core::limits::{COMMIT_LOOKS_MAX, COMMIT_RETRY_MS, RECORD_BYTES_MAX};

use super::super::desk::{Desk, decide};
use super::super::ground::Ground;
use super::super::journal::record;
use super::super::latest::Latest;
use super::super::queue::Admission;
use super::{Shared, Staged};
use crate::apply::check;
use crate::batch::Batch;
use crate::engine::{CommitError, StoreError};

impl Shared {
    /// Checks a batch and puts what it comes down to into the queue.
    pub(in crate::embedded) fn stage(
        &self,
        mut batch: Batch,
        now: Timestamp,
    ) -> Result<Staged, CommitError> {
        let bytes = record::bytes_max(&batch);
        if bytes > RECORD_BYTES_MAX {
            return Err(StoreError::TooLarge.into());
        }
        self.running()?;
        let reads = std::mem::take(&mut batch.reads);
        let (mut ground, mut looks) = (Ground::of(batch.begun, &reads), 0);
        loop {
            let desk = self.desk();
            let missing = ground.missing(&batch, &desk.recent);
            // Where the disk is slower than the follower, what is known is old by the time it is
            // needed: then everybody waits for the last look.
            if missing.is_empty() || looks == COMMIT_LOOKS_MAX {
                let mut staged = self.stage_on(&ground, batch, (bytes, now), desk)?;
                if let Staged::Wait { batch, .. } = &mut staged {
                    batch.reads = reads;
                }
                return Ok(staged);
            }
            let tables = desk.recent.tables();
            drop(desk);
            let looked_up = ground.look_up(missing, tables, &self.state);
            looked_up.map_err(|error| self.distrust(&error))?;
            looks = looks.saturating_add(1);
        }
    }

    fn stage_on(
        &self,
        ground: &Ground<'_>,
        batch: Batch,
        (bytes, now): (usize, Timestamp),
        mut desk: MutexGuard<'_, Desk>,
    ) -> Result<Staged, CommitError> {
        if !batch.is_read_only() {
            let admission = desk.admit(bytes);
            if admission == Admission::Crowded {
                return Err(StoreError::Busy {
                    retry_ms: COMMIT_RETRY_MS,
                }
                .into());
            }
            if admission != Admission::Welcome {
                desk.crowd = true;
                self.asked.notify_one();
                let room = self.room.subscribe();
                // Had it stopped before this, nobody would call any more.
                self.running()?;
                return Ok(Staged::Wait {
                    batch,
                    room,
                    admission,
                });
            }
        }
        let mut latest = Latest::on(ground, &mut desk.recent, &self.state);
        let decided = check(ground.reads, &mut latest).and_then(|()| decide(batch, &mut latest));
        let fault = latest.into_fault();
        let done = match decided {
            Ok(Some(decision)) => Ok(desk.accept(decision, now, bytes)),
            Ok(None) => Ok(desk.answer(Vec::new())),
            Err(error) => Err(error),
        };
        let (asked, ripe) = (desk.queue.is_asked(), desk.is_ripe());
        let idle = std::mem::take(&mut desk.idle);
        drop(desk);
        if idle {
            self.queued.notify_one();
        }
        let done = self.unless(fault.as_ref(), done)?;
        if asked {
            self.asked.notify_one();
        }
        if ripe {
            self.ripe.notify_one();
        }
        Ok(Staged::Done(done))
    }
}

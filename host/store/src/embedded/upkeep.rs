//! The upkeep: one slow thread that reads what the start did not read, makes checkpoints, archives
//! what they stand for and deletes what has expired.
//!
//! Damage to the journal or the state stops the engine. Damage to a checkpoint or to the archive
//! takes nothing away from what is acknowledged: it is told, and nothing is deleted any more that
//! could be needed instead.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use souk_core::limits::{SCRUB_MS, UPKEEP_MS};

use super::archive;
use super::checkpoint::record::Head;
use super::checkpoint::shelf::Checkpoints;
use super::checkpoint::{Flaw, merge};
use super::error::OpenError;
use super::journal::segment::{self, Header};
use super::journal::shelf::Shelf;
use super::pace::Pace;
use super::replay;
use super::scrub;
use super::shared::Shared;
use super::state::StateError;
use crate::disk::is_full;

/// What the upkeep works on.
pub(super) struct Upkeep {
    pub(super) shelf: Shelf,
    pub(super) checkpoints: Checkpoints,
    /// Where the start began to read the journal.
    pub(super) start: Header,
    /// The start counted the whole state.
    pub(super) counted: bool,
}

/// Why the upkeep cannot go on.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    /// What is acknowledged is not safe: the engine stops.
    #[error("{0}")]
    Damage(OpenError),
    #[error("{0}")]
    State(StateError),
    #[error("{0}")]
    Disk(io::Error),
    /// There is no room; it passes.
    #[error("{0}")]
    Full(io::Error),
    /// A checkpoint or the archive is damaged: nothing is made or deleted any more.
    #[error("{0}")]
    Wounded(String),
}

/// Keeps the store in order until the engine ends.
pub(super) fn run(shared: &Shared, upkeep: &Upkeep) {
    let mut wounded = false;
    upkeep.begin(shared, &mut wounded);
    let mut scrubbed = shared.now();
    while shared.pause(Duration::from_millis(UPKEEP_MS)) {
        let now = shared.now();
        if now.millis().saturating_sub(scrubbed.millis()) >= SCRUB_MS {
            scrubbed = now;
            upkeep.scrub(shared, &mut wounded);
        }
        if !wounded {
            react(shared, upkeep.tend(shared), &mut wounded);
        }
    }
}

/// Stops, tells or waits, as the trouble demands.
fn react(shared: &Shared, done: Result<(), Trouble>, wounded: &mut bool) {
    match done {
        Ok(()) => {}
        Err(Trouble::Damage(damage)) => {
            shared.stop("checking the journal", &io::Error::other(damage));
        }
        Err(Trouble::State(error)) => drop(shared.distrust(&error)),
        Err(Trouble::Disk(error)) => shared.stop("the upkeep of the store", &error),
        Err(Trouble::Full(_)) => {
            tracing::warn!("the disk is full; checkpoints are made when there is room");
        }
        Err(Trouble::Wounded(reason)) => {
            *wounded = true;
            tracing::error!(
                reason,
                "no checkpoints are made until the next start; back up now"
            );
        }
    }
}

impl Upkeep {
    /// Reads what the start did not read.
    fn begin(&self, shared: &Shared, wounded: &mut bool) {
        if !shared.options.protections.scrub {
            return;
        }
        let pace = &mut Pace::slow(shared);
        self.read(shared, &self.start, pace, wounded);
        if !self.counted {
            react(shared, count(shared, pace), wounded);
        }
    }

    /// Reads everything.
    fn scrub(&self, shared: &Shared, wounded: &mut bool) {
        let pace = &mut Pace::slow(shared);
        match segment::header(&self.shelf.path(shared.segment())) {
            Ok(Some(until)) => self.read(shared, &until, pace, wounded),
            Ok(None) => {}
            Err(error) => react(shared, Err(Trouble::Disk(error)), wounded),
        }
        react(shared, count(shared, pace), wounded);
    }

    /// Reads the journal and the checkpoints. Damage to the one hides none of the other.
    fn read(&self, shared: &Shared, until: &Header, pace: &mut Pace<'_>, wounded: &mut bool) {
        let judge = |error| self.judge(shared, error);
        let read = scrub::journal(&self.shelf, &self.checkpoints, until, pace);
        react(shared, read.map(drop).map_err(judge), wounded);
        let read = scrub::checkpoints(&self.checkpoints, pace);
        react(shared, read.map(drop).map_err(judge), wounded);
    }

    /// Tells damage to what is acknowledged from damage to what is kept beside it.
    fn judge(&self, shared: &Shared, error: OpenError) -> Trouble {
        let archived = matches!(&error, OpenError::Damaged { path, .. } if self.is_archived(path));
        match error {
            OpenError::Checkpoint { path, reason } if self.is_rested_on(shared, &path) => {
                Trouble::State(StateError::Checkpoint { path, reason })
            }
            error if archived || matches!(error, OpenError::Checkpoint { .. }) => {
                Trouble::Wounded(error.to_string())
            }
            error => Trouble::Damage(error),
        }
    }

    /// Tells whether a checkpoint is the one that the state rests on.
    fn is_rested_on(&self, shared: &Shared, checkpoint: &Path) -> bool {
        checkpoint == self.checkpoints.path(shared.state.rests_on())
    }

    /// Tells whether a segment is in the archive, or should be and is nowhere: then it comes before
    /// those that are live.
    fn is_archived(&self, segment: &Path) -> bool {
        let live = self.shelf.live().unwrap_or_default();
        let first_live = live.first().map(|number| self.shelf.path(*number));
        segment.starts_with(self.shelf.archive())
            || first_live.is_some_and(|first_live| segment < first_live.as_path())
    }

    /// Makes a checkpoint if it is time, lets the state rest on it, archives, and deletes what has
    /// expired.
    fn tend(&self, shared: &Shared) -> Result<(), Trouble> {
        let pace = &mut Pace::slow(shared);
        let options = &shared.options;
        let mut newest = self.checkpoints.newest(u64::MAX).map_err(Trouble::Disk)?;
        if let Some(found) = &newest {
            self.rest_on(shared, found, pace)?;
        }
        let base = match newest {
            Some(newest) => newest,
            None => self.checkpoints.base()?,
        };
        let last = shared.segment().saturating_sub(1);
        if self.is_due(options.checkpoint_bytes, &base, last) && self.turn(shared, last)? {
            newest = self.make(shared, (&base, last), pace)?;
        }
        let Some(newest) = newest else { return Ok(()) };
        archive::archive(&self.shelf, &newest).map_err(full_or_disk)?;
        let needed = shared.state.rests_on();
        archive::thin(&self.checkpoints, needed, options.archive_ms)?;
        let until = (shared.now(), options.archive_ms);
        archive::expire(&self.shelf, &self.checkpoints, needed, until, pace)?;
        Ok(())
    }

    /// Lets the state rest on a checkpoint that was finished and that it does not rest on yet: it
    /// had not come so far itself, or a cut came before.
    fn rest_on(&self, shared: &Shared, found: &Head, pace: &mut Pace<'_>) -> Result<(), Trouble> {
        let number = found.stamp.sequence;
        let is_waited_for = shared
            .state
            .waits_for()
            .is_some_and(|floor| floor <= number);
        if is_waited_for && self.checkpoints.check(number, pace)?.is_some() {
            shared.rest_on(found)?;
        }
        Ok(())
    }

    /// Begins a new layer of the state, which has all that is not in the segments up to `last`.
    /// False when the state has much of that already; where the next segment ends, it has none.
    fn turn(&self, shared: &Shared, last: u64) -> Result<bool, Trouble> {
        let current = self.shelf.path(last.saturating_add(1));
        let current = segment::header(&current).map_err(Trouble::Disk)?;
        let Some(current) = current else {
            return Ok(true);
        };
        let tail = |until| replay::tail(&self.shelf, &current, until);
        Ok(shared.turn(current.first, tail)?)
    }

    /// Makes a checkpoint at the end of a segment, and lets the state rest on it.
    fn make(
        &self,
        shared: &Shared,
        place: (&Head, u64),
        pace: &mut Pace<'_>,
    ) -> Result<Option<Head>, Trouble> {
        let disk = &*shared.options.protections.disk;
        let made = merge::make(&self.shelf, &self.checkpoints, disk, place, pace);
        let made = made.map_err(|flaw| self.blame(shared, flaw, pace))?;
        if let Some(made) = &made {
            shared.rest_on(made)?;
        }
        Ok(made)
    }

    /// Tells whether a checkpoint could not be made because the one that the state rests on, and
    /// from which it was to be made, is damaged.
    fn blame(&self, shared: &Shared, flaw: Flaw, pace: &mut Pace<'_>) -> Trouble {
        let base = shared.state.rests_on();
        match self.checkpoints.check(base, pace) {
            Err(under) if base > 0 => Trouble::State(StateError::Base(under)),
            Err(_) | Ok(_) => flaw.into(),
        }
    }

    /// Tells whether enough lies behind a checkpoint for the next one.
    fn is_due(&self, least: u64, base: &Head, last: u64) -> bool {
        let length = |path| fs::metadata(path).map_or(0, |file| file.len());
        let behind = (base.next().number..=last).map(|number| length(self.shelf.path(number)));
        let long = length(self.checkpoints.path(base.stamp.sequence));
        last > base.segment && behind.fold(0, u64::saturating_add) >= least.max(long)
    }
}

/// Counts the state.
fn count(shared: &Shared, pace: &mut Pace<'_>) -> Result<(), Trouble> {
    scrub::state(shared, pace)?;
    Ok(())
}

fn full_or_disk(error: io::Error) -> Trouble {
    if is_full(&error) {
        Trouble::Full(error)
    } else {
        Trouble::Disk(error)
    }
}

impl From<Flaw> for Trouble {
    fn from(flaw: Flaw) -> Self {
        match flaw {
            Flaw::Io(error) => full_or_disk(error),
            Flaw::Missing
            | Flaw::Header
            | Flaw::Format
            | Flaw::Stranger
            | Flaw::Block(_)
            | Flaw::Order(_)
            | Flaw::Index
            | Flaw::Tally => Self::Wounded(flaw.to_string()),
            Flaw::Journal(_) => Self::Disk(io::Error::other(flaw.to_string())),
        }
    }
}

impl From<StateError> for Trouble {
    fn from(error: StateError) -> Self {
        match error {
            StateError::Full => Self::Full(io::ErrorKind::StorageFull.into()),
            error => Self::State(error),
        }
    }
}

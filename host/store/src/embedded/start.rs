//! Where a start begins to read the journal: late enough to be quick, early enough to miss nothing
//! that the state on disk does not have.

use std::fs;

use souk_core::Timestamp;

use super::checkpoint::record::Head;
use super::error::OpenError;
use super::inspect::Claim;
use super::journal::record::Stamp;
use super::journal::segment::{self, Header};
use super::journal::shelf::Shelf;
use super::options::Options;
use super::tally::Tally;

/// Where reading begins.
#[derive(Clone, Copy)]
pub(super) struct Start {
    /// The segment that is read first, as it says itself or as it is due.
    pub(super) header: Header,
    /// The checkpoint that it follows, if it is one; otherwise there are records to be read.
    pub(super) known: Option<Head>,
}

impl Start {
    fn after(known: Head) -> Self {
        Self {
            header: known.next(),
            known: Some(known),
        }
    }

    /// The record before the first that is read, as far as it is known.
    pub(super) fn before(&self) -> Stamp {
        let unknown = Stamp {
            sequence: self.header.first.saturating_sub(1),
            at: Timestamp::from_millis(0),
            tally: Tally::default(),
        };
        self.known.map_or(unknown, |known| known.stamp)
    }
}

/// Finds where to begin: behind the newest checkpoint, or later when the state on disk has more and
/// enough of the journal's end is read all the same.
pub(super) fn find(options: &Options, claim: &Claim, applied: u64) -> Result<Start, OpenError> {
    let checkpoints = options.checkpoints_of(claim.store);
    let Some((anchored, _)) = claim.must else {
        // Nobody says what the hashes must lead to: everything is read.
        let base = checkpoints.base().map_err(|flaw| OpenError::Checkpoint {
            path: checkpoints.folder().to_path_buf(),
            reason: flaw.to_string(),
        })?;
        return Ok(Start::after(base));
    };
    let newest = checkpoints.newest(anchored);
    let newest = newest.map_err(OpenError::io(checkpoints.folder()))?;
    let known = newest.unwrap_or(Head::genesis(claim.store));
    let late = latest(options, &known, applied.min(anchored))?;
    Ok(late.map_or(Start::after(known), |header| Start {
        header,
        known: None,
    }))
}

/// The last segment behind a checkpoint that begins no later than a record, with enough to read
/// from there on. Nothing when a file is missing: reading then begins early and names it.
fn latest(options: &Options, known: &Head, record: u64) -> Result<Option<Header>, OpenError> {
    let shelf = options.shelf();
    let io = || OpenError::io(shelf.journal());
    let mut numbers = shelf.numbers().map_err(io())?;
    numbers.retain(|number| *number > known.segment);
    let gapless = numbers.iter().zip(known.segment.saturating_add(1)..);
    if !gapless.into_iter().all(|(number, due)| *number == due) {
        return Ok(None);
    }
    let mut bytes = 0_u64;
    for number in numbers.into_iter().rev() {
        bytes = bytes.saturating_add(length(&shelf, number).map_err(io())?);
        let header = segment::header(&shelf.path(number)).map_err(io())?;
        let late = header.filter(|header| header.first <= record);
        if bytes >= options.checked_bytes && late.is_some() {
            return Ok(late.filter(|header| header.number > known.next().number));
        }
    }
    Ok(None)
}

fn length(shelf: &Shelf, number: u64) -> std::io::Result<u64> {
    Ok(fs::metadata(shelf.path(number))?.len())
}

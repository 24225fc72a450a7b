//! Checking and mending a store that is not in use.

use std::cmp::Ordering;
use std::thread;

use super::anchor::AnchorFile;
use super::derive::{self, Before};
use super::error::OpenError;
use super::inspect::{Journal, inspect};
use super::lock::Lock;
use super::options::Options;
use super::pace::Pace;
use super::report::{Adopted, Opened, Report};
use super::scrub;

/// Verifies a store that is not in use, and changes nothing: journal and archive from where
/// everything kept begins, the anchor, the checkpoints, and whether the state on disk is what the
/// journal gives. Works on a read-only medium, too, but for the state.
///
/// # Errors
/// As for [`Embedded::open`](super::Embedded::open).
pub fn verify(options: &Options) -> Result<Report, OpenError> {
    must_exist(options)?;
    let _lock = Lock::look(options)?;
    let before = derive::before(options);
    let journal = inspect(options, before.applied())?;
    let found = journal.found()?;
    let (state, read) = thread::scope(|scope| {
        let rest = scope.spawn(|| read_all(options, &journal));
        let state = derive::look(&journal, before);
        (state, rest.join())
    });
    match read {
        Ok(read) => read?,
        Err(panic) => std::panic::resume_unwind(panic),
    }
    let folder = journal.checkpoints.folder();
    let numbers = journal.checkpoints.numbers();
    Ok(Report {
        journal: found,
        state,
        checkpoints: numbers.map_err(OpenError::io(folder))?.len(),
    })
}

/// Reads what [`inspect`] did not read.
fn read_all(options: &Options, journal: &Journal) -> Result<(), OpenError> {
    let Journal {
        shelf,
        checkpoints,
        start,
        ..
    } = journal;
    scrub::journal(shelf, checkpoints, start, &mut Pace::full(options))?;
    scrub::checkpoints(checkpoints, &mut Pace::full(options))?;
    Ok(())
}

/// Makes the state on disk anew from the newest checkpoint and the journal.
///
/// # Errors
/// As for [`Embedded::open`](super::Embedded::open).
pub fn rebuild(options: &Options) -> Result<Opened, OpenError> {
    must_exist(options)?;
    let _lock = Lock::take(options)?;
    let before = derive::before(options);
    let mut journal = inspect(options, 0)?;
    let found = journal.found()?;
    let new = journal.end.is_none();
    let adopted = options.adopt.then(|| adopted(options, &journal));
    let state = match before {
        Before::Useless(found) => found,
        usable @ Before::Usable(..) => derive::look(&journal, usable),
    };
    drop(journal.settle(options)?);
    let (state_made, replayed) = derive::anew(options, &journal)?;
    drop(state_made);
    Ok(Opened {
        new,
        journal: found,
        state,
        replayed,
        keys: journal.last.tally.keys,
        checked: journal.is_read()?,
        adopted: adopted.transpose()?,
    })
}

/// What the anchor says of a journal that is taken as it is.
fn adopted(options: &Options, journal: &Journal) -> Result<Adopted, OpenError> {
    let anchor = AnchorFile::peek(&options.anchor).map_err(OpenError::io(&options.anchor))?;
    let Some(anchor) = anchor else {
        return Ok(Adopted::Unanchored);
    };
    let (anchored, last) = (anchor.sequence, journal.last.sequence);
    Ok(match anchored.cmp(&last) {
        _ if anchor.store != journal.store => Adopted::Stranger,
        Ordering::Less => Adopted::Beyond { anchored },
        Ordering::Greater => Adopted::Missing { anchored },
        Ordering::Equal if anchor.chain != journal.chain => Adopted::Altered,
        Ordering::Equal => Adopted::Nothing,
    })
}

fn must_exist(options: &Options) -> Result<(), OpenError> {
    if options.journal().exists() || options.anchor.exists() {
        return Ok(());
    }
    Err(OpenError::Absent {
        data: options.data.clone(),
    })
}

//! The state on disk, brought up to the journal: replayed from where it is, or made anew from a
//! checkpoint when it is missing or is not what the journal gives.

use std::fs;
use std::io;
use std::path::Path;

use super::checkpoint::Flaw;
use super::checkpoint::record::Head;
use super::error::OpenError;
use super::inspect::Journal;
use super::journal::segment::Header;
use super::journal::walk::{Damage, Place};
use super::options::Options;
use super::pace::Pace;
use super::replay::replay;
use super::report::StateFound;
use super::state::{self, Applied, State, StateError};
use super::tally::Tally;
use crate::disk::sync_folder_of;

/// A state that is what the journal gives, and what it was before.
pub(super) struct Derived {
    pub(super) state: State,
    pub(super) found: StateFound,
    /// How many records were applied to it.
    pub(super) replayed: u64,
    /// All of it was counted, and the count is the journal's.
    pub(super) counted: bool,
}

/// The state on disk before anything was done to it.
pub(super) enum Before {
    /// It opens, and says how far it is.
    Usable(State, u64),
    /// It has to be made anew.
    Useless(StateFound),
}

/// Why a state is not what the journal gives.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unsound {
    #[error("{0}")]
    State(#[from] StateError),
    #[error("it belongs to another store")]
    Stranger,
    #[error("it is ahead of the journal")]
    Ahead,
    #[error("it is older than what is kept of the journal")]
    Old,
    #[error("it is not what the journal gives")]
    Tally(Tally),
    #[error("the checkpoint cannot be used: {0}")]
    Checkpoint(String),
    #[error("the journal is damaged: {1}")]
    Damaged(Place, Damage),
    #[error("the journal cannot be read: {0}")]
    Journal(io::Error),
}

/// Opens the state and asks how far it is.
pub(super) fn before(options: &Options) -> Before {
    let path = options.state();
    if let Ok(reason) = fs::read_to_string(options.distrust()) {
        return Before::Useless(StateFound::Damaged { reason });
    }
    if !path.exists() {
        return Before::Useless(StateFound::Missing);
    }
    let open = || {
        let state = State::open(options)?;
        let applied = state.applied()?.map_or(0, |applied| applied.sequence);
        Ok((state, applied))
    };
    match guarded(open) {
        Ok((state, applied)) => Before::Usable(state, applied),
        Err(Unsound::State(StateError::Io(error)))
            if error.kind() == io::ErrorKind::ReadOnlyFilesystem =>
        {
            Before::Useless(StateFound::ReadOnly)
        }
        Err(unsound) => Before::Useless(damaged(&unsound)),
    }
}

fn damaged(unsound: &Unsound) -> StateFound {
    StateFound::Damaged {
        reason: unsound.to_string(),
    }
}

impl Before {
    /// The last record that the state says it has.
    pub(super) fn applied(&self) -> u64 {
        match self {
            Self::Usable(_, applied) => *applied,
            Self::Useless(_) => 0,
        }
    }
}

/// Brings a state up to the journal, or makes it anew.
pub(super) fn derive(
    options: &Options,
    journal: &Journal,
    before: Before,
) -> Result<Derived, OpenError> {
    let found = match before {
        Before::Useless(found) => found,
        Before::Usable(state, _) => match guarded(|| bring_up(state, options, journal)) {
            Ok(derived) => return Ok(derived),
            Err(unsound) => damaged(&unsound),
        },
    };
    let (state, replayed) = anew(options, journal)?;
    Ok(Derived {
        state,
        found,
        replayed,
        counted: true,
    })
}

/// Replays what a state lacks and checks that it is what the journal gives; a large one is counted
/// later.
fn bring_up(state: State, options: &Options, journal: &Journal) -> Result<Derived, Unsound> {
    let has = applied(&state, journal)?;
    let last = journal.last.sequence;
    let replayed = last.saturating_sub(has.sequence);
    if replayed > 0 {
        state.spend()?;
        let from = from(journal, has.sequence)?;
        replay(&state, journal, &from, has, &mut Pace::full(options))?;
        finish(&state, options, journal)?;
    }
    let counted = journal.last.tally.keys <= options.checked_keys;
    if counted {
        check(&state, journal)?;
    } else if replayed == 0 && has.tally != journal.last.tally {
        return Err(Unsound::Tally(has.tally));
    }
    let found = match replayed {
        0 => StateFound::Sound,
        _ => StateFound::Behind {
            applied: has.sequence,
        },
    };
    Ok(Derived {
        state,
        found,
        replayed,
        counted,
    })
}

/// Where to begin so that every record behind `sequence` is read, and it too if it can be.
fn from(journal: &Journal, sequence: u64) -> Result<Header, Unsound> {
    let mut headers = journal.headers.iter();
    let within = headers.rfind(|header| header.first <= sequence.max(1));
    let next = journal.headers.first();
    let next = next.filter(|header| header.first == sequence.saturating_add(1));
    within.or(next).copied().ok_or(Unsound::Old)
}

fn finish(state: &State, options: &Options, journal: &Journal) -> Result<(), Unsound> {
    state.set_applied(&Applied {
        store: journal.store,
        sequence: journal.last.sequence,
        tally: journal.last.tally,
    })?;
    Ok(state.sync(&*options.protections.disk)?)
}

fn check(state: &State, journal: &Journal) -> Result<(), Unsound> {
    let tally = state.tally()?.0;
    if tally == journal.last.tally {
        Ok(())
    } else {
        Err(Unsound::Tally(tally))
    }
}

/// Makes the state anew, from the newest checkpoint that is sound. Returns it with the number of
/// records that were read for it.
pub(super) fn anew(options: &Options, journal: &Journal) -> Result<(State, u64), OpenError> {
    let path = options.state();
    let io = || OpenError::io(&path);
    let numbers = journal.checkpoints.numbers().map_err(io())?;
    let mut numbers: Vec<_> = numbers.into_iter().map(Some).collect();
    numbers.retain(|number| *number <= Some(journal.last.sequence));
    numbers.insert(0, None);
    let mut unsound = Vec::new();
    let made = loop {
        let Some(checkpoint) = numbers.pop() else {
            return Err(nothing_to_make_it_from(journal));
        };
        State::remove(&path).map_err(io())?;
        match guarded(|| from_checkpoint(options, journal, checkpoint)) {
            Err(Unsound::Checkpoint(reason)) if !numbers.is_empty() => {
                tracing::error!(
                    checkpoint,
                    reason,
                    "a checkpoint is unsound and set aside; an older one is used"
                );
                unsound.extend(checkpoint);
            }
            made => break made,
        }
    };
    let (state, read) = made.map_err(|unsound| refusal(unsound, &path, journal))?;
    sync_folder_of(&path).map_err(io())?;
    // The older one and the journal agree: what was unsound is in nobody's way any more.
    for number in unsound {
        journal.checkpoints.set_aside(number).map_err(io())?;
    }
    match fs::remove_file(options.distrust()) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io()(error)),
        _ => Ok((state, read)),
    }
}

fn nothing_to_make_it_from(journal: &Journal) -> OpenError {
    OpenError::Checkpoint {
        path: journal.checkpoints.folder().to_path_buf(),
        reason: "there is none".to_owned(),
    }
}

/// Makes the state from a checkpoint, or from the beginning, and the segments after it.
fn from_checkpoint(
    options: &Options,
    journal: &Journal,
    checkpoint: Option<u64>,
) -> Result<(State, u64), Unsound> {
    let head = match checkpoint {
        Some(number) => sound(options, journal, number)?,
        None => beginning(journal)?,
    };
    let state = match checkpoint {
        Some(_) => State::on(options, &head)?,
        None => State::open(options)?,
    };
    let has = head.applied();
    replay(&state, journal, &head.next(), has, &mut Pace::full(options))?;
    finish(&state, options, journal)?;
    check(&state, journal)?;
    let read = journal.last.sequence.saturating_sub(has.sequence);
    Ok((state, read))
}

/// Reads a checkpoint from front to back.
fn sound(options: &Options, journal: &Journal, number: u64) -> Result<Head, Unsound> {
    let checked = journal.checkpoints.check(number, &mut Pace::full(options));
    let unusable = |flaw: Flaw| Unsound::Checkpoint(flaw.to_string());
    checked
        .map_err(unusable)?
        .ok_or_else(|| unusable(Flaw::Missing))
}

/// The beginning of everything, if it is still kept.
fn beginning(journal: &Journal) -> Result<Head, Unsound> {
    let genesis = Head::genesis(journal.store);
    let first = journal.shelf.numbers().map_err(Unsound::Journal)?;
    if first.first() == Some(&genesis.next().number) {
        Ok(genesis)
    } else {
        Err(Unsound::Old)
    }
}

fn refusal(unsound: Unsound, path: &Path, journal: &Journal) -> OpenError {
    match unsound {
        Unsound::Tally(tally) => OpenError::Disagreement {
            journal: journal.path.clone(),
            keys: tally.keys,
            recorded: journal.last.tally.keys,
        },
        Unsound::Damaged(place, damage) => OpenError::Damaged {
            path: journal.shelf.path(place.segment),
            offset: place.offset,
            sequence: place.sequence,
            damage,
        },
        Unsound::Checkpoint(reason) => OpenError::Checkpoint {
            path: journal.checkpoints.folder().to_path_buf(),
            reason,
        },
        Unsound::State(_)
        | Unsound::Stranger
        | Unsound::Ahead
        | Unsound::Old
        | Unsound::Journal(_) => OpenError::State {
            state: path.to_path_buf(),
            reason: unsound.to_string(),
        },
    }
}

/// Looks at the state without changing it.
pub(super) fn look(journal: &Journal, before: Before) -> StateFound {
    let state = match before {
        Before::Useless(found) => return found,
        Before::Usable(state, _) => state,
    };
    match guarded(|| survey(&state, journal)) {
        Ok(applied) if applied == journal.last.sequence => StateFound::Sound,
        Ok(applied) => StateFound::Behind { applied },
        Err(unsound) => damaged(&unsound),
    }
}

/// Runs something that uses a state which may be damaged: it can panic when it is put away, too.
fn guarded<T>(body: impl FnOnce() -> Result<T, Unsound>) -> Result<T, Unsound> {
    state::guarded(|| Ok(body())).unwrap_or_else(|panic| Err(panic.into()))
}

/// How far a state says it is; nothing yet, for one that does not say.
fn applied(state: &State, journal: &Journal) -> Result<Applied, Unsound> {
    let none = Applied {
        store: journal.store,
        sequence: 0,
        tally: Tally::default(),
    };
    let applied = state.applied()?.unwrap_or(none);
    if applied.store != journal.store {
        return Err(Unsound::Stranger);
    }
    if applied.sequence > journal.last.sequence {
        return Err(Unsound::Ahead);
    }
    Ok(applied)
}

/// Checks a state against the journal without replaying. Returns the last record it has.
fn survey(state: &State, journal: &Journal) -> Result<u64, Unsound> {
    let applied = applied(state, journal)?;
    let (tally, newest) = state.tally()?;
    let claimed = if applied.sequence == journal.last.sequence {
        journal.last.tally
    } else {
        applied.tally
    };
    // A follower that was interrupted has written more than it says; that is replayed anyway.
    if tally != claimed && newest <= applied.sequence {
        return Err(Unsound::Tally(tally));
    }
    Ok(applied.sequence)
}

//! The state on disk, brought up to the journal: replayed from where it is, or made anew when it is
//! missing or is not what the journal gives.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use souk_core::limits::RECENT_KEYS_MAX;

use super::error::OpenError;
use super::inspect::Journal;
use super::journal::record::Record;
use super::journal::walk::{Step, Walk};
use super::options::Options;
use super::report::StateFound;
use super::state::{self, Applied, State, StateError};
use super::tally::Tally;
use crate::disk::sync_folder_of;
use crate::engine::RawKey;

/// A state that is what the journal gives, and what it was before.
pub(super) struct Derived {
    pub(super) state: State,
    pub(super) found: StateFound,
    /// How many records were applied to it.
    pub(super) replayed: u64,
}

/// Why a state is not what the journal gives.
#[derive(Debug, thiserror::Error)]
enum Unsound {
    #[error("{0}")]
    State(#[from] StateError),
    #[error("it belongs to another store")]
    Stranger,
    #[error("it is ahead of the journal")]
    Ahead,
    #[error("it is not what the journal gives")]
    Tally(Tally),
    #[error("the journal cannot be read: {0}")]
    Journal(io::Error),
}

/// Opens the state and brings it up to the journal.
pub(super) fn derive(options: &Options, journal: &Journal) -> Result<Derived, OpenError> {
    let path = options.state();
    let mut found = StateFound::Missing;
    if let Ok(reason) = fs::read_to_string(options.distrust()) {
        found = StateFound::Damaged { reason };
    } else if path.exists() {
        match guarded(|| bring_up(&path, options, journal)) {
            Ok((state, before)) => {
                let last = journal.last.sequence;
                let found = match before {
                    applied if applied == last => StateFound::Sound,
                    applied => StateFound::Behind { applied },
                };
                return Ok(Derived {
                    state,
                    found,
                    replayed: last.saturating_sub(before),
                });
            }
            Err(unsound) => {
                found = StateFound::Damaged {
                    reason: unsound.to_string(),
                }
            }
        }
    }
    let state = anew(&path, options, journal)?;
    Ok(Derived {
        state,
        found,
        replayed: journal.last.sequence,
    })
}

/// Makes the state anew from the whole journal.
pub(super) fn anew(path: &Path, options: &Options, journal: &Journal) -> Result<State, OpenError> {
    let io = || OpenError::io(path);
    State::remove(path).map_err(io())?;
    let made = guarded(|| bring_up(path, options, journal));
    let (state, _) = made.map_err(|unsound| match unsound {
        Unsound::Tally(tally) => OpenError::Disagreement {
            journal: journal.path.clone(),
            keys: tally.keys,
            recorded: journal.last.tally.keys,
        },
        Unsound::State(_) | Unsound::Stranger | Unsound::Ahead | Unsound::Journal(_) => {
            OpenError::State {
                state: path.to_path_buf(),
                reason: unsound.to_string(),
            }
        }
    })?;
    sync_folder_of(path).map_err(io())?;
    match fs::remove_file(options.distrust()) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io()(error)),
        _ => Ok(state),
    }
}

/// Looks at the state without changing it.
pub(super) fn look(options: &Options, journal: &Journal) -> StateFound {
    let path = options.state();
    if !path.exists() {
        return StateFound::Missing;
    }
    match guarded(|| survey(&path, journal)) {
        Ok(applied) if applied == journal.last.sequence => StateFound::Sound,
        Ok(applied) => StateFound::Behind { applied },
        Err(unsound) => StateFound::Damaged {
            reason: unsound.to_string(),
        },
    }
}

/// Runs something that uses a state which may be damaged: it can panic when it is put away, too.
fn guarded<T>(body: impl FnOnce() -> Result<T, Unsound>) -> Result<T, Unsound> {
    state::guarded(|| Ok(body())).unwrap_or_else(|panic| Err(panic.into()))
}

/// Opens a state, replays what it lacks and checks that it is what the journal gives. Returns it
/// with the last record it had before.
fn bring_up(path: &Path, options: &Options, journal: &Journal) -> Result<(State, u64), Unsound> {
    let state = State::open(path)?;
    let before = applied(&state, journal)?;
    if before.sequence < journal.last.sequence {
        replay(&state, journal, before)?;
        let Journal { store, last, .. } = *journal;
        state.set_applied(&Applied {
            store,
            sequence: last.sequence,
            tally: last.tally,
        })?;
        state.sync(&*options.protections.disk)?;
    }
    let tally = state.tally()?.0;
    if tally != journal.last.tally {
        return Err(Unsound::Tally(tally));
    }
    Ok((state, before.sequence))
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
fn survey(path: &Path, journal: &Journal) -> Result<u64, Unsound> {
    let state = State::open(path)?;
    let applied = applied(&state, journal)?;
    let (tally, newest) = state.tally()?;
    // A follower that was interrupted has written more than it says; that is replayed anyway.
    if tally != applied.tally && newest <= applied.sequence {
        return Err(Unsound::Tally(tally));
    }
    Ok(applied.sequence)
}

/// Writes lately read, by key.
type Writes = BTreeMap<RawKey, (u64, Option<Vec<u8>>)>;

/// Applies every record that comes after those the state has.
fn replay(state: &State, journal: &Journal, has: Applied) -> Result<(), Unsound> {
    let start = journal
        .headers
        .iter()
        .rfind(|header| header.first <= has.sequence.max(1));
    let Some(start) = start else { return Ok(()) };
    let mut walk = Walk::from(&journal.path, start).map_err(Unsound::Journal)?;
    let mut writes = Writes::new();
    while walk.place().sequence <= journal.last.sequence {
        match walk.step().map_err(Unsound::Journal)? {
            Step::Record(record, _) if record.stamp.sequence < has.sequence => {}
            Step::Record(record, _) if record.stamp.sequence == has.sequence => {
                if record.stamp.tally != has.tally {
                    return Err(Unsound::Tally(has.tally));
                }
            }
            Step::Record(record, _) => {
                collect(&record, &mut writes);
                if writes.len() > RECENT_KEYS_MAX {
                    flush(state, &mut writes)?;
                }
            }
            Step::Segment(_) => {}
            Step::End | Step::Damaged(_) | Step::Unknown | Step::Stranger => {
                // It was sound a moment ago.
                return Err(Unsound::Journal(io::ErrorKind::InvalidData.into()));
            }
        }
    }
    flush(state, &mut writes)
}

fn collect(record: &Record<'_>, writes: &mut Writes) {
    for (key, value) in record.writes() {
        writes.insert(
            key.to_vec(),
            (record.stamp.sequence, value.map(<[u8]>::to_vec)),
        );
    }
}

fn flush(state: &State, writes: &mut Writes) -> Result<(), Unsound> {
    state.apply(
        writes
            .iter()
            .map(|(key, (version, value))| (key, *version, value.as_deref())),
    )?;
    writes.clear();
    Ok(())
}

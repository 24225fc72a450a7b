//! Giving a state what it lacks: the records behind those that it has.

use std::collections::BTreeMap;

use souk_core::limits::{LATE_KEYS_MAX, RECENT_KEYS_MAX};

use super::census::Census;
use super::derive::Unsound;
use super::inspect::Journal;
use super::journal::record::Record;
use super::journal::segment::Header;
use super::journal::shelf::Shelf;
use super::journal::walk::{Damage, Step, Walk};
use super::pace::Pace;
use super::state::{Applied, State, StateError};
use crate::engine::RawKey;

/// Writes lately read, by key.
pub(super) type Writes = BTreeMap<RawKey, (u64, Option<Vec<u8>>)>;

/// What the records of the newest segment wrote, up to one that is durable; nothing when that is
/// more than can be written while others wait.
pub(super) fn tail(
    shelf: &Shelf,
    segment: &Header,
    until: u64,
) -> Result<Option<Writes>, StateError> {
    let (mut walk, mut writes) = (Walk::from(shelf, segment)?, Writes::new());
    while walk.place().sequence <= until {
        if writes.len() > LATE_KEYS_MAX {
            return Ok(None);
        }
        match walk.step()? {
            Step::Record(record, _) => collect(&record, &mut writes),
            Step::Segment(_) => {}
            Step::Damaged(_) | Step::End | Step::Unknown | Step::Stranger => {
                return Err(StateError::Missing);
            }
        }
    }
    Ok(Some(writes))
}

/// Applies every record behind those the state has, reading from a segment on.
pub(super) fn replay(
    state: &State,
    journal: &Journal,
    from: &Header,
    has: Applied,
    pace: &mut Pace<'_>,
) -> Result<(), Unsound> {
    let mut walk = Walk::from(&journal.shelf, from).map_err(Unsound::Journal)?;
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
                pace.go(record.bytes());
                if writes.len() > RECENT_KEYS_MAX {
                    flush(state, &mut writes)?;
                }
            }
            Step::Segment(_) => {}
            Step::Damaged(damage) => return Err(Unsound::Damaged(walk.place(), damage)),
            Step::End | Step::Unknown | Step::Stranger => {
                return Err(Unsound::Damaged(walk.place(), Damage::Missing));
            }
        }
    }
    flush(state, &mut writes)?;
    if journal.last.sequence > has.sequence && walk.chain() != journal.chain {
        return Err(Unsound::Damaged(walk.place(), Damage::Chain));
    }
    Ok(())
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
    state.apply(in_order(writes), &mut Census::default())?;
    writes.clear();
    Ok(())
}

/// Writes as a state takes them.
pub(super) fn in_order(
    writes: &Writes,
) -> impl Iterator<Item = (&RawKey, u64, Option<&[u8]>)> + Clone {
    let writes = writes.iter();
    writes.map(|(key, (version, value))| (key, *version, value.as_deref()))
}

//! Giving a state what it lacks: a checkpoint's entries, and the records behind them.

use std::collections::BTreeMap;

use souk_core::limits::RECENT_KEYS_MAX;

use super::census::Census;
use super::checkpoint::Flaw;
use super::checkpoint::reader::Reader;
use super::checkpoint::record::{Entry, Head};
use super::derive::Unsound;
use super::inspect::Journal;
use super::journal::record::Record;
use super::journal::segment::Header;
use super::journal::walk::{Damage, Step, Walk};
use super::state::{Applied, State};
use crate::engine::RawKey;

/// Entries that are written at once.
const ENTRIES: usize = 10_000;

/// Writes lately read, by key.
type Writes = BTreeMap<RawKey, (u64, Option<Vec<u8>>)>;

/// Gives an empty state what is in a checkpoint, and returns what that stands for.
pub(super) fn load(
    state: &State,
    journal: &Journal,
    checkpoint: Option<u64>,
) -> Result<Head, Unsound> {
    let Some(number) = checkpoint else {
        return begin(journal);
    };
    let unusable = |flaw: Flaw| Unsound::Checkpoint(flaw.to_string());
    let head = journal.checkpoints.head(number).map_err(unusable)?;
    let mut reader = Reader::open(&journal.checkpoints.path(number)).map_err(unusable)?;
    let mut entries = Vec::with_capacity(ENTRIES);
    while let Some(entry) = reader.step().map_err(unusable)? {
        entries.push(entry);
        if entries.len() >= ENTRIES {
            write(state, &mut entries)?;
        }
    }
    write(state, &mut entries)?;
    if reader.is_claimed() {
        Ok(head)
    } else {
        Err(unusable(Flaw::Tally))
    }
}

/// The beginning of everything, if it is still kept.
fn begin(journal: &Journal) -> Result<Head, Unsound> {
    let genesis = Head::genesis(journal.store);
    let first = journal.shelf.numbers().map_err(Unsound::Journal)?;
    if first.first() == Some(&genesis.next().number) {
        Ok(genesis)
    } else {
        Err(Unsound::Old)
    }
}

fn write(state: &State, entries: &mut Vec<Entry>) -> Result<(), Unsound> {
    let writes = entries.iter();
    let writes = writes.map(|entry| (&entry.key, entry.version, entry.value.as_deref()));
    state.apply(writes, &mut Census::default())?;
    entries.clear();
    Ok(())
}

/// Applies every record behind those the state has, reading from a segment on.
pub(super) fn replay(
    state: &State,
    journal: &Journal,
    from: &Header,
    has: Applied,
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
    state.apply(
        writes
            .iter()
            .map(|(key, (version, value))| (key, *version, value.as_deref())),
        &mut Census::default(),
    )?;
    writes.clear();
    Ok(())
}

//! Reading what a start did not read: the journal and the archive from where everything kept
//! begins, the checkpoints on the way, and the state. `souk store verify` does so as fast as it
//! goes, the upkeep slowly and again and again.

use std::collections::BTreeMap;

use souk_core::limits::SCRUB_KEYS;

use super::checkpoint::Flaw;
use super::checkpoint::record::Head;
use super::checkpoint::shelf::Checkpoints;
use super::error::OpenError;
use super::journal::record::Record;
use super::journal::segment::Header;
use super::journal::shelf::Shelf;
use super::journal::walk::{Damage, Place, Step, Walk};
use super::pace::Pace;
use super::shared::Shared;
use super::state::StateError;

/// What a counted key stands for when work is counted in bytes.
const KEY_BYTES: u64 = 512;

/// Reads all segments before `until`, which is known to be sound, and holds the checkpoints against
/// them. Nothing when it was told to stop.
pub(super) fn journal(
    shelf: &Shelf,
    checkpoints: &Checkpoints,
    until: &Header,
    pace: &mut Pace<'_>,
) -> Result<Option<()>, OpenError> {
    let folder = checkpoints.folder();
    let base = checkpoints.base().map_err(refused(checkpoints, None))?;
    let claims = claims(checkpoints, &base)?;
    if base.next() == *until {
        return Ok(Some(()));
    }
    let mut walk = Walk::from(shelf, &base.next()).map_err(OpenError::io(folder))?;
    loop {
        match walk.step().map_err(OpenError::io(shelf.journal()))? {
            Step::Record(record, _) => {
                let bytes = record.bytes();
                hold(checkpoints, &claims, &record)?;
                if !pace.go(bytes) {
                    return Ok(None);
                }
            }
            Step::Segment(header) if header == *until => return Ok(Some(())),
            Step::Segment(header) if header.number < until.number => {}
            Step::Segment(_) => return Err(damaged(shelf, walk.place(), Damage::Order)),
            Step::Damaged(damage) => return Err(damaged(shelf, walk.place(), damage)),
            Step::End => return Err(damaged(shelf, walk.place(), Damage::Missing)),
            Step::Unknown | Step::Stranger => {
                return Err(damaged(shelf, walk.place(), Damage::Header));
            }
        }
    }
}

/// What the checkpoints behind the base claim, by sequence number.
fn claims(checkpoints: &Checkpoints, base: &Head) -> Result<BTreeMap<u64, Head>, OpenError> {
    let folder = checkpoints.folder();
    let numbers = checkpoints.numbers().map_err(OpenError::io(folder))?;
    let mut claims = BTreeMap::new();
    for number in numbers {
        if number > base.stamp.sequence {
            let head = checkpoints.head(number);
            let head = head.map_err(refused(checkpoints, Some(number)))?;
            claims.insert(number, head);
        }
    }
    Ok(claims)
}

/// Holds the checkpoint at a record against the record.
fn hold(
    checkpoints: &Checkpoints,
    claims: &BTreeMap<u64, Head>,
    record: &Record<'_>,
) -> Result<(), OpenError> {
    let sequence = record.stamp.sequence;
    match claims.get(&sequence) {
        Some(head) if head.chain != record.chain || head.stamp.tally != record.stamp.tally => {
            Err(refused(checkpoints, Some(sequence))(Flaw::Tally))
        }
        _ => Ok(()),
    }
}

/// Reads all checkpoints, the newest first, because the state rests on it. Nothing when it was told
/// to stop.
pub(super) fn checkpoints(
    checkpoints: &Checkpoints,
    pace: &mut Pace<'_>,
) -> Result<Option<()>, OpenError> {
    let folder = checkpoints.folder();
    let numbers = checkpoints.numbers().map_err(OpenError::io(folder))?;
    for number in numbers.into_iter().rev() {
        let checked = checkpoints.check(number, pace);
        if checked
            .map_err(refused(checkpoints, Some(number)))?
            .is_none()
        {
            return Ok(None);
        }
    }
    Ok(Some(()))
}

/// Counts the state while it is used. Nothing when it was told to stop.
pub(super) fn state(shared: &Shared, pace: &mut Pace<'_>) -> Result<Option<()>, StateError> {
    shared.census().begin();
    loop {
        let mut census = shared.census();
        if !shared.state.count(&mut census, SCRUB_KEYS)? {
            let applied = shared.state.applied()?;
            let claimed = applied.map(|applied| applied.tally).unwrap_or_default();
            let counted = census.end();
            return if counted == claimed {
                Ok(Some(()))
            } else {
                Err(StateError::Tally)
            };
        }
        drop(census);
        if !pace.go(KEY_BYTES.saturating_mul(SCRUB_KEYS as u64)) {
            return Ok(None);
        }
    }
}

fn damaged(shelf: &Shelf, place: Place, damage: Damage) -> OpenError {
    OpenError::Damaged {
        path: shelf.path(place.segment),
        offset: place.offset,
        sequence: place.sequence,
        damage,
    }
}

/// Says which checkpoint cannot be used.
pub(super) fn refused(
    checkpoints: &Checkpoints,
    number: Option<u64>,
) -> impl FnOnce(Flaw) -> OpenError {
    let folder = checkpoints.folder().to_path_buf();
    let path = number.map_or(folder, |number| checkpoints.path(number));
    move |flaw| OpenError::Checkpoint {
        path,
        reason: flaw.to_string(),
    }
}

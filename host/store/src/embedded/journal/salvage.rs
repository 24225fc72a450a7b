//! Looking for something sound behind damage, when no anchor says what was acknowledged: only a
//! tail with nothing behind it can be a write that was cut short.

use std::fs;
use std::io;
use std::path::Path;

use super::record::{self, FRAME_BYTES};
use super::segment;
use super::walk::Place;

/// A record that far ahead does not belong to this journal.
const SEQUENCES_AHEAD: u64 = 1 << 32;

/// Tells whether there is another segment or a sound record anywhere behind a damaged place.
pub(in crate::embedded) fn anything_follows(journal: &Path, place: Place) -> io::Result<bool> {
    if segment::numbers(journal)?
        .into_iter()
        .any(|number| number > place.segment)
    {
        return Ok(true);
    }
    let bytes = match fs::read(segment::path(journal, place.segment)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        other => other?,
    };
    let behind = usize::try_from(place.offset)
        .unwrap_or(usize::MAX)
        .saturating_add(1);
    let mut rest = bytes.get(behind..).unwrap_or_default();
    while !rest.is_empty() {
        if is_record(rest, place.sequence) {
            return Ok(true);
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    Ok(false)
}

/// Tells whether bytes start with a record that is sound in itself.
fn is_record(bytes: &[u8], after: u64) -> bool {
    let Some((frame, rest)) = bytes.split_first_chunk::<FRAME_BYTES>() else {
        return false;
    };
    let sequence = rest
        .first_chunk()
        .map_or(0, |sequence| u64::from_be_bytes(*sequence));
    let ahead = sequence.checked_sub(after);
    ahead.is_some_and(|ahead| ahead < SEQUENCES_AHEAD) && record::is_intact(frame, rest)
}

//! What a checkpoint has made superfluous: kept for a while, so that the state of an earlier moment
//! can be restored, then deleted.

use std::fs;
use std::io;
use std::path::Path;

use souk_core::Timestamp;

use super::checkpoint::Flaw;
use super::checkpoint::record::Head;
use super::checkpoint::shelf::Checkpoints;
use super::journal::segment;
use super::journal::shelf::Shelf;
use super::pace::Pace;
use crate::disk::{copy, sync_folder, sync_folder_of};

/// Moves all segments that a checkpoint stands for into the archive; durable when it returns.
pub(super) fn archive(shelf: &Shelf, checkpoint: &Head) -> io::Result<()> {
    let mut live = shelf.live()?;
    live.retain(|number| *number <= checkpoint.segment);
    if live.is_empty() {
        return Ok(());
    }
    make_folder(shelf.archive())?;
    for number in live {
        let from = segment::path(shelf.journal(), number);
        move_file(&from, &segment::path(shelf.archive(), number))?;
    }
    sync_folder(shelf.archive())?;
    sync_folder(shelf.journal())
}

fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.exists() {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    sync_folder_of(folder)
}

/// Renames a file, or copies it first when the archive is on another disk.
fn move_file(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            let new = to.with_extension("new");
            copy(from, &new)?;
            fs::rename(&new, to)?;
            sync_folder_of(to)?;
            fs::remove_file(from)
        }
        other => other,
    }
}

/// Deletes what has expired: everything before the newest checkpoint that is older than `keep_ms`.
/// That one is read first, and comes before the one that the state rests on, `needed`: were that
/// damaged, the one before and the segments after it make it again. Returns the oldest segment that
/// is kept, or nothing when told to stop.
pub(super) fn expire(
    shelf: &Shelf,
    checkpoints: &Checkpoints,
    needed: u64,
    (now, keep_ms): (Timestamp, u64),
    pace: &mut Pace<'_>,
) -> Result<Option<u64>, Flaw> {
    let kept = checkpoints.kept()?;
    let Some(until_ms) = now.millis().checked_sub(keep_ms) else {
        return Ok(Some(kept));
    };
    let Some(base) = base(checkpoints, needed, until_ms)? else {
        return Ok(Some(kept));
    };
    let first = base.next().number;
    if first > kept {
        if checkpoints.check(base.stamp.sequence, pace)?.is_none() {
            return Ok(None);
        }
        checkpoints.keep_from(first)?;
    }
    remove_before(shelf, checkpoints, &base)?;
    Ok(Some(first.max(kept)))
}

/// The newest checkpoint before `needed` of a state that is at least so old.
fn base(checkpoints: &Checkpoints, needed: u64, until_ms: u64) -> Result<Option<Head>, Flaw> {
    let numbers = checkpoints.numbers()?.into_iter().rev();
    for number in numbers.filter(|number| *number < needed) {
        let head = checkpoints.head(number)?;
        if head.stamp.at.millis() <= until_ms {
            return Ok(Some(head));
        }
    }
    Ok(None)
}

fn remove_before(shelf: &Shelf, checkpoints: &Checkpoints, base: &Head) -> io::Result<()> {
    let mut expired = segment::numbers(shelf.archive())?;
    expired.retain(|number| *number <= base.segment);
    for number in &expired {
        fs::remove_file(segment::path(shelf.archive(), *number))?;
    }
    if !expired.is_empty() {
        sync_folder(shelf.archive())?;
    }
    for number in checkpoints.numbers()? {
        if number < base.stamp.sequence {
            checkpoints.remove(number)?;
        }
    }
    Ok(())
}

/// Deletes checkpoints in between that lie close to each other: with the segments that are kept,
/// their neighbours do for them. The one that the state rests on, `needed`, stays.
pub(super) fn thin(checkpoints: &Checkpoints, needed: u64, keep_ms: u64) -> Result<(), Flaw> {
    let numbers = checkpoints.numbers()?;
    let heads = numbers.into_iter().map(|number| checkpoints.head(number));
    let mut heads = heads.collect::<Result<Vec<_>, _>>()?;
    let mut place = 1_usize;
    while let Some([before, between, after]) = heads
        .get(place.saturating_sub(1)..)
        .and_then(<[Head]>::first_chunk)
    {
        let apart = after
            .stamp
            .at
            .millis()
            .saturating_sub(before.stamp.at.millis());
        if apart < keep_ms / 4 && between.stamp.sequence != needed {
            checkpoints.remove(between.stamp.sequence)?;
            heads.remove(place);
        } else {
            place = place.saturating_add(1);
        }
    }
    Ok(())
}

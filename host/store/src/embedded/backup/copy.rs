//! Copying the files of a store that may be running, and cutting the copy at a moment.

use std::fs::{self, OpenOptions};
use std::io;

use souk_core::Timestamp;
use souk_core::limits::BACKUP_TRIES_MAX;

use super::BackupError;
use crate::disk::{copy, sync_folder};
use crate::embedded::anchor::Anchor;
use crate::embedded::checkpoint::record::Head;
use crate::embedded::error::OpenError;
use crate::embedded::journal::record::Stamp;
use crate::embedded::journal::segment;
use crate::embedded::journal::walk::{Damage, Place, Step, Walk};
use crate::embedded::journal::{Chain, StoreId};
use crate::embedded::options::Options;
use crate::embedded::scrub::refused;

/// Where a copy is cut.
#[derive(Clone, Copy)]
pub(super) enum Until {
    /// Behind the record that an anchor counts, which must be the one.
    Anchor(Anchor),
    Record(u64),
    Time(Timestamp),
}

/// The last record of a copy.
pub(super) struct Cut {
    pub(super) stamp: Stamp,
    pub(super) chain: Chain,
    /// Where it ends; nothing if no segment has anything of it.
    pub(super) end: Option<Place>,
}

/// Refuses a moment that is not in a backup. Whoever restores learns it before anything is written.
pub(super) fn must_hold(from: &Options, end: &Anchor, until: Until) -> Result<(), BackupError> {
    let checkpoints = from.checkpoints_of(end.store);
    let base = checkpoints.base().map_err(refused(&checkpoints, None))?;
    let (first, last) = (base.stamp.sequence.max(1), end.sequence);
    match until {
        Until::Record(sequence) if !(first..=last).contains(&sequence) => {
            Err(BackupError::Outside { first, last })
        }
        Until::Time(time) => match first_of(from, &base)? {
            Some(first) if time < first => Err(BackupError::TooEarly { first }),
            _ => Ok(()),
        },
        Until::Anchor(_) | Until::Record(_) => Ok(()),
    }
}

/// When the first record was committed that a store can end with.
fn first_of(from: &Options, base: &Head) -> Result<Option<Timestamp>, BackupError> {
    if base.stamp.sequence > 0 {
        return Ok(Some(base.stamp.at));
    }
    let shelf = from.shelf();
    let io = || OpenError::io(shelf.journal());
    let mut walk = Walk::from(&shelf, &base.next()).map_err(io())?;
    loop {
        match walk.step().map_err(io())? {
            Step::Record(record, _) => return Ok(Some(record.stamp.at)),
            Step::Segment(_) => {}
            // What is wrong is found, with its place, by whoever reads all of it.
            Step::End | Step::Damaged(_) | Step::Unknown | Step::Stranger => return Ok(None),
        }
    }
}

/// Copies all segments and checkpoints that are kept. What goes away meanwhile was archived or has
/// expired: then it is done again.
pub(super) fn files(from: &Options, to: &Options, store: StoreId) -> Result<(), BackupError> {
    for _ in 0..BACKUP_TRIES_MAX {
        clear(to)?;
        match all(from, to, store) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(source) => {
                let path = to.data.clone();
                return Err(OpenError::Io { path, source }.into());
            }
            Ok(()) => return Ok(()),
        }
    }
    Err(BackupError::Moving)
}

fn clear(to: &Options) -> Result<(), BackupError> {
    for folder in [to.journal(), to.checkpoints()] {
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(OpenError::io(&folder))?;
        }
        fs::create_dir_all(&folder).map_err(OpenError::io(&folder))?;
    }
    Ok(())
}

fn all(from: &Options, to: &Options, store: StoreId) -> io::Result<()> {
    let (old, new) = (from.checkpoints_of(store), to.checkpoints_of(store));
    let kept = old.kept()?;
    if kept > 1 {
        new.keep_from(kept)?;
    }
    for number in old.numbers()? {
        copy(&old.path(number), &new.path(number))?;
    }
    let shelf = from.shelf();
    for number in shelf.numbers()? {
        if number >= kept {
            copy(&shelf.path(number), &segment::path(&to.journal(), number))?;
        }
    }
    // Segments were listed after the checkpoints: what was archived in between is here or there.
    if old.kept()? != kept {
        return Err(io::ErrorKind::NotFound.into());
    }
    sync_folder(new.folder())?;
    sync_folder(&to.journal())
}

/// Reads a copy from its beginning and removes everything behind a moment. A checkpoint that stands
/// exactly there goes too: it leads to the next segment, of which nothing is left.
pub(super) fn cut(to: &Options, store: StoreId, until: Until) -> Result<Cut, BackupError> {
    let checkpoints = to.checkpoints_of(store);
    let base = checkpoints.base().map_err(refused(&checkpoints, None))?;
    let cut = find(to, &base, until)?;
    for number in checkpoints.numbers().map_err(OpenError::io(&to.data))? {
        if number >= cut.stamp.sequence && number > base.stamp.sequence {
            let removed = checkpoints.remove(number);
            removed.map_err(OpenError::io(checkpoints.folder()))?;
        }
    }
    cut_off(to, &base, &cut).map_err(OpenError::io(&to.journal()))?;
    Ok(cut)
}

/// Finds the last record that is wanted, and says where it ends.
fn find(to: &Options, base: &Head, until: Until) -> Result<Cut, BackupError> {
    let shelf = to.shelf();
    let mut walk = Walk::from(&shelf, &base.next()).map_err(OpenError::io(shelf.journal()))?;
    let mut cut = Cut::at(base);
    while !is_reached(&cut, until) {
        let (stamp, chain) = match walk.step().map_err(OpenError::io(shelf.journal()))? {
            Step::Record(record, _) => (record.stamp, record.chain),
            Step::Segment(_) => continue,
            Step::End => break,
            Step::Damaged(damage) => return Err(damaged(to, walk.place(), damage)),
            Step::Unknown | Step::Stranger => {
                return Err(damaged(to, walk.place(), Damage::Header));
            }
        };
        if matches!(until, Until::Time(time) if stamp.at > time) {
            break;
        }
        cut = Cut {
            stamp,
            chain,
            end: Some(walk.place()),
        };
    }
    judge(to, base, cut, until)
}

fn is_reached(cut: &Cut, until: Until) -> bool {
    match until {
        Until::Anchor(anchor) => cut.stamp.sequence >= anchor.sequence,
        Until::Record(sequence) => cut.stamp.sequence >= sequence,
        Until::Time(_) => false,
    }
}

fn damaged(to: &Options, place: Place, damage: Damage) -> BackupError {
    let damaged = OpenError::Damaged {
        path: to.shelf().path(place.segment),
        offset: place.offset,
        sequence: place.sequence,
        damage,
    };
    damaged.into()
}

/// Tells whether what was found is what was asked for.
fn judge(to: &Options, base: &Head, cut: Cut, until: Until) -> Result<Cut, BackupError> {
    let (first, last) = (base.stamp.sequence, cut.stamp.sequence);
    let is_there = match until {
        Until::Anchor(anchor) if last == anchor.sequence && cut.chain != anchor.chain => {
            let altered = OpenError::Altered {
                path: to.journal(),
                offset: 0,
                sequence: last,
            };
            return Err(altered.into());
        }
        Until::Anchor(anchor) => last == anchor.sequence,
        Until::Record(sequence) => last == sequence,
        Until::Time(time) => first == 0 || base.stamp.at <= time,
    };
    if is_there {
        Ok(cut)
    } else {
        Err(BackupError::Outside { first, last })
    }
}

/// Removes everything behind the end.
fn cut_off(to: &Options, base: &Head, cut: &Cut) -> io::Result<()> {
    let last = cut.end.map_or(base.segment, |end| end.segment);
    for number in segment::numbers(&to.journal())? {
        if number > last {
            fs::remove_file(segment::path(&to.journal(), number))?;
        }
    }
    if let Some(end) = cut.end {
        let path = segment::path(&to.journal(), end.segment);
        let file = OpenOptions::new().write(true).open(path)?;
        file.set_len(end.offset)?;
        file.sync_all()?;
    }
    sync_folder(&to.journal())
}

//! Backups: a consistent prefix of a store, made while the host runs, and a store made from one.
//!
//! A backup is a store at rest: segments, checkpoints, blobs, and an anchor of its own that says
//! where it ends. It ends with the last record that the host's anchor counted when the backup
//! began, so that it holds everything acknowledged until then and nothing that was not. All of it
//! is read and checked before it gets its name.
//!
//! It holds no keys. They are copied apart ([`copy_keys`](crate::keyring::copy_keys)), one copy
//! that each backup replaces: keys are only ever added, so the newest copy opens every backup, and
//! a key that was erased is in none from the next backup on.

mod copy;
mod error;

use std::fs;
use std::io;
use std::path::Path;

use souk_core::Timestamp;

use super::anchor::{Anchor, AnchorFile};
use super::checkpoint::record::Head;
use super::error::OpenError;
use super::inspect::inspect;
use super::options::Options;
use super::pace::Pace;
use super::scrub;
use crate::blobs;
use crate::disk::{sync_folder, sync_folder_of};
use copy::{Cut, Until};
pub use error::BackupError;

/// Where a store made from a backup ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// With the last record of the backup.
    End,
    /// With this record, counted from 1.
    Record(u64),
    /// With the last commit at or before this time.
    Time(Timestamp),
}

/// A prefix of a store, as it was copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prefix {
    /// The last record.
    pub records: u64,
    /// When that was committed.
    pub at: Timestamp,
    /// How many blobs were copied.
    pub blobs: u64,
    /// Nothing that could be copied came after it.
    pub is_all: bool,
}

/// Names of a backup's parts.
const ANCHOR: &str = "anchor";
const BLOBS: &str = "blobs";

/// Returns where the parts of a backup are, to verify it or to restore from it.
pub fn options_of(backup: &Path) -> Options {
    Options {
        anchor: backup.join(ANCHOR),
        ..Options::at(backup)
    }
}

/// Copies a store, running or not, to a new folder, up to the last acknowledged commit.
///
/// # Errors
/// There is something in the folder, the store changed too quickly, or it does not check out.
pub fn backup(from: &Options, to: &Path) -> Result<Prefix, BackupError> {
    must_be_new(to)?;
    let mut new = to.as_os_str().to_os_string();
    new.push(".new");
    let new = std::path::PathBuf::from(new);
    remove(&new)?;
    let target = options_of(&new);
    let anchor = AnchorFile::peek(&from.anchor).map_err(OpenError::io(&from.anchor))?;
    let anchor = anchor.ok_or_else(|| BackupError::NoAnchor {
        anchor: from.anchor.clone(),
    })?;
    let prefix = copy_prefix(from, &target, &anchor, Until::Anchor(anchor))?;
    fs::rename(&new, to).map_err(OpenError::io(to))?;
    sync_folder_of(to).map_err(OpenError::io(to))?;
    Ok(prefix)
}

/// Makes a store from a backup, up to a moment. The state on disk is made by its first start. When
/// it cannot be done, nothing of it is left.
///
/// # Errors
/// There is a store already, the folder is no backup, the moment is not in it, or it does not check
/// out.
pub fn restore(from: &Path, to: &Options, moment: Moment) -> Result<Prefix, BackupError> {
    let made = [
        to.journal(),
        to.state(),
        to.checkpoints(),
        to.anchor.clone(),
    ];
    made.iter().try_for_each(|path| must_be_new(path))?;
    let source = options_of(from);
    let anchor = anchor_of(&source)?;
    let until = match moment {
        Moment::End => Until::Anchor(anchor),
        Moment::Record(sequence) => Until::Record(sequence),
        Moment::Time(time) => Until::Time(time),
    };
    copy::must_hold(&source, &anchor, until)?;
    copy_prefix(&source, to, &anchor, until)
        .inspect_err(|_| made.iter().for_each(|path| give_up(path)))
}

/// Reads where a backup ends.
fn anchor_of(backup: &Options) -> Result<Anchor, BackupError> {
    let no_backup = |lacks| BackupError::NoBackup {
        path: backup.data.clone(),
        lacks,
    };
    if !backup.journal().is_dir() {
        return Err(no_backup("the folder `journal`"));
    }
    if !backup.anchor.exists() {
        return Err(no_backup("the file `anchor`"));
    }
    let anchor = AnchorFile::peek(&backup.anchor).map_err(OpenError::io(&backup.anchor))?;
    anchor.ok_or_else(|| BackupError::NoAnchor {
        anchor: backup.anchor.clone(),
    })
}

/// Removes what was begun, so that it is in nobody's way; what cannot be removed is left.
fn give_up(path: &Path) {
    let removed = if path.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    if let Err(error) = removed.or_else(absent_is_fine) {
        tracing::warn!(path = %path.display(), %error, "what was begun cannot be removed");
    }
}

fn absent_is_fine(error: io::Error) -> io::Result<()> {
    match error.kind() {
        io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    }
}

fn must_be_new(path: &Path) -> Result<(), BackupError> {
    if path.exists() {
        return Err(BackupError::Occupied {
            path: path.to_path_buf(),
        });
    }
    Ok(())
}

fn remove(path: &Path) -> Result<(), BackupError> {
    if path.exists() {
        fs::remove_dir_all(path).map_err(OpenError::io(path))?;
    }
    Ok(())
}

/// Copies segments, checkpoints and blobs, of which `end` is the last record, cuts them at a
/// moment, anchors them there and checks everything.
fn copy_prefix(
    from: &Options,
    to: &Options,
    end: &Anchor,
    until: Until,
) -> Result<Prefix, BackupError> {
    let store = end.store;
    copy::files(from, to, store)?;
    let cut = copy::cut(to, store, until)?;
    let anchor = Anchor {
        store,
        sequence: cut.stamp.sequence,
        chain: cut.chain,
    };
    AnchorFile::create(&to.anchor, &anchor).map_err(OpenError::io(&to.anchor))?;
    check(to)?;
    let blobs = blobs::copy(&from.data.join(BLOBS), &to.data.join(BLOBS));
    let blobs = blobs.map_err(|(path, source)| OpenError::Io { path, source })?;
    sync_folder(&to.data).map_err(OpenError::io(&to.data))?;
    let Cut { stamp, .. } = cut;
    Ok(Prefix {
        records: stamp.sequence,
        at: stamp.at,
        blobs,
        is_all: stamp.sequence == end.sequence,
    })
}

/// Reads everything that was copied.
fn check(options: &Options) -> Result<(), BackupError> {
    let journal = inspect(options, 0)?;
    let pace = &mut Pace::full(options);
    scrub::journal(&journal.shelf, &journal.checkpoints, &journal.start, pace)?;
    scrub::checkpoints(&journal.checkpoints, pace)?;
    Ok(())
}

impl Cut {
    fn at(head: &Head) -> Self {
        Self {
            stamp: head.stamp,
            chain: head.chain,
            end: None,
        }
    }
}

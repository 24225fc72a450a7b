//! One sled: what was written to the state for a while, newest first, with deletions, and how far
//! it has come. The entries of logs lie there in [`block`](super::block)s.
//!
//! Nothing here is trusted: each value carries the commit that wrote it and a checksum.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use souk_core::limits::STATE_ROOM_BYTES;

use super::StateError;
use super::block::{self, Filling};
use super::guard::Sled;
use super::mark::Mark;
use super::scan::Scan;
use super::value;
use crate::disk::{Disk, is_full};
use crate::embedded::recent::Written;
use crate::engine::{Range, RawKey};

/// The key that says how far it has come. No raw key starts with this byte.
const MARK: &[u8] = b"\0applied";

/// One sled that is open.
pub(in crate::embedded) struct Layer {
    pub(super) sled: Sled,
    /// sled's one file, to sync it for real and to reserve room for it.
    file: File,
    folder: PathBuf,
    /// Nothing rests on it any more: its folder goes when the last reader has gone.
    retired: AtomicBool,
}

impl Layer {
    /// Opens a layer, or makes an empty one.
    pub(super) fn open(path: &Path) -> Result<Self, StateError> {
        let sled = Sled::open(path)?;
        let mut options = File::options();
        let file = options.read(true).write(true).open(path.join("db"))?;
        Ok(Self {
            sled,
            file,
            folder: path.to_path_buf(),
            retired: AtomicBool::new(false),
        })
    }

    /// Says that it is not needed any more, but by those who are reading in it.
    pub(super) fn retire(&self) {
        self.retired.store(true, Ordering::Release);
    }

    /// How long its file is.
    pub(super) fn bytes(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    /// How far it has come; nothing when it has not begun.
    pub(super) fn mark(&self) -> Result<Option<Mark>, StateError> {
        let found = self.sled.with(|db| Ok(db.get(MARK)?))?;
        let read = |bytes: sled::IVec| Mark::read(&bytes).ok_or(StateError::Checksum);
        found.map(read).transpose()
    }

    /// Says how far it has come. sled keeps the order of writes, so that after a crash this is
    /// there only if everything before it is.
    pub(super) fn set_mark(&self, mark: &Mark) -> Result<(), StateError> {
        self.sled.with(|db| Ok(db.insert(MARK, mark.bytes())?))?;
        Ok(())
    }

    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Written>, StateError> {
        if block::is_entry(key) {
            let mut one = self.scan(&Range::of(key))?;
            return Ok(one.next().transpose()?.map(|(_, written)| written));
        }
        let found = self.sled.with(|db| Ok(db.get(key)?))?;
        found.map(|bytes| value::read(key, &bytes)).transpose()
    }

    /// Returns what is in a range, in the order the range asks for, without a limit.
    pub(super) fn scan(&self, range: &Range) -> Result<Scan, StateError> {
        Scan::of(&self.sled, range)
    }

    /// Writes values and deletions in the order of their keys. What lies under this layer is hidden
    /// by deletions that stay; with nothing under it there is nothing to hide.
    pub(super) fn apply<'a>(
        &self,
        writes: impl Iterator<Item = (&'a RawKey, u64, Option<&'a [u8]>)>,
        is_lowest: bool,
    ) -> Result<(), StateError> {
        self.sled.with(|db| {
            let (mut bytes, mut block) = (Vec::new(), Filling::default());
            for (key, version, value) in writes {
                match value {
                    Some(value) if block::is_entry(key) => {
                        if !block.take(key, version, value) {
                            close(db, &mut block)?;
                            block.take(key, version, value);
                        }
                    }
                    None if is_lowest => drop(db.remove(key)?),
                    value => {
                        value::write(key, version, value, &mut bytes);
                        db.insert(key, bytes.as_slice())?;
                    }
                }
            }
            close(db, &mut block)
        })
    }

    /// Makes sure that there is room for so many bytes more, and for what sled adds to them; false
    /// on a full disk, which sled does not survive.
    pub(super) fn has_room(&self, bytes: u64, disk: &dyn Disk) -> Result<bool, StateError> {
        let room = bytes.saturating_mul(2).saturating_add(STATE_ROOM_BYTES);
        match disk.reserve(&self.file, room) {
            Err(error) if is_full(&error) => Ok(false),
            other => Ok(other.map(|()| true)?),
        }
    }

    /// Makes everything durable. sled's flush alone only asks the kernel to begin.
    pub(super) fn sync(&self, disk: &dyn Disk) -> Result<(), StateError> {
        self.sled.with(|db| Ok(db.flush()?))?;
        Ok(disk.sync(&self.file)?)
    }
}

impl Drop for Layer {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the next start.
        if self.retired.load(Ordering::Acquire) {
            drop(fs::remove_dir_all(&self.folder));
        }
    }
}

/// Writes a block that is full. Blocks that a follower wrote whom a crash interrupted may lie
/// in its place; what they hold is in this one, or comes after it.
fn close(db: &sled::Db, block: &mut Filling) -> Result<(), StateError> {
    let Some((first, next, bytes)) = block.close() else {
        return Ok(());
    };
    for old in db.range(first.as_slice()..next.as_slice()).keys() {
        let old = old?;
        if *old != *first {
            db.remove(old)?;
        }
    }
    db.insert(first, bytes)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_lock_that_is_let_go_a_moment_later_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("layer");
        let held = Layer::open(&path).unwrap();
        let holder = thread::spawn(move || {
            thread::sleep(Duration::from_millis(300));
            drop(held);
        });
        Layer::open(&path).unwrap();
        holder.join().unwrap();
    }
}

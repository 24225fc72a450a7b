//! Room that is kept for a start on a full disk: before sled says anything, it writes a list of all
//! its pages into a new file, and takes a state that it cannot write that for as damaged.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use souk_core::limits::STATE_ROOM_BYTES;

use crate::disk::{Disk, is_full};

/// The file's name, beside the layers.
const NAME: &str = "spare";
/// For so many bytes of its pages, sled's list takes one at most.
const PAGE_BYTES_FOR_ONE: u64 = 16;
/// Less than that helps nobody.
const PIECE_BYTES_MIN: u64 = 256 << 10;
/// What a file system counts blocks in.
const BLOCK_BYTES: u64 = 512;

/// A file without length that takes room.
pub(super) struct Spare(PathBuf);

impl Spare {
    /// The one of a state.
    pub(super) fn of(state: &Path) -> Self {
        Self(state.join(NAME))
    }

    /// Gives the room to whoever opens the state.
    pub(super) fn give(&self) -> io::Result<()> {
        match fs::remove_file(&self.0) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Keeps as much room as the next start may need for layers so long, or as much as there is.
    pub(super) fn keep(&self, layers: u64, disk: &dyn Disk) -> io::Result<()> {
        let options = &mut File::options();
        let file = options.create(true).append(true).open(&self.0)?;
        let has = file.metadata()?.blocks().saturating_mul(BLOCK_BYTES);
        let mut wanted = STATE_ROOM_BYTES.saturating_add(layers / PAGE_BYTES_FOR_ONE);
        while wanted > has && wanted >= PIECE_BYTES_MIN {
            match disk.reserve(&file, wanted) {
                Err(error) if is_full(&error) => wanted /= 2,
                other => return other,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::Durable;

    /// A disk with little room.
    struct Small(u64);

    impl Disk for Small {
        fn reserve(&self, file: &File, bytes: u64) -> io::Result<()> {
            if bytes > self.0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            Durable.reserve(file, bytes)
        }
    }

    fn room(spare: &Spare) -> u64 {
        fs::metadata(&spare.0).map_or(0, |file| file.blocks() * BLOCK_BYTES)
    }

    #[test]
    fn it_takes_room_and_gives_it_back() {
        let folder = tempfile::tempdir().unwrap();
        let spare = Spare::of(folder.path());
        spare.give().unwrap();
        spare.keep(0, &Durable).unwrap();
        assert!(room(&spare) >= STATE_ROOM_BYTES);
        spare.keep(64 << 20, &Durable).unwrap();
        assert!(room(&spare) >= STATE_ROOM_BYTES + (4 << 20), "it grows");
        assert_eq!(fs::metadata(&spare.0).unwrap().len(), 0);
        spare.give().unwrap();
        assert_eq!(room(&spare), 0);
    }

    #[test]
    fn it_takes_what_there_is() {
        let folder = tempfile::tempdir().unwrap();
        let spare = Spare::of(folder.path());
        spare.keep(0, &Small(1 << 20)).unwrap();
        assert_eq!(room(&spare), 1 << 20);
        spare.give().unwrap();
        spare.keep(0, &Small(PIECE_BYTES_MIN - 1)).unwrap();
        assert_eq!(room(&spare), 0, "and that is no error");
    }
}

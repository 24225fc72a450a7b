//! The system calls that every promise of the store rests on.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;

use rustix::fs::{FallocateFlags, fallocate};
use rustix::io::Errno;
use souk_core::limits::UPKEEP_BYTES_PER_SYNC;

/// What is written at once when a file is filled with zeros.
static ZEROS: [u8; 64 << 10] = [0; 64 << 10];

/// Writing, syncing and asking for room. The binary uses [`Durable`]; a test laboratory puts
/// another in its place that counts, fails or leaves something out.
pub trait Disk: Send + Sync + 'static {
    /// Writes all bytes at a place of a file.
    ///
    /// # Errors
    /// What the system says. What the file then holds is not known.
    fn write(&self, file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
        file.write_all_at(bytes, at)
    }

    /// Returns when everything written to the file is durable.
    ///
    /// # Errors
    /// What the system says. It must not be asked again: it would say that all is well.
    fn sync(&self, file: &File) -> io::Result<()> {
        file.sync_data()
    }

    /// Makes sure that a part of a file is on the disk and holds zeros. Zeros are written, not only
    /// promised: a sync of bytes that were there before does not have to change the file's map.
    ///
    /// # Errors
    /// What the system says; [`io::ErrorKind::StorageFull`] passes when somebody makes room.
    fn allocate(&self, file: &File, from: u64, bytes: u64) -> io::Result<()> {
        match fallocate(file, FallocateFlags::empty(), from, bytes) {
            Ok(()) | Err(Errno::OPNOTSUPP | Errno::NOSYS) => write_zeros(file, from, bytes),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes sure that there is room for a file to grow into, from its end on. Its length stays.
    ///
    /// # Errors
    /// What the system says; [`io::ErrorKind::StorageFull`] passes when somebody makes room.
    fn reserve(&self, file: &File, bytes: u64) -> io::Result<()> {
        let end = file.metadata()?.len();
        match fallocate(file, FallocateFlags::KEEP_SIZE, end, bytes) {
            Ok(()) | Err(Errno::OPNOTSUPP | Errno::NOSYS) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// The disk as it is, nothing left out.
pub struct Durable;

impl Disk for Durable {}

fn write_zeros(file: &File, mut at: u64, bytes: u64) -> io::Result<()> {
    let end = at.saturating_add(bytes);
    while at < end {
        let length = usize::try_from(end.saturating_sub(at)).unwrap_or(usize::MAX);
        let zeros = ZEROS.get(..length).unwrap_or(&ZEROS);
        file.write_all_at(zeros, at)?;
        at = at.saturating_add(zeros.len() as u64);
    }
    Ok(())
}

/// Copies a file with its permissions; what was copied is durable when it returns. It is synced
/// piece by piece, so that others get to the disk in between.
pub(crate) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let (from, to) = (File::open(from)?, File::create(to)?);
    to.set_permissions(from.metadata()?.permissions())?;
    while io::copy(&mut (&from).take(UPKEEP_BYTES_PER_SYNC), &mut &to)? > 0 {
        to.sync_data()?;
    }
    to.sync_all()
}

/// Tells whether there was no room, which passes when somebody makes some.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    )
}

/// Makes the name of a new, renamed or removed file durable.
pub(crate) fn sync_folder_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if folder != Path::new("") => sync_folder(folder),
        _ => sync_folder(Path::new(".")),
    }
}

/// Makes the names in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

//! The lock on the data directory: one process at a time.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use super::error::OpenError;
use super::options::Options;
use crate::disk::sync_folder_of;

/// The lock; the system takes it back when the process ends, however it ends.
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Makes the data directory, if it is not there, and takes its lock.
    pub(super) fn take(options: &Options) -> Result<Self, OpenError> {
        let path = options.lock();
        make_folder(&options.data).map_err(OpenError::io(&options.data))?;
        let open = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path);
        let mut file = open.map_err(OpenError::io(&path))?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(Errno::WOULDBLOCK) => {
                let pid = fs::read_to_string(&path)
                    .ok()
                    .and_then(|text| text.trim().parse().ok());
                return Err(OpenError::InUse {
                    data: options.data.clone(),
                    pid,
                });
            }
            Err(error) => return Err(OpenError::io(&path)(error.into())),
        }
        sign(&mut file).map_err(OpenError::io(&path))?;
        Ok(Self { _file: file })
    }
}

fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.exists() {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    sync_folder_of(folder)
}

/// Writes down who has the lock, for whoever is refused.
fn sign(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    writeln!(file, "{}", std::process::id())
}

/// The data directory, kept from everybody else until this is dropped.
pub struct Held {
    _lock: Lock,
}

/// Keeps everybody else from a data directory, for those who change what lies beside the store.
///
/// # Errors
/// [`OpenError::InUse`] when a host runs on it.
pub fn hold(options: &Options) -> Result<Held, OpenError> {
    Ok(Held {
        _lock: Lock::take(options)?,
    })
}

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
        only_one(&file, options)?;
        sign(&mut file).map_err(OpenError::io(&path))?;
        Ok(Self { _file: file })
    }

    /// Takes the lock of a data directory that nothing is written to: without one, no host ever ran
    /// on it, and none is made.
    pub(super) fn look(options: &Options) -> Result<Option<Self>, OpenError> {
        let path = options.lock();
        let file = match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            other => other.map_err(OpenError::io(&path))?,
        };
        only_one(&file, options)?;
        Ok(Some(Self { _file: file }))
    }
}

/// Refuses a data directory that another process has.
fn only_one(file: &File, options: &Options) -> Result<(), OpenError> {
    let path = options.lock();
    match flock(file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(()),
        Err(Errno::WOULDBLOCK) => {
            let pid = fs::read_to_string(&path)
                .ok()
                .and_then(|text| text.trim().parse().ok());
            Err(OpenError::InUse {
                data: options.data.clone(),
                pid,
            })
        }
        Err(error) => Err(OpenError::io(&path)(error.into())),
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

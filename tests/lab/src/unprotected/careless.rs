//! Disks that leave out one thing each.

use std::fs::File;
use std::io;

use souk_store::{Disk, Durable};

/// A disk that says that everything is synced and leaves the syncs out: R1 cuts its power.
pub struct Unsynced;

impl Disk for Unsynced {
    fn sync(&self, _: &File) -> io::Result<()> {
        Ok(())
    }
}

/// A disk that does not hear what the system says against a write or a sync: R4 makes them fail.
pub struct Deaf;

impl Disk for Deaf {
    fn write(&self, file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
        Durable.write(file, bytes, at).or(Ok(()))
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        Durable.sync(file).or(Ok(()))
    }
}

/// A disk that promises room and makes none: R5 fills it up.
pub struct Unallocated;

impl Disk for Unallocated {
    fn allocate(&self, _: &File, _: u64, _: u64) -> io::Result<()> {
        Ok(())
    }

    fn reserve(&self, _: &File, _: u64) -> io::Result<()> {
        Ok(())
    }
}

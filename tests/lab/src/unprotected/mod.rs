//! What is left when a protection is taken out: hosts and disks that do not keep what they promise.
//! They are correct as long as nothing happens to them.

mod careless;
mod late;
mod unchecked;

use std::io;
use std::sync::Arc;

use souk_store::embedded::Protections;
use souk_store::{Disk, Durable};

pub use careless::{Deaf, Unallocated, Unsynced};
pub use late::LateDisk;
pub(crate) use unchecked::Unchecked;

/// The protection that a host lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Without {
    /// Writing before it acknowledges: R2 kills it.
    Writes,
    /// Syncing before it acknowledges: R1 cuts its power.
    Syncs,
    /// Stopping after a failed write or sync: R4 makes them fail.
    Errors,
    /// Making room ahead: R5 fills its disk.
    Room,
    /// Looking at idempotency keys: R10 sends the same thing again.
    Keys,
}

impl Without {
    /// Returns what the command line calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Writes => "writes",
            Self::Syncs => "syncs",
            Self::Errors => "errors",
            Self::Room => "room",
            Self::Keys => "keys",
        }
    }

    /// Returns what protects its store, and the disk that has to be finished at the end.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn protections(self) -> io::Result<(Protections, Option<Arc<LateDisk>>)> {
        let on = |disk: Arc<dyn Disk>| Protections {
            disk,
            ..Protections::default()
        };
        Ok(match self {
            Self::Writes => {
                let late = Arc::new(LateDisk::start()?);
                (on(Arc::clone(&late) as _), Some(late))
            }
            Self::Syncs => (on(Arc::new(Unsynced)), None),
            Self::Errors => (on(Arc::new(Deaf)), None),
            Self::Room => (on(Arc::new(Unallocated)), None),
            Self::Keys => (on(Arc::new(Durable)), None),
        })
    }
}

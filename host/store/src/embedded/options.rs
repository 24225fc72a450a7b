//! Where a store is, and what protects it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use souk_core::limits::{SEGMENT_BYTES, SEGMENT_GROWTH_BYTES};

use crate::disk::{Disk, Durable};

/// Where the embedded engine keeps its files, and how.
#[derive(Clone)]
pub struct Options {
    /// The data directory: journal, state and lock.
    pub data: PathBuf,
    /// The anchor's file. It should lie where restoring the data directory does not restore it too.
    pub anchor: PathBuf,
    /// Take the journal as it is, whatever the anchor says, and anchor it anew. Only for
    /// `souk store rebuild`, on an operator's word: what is missing stays missing.
    pub adopt: bool,
    /// A segment that has grown to so many bytes is followed by a new one.
    pub segment_bytes: u64,
    /// Segments grow by so many bytes, ahead of need.
    pub growth_bytes: u64,
    /// What stands between an acknowledgement and a loss.
    pub protections: Protections,
}

/// What stands between an acknowledgement and a loss. The binary always takes the default; a test
/// laboratory composes an engine without one of them to show that its tests can fail.
#[derive(Clone)]
pub struct Protections {
    /// The system calls.
    pub disk: Arc<dyn Disk>,
    /// Whether what the anchor says is held against the journal.
    pub anchor: bool,
}

impl Options {
    /// A store in a data directory, with its anchor beside it.
    pub fn at(data: &Path) -> Self {
        let mut anchor = data.as_os_str().to_os_string();
        anchor.push(".anchor");
        Self {
            data: data.to_path_buf(),
            anchor: anchor.into(),
            adopt: false,
            segment_bytes: SEGMENT_BYTES,
            growth_bytes: SEGMENT_GROWTH_BYTES,
            protections: Protections::default(),
        }
    }

    /// The journal's folder.
    pub fn journal(&self) -> PathBuf {
        self.data.join("journal")
    }

    /// The folder of the state that is derived from the journal.
    pub fn state(&self) -> PathBuf {
        self.data.join("state")
    }

    /// Written when the state turned out to be unsound while it was used: the next opening makes
    /// it anew.
    pub(super) fn distrust(&self) -> PathBuf {
        self.data.join("state.unsound")
    }

    pub(super) fn lock(&self) -> PathBuf {
        self.data.join("lock")
    }
}

impl Default for Protections {
    fn default() -> Self {
        Self {
            disk: Arc::new(Durable),
            anchor: true,
        }
    }
}

//! Why a store cannot be opened, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use souk_core::{Blame, Blamed};

use super::journal::walk::Damage;

/// Why a store cannot be opened. In order: callers see the first that applies.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is nothing to verify or rebuild.
    #[error("there is no store in {data}; check the path")]
    Absent {
        /// The data directory.
        data: PathBuf,
    },
    /// Another process has it.
    #[error("the store in {data} is in use{}; stop that one first", by(*.pid))]
    InUse {
        /// The data directory.
        data: PathBuf,
        /// The process that has it, if it said so.
        pid: Option<u32>,
    },
    /// The system would not do something.
    #[error("cannot use {path}: {source}")]
    Io {
        /// What was being read or written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is a state and neither the journal it came from nor an anchor.
    #[error(
        "there is a state in {state} and no journal in {journal} that it came from; put journal \
         and anchor back, or remove the state to begin anew"
    )]
    JournalMissing {
        /// The journal's folder.
        journal: PathBuf,
        /// The state's folder.
        state: PathBuf,
    },
    /// There is a journal and nothing says how far it had come.
    #[error(
        "the anchor {anchor} is missing, so nobody can tell whether the journal in {journal} is \
         whole; name it with --anchor if it lies elsewhere, or put it back; if it is lost, accept \
         the journal as it is with `souk store rebuild --adopt-anchor`"
    )]
    AnchorMissing {
        /// The anchor.
        anchor: PathBuf,
        /// The journal's folder.
        journal: PathBuf,
    },
    /// The anchor cannot be read.
    #[error(
        "the anchor {anchor} is damaged; name it with --anchor if it lies elsewhere, or restore \
         it; if it is lost, accept the journal as it is with `souk store rebuild --adopt-anchor`"
    )]
    AnchorDamaged {
        /// The anchor.
        anchor: PathBuf,
    },
    /// A file was written by another version.
    #[error("{path} has a format this version does not know; start the version that wrote it")]
    Format {
        /// The file.
        path: PathBuf,
    },
    /// A file belongs to another store.
    #[error("{path} belongs to another store than {other}; put back the one that belongs here")]
    OtherStore {
        /// The file.
        path: PathBuf,
        /// What it does not belong to.
        other: PathBuf,
    },
    /// Something acknowledged is damaged.
    #[error(
        "{path} is damaged at byte {offset}, record {sequence}: {damage}; restore the data \
         directory from a backup"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where, in bytes from its start.
        offset: u64,
        /// The record that should be there.
        sequence: u64,
        /// What is wrong.
        damage: Damage,
    },
    /// Something acknowledged is not there: the tail was cut, or old files were put back.
    #[error(
        "the journal's tail is missing: {path} ends at byte {offset} with record {last}, and \
         record {anchored} was acknowledged; restore the newest files, or accept the loss with \
         `souk store rebuild --adopt-anchor`"
    )]
    TailMissing {
        /// The file that ends too early, or should be there.
        path: PathBuf,
        /// Where it ends.
        offset: u64,
        /// The last record there is.
        last: u64,
        /// The last record that was acknowledged.
        anchored: u64,
    },
    /// The journal is sound, and not the one that was anchored.
    #[error(
        "record {sequence} in {path} at byte {offset} is not the one that was acknowledged; \
         restore the data directory from a backup"
    )]
    Altered {
        /// The file.
        path: PathBuf,
        /// Where the record starts.
        offset: u64,
        /// The record.
        sequence: u64,
    },
    /// A checkpoint is damaged or missing.
    #[error(
        "the checkpoint {path} cannot be used: {reason}; remove it if the archive is whole, \
         otherwise restore a backup"
    )]
    Checkpoint {
        /// The checkpoint's file, or where it should be.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The journal gives a state that is not the one it says.
    #[error(
        "the state that the journal in {journal} gives is not the one it recorded ({keys} keys \
         instead of {recorded}); this is a defect, please report it"
    )]
    Disagreement {
        /// The journal's folder.
        journal: PathBuf,
        /// How many keys there are.
        keys: u64,
        /// How many there should be.
        recorded: u64,
    },
    /// The state cannot be made, however often it is tried.
    #[error("the state in {state} cannot be made: {reason}; look at the disk and its free space")]
    State {
        /// The state's folder.
        state: PathBuf,
        /// What stood in the way.
        reason: String,
    },
    /// No threads to run on, or no randomness.
    #[error("the system gives no {what}: {source}")]
    Resources {
        /// What there is none of.
        what: &'static str,
        /// What the system said.
        source: io::Error,
    },
}

fn by(pid: Option<u32>) -> String {
    pid.map_or_else(String::new, |pid| format!(" by process {pid}"))
}

impl OpenError {
    /// Tells whether something that is stored is damaged or missing, rather than merely out of
    /// reach.
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Absent { .. } | Self::InUse { .. } | Self::Io { .. } | Self::Resources { .. } => {
                false
            }
            Self::JournalMissing { .. }
            | Self::AnchorMissing { .. }
            | Self::AnchorDamaged { .. }
            | Self::Format { .. }
            | Self::OtherStore { .. }
            | Self::Damaged { .. }
            | Self::TailMissing { .. }
            | Self::Altered { .. }
            | Self::Checkpoint { .. }
            | Self::Disagreement { .. }
            | Self::State { .. } => true,
        }
    }

    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io {
            path: path.to_path_buf(),
            source,
        }
    }
}

impl Blamed for OpenError {
    fn blame(&self) -> Blame {
        match self {
            Self::Absent { .. }
            | Self::InUse { .. }
            | Self::Io { .. }
            | Self::JournalMissing { .. }
            | Self::AnchorMissing { .. }
            | Self::AnchorDamaged { .. }
            | Self::Format { .. }
            | Self::OtherStore { .. }
            | Self::Damaged { .. }
            | Self::TailMissing { .. }
            | Self::Altered { .. }
            | Self::Checkpoint { .. }
            | Self::State { .. }
            | Self::Resources { .. } => Blame::Operator,
            Self::Disagreement { .. } => Blame::Host,
        }
    }
}

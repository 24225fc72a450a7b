//! Why there is no backup, or no store from it, and what to do about it.

use std::path::PathBuf;

use souk_core::{Blame, Blamed, Timestamp};

use crate::embedded::error::OpenError;

/// Why a backup could not be made or restored. In order: callers see the first that applies.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is something already.
    #[error("{path} is there already; name a place where nothing is")]
    Occupied {
        /// What is there.
        path: PathBuf,
    },
    /// A folder holds something else.
    #[error(
        "{path} is no backup: {lacks} is not in it; name a folder that `souk store backup` printed"
    )]
    NoBackup {
        /// The folder.
        path: PathBuf,
        /// What a backup has.
        lacks: &'static str,
    },
    /// Nobody says what was acknowledged.
    #[error(
        "there is no readable anchor {anchor}, and a backup ends where the anchor says; name it \
         with --anchor if it lies elsewhere"
    )]
    NoAnchor {
        /// The anchor.
        anchor: PathBuf,
    },
    /// Files went away while they were copied, again and again.
    #[error("the store changed while it was copied; try again")]
    Moving,
    /// The moment is not in the backup.
    #[error("the backup goes from record {first} to record {last}, and not to that moment")]
    Outside {
        /// The first record that a store can end with.
        first: u64,
        /// The last one.
        last: u64,
    },
    /// Nothing was stored yet at that time.
    #[error("the first commit that a store from this backup can end with is of {first}")]
    TooEarly {
        /// When that was.
        first: Timestamp,
    },
    /// What was copied does not check out.
    #[error(transparent)]
    Store(#[from] OpenError),
}

impl Blamed for BackupError {
    fn blame(&self) -> Blame {
        match self {
            Self::Occupied { .. }
            | Self::NoBackup { .. }
            | Self::NoAnchor { .. }
            | Self::Moving
            | Self::Outside { .. }
            | Self::TooEarly { .. } => Blame::Operator,
            Self::Store(error) => error.blame(),
        }
    }
}

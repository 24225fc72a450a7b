//! Why a keyring cannot be opened.

use std::io;
use std::path::PathBuf;

use souk_core::{Blame, Blamed};

use crate::StoreError;

/// Why a keyring or the master key cannot be opened. In order: callers see the first that applies.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// Anybody on the machine can read the master key.
    #[error("the master key {path} can be read by everyone; run `chmod 600 {path}`")]
    Exposed {
        /// The master key's file.
        path: PathBuf,
    },
    /// The file of the master key holds something else.
    #[error(
        "{path} is no master key: it must hold 64 hexadecimal digits; restore it from its copy"
    )]
    NoMasterKey {
        /// The master key's file.
        path: PathBuf,
    },
    /// The key file is not of this format.
    #[error("{path} is not a key file of a format this version knows; restore it from a backup")]
    Format {
        /// The key file.
        path: PathBuf,
    },
    /// The keys were wrapped under another master key.
    #[error(
        "the keys in {path} belong to another master key; start with the one they were made with"
    )]
    OtherMaster {
        /// The key file.
        path: PathBuf,
    },
    /// A key that was in use cannot be read.
    #[error("{path} is damaged at byte {offset} (key {index}); restore it from a backup")]
    Damaged {
        /// The key file.
        path: PathBuf,
        /// Where the damaged slot starts.
        offset: u64,
        /// The slot's number, from 0.
        index: u64,
    },
    /// The system would not read, write or sync.
    #[error("cannot use {path}: {source}")]
    Io {
        /// What was being read or written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The system gives no randomness.
    #[error("the system gives no randomness for new keys")]
    Randomness,
}

impl KeyringError {
    pub(super) fn io(path: &std::path::Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io {
            path: path.to_path_buf(),
            source,
        }
    }
}

impl From<StoreError> for KeyringError {
    /// While a keyring is opened, the only thing a cipher can lack is randomness.
    fn from(_: StoreError) -> Self {
        Self::Randomness
    }
}

impl Blamed for KeyringError {
    fn blame(&self) -> Blame {
        match self {
            Self::Exposed { .. }
            | Self::NoMasterKey { .. }
            | Self::Format { .. }
            | Self::OtherMaster { .. }
            | Self::Damaged { .. }
            | Self::Io { .. }
            | Self::Randomness => Blame::Operator,
        }
    }
}

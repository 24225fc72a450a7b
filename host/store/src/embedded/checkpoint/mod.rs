//! Checkpoints: the whole state at the end of a segment, in one file, sorted by key.
//!
//! A checkpoint is made from the checkpoint before it and the segments after that, never from the
//! state in sled: it is a second opinion on what the journal gives. Its count must be the one that
//! the journal recorded at its place, and it is read back before it counts. From then on the
//! segments before it are not needed to start, and go to the archive.
//!
//! The state on disk rests on one of them: sled holds only what was written since ([`base`]).
//!
//! The chain of hashes goes on across it: a checkpoint carries the hash of the last record it
//! stands for, and the next segment must follow that.

pub(super) mod base;
pub(super) mod gather;
pub(super) mod merge;
pub(super) mod reader;
pub(super) mod record;
pub(super) mod shelf;
pub(super) mod writer;

use std::io;

use super::journal::walk::Damage;

/// What is wrong with a checkpoint.
#[derive(Debug, thiserror::Error)]
pub(super) enum Flaw {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("it is not there")]
    Missing,
    #[error("its header is damaged")]
    Header,
    #[error("it has a format this version does not know")]
    Format,
    #[error("it belongs to another store, or to another place than its name says")]
    Stranger,
    #[error("the block at byte {0} is damaged")]
    Block(u64),
    #[error("its keys are not in order at byte {0}")]
    Order(u64),
    #[error("its index is not that of its blocks")]
    Index,
    #[error("it does not hold what the journal recorded at its place")]
    Tally,
    #[error("the journal is damaged where it should go on: {0}")]
    Journal(Damage),
}

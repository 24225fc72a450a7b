//! The port: what an engine must do, and nothing about how.

use std::collections::BTreeMap;

use async_trait::async_trait;
use souk_core::{Blame, Blamed, Timestamp};

use crate::batch::{Batch, Committed};
use crate::changes::Hub;

/// A key as an engine sees it: one byte that tells values, numbers and logs apart, then the key.
pub type RawKey = Vec<u8>;

/// A value and the sequence number of the commit that wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned {
    /// The commit that wrote it, from 1.
    pub version: u64,
    /// The bytes.
    pub value: Vec<u8>,
}

/// A part of the key space, and how much of it is wanted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Range {
    /// The first key that may be returned.
    pub start: RawKey,
    /// The first key that may not, at the far end.
    pub end: RawKey,
    /// At most so many.
    pub limit: usize,
    /// From the end backwards.
    pub reverse: bool,
}

impl Range {
    /// Everything from a key on.
    pub(crate) fn from(start: RawKey) -> Self {
        Self {
            start,
            end: vec![u8::MAX; 2],
            limit: usize::MAX,
            reverse: false,
        }
    }

    /// Takes what this range asks for out of all that lies in it: what is there, in its order, and
    /// no more than its limit.
    pub(crate) fn cut<V>(&self, all: BTreeMap<RawKey, Option<V>>) -> Vec<(RawKey, V)> {
        let present = all
            .into_iter()
            .filter_map(|(key, value)| Some((key, value?)));
        if self.reverse {
            present.rev().take(self.limit).collect()
        } else {
            present.take(self.limit).collect()
        }
    }

    /// One key.
    pub(crate) fn of(key: &[u8]) -> Self {
        Self {
            start: key.to_vec(),
            end: [key, &[0]].concat(),
            limit: 1,
            reverse: false,
        }
    }
}

/// Why the store could not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Too much is waiting; it has not been tried.
    #[error("the store is busy; try again in {retry_ms} ms")]
    Busy {
        /// When it is worth trying again.
        retry_ms: u64,
    },
    /// Others kept changing what this transaction reads.
    #[error("others kept changing the same data; try again")]
    Contended,
    /// The database went away in the middle of the commit, and did not come back to say.
    #[error(
        "the database went away during the commit, and whether it happened is not known yet; \
         ask again with the same key when it is back"
    )]
    Unknown,
    /// More than one record of the journal, or one value, can hold; it has not been tried.
    #[error("the transaction writes too much at once")]
    TooLarge,
    /// There is no room for new data; reading goes on.
    #[error("the disk is full; make room in the data directory, it resumes by itself")]
    Full,
    /// A write or a sync failed. Nothing is acknowledged any more; the process must start again.
    #[error("the store stopped after a failed write or sync; restart the host to recover")]
    Stopped,
    /// What is stored cannot be read as what it should be.
    #[error("a stored value cannot be read; run `souk store verify`")]
    Form,
    /// The transaction was already committed or given up.
    #[error("the transaction is over")]
    Over,
    /// A blob cannot be read or kept.
    #[error("the blob directory cannot be used; check the data directory")]
    Blobs,
    /// A key of the keyring cannot be made or kept.
    #[error("the keyring cannot be written; check the data directory")]
    Keyring,
}

impl Blamed for StoreError {
    fn blame(&self) -> Blame {
        match self {
            Self::Busy { .. }
            | Self::Contended
            | Self::Unknown
            | Self::Full
            | Self::Stopped
            | Self::Blobs
            | Self::Keyring => Blame::Operator,
            Self::TooLarge => Blame::Guest,
            Self::Form | Self::Over => Blame::Host,
        }
    }
}

/// Why a batch was not applied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// Something it read or bounds has changed: run the transaction again.
    #[error("another commit changed what this one rests on")]
    Conflict,
    /// The store cannot commit.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A store engine. All are held to one contract suite (`tests/contract`).
#[async_trait]
pub trait Engine: Send + Sync + 'static {
    /// Returns a number that stands for now, which a batch gives back: what was read since then
    /// need not be looked up once more. 0 where that spares nothing.
    fn moment(&self) -> u64 {
        0
    }

    /// Returns the newest value of a key, durable or not yet.
    async fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError>;

    /// Returns the newest values of a range, in the order the range asks for.
    async fn scan(&self, range: &Range) -> Result<Vec<(RawKey, Versioned)>, StoreError>;

    /// Checks and applies a batch, whole or not at all; returns when it is durable.
    ///
    /// A read-only batch is checked too, and its sequence is that of the newest commit it may have
    /// seen, which is durable when this returns.
    async fn commit(&self, batch: Batch, now: Timestamp) -> Result<Committed, CommitError>;

    /// Returns when the commit with this sequence number, and so all before it, are durable.
    async fn durable(&self, sequence: u64) -> Result<(), StoreError>;

    /// Returns when the engine has failed for good: nothing is acknowledged any more, and the
    /// process should end. An engine that cannot fail never returns.
    async fn failed(&self) {
        std::future::pending::<()>().await;
    }

    /// From now on tells of the logs that others make grow, who use the same data through engines
    /// of their own. An engine that has its data to itself has nothing to tell.
    fn tell_of_others(&self, _: Hub) {}
}

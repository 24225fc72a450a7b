//! What is stored of guests' data. Their values are sealed.

use serde::{Deserialize, Serialize};
use souk_core::Timestamp;
use souk_store::{Record, Sealed, StoreError, step};

/// A value a guest put.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stored {
    /// Counts up with every change of its key.
    pub(super) version: u64,
    /// What it takes of the bucket's room, its key included, in bytes.
    pub(super) bytes: u64,
    /// From when on it is gone; `None`: it stays.
    pub(super) expires: Option<Timestamp>,
    /// The value.
    pub(super) value: Sealed,
}

impl Stored {
    /// Whether it is gone at a time.
    pub(super) fn has_expired(&self, at: Timestamp) -> bool {
        self.expires.is_some_and(|expires| expires <= at)
    }
}

impl Record for Stored {
    const FORM: u8 = 2;

    fn read_older(bytes: &[u8]) -> Result<Self, StoreError> {
        step::<StoredFirst, _>(bytes)
    }
}

/// The first form of [`Stored`]: every value stayed.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct StoredFirst {
    version: u64,
    bytes: u64,
    value: Sealed,
}

impl Record for StoredFirst {}

impl From<StoredFirst> for Stored {
    fn from(first: StoredFirst) -> Self {
        let StoredFirst {
            version,
            bytes,
            value,
        } = first;
        Self {
            version,
            bytes,
            expires: None,
            value,
        }
    }
}

/// A value on the list of those that expire: all that its deletion needs to know.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Expiring {
    /// The value's version.
    pub(super) version: u64,
    /// What it takes of the bucket's room, in bytes.
    pub(super) bytes: u64,
}

impl Record for Expiring {}

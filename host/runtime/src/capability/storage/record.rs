//! What is stored of guests' data. Their values are sealed.

use serde::{Deserialize, Serialize};
use souk_store::{Record, Sealed};

/// A value a guest put.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Stored {
    /// Counts up with every change of its key.
    pub(super) version: u64,
    /// What it takes of the bucket's room, its key included, in bytes.
    pub(super) bytes: u64,
    /// The value.
    pub(super) value: Sealed,
}

impl Record for Stored {}

//! The journal: everything that was ever committed, in order. It is the truth; all else on the
//! disk can be made from it.
//!
//! It is a folder of [`segment`]s, numbered from 1 without a gap. Each holds [`record`]s, one for
//! each commit, and each record carries a hash over itself and the record before it, so that none
//! can be changed, left out or put in unseen. [`walk`] reads it, [`writer`] appends to it, [`room`]
//! allocates its files ahead of need. A [`shelf`] knows where each segment lies.

pub(super) mod record;
pub(super) mod room;
pub(super) mod salvage;
pub(super) mod segment;
pub(super) mod shelf;
pub(super) mod walk;
pub(super) mod writer;

use sha2::{Digest, Sha256};

/// The random name of a store. Segments, anchor and state carry it, so that those of two stores
/// cannot be mixed up.
pub(super) type StoreId = [u8; 16];

/// A SHA-256 over a record's body and the hash of the record before it.
pub(super) type Chain = [u8; 32];

/// The hash that the first record follows.
pub(super) fn genesis(store: &StoreId) -> Chain {
    Sha256::new()
        .chain_update(b"souk journal")
        .chain_update(store)
        .finalize()
        .into()
}

/// The hash of a record.
pub(super) fn link(before: &Chain, body: &[u8]) -> Chain {
    Sha256::new()
        .chain_update(before)
        .chain_update(body)
        .finalize()
        .into()
}

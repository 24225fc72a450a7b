//! Leases: which dispatcher works on a lane. They only save work; what keeps an event from
//! happening twice is the lane's cursor.

use souk_core::limits::LEASE_MS;
use souk_store::{StoreError, Txn};

use crate::keys;
use crate::record::{Lane, Lease};

pub use crate::record::Node;

/// Takes the lane for [`LEASE_MS`], or keeps it. Returns whether it is this node's now.
///
/// # Errors
/// The store's.
pub async fn claim(txn: &Txn, lane: &Lane, node: Node) -> Result<bool, StoreError> {
    if held_by_another(txn, lane, node).await? {
        return Ok(false);
    }
    txn.put(
        &keys::lease(lane),
        &Lease {
            node,
            until: txn.now().after_millis(LEASE_MS),
        },
    )?;
    Ok(true)
}

/// Tells whether another node works on the lane at present.
///
/// # Errors
/// The store's.
pub async fn held_by_another(txn: &Txn, lane: &Lane, node: Node) -> Result<bool, StoreError> {
    let lease = txn.get::<Lease>(&keys::lease(lane)).await?;
    Ok(lease.is_some_and(|lease| lease.node != node && txn.now() < lease.until))
}

/// Gives the lane back.
///
/// # Errors
/// The store's.
pub fn release(txn: &Txn, lane: &Lane) -> Result<(), StoreError> {
    txn.delete(&keys::lease(lane))
}

//! What has to be done at a time, and the list of it in order of time.

use souk_core::{Timestamp, TypedId};
use souk_store::{Key, Page, StoreError, Txn};

use crate::keys;
use crate::record::Due;

/// Stages something to be done at or after `at`.
///
/// # Errors
/// The store's.
pub fn set(txn: &Txn, at: Timestamp, due: &Due) -> Result<(), StoreError> {
    txn.put(&key(at, due), due)
}

/// Takes something off the list that was set for a time, if it is still there.
///
/// # Errors
/// The store's.
pub fn unset(txn: &Txn, at: Timestamp, due: &Due) -> Result<(), StoreError> {
    txn.delete(&key(at, due))
}

fn key(at: Timestamp, due: &Due) -> Key {
    let id = match due {
        Due::OrderExpiry(order) => order.bits(),
        Due::Retry(event) | Due::Send(event) | Due::Reads(event) => event.bits(),
        Due::GiftExpiry(id) | Due::Arrival(id) | Due::Departure(id) => id.bits(),
        Due::Erasure(user) => user.bits(),
        Due::Timer(place) => place.id.bits(),
        Due::Forget(forgotten) => forgotten.id.bits(),
        Due::Values(place) => return keys::due_values(at, place),
    };
    keys::due(at, id)
}

/// Returns what is due by now, earliest first, at most `limit`, each with the key to clear it by.
///
/// # Errors
/// The store's.
pub async fn by_now(txn: &Txn, limit: usize) -> Result<Vec<(Key, Due)>, StoreError> {
    let beyond_now = keys::all_due().with(txn.now().millis().saturating_add(1));
    let mut due = txn.scan(&keys::all_due(), Page::first(limit)).await?;
    due.retain(|(key, _)| *key < beyond_now);
    Ok(due)
}

/// Takes something off the list, in the commit that does it. Returns whether it was still there.
///
/// # Errors
/// The store's.
pub async fn clear(txn: &Txn, key: &Key) -> Result<bool, StoreError> {
    let there = txn.get::<Due>(key).await?.is_some();
    if there {
        txn.delete(key)?;
    }
    Ok(there)
}

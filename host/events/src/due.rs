//! What has to be done at a time, and the list of it in order of time.

use souk_core::Timestamp;
use souk_store::{Key, Page, StoreError, Txn};

use crate::keys;
use crate::record::Due;

/// Stages something to be done at or after `at`.
///
/// # Errors
/// The store's.
pub fn set(txn: &Txn, at: Timestamp, due: &Due) -> Result<(), StoreError> {
    let id = match due {
        Due::OrderExpiry(order) => souk_core::TypedId::bits(*order),
        Due::Retry(event) => souk_core::TypedId::bits(*event),
        Due::GiftExpiry(id) | Due::Arrival(id) | Due::Departure(id) => {
            souk_core::TypedId::bits(*id)
        }
        Due::Erasure(user) => souk_core::TypedId::bits(*user),
    };
    txn.put(&keys::due(at, id), due)
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

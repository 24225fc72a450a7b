//! Forgetting: what an app kept for a person who has left it is deleted.
//!
//! Since they left, nothing leads there any more; so it need not happen at once, or all at once.

use souk_core::limits::PAGE_ENTRIES_MAX;
use souk_core::{AppId, UserId};
use souk_events::BucketPlace;
use souk_store::{Bounds, Key, Page, StoreError, Txn};

use super::record::Stored;
use super::{expiry, keys};

/// Any number there is.
const ANY: Bounds = Bounds {
    floor: i64::MIN,
    ceiling: i64::MAX,
};

/// Stages the deletion of some of what an app kept for a person, up to the time they left it for
/// the time after `left`. Returns whether there may be more.
///
/// # Errors
/// The store's.
pub async fn forget(txn: &Txn, app: &AppId, user: UserId, left: u64) -> Result<bool, StoreError> {
    let place = BucketPlace::User(app.clone(), user, left);
    let bucket = keys::of(&place);
    let page = Page::first(PAGE_ENTRIES_MAX);
    let values: Vec<(Key, Stored)> = txn.scan(&keys::values(&bucket, ""), page).await?;
    for (key, stored) in &values {
        txn.delete(key)?;
        if let Some(at) = stored.expires {
            let name = keys::name(&bucket, key).ok_or(StoreError::Form)?;
            txn.delete(&keys::expiring(&bucket, at, &name))?;
        }
    }
    let mut more = values.len() == PAGE_ENTRIES_MAX;
    for kind in keys::numbers(&bucket) {
        let marks: Vec<(Key, ())> = txn.scan(&kind, Page::first(PAGE_ENTRIES_MAX)).await?;
        for (key, ()) in &marks {
            clear(txn, key).await?;
            txn.delete(key)?;
        }
        more |= marks.len() == PAGE_ENTRIES_MAX;
    }
    clear(txn, &keys::size(&bucket)).await?;
    txn.delete(&keys::floor(&bucket))?;
    expiry::forget_wake(txn, &place).await?;
    Ok(more)
}

/// Brings a number to zero, as it was before anybody added to it.
async fn clear(txn: &Txn, number: &Key) -> Result<(), StoreError> {
    let says = txn.number(number).await?;
    txn.add(number, says.saturating_neg(), ANY).await.map(drop)
}

//! Values that live for a while. From their time on they are gone, whoever looks; the room they
//! took is given back soon after.
//!
//! A bucket lists its values that expire, by time. A value and its line there are written and
//! deleted together, so that a line is always true. A bucket with such values has one place on the
//! list of what is due, at its first expiry: there the dispatcher finds it, after a crash too.

use souk_core::Timestamp;
use souk_core::limits::{EXPIRED_AT_ONCE_VALUES, EXPIRY_SLOT_MS};
use souk_events::{BucketPlace, Due, due};
use souk_store::{Key, Page, StoreError, Txn};

use super::bucket::{give_back, raise_floor};
use super::keys;
use super::record::Expiring;

/// Stages the deletion of values of a bucket that have expired by now, up to a bound, and sees to
/// it that the bucket comes up again when there are more.
///
/// # Errors
/// The store's.
pub async fn expire(txn: &Txn, place: &BucketPlace) -> Result<(), StoreError> {
    let (bucket, now) = (keys::of(place), txn.now());
    delete_expired(txn, &bucket, now).await?;
    let lines = keys::all_expiring(&bucket);
    let next: Vec<(Key, Expiring)> = txn.scan(&lines, Page::first(1)).await?;
    forget_wake(txn, place).await?;
    if let Some((line, _)) = next.first() {
        let (at, _) = keys::expiring_name(&bucket, line).ok_or(StoreError::Form)?;
        let at = if at <= now { now } else { slot_of(at) };
        wake(txn, place, at).await?;
    }
    Ok(())
}

/// Stages the line of a value that expires.
pub(super) async fn note(
    txn: &Txn,
    place: &BucketPlace,
    key: &str,
    at: Timestamp,
    what: &Expiring,
) -> Result<(), StoreError> {
    txn.put(&keys::expiring(&keys::of(place), at, key), what)?;
    wake(txn, place, slot_of(at)).await
}

/// Stages the deletion of values of a bucket that have expired at a time, up to a bound.
pub(super) async fn delete_expired(
    txn: &Txn,
    bucket: &Key,
    at: Timestamp,
) -> Result<(), StoreError> {
    let (mut bytes, mut newest) = (0_u64, 0);
    for (line, what) in expired(txn, bucket, at).await? {
        let (_, key) = keys::expiring_name(bucket, &line).ok_or(StoreError::Form)?;
        txn.delete(&keys::value(bucket, &key))?;
        txn.delete(&line)?;
        bytes = bytes.saturating_add(what.bytes);
        newest = newest.max(what.version);
    }
    if newest > 0 {
        give_back(txn, bucket, bytes).await?;
        raise_floor(txn, bucket, newest).await?;
    }
    Ok(())
}

/// The bytes of values that have expired at a time and are not deleted yet, up to as many as are
/// deleted at once.
pub(super) async fn expired_bytes(
    txn: &Txn,
    bucket: &Key,
    at: Timestamp,
) -> Result<u64, StoreError> {
    let gone = expired(txn, bucket, at).await?;
    Ok(gone.iter().map(|(_, what)| what.bytes).sum())
}

/// Takes a bucket off the list of what is due.
pub(super) async fn forget_wake(txn: &Txn, place: &BucketPlace) -> Result<(), StoreError> {
    let key = keys::wake(&keys::of(place));
    if let Some(at) = txn.get::<Timestamp>(&key).await? {
        due::unset(txn, at, &Due::Values(place.clone()))?;
        txn.delete(&key)?;
    }
    Ok(())
}

/// Reads from the end, so that what expires later is not read and may change meanwhile.
async fn expired(
    txn: &Txn,
    bucket: &Key,
    at: Timestamp,
) -> Result<Vec<(Key, Expiring)>, StoreError> {
    let beyond = keys::expiring_from(bucket, at.after_millis(1));
    let page = Page::last(EXPIRED_AT_ONCE_VALUES).after(Some(beyond));
    txn.scan(&keys::all_expiring(bucket), page).await
}

/// Sees to it that a bucket is due at a time or before. Runs that find it due early enough do not
/// meet.
async fn wake(txn: &Txn, place: &BucketPlace, at: Timestamp) -> Result<(), StoreError> {
    let key = keys::wake(&keys::of(place));
    if let Some(before) = txn.get::<Timestamp>(&key).await? {
        if before <= at {
            return Ok(());
        }
        due::unset(txn, before, &Due::Values(place.clone()))?;
    }
    due::set(txn, at, &Due::Values(place.clone()))?;
    txn.put(&key, &at)
}

/// When a bucket is due whose value expires at a time.
fn slot_of(at: Timestamp) -> Timestamp {
    let slots = at.millis().div_ceil(EXPIRY_SLOT_MS);
    Timestamp::from_millis(slots.saturating_mul(EXPIRY_SLOT_MS))
}

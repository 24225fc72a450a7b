//! What events read outside, kept for as long as they may run again: the same event gets the same
//! answer.

use souk_core::EventId;
use souk_core::limits::{PAGE_ENTRIES_MAX, READS_KEPT_MS};
use souk_store::{Page, StoreError, Txn};

use crate::record::{Due, Event, Read, Reply};
use crate::{due, keys};

/// Returns what an event read with a request, without resting on it.
///
/// # Errors
/// The store's.
pub async fn kept(
    txn: &Txn,
    event: EventId,
    request: &[u8; 32],
) -> Result<Option<Reply>, StoreError> {
    let read = txn.peek::<Read>(&keys::read(event, request)).await?;
    let words = read.and_then(|Read(sealed)| txn.open(&sealed));
    Ok(words.and_then(|words| postcard::from_bytes(&words).ok()))
}

/// Keeps what an event read with a request. Returns what it reads with it from now on: the first
/// answer stays.
///
/// # Errors
/// The store's.
pub async fn keep(
    txn: &Txn,
    event: &Event,
    request: &[u8; 32],
    reply: Reply,
) -> Result<Reply, StoreError> {
    let key = keys::read(event.id, request);
    if txn.get::<Read>(&key).await?.is_some()
        && let Some(first) = kept(txn, event.id, request).await?
    {
        return Ok(first);
    }
    let words = postcard::to_stdvec(&reply).map_err(|_| StoreError::Form)?;
    txn.put(&key, &Read(txn.seal(&event.owner(), &words).await?))?;
    let forgotten = event.at.after_millis(READS_KEPT_MS);
    due::set(txn, forgotten.max(txn.now()), &Due::Reads(event.id))?;
    Ok(reply)
}

/// Forgets all that an event read.
///
/// # Errors
/// The store's.
pub async fn forget(txn: &Txn, event: EventId) -> Result<(), StoreError> {
    let page = Page::first(PAGE_ENTRIES_MAX);
    for (key, _) in txn.scan::<Read>(&keys::reads(event), page).await? {
        txn.delete(&key)?;
    }
    Ok(())
}

//! Events that wait for a person's answer or for a later time. A parked event has left its lane
//! and enters it again at the end.

use souk_core::EventId;
use souk_store::{StoreError, Txn};

use crate::record::{Event, Waiting};
use crate::{keys, lane};

/// Parks an event.
///
/// # Errors
/// The store's.
pub async fn park(txn: &Txn, event: &Event) -> Result<(), StoreError> {
    let waiting = lane::seal(txn, event).await?;
    txn.put(&keys::parked(event.id), &waiting)
}

/// Lets a parked event enter its lane again. Returns it, or `None` when it is not parked any more.
///
/// # Errors
/// The store's, and those of [`lane::push`].
pub async fn resume(txn: &Txn, event: EventId) -> Result<Option<Event>, StoreError> {
    let Some(waiting) = txn.get::<Waiting>(&keys::parked(event)).await? else {
        return Ok(None);
    };
    txn.delete(&keys::parked(event))?;
    let Some(event) = lane::unseal(txn, waiting) else {
        return Ok(None);
    };
    lane::push(txn, &event).await?;
    Ok(Some(event))
}

/// Gives up a parked event: it will not run again.
///
/// # Errors
/// The store's.
pub fn give_up(txn: &Txn, event: EventId) -> Result<(), StoreError> {
    txn.delete(&keys::parked(event))
}

//! Which events are over, and how each ended: the reason why nothing a person does happens twice.

use souk_core::EventId;
use souk_store::{StoreError, Txn};

use crate::keys;
use crate::record::{Mark, Noted, owner};

/// Returns what is noted of an event, or `None` when it is new or its words were erased.
///
/// # Errors
/// The store's.
pub async fn mark(txn: &Txn, event: EventId) -> Result<Option<Mark>, StoreError> {
    let noted = txn.get::<Noted>(&keys::done(event)).await?;
    Ok(noted.and_then(|noted| read(txn, noted)))
}

/// Notes how an event ended, or that it was parked; a parked one is noted again when it has run.
///
/// # Errors
/// The store's.
pub async fn note(txn: &Txn, event: EventId, mark: Mark) -> Result<(), StoreError> {
    let words = postcard::to_stdvec(&mark.outcome).map_err(|_| StoreError::Form)?;
    let outcome = txn
        .seal(&owner(&mark.app, mark.user, mark.chat), &words)
        .await?;
    let Mark {
        user,
        chat,
        app,
        contents,
        ..
    } = mark;
    txn.put(
        &keys::done(event),
        &Noted {
            user,
            chat,
            app,
            contents,
            outcome,
        },
    )
}

fn read(txn: &Txn, noted: Noted) -> Option<Mark> {
    let outcome = postcard::from_bytes(&txn.open(&noted.outcome)?).ok()?;
    let Noted {
        user,
        chat,
        app,
        contents,
        ..
    } = noted;
    Some(Mark {
        user,
        chat,
        app,
        contents,
        outcome,
    })
}

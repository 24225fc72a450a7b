//! The outbox: letters that leave once the event that wrote them has committed.
//!
//! A letter is on the list of what is due from that commit on. Whoever takes it moves it on the
//! list to when somebody else should, so a crash delays it and loses nothing: it may leave more
//! than once, always under the same id. The commit that takes it out of here brings the answer into
//! its lane: there is one.

use souk_core::limits::{SEND_LEASE_MS, SENDS_WAITING_MAX};
use souk_core::{AppId, EventId, Timestamp};
use souk_store::{Bounds, Fit, StoreError, Txn};

use crate::record::{Cause, Due, Event, Letter, Outgoing, Posted, Reply, Silence};
use crate::{due, keys, lane};

/// Letters of one app on their way.
const WAITING: Bounds = Bounds {
    floor: 0,
    ceiling: SENDS_WAITING_MAX,
};

/// Stages a letter of an event. Returns its id, or `None` when too many of the app's are on their
/// way.
///
/// # Errors
/// The store's.
pub async fn post(
    txn: &Txn,
    event: &Event,
    letter: &Letter,
) -> Result<Option<EventId>, StoreError> {
    let count = keys::posted_count(&event.app);
    if txn.add(&count, 1, WAITING).await? == Fit::Outside {
        return Ok(None);
    }
    let id = txn.fresh();
    let words = postcard::to_stdvec(letter).map_err(|_| StoreError::Form)?;
    let posted = Posted {
        app: event.app.clone(),
        chat: event.chat,
        user: event.user,
        left: event.left,
        depth: depth(event),
        tries: 0,
        letter: txn.seal(&event.owner(), &words).await?,
        next: txn.now(),
    };
    due::set(txn, posted.next, &Due::Send(id))?;
    txn.put(&keys::posted(id), &posted)?;
    Ok(Some(id))
}

/// Returns how many letters of an app are on their way. The transaction does not rest on it.
///
/// # Errors
/// The store's.
pub async fn waiting(txn: &Txn, app: &AppId) -> Result<i64, StoreError> {
    txn.peek_number(&keys::posted_count(app)).await
}

/// How many answers from outside will have led to the next event if this one sends something.
pub fn depth(event: &Event) -> u32 {
    match event.cause {
        Cause::Response { depth, .. } => depth.saturating_add(1),
        Cause::Command { .. }
        | Cause::Action { .. }
        | Cause::Order(_)
        | Cause::LastLook(_)
        | Cause::Message { .. }
        | Cause::View(_)
        | Cause::Timer { .. } => 1,
    }
}

/// Takes a letter that is due, for a while. `None` when it is gone, or its words were erased.
///
/// # Errors
/// The store's.
pub async fn take(txn: &Txn, id: EventId) -> Result<Option<Outgoing>, StoreError> {
    let Some(posted) = txn.get::<Posted>(&keys::posted(id)).await? else {
        return Ok(None);
    };
    let letter = txn.open(&posted.letter);
    let letter = letter.and_then(|words| postcard::from_bytes(&words).ok());
    let Some(letter) = letter else {
        forget(txn, id, &posted).await?;
        return Ok(None);
    };
    let outgoing = Outgoing {
        id,
        app: posted.app.clone(),
        chat: posted.chat,
        user: posted.user,
        depth: posted.depth,
        tries: posted.tries,
        letter,
    };
    move_to(txn, id, posted, txn.now().after_millis(SEND_LEASE_MS))?;
    Ok(Some(outgoing))
}

/// Has a letter sent again after a while; `tried` if it left and nobody answered.
///
/// # Errors
/// The store's.
pub async fn again(txn: &Txn, id: EventId, after_ms: u64, tried: bool) -> Result<(), StoreError> {
    let Some(mut posted) = txn.get::<Posted>(&keys::posted(id)).await? else {
        return Ok(());
    };
    posted.tries = posted.tries.saturating_add(tried.into());
    move_to(txn, id, posted, txn.now().after_millis(after_ms))
}

/// Takes a letter out and brings its answer into its lane, unless somebody has.
///
/// # Errors
/// The store's, and those of [`lane::push`].
pub async fn answer(
    txn: &Txn,
    id: EventId,
    outcome: Result<Reply, Silence>,
) -> Result<(), StoreError> {
    let Some(posted) = txn.get::<Posted>(&keys::posted(id)).await? else {
        return Ok(());
    };
    forget(txn, id, &posted).await?;
    let Posted {
        app,
        chat,
        user,
        left,
        depth,
        ..
    } = posted;
    let event = Event {
        id,
        app,
        chat,
        user,
        left,
        at: txn.now(),
        tries: 0,
        locale: None,
        cause: Cause::Response {
            request: id,
            depth,
            outcome,
        },
    };
    lane::push(txn, &event).await
}

fn move_to(txn: &Txn, id: EventId, posted: Posted, next: Timestamp) -> Result<(), StoreError> {
    due::unset(txn, posted.next, &Due::Send(id))?;
    due::set(txn, next, &Due::Send(id))?;
    txn.put(&keys::posted(id), &Posted { next, ..posted })
}

async fn forget(txn: &Txn, id: EventId, posted: &Posted) -> Result<(), StoreError> {
    due::unset(txn, posted.next, &Due::Send(id))?;
    txn.delete(&keys::posted(id))?;
    // Below zero it cannot go: every letter was counted when it was posted.
    txn.add(&keys::posted_count(&posted.app), -1, WAITING)
        .await
        .map(drop)
}

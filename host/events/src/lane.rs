//! Lanes: the events of one app in one chat, in the order in which their causes were committed.

use souk_core::AppId;
use souk_core::limits::LANE_EVENTS_MAX;
use souk_store::{Key, Page, StoreError, Txn};

use crate::record::{Event, Lane, Waiting};
use crate::{keys, plain};

/// Appends an event to its lane, to happen after the present commit. Never a conflict.
///
/// # Errors
/// [`StoreError::Busy`] when too many wait already.
pub async fn push(txn: &Txn, event: &Event) -> Result<(), StoreError> {
    let lane = event.lane();
    let waiting = txn
        .peek_count(&keys::lane(&lane))
        .await?
        .saturating_sub(peek_cursor(txn, &lane).await?);
    if waiting >= LANE_EVENTS_MAX {
        return Err(StoreError::Busy { retry_ms: 1_000 });
    }
    txn.append(&keys::lane(&lane), &seal(txn, event).await?)?;
    txn.put(&keys::busy(&lane), &lane)
}

/// Returns the place of the lane's next event, and the event unless the person's words in it were
/// erased. The transaction then rests on the cursor: of two that run the same event, one commits.
///
/// # Errors
/// The store's.
pub async fn next(txn: &Txn, lane: &Lane) -> Result<Option<(u64, Option<Event>)>, StoreError> {
    let cursor: u64 = txn.get(&keys::cursor(lane)).await?.unwrap_or(0);
    let page = Page::first(1).after(cursor.checked_sub(1));
    let next = txn.entries::<Waiting>(&keys::lane(lane), page).await?.pop();
    Ok(next.map(|(place, waiting)| (place, unseal(txn, waiting))))
}

/// Moves the lane's cursor beyond a place, in the commit of the event there.
///
/// # Errors
/// The store's.
pub fn advance(txn: &Txn, lane: &Lane, place: u64) -> Result<(), StoreError> {
    txn.put(&keys::cursor(lane), &place.saturating_add(1))
}

/// Returns whether events wait in the lane, without resting on it.
///
/// # Errors
/// The store's.
pub async fn has_waiting(txn: &Txn, lane: &Lane) -> Result<bool, StoreError> {
    Ok(txn.peek_count(&keys::lane(lane)).await? > peek_cursor(txn, lane).await?)
}

/// What the keys of the logs of all lanes start with, so that a dispatcher knows when to look.
pub fn all() -> Key {
    keys::lanes()
}

/// Returns lanes that may have waiting events, `limit` in all and `each` of an app at most: of the
/// apps behind `after` first, in their order, then of the others. Whoever goes on behind the app
/// that they took a lane of last comes to every app.
///
/// # Errors
/// The store's.
pub async fn busy(
    txn: &Txn,
    after: Option<&AppId>,
    each: usize,
    limit: usize,
) -> Result<Vec<Lane>, StoreError> {
    let mut lanes = shares(txn, after.map(keys::behind_busy), each, limit).await?;
    if let Some(last) = after {
        let others = shares(txn, None, each, limit).await?.into_iter();
        lanes.extend(others.filter(|lane| lane.app <= *last));
        lanes.truncate(limit);
    }
    Ok(lanes)
}

/// The first lanes of each app beyond a key.
async fn shares(
    txn: &Txn,
    mut beyond: Option<Key>,
    each: usize,
    limit: usize,
) -> Result<Vec<Lane>, StoreError> {
    let mut lanes: Vec<Lane> = Vec::new();
    while lanes.len() < limit {
        let page = Page::first(limit).after(beyond.take());
        let found = txn.scan::<Lane>(&keys::busy_lanes(), page).await?;
        let is_full = found.len() == limit;
        for (key, lane) in found {
            let of_app = lanes.iter().rev().take_while(|it| it.app == lane.app);
            if of_app.count() < each {
                beyond = Some(key);
                lanes.push(lane);
            } else {
                // However many more there are, they are passed over at once.
                beyond = Some(keys::behind_busy(&lane.app));
            }
        }
        if !is_full {
            break;
        }
    }
    lanes.truncate(limit);
    Ok(lanes)
}

/// Takes a lane off the list of busy ones if nothing waits in it.
///
/// # Errors
/// The store's.
pub async fn rest(txn: &Txn, lane: &Lane) -> Result<(), StoreError> {
    let cursor: u64 = txn.get(&keys::cursor(lane)).await?.unwrap_or(0);
    // Checked: an event appended meanwhile must keep the lane on the list.
    if txn.count(&keys::lane(lane)).await? <= cursor {
        txn.delete(&keys::busy(lane))?;
    }
    Ok(())
}

async fn peek_cursor(txn: &Txn, lane: &Lane) -> Result<u64, StoreError> {
    Ok(txn.peek(&keys::cursor(lane)).await?.unwrap_or(0))
}

/// Seals the person's words in an event.
pub(crate) async fn seal(txn: &Txn, event: &Event) -> Result<Waiting, StoreError> {
    let words = plain::write(event)?;
    Ok(Waiting {
        id: event.id,
        app: event.app.clone(),
        chat: event.chat,
        user: event.user,
        left: event.left,
        at: event.at,
        tries: event.tries,
        cause: txn.seal(&event.owner(), &words).await?,
    })
}

/// Opens a stored event; `None` when the person's words were erased, and the event with them.
pub(crate) fn unseal(txn: &Txn, waiting: Waiting) -> Option<Event> {
    let (locale, cause) = plain::read(&txn.open(&waiting.cause)?, waiting.at)?;
    let Waiting {
        id,
        app,
        chat,
        user,
        left,
        at,
        tries,
        ..
    } = waiting;
    Some(Event {
        id,
        app,
        chat,
        user,
        left,
        at,
        tries,
        locale,
        cause,
    })
}

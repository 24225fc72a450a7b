//! Events whose app keeps failing: set aside for its merchant, who has them run again or drops
//! them.
//!
//! Only what happens by itself comes here: a person who typed or pressed is told at once, and does
//! it again if they still want to.

use souk_core::limits::FAILED_EVENTS_MAX;
use souk_core::{AppId, Blame, EventId, Timestamp, TraceId};
use souk_store::{Bounds, Fit, Page, StoreError, Txn};

use crate::record::{Event, Failed};
use crate::{keys, lane};

/// Events of an app that are set aside.
const OF_APP: Bounds = Bounds {
    floor: 0,
    ceiling: FAILED_EVENTS_MAX,
};

/// What a merchant sees of one: nothing of what a person said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failing {
    /// The event.
    pub event: EventId,
    /// Why it is, in a word.
    pub cause: String,
    /// When it was set aside.
    pub at: Timestamp,
    /// Who has to do something about it.
    pub blame: Blame,
    /// What happened in its last run, in the host's words.
    pub what: String,
    /// The trace of that run.
    pub trace: TraceId,
}

/// Sets an event aside. Returns whether there was room for it.
///
/// # Errors
/// The store's.
pub async fn set_aside(txn: &Txn, event: &Event, failing: &Failing) -> Result<bool, StoreError> {
    let again = Event {
        tries: 0,
        ..event.clone()
    };
    let failed = Failed {
        waiting: lane::seal(txn, &again).await?,
        cause: failing.cause.clone(),
        at: failing.at,
        blame: failing.blame,
        what: failing.what.clone(),
        trace: failing.trace,
    };
    if txn.add(&keys::failed_count(&event.app), 1, OF_APP).await? == Fit::Outside {
        return Ok(false);
    }
    txn.put(&keys::failed(&event.app, event.id), &failed)?;
    Ok(true)
}

/// Returns what is set aside of an app, oldest event first.
///
/// # Errors
/// The store's.
pub async fn list(txn: &Txn, app: &AppId, limit: usize) -> Result<Vec<Failing>, StoreError> {
    let found = txn.scan(&keys::all_failed(app), Page::first(limit)).await?;
    Ok(found.into_iter().map(|(_, failed)| line(failed)).collect())
}

fn line(failed: Failed) -> Failing {
    let Failed {
        waiting,
        cause,
        at,
        blame,
        what,
        trace,
    } = failed;
    Failing {
        event: waiting.id,
        cause,
        at,
        blame,
        what,
        trace,
    }
}

/// Lets an event enter its lane again, as if it had never run; one whose words were erased
/// meanwhile is only taken off the list. Returns whether it was there.
///
/// # Errors
/// The store's, and those of [`lane::push`].
pub async fn retry(txn: &Txn, app: &AppId, event: EventId) -> Result<bool, StoreError> {
    let Some(failed) = take(txn, app, event).await? else {
        return Ok(false);
    };
    if let Some(event) = lane::unseal(txn, failed.waiting) {
        lane::push(txn, &event).await?;
    }
    Ok(true)
}

/// Drops an event for ever. Returns whether it was there.
///
/// # Errors
/// The store's.
pub async fn drop(txn: &Txn, app: &AppId, event: EventId) -> Result<bool, StoreError> {
    Ok(take(txn, app, event).await?.is_some())
}

async fn take(txn: &Txn, app: &AppId, event: EventId) -> Result<Option<Failed>, StoreError> {
    let key = keys::failed(app, event);
    let failed = txn.get::<Failed>(&key).await?;
    if failed.is_some() {
        txn.delete(&key)?;
        // Below zero it cannot go: each was counted when it was set aside.
        txn.add(&keys::failed_count(app), -1, OF_APP)
            .await
            .map(std::mem::drop)?;
    }
    Ok(failed)
}

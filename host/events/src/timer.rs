//! Timers: an app asks to be told at a time, and is told once.
//!
//! A timer is on the list of what is due from the commit that set it. The commit that takes it off
//! brings its event into its lane, so it goes off once, whoever looks and however often.

use souk_core::limits::{APP_TIMERS_MAX, CHAT_TIMERS_MAX};
use souk_core::{AppId, ChatId, Timestamp};
use souk_store::{Bounds, Fit, Page, StoreError, Txn};

use crate::record::{Armed, Cause, Due, Event, TimerPlace};
use crate::{due, keys, lane};

/// Timers of an app in one chat, or in none.
const IN_CHAT: Bounds = Bounds {
    floor: 0,
    ceiling: CHAT_TIMERS_MAX,
};
/// Timers of an app.
const OF_APP: Bounds = Bounds {
    floor: 0,
    ceiling: APP_TIMERS_MAX,
};

/// Which bound a timer is beyond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// That of its chat.
    Chat,
    /// That of its app.
    App,
}

/// How many more timers there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// Of the app in one chat, or in none.
    pub chat: i64,
    /// Of the app.
    pub app: i64,
}

/// Stages a timer of an event's app, in a chat or in none, in the place of one of the same name.
///
/// The inner result says when there are too many.
///
/// # Errors
/// The store's.
pub async fn set(
    txn: &Txn,
    event: &Event,
    chat: Option<ChatId>,
    name: &str,
    at: Timestamp,
    payload: &[u8],
) -> Result<Result<(), Full>, StoreError> {
    let place = TimerPlace {
        id: txn.fresh(),
        app: event.app.clone(),
        chat,
        name: name.to_owned(),
    };
    match txn.get::<Armed>(&keys::timer(&place)).await? {
        Some(before) => due::unset(txn, before.at, &Due::Timer(before.place))?,
        None => match count(txn, &place, 1).await? {
            Ok(()) => {}
            full @ Err(_) => return Ok(full),
        },
    }
    let payload = txn.seal(&event.owner(), payload).await?;
    due::set(txn, at, &Due::Timer(place.clone()))?;
    let key = keys::timer(&place);
    txn.put(&key, &Armed { place, at, payload })?;
    Ok(Ok(()))
}

/// Takes a timer off. Returns whether there was one.
///
/// # Errors
/// The store's.
pub async fn cancel(
    txn: &Txn,
    app: &AppId,
    chat: Option<ChatId>,
    name: &str,
) -> Result<bool, StoreError> {
    let key = keys::timers(app, chat).with(name);
    let Some(armed) = txn.get::<Armed>(&key).await? else {
        return Ok(false);
    };
    due::unset(txn, armed.at, &Due::Timer(armed.place.clone()))?;
    forget(txn, &armed.place).await?;
    Ok(true)
}

/// Returns the timers of an app in a chat, or in none: names and times, by name.
///
/// # Errors
/// The store's.
pub async fn list(
    txn: &Txn,
    app: &AppId,
    chat: Option<ChatId>,
) -> Result<Vec<(String, Timestamp)>, StoreError> {
    let page = Page::first(usize::try_from(CHAT_TIMERS_MAX).unwrap_or(0));
    let found = txn.scan::<Armed>(&keys::timers(app, chat), page).await?;
    let timer = |(_, armed): (_, Armed)| (armed.place.name, armed.at);
    Ok(found.into_iter().map(timer).collect())
}

/// Has a timer go off that was due, unless it was set anew or cancelled since; one whose app may
/// set none any more is only forgotten, and so is one whose words were erased.
///
/// # Errors
/// The store's, and those of [`lane::push`].
pub async fn go_off(txn: &Txn, place: &TimerPlace, granted: bool) -> Result<(), StoreError> {
    let armed = txn.get::<Armed>(&keys::timer(place)).await?;
    let Some(armed) = armed.filter(|armed| armed.place.id == place.id) else {
        return Ok(());
    };
    forget(txn, place).await?;
    let payload = txn.open(&armed.payload).filter(|_| granted);
    let Some(payload) = payload else {
        return Ok(());
    };
    let due = armed.at;
    let TimerPlace {
        id,
        app,
        chat,
        name,
    } = armed.place;
    let event = Event {
        id,
        app,
        chat,
        user: None,
        left: 0,
        at: txn.now(),
        tries: 0,
        locale: None,
        cause: Cause::Timer { name, due, payload },
    };
    lane::push(txn, &event).await
}

/// Returns how many more timers an app may set. The transaction does not rest on it.
///
/// # Errors
/// The store's.
pub async fn left(txn: &Txn, app: &AppId, chat: Option<ChatId>) -> Result<Left, StoreError> {
    let in_chat = txn.peek_number(&keys::timers_count(app, chat)).await?;
    let of_app = txn.peek_number(&keys::all_timers_count(app)).await?;
    Ok(Left {
        chat: CHAT_TIMERS_MAX.saturating_sub(in_chat),
        app: APP_TIMERS_MAX.saturating_sub(of_app),
    })
}

async fn forget(txn: &Txn, place: &TimerPlace) -> Result<(), StoreError> {
    txn.delete(&keys::timer(place))?;
    // Below zero it cannot go: every timer was counted when it was set.
    count(txn, place, -1).await.map(drop)
}

/// Counts a timer, in its chat and in its app.
async fn count(txn: &Txn, place: &TimerPlace, by: i64) -> Result<Result<(), Full>, StoreError> {
    let in_chat = keys::timers_count(&place.app, place.chat);
    if txn.add(&in_chat, by, IN_CHAT).await? == Fit::Outside {
        return Ok(Err(Full::Chat));
    }
    let of_app = keys::all_timers_count(&place.app);
    if txn.add(&of_app, by, OF_APP).await? == Fit::Outside {
        let back = txn.add(&in_chat, by.saturating_neg(), IN_CHAT);
        back.await.map(drop)?;
        return Ok(Err(Full::App));
    }
    Ok(Ok(()))
}

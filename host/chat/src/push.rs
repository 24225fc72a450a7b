//! Push: an app speaks later to somebody who let it, a number of times, for a while.
//!
//! What an app is given is a [`Push`]'s id. It says nothing by itself: only the app it was given
//! to finds anything under it, and only while the person is in that chat.

use souk_core::limits::{CHATS_MAX, PUSH_CREDITS, PUSH_MS};
use souk_core::{AppId, ChatId, PushId, UserId};
use souk_store::{Key, Page, Txn};

pub use crate::record::Push;
use crate::{Refusal, keys, member};

/// Lets an app speak later to a member of a chat. It takes the place of what the app had from them
/// there: letting it twice does not let it speak twice as often.
///
/// # Errors
/// [`Refusal::NotFound`] when the person is not in the chat.
pub async fn allow(txn: &Txn, app: &AppId, chat: ChatId, user: UserId) -> Result<Push, Refusal> {
    member::check(txn, chat, user).await?;
    let index = keys::pushes_of(user, app).with(chat);
    if let Some(before) = txn.get::<PushId>(&index).await? {
        txn.delete(&keys::push(app, before))?;
    }
    let push = Push {
        id: txn.fresh(),
        chat,
        user,
        until: txn.now().after_millis(PUSH_MS),
        credits: PUSH_CREDITS,
    };
    txn.put(&index, &push.id)?;
    txn.put(&keys::push(app, push.id), &push)?;
    Ok(push)
}

/// Returns what an app was given, while it is good.
///
/// # Errors
/// [`Refusal::NotFound`] when the app was given nothing of this name, or it is over, was taken
/// back, or the person has left the chat.
pub async fn find(txn: &Txn, app: &AppId, id: PushId) -> Result<Push, Refusal> {
    let push: Option<Push> = txn.get(&keys::push(app, id)).await?;
    let push = push.filter(|push| txn.now() < push.until);
    let push = push.ok_or(Refusal::NotFound)?;
    member::check(txn, push.chat, push.user).await?;
    Ok(push)
}

/// Spends a credit. Returns whether there was one.
///
/// # Errors
/// As [`find`].
pub async fn spend(txn: &Txn, app: &AppId, id: PushId) -> Result<bool, Refusal> {
    let push = find(txn, app, id).await?;
    let Some(credits) = push.credits.checked_sub(1) else {
        return Ok(false);
    };
    txn.put(&keys::push(app, id), &Push { credits, ..push })?;
    Ok(true)
}

/// Takes back everything a person gave an app.
///
/// # Errors
/// The store's.
pub async fn take_back(txn: &Txn, user: UserId, app: &AppId) -> Result<(), Refusal> {
    let prefix = keys::pushes_of(user, app);
    let found: Vec<(Key, PushId)> = txn.scan(&prefix, Page::first(CHATS_MAX)).await?;
    for (key, id) in found {
        txn.delete(&key)?;
        txn.delete(&keys::push(app, id))?;
    }
    Ok(())
}

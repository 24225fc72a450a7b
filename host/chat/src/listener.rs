//! Listening: an app is told what people say in a group, where an admin of it lets it.

use souk_core::limits::{CHATS_MAX, LISTENERS_MAX};
use souk_core::{AppId, ChatId, UserId};
use souk_store::{Key, Page, StoreError, Txn};

pub use crate::record::Listener;
use crate::{Chat, Refusal, admin, chat, keys};

/// Lets an app listen, on the word of an admin. Returns whether it did not already.
///
/// # Errors
/// [`Refusal::NotFound`] when `by` is not a member, [`Refusal::Direct`], [`Refusal::NotAdmin`],
/// [`Refusal::ListenersMax`].
pub async fn allow(txn: &Txn, by: UserId, chat: ChatId, app: &AppId) -> Result<bool, Refusal> {
    admin::check(txn, chat, by).await?;
    let listening = list(txn, chat).await?;
    if listening.iter().any(|listener| listener.app == *app) {
        return Ok(false);
    }
    if listening.len() >= LISTENERS_MAX {
        return Err(Refusal::ListenersMax);
    }
    let listener = Listener {
        app: app.clone(),
        by,
        since: txn.now(),
    };
    txn.put(&keys::listener(chat, app), &listener)?;
    txn.put(&keys::listens_for(by, app).with(chat), &())?;
    Ok(true)
}

/// Has an app listen no more, on the word of an admin. Returns whether it did until now.
///
/// # Errors
/// [`Refusal::NotFound`] when `by` is not a member, [`Refusal::Direct`], [`Refusal::NotAdmin`].
pub async fn forbid(txn: &Txn, by: UserId, chat: ChatId, app: &AppId) -> Result<bool, Refusal> {
    admin::check(txn, chat, by).await?;
    Ok(end(txn, chat, app).await?)
}

/// Returns the groups of a person in which an app listens.
///
/// # Errors
/// The store's.
pub async fn around(txn: &Txn, user: UserId, app: &AppId) -> Result<Vec<ChatId>, Refusal> {
    let mut groups = Vec::new();
    for Chat { id, .. } in chat::of_user(txn, user).await? {
        let listener: Option<Listener> = txn.get(&keys::listener(id, app)).await?;
        groups.extend(listener.map(|_| id));
    }
    Ok(groups)
}

/// Returns the apps that listen in a chat, by their ids.
///
/// # Errors
/// The store's.
pub async fn list(txn: &Txn, chat: ChatId) -> Result<Vec<Listener>, Refusal> {
    let page = Page::first(LISTENERS_MAX);
    let found: Vec<(Key, Listener)> = txn.scan(&keys::listeners(chat), page).await?;
    Ok(found.into_iter().map(|(_, listener)| listener).collect())
}

/// Has an app listen nowhere any more where this person let it.
///
/// # Errors
/// The store's.
pub async fn withdraw(txn: &Txn, user: UserId, app: &AppId) -> Result<(), Refusal> {
    let prefix = keys::listens_for(user, app);
    let found: Vec<(Key, ())> = txn.scan(&prefix, Page::first(CHATS_MAX)).await?;
    for (key, ()) in found {
        let chat = key.id_after(&prefix).ok_or(StoreError::Form)?;
        end(txn, chat, app).await?;
    }
    Ok(())
}

async fn end(txn: &Txn, chat: ChatId, app: &AppId) -> Result<bool, StoreError> {
    let key = keys::listener(chat, app);
    let Some(listener) = txn.get::<Listener>(&key).await? else {
        return Ok(false);
    };
    txn.delete(&key)?;
    txn.delete(&keys::listens_for(listener.by, app).with(chat))?;
    Ok(true)
}

//! Chats: a conversation of two people, or of a group.

use std::collections::BTreeSet;

use souk_core::limits::CHATS_MAX;
use souk_core::{ChatId, UserId, text};
use souk_store::{Key, Owner, Page, StoreError, Txn};

pub use crate::record::{Change, Chat, Kind};
use crate::{Refusal, admin, keys, member};

/// Returns the log of a chat's [`Change`]s; it grows by the commit that makes a change true.
pub fn log(chat: ChatId) -> Key {
    keys::log(chat)
}

/// Returns the log of what only one member of a chat hears of.
pub fn asides(chat: ChatId, user: UserId) -> Key {
    keys::asides(chat, user)
}

/// Returns the direct chat of two people, opening it the first time.
///
/// # Errors
/// [`Refusal::SamePerson`], [`Refusal::ChatsMax`].
pub async fn open_direct(txn: &Txn, one: UserId, other: UserId) -> Result<ChatId, Refusal> {
    if one == other {
        return Err(Refusal::SamePerson);
    }
    let pair = keys::direct(one, other);
    if let Some(chat) = txn.get(&pair).await? {
        return Ok(chat);
    }

    let id = txn.fresh();
    txn.put(&pair, &id)?;
    txn.put(
        &keys::chat(id),
        &Chat {
            id,
            kind: Kind::Direct,
            title: None,
            created: txn.now(),
        },
    )?;
    member::join(txn, id, one).await?;
    member::join(txn, id, other).await?;
    Ok(id)
}

/// Opens a group of `by`, who is its first admin, and the others.
///
/// # Errors
/// [`Refusal::TitleMalformed`], [`Refusal::MembersMax`], [`Refusal::ChatsMax`].
pub async fn open_group(
    txn: &Txn,
    by: UserId,
    title: &str,
    others: &[UserId],
) -> Result<ChatId, Refusal> {
    if !text::is_name(title) {
        return Err(Refusal::TitleMalformed);
    }

    let id = txn.fresh();
    let title = txn
        .seal(&Owner::PersonInChat(by, id), title.as_bytes())
        .await?;
    let chat = Chat {
        id,
        kind: Kind::Group,
        title: Some(title),
        created: txn.now(),
    };
    txn.put(&keys::chat(id), &chat)?;
    admin::make(txn, id, by)?;
    member::join(txn, id, by).await?;
    let others: BTreeSet<UserId> = others
        .iter()
        .copied()
        .filter(|other| *other != by)
        .collect();
    for other in others {
        member::join(txn, id, other).await?;
    }
    Ok(id)
}

/// Returns a chat, for those who know that the caller may see it; see [`member::check`].
///
/// # Errors
/// The store's.
pub async fn get(txn: &Txn, chat: ChatId) -> Result<Option<Chat>, Refusal> {
    Ok(txn.get(&keys::chat(chat)).await?)
}

/// Returns what a chat is called; `None` for a direct chat, and when who opened it was erased.
pub fn title(txn: &Txn, chat: &Chat) -> Option<String> {
    let title = chat.title.as_ref().and_then(|title| txn.open(title))?;
    String::from_utf8(title).ok()
}

/// Returns the chats a person is in, newest first.
///
/// # Errors
/// The store's.
pub async fn of_user(txn: &Txn, user: UserId) -> Result<Vec<Chat>, Refusal> {
    let ids = ids_of_user(txn, user).await?;
    let mut chats = Vec::with_capacity(ids.len());
    for id in ids {
        chats.push(get(txn, id).await?.ok_or(StoreError::Form)?);
    }
    Ok(chats)
}

/// Returns which chats a person is in, newest first.
///
/// # Errors
/// The store's.
pub async fn ids_of_user(txn: &Txn, user: UserId) -> Result<Vec<ChatId>, Refusal> {
    let prefix = keys::chats_of(user);
    let listed: Vec<(Key, ())> = txn.scan(&prefix, Page::last(CHATS_MAX)).await?;
    let id = |(key, ()): &(Key, ())| key.id_after(&prefix).ok_or(StoreError::Form);
    Ok(listed.iter().map(id).collect::<Result<_, _>>()?)
}

/// Returns every chat a person is or was in: what they wrote in it is sealed with a key of its own.
///
/// # Errors
/// The store's.
pub async fn ever_of_user(txn: &Txn, user: UserId) -> Result<Vec<ChatId>, Refusal> {
    let mut chats = Vec::new();
    for prefix in [keys::chats_of(user), keys::left_by(user)] {
        let mut after = None;
        while let Some(last) = list(txn, &prefix, after.take(), &mut chats).await? {
            after = Some(last);
        }
    }
    Ok(chats)
}

/// Adds a page of a list of chats. Returns the last of a full one: there may be more.
async fn list(
    txn: &Txn,
    prefix: &Key,
    after: Option<Key>,
    chats: &mut Vec<ChatId>,
) -> Result<Option<Key>, StoreError> {
    let page = Page {
        after,
        limit: CHATS_MAX,
        reverse: false,
    };
    let listed: Vec<(Key, ())> = txn.scan(prefix, page).await?;
    for (key, ()) in &listed {
        chats.push(key.id_after(prefix).ok_or(StoreError::Form)?);
    }
    let full = listed.len() == CHATS_MAX;
    Ok(listed
        .into_iter()
        .last()
        .filter(|_| full)
        .map(|(key, ())| key))
}

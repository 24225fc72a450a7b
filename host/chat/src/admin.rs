//! Admins: the members of a group who decide what apps may do in it.
//!
//! A group has at least one as long as anybody is in it. A direct chat has none.

use souk_core::limits::CHAT_MEMBERS_MAX;
use souk_core::{ChatId, UserId};
use souk_store::{Key, Page, StoreError, Txn};

use crate::{Refusal, keys, member};

/// Returns a chat's admins.
///
/// # Errors
/// The store's.
pub async fn list(txn: &Txn, chat: ChatId) -> Result<Vec<UserId>, Refusal> {
    let prefix = keys::admins(chat);
    let found: Vec<(Key, ())> = txn.scan(&prefix, Page::first(CHAT_MEMBERS_MAX)).await?;
    let user = |(key, ()): &(Key, ())| key.id_after(&prefix).ok_or(StoreError::Form);
    Ok(found.iter().map(user).collect::<Result<_, _>>()?)
}

/// Goes on only for an admin of a group.
///
/// # Errors
/// [`Refusal::NotFound`] when `by` is not a member, [`Refusal::Direct`], [`Refusal::NotAdmin`].
pub async fn check(txn: &Txn, chat: ChatId, by: UserId) -> Result<(), Refusal> {
    member::check(txn, chat, by).await?;
    member::must_be_group(txn, chat).await?;
    if is(txn, chat, by).await? {
        Ok(())
    } else {
        Err(Refusal::NotAdmin)
    }
}

/// Makes a member an admin, on an admin's word. Returns whether they were none.
///
/// # Errors
/// Those of [`check`], [`Refusal::NotMember`].
pub async fn appoint(txn: &Txn, by: UserId, chat: ChatId, user: UserId) -> Result<bool, Refusal> {
    check(txn, chat, by).await?;
    if !member::is(txn, chat, user).await? {
        return Err(Refusal::NotMember);
    }
    if is(txn, chat, user).await? {
        return Ok(false);
    }
    make(txn, chat, user)?;
    Ok(true)
}

/// Has an admin be one no more, on an admin's word, their own too. Returns whether they were one.
///
/// # Errors
/// Those of [`check`], [`Refusal::LastAdmin`].
pub async fn dismiss(txn: &Txn, by: UserId, chat: ChatId, user: UserId) -> Result<bool, Refusal> {
    check(txn, chat, by).await?;
    let admins = list(txn, chat).await?;
    if !admins.contains(&user) {
        return Ok(false);
    }
    if admins.len() == 1 {
        return Err(Refusal::LastAdmin);
    }
    txn.delete(&keys::admin(chat, user))?;
    Ok(true)
}

/// Makes somebody an admin.
pub(crate) fn make(txn: &Txn, chat: ChatId, user: UserId) -> Result<(), StoreError> {
    txn.put(&keys::admin(chat, user), &())
}

/// Notes that a member has left. The last admin's place goes to the first of the members there are:
/// to who has been on this host for the longest time.
pub(crate) async fn left(txn: &Txn, chat: ChatId, user: UserId) -> Result<(), Refusal> {
    if !is(txn, chat, user).await? {
        return Ok(());
    }
    txn.delete(&keys::admin(chat, user))?;
    if !list(txn, chat).await?.is_empty() {
        return Ok(());
    }
    match member::list(txn, chat).await?.first() {
        Some(next) => Ok(make(txn, chat, *next)?),
        None => Ok(()),
    }
}

async fn is(txn: &Txn, chat: ChatId, user: UserId) -> Result<bool, Refusal> {
    Ok(txn.get::<()>(&keys::admin(chat, user)).await?.is_some())
}

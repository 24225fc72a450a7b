//! Members: who is in a chat, and may know that there is one.

use souk_core::limits::{CHAT_MEMBERS_MAX, CHATS_MAX};
use souk_core::{ChatId, UserId};
use souk_store::{Bounds, Fit, Key, Page, StoreError, Txn};

use crate::chat::{self, Change, Kind};
use crate::{Refusal, admin, keys};

/// Tells whether somebody is in a chat; nobody is in one that does not exist.
///
/// # Errors
/// The store's.
pub async fn is(txn: &Txn, chat: ChatId, user: UserId) -> Result<bool, Refusal> {
    Ok(txn.get::<()>(&keys::member(chat, user)).await?.is_some())
}

/// Goes on only for a member.
///
/// # Errors
/// [`Refusal::NotFound`] when there is no such chat or the person is not in it.
pub async fn check(txn: &Txn, chat: ChatId, user: UserId) -> Result<(), Refusal> {
    if is(txn, chat, user).await? {
        Ok(())
    } else {
        Err(Refusal::NotFound)
    }
}

/// Returns a chat's members; none when it does not exist.
///
/// # Errors
/// The store's.
pub async fn list(txn: &Txn, chat: ChatId) -> Result<Vec<UserId>, Refusal> {
    let prefix = keys::members(chat);
    let found: Vec<(Key, ())> = txn.scan(&prefix, Page::first(CHAT_MEMBERS_MAX)).await?;
    let user = |(key, ()): &(Key, ())| key.id_after(&prefix).ok_or(StoreError::Form);
    Ok(found.iter().map(user).collect::<Result<_, _>>()?)
}

/// Adds somebody to a group on a member's word. Adding a member changes nothing.
///
/// # Errors
/// [`Refusal::NotFound`] when `by` is not a member, [`Refusal::Direct`], [`Refusal::MembersMax`],
/// [`Refusal::ChatsMax`].
pub async fn add(txn: &Txn, by: UserId, chat: ChatId, user: UserId) -> Result<(), Refusal> {
    check(txn, chat, by).await?;
    must_be_group(txn, chat).await?;
    if is(txn, chat, user).await? {
        return Ok(());
    }
    join(txn, chat, user).await
}

/// Leaves a group. What the person said stays. Where they were the last [`admin`], another is.
///
/// # Errors
/// [`Refusal::NotFound`] when they are not a member, [`Refusal::Direct`].
pub async fn leave(txn: &Txn, chat: ChatId, user: UserId) -> Result<(), Refusal> {
    check(txn, chat, user).await?;
    must_be_group(txn, chat).await?;

    count(txn, chat, user, -1).await?;
    txn.delete(&keys::member(chat, user))?;
    txn.delete(&keys::chat_of(user, chat))?;
    txn.put(&keys::left(user, chat), &())?;
    txn.append(&chat::log(chat), &Change::Left(user))?;
    admin::left(txn, chat, user).await
}

/// Leaves every group a person is in.
///
/// # Errors
/// The store's.
pub async fn leave_groups(txn: &Txn, user: UserId) -> Result<(), Refusal> {
    for chat in chat::of_user(txn, user).await? {
        match chat.kind {
            Kind::Group => leave(txn, chat.id, user).await?,
            Kind::Direct => {}
        }
    }
    Ok(())
}

/// Puts somebody into a chat that they are not in.
pub(crate) async fn join(txn: &Txn, chat: ChatId, user: UserId) -> Result<(), Refusal> {
    count(txn, chat, user, 1).await?;
    txn.put(&keys::member(chat, user), &())?;
    txn.put(&keys::chat_of(user, chat), &())?;
    txn.append(&chat::log(chat), &Change::Joined(user))?;
    Ok(())
}

/// Goes on only for a group.
pub(crate) async fn must_be_group(txn: &Txn, chat: ChatId) -> Result<(), Refusal> {
    match chat::get(txn, chat).await?.ok_or(Refusal::NotFound)?.kind {
        Kind::Group => Ok(()),
        Kind::Direct => Err(Refusal::Direct),
    }
}

/// Counts a member in or out. The counts are added to, never read: many join at once.
async fn count(txn: &Txn, chat: ChatId, user: UserId, delta: i64) -> Result<(), Refusal> {
    let upto = |most: usize| Bounds {
        floor: 0,
        ceiling: i64::try_from(most).unwrap_or(i64::MAX),
    };
    match txn
        .add(&keys::members_count(chat), delta, upto(CHAT_MEMBERS_MAX))
        .await?
    {
        Fit::Fits => {}
        Fit::Outside => return Err(Refusal::MembersMax),
    }
    match txn
        .add(&keys::chats_count(user), delta, upto(CHATS_MAX))
        .await?
    {
        Fit::Fits => Ok(()),
        Fit::Outside => Err(Refusal::ChatsMax),
    }
}

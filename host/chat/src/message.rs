//! Messages: posting, changing and taking back what was said, to all in a chat or to one of them.
//!
//! Posting appends to the chat's log and puts the message under a new id. It reads nothing that
//! another post writes, so posts never conflict. Who the author is and may be is the caller's to
//! say; a person must be a member.

use souk_core::limits::MESSAGE_BYTES_MAX;
use souk_core::{ChatId, MessageId, Timestamp, UserId};
use souk_store::{Owner, Sealed, StoreError, Txn};

use crate::chat::{self, Change};
use crate::record::{Aside, Plain, Shown, Stored};
pub use crate::record::{Author, Content};
use crate::revision::{self, Seen};
use crate::{Card, Refusal, keys, member, view};

/// A message as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Names it.
    pub id: MessageId,
    /// Who said it.
    pub author: Author,
    /// When it was posted.
    pub at: Timestamp,
    /// Counts its contents, from 1. A press that names another is on an old button.
    pub revision: u64,
    /// The one person it is for; `None`: everybody in the chat.
    pub to: Option<UserId>,
    /// Counts the views of it that the viewer was shown, from 1; 0: this is what everybody sees.
    pub view: u64,
    /// What it says; `None` when it was taken back or its owner's key was erased.
    pub body: Option<Content>,
    /// Whether it was taken back.
    pub deleted: bool,
}

impl Message {
    /// Whether its app shows each viewer a view of their own.
    pub fn is_per_viewer(&self) -> bool {
        self.body.as_ref().is_some_and(|body| body.per_viewer)
    }
}

/// Posts a message, sealed with `owner`'s key.
///
/// # Errors
/// [`Refusal::NotFound`] when there is no such chat or a person is not in it, [`Refusal::Empty`],
/// [`Refusal::TextLong`], [`Refusal::Card`], [`Refusal::UnknownReply`].
pub async fn post(
    txn: &Txn,
    chat: ChatId,
    author: &Author,
    content: &Content,
    owner: &Owner,
) -> Result<MessageId, Refusal> {
    put(txn, chat, author, None, content, owner).await
}

/// Posts a message that only one member sees, sealed with their key.
///
/// # Errors
/// As [`post`], and [`Refusal::NotFound`] when the person is not in the chat.
pub async fn whisper(
    txn: &Txn,
    chat: ChatId,
    author: &Author,
    to: UserId,
    content: &Content,
) -> Result<MessageId, Refusal> {
    member::check(txn, chat, to).await?;
    let owner = Owner::PersonInChat(to, chat);
    put(txn, chat, author, Some(to), content, &owner).await
}

async fn put(
    txn: &Txn,
    chat: ChatId,
    author: &Author,
    to: Option<UserId>,
    content: &Content,
    owner: &Owner,
) -> Result<MessageId, Refusal> {
    may_speak(txn, chat, author).await?;
    let content = checked(txn, chat, author, content).await?;

    let id = txn.fresh();
    let body = Some(seal(txn, content, owner).await?);
    let stored = Stored {
        author: author.clone(),
        at: txn.now(),
        revision: 1,
        to,
        body,
    };
    txn.put(&keys::message(chat, id), &stored)?;
    tell(txn, chat, to, Change::Posted(id)).await?;
    Ok(id)
}

/// Replaces what one of the author's own messages says. Returns its new revision; what it said
/// before is kept for those who still see it.
///
/// # Errors
/// As [`post`], and [`Refusal::NotFound`] when there is no such message, it is another author's or
/// it was taken back.
pub async fn edit(
    txn: &Txn,
    chat: ChatId,
    author: &Author,
    id: MessageId,
    content: &Content,
    owner: &Owner,
) -> Result<u64, Refusal> {
    let mut stored = own(txn, chat, author, id).await?;
    let before = stored.body.take().ok_or(Refusal::NotFound)?;
    let content = checked(txn, chat, author, content).await?;

    let seen = Seen {
        revision: stored.revision,
        view: 0,
    };
    revision::keep(txn, (chat, id), None, seen, before).await?;
    let to = stored.to;
    let owner = to.map_or_else(|| owner.clone(), |to| Owner::PersonInChat(to, chat));
    let revision = stored.revision.saturating_add(1);
    let body = Some(seal(txn, content, &owner).await?);
    txn.put(
        &keys::message(chat, id),
        &Stored {
            revision,
            body,
            ..stored
        },
    )?;
    tell(txn, chat, to, Change::Edited(id, revision)).await?;
    Ok(revision)
}

/// Takes one of the author's own messages back: its contents are gone, those of before and of every
/// viewer too; its place stays. Taking it back twice is no error.
///
/// # Errors
/// [`Refusal::NotFound`] when there is no such message or it is another author's.
pub async fn delete(
    txn: &Txn,
    chat: ChatId,
    author: &Author,
    id: MessageId,
) -> Result<(), Refusal> {
    let stored = own(txn, chat, author, id).await?;
    if stored.body.is_none() {
        return Ok(());
    }

    let to = stored.to;
    txn.put(
        &keys::message(chat, id),
        &Stored {
            body: None,
            ..stored
        },
    )?;
    revision::forget(txn, chat, id).await?;
    revision::delete_all::<Shown>(txn, &keys::views(chat, id)).await?;
    Ok(tell(txn, chat, to, Change::Deleted(id)).await?)
}

/// Returns a message of a chat as it is now, whoever it is for; see [`view::get`] for what somebody
/// sees.
///
/// # Errors
/// The store's.
pub async fn get(txn: &Txn, chat: ChatId, id: MessageId) -> Result<Option<Message>, Refusal> {
    let stored = txn.get(&keys::message(chat, id)).await?;
    stored.map(|stored| open(txn, id, stored)).transpose()
}

/// Has everybody in a chat hear of a change, or one of them alone.
pub(crate) async fn tell(
    txn: &Txn,
    chat: ChatId,
    to: Option<UserId>,
    change: Change,
) -> Result<(), StoreError> {
    let log = chat::log(chat);
    let Some(to) = to else {
        return txn.append(&log, &change);
    };
    let after = txn.peek_count(&log).await?;
    txn.append(&keys::asides(chat, to), &Aside { after, change })
}

async fn may_speak(txn: &Txn, chat: ChatId, author: &Author) -> Result<(), Refusal> {
    match author {
        Author::Person(user) => member::check(txn, chat, *user).await,
        Author::App(_) | Author::Host => chat::get(txn, chat)
            .await?
            .map(drop)
            .ok_or(Refusal::NotFound),
    }
}

/// Returns the content as it will be stored: its card is what was checked, not what was sent.
pub(crate) async fn checked(
    txn: &Txn,
    chat: ChatId,
    author: &Author,
    content: &Content,
) -> Result<Content, Refusal> {
    if content.text.trim().is_empty() && content.card.is_none() {
        return Err(Refusal::Empty);
    }
    if content.text.len() > MESSAGE_BYTES_MAX {
        return Err(Refusal::TextLong);
    }
    let card = content.card.as_deref().map(Card::parse).transpose()?;
    if let Some(reply) = content.reply_to {
        let target: Option<Stored> = txn.get(&keys::message(chat, reply)).await?;
        let target = target.filter(|target| is_seen_by(target, author));
        target.ok_or(Refusal::UnknownReply)?;
    }
    let card = card.map(|card| card.to_string());
    Ok(Content {
        text: content.text.clone(),
        card,
        reply_to: content.reply_to,
        per_viewer: content.per_viewer,
    })
}

/// Whether an author can know of a message: it is for everybody, for them or by them.
fn is_seen_by(stored: &Stored, author: &Author) -> bool {
    match author {
        Author::Person(user) => view::is_for(stored, *user),
        Author::App(_) | Author::Host => stored.to.is_none() || stored.author == *author,
    }
}

/// Returns a message that the author may change.
pub(crate) async fn own(
    txn: &Txn,
    chat: ChatId,
    author: &Author,
    id: MessageId,
) -> Result<Stored, Refusal> {
    may_speak(txn, chat, author).await?;
    let stored: Option<Stored> = txn.get(&keys::message(chat, id)).await?;
    stored
        .filter(|stored| stored.author == *author)
        .ok_or(Refusal::NotFound)
}

pub(crate) async fn seal(txn: &Txn, content: Content, owner: &Owner) -> Result<Sealed, StoreError> {
    let plain = postcard::to_stdvec(&Plain::Second(content)).map_err(|_| StoreError::Form)?;
    txn.seal(owner, &plain).await
}

/// What was sealed; `None` when its owner's key was erased.
pub(crate) fn unseal(txn: &Txn, body: Option<Sealed>) -> Result<Option<Content>, Refusal> {
    let Some(plain) = body.and_then(|body| txn.open(&body)) else {
        return Ok(None);
    };
    match postcard::from_bytes(&plain).map_err(|_| StoreError::Form)? {
        Plain::First(content) => Ok(Some(content.into())),
        Plain::Second(content) => Ok(Some(content)),
    }
}

pub(crate) fn open(txn: &Txn, id: MessageId, stored: Stored) -> Result<Message, Refusal> {
    let Stored {
        author,
        at,
        revision,
        to,
        body,
    } = stored;
    let deleted = body.is_none();
    let body = unseal(txn, body)?;
    Ok(Message {
        id,
        author,
        at,
        revision,
        to,
        view: 0,
        body,
        deleted,
    })
}

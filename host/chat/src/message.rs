//! Messages: posting, changing and taking back what was said, and reading it.
//!
//! Posting appends to the chat's log and puts the message under a new id. It reads nothing that
//! another post writes, so posts never conflict. Who the author is and may be is the caller's to
//! say; a person must be a member.

use souk_core::limits::{MESSAGE_BYTES_MAX, PAGE_ENTRIES_DEFAULT, PAGE_ENTRIES_MAX};
use souk_core::{ChatId, MessageId, Timestamp};
use souk_store::{Owner, Page, Sealed, StoreError, Txn};

use crate::chat::{self, Change};
pub use crate::record::{Author, Content};
use crate::record::{Plain, Stored};
use crate::{Card, Refusal, keys, member};

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
    /// What it says; `None` when it was taken back or its owner's key was erased.
    pub body: Option<Content>,
    /// Whether it was taken back.
    pub deleted: bool,
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
    may_speak(txn, chat, author).await?;
    let content = checked(txn, chat, content).await?;

    let id = txn.fresh();
    let body = Some(seal(txn, content, owner).await?);
    let stored = Stored {
        author: author.clone(),
        at: txn.now(),
        revision: 1,
        body,
    };
    txn.put(&keys::message(chat, id), &stored)?;
    txn.append(&chat::log(chat), &Change::Posted(id))?;
    Ok(id)
}

/// Replaces what one of the author's own messages says. Returns its new revision.
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
    let stored = own(txn, chat, author, id).await?;
    if stored.body.is_none() {
        return Err(Refusal::NotFound);
    }
    let content = checked(txn, chat, content).await?;

    let revision = stored.revision.saturating_add(1);
    let body = Some(seal(txn, content, owner).await?);
    txn.put(
        &keys::message(chat, id),
        &Stored {
            revision,
            body,
            ..stored
        },
    )?;
    txn.append(&chat::log(chat), &Change::Edited(id, revision))?;
    Ok(revision)
}

/// Takes one of the author's own messages back: its contents are gone, its place stays. Taking it
/// back twice is no error.
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

    txn.put(
        &keys::message(chat, id),
        &Stored {
            body: None,
            ..stored
        },
    )?;
    txn.append(&chat::log(chat), &Change::Deleted(id))?;
    Ok(())
}

/// Returns a message of a chat as it is now.
///
/// # Errors
/// The store's.
pub async fn get(txn: &Txn, chat: ChatId, id: MessageId) -> Result<Option<Message>, Refusal> {
    let stored = txn.get(&keys::message(chat, id)).await?;
    stored.map(|stored| open(txn, id, stored)).transpose()
}

/// Returns a page of a chat's messages, each once, as it is now, with its place in the log. Fewer
/// than the page's limit (at most [`PAGE_ENTRIES_MAX`]) means that there are no more; `after` is
/// the place of the last one seen.
///
/// # Errors
/// The store's.
pub async fn history(
    txn: &Txn,
    chat: ChatId,
    page: Page<u64>,
) -> Result<Vec<(u64, Message)>, Refusal> {
    let limit = page.limit.min(PAGE_ENTRIES_MAX);
    let stretch = limit.max(PAGE_ENTRIES_DEFAULT);
    let (mut after, mut shown) = (page.after, Vec::new());
    while shown.len() < limit {
        let part = Page {
            after,
            limit: stretch,
            reverse: page.reverse,
        };
        let changes: Vec<(u64, Change)> = txn.entries(&chat::log(chat), part).await?;
        for (place, change) in &changes {
            if let Change::Posted(id) = change
                && shown.len() < limit
            {
                shown.push((*place, peek(txn, chat, *id).await?));
            }
        }
        after = changes.last().map(|(place, _)| *place);
        if changes.len() < stretch {
            break;
        }
    }
    Ok(shown)
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
async fn checked(txn: &Txn, chat: ChatId, content: &Content) -> Result<Content, Refusal> {
    if content.text.trim().is_empty() && content.card.is_none() {
        return Err(Refusal::Empty);
    }
    if content.text.len() > MESSAGE_BYTES_MAX {
        return Err(Refusal::TextLong);
    }
    let card = content.card.as_deref().map(Card::parse).transpose()?;
    if let Some(reply) = content.reply_to {
        let target: Option<Stored> = txn.get(&keys::message(chat, reply)).await?;
        target.ok_or(Refusal::UnknownReply)?;
    }
    let card = card.map(|card| card.to_string());
    Ok(Content {
        text: content.text.clone(),
        card,
        reply_to: content.reply_to,
    })
}

/// Returns a message that the author may change.
async fn own(txn: &Txn, chat: ChatId, author: &Author, id: MessageId) -> Result<Stored, Refusal> {
    may_speak(txn, chat, author).await?;
    let stored: Option<Stored> = txn.get(&keys::message(chat, id)).await?;
    stored
        .filter(|stored| stored.author == *author)
        .ok_or(Refusal::NotFound)
}

async fn peek(txn: &Txn, chat: ChatId, id: MessageId) -> Result<Message, Refusal> {
    let stored = txn.peek(&keys::message(chat, id)).await?;
    open(txn, id, stored.ok_or(StoreError::Form)?)
}

async fn seal(txn: &Txn, content: Content, owner: &Owner) -> Result<Sealed, StoreError> {
    let plain = postcard::to_stdvec(&Plain::First(content)).map_err(|_| StoreError::Form)?;
    txn.seal(owner, &plain).await
}

fn open(txn: &Txn, id: MessageId, stored: Stored) -> Result<Message, Refusal> {
    let Stored {
        author,
        at,
        revision,
        body,
    } = stored;
    let deleted = body.is_none();
    let plain = body.and_then(|body| txn.open(&body));
    let body = plain.map(|plain| postcard::from_bytes(&plain)).transpose();
    let body = body
        .map_err(|_| StoreError::Form)?
        .map(|Plain::First(content)| content);
    Ok(Message {
        id,
        author,
        at,
        revision,
        body,
        deleted,
    })
}

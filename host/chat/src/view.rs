//! Views: a message that looks different to each viewer, and what somebody may press of it.
//!
//! What everybody sees of it has revisions; a viewer's own views of it are numbered apart, and each
//! belongs to one revision. A new revision is what everybody sees until its app has shown them
//! their own again.

use souk_core::limits::REVISION_KEPT_MS;
use souk_core::{ChatId, MessageId, UserId};
use souk_store::{Owner, Txn};

use crate::chat::Change;
use crate::message::{self, Author, Content, Message};
use crate::record::{Shown, Stored};
pub use crate::revision::Seen;
use crate::{Refusal, keys, member, revision};

/// Shows a member a view of their own of one of the author's messages.
///
/// # Errors
/// [`Refusal::NotFound`] when there is no such message, it is another author's, it is not one that
/// looks different to each viewer, or `viewer` is not in the chat; and as [`message::post`].
pub async fn show(
    txn: &Txn,
    chat: ChatId,
    author: &Author,
    id: MessageId,
    viewer: UserId,
    content: &Content,
) -> Result<(), Refusal> {
    let stored = message::own(txn, chat, author, id).await?;
    let open = message::unseal(txn, stored.body.clone())?;
    if !open.is_some_and(|content| content.per_viewer) {
        return Err(Refusal::NotFound);
    }
    member::check(txn, chat, viewer).await?;
    let content = message::checked(txn, chat, author, content).await?;

    let key = keys::view(chat, id, viewer);
    let before: Option<Shown> = txn.get(&key).await?;
    let since = match &before {
        Some(shown) if shown.revision == stored.revision => shown.since,
        Some(_) | None => txn.now(),
    };
    let view = before.as_ref().map_or(0, |shown| shown.view);
    if let Some(Shown { revision, body, .. }) = before {
        let seen = Seen { revision, view };
        revision::keep(txn, (chat, id), Some(viewer), seen, body).await?;
    }
    let body = message::seal(txn, content, &Owner::PersonInChat(viewer, chat)).await?;
    let shown = Shown {
        revision: stored.revision,
        view: view.saturating_add(1),
        since,
        body,
    };
    txn.put(&key, &shown)?;
    Ok(message::tell(txn, chat, Some(viewer), Change::Shown(id)).await?)
}

/// Returns a message as a viewer sees it; `None` when there is none, or it is for somebody else.
///
/// # Errors
/// The store's.
pub async fn get(
    txn: &Txn,
    chat: ChatId,
    id: MessageId,
    viewer: UserId,
) -> Result<Option<Message>, Refusal> {
    let stored = txn.get(&keys::message(chat, id)).await?;
    match stored.filter(|stored| is_for(stored, viewer)) {
        Some(stored) => Ok(Some(seen(txn, chat, id, viewer, stored).await?)),
        None => Ok(None),
    }
}

/// Returns who wrote a message that a viewer sees, and its revision: nothing is opened for that.
///
/// # Errors
/// [`Refusal::NotFound`] when there is no such message, or it is for somebody else.
pub async fn source(
    txn: &Txn,
    chat: ChatId,
    id: MessageId,
    viewer: UserId,
) -> Result<(Author, u64), Refusal> {
    let stored: Option<Stored> = txn.get(&keys::message(chat, id)).await?;
    let stored = stored.filter(|stored| is_for(stored, viewer));
    let stored = stored.ok_or(Refusal::NotFound)?;
    Ok((stored.author, stored.revision))
}

/// Returns what a viewer saw of a message and may press; `None` when it was taken back, or changed
/// longer ago than old buttons are honoured.
///
/// # Errors
/// [`Refusal::NotFound`] when there is no such message, or it is for somebody else.
pub async fn pressable(
    txn: &Txn,
    chat: ChatId,
    id: MessageId,
    viewer: UserId,
    saw: Seen,
) -> Result<Option<Content>, Refusal> {
    let stored: Option<Stored> = txn.get(&keys::message(chat, id)).await?;
    let stored = stored
        .filter(|stored| is_for(stored, viewer))
        .ok_or(Refusal::NotFound)?;
    if stored.body.is_none() {
        return Ok(None);
    }
    let shown: Option<Shown> = txn.get(&keys::view(chat, id, viewer)).await?;
    let place = (chat, id);
    let now = saw.revision == stored.revision;
    let body = match shown {
        // What everybody saw, before a view of their own took its place.
        Some(shown) if saw.view == 0 && now && shown.revision == saw.revision => {
            let good = txn.now() < shown.since.after_millis(REVISION_KEPT_MS);
            stored.body.filter(|_| good)
        }
        Some(shown) if (shown.view, shown.revision) == (saw.view, saw.revision) => {
            let base = Seen { view: 0, ..saw };
            let good = now || revision::find(txn, place, None, base).await?.is_some();
            Some(shown.body).filter(|_| good)
        }
        Some(_) | None if saw.view > 0 => revision::find(txn, place, Some(viewer), saw).await?,
        Some(_) | None if now => stored.body,
        Some(_) | None => revision::find(txn, place, None, saw).await?,
    };
    message::unseal(txn, body)
}

/// Whether a message is for everybody, or for this viewer.
pub(crate) fn is_for(stored: &Stored, viewer: UserId) -> bool {
    stored.to.is_none_or(|to| to == viewer)
}

/// A message with the viewer's own view of this revision, if they have one.
pub(crate) async fn seen(
    txn: &Txn,
    chat: ChatId,
    id: MessageId,
    viewer: UserId,
    stored: Stored,
) -> Result<Message, Refusal> {
    let mut message = message::open(txn, id, stored)?;
    if !message.is_per_viewer() {
        return Ok(message);
    }
    let shown: Option<Shown> = txn.peek(&keys::view(chat, id, viewer)).await?;
    if let Some(shown) = shown.filter(|shown| shown.revision == message.revision) {
        message.view = shown.view;
        message.body = message::unseal(txn, Some(shown.body))?;
    }
    Ok(message)
}

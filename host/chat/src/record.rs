//! What is stored of chats.

use serde::{Deserialize, Serialize};
use souk_core::{AppId, ChatId, MessageId, Timestamp, UserId};
use souk_store::{Record, Sealed};

/// What sort of chat it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Of two people, once for each two.
    Direct,
    /// Of as many as are added.
    Group,
}

/// A conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chat {
    /// Names it.
    pub id: ChatId,
    /// What sort it is.
    pub kind: Kind,
    /// What a group is called, sealed with the key of who opened it; see
    /// [`chat::title`](crate::chat::title).
    pub title: Option<Sealed>,
    /// When it was opened.
    pub created: Timestamp,
}

impl Record for Chat {}

/// Something that happened in a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// Somebody said something.
    Posted(MessageId),
    /// A message says something else now; its new revision.
    Edited(MessageId, u64),
    /// A message was taken back.
    Deleted(MessageId),
    /// Somebody came in.
    Joined(UserId),
    /// Somebody left.
    Left(UserId),
}

impl Record for Change {}

/// Who says something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Author {
    /// A person.
    Person(UserId),
    /// A mini-app.
    App(AppId),
    /// The host itself: notices.
    Host,
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Plain text. Beside a card it is shown wherever the card cannot be.
    pub text: String,
    /// An Adaptive Card as JSON; see [`Card`](crate::Card).
    pub card: Option<String>,
    /// The message of the same chat that it answers.
    pub reply_to: Option<MessageId>,
}

/// A message as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Stored {
    pub(crate) author: Author,
    pub(crate) at: Timestamp,
    pub(crate) revision: u64,
    /// `None` once it was taken back.
    pub(crate) body: Option<Sealed>,
}

impl Record for Stored {}

/// How content is written before it is sealed. Another shape of content is another case.
#[derive(Serialize, Deserialize)]
pub(crate) enum Plain {
    First(Content),
}

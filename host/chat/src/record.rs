//! What is stored of chats.

use serde::{Deserialize, Serialize};
use souk_core::{AppId, ChatId, MessageId, PushId, Timestamp, UserId, none_is_zero};
use souk_store::{Record, Sealed, StoreError, step};

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
    /// Somebody was shown a view of their own of a message.
    Shown(MessageId),
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
    /// Whether its app shows each viewer a view of their own; everyone sees this until then.
    pub per_viewer: bool,
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            card: None,
            reply_to: None,
            per_viewer: false,
        }
    }
}

/// A message as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Stored {
    pub(crate) author: Author,
    pub(crate) at: Timestamp,
    pub(crate) revision: u64,
    /// The one person it is for; `None`: everybody in the chat.
    #[serde(with = "none_is_zero")]
    pub(crate) to: Option<UserId>,
    /// `None` once it was taken back.
    pub(crate) body: Option<Sealed>,
}

impl Record for Stored {
    const FORM: u8 = 2;

    fn read_older(bytes: &[u8]) -> Result<Self, StoreError> {
        step::<StoredFirst, _>(bytes)
    }
}

/// The first form of [`Stored`]: every message was for everybody.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct StoredFirst {
    pub(crate) author: Author,
    pub(crate) at: Timestamp,
    pub(crate) revision: u64,
    pub(crate) body: Option<Sealed>,
}

impl Record for StoredFirst {}

impl From<StoredFirst> for Stored {
    fn from(first: StoredFirst) -> Self {
        let StoredFirst {
            author,
            at,
            revision,
            body,
        } = first;
        Self {
            author,
            at,
            revision,
            to: None,
            body,
        }
    }
}

/// How content is written before it is sealed. Another shape of content is another case.
#[derive(Serialize, Deserialize)]
pub(crate) enum Plain {
    First(ContentFirst),
    Second(Content),
}

/// The first shape of [`Content`]: nobody had a view of their own.
#[derive(Serialize, Deserialize)]
pub(crate) struct ContentFirst {
    pub(crate) text: String,
    pub(crate) card: Option<String>,
    pub(crate) reply_to: Option<MessageId>,
}

impl From<ContentFirst> for Content {
    fn from(first: ContentFirst) -> Self {
        let ContentFirst {
            text,
            card,
            reply_to,
        } = first;
        Self {
            text,
            card,
            reply_to,
            per_viewer: false,
        }
    }
}

/// A viewer's own view of a message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Shown {
    /// The revision of the message that it is a view of.
    pub(crate) revision: u64,
    /// Counts this viewer's views of the message, from 1.
    pub(crate) view: u64,
    /// When this viewer got the first view of that revision.
    pub(crate) since: Timestamp,
    /// What it says.
    pub(crate) body: Sealed,
}

impl Record for Shown {}

/// What a message said before, to everybody or to one viewer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// The message's revision then.
    pub(crate) revision: u64,
    /// Until when its buttons are honoured.
    pub(crate) until: Timestamp,
    /// What it said.
    pub(crate) body: Sealed,
}

impl Record for Kept {}

/// A change that only one member hears of.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Aside {
    /// How many changes the chat's own log had, or a few less: where it belongs between them.
    pub after: u64,
    /// What happened.
    pub change: Change,
}

impl Record for Aside {}

/// An app that is told what people say in a chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listener {
    /// Which app.
    pub app: AppId,
    /// The admin who let it.
    pub by: UserId,
    /// Since when.
    pub since: Timestamp,
}

impl Record for Listener {}

/// The right to speak to somebody later, in the chat where they gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Push {
    /// Names it to its app.
    pub id: PushId,
    /// Where.
    pub chat: ChatId,
    /// Who gave it.
    pub user: UserId,
    /// When it ends.
    pub until: Timestamp,
    /// How many messages are left of it.
    pub credits: u64,
}

impl Record for Push {}

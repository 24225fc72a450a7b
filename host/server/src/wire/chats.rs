//! Chats and messages.

use serde::{Deserialize, Serialize};
use souk_chat::{Author, Kind};
use souk_core::{AppId, ChatId, MessageId, UserId};
use souk_market::{ChatView, ListenerView, MessageView};

use super::events::is_zero;
use super::people::Person;

/// Which chat to open.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum OpenAsk {
    /// The one with another person.
    Direct {
        /// Their handle.
        with: String,
    },
    /// A new group.
    Group {
        /// What it is called.
        title: String,
        /// The handles of the others.
        members: Vec<String>,
    },
}

/// Somebody, by handle.
#[derive(Debug, Serialize, Deserialize)]
pub struct Handle {
    /// The handle.
    pub handle: String,
}

/// What to say.
#[derive(Debug, Serialize, Deserialize)]
pub struct SayAsk {
    /// A text, or a command that starts with `/`.
    pub text: String,
    /// The message it answers.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reply_to: Option<MessageId>,
}

/// A text was posted.
#[derive(Debug, Serialize, Deserialize)]
pub struct Posted {
    /// As this message.
    pub message: MessageId,
}

/// A chat as a member sees it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Chat {
    /// Names it.
    pub id: ChatId,
    /// direct or group.
    pub kind: String,
    /// Its title; of a direct chat, the other person's name.
    pub title: String,
    /// Who is in it.
    pub members: Vec<Person>,
    /// The ids of those who decide what apps may do here; absent of a direct chat.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub admins: Vec<UserId>,
}

impl From<ChatView> for Chat {
    fn from(view: ChatView) -> Self {
        let kind = match view.chat.kind {
            Kind::Direct => "direct",
            Kind::Group => "group",
        };
        let members = view.members.into_iter().map(Into::into).collect();
        Self {
            id: view.chat.id,
            kind: kind.to_owned(),
            title: view.title,
            members,
            admins: view.admins,
        }
    }
}

/// Whether somebody is to be an admin of a group.
#[derive(Debug, Serialize, Deserialize)]
pub struct AdminAsk {
    /// Their handle.
    pub handle: String,
    /// Whether they decide what apps may do there from now on.
    pub is_admin: bool,
}

/// Whether an app is to listen in a chat.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListenAsk {
    /// The app.
    pub app: AppId,
    /// Whether it is told what people say from now on.
    pub listens: bool,
}

/// An app that listens in a chat.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Listener {
    /// The app.
    pub app: AppId,
    /// What it calls itself.
    pub app_name: String,
    /// The name of the admin who let it.
    pub by: String,
    /// Since when, in milliseconds since 1970.
    pub since: u64,
}

impl From<ListenerView> for Listener {
    fn from(view: ListenerView) -> Self {
        Self {
            app: view.listener.app,
            app_name: view.app_name,
            by: view.by_name,
            since: view.listener.since.millis(),
        }
    }
}

/// Who wrote a message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Writer {
    /// person, app or host.
    pub kind: String,
    /// The user id or the app id; absent for the host.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub id: Option<String>,
    /// What to call them.
    pub name: String,
}

/// A message as a member sees it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Message {
    /// Names it.
    pub id: MessageId,
    /// Who wrote it.
    pub from: Writer,
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// Counts up with every edit, from 1. A press names the revision it was made on.
    pub revision: u64,
    /// The text; absent when it was deleted or erased.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub text: Option<String>,
    /// The card, if there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub card: Option<serde_json::Value>,
    /// The message it answers.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reply_to: Option<MessageId>,
    /// Whether only you see it.
    #[serde(skip_serializing_if = "is_false", default)]
    pub whispered: bool,
    /// Whether its app shows each viewer their own view. POST to its `view` asks for yours; until
    /// it comes, this is what everybody sees.
    #[serde(skip_serializing_if = "is_false", default)]
    pub per_viewer: bool,
    /// Which of your own views this is, from 1; absent when it is what everybody sees. A press
    /// names the view it was made on.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub view: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl From<MessageView> for Message {
    fn from(view: MessageView) -> Self {
        let MessageView {
            message,
            author_name,
        } = view;
        let per_viewer = message.is_per_viewer() || message.view > 0;
        let body = message.body;
        Self {
            id: message.id,
            whispered: message.to.is_some(),
            per_viewer,
            view: message.view,
            from: from(message.author, author_name),
            at: message.at.millis(),
            revision: message.revision,
            card: body
                .as_ref()
                .and_then(|body| serde_json::from_str(body.card.as_deref()?).ok()),
            reply_to: body.as_ref().and_then(|body| body.reply_to),
            text: body.map(|body| body.text),
        }
    }
}

fn from(author: Author, name: String) -> Writer {
    let (kind, id) = match author {
        Author::Person(user) => ("person", Some(user.to_string())),
        Author::App(app) => ("app", Some(app.to_string())),
        Author::Host => ("host", None),
    };
    Writer {
        kind: kind.to_owned(),
        id,
        name,
    }
}

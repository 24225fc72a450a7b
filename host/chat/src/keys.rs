//! Where chats are kept. Room `chat`.

use souk_core::{AppId, ChatId, MessageId, PushId, TypedId, UserId};
use souk_store::Key;

fn room(what: &str) -> Key {
    Key::room("chat").with(what)
}

/// A chat.
pub(crate) fn chat(chat: ChatId) -> Key {
    room("chat").with(chat)
}

/// The direct chat of two people, whoever opens it.
pub(crate) fn direct(one: UserId, other: UserId) -> Key {
    room("direct").with(one.min(other)).with(one.max(other))
}

/// The log of what happens in a chat.
pub(crate) fn log(chat: ChatId) -> Key {
    room("log").with(chat)
}

/// A chat's members.
pub(crate) fn members(chat: ChatId) -> Key {
    room("member").with(chat)
}

/// A member of a chat.
pub(crate) fn member(chat: ChatId, user: UserId) -> Key {
    members(chat).with(user)
}

/// How many members a chat has.
pub(crate) fn members_count(chat: ChatId) -> Key {
    room("members").with(chat)
}

/// The chats a person is in.
pub(crate) fn chats_of(user: UserId) -> Key {
    room("chats-of").with(user)
}

/// A chat a person is in.
pub(crate) fn chat_of(user: UserId, chat: ChatId) -> Key {
    chats_of(user).with(chat)
}

/// The chats a person has left.
pub(crate) fn left_by(user: UserId) -> Key {
    room("left-by").with(user)
}

/// A chat a person has left.
pub(crate) fn left(user: UserId, chat: ChatId) -> Key {
    left_by(user).with(chat)
}

/// How many chats a person is in.
pub(crate) fn chats_count(user: UserId) -> Key {
    room("chats").with(user)
}

/// A message.
pub(crate) fn message(chat: ChatId, message: MessageId) -> Key {
    room("message").with(chat).with(message)
}

/// The log of what only one member of a chat hears of.
pub(crate) fn asides(chat: ChatId, user: UserId) -> Key {
    room("aside").with(chat).with(user)
}

/// The people who decide what apps may do in a group.
pub(crate) fn admins(chat: ChatId) -> Key {
    room("admin").with(chat)
}

/// One of them.
pub(crate) fn admin(chat: ChatId, user: UserId) -> Key {
    admins(chat).with(user)
}

/// The views that single viewers have of a message.
pub(crate) fn views(chat: ChatId, message: MessageId) -> Key {
    room("view").with(chat).with(message)
}

/// A viewer's view of a message.
pub(crate) fn view(chat: ChatId, message: MessageId, viewer: UserId) -> Key {
    views(chat, message).with(viewer)
}

/// Everything a message said before.
pub(crate) fn all_kept(chat: ChatId, message: MessageId) -> Key {
    room("kept").with(chat).with(message)
}

/// What a message said before to one viewer, or to everybody. Nobody has the id zero.
pub(crate) fn kept_for(chat: ChatId, message: MessageId, viewer: Option<UserId>) -> Key {
    all_kept(chat, message).with(viewer.unwrap_or(UserId::from_bits(0)))
}

/// What it said in a revision, or in a view.
pub(crate) fn kept(chat: ChatId, message: MessageId, viewer: Option<UserId>, number: u64) -> Key {
    kept_for(chat, message, viewer).with(number)
}

/// The apps that listen in a chat.
pub(crate) fn listeners(chat: ChatId) -> Key {
    room("listener").with(chat)
}

/// An app that listens in a chat.
pub(crate) fn listener(chat: ChatId, app: &AppId) -> Key {
    listeners(chat).with(app)
}

/// Where an app listens because this person let it.
pub(crate) fn listens_for(user: UserId, app: &AppId) -> Key {
    room("listens-for").with(user).with(app)
}

/// An app's push token.
pub(crate) fn push(app: &AppId, id: PushId) -> Key {
    room("push").with(app).with(id)
}

/// The push tokens that a person gave an app, by chat.
pub(crate) fn pushes_of(user: UserId, app: &AppId) -> Key {
    room("pushes-of").with(user).with(app)
}

//! Where chats are kept. Room `chat`.

use souk_core::{ChatId, MessageId, UserId};
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

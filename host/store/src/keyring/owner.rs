//! Whose content something is.

use souk_core::{AppId, ChatId, TypedId, UserId};

/// Whose content it is: erasing the owner's key erases it everywhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// A person, outside any chat: the profile.
    Person(UserId),
    /// A person in a chat: messages, memos, orders.
    PersonInChat(UserId, ChatId),
    /// An app, when no person is behind the event.
    App(AppId),
    /// The host's signing key of this number; the first is not kept under a name. Erasing one would
    /// bring the one before back.
    Signing(u32),
}

impl Owner {
    /// The owner in bytes that no other owner has. They are hashed, never written.
    pub(super) fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Person(user) => [&b"p"[..], &user.bits().to_be_bytes()].concat(),
            Self::PersonInChat(user, chat) => [
                &b"c"[..],
                &user.bits().to_be_bytes(),
                &chat.bits().to_be_bytes(),
            ]
            .concat(),
            Self::Signing(number) => [&b"s"[..], &number.to_be_bytes()].concat(),
            Self::App(app) => [&b"a"[..], app.as_str().as_bytes()].concat(),
        }
    }
}

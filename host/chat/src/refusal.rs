//! Why chat says no.

use souk_core::limits::{
    CHAT_MEMBERS_MAX, CHATS_MAX, LISTENERS_MAX, MESSAGE_BYTES_MAX, NAME_CHARS_MAX,
};
use souk_core::{Blame, Blamed};
use souk_store::StoreError;

use crate::card::CardError;

/// Why chat says no. In order: callers see the first that applies.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such chat or message, or it is not theirs to see or to change. The two are
    /// never told apart.
    #[error("there is no such chat or message, or it is not yours")]
    NotFound,
    /// A direct chat has two people for ever, and nobody who decides for both.
    #[error("a direct chat is its two people's: nobody joins, leaves or decides; open a group")]
    Direct,
    /// Only a group's admins decide that.
    #[error("only an admin of this group decides that")]
    NotAdmin,
    /// Whoever becomes an admin is in the group.
    #[error("an admin is a member of the group; add them first")]
    NotMember,
    /// Nobody would be left to decide.
    #[error("nobody could let apps listen here, or appoint anybody: appoint another admin first")]
    LastAdmin,
    /// A direct chat with oneself.
    #[error("a direct chat needs two different people")]
    SamePerson,
    /// The title is empty, too long or has characters nobody sees.
    #[error("a group's title is 1 to {NAME_CHARS_MAX} visible characters on one line")]
    TitleMalformed,
    /// The chat would have more than [`CHAT_MEMBERS_MAX`] members.
    #[error("a chat has at most {CHAT_MEMBERS_MAX} members")]
    MembersMax,
    /// The person who joins would be in more than [`CHATS_MAX`] chats.
    #[error("a person is in at most {CHATS_MAX} chats; leave one first")]
    ChatsMax,
    /// More than [`LISTENERS_MAX`] apps would listen in the chat.
    #[error("at most {LISTENERS_MAX} apps listen in a chat; take one out first")]
    ListenersMax,
    /// Neither text nor a card.
    #[error("a message needs a text or a card")]
    Empty,
    /// More than [`MESSAGE_BYTES_MAX`] bytes of text.
    #[error("a message's text is at most {MESSAGE_BYTES_MAX} bytes long")]
    TextLong,
    /// The card is not of the profile.
    #[error("the card cannot be posted: {0}")]
    Card(#[from] CardError),
    /// The message that it answers is not in this chat.
    #[error("the message to reply to is not in this chat")]
    UnknownReply,
    /// The store cannot answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Blamed for Refusal {
    fn blame(&self) -> Blame {
        match self {
            Self::NotFound
            | Self::Direct
            | Self::NotAdmin
            | Self::NotMember
            | Self::LastAdmin
            | Self::SamePerson
            | Self::TitleMalformed
            | Self::MembersMax
            | Self::ChatsMax
            | Self::ListenersMax
            | Self::Empty
            | Self::TextLong
            | Self::UnknownReply => Blame::User,
            Self::Card(_) => Blame::Guest,
            Self::Store(error) => error.blame(),
        }
    }
}

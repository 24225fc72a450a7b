//! Speaking in the chat an event came from. Needs the permission `messaging.post`.

use crate::card::Card;
use crate::denied::{Allowance, allowances};
pub use crate::id::{ChatId, MessageId};
use crate::wit::souk::messaging::chats as wit;
use crate::{Denied, Result};

/// The authority to speak in one chat.
///
/// ```no_run
/// # use souk_sdk::prelude::*;
/// # fn demo() -> Result {
/// let chat = Chat::current()?;
/// let kettle = chat.post("The water is on.")?;
/// chat.edit(&kettle, "The tea is ready.")?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Chat(wit::Chat);

impl Chat {
    /// Returns the chat this event happened in.
    ///
    /// # Errors
    /// [`Denied::NotGranted`] without the permission `messaging.post`.
    pub fn current() -> Result<Self, Denied> {
        Ok(Self(wit::Chat::current()?))
    }

    /// Returns the chat's id: stable, and this app's alone.
    pub fn id(&self) -> ChatId {
        ChatId::new(self.0.id())
    }

    /// Tells whether more than two people can be here.
    pub fn is_group(&self) -> bool {
        self.0.is_group()
    }

    /// Stages a message: a text, a [`Card`] or a [`Content`]. People see it when the event commits.
    /// At most 16 in one event.
    ///
    /// # Errors
    /// [`Denied::Invalid`] names what is wrong with a card; [`Denied::OverLimit`].
    pub fn post(&self, content: impl Into<Content>) -> Result<MessageId, Denied> {
        Ok(MessageId::new(self.0.post(&content.into().written()?)?))
    }

    /// Replaces what one of this app's own messages says. Buttons of the old revision are refused
    /// from then on.
    ///
    /// # Errors
    /// [`Denied::NotFound`] when it is not this app's; [`Denied::Invalid`]; [`Denied::OverLimit`].
    pub fn edit(&self, message: &MessageId, content: impl Into<Content>) -> Result<(), Denied> {
        Ok(self.0.edit(message.as_str(), &content.into().written()?)?)
    }

    /// Takes one of this app's own messages back. People see that something was deleted.
    ///
    /// # Errors
    /// [`Denied::NotFound`] when it is not this app's.
    pub fn delete(&self, message: &MessageId) -> Result<(), Denied> {
        Ok(self.0.delete(message.as_str())?)
    }

    /// Returns what is left of the limits on speaking here.
    pub fn allowances(&self) -> Vec<Allowance> {
        allowances(self.0.allowances())
    }
}

/// What a message says. A text or a [`Card`] becomes one by itself; name it to answer a message:
/// `Content::from("With pleasure.").reply_to(&message)`.
#[derive(Clone, Debug)]
pub struct Content {
    text: String,
    card: Option<Card>,
    reply_to: Option<MessageId>,
}

impl Content {
    /// Makes it an answer to a message of this chat.
    #[must_use]
    pub fn reply_to(mut self, message: &MessageId) -> Self {
        self.reply_to = Some(message.clone());
        self
    }

    fn written(self) -> Result<wit::Content, Denied> {
        let card = self.card.map(|card| card.to_json()).transpose()?;
        let reply_to = self.reply_to.map(|message| message.to_string());
        Ok(wit::Content {
            text: self.text,
            card,
            reply_to,
        })
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self {
            text,
            card: None,
            reply_to: None,
        }
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<Card> for Content {
    /// The card's summary is the text, shown wherever the card cannot be.
    fn from(card: Card) -> Self {
        Self {
            text: card.summary().to_owned(),
            card: Some(card),
            reply_to: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_brings_its_summary_as_the_text() {
        let content = Content::from(Card::new("Tea, 2.50 USD"));
        let written = content
            .reply_to(&MessageId::new("msg_1"))
            .written()
            .unwrap();
        assert_eq!(written.text, "Tea, 2.50 USD");
        assert_eq!(written.reply_to.as_deref(), Some("msg_1"));
        assert!(written.card.unwrap().contains("AdaptiveCard"));
    }
}

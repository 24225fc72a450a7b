//! Speaking in the chat an event came from, which needs the permission `messaging.post`, and later
//! where somebody let the app, which needs `messaging.push`. An app that may `messaging.listen`
//! hears what people say in groups whose admins let it:
//! [`MiniApp::message`](crate::MiniApp::message).

use crate::card::Card;
use crate::denied::{Allowance, allowances};
pub use crate::id::{ChatId, MessageId, PushToken, UserId};
use crate::wit::souk::messaging::chats as wit;
use crate::wit::souk::miniapp::events;
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

    /// Returns a chat where somebody let this app speak later. Each message spends a credit, which
    /// [`allowances`](Self::allowances) counts.
    ///
    /// ```no_run
    /// # use souk_sdk::prelude::*;
    /// # fn demo(token: PushToken) -> Result {
    /// Chat::from_token(&token)?.post("Your tea is ready.")?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`Denied::NotGranted`] without the permission `messaging.push`; [`Denied::NotFound`] when
    /// the token is over, was taken back or replaced, or its person has left the chat.
    pub fn from_token(token: &PushToken) -> Result<Self, Denied> {
        Ok(Self(wit::Chat::from_token(token.as_str())?))
    }

    /// Lets this app speak here later: ten messages within 30 days. Whoever's command or press this
    /// is lets it, so it is not granted in other events. A person's new token in a chat takes the
    /// place of their last.
    ///
    /// # Errors
    /// [`Denied::NotGranted`].
    pub fn push_token(&self) -> Result<PushToken, Denied> {
        Ok(PushToken::new(self.0.push_token()?))
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

    /// Stages a message that only one person of this chat sees.
    ///
    /// # Errors
    /// As of [`post`](Self::post); [`Denied::NotFound`] when nobody here has this id.
    pub fn whisper(&self, to: &UserId, content: impl Into<Content>) -> Result<MessageId, Denied> {
        let id = self.0.whisper(to.as_str(), &content.into().written()?)?;
        Ok(MessageId::new(id))
    }

    /// Shows one person their own view of a message that was posted [`per_viewer`], in place of
    /// what they saw of it. [`MiniApp::view`](crate::MiniApp::view) hears when somebody needs one.
    ///
    /// [`per_viewer`]: Content::per_viewer
    ///
    /// # Errors
    /// [`Denied::NotFound`] when the message is not this app's or not one for each viewer, and when
    /// nobody here has this id; [`Denied::Invalid`]; [`Denied::OverLimit`].
    pub fn show_to(
        &self,
        message: &MessageId,
        viewer: &UserId,
        content: impl Into<Content>,
    ) -> Result<(), Denied> {
        let content = content.into().written()?;
        Ok(self
            .0
            .show_to(message.as_str(), viewer.as_str(), &content)?)
    }

    /// Replaces what one of this app's own messages says. Buttons of what it said before are
    /// honoured for 24 hours, for people who still see them.
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

    /// Returns a link that opens this app in this chat: whoever is in the chat and follows it sends
    /// the first command of the manifest, and [`Command::start_parameter`] is what is said here. It
    /// makes nobody a member, and is good as long as the host is known by the same address.
    ///
    /// ```no_run
    /// # use souk_sdk::prelude::*;
    /// # fn demo() -> Result {
    /// let chat = Chat::current()?;
    /// chat.post(format!("Order at your table: {}", chat.link("table-4")?))?;
    /// # Ok(()) }
    /// ```
    ///
    /// [`Command::start_parameter`]: crate::Command::start_parameter
    ///
    /// # Errors
    /// [`Denied::OverLimit`] above 64 characters; [`Denied::Invalid`] for anything but letters A to
    /// Z, large or small, digits, `_` and `-`.
    pub fn link(&self, start_parameter: &str) -> Result<String, Denied> {
        Ok(self.0.link(start_parameter)?)
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
    per_viewer: bool,
}

impl Content {
    /// Makes it what everyone sees until they have been shown their own: see
    /// [`Chat::show_to`].
    #[must_use]
    pub fn per_viewer(mut self) -> Self {
        self.per_viewer = true;
        self
    }

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
            per_viewer: self.per_viewer,
        })
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self {
            text,
            card: None,
            reply_to: None,
            per_viewer: false,
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
            per_viewer: false,
        }
    }
}

/// Something a person said where this app listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    message: MessageId,
    text: String,
    reply_to: Option<MessageId>,
}

impl Heard {
    pub(crate) fn new(heard: events::Heard) -> Self {
        Self {
            message: MessageId::new(heard.message),
            text: heard.text,
            reply_to: heard.reply_to.map(MessageId::new),
        }
    }

    /// Returns the message, to answer it.
    pub fn message(&self) -> &MessageId {
        &self.message
    }

    /// Returns what it says. The person's words: do not trust them.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the message it answers, if it answers one.
    pub fn reply_to(&self) -> Option<&MessageId> {
        self.reply_to.as_ref()
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

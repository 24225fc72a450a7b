//! What people do to mini-apps, and what event it is once it was checked against what is stored.

use serde_json::{Map, Value};
use souk_chat::card::Card;
use souk_chat::message::{self, Author, Content};
use souk_chat::view::{self, Seen};
use souk_core::{AppId, ChatId, MessageId, UserId};
use souk_events::{Cause, Lane, StartParameter};
use souk_store::{Owner, Txn};

use crate::MarketError;

/// Where people meet an app.
pub(crate) struct Place {
    pub(crate) app: AppId,
    pub(crate) chat: ChatId,
}

impl Place {
    pub(crate) fn lane(&self) -> Lane {
        Lane {
            app: self.app.clone(),
            chat: Some(self.chat),
        }
    }
}

/// What a person does to an app.
pub(crate) enum Deed<'a> {
    /// Types `/name arguments`.
    Command {
        name: &'a str,
        arguments: &'a str,
        text: &'a str,
        /// What the link said that they follow instead.
        start: Option<&'a StartParameter>,
    },
    /// Presses a button of what they see of a message.
    Press {
        message: MessageId,
        seen: Seen,
        button: &'a str,
        inputs: &'a Map<String, Value>,
    },
    /// Looks at a message that looks different to each viewer.
    Look { message: MessageId },
}

impl Deed<'_> {
    /// Whether who does it uses the app, rather than comes across what it said.
    pub(crate) fn is_use(&self) -> bool {
        match self {
            Self::Command { .. } | Self::Press { .. } => true,
            Self::Look { .. } => false,
        }
    }

    /// Checks the deed against what is stored, and stages what everyone sees of it.
    pub(crate) async fn cause(
        &self,
        txn: &Txn,
        by: UserId,
        place: &Place,
    ) -> Result<Cause, MarketError> {
        match self {
            Self::Command {
                name,
                arguments,
                text,
                start,
            } => {
                let content = Content::from(*text);
                let owner = Owner::PersonInChat(by, place.chat);
                message::post(txn, place.chat, &Author::Person(by), &content, &owner).await?;
                Ok(Cause::Command {
                    name: (*name).to_owned(),
                    arguments: (*arguments).to_owned(),
                    start: start.cloned(),
                })
            }
            Self::Press {
                message,
                seen,
                button,
                inputs,
            } => {
                let card = card_on(txn, place, *message, by, *seen).await?;
                let unknown = || MarketError::UnknownButton(button.chars().take(40).collect());
                let found = card.button(button).ok_or_else(unknown)?;
                let inputs = if found.inputs {
                    card.check_inputs(inputs).map_err(MarketError::Inputs)?
                } else {
                    Map::new()
                };
                Ok(Cause::Action {
                    message: *message,
                    revision: seen.revision,
                    button: (*button).to_owned(),
                    data: found.data.to_string(),
                    inputs: Value::Object(inputs).to_string(),
                })
            }
            Self::Look { message } => {
                let found = view::get(txn, place.chat, *message, by).await?;
                let found = found.ok_or(souk_chat::Refusal::NotFound)?;
                if found.is_per_viewer() && found.view == 0 {
                    Ok(Cause::View(*message))
                } else {
                    Err(MarketError::SameToAll)
                }
            }
        }
    }
}

/// Returns the card that a person saw of a message of the lane's app, as long as it is honoured.
async fn card_on(
    txn: &Txn,
    place: &Place,
    id: MessageId,
    by: UserId,
    seen: Seen,
) -> Result<Card, MarketError> {
    let (author, _) = view::source(txn, place.chat, id, by).await?;
    if author != Author::App(place.app.clone()) {
        return Err(souk_chat::Refusal::NotFound.into());
    }
    let content = view::pressable(txn, place.chat, id, by, seen).await?;
    let card = content.and_then(|content| content.card);
    let card = card.ok_or(MarketError::Changed)?;
    Ok(Card::parse(&card).map_err(souk_chat::Refusal::from)?)
}

//! The frames of the socket.

use serde::{Deserialize, Serialize};
use souk_core::ChatId;
use souk_market::{Update, Updates};

use super::chats::Message;
use super::consents::Consent;
use super::events::Event;
use super::orders::Order;
use super::wallet::Balance;

/// One frame.
#[derive(Debug, Serialize, Deserialize)]
pub struct Frame {
    /// What happened.
    #[serde(flatten)]
    pub news: News,
    /// Pass it as `?resume=` to go on from here. Absent while more of the same moment follows.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub token: Option<String>,
}

/// What happened.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum News {
    /// The stream is on.
    Hello,
    /// A message was posted, edited or deleted; this is how it is now.
    Message {
        /// Where.
        chat: ChatId,
        /// The message.
        message: Box<Message>,
    },
    /// Someone joined or left.
    Members {
        /// Where.
        chat: ChatId,
    },
    /// The person is in a new chat.
    Joined {
        /// Which.
        chat: ChatId,
    },
    /// An order opened or changed; this is how it is now.
    Order {
        /// The order.
        order: Box<Order>,
    },
    /// Balances changed; this is what they are now.
    Balances {
        /// All of them.
        balances: Vec<Balance>,
    },
    /// An app wants to know something.
    Consent {
        /// What.
        consent: Consent,
    },
    /// Something the person did ended otherwise than well.
    Ended {
        /// Where.
        chat: ChatId,
        /// How.
        event: Event,
    },
}

impl Frame {
    pub(crate) fn hello(updates: &Updates) -> Self {
        Self {
            news: News::Hello,
            token: Some(updates.token().to_string()),
        }
    }

    /// The frames of one reading. Only the last has a token: a client cut off in the middle is
    /// told all of them again.
    pub(crate) fn all(read: Vec<Update>, updates: &Updates) -> Vec<Self> {
        let frame = |update: Update| Self {
            news: update.into(),
            token: None,
        };
        let mut frames: Vec<Self> = read.into_iter().map(frame).collect();
        if let Some(last) = frames.last_mut() {
            last.token = Some(updates.token().to_string());
        }
        frames
    }
}

impl From<Update> for News {
    fn from(update: Update) -> Self {
        match update {
            Update::Message(chat, view) => Self::Message {
                chat,
                message: Box::new(view.into()),
            },
            Update::Members(chat) => Self::Members { chat },
            Update::Joined(chat) => Self::Joined { chat },
            Update::Order(view) => Self::Order {
                order: Box::new((*view).into()),
            },
            Update::Balances(balances) => Self::Balances {
                balances: balances.into_iter().map(Into::into).collect(),
            },
            Update::Consent(view) => Self::Consent {
                consent: view.into(),
            },
            Update::Ended(chat, happened) => Self::Ended {
                chat,
                event: happened.into(),
            },
        }
    }
}

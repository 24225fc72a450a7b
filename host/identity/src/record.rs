//! What is stored of people.

use serde::{Deserialize, Serialize};
use souk_core::{
    AppId, ChatId, ConsentId, Consents, EventId, Line, Money, Timestamp, TokenId, UserId,
};
use souk_store::{Record, Sealed};

use crate::secret::Digest;

/// A person on this host.
// Not `Debug`: a password's hash does not belong in a log.
#[derive(Clone, Serialize, Deserialize)]
pub struct Account {
    /// Who it is.
    pub user: UserId,
    /// What others find them by, sealed with the person's key.
    pub handle: Sealed,
    /// What others call them, sealed with the person's key.
    pub name: Sealed,
    /// The password's hash, a PHC string.
    pub password: String,
    /// When they came.
    pub joined: Timestamp,
}

/// What the operator proves themselves with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Operator {
    /// The SHA-256 of their secret.
    pub(crate) secret_is: Digest,
}

impl Record for Operator {}

impl Record for Account {}

/// A signed-in browser, found by the hash of its secret.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) user: UserId,
    pub(crate) opened: Timestamp,
    pub(crate) expires: Timestamp,
}

impl Record for Session {}

/// One of a person's sessions, found by the person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Opened {
    pub(crate) digest: Digest,
    pub(crate) expires: Timestamp,
}

impl Record for Opened {}

/// Whose a token is, found by the hash of its secret.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Bearer {
    pub(crate) user: UserId,
    pub(crate) token: TokenId,
}

impl Record for Bearer {}

/// One of a person's tokens, found by the person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Issued {
    pub(crate) label: Sealed,
    pub(crate) at: Timestamp,
    pub(crate) digest: Digest,
}

impl Record for Issued {}

/// What an app asks a person to let it do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Who is asked.
    pub user: UserId,
    /// Who asks.
    pub app: AppId,
    /// Where it came up.
    pub chat: ChatId,
    /// What the app wants, each matter once.
    pub lines: Vec<Line>,
    /// The event that waits for the answer.
    pub event: EventId,
}

/// A question nobody has answered yet, with every event that waits for the answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Asked {
    pub(crate) question: Question,
    pub(crate) at: Timestamp,
    pub(crate) events: Vec<EventId>,
}

impl Record for Asked {}

/// What a person has said to one app.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Said {
    pub(crate) app: AppId,
    pub(crate) consents: Consents,
}

impl Record for Said {}

/// A budget as it is stored: a person's are listed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Bounded {
    pub(crate) app: AppId,
    pub(crate) budget: Budget,
}

impl Record for Bounded {}

/// The most a person wants to spend at one app. All amounts are of one currency; in others nothing
/// may be spent there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// In one order.
    pub order: Option<Money>,
    /// On one day of UTC.
    pub day: Option<Money>,
    /// From the day it was set until its time is up.
    pub in_all: Option<Money>,
    /// When it ends, if it does.
    pub until: Option<Timestamp>,
    /// When it was set.
    pub since: Timestamp,
}

/// What there is between a person and an app.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ties {
    /// How often they have left it: each time makes them somebody new to it.
    pub left: u64,
    /// Whether they left it and have not used it since.
    pub away: bool,
}

impl Record for Ties {}

/// Something a person should hear of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum News {
    /// An app asks them something; see [`consent::waiting`](crate::consent::waiting).
    Asked(ConsentId),
}

impl Record for News {}

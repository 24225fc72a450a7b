//! What the market itself stores.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use souk_core::{
    AccountId, AppId, ChatId, EventId, Method, Origin, Timestamp, TraceId, UserId, none_is_zero,
};
use souk_store::{Key, Record};

/// What one run of a mini-app did with what it was handed. One per run, faulted runs too.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AuditLine {
    /// The event it ran for.
    pub event: EventId,
    /// What its trace is called, if that was kept.
    pub trace: TraceId,
    /// Which app.
    pub app: AppId,
    /// Which version of it.
    pub version: u32,
    /// Where, if it was in a chat.
    #[serde(with = "none_is_zero")]
    pub chat: Option<ChatId>,
    /// When the event happened.
    pub at: Timestamp,
    /// How the run ended, in one word.
    pub ended: Cow<'static, str>,
    /// The capabilities it used, and how often it was denied.
    pub uses: Vec<Used>,
    /// How many host calls it made.
    pub host_calls: u64,
    /// All its memories and tables together, at most, in bytes.
    pub memory_peak: u64,
    /// What it brought into the host in all calls, in bytes.
    pub bytes_in: u64,
    /// What it was handed in all calls, in bytes.
    pub bytes_out: u64,
    /// What it computed, in the engine's unit: about one for each instruction.
    pub fuel: u64,
    /// How long it took, in microseconds, its waits for the host included.
    pub micros: u64,
}

/// How often a run called one function of one capability.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    /// The function, like `wallet.request`.
    pub function: Cow<'static, str>,
    /// The permission it took; empty when it took none.
    pub permission: Cow<'static, str>,
    /// Calls.
    pub count: u64,
    /// Calls that the host said no to.
    pub denied: u64,
}

impl Record for AuditLine {}

/// One request of an app to the outside. Neither path nor contents: they may hold secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutsideLine {
    /// The event it was for; of a letter, the event that brings the answer.
    pub event: EventId,
    /// When it began.
    pub at: Timestamp,
    /// What it did.
    pub method: Method,
    /// To whom.
    pub origin: Origin,
    /// Where the host was found, with the port; empty when nothing was connected to.
    pub address: String,
    /// The answer's status, or in one word why there was none.
    pub ended: String,
    /// What the request carried, in bytes.
    pub bytes_out: u64,
    /// What the answer carried, in bytes.
    pub bytes_in: u64,
    /// How long it took, in milliseconds.
    pub millis: u64,
}

impl Record for OutsideLine {}

/// The log of an app's requests to the outside.
pub(crate) fn outside_log(app: &AppId) -> Key {
    Key::room("market").with("outside").with(app)
}

/// The log of runs that happened for a person.
pub(crate) fn audit_log(user: UserId) -> Key {
    Key::room("market").with("audit").with(user)
}

/// The log of an app's runs that happened for nobody.
pub(crate) fn audit_log_of_app(app: &AppId) -> Key {
    Key::room("market").with("audit-of-app").with(app)
}

/// Something only one person is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum News {
    /// An event of theirs ended otherwise than well; its mark says how.
    Ended(EventId),
    /// They became a member of a chat.
    Joined(ChatId),
}

impl Record for News {}

/// The log of what only this person is told.
pub(crate) fn news_log(user: UserId) -> Key {
    Key::room("market").with("news").with(user)
}

/// The answer to a call that must happen at most once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// A keyed hash of what was asked.
    pub(crate) contents: [u8; 32],
    /// What was answered, in postcard.
    pub(crate) answer: Vec<u8>,
}

impl Record for Kept {}

/// How far a client has heard: the next place of every log it follows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Places {
    pub(crate) chats: BTreeMap<ChatId, u64>,
    pub(crate) asides: BTreeMap<ChatId, u64>,
    pub(crate) accounts: BTreeMap<AccountId, u64>,
    pub(crate) wallet: u64,
    pub(crate) consents: u64,
    pub(crate) news: u64,
}

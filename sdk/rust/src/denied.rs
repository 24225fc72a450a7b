//! Why the host said no, and what it still allows.

use std::time::{Duration, SystemTime};

use crate::MoneyError;
use crate::event::moment;
use crate::wit::souk::types::common as wit;

/// Why the host said no. [`NotGranted`](Self::NotGranted) and
/// [`ConsentRefused`](Self::ConsentRefused) come before anything the host has to look up; among the
/// others there is no order.
///
/// A denial never stops the mini-app: match on it to go on another way, or pass it on with `?`,
/// which makes it a [`Failure`](crate::Failure).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Denied {
    /// The manifest does not ask for it, the operator does not allow it, or this kind of event does
    /// not have it.
    #[error("this app was not granted what it needs for that")]
    NotGranted,
    /// The person said no. Asking again changes nothing until they change it in their settings.
    #[error("you chose not to allow what this needs")]
    ConsentRefused,
    /// An argument is malformed, an id or a token too; the text names it for developers.
    #[error("{0}")]
    Invalid(String),
    /// No such thing, or not this app's to see. The two are never told apart.
    #[error("there is no such thing here")]
    NotFound,
    /// A stated condition does not hold.
    #[error("that cannot be done now: {text}")]
    Conflict {
        /// What is so, for programs: `paid` of an order, `absent` of a value. More may come.
        state: String,
        /// The same in words.
        text: String,
    },
    /// The same idempotency key was used with other contents.
    #[error("that was already asked for in other words")]
    KeyReused,
    /// There is not enough money.
    #[error("there is not enough money")]
    InsufficientFunds,
    /// Over a limit.
    #[error("that is over the limit of {} ({})", .0.allowed, .0.name)]
    OverLimit(Limit),
    /// The host cannot answer now. Safe to repeat with the same key.
    #[error("that is not possible right now")]
    Unavailable,
    /// A reason this version of the SDK does not know.
    #[error("{text}")]
    Other {
        /// The reason's name, for programs.
        code: String,
        /// The reason in words.
        text: String,
    },
}

/// A limit that was reached.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limit {
    /// Which one.
    pub name: String,
    /// How much it allows: `host/docs/limits.md` lists the units; of money, in the smallest unit of
    /// `currency`.
    pub allowed: u64,
    /// What it is in, when it is a limit on money.
    pub currency: Option<String>,
    /// When it is worth trying again, where that is known.
    pub retry_after: Option<Duration>,
}

/// What is left of a limit in its present window.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Allowance {
    /// Which limit.
    pub name: String,
    /// How much it allows in all.
    pub allowed: u64,
    /// How much is left of that.
    pub remaining: u64,
    /// When all of it is there again; `None`: with the next event, or it is not known.
    pub resets: Option<SystemTime>,
}

impl Denied {
    /// Returns the denial's name in the contract, for logs: `not-granted`.
    pub fn code(&self) -> &str {
        match self {
            Self::NotGranted => "not-granted",
            Self::ConsentRefused => "consent-refused",
            Self::Invalid(_) => "invalid",
            Self::NotFound => "not-found",
            Self::Conflict { .. } => "conflict",
            Self::KeyReused => "key-reused",
            Self::InsufficientFunds => "insufficient-funds",
            Self::OverLimit(_) => "over-limit",
            Self::Unavailable => "unavailable",
            Self::Other { code, .. } => code,
        }
    }
}

impl From<wit::Denied> for Denied {
    fn from(denied: wit::Denied) -> Self {
        match denied {
            wit::Denied::NotGranted => Self::NotGranted,
            wit::Denied::ConsentRefused => Self::ConsentRefused,
            wit::Denied::Invalid(what) => Self::Invalid(what),
            wit::Denied::NotFound => Self::NotFound,
            wit::Denied::Conflict(note) => Self::Conflict {
                state: note.code,
                text: note.text,
            },
            wit::Denied::KeyReused => Self::KeyReused,
            wit::Denied::InsufficientFunds => Self::InsufficientFunds,
            wit::Denied::OverLimit(limit) => Self::OverLimit(limit.into()),
            wit::Denied::Unavailable => Self::Unavailable,
            wit::Denied::Other(note) => Self::Other {
                code: note.code,
                text: note.text,
            },
        }
    }
}

impl From<MoneyError> for Denied {
    fn from(error: MoneyError) -> Self {
        Self::Invalid(error.to_string())
    }
}

impl From<wit::Limit> for Limit {
    fn from(limit: wit::Limit) -> Self {
        let retry_after = limit.retry_after_ms.map(Duration::from_millis);
        Self {
            name: limit.name,
            allowed: limit.allowed,
            currency: limit.currency,
            retry_after,
        }
    }
}

impl From<wit::Allowance> for Allowance {
    fn from(left: wit::Allowance) -> Self {
        Self {
            name: left.name,
            allowed: left.allowed,
            remaining: left.remaining,
            resets: left.resets.map(moment),
        }
    }
}

/// What the allowances of a handle are, in the words of this crate.
pub(crate) fn allowances(left: Vec<wit::Allowance>) -> Vec<Allowance> {
    left.into_iter().map(Allowance::from).collect()
}

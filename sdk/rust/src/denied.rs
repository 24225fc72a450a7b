//! Why the host said no, and what it still allows.

use std::time::{Duration, SystemTime};

use crate::MoneyError;
use crate::event::moment;
use crate::wit::souk::types::common as wit;

/// Why the host said no. In order: when several apply, the first is told.
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
    /// An argument is malformed; the text names it.
    #[error("{0}")]
    Invalid(String),
    /// No such thing, or not this app's to see. The two are never told apart.
    #[error("there is no such thing here")]
    NotFound,
    /// A stated condition does not hold; the text names the present state.
    #[error("that cannot be done now: {0}")]
    Conflict(String),
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
    /// How much it allows.
    pub allowed: u64,
    /// When it is worth trying again, if ever.
    pub retry_after: Option<Duration>,
}

/// What is left of a limit in its present window.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Allowance {
    /// Which limit.
    pub name: String,
    /// How much is left of it.
    pub remaining: u64,
    /// When it is whole again, if it ever changes.
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
            Self::Conflict(_) => "conflict",
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
            wit::Denied::Conflict(state) => Self::Conflict(state),
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
            retry_after,
        }
    }
}

impl From<wit::Allowance> for Allowance {
    fn from(left: wit::Allowance) -> Self {
        Self {
            name: left.name,
            remaining: left.remaining,
            resets: left.resets.map(moment),
        }
    }
}

/// What the allowances of a handle are, in the words of this crate.
pub(crate) fn allowances(left: Vec<wit::Allowance>) -> Vec<Allowance> {
    left.into_iter().map(Allowance::from).collect()
}

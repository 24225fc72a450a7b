//! Why identity says no.

use souk_core::limits::{
    BUDGET_DAYS_MAX, NAME_CHARS_MAX, PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN, QUESTION_EVENTS_MAX,
    TOKENS_MAX,
};
use souk_core::{Blame, Blamed};
use souk_store::StoreError;

/// Why identity says no. In order: callers see the first that applies.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The handle breaks the rule that the text states.
    #[error(
        "a handle is 2 to 32 of the letters a to z, digits, dots, hyphens and underscores, and \
         starts with a letter"
    )]
    HandleMalformed,
    /// The name is empty, too long or has characters nobody sees.
    #[error("a name is 1 to {NAME_CHARS_MAX} visible characters on one line")]
    NameMalformed,
    /// Fewer than [`PASSWORD_CHARS_MIN`] characters.
    #[error("the password is too short; use at least {PASSWORD_CHARS_MIN} characters")]
    PasswordShort,
    /// More than [`PASSWORD_BYTES_MAX`] bytes.
    #[error("the password is too long; use at most {PASSWORD_BYTES_MAX} bytes")]
    PasswordLong,
    /// Somebody has this handle, or had it.
    #[error("this handle is taken; choose another")]
    HandleTaken,
    /// The person has [`TOKENS_MAX`] tokens already.
    #[error("there are {TOKENS_MAX} tokens already; revoke one first")]
    TokensMax,
    /// The person has no such token.
    #[error("there is no such token")]
    UnknownToken,
    /// A question about nothing.
    #[error("a question must have at least one line")]
    NothingAsked,
    /// [`QUESTION_EVENTS_MAX`] events wait for the same answer already.
    #[error("{QUESTION_EVENTS_MAX} events wait for this answer already; answer it first")]
    EventsWaitingMax,
    /// Nobody asked this person that, or they have answered.
    #[error("there is no such question, or it was answered already")]
    UnknownQuestion,
    /// Amounts of several currencies.
    #[error("a budget has one currency")]
    BudgetCurrencies,
    /// A budget for something in all needs an end, and none has one that is past or far away.
    #[error("a budget ends within {BUDGET_DAYS_MAX} days, and one for something in all does end")]
    BudgetTime,
    /// The system gives no randomness, so no password can be kept.
    #[error("the system gives no randomness; check the host's configuration")]
    Randomness,
    /// The store cannot answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Blamed for Refusal {
    fn blame(&self) -> Blame {
        match self {
            Self::HandleMalformed
            | Self::NameMalformed
            | Self::PasswordShort
            | Self::PasswordLong
            | Self::HandleTaken
            | Self::TokensMax
            | Self::UnknownToken
            | Self::EventsWaitingMax
            | Self::UnknownQuestion
            | Self::BudgetCurrencies
            | Self::BudgetTime => Blame::User,
            Self::NothingAsked => Blame::Guest,
            Self::Randomness => Blame::Operator,
            Self::Store(error) => error.blame(),
        }
    }
}

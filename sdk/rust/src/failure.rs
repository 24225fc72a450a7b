//! How a handler says that it could not.

use std::time::Duration;

use crate::wit::souk::miniapp::events as wit;
use crate::{Denied, MoneyError};

/// What handlers return, and what `?` turns denials into.
pub type Result<T = (), E = Failure> = std::result::Result<T, E>;

/// Nothing happens: everything the handler staged is dropped. The texts are shown to the person as
/// the app's words, quoted, plain and short.
///
/// `?` makes one of any denial:
///
/// | [`Denied`] | [`Failure`] |
/// |---|---|
/// | `Unavailable` | `Retry` |
/// | `OverLimit` that is worth trying again within ten seconds | `Retry`, not before that |
/// | every other | `Rejected`, with the denial's words |
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Tell the person why.
    #[error("{0}")]
    Rejected(String),
    /// Point at the inputs that need another look.
    #[error("{}", listed(.0))]
    InvalidInput(Vec<FieldError>),
    /// Not now: the host runs the event again later, at most four times.
    #[error("{}", .0.text)]
    Retry(Again),
}

/// An event that is to run again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Again {
    /// Why not now.
    pub text: String,
    /// How long it waits at least, if the app knows; more than a day counts as a day.
    pub after: Option<Duration>,
}

/// An input that needs another look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The input's id in the card.
    pub field: String,
    /// What is wrong with it.
    pub text: String,
}

impl Failure {
    /// Returns a failure that tells the person why.
    pub fn rejected(why: impl Into<String>) -> Self {
        Self::Rejected(why.into())
    }

    /// Returns a failure that points at one input and says what is wrong with it.
    pub fn invalid_input(field: impl Into<String>, text: impl Into<String>) -> Self {
        Self::InvalidInput(vec![FieldError {
            field: field.into(),
            text: text.into(),
        }])
    }

    /// Returns a failure that asks the host to run the same event again later.
    pub fn retry(why: impl Into<String>) -> Self {
        let (text, after) = (why.into(), None);
        Self::Retry(Again { text, after })
    }

    /// Returns a failure that asks the host to run the same event again, not before so long.
    pub fn retry_after(why: impl Into<String>, after: Duration) -> Self {
        let (text, after) = (why.into(), Some(after));
        Self::Retry(Again { text, after })
    }
}

fn listed(errors: &[FieldError]) -> String {
    let lines = errors
        .iter()
        .map(|error| format!("{}: {}", error.field, error.text));
    lines.collect::<Vec<_>>().join("; ")
}

/// What is worth waiting for: the host tries again for about so long.
const SOON: Duration = Duration::from_secs(10);

impl From<Denied> for Failure {
    fn from(denied: Denied) -> Self {
        let why = denied.to_string();
        match denied {
            Denied::Unavailable => Self::retry(why),
            Denied::OverLimit(limit) => match limit.retry_after.filter(|wait| *wait <= SOON) {
                Some(after) => Self::retry_after(why, after),
                None => Self::Rejected(why),
            },
            Denied::NotGranted
            | Denied::ConsentRefused
            | Denied::Invalid(_)
            | Denied::NotFound
            | Denied::Conflict { .. }
            | Denied::KeyReused
            | Denied::InsufficientFunds
            | Denied::Other { .. } => Self::Rejected(why),
        }
    }
}

impl From<MoneyError> for Failure {
    fn from(error: MoneyError) -> Self {
        Self::Rejected(error.to_string())
    }
}

impl From<Failure> for wit::Failure {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Rejected(why) => Self::Rejected(why),
            Failure::InvalidInput(errors) => {
                let error = |FieldError { field, text }| wit::FieldError { field, text };
                Self::InvalidInput(errors.into_iter().map(error).collect())
            }
            Failure::Retry(Again { text, after }) => Self::Retry(wit::Again {
                text,
                after_ms: after.map(|after| u64::try_from(after.as_millis()).unwrap_or(u64::MAX)),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::denied::Limit;

    fn over(retry_after: Option<Duration>) -> Denied {
        Denied::OverLimit(Limit {
            name: "posts".to_owned(),
            allowed: 16,
            currency: None,
            retry_after,
        })
    }

    #[test]
    fn only_what_may_pass_by_itself_is_tried_again() {
        for (denied, expected) in [
            (Denied::Unavailable, None),
            (over(Some(Duration::from_secs(1))), Some(1_000)),
        ] {
            let failure = wit::Failure::from(Failure::from(denied));
            assert!(
                matches!(&failure, wit::Failure::Retry(again) if again.after_ms == expected),
                "{failure:?}"
            );
        }
        for denied in [
            over(None),
            over(Some(Duration::from_secs(60 * 60))),
            Denied::NotGranted,
            Denied::KeyReused,
            Denied::NotFound,
        ] {
            assert!(matches!(Failure::from(denied), Failure::Rejected(_)));
        }
    }

    #[test]
    fn the_person_reads_the_denials_words() {
        let why = |denied: Denied| Failure::from(denied).to_string();
        assert_eq!(why(Denied::InsufficientFunds), "there is not enough money");
        assert_eq!(why(over(None)), "that is over the limit of 16 (posts)");
    }
}

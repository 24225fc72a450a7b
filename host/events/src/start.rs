//! Start parameters: what a link hands to the app that it opens.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use souk_core::limits::START_PARAMETER_CHARS_MAX;
use souk_core::{Blame, Blamed};

/// A short text that needs no quoting anywhere in a link. May be empty. Whoever follows a link can
/// write another into it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct StartParameter(String);

/// Why a text is no start parameter. In order: callers see the first that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// More than [`START_PARAMETER_CHARS_MAX`] characters.
    #[error("a start parameter is at most {START_PARAMETER_CHARS_MAX} characters long")]
    Long,
    /// Something that a link would have to quote.
    #[error("a start parameter has only letters A to Z, large and small, digits, `_` and `-`")]
    Malformed,
}

impl Blamed for StartError {
    fn blame(&self) -> Blame {
        match self {
            Self::Long | Self::Malformed => Blame::User,
        }
    }
}

impl TryFrom<String> for StartParameter {
    type Error = StartError;

    fn try_from(text: String) -> Result<Self, StartError> {
        let plain = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-');
        if text.chars().count() > START_PARAMETER_CHARS_MAX {
            Err(StartError::Long)
        } else if text.chars().all(plain) {
            Ok(Self(text))
        } else {
            Err(StartError::Malformed)
        }
    }
}

impl FromStr for StartParameter {
    type Err = StartError;

    fn from_str(text: &str) -> Result<Self, StartError> {
        text.to_owned().try_into()
    }
}

impl From<StartParameter> for String {
    fn from(start: StartParameter) -> Self {
        start.0
    }
}

impl fmt::Display for StartParameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_link_takes_as_it_is() {
        let read = |text: &str| text.parse::<StartParameter>().map(String::from);
        for fine in ["", "table-4", "Ab_9", &"x".repeat(64)] {
            assert_eq!(read(fine).as_deref(), Ok(fine));
        }
        for wrong in ["a b", "a/b", "a%20", "a#", "é", "a\n", "\0"] {
            assert_eq!(read(wrong), Err(StartError::Malformed), "{wrong:?}");
        }
        assert_eq!(read(&"x".repeat(65)), Err(StartError::Long));
        assert_eq!(read(&"é".repeat(65)), Err(StartError::Long));
    }
}

//! A mistake in a manifest, and where it is.

use std::fmt;
use std::ops::Range;

use crate::{Blame, Blamed};

/// The first mistake in a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestError {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
    /// What is wrong.
    pub what: String,
    /// What to write instead, when there is something better to say than what is wrong.
    pub hint: Option<String>,
}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "line {}, column {}: {}",
            self.line, self.column, self.what
        )?;
        self.hint
            .as_ref()
            .map_or(Ok(()), |hint| write!(f, "; {hint}"))
    }
}

impl std::error::Error for ManifestError {}

impl Blamed for ManifestError {
    fn blame(&self) -> Blame {
        Blame::Guest
    }
}

/// A mistake at a range of bytes, before anybody has counted lines.
#[derive(Debug)]
pub(super) struct Fault {
    at: Range<usize>,
    what: String,
    hint: Option<String>,
}

impl Fault {
    pub(super) fn new(at: Range<usize>, what: impl Into<String>) -> Self {
        Self {
            at,
            what: what.into(),
            hint: None,
        }
    }

    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }

    /// Counts lines and characters up to the mistake.
    pub(super) fn within(self, text: &str) -> ManifestError {
        let before = text.get(..self.at.start).unwrap_or(text);
        let line = before.matches('\n').count().saturating_add(1);
        let last = before.rsplit('\n').next().unwrap_or_default();
        let column = last.chars().count().saturating_add(1);
        ManifestError {
            line,
            column,
            what: self.what,
            hint: self.hint,
        }
    }
}

impl From<toml::de::Error> for Fault {
    fn from(error: toml::de::Error) -> Self {
        Self::new(
            error.span().unwrap_or(0..0),
            error.message().trim().replace('\n', ", "),
        )
    }
}

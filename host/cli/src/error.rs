//! Errors as the command line tells them: what, why, and the next step.

use std::error::Error;
use std::fmt;
use std::process::ExitCode;

use souk_store::embedded::{BackupError, OpenError};

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub struct CliError {
    what: String,
    hint: Option<String>,
    cause: Option<Box<dyn Error + Send + Sync>>,
    status: u8,
}

/// Refused or failed.
const FAILED: u8 = 1;
/// What is stored does not check out.
const DAMAGED: u8 = 3;
/// What was compared is not the same.
const DIFFERENT: u8 = 4;

impl CliError {
    /// Something could not be done. A phrase without a full stop.
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            hint: None,
            cause: None,
            status: FAILED,
        }
    }

    /// What is stored does not check out: exit status 3.
    pub fn damaged(what: impl Into<String>) -> Self {
        Self {
            status: DAMAGED,
            ..Self::new(what)
        }
    }

    /// What was compared is not the same: exit status 4.
    pub fn different(what: impl Into<String>) -> Self {
        Self {
            status: DIFFERENT,
            ..Self::new(what)
        }
    }

    /// A store did not open, for a reason that says by itself what to do.
    pub(crate) fn of_store(what: &str, error: OpenError) -> Self {
        let refused = if error.is_damage() {
            Self::damaged(what)
        } else {
            Self::new(what)
        };
        refused.because(error)
    }

    /// There is no backup, or no store from one.
    pub(crate) fn of_backup(what: &str, error: BackupError) -> Self {
        match error {
            BackupError::Store(error) => Self::of_store(what, error),
            error => Self::new(what).because(error),
        }
    }

    /// Adds the next step.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds what it came from.
    #[must_use]
    pub fn because(mut self, cause: impl Error + Send + Sync + 'static) -> Self {
        self.cause = Some(Box::new(cause));
        self
    }

    pub(crate) fn next_step(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    pub(crate) fn causes<'a>(&'a self) -> impl Iterator<Item = &'a (dyn Error + 'a)> {
        let first = self
            .cause
            .as_deref()
            .map(|cause| cause as &'a (dyn Error + 'a));
        std::iter::successors(first, |cause| -> Option<&'a (dyn Error + 'a)> {
            Error::source(*cause)
        })
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.status)
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl Error for CliError {}

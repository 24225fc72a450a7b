//! What people see: results on standard output, everything else on standard error.

use std::fmt::Display;
use std::io::Write;

use serde::Serialize;

use crate::CliError;

/// The two streams of a command.
#[derive(Default)]
pub(crate) struct Ui;

impl Ui {
    pub(crate) fn new() -> Self {
        Self
    }

    /// A line of the result: what a script would read.
    pub(crate) fn result(&mut self, line: impl Display) {
        // A reader that went away is no error of ours.
        drop(writeln!(std::io::stdout(), "{line}"));
    }

    /// The result as JSON, for a program.
    pub(crate) fn json<T: Serialize>(&mut self, value: &T) -> Result<(), CliError> {
        let text = serde_json::to_string_pretty(value).map_err(|error| {
            CliError::new("the answer cannot be written as JSON").because(error)
        })?;
        self.result(text);
        Ok(())
    }

    /// A sentence about what is going on: for whoever watches.
    pub(crate) fn status(&mut self, sentence: impl Display) {
        drop(writeln!(std::io::stderr(), "{sentence}"));
    }

    /// The last word of a command that did not do what it was asked.
    pub(crate) fn error(&mut self, error: &CliError) {
        self.status(format_args!("Error: {error}"));
        for cause in error.causes() {
            self.status(format_args!("Caused by: {cause}"));
        }
        if let Some(hint) = error.next_step() {
            self.status(format_args!("Hint: {hint}"));
        }
    }
}

//! What people see: results on standard output, everything else on standard error.

use std::fmt::Display;
use std::io::{IsTerminal, Write};

use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use serde::Serialize;

use crate::CliError;

/// Work that reads less is over before a bar would be of use.
const LONG_BYTES: u64 = 256 << 20;
/// How a bar looks.
const BAR: &str = "{bar:30} {bytes} of {total_bytes}, {eta} left";

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

    /// Shows how far a piece of work is that reads so many bytes, if somebody watches and it is
    /// long. The bar goes away with what is returned.
    pub(crate) fn progress(&mut self, bytes: u64) -> ProgressBar {
        if bytes < LONG_BYTES || !std::io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new(bytes).with_finish(ProgressFinish::AndClear);
        // A template that cannot be read is caught by a test; the bar then looks plainer.
        if let Ok(style) = ProgressStyle::with_template(BAR) {
            bar.set_style(style);
        }
        bar
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_can_be_drawn() {
        ProgressStyle::with_template(BAR).unwrap();
    }
}

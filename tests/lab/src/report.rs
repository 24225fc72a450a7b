//! What the laboratory says: results on standard output, what is going on on standard error.

use std::error::Error;
use std::fmt::Display;
use std::io::Write;
use std::process::ExitCode;

use crate::Wrong;

/// A line of the result, for scripts and for `tests/REPORT.md`.
pub fn result(line: impl Display) {
    // A reader that went away is no error of ours.
    drop(writeln!(std::io::stdout(), "{line}"));
}

/// A line about what is going on, for whoever watches.
pub fn tell(line: impl Display) {
    drop(writeln!(std::io::stderr(), "{line}"));
}

/// Ends a program: tells what went wrong, with its causes, or leaves with what it came to.
pub fn exit(ended: Result<ExitCode, Wrong>) -> ExitCode {
    ended.unwrap_or_else(|wrong| {
        tell(format_args!("Error: {}", causes(&*wrong)));
        ExitCode::FAILURE
    })
}

/// An error and what it came from, in one line.
pub(crate) fn causes(error: &(dyn Error + 'static)) -> String {
    let chain = std::iter::successors(Some(error), |error: &&'_ (dyn Error + 'static)| {
        Error::source(*error)
    });
    chain
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}

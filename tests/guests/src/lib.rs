//! What the guest programs share: a report of what the host answered, line by line, that a test on
//! the host's side can read.
//!
//! A line is `CALL: ANSWER` or `CALL: denied CODE` with the denial's words behind it, if it has
//! any. Every line is printed, so it is in the log whatever happens; then the report is posted.
//! Where posting is denied too, the report is the text of the failure.

use std::fmt::Display;

use souk_sdk::prelude::*;

/// What the host answered to each call.
#[derive(Default)]
pub struct Report(Vec<String>);

impl Report {
    /// Notes an answer.
    pub fn note<T: Display>(&mut self, call: &str, answer: Result<T, Denied>) {
        self.say(
            call,
            match answer {
                Ok(answer) => answer.to_string(),
                Err(denied) => format!("denied {} {denied}", denied.code()),
            },
        );
    }

    /// Notes whether a call went well, and gives on what it returned.
    pub fn check<T>(&mut self, call: &str, answer: Result<T, Denied>) -> Option<T> {
        match answer {
            Ok(value) => {
                self.say(call, "ok");
                Some(value)
            }
            Err(denied) => {
                self.note::<&str>(call, Err(denied));
                None
            }
        }
    }

    /// Notes something that cannot be denied.
    pub fn say(&mut self, call: &str, answer: impl Display) {
        let line = format!("{call}: {answer}");
        println!("{line}");
        self.0.push(line);
    }

    /// Posts the report; where that is denied, fails with it.
    pub fn tell(self) -> Result {
        let text = self.0.join("\n");
        match Chat::current().and_then(|chat| chat.post(text.as_str())) {
            Ok(_) => Ok(()),
            Err(denied) => {
                println!("chat.post: denied {}", denied.code());
                Err(Failure::rejected(text))
            }
        }
    }
}

/// The words of a command's arguments; an absent one is empty.
pub fn words<const N: usize>(command: &Command) -> [&str; N] {
    let mut words = command.arguments().split_whitespace();
    std::array::from_fn(|_| words.next().unwrap_or_default())
}

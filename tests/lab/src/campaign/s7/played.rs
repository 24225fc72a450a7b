//! What came of a file, directive by directive.

use std::collections::BTreeMap;

use wast::token::Span;

/// What came of a file.
#[derive(Default)]
pub(super) struct Played {
    pub(super) held: u64,
    /// How many were left out, by what they would take.
    pub(super) skipped: BTreeMap<&'static str, u64>,
    pub(super) wrong: Vec<String>,
    /// Components on which compiling panicked.
    pub(super) toxic: Vec<Vec<u8>>,
}

/// What came of a directive.
pub(super) enum Came {
    Held,
    /// The engine, or who plays the file, does not have what it takes.
    Skipped(&'static str),
    Wrong(String),
}

impl Played {
    pub(super) fn add(&mut self, other: Self) {
        self.held += other.held;
        self.wrong.extend(other.wrong);
        self.toxic.extend(other.toxic);
        for (takes, count) in other.skipped {
            *self.skipped.entry(takes).or_default() += count;
        }
    }

    pub(super) fn count(&mut self, text: &str, span: Span, came: Came) {
        match came {
            Came::Held => self.held += 1,
            Came::Skipped(takes) => *self.skipped.entry(takes).or_default() += 1,
            Came::Wrong(words) => {
                let (line, _) = span.linecol_in(text);
                self.wrong.push(format!("line {}: {words}", line + 1));
            }
        }
    }

    /// How many were left out.
    pub(super) fn left_out(&self) -> u64 {
        self.skipped.values().sum()
    }
}

impl Came {
    pub(super) fn held_if(held: bool, words: impl FnOnce() -> String) -> Self {
        if held {
            Self::Held
        } else {
            Self::Wrong(words())
        }
    }
}

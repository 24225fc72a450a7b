//! Cards: the profile of Adaptive Cards 1.5 that apps may post.
//!
//! What a card may consist of is data, in `profile.rs`; `check.rs` walks a card beside it and
//! stops at the first thing that is not there, naming the place. Nothing in a card runs, loads from
//! elsewhere or hides: no scripts, no templates, no foreign pictures, no links but `https`, no
//! invisible or password inputs, no actions but sending the form and opening a link.
//!
//! A card that was checked says what each of its buttons carries and what may be entered beside
//! them, so nothing a client claims about either has to be believed.

mod address;
mod check;
mod fault;
mod input;
mod profile;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::{fmt, io};

use serde_json::{Map, Value};
use souk_core::limits::{CARD_BYTES_MAX, CARD_JSON_DEPTH_MAX};

pub use fault::{CardError, CardFault};
use input::Input;
pub use input::InputError;

/// A card of the profile. Its [`Display`](fmt::Display) is its JSON: exactly what was checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    json: Value,
    inputs: Vec<Input>,
    buttons: BTreeMap<String, Button>,
}

/// What a button sends.
#[derive(Clone, Debug, PartialEq)]
pub struct Button {
    /// What the app put on it; `null` when it put nothing.
    pub data: Value,
    /// Whether the card's inputs are sent with it. If not (`associatedInputs` is `none`), what a
    /// client sends beside it is to be ignored.
    pub inputs: bool,
}

impl Card {
    /// Reads a card and checks it against the profile.
    ///
    /// # Errors
    /// The first place where it leaves the profile.
    pub fn parse(text: &str) -> Result<Self, CardError> {
        let whole = |fault| CardError {
            pointer: String::new(),
            what: fault,
        };
        if text.len() > CARD_BYTES_MAX {
            return Err(whole(CardFault::TooLarge));
        }
        // Before anything that recurses.
        if depth(text) > CARD_JSON_DEPTH_MAX {
            return Err(whole(CardFault::JsonTooDeep));
        }
        let json: Value = serde_json::from_str(text).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            whole(CardFault::NotJson { line, column })
        })?;
        let (inputs, buttons) = check::card(&json)?;
        // What is kept is what was checked. A number can be longer when it is written out.
        if written(&json) > CARD_BYTES_MAX {
            return Err(whole(CardFault::TooLarge));
        }
        Ok(Self {
            json,
            inputs,
            buttons,
        })
    }

    /// Returns the button with this id: an `Action.Submit`, wherever it is in the card.
    pub fn button(&self, id: &str) -> Option<&Button> {
        self.buttons.get(id)
    }

    /// Checks what a person entered. Returns it as the app gets it: an input left out has the
    /// card's own value if it has one, and is absent otherwise, as one that was emptied is; numbers
    /// are numbers, everything else is text, several choices are separated by commas.
    ///
    /// # Errors
    /// Everything that needs another look.
    pub fn check_inputs(
        &self,
        sent: &Map<String, Value>,
    ) -> Result<Map<String, Value>, Vec<InputError>> {
        input::check_all(&self.inputs, sent)
    }
}

impl fmt::Display for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.json.fmt(f)
    }
}

/// How many bytes it takes to write it down.
fn written(json: &Value) -> usize {
    let mut count = Count(0);
    match serde_json::to_writer(&mut count, json) {
        Ok(()) => count.0,
        Err(_) => usize::MAX,
    }
}

/// Counts what is written.
struct Count(usize);

impl io::Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// How many brackets are open at once, at most. Counts what is no JSON too; that fails later.
fn depth(text: &str) -> usize {
    let (mut open, mut deepest) = (0_usize, 0);
    let (mut quoted, mut escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => open += 1,
            b'}' | b']' if !quoted => open = open.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(open);
    }
    deepest
}

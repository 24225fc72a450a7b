//! What an operator writes of a permission, as words: `as-asked`, `denied`, or a list of the most
//! there is of it.

use std::fmt;
use std::str::FromStr;

use souk_core::{Currency, Money};

use super::Allowed;
use crate::matter::Row;

const AS_ASKED: &str = "as-asked";
const DENIED: &str = "denied";

impl Allowed {
    /// Returns what can be written of a permission.
    pub fn words(of: &Row) -> String {
        let example = match of.extent {
            "max_amount" => ", or amounts like [\"20.00 USD\"]",
            "origins" => ", or origins like [\"https://api.example.com\"]",
            "claims" => ", or claims like [\"name\"]",
            _ => "",
        };
        format!("\"{AS_ASKED}\" or \"{DENIED}\"{example}")
    }

    /// Reads the word for all of a permission or nothing of it.
    ///
    /// # Errors
    /// What is wrong and what to write.
    pub fn whole(of: &Row, word: &str) -> Result<Self, String> {
        match word {
            AS_ASKED => Ok(Self::AsAsked),
            DENIED => Ok(Self::Denied),
            _ => Err(format!(
                "`{word}` says nothing of `{}`: {}",
                of.name,
                next(of)
            )),
        }
    }

    /// Reads a list of the most an app may have of a permission.
    ///
    /// # Errors
    /// What is wrong and what to write.
    pub fn most(of: &Row, words: &[String]) -> Result<Self, String> {
        if words.is_empty() {
            return Err(format!("an empty list: {}", next(of)));
        }
        match of.extent {
            "max_amount" => amounts(of, words).map(Self::AtMost),
            "origins" => all(of, words).map(Self::Origins),
            "claims" => all(of, words).map(Self::Claims),
            _ => Err(format!("`{}` is had or not: {}", of.name, next(of))),
        }
    }
}

/// One amount for each currency; none of nothing.
fn amounts(of: &Row, words: &[String]) -> Result<Vec<Money>, String> {
    let amounts: Vec<Money> = all(of, words)?;
    let mut seen: Vec<Currency> = Vec::new();
    for amount in &amounts {
        if amount.is_zero() {
            return Err(format!(
                "{amount} is nothing: leave it out, or {}",
                next(of)
            ));
        }
        if seen.contains(&amount.currency()) {
            let twice = amount.currency();
            return Err(format!(
                "{twice} is there twice: write one amount of each currency"
            ));
        }
        seen.push(amount.currency());
    }
    Ok(amounts)
}

fn all<T: FromStr<Err: fmt::Display>>(of: &Row, words: &[String]) -> Result<Vec<T>, String> {
    let read = |word: &String| {
        let read = word.parse::<T>();
        read.map_err(|error| format!("`{word}` for `{}`: {error}: {}", of.name, next(of)))
    };
    words.iter().map(read).collect()
}

/// What to write of a permission.
fn next(of: &Row) -> String {
    format!("write {}", Allowed::words(of))
}

impl fmt::Display for Allowed {
    /// As it reads in a sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AsAsked => f.write_str("as asked"),
            Self::Denied => f.write_str(DENIED),
            Self::AtMost(most) => write!(f, "at most {}", listed(most)),
            Self::Origins(origins) => write!(f, "only {}", listed(origins)),
            Self::Claims(claims) => write!(f, "only {}", listed(claims)),
        }
    }
}

fn listed<T: fmt::Display>(items: &[T]) -> String {
    let items: Vec<_> = items.iter().map(ToString::to_string).collect();
    items.join(", ")
}

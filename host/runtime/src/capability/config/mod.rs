//! `config`: a mini-app reads what its merchant set.
//!
//! Contract: `sdk/wit/deps/souk-config`. Rules: `souk-registry`. A secret that a run was shown is
//! struck out of whatever the run leaves behind in words.

mod host;
#[cfg(test)]
mod tests;

use souk_events::Wrong;

use crate::outcome::{End, Fault};

/// What stands in the place of a secret.
const STRUCK: &str = "(secret)";
/// Shorter secrets would strike out half of every text, and are not worth keeping.
const STRUCK_CHARS_MIN: usize = 4;

/// What a guest holds of a secret.
#[expect(unreachable_pub, reason = "the generated bindings name it")]
#[derive(Clone)]
pub struct SecretHandle(String);

/// The secrets one run was shown.
#[derive(Default)]
pub(crate) struct ConfigCtx {
    shown: Vec<String>,
}

impl ConfigCtx {
    /// Remembers a secret, line by line: that is how it would be printed.
    fn show(&mut self, secret: &str) {
        let lines = secret.lines().map(str::trim);
        let long = lines.filter(|line| line.chars().count() >= STRUCK_CHARS_MIN);
        for line in long {
            if !self.shown.iter().any(|shown| shown == line) {
                self.shown.push(line.to_owned());
            }
        }
        // A secret that contains another is struck out whole.
        self.shown
            .sort_by_key(|shown| std::cmp::Reverse(shown.len()));
    }

    /// Strikes out every secret.
    pub(crate) fn strike(&self, text: String) -> String {
        let strike = |text: String, secret: &String| text.replace(secret.as_str(), STRUCK);
        self.shown.iter().fold(text, strike)
    }

    /// Strikes them out of the reasons a run gave.
    pub(crate) fn struck_from(&self, end: End) -> End {
        match end {
            End::Rejected(why) => End::Rejected(self.strike(why)),
            End::Retry { why, after_ms } => End::Retry {
                why: self.strike(why),
                after_ms,
            },
            End::InvalidInput(wrong) => {
                let strike = |Wrong { field, text }| Wrong {
                    field,
                    text: self.strike(text),
                };
                End::InvalidInput(wrong.into_iter().map(strike).collect())
            }
            End::Fault(fault) => End::Fault(Fault {
                detail: self.strike(fault.detail),
                ..fault
            }),
            end @ (End::Ok | End::NeedsConsent { .. }) => end,
        }
    }
}

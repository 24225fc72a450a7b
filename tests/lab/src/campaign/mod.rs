//! Campaigns: one file for each row of the targets that is tried again and again.

mod books;
pub mod r11;
pub mod r2;
pub mod r8;

use std::fmt;

/// How often something was tried, and how often it came out badly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tries.
    pub tried: u32,
    /// Those that came out badly.
    pub bad: u32,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} tried, {} bad", self.tried, self.bad)
    }
}

//! A comparison as one number, and what it should be.

use std::fmt;

/// What a ratio should be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target {
    /// At least this.
    AtLeast(f64),
    /// At most this.
    AtMost(f64),
}

/// A line of the result. A target that is missed is told, not enforced: `tests/REPORT.md` keeps
/// where each of them stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ratio<'a> {
    /// What is compared.
    pub(super) name: &'a str,
    /// One side by the other.
    pub(super) value: f64,
    /// What it should be.
    pub(super) target: Target,
}

impl fmt::Display for Ratio<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ratio {}: {:.2} (target ", self.name, self.value)?;
        match self.target {
            Target::AtLeast(least) => write!(f, ">= {least})"),
            Target::AtMost(most) => write!(f, "<= {most})"),
        }
    }
}

//! Who has to do something about an error.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Who is to blame, and so who is told: the mini-app's author, the person, the operator, or
/// ourselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Blame {
    /// The mini-app did something its contract forbids.
    Guest,
    /// The person or their program asked for something that cannot be.
    User,
    /// The host's configuration, disk or capacity stands in the way.
    Operator,
    /// A defect of the host.
    Host,
}

impl fmt::Display for Blame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Guest => "guest",
            Self::User => "user",
            Self::Operator => "operator",
            Self::Host => "host",
        })
    }
}

/// An error that knows who is to blame. Implemented by an exhaustive `match`, so that a new case
/// has to answer.
pub trait Blamed {
    /// Returns who has to do something about it.
    fn blame(&self) -> Blame;
}

//! What a person may let an app know about them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One thing of a person's profile, by its OpenID Connect name.
// WHEN ADDING A CLAIM: append it; it is stored with the answers people gave. Add it to `ALL` and to
// `sdk/miniapp.schema.json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Claim {
    /// The name the person shows to others.
    Name,
}

/// Why a text is not a claim.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a claim this host knows; it knows: name")]
pub struct ClaimError(String);

impl Claim {
    /// Every claim there is.
    pub const ALL: [Self; 1] = [Self::Name];

    /// Returns the claim's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
        }
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Claim {
    type Err = ClaimError;

    fn from_str(text: &str) -> Result<Self, ClaimError> {
        let found = Self::ALL.into_iter().find(|claim| claim.name() == text);
        found.ok_or_else(|| ClaimError(text.chars().take(40).collect()))
    }
}

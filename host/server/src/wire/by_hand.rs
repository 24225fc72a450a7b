//! What the operator books by hand.

use serde::{Deserialize, Serialize};
use souk_core::{AppId, Money};
use souk_market::Pocket;

use super::passages::Source;

/// What came in for a person elsewhere.
#[derive(Debug, Serialize, Deserialize)]
pub struct HandDepositAsk {
    /// Whose wallet, by handle.
    pub to: String,
    /// How much.
    pub amount: Money,
    /// Why, for the person to read.
    pub reason: String,
}

/// What somebody was paid elsewhere.
#[derive(Debug, Serialize, Deserialize)]
pub struct HandWithdrawalAsk {
    /// Who was paid, by handle.
    pub from: String,
    /// Out of what: their wallet, unless it says their takings.
    #[serde(default)]
    pub source: Source,
    /// How much.
    pub amount: Money,
    /// Why, for them to read.
    pub reason: String,
}

/// What was settled to a merchant and is taken back.
#[derive(Debug, Serialize, Deserialize)]
pub struct RecallAsk {
    /// The app whose takings it is again.
    pub app: AppId,
    /// How much.
    pub amount: Money,
    /// Why, for its merchant to read.
    pub reason: String,
}

impl From<Source> for Pocket {
    fn from(source: Source) -> Self {
        match source {
            Source::Wallet => Self::Wallet,
            Source::Takings => Self::Takings,
        }
    }
}

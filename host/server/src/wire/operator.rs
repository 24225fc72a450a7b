//! What the operator says and hears.

use serde::{Deserialize, Serialize};
use souk_core::{AppId, Currency, Money, TransferId};
use souk_ledger::Standing;
use souk_ledger::rail::chain::Fate;
use souk_ledger::rail::{self, SimulatedChain};
use souk_market::{AccountView, Whose as Named};

use super::wallet::Balance;

/// Whose accounts are meant.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Whose {
    /// A person's wallet, by handle.
    Person(String),
    /// What was settled to a merchant, by handle.
    Merchant(String),
    /// What an app took.
    App(AppId),
}

impl From<Whose> for Named {
    fn from(whose: Whose) -> Self {
        match whose {
            Whose::Person(handle) => Self::Person(handle),
            Whose::Merchant(handle) => Self::Merchant(handle),
            Whose::App(app) => Self::App(app),
        }
    }
}

/// Whose accounts are to be listed: one of the three.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct AccountsAsk {
    /// A person's wallet, by handle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// What was settled to a merchant, by handle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant: Option<String>,
    /// What an app took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app: Option<AppId>,
}

impl AccountsAsk {
    /// Returns whose, when exactly one is named.
    pub(crate) fn whose(self) -> Option<Named> {
        match (self.person, self.merchant, self.app) {
            (Some(handle), None, None) => Some(Named::Person(handle)),
            (None, Some(handle), None) => Some(Named::Merchant(handle)),
            (None, None, Some(app)) => Some(Named::App(app)),
            (_, _, _) => None,
        }
    }
}

/// What the operator makes of an account.
#[derive(Debug, Serialize, Deserialize)]
pub struct StandingAsk {
    /// Whose.
    pub whose: Whose,
    /// Which of their accounts.
    pub currency: Currency,
    /// open, frozen or closed.
    pub standing: Standing,
    /// Why, kept in clear.
    pub reason: String,
}

/// An account as the operator sees it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Account {
    /// What is in it, and what may happen on it.
    #[serde(flatten)]
    pub balance: Balance,
    /// What the operator made of it, oldest first.
    pub history: Vec<Standings>,
}

/// One line of an account's history.
#[derive(Debug, Serialize, Deserialize)]
pub struct Standings {
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// From then on.
    pub standing: Standing,
    /// Why.
    pub reason: String,
}

impl From<AccountView> for Account {
    fn from(view: AccountView) -> Self {
        let history = view.history.into_iter().map(|change| Standings {
            at: change.at.millis(),
            standing: change.standing,
            reason: change.reason,
        });
        Self {
            balance: view.balance.into(),
            history: history.collect(),
        }
    }
}

/// What is not a currency of ISO 4217: to be registered, for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// Four to eight capital letters and digits.
    pub code: String,
    /// Digits after the point, up to 15.
    pub scale: u8,
}

impl Asset {
    /// Returns the text that names it in amounts: `GOLD:4`.
    pub fn text(&self) -> String {
        format!("{}:{}", self.code, self.scale)
    }
}

impl From<Currency> for Asset {
    fn from(asset: Currency) -> Self {
        Self {
            code: asset.code().to_owned(),
            scale: asset.scale(),
        }
    }
}

/// Somebody outside pays on the simulated chain.
#[derive(Debug, Serialize, Deserialize)]
pub struct ChainPayAsk {
    /// To which address.
    pub to: String,
    /// How much of an asset.
    pub amount: Money,
}

/// Blocks to be mined.
#[derive(Debug, Serialize, Deserialize)]
pub struct MineAsk {
    /// How many, up to 20.
    pub count: u64,
}

/// Blocks to be taken off.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReorganizeAsk {
    /// How many, up to 20.
    pub depth: u64,
    /// What becomes of the payments in them.
    pub fate: Becomes,
}

/// What becomes of payments in blocks that are taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Becomes {
    /// They wait for another block.
    Return,
    /// They are gone. What the host sends itself always returns.
    Vanish,
}

impl From<Becomes> for Fate {
    fn from(fate: Becomes) -> Self {
        match fate {
            Becomes::Return => Self::Return,
            Becomes::Vanish => Self::Vanish,
        }
    }
}

/// The simulated chain.
#[derive(Debug, Serialize, Deserialize)]
pub struct Chain {
    /// How many blocks there are.
    pub height: u64,
    /// What lies in the last of them, or waits for one.
    pub payments: Vec<ChainPayment>,
}

/// A payment on the simulated chain.
#[derive(Debug, Serialize, Deserialize)]
pub struct ChainPayment {
    /// Names it, and the arrival it becomes.
    pub id: TransferId,
    /// The address it goes to.
    pub to: String,
    /// How much.
    pub amount: Money,
    /// The block it is in; absent while it waits for one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub block: Option<u64>,
    /// The withdrawal it is, when the host sends it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub withdrawal: Option<TransferId>,
}

impl From<SimulatedChain> for Chain {
    fn from(chain: SimulatedChain) -> Self {
        Self {
            height: chain.height,
            payments: chain.payments.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<rail::ChainPayment> for ChainPayment {
    fn from(payment: rail::ChainPayment) -> Self {
        Self {
            id: payment.id,
            to: payment.to,
            amount: payment.amount,
            block: payment.block,
            withdrawal: payment.departure,
        }
    }
}

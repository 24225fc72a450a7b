//! Money on its way in and out through a rail.

use serde::{Deserialize, Serialize};
use souk_core::limits::CHAIN_CONFIRMATIONS;
use souk_core::{EntryId, Money, TransferId};
use souk_ledger::rail::{self, DepartureState};
use souk_ledger::{Holder, Rail as LedgerRail};
use souk_market::{DepartureView, Rails as Present};

/// A way in and out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rail {
    /// The simulated bank: currencies.
    Bank,
    /// The simulated chain: registered assets.
    Chain,
    /// The operator, by hand.
    Manual,
}

impl From<Rail> for LedgerRail {
    fn from(rail: Rail) -> Self {
        match rail {
            Rail::Bank => Self::Bank,
            Rail::Chain => Self::Chain,
            Rail::Manual => Self::Manual,
        }
    }
}

impl From<LedgerRail> for Rail {
    fn from(rail: LedgerRail) -> Self {
        match rail {
            LedgerRail::Bank => Self::Bank,
            LedgerRail::Chain => Self::Chain,
            LedgerRail::Manual => Self::Manual,
        }
    }
}

/// The rails that are on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rails {
    /// The simulated bank, when it is on.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub bank: Option<Bank>,
    /// The simulated chain, when it is on.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub chain: Option<ChainRail>,
}

/// The simulated bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bank {
    /// How long each of its steps takes, in milliseconds; at zero a deposit counts at once.
    pub delay_ms: u64,
}

/// The simulated chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainRail {
    /// How long a block takes, in milliseconds.
    pub block_ms: u64,
    /// Blocks that make a payment count.
    pub confirmations: u32,
}

impl From<&Present> for Rails {
    fn from(rails: &Present) -> Self {
        let bank = rails.bank.map(|bank| Bank {
            delay_ms: bank.delay_ms,
        });
        let chain = rails.chain.map(|chain| ChainRail {
            block_ms: chain.block_ms,
            confirmations: CHAIN_CONFIRMATIONS,
        });
        Self { bank, chain }
    }
}

/// Money on its way in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// Names it.
    pub id: TransferId,
    /// The way it comes.
    pub rail: Rail,
    /// How much.
    pub amount: Money,
    /// The same, as people write it.
    pub text: String,
    /// What the rail calls it: what to write on the order to a bank.
    pub reference: String,
    /// pending, posted, dropped or reversed.
    pub state: String,
    /// How often the rail has confirmed it.
    pub confirmations: u32,
    /// How often it has to.
    pub needed: u32,
    /// When it was seen first, in milliseconds since 1970.
    pub at: u64,
    /// The deposit, once it counts; `GET /v1/receipts/{entry}` is its receipt.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub entry: Option<EntryId>,
}

impl From<rail::Arrival> for Arrival {
    fn from(arrival: rail::Arrival) -> Self {
        Self {
            id: arrival.id,
            rail: arrival.rail.into(),
            amount: arrival.amount,
            text: arrival.amount.to_string(),
            reference: arrival.reference,
            state: arrival.state.to_string(),
            confirmations: arrival.confirmations,
            needed: arrival.needed,
            at: arrival.seen.millis(),
            entry: arrival.entry,
        }
    }
}

/// Money to be taken out.
#[derive(Debug, Serialize, Deserialize)]
pub struct WithdrawAsk {
    /// The way out.
    pub rail: Rail,
    /// How much.
    pub amount: Money,
    /// Where to: an account at the bank, an address on the chain. Kept sealed.
    pub to: String,
}

/// Money on its way out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Departure {
    /// Names it.
    pub id: TransferId,
    /// The way it goes.
    pub rail: Rail,
    /// What it is taken from.
    pub from: Source,
    /// How much.
    pub amount: Money,
    /// The same, as people write it.
    pub text: String,
    /// Where to, unless it was erased.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub to: Option<String>,
    /// requested, sent, done or failed. What was only requested can be canceled.
    pub state: String,
    /// When it was asked for, in milliseconds since 1970.
    pub at: u64,
    /// The withdrawal, once it is done; `GET /v1/receipts/{entry}` is its receipt.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub entry: Option<EntryId>,
}

/// What a withdrawal is taken from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// A person's wallet.
    #[default]
    Wallet,
    /// What was settled to them as a merchant.
    Takings,
}

impl From<DepartureView> for Departure {
    fn from(DepartureView { departure, to }: DepartureView) -> Self {
        let from = match departure.from {
            Holder::Merchant(_) => Source::Takings,
            Holder::Person(_) | Holder::App(_) | Holder::Rail(_) | Holder::Host(_) => {
                Source::Wallet
            }
        };
        let done = departure.state == DepartureState::Done;
        Self {
            id: departure.id,
            rail: departure.rail.into(),
            from,
            amount: departure.amount,
            text: departure.amount.to_string(),
            to,
            state: departure.state.to_string(),
            at: departure.requested.millis(),
            entry: departure.ended.filter(|_| done),
        }
    }
}

/// Where somebody outside pays to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// The address on the simulated chain.
    pub address: String,
}

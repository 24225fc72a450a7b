//! What the ledger remembers of rails. Enums are stored by the place of their variant: new ones go
//! to the end.

use serde::{Deserialize, Serialize};
use souk_core::{EntryId, Money, Timestamp, TransferId, UserId};
use souk_store::Record;

use crate::account::{Holder, Rail};

/// Money on its way to the host through a rail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// The transfer it becomes: its name.
    pub id: TransferId,
    /// The way it comes.
    pub rail: Rail,
    /// Whose it will be.
    pub to: UserId,
    /// How much.
    pub amount: Money,
    /// What the rail calls it, in clear.
    pub reference: String,
    /// Where it stands.
    pub state: ArrivalState,
    /// How often the rail has confirmed it.
    pub confirmations: u32,
    /// How often it has to.
    pub needed: u32,
    /// When it was seen first.
    pub seen: Timestamp,
    /// The deposit, once it counts.
    pub entry: Option<EntryId>,
    /// What took it back.
    pub reversal: Option<EntryId>,
}

/// Where an arrival stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ArrivalState {
    /// It was seen, and does not count yet.
    Pending,
    /// It is in the wallet.
    Posted,
    /// The rail lost it before it counted.
    Dropped,
    /// The rail took it back after it counted.
    Reversed,
}

/// Money on its way out of the host through a rail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Departure {
    /// The transfer that set it aside: its name.
    pub id: TransferId,
    /// The way it goes.
    pub rail: Rail,
    /// Whose it was.
    pub from: Holder,
    /// How much.
    pub amount: Money,
    /// Where to, as the rail calls it, in clear.
    pub to: String,
    /// Where it stands. States never go back.
    pub state: DepartureState,
    /// When it was asked for.
    pub requested: Timestamp,
    /// The entry that set it aside.
    pub hold: EntryId,
    /// The entry that ended the hold.
    pub ended: Option<EntryId>,
}

/// Where a departure stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DepartureState {
    /// It was asked for, and can still be taken back.
    Requested,
    /// The rail has it.
    Sent,
    /// It is gone for good.
    Done,
    /// The rail, or whoever asked, gave it back.
    Failed,
}

/// The simulated chain: its height, and what is on it or waits to be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SimulatedChain {
    pub(crate) height: u64,
    pub(crate) payments: Vec<ChainPayment>,
}

/// One payment on the simulated chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainPayment {
    /// What the chain calls it, which makes the id of the arrival.
    pub id: TransferId,
    /// The address it goes to.
    pub to: String,
    /// How much.
    pub amount: Money,
    /// The block it is in; none while it waits for one.
    pub block: Option<u64>,
}

impl Record for Arrival {}
impl Record for Departure {}
impl Record for SimulatedChain {}

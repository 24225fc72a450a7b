//! What the ledger remembers of rails. Enums are stored by the place of their variant: new ones go
//! to the end.

use serde::{Deserialize, Serialize};
use souk_core::{EntryId, Money, Timestamp, TransferId, UserId};
use souk_store::{Record, StoreError, step};

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
pub struct SimulatedChain {
    /// How many blocks there are.
    pub height: u64,
    /// What lies in the last of them or waits for one.
    pub payments: Vec<ChainPayment>,
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
    /// The departure it brings away, when the host sends it.
    pub departure: Option<TransferId>,
}

/// The chain as it was kept before the host sent anything over it.
#[derive(Serialize, Deserialize)]
struct SimulatedChain1 {
    height: u64,
    payments: Vec<ChainPayment1>,
}

#[derive(Serialize, Deserialize)]
struct ChainPayment1 {
    id: TransferId,
    to: String,
    amount: Money,
    block: Option<u64>,
}

impl From<SimulatedChain1> for SimulatedChain {
    fn from(before: SimulatedChain1) -> Self {
        let payments = before.payments.into_iter().map(ChainPayment::from);
        Self {
            height: before.height,
            payments: payments.collect(),
        }
    }
}

impl From<ChainPayment1> for ChainPayment {
    fn from(before: ChainPayment1) -> Self {
        Self {
            id: before.id,
            to: before.to,
            amount: before.amount,
            block: before.block,
            departure: None,
        }
    }
}

impl Record for Arrival {}
impl Record for Departure {}
impl Record for SimulatedChain1 {}

impl Record for SimulatedChain {
    const FORM: u8 = 2;

    fn read_older(bytes: &[u8]) -> Result<Self, StoreError> {
        step::<SimulatedChain1, _>(bytes)
    }
}

#[cfg(test)]
mod tests {
    use souk_core::TypedId;

    use super::*;

    #[test]
    fn a_chain_of_before_is_read() {
        let (id, amount) = (TransferId::from_bits(7), "5.00 USD".parse().unwrap());
        let payments = vec![ChainPayment1 {
            id,
            to: "sim1a".to_owned(),
            amount,
            block: Some(3),
        }];
        let before = SimulatedChain1 {
            height: 4,
            payments,
        };
        let bytes = postcard::to_extend(&before, vec![1]).unwrap();
        let chain = SimulatedChain::read_older(&bytes).unwrap();
        assert_eq!(chain.height, 4);
        let [payment] = chain.payments.as_slice() else {
            panic!("{chain:?}")
        };
        assert_eq!((payment.id, payment.departure), (id, None));
        assert_eq!((payment.amount, payment.block), (amount, Some(3)));
    }
}

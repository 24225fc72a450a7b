//! What the ledger remembers of rails. Enums are stored by the place of their variant: new ones go
//! to the end.

use serde::{Deserialize, Serialize};
use souk_core::{EntryId, Money, Timestamp, TransferId, UserId};
use souk_store::{Record, Sealed, StoreError, step};

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
    /// Where to, as the rail calls it.
    pub to: Destination,
    /// Where it stands. States never go back.
    pub state: DepartureState,
    /// When it was asked for.
    pub requested: Timestamp,
    /// The entry that set it aside.
    pub hold: EntryId,
    /// The entry that ended the hold.
    pub ended: Option<EntryId>,
}

/// Where a departure goes: an account at a bank, an address on a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Destination {
    /// In clear, as all were kept once. What is written now is sealed.
    Clear(String),
    /// Sealed for whoever takes the money out.
    Sealed {
        /// What it says; it cannot be opened any more once its owner was erased.
        text: Sealed,
        /// A keyed hash of it and of the departure's id, which is there for ever: the same request
        /// is told from another one, and nobody can check a guess without the keyring.
        digest: [u8; 32],
    },
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

/// A departure as it was kept when it said in clear where to.
#[derive(Serialize, Deserialize)]
struct Departure1 {
    id: TransferId,
    rail: Rail,
    from: Holder,
    amount: Money,
    to: String,
    state: DepartureState,
    requested: Timestamp,
    hold: EntryId,
    ended: Option<EntryId>,
}

impl From<Departure1> for Departure {
    fn from(before: Departure1) -> Self {
        Self {
            id: before.id,
            rail: before.rail,
            from: before.from,
            amount: before.amount,
            to: Destination::Clear(before.to),
            state: before.state,
            requested: before.requested,
            hold: before.hold,
            ended: before.ended,
        }
    }
}

impl Record for Arrival {}
impl Record for Departure1 {}
impl Record for SimulatedChain1 {}

impl Record for Departure {
    const FORM: u8 = 2;

    fn read_older(bytes: &[u8]) -> Result<Self, StoreError> {
        step::<Departure1, _>(bytes)
    }
}

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

    /// A departure as it was written before: of 5.00 USD from takings to DE02, done.
    const DEPARTURE: &[u8] = b"\x01\
        \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x07\x00\x03\
        \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x08\xf4\x03\x03USD\x04DE02\x02\x09\
        \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x0a\x01\
        \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x0b";

    #[test]
    fn a_departure_of_before_is_read() {
        let departure = Departure::read_older(DEPARTURE).unwrap();
        let expected = Departure {
            id: TransferId::from_bits(7),
            rail: Rail::Bank,
            from: Holder::Merchant(UserId::from_bits(8)),
            amount: "5.00 USD".parse().unwrap(),
            to: Destination::Clear("DE02".to_owned()),
            state: DepartureState::Done,
            requested: Timestamp::from_millis(9),
            hold: EntryId::from_bits(10),
            ended: Some(EntryId::from_bits(11)),
        };
        assert_eq!(departure, expected);
    }
}

//! Rails: how money comes to the host and leaves it.
//!
//! A rail takes its time. What comes in is an [`arrival`]: seen, confirmed so often, and only then
//! a deposit; a rail may also lose it, or take it back. What goes out is a [`departure`]: set
//! aside, sent, done or failed. What drives them is elsewhere; the rules are here. [`chain`] is a
//! simulated rail of its own, for development; [`manual`] is the operator, by hand.

pub mod arrival;
pub mod chain;
pub mod departure;
pub mod manual;
mod record;

use souk_core::{Money, TransferId, UserId};
use souk_store::Txn;

pub use self::record::{
    Arrival, ArrivalState, ChainPayment, Departure, DepartureState, Destination, SimulatedChain,
};
use crate::Refusal;
use crate::account::{Holder, Rail};
use crate::entry::{Entry, EntryKind};
use crate::policy::Policy;
use crate::transfer::{self, Transfer};

/// Lets a person's deposit come in from the simulated bank, once for each transfer id. The bank's
/// clearing account then owes as much.
///
/// # Errors
/// Those of [`transfer::post`].
pub async fn deposit(
    txn: &Txn,
    policy: &Policy,
    user: UserId,
    amount: Money,
    transfer: TransferId,
) -> Result<Entry, Refusal> {
    transfer::post(txn, policy, &coming(Rail::Bank, user, amount, transfer)).await
}

/// The transfer by which money comes in.
fn coming(rail: Rail, user: UserId, amount: Money, id: TransferId) -> Transfer {
    Transfer {
        id,
        debit: Holder::Rail(rail),
        credit: Holder::Person(user),
        amount,
        kind: EntryKind::Deposit,
        order: None,
        terms: None,
        note: None,
    }
}

//! Rails: how money comes to the host.

use souk_core::{Money, TransferId, UserId};
use souk_store::Txn;

use crate::Refusal;
use crate::account::{Holder, Rail};
use crate::entry::{Entry, EntryKind};
use crate::transfer::{self, Transfer};

/// Lets a person's deposit come in from the simulated bank, once for each transfer id. The bank's
/// clearing account then owes as much.
///
/// # Errors
/// [`Refusal::IdReused`], [`Refusal::AmountZero`], [`Refusal::Overflow`].
pub async fn deposit(
    txn: &Txn,
    user: UserId,
    amount: Money,
    transfer: TransferId,
) -> Result<Entry, Refusal> {
    let ask = Transfer {
        id: transfer,
        debit: Holder::Rail(Rail::Bank),
        credit: Holder::Person(user),
        amount,
        kind: EntryKind::Deposit,
        order: None,
        terms: None,
        note: None,
    };
    transfer::post(txn, &ask).await
}

//! Deposits into a store, by the ledger as it is: the bank's account is debited, a person's
//! credited, and the entry, both statements and the mark of the transfer's id are written.

use std::time::Duration;

use souk_core::{Money, TransferId, TypedId, UserId};
use souk_ledger::{Policy, rail};
use souk_store::Store;

use super::figures::Figures;
use super::load;
use crate::{Wrong, dice};

/// People, or accounts, that money moves between.
pub(super) const PEOPLE: u64 = 1_000;

/// More deposits than a turn ever has, as bits.
const TURN_BITS: u32 = 40;

/// A store that is deposited into, for as many turns as it takes.
pub(super) struct Deposits {
    store: Store,
    turn: u64,
}

impl Deposits {
    pub(super) fn into(store: Store) -> Self {
        Self { store, turn: 0 }
    }

    /// Deposits cents with so many clients at once for a while.
    pub(super) async fn measure(
        &mut self,
        clients: usize,
        time: Duration,
    ) -> Result<Figures, Wrong> {
        let (store, cent) = (self.store.clone(), "0.01 USD".parse()?);
        self.turn += 1;
        let first = self.turn << TURN_BITS;
        let call = move |number| {
            let transfer = TransferId::from_bits(dice::scattered(first + number));
            deposit(store.clone(), number, transfer, cent)
        };
        load::measure(clients, time, call).await
    }
}

async fn deposit(
    store: Store,
    number: u64,
    transfer: TransferId,
    cent: Money,
) -> Result<(), Wrong> {
    let person = UserId::from_bits(u128::from(number % PEOPLE) + 1);
    let policy = &Policy::default();
    let deposit = |txn| async move { rail::deposit(&txn, policy, person, cent, transfer).await };
    store.transact(deposit).await?;
    Ok(())
}

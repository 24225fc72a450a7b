//! What the operator books by hand: money that came in or went out by other means.
//!
//! Each is an entry like any other, between somebody's account and the clearing account of the
//! operator's own rail, with the operator's reason. It is there at once: there is nothing to wait
//! for.

use souk_core::{Money, TransferId, UserId};
use souk_store::Txn;

use super::coming;
use crate::account::{Holder, Rail};
use crate::entry::{Entry, EntryKind};
use crate::policy::Policy;
use crate::transfer::Transfer;
use crate::{Broken, Refusal, reason};

/// Books what came in for a person elsewhere, once for each transfer id. Staged.
///
/// # Errors
/// The first of [`Refusal::IdReused`], [`Refusal::Reason`], those of
/// [`transfer::post`](crate::transfer::post).
pub async fn deposit(
    txn: &Txn,
    policy: &Policy,
    user: UserId,
    amount: Money,
    why: &str,
    id: TransferId,
) -> Result<Entry, Refusal> {
    let ask = coming(Rail::Manual, user, amount, id);
    reason::post(txn, policy, ask, (user, why)).await
}

/// Books what a person, or a merchant, was paid elsewhere, once for each transfer id. Staged.
///
/// # Errors
/// As [`deposit`]; [`Refusal::Broken`] for a holder who is neither.
pub async fn withdraw(
    txn: &Txn,
    policy: &Policy,
    from: &Holder,
    amount: Money,
    why: &str,
    id: TransferId,
) -> Result<Entry, Refusal> {
    let owner = from.user().ok_or(Broken::Route(id))?;
    let ask = Transfer {
        id,
        debit: from.clone(),
        credit: Holder::Rail(Rail::Manual),
        amount,
        kind: EntryKind::Withdrawal,
        order: None,
        terms: None,
        note: None,
    };
    reason::post(txn, policy, ask, (owner, why)).await
}

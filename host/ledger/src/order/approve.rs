//! The payer says yes: the order is paid, or its money is set aside.

use souk_core::{Money, OrderId, TransferId, TypedId, UserId};
use souk_store::Txn;

use super::change::{next, write};
use super::table::Request;
use super::{for_payer, get};
use crate::account::{Holder, Purse};
use crate::digest::Digest;
use crate::entry::{Entry, EntryKind};
use crate::hold;
use crate::invariant::hold as must;
use crate::order::{By, Order};
use crate::policy::Policy;
use crate::transfer::{self, Transfer};
use crate::{Broken, Refusal};

/// An order that was paid or authorized.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paid {
    /// The order as it is now.
    pub order: Order,
    /// The payment, or the entry that set it aside.
    pub entry: Entry,
}

/// Pays an order from the payer's wallet, or sets its total aside if that is all the app asked for.
/// Staged. The caller has spent an [`approval`](crate::approval) in the same transaction.
///
/// `attempt` names this try. Sent again it answers with the same entry; a refused try leaves the
/// order as it was, to be tried again under another name.
///
/// # Errors
/// The first of [`Refusal::IdReused`], [`Refusal::UnknownOrder`], [`Refusal::OrderIs`], and those
/// of [`transfer::post`].
pub async fn approve(
    txn: &Txn,
    policy: &Policy,
    id: OrderId,
    by: UserId,
    attempt: TransferId,
) -> Result<Paid, Refusal> {
    if let Some(entry) = transfer::find(txn, attempt, || approval_contents(id, by)).await? {
        return repeated(txn, id, by, entry).await;
    }
    let order = for_payer(txn, by, id).await?;
    let request = if order.authorize_only {
        Request::Authorize
    } else {
        Request::Approve
    };
    let Some(state) = next(txn, &order, request)? else {
        return Err(Refusal::OrderIs(order.state));
    };
    let order = Order { state, ..order };
    if order.authorize_only {
        authorize(txn, policy, order, attempt).await
    } else {
        pay(txn, policy, order, attempt).await
    }
}

/// Returns what a try to approve is about, for [`once`](crate::once::once).
pub fn approval_contents(id: OrderId, by: UserId) -> [u8; 32] {
    let digest = Digest::of("souk try 1").part(&id.bits().to_be_bytes());
    digest.part(&by.bits().to_be_bytes()).bytes()
}

async fn pay(
    txn: &Txn,
    policy: &Policy,
    order: Order,
    attempt: TransferId,
) -> Result<Paid, Refusal> {
    let mut asks = vec![payment(&order, attempt)];
    asks.extend(fee(&order, attempt, order.fee));
    let entries = transfer::post_linked(txn, policy, &asks).await?;
    let entry = entries.into_iter().next().ok_or(Broken::Value)?;

    // From here on it happens.
    let order = Order {
        entry: Some(entry.id),
        captured: order.total,
        ..order
    };
    must(entry.pays(&order), Broken::Entry(entry.id))?;
    let order = write(txn, order, By::Payer, None).await?;
    Ok(Paid { order, entry })
}

async fn authorize(
    txn: &Txn,
    policy: &Policy,
    order: Order,
    attempt: TransferId,
) -> Result<Paid, Refusal> {
    let until = txn.now().after_millis(policy.authorization_ms);
    let entry = hold::set_aside(txn, policy, &payment(&order, attempt), until).await?;

    // From here on it happens.
    let order = Order {
        hold: Some(entry.id),
        held_until: Some(until),
        ..order
    };
    must(entry.authorizes(&order), Broken::Entry(entry.id))?;
    let order = write(txn, order, By::Payer, None).await?;
    Ok(Paid { order, entry })
}

/// Answers an attempt that was made before.
async fn repeated(txn: &Txn, id: OrderId, by: UserId, entry: Entry) -> Result<Paid, Refusal> {
    let payment = entry.kind == EntryKind::Payment && entry.debit == Holder::Person(by);
    if !payment || entry.order != Some(id) {
        return Err(Refusal::IdReused);
    }
    let order = get(txn, id).await?.ok_or(Broken::OrderMissing(id))?;
    let known = [order.entry, order.hold].contains(&Some(entry.id));
    must(known, Broken::OrderState(id))?;
    Ok(Paid { order, entry })
}

/// The transfer that pays an order: all of it, from the payer to the app.
fn payment(order: &Order, attempt: TransferId) -> Transfer {
    Transfer {
        id: attempt,
        debit: Holder::Person(order.payer),
        credit: Holder::App(order.app.clone()),
        amount: order.total,
        kind: EntryKind::Payment,
        order: Some(order.id),
        terms: Some(order.terms),
        note: None,
    }
}

/// The transfer by which an app pays for having been paid, if it has to.
pub(super) fn fee(order: &Order, payment: TransferId, fee: Money) -> Option<Transfer> {
    let digest = Digest::of("souk fee 1").part(&payment.bits().to_be_bytes());
    (!fee.is_zero()).then(|| Transfer {
        id: TransferId::from_bits(digest.bits()),
        debit: Holder::App(order.app.clone()),
        credit: Holder::Host(Purse::Fees),
        amount: fee,
        kind: EntryKind::Fee,
        order: Some(order.id),
        terms: None,
        note: None,
    })
}

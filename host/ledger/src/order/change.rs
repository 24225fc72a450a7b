//! What becomes of an order that waits: paid, declined, canceled or expired.

use souk_core::{AppId, OrderId, TransferId, UserId};
use souk_store::{Sealed, Txn};

use super::table::{Request, Step, step};
use super::{for_payer, get, of_app, texts};
use crate::account::Holder;
use crate::entry::{Entry, EntryKind};
use crate::invariant::hold;
use crate::order::{By, Change, Order, OrderState};
use crate::transfer::{self, Transfer};
use crate::{Broken, Refusal, invariant, keys, news};

/// An order that was paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paid {
    /// The order as it is now.
    pub order: Order,
    /// The payment.
    pub entry: Entry,
}

/// Pays an order from the payer's wallet. Staged. The caller has spent an
/// [`approval`](crate::approval) in the same transaction.
///
/// `attempt` names this try. Sent again it answers with the same payment; a refused try leaves the
/// order as it was, to be tried again.
///
/// # Errors
/// The first of [`Refusal::IdReused`], [`Refusal::UnknownOrder`], [`Refusal::OrderIs`],
/// [`Refusal::Funds`], [`Refusal::Overflow`].
pub async fn approve(
    txn: &Txn,
    id: OrderId,
    by: UserId,
    attempt: TransferId,
) -> Result<Paid, Refusal> {
    if let Some(entry) = transfer::find(txn, attempt).await? {
        return repeated(txn, id, by, entry).await;
    }
    let order = for_payer(txn, by, id).await?;
    let Some(state) = next(txn, &order, Request::Approve)? else {
        return Err(Refusal::OrderIs(order.state));
    };
    let entry = transfer::post(txn, &payment(&order, attempt)).await?;

    // From here on it happens.
    let order = Order {
        state,
        entry: Some(entry.id),
        ..order
    };
    hold(entry.pays(&order), Broken::Entry(entry.id))?;
    let order = write(txn, order, By::Payer, None).await?;
    Ok(Paid { order, entry })
}

/// Closes an order because the payer says no; a second time changes nothing. Staged.
///
/// # Errors
/// [`Refusal::UnknownOrder`], [`Refusal::OrderIs`].
pub async fn decline(txn: &Txn, id: OrderId, by: UserId) -> Result<Order, Refusal> {
    let order = for_payer(txn, by, id).await?;
    match next(txn, &order, Request::Decline)? {
        Some(state) => write(txn, Order { state, ..order }, By::Payer, None).await,
        None => Ok(order),
    }
}

/// Closes an order because its app takes it back; a second time changes nothing. Staged.
///
/// # Errors
/// [`Refusal::UnknownOrder`], [`Refusal::OrderIs`].
pub async fn cancel(txn: &Txn, app: &AppId, id: OrderId, reason: &str) -> Result<Order, Refusal> {
    let order = of_app(txn, app, id).await?;
    let Some(state) = next(txn, &order, Request::Cancel)? else {
        return Ok(order);
    };
    let reason = texts::seal_reason(txn, &order, reason).await?;
    write(txn, Order { state, ..order }, By::App, reason).await
}

/// Closes an order whose time is up, and returns it; `None` when it is not, or nothing is left to
/// close, so that exactly one caller gets to tell the app. Staged.
///
/// # Errors
/// [`Refusal::UnknownOrder`].
pub async fn expire(txn: &Txn, id: OrderId) -> Result<Option<Order>, Refusal> {
    let order = get(txn, id).await?.ok_or(Refusal::UnknownOrder)?;
    match step(order.state, Request::Expire) {
        Step::To(state) if order.expires <= txn.now() => {
            write(txn, Order { state, ..order }, By::Host, None)
                .await
                .map(Some)
        }
        Step::To(_) | Step::Stay | Step::No => Ok(None),
    }
}

/// Answers an attempt that was made before.
async fn repeated(txn: &Txn, id: OrderId, by: UserId, entry: Entry) -> Result<Paid, Refusal> {
    let payment = entry.kind == EntryKind::Payment && entry.debit == Holder::Person(by);
    if !payment || entry.order != Some(id) {
        return Err(Refusal::IdReused);
    }
    let order = get(txn, id).await?.ok_or(Broken::OrderMissing(id))?;
    hold(order.entry == Some(entry.id), Broken::OrderState(id))?;
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

/// Asks the table: the state from then on, `None` when it is so already, or the refusal.
pub(super) fn next(
    txn: &Txn,
    order: &Order,
    request: Request,
) -> Result<Option<OrderState>, Refusal> {
    let state = order.state_at(txn.now());
    match step(state, request) {
        Step::To(next) => Ok(Some(next)),
        Step::Stay => Ok(None),
        Step::No => Err(Refusal::OrderIs(state)),
    }
}

/// Writes a changed order down: its next revision, a line of its history, and the news of it. An
/// order that waits no longer makes room for the next, and its open approvals are gone.
pub(super) async fn write(
    txn: &Txn,
    order: Order,
    by: By,
    reason: Option<Sealed>,
) -> Result<Order, Refusal> {
    let revision = order
        .revision
        .checked_add(1)
        .ok_or(Broken::OrderTimes(order.id))?;
    let order = Order { revision, ..order };
    let before = txn.get::<Order>(&keys::order(order.id)).await?;
    invariant::order(&order)?;
    invariant::follows(before.as_ref(), &order)?;

    let (at, state, refunded) = (txn.now(), order.state, order.refunded);
    let change = Change {
        at,
        revision,
        state,
        by,
        refunded,
        reason,
    };
    txn.put(&keys::order(order.id), &order)?;
    txn.append(&keys::history(order.id), &change)?;
    if state != OrderState::Pending {
        txn.delete(&keys::waiting(order.payer, &order.app, order.id))?;
        txn.delete(&keys::challenges(order.id))?;
    }
    news::of_order(txn, &order)?;
    Ok(order)
}

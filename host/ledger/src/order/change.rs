//! What all changes of an order have in common: the table is asked, and the change written down.

use souk_store::{Sealed, Txn};

use super::table::{Request, Step, step};
use crate::order::{By, Change, Order, OrderState};
use crate::{Broken, Refusal, invariant, keys, news};

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

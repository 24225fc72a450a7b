//! Nothing comes of an order, or of its authorization: declined, canceled, voided or expired.

use souk_core::{AppId, OrderId, UserId};
use souk_store::{Sealed, Txn};

use super::change::{next, write};
use super::table::{Request, Step, step};
use super::{for_payer, get, of_app, texts};
use crate::hold;
use crate::order::{By, Order, OrderState};
use crate::{Broken, Refusal};

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

/// Closes an order because its app takes it back, and gives back what was authorized; a second time
/// changes nothing. Staged.
///
/// # Errors
/// [`Refusal::UnknownOrder`], [`Refusal::OrderIs`].
pub async fn void(txn: &Txn, app: &AppId, id: OrderId, reason: &str) -> Result<Order, Refusal> {
    let order = of_app(txn, app, id).await?;
    let Some(state) = next(txn, &order, Request::Void)? else {
        return Ok(order);
    };
    let reason = texts::seal_reason(txn, &order, reason).await?;
    close(txn, order, state, By::App, reason).await
}

/// Closes an order whose time is up, or gives back an authorization whose time is up, and returns
/// the order; `None` when it is not, or nothing is left to close, so that exactly one caller gets
/// to tell the app. Staged.
///
/// # Errors
/// [`Refusal::UnknownOrder`].
pub async fn expire(txn: &Txn, id: OrderId) -> Result<Option<Order>, Refusal> {
    let order = get(txn, id).await?.ok_or(Refusal::UnknownOrder)?;
    let late = order.closes().is_some_and(|at| at <= txn.now());
    match step(order.state, Request::Expire) {
        Step::To(state) if late => close(txn, order, state, By::Host, None).await.map(Some),
        Step::To(_) | Step::Stay | Step::No => Ok(None),
    }
}

/// Writes an order down that is over, and lets go of what was held for it.
async fn close(
    txn: &Txn,
    order: Order,
    state: OrderState,
    by: By,
    reason: Option<Sealed>,
) -> Result<Order, Refusal> {
    if state == OrderState::Voided {
        let held = order.hold.ok_or(Broken::OrderState(order.id))?;
        hold::release(txn, held).await?;
    }
    write(txn, Order { state, ..order }, by, reason).await
}

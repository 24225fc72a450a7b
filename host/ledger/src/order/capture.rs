//! The app takes what was authorized, or a part of it; the rest goes back.

use souk_core::{AppId, Money, OrderId};
use souk_store::Txn;

use super::approve::{Paid, fee};
use super::change::{next, write};
use super::of_app;
use super::table::Request;
use crate::entry;
use crate::hold;
use crate::invariant::hold as must;
use crate::order::{By, Order, OrderState};
use crate::policy::{self, Policy};
use crate::transfer;
use crate::{Broken, Refusal};

/// Takes an authorized amount, or part of it; the rest goes back to the payer. Staged. The fee is
/// the same share of it that the order's fee was of its total.
///
/// An order is captured once: the same amount again answers with the same payment.
///
/// # Errors
/// The first of [`Refusal::AmountZero`], [`Refusal::UnknownOrder`], [`Refusal::OrderIs`],
/// [`Refusal::OverCapture`], [`Refusal::Overflow`].
pub async fn capture(txn: &Txn, app: &AppId, id: OrderId, amount: Money) -> Result<Paid, Refusal> {
    if amount.is_zero() {
        return Err(Refusal::AmountZero);
    }
    let order = of_app(txn, app, id).await?;
    if order.was_captured(amount) {
        return repeated(txn, order).await;
    }
    let Some(state) = next(txn, &order, Request::Capture)? else {
        return Err(Refusal::OrderIs(order.state));
    };
    let left = order.total;
    let over = amount.currency() != left.currency() || amount.minor() > left.minor();
    if over {
        return Err(Refusal::OverCapture { left });
    }
    let before = txn.savepoint()?;
    match take(txn, Order { state, ..order }, amount).await {
        Ok(paid) => Ok(paid),
        Err(refusal) => {
            txn.roll_back(before)?;
            Err(refusal)
        }
    }
}

/// Ends the hold, takes the fee, and writes the order down.
async fn take(txn: &Txn, order: Order, amount: Money) -> Result<Paid, Refusal> {
    let held = order.hold.ok_or(Broken::OrderState(order.id))?;
    let entry = hold::capture(txn, held, amount).await?;
    let share = policy::share(amount, order.fee.minor().into(), order.total.minor().into());
    if let Some(fee) = fee(&order, entry.transfer(), share) {
        transfer::post(txn, &Policy::default(), &fee).await?;
    }

    // From here on it happens.
    let order = Order {
        entry: Some(entry.id),
        captured: amount,
        fee: share,
        ..order
    };
    must(entry.pays(&order), Broken::Entry(entry.id))?;
    let order = write(txn, order, By::App, None).await?;
    Ok(Paid { order, entry })
}

async fn repeated(txn: &Txn, order: Order) -> Result<Paid, Refusal> {
    let id = order.entry.ok_or(Broken::OrderState(order.id))?;
    let entry = entry::get(txn, id).await?.ok_or(Broken::EntryMissing(id))?;
    Ok(Paid { order, entry })
}

impl Order {
    /// Tells whether this very amount was captured before.
    fn was_captured(&self, amount: Money) -> bool {
        let paid = matches!(self.state, OrderState::Paid | OrderState::Refunded);
        paid && self.authorize_only && self.captured == amount
    }
}

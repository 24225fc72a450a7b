//! Orders: an app asks, the person approves, money moves once.
//!
//! What may happen when is the table in [`table`]; each request is one function that climbs its
//! ladder of refusals, asks the table, moves money if it has to, and writes the change down.

mod approve;
mod capture;
mod change;
mod close;
mod open;
mod record;
mod refund;
mod sums;
pub mod table;
mod texts;

use souk_core::limits::PAGE_ENTRIES_MAX;
use souk_core::{AppId, OrderId, Timestamp, UserId};
use souk_store::{Page, Txn};

pub use self::approve::{Paid, approval_contents, approve};
pub use self::capture::capture;
pub use self::close::{decline, expire, void};
pub use self::open::{Ask, open, sheets_waiting};
pub use self::refund::{Refunded, refund};
pub(crate) use self::texts::on_sheet;
pub use self::texts::{details, reason};
use crate::invariant::hold;
pub use crate::record::{By, Change, Details, Item, Order, OrderState, TotalKind, TotalLine};
use crate::{Broken, Refusal, invariant, keys};

impl Order {
    /// Returns the state that counts at a time: an order whose time is up is as good as expired,
    /// and an authorization whose time is up as good as given back, even before the host has come
    /// round to closing it.
    pub fn state_at(&self, now: Timestamp) -> OrderState {
        let late = self.closes().is_some_and(|at| now >= at);
        match self.state {
            OrderState::Pending if late => OrderState::Expired,
            OrderState::Authorized if late => OrderState::Voided,
            state => state,
        }
    }

    /// Returns when the order closes itself, if nothing else happens to it before.
    pub fn closes(&self) -> Option<Timestamp> {
        match self.state {
            OrderState::Pending => Some(self.expires),
            OrderState::Authorized => self.held_until,
            OrderState::Paid
            | OrderState::Declined
            | OrderState::Canceled
            | OrderState::Expired
            | OrderState::Voided
            | OrderState::Refunded => None,
        }
    }
}

/// Returns an order.
///
/// # Errors
/// [`Refusal::Broken`] when what is stored cannot be an order, [`Refusal::Store`].
pub async fn get(txn: &Txn, id: OrderId) -> Result<Option<Order>, Refusal> {
    let order = txn.get::<Order>(&keys::order(id)).await?;
    order.map(|order| sound(id, order)).transpose()
}

/// Returns the order an app asked for with a key.
///
/// # Errors
/// As [`get`].
pub async fn by_key(txn: &Txn, app: &AppId, key: &str) -> Result<Option<Order>, Refusal> {
    let Some(id) = txn.get::<OrderId>(&keys::order_key(app, key)).await? else {
        return Ok(None);
    };
    let order = get(txn, id).await?.ok_or(Broken::OrderMissing(id))?;
    hold(
        order.app == *app && order.key == key,
        Broken::OrderTerms(id),
    )?;
    Ok(Some(order))
}

/// Returns the orders a person can still approve, oldest first; at most [`PAGE_ENTRIES_MAX`].
///
/// # Errors
/// As [`get`].
pub async fn waiting(txn: &Txn, payer: UserId) -> Result<Vec<Order>, Refusal> {
    let prefix = keys::waiting_for(payer);
    let mut orders = Vec::new();
    for (_, id) in txn
        .scan::<OrderId>(&prefix, Page::first(PAGE_ENTRIES_MAX))
        .await?
    {
        let order = get(txn, id).await?.ok_or(Broken::OrderMissing(id))?;
        hold(order.payer == payer, Broken::OrderTerms(id))?;
        hold(order.state == OrderState::Pending, Broken::OrderState(id))?;
        if order.state_at(txn.now()) == OrderState::Pending {
            orders.push(order);
        }
    }
    orders.sort_by_key(|order| (order.opened, order.id));
    Ok(orders)
}

/// Returns a page of all orders a person was ever asked to pay, with their places; at most
/// [`PAGE_ENTRIES_MAX`]. The transaction does not rest on them.
///
/// # Errors
/// As [`get`].
pub async fn of_payer(
    txn: &Txn,
    payer: UserId,
    page: Page<u64>,
) -> Result<Vec<(u64, Order)>, Refusal> {
    let page = Page {
        limit: page.limit.min(PAGE_ENTRIES_MAX),
        ..page
    };
    let mut orders = Vec::new();
    for (place, id) in txn
        .entries::<OrderId>(&keys::orders_of(payer), page)
        .await?
    {
        let order = txn.peek::<Order>(&keys::order(id)).await?;
        let order = sound(id, order.ok_or(Broken::OrderMissing(id))?)?;
        hold(order.payer == payer, Broken::OrderTerms(id))?;
        orders.push((place, order));
    }
    Ok(orders)
}

/// Returns what became of an order, oldest first; of more than [`PAGE_ENTRIES_MAX`] changes, the
/// latest.
///
/// # Errors
/// [`Refusal::Store`].
pub async fn history(txn: &Txn, id: OrderId) -> Result<Vec<Change>, Refusal> {
    let page = Page::last(PAGE_ENTRIES_MAX);
    let changes = txn.entries::<Change>(&keys::history(id), page).await?;
    Ok(changes
        .into_iter()
        .rev()
        .map(|(_, change)| change)
        .collect())
}

/// Returns an order that must be this app's.
async fn of_app(txn: &Txn, app: &AppId, id: OrderId) -> Result<Order, Refusal> {
    let order = get(txn, id).await?.ok_or(Refusal::UnknownOrder)?;
    if order.app == *app {
        Ok(order)
    } else {
        Err(Refusal::UnknownOrder)
    }
}

/// Returns an order that must be this person's to pay.
pub(crate) async fn for_payer(txn: &Txn, payer: UserId, id: OrderId) -> Result<Order, Refusal> {
    let order = get(txn, id).await?.ok_or(Refusal::UnknownOrder)?;
    if order.payer == payer {
        Ok(order)
    } else {
        Err(Refusal::UnknownOrder)
    }
}

fn sound(id: OrderId, order: Order) -> Result<Order, Refusal> {
    hold(order.id == id, Broken::OrderMissing(id))?;
    invariant::order(&order)?;
    Ok(order)
}
